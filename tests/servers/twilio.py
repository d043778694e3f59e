"""A loopback Twilio: Messages and IncomingPhoneNumbers of one account (API 2010-04-01).

It takes only the form that the Messages resource documents and does with each number what `misdeeds`
says: an error code (`"400 21211"`, `"429 20429"`), `reset`, `resetbefore`, `silent`, `garbage`, or the
status that the message is answered with (`"now failed 30005"`).
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.servers.http2 import Exchange

ACCOUNT, TOKEN = "AC" + "0" * 32, "token-1"

_KNOWN = {"To", "From", "MessagingServiceSid", "Body", "MediaUrl", "ValidityPeriod"}


@dataclass(slots=True)
class Twilio:
    """What it took stands in `accepted` by number, in `forms` as it came, in `messages` by name."""

    misdeeds: dict[str, str] = field(default_factory=dict)
    accepted: Counter[str] = field(default_factory=Counter)
    forms: list[dict[str, str]] = field(default_factory=list)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def answer(self, exchange: Exchange) -> None:
        """Answer one request."""
        pair = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        path = exchange.headers[":path"].split("?")[0]
        root = f"/2010-04-01/Accounts/{ACCOUNT}"
        if exchange.headers.get("authorization") != f"Basic {pair}":
            self._error(exchange, 401, 20003)
        elif exchange.headers[":method"] == "GET":
            self.asked.append(path)
            self._look(exchange, path.removeprefix(root))
        elif path == f"{root}/Messages.json":
            self._take(exchange)
        else:
            self._error(exchange, 404, 20404)

    def _take(self, exchange: Exchange) -> None:
        form = dict(parse_qsl(exchange.body.decode(), strict_parsing=True))
        self.forms.append(form)
        kind = exchange.headers.get("content-type")
        wrong = sorted(form.keys() - _KNOWN)
        if kind != "application/x-www-form-urlencoded":
            wrong.append(f"content-type: {kind}")
        if not form.get("To", "").startswith("+"):
            wrong.append("To: not E.164")
        if ("From" in form) == ("MessagingServiceSid" in form):
            wrong.append("From or MessagingServiceSid, not both")
        if not 0 < len(form.get("Body", "")) <= 1600:
            wrong.append("Body: length")
        if not 1 <= int(form.get("ValidityPeriod", "1")) <= 36000:
            wrong.append("ValidityPeriod: range")
        self.problems += wrong
        deed = self.misdeeds.get(form["To"], "")
        word, _, rest = deed.partition(" ")
        if wrong:
            self._error(exchange, 400, 21602)
        elif word.isdigit():
            self._error(exchange, int(word), int(rest) if rest else None)
        elif word == "resetbefore":
            exchange.connection.reset()
        elif word == "garbage":
            exchange.respond(201, {}, b"<html>maintenance</html>")
        else:
            self._settle(exchange, form, word, rest)

    def _settle(self, exchange: Exchange, form: dict[str, str], word: str, rest: str) -> None:
        self.accepted[form["To"]] += 1
        name = f"SM{len(self.forms):032}"
        status, _, code = rest.partition(" ") if word == "now" else ("queued", "", "")
        message = {
            "sid": name,
            "status": status,
            "error_code": int(code) if code else None,
            "to": form["To"],
            "body": form["Body"],
        }
        self.messages[name] = message
        if word == "reset":
            exchange.connection.reset()
        elif word != "silent":
            self._json(exchange, 201, message)

    def _look(self, exchange: Exchange, path: str) -> None:
        if path == "/IncomingPhoneNumbers.json":
            self._json(exchange, 200, {"incoming_phone_numbers": self.numbers})
            return
        message = self.messages.get(path.removeprefix("/Messages/").removesuffix(".json"))
        if message is None:
            self._error(exchange, 404, 20404)
        else:
            self._json(exchange, 200, message)

    def _error(self, exchange: Exchange, status: int, code: int | None) -> None:
        words = {"message": "words that nobody reads", "more_info": "https://…", "status": status}
        self._json(exchange, status, {**words, **({"code": code} if code else {})})

    def _json(self, exchange: Exchange, status: int, answer: dict[str, Any]) -> None:
        headers = {"content-type": "application/json", "retry-after": "3"}
        exchange.respond(status, headers, json.dumps(answer).encode())
