"""A loopback NAVER SENS: SMS v2, AlimTalk v2, Brand Message v2, behind a gateway that checks signatures.

It takes only what the pages document and does with each number what `misdeeds` says: a request code
(`"K102"`, kakao), `"status 429"`, `reset`, `resetbefore`, `silent`, `garbage`, `refused` (sms).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.channels.making import NOW
from tests.servers.http2 import Exchange
from tests.servers.shape import Spec, problems_in

SERVICE, ACCESS_KEY, SECRET_KEY = "ncp:sms:kr:1:shop", "access-1", "secret-1"

_LINKS: Spec = {"linkMobile": 1000, "linkPc": 1000, "schemeIos": 1000, "schemeAndroid": 1000}
_BUTTON: Spec = {
    "type!": ("WL", "AL", "BF", "BK", "MD", "BC", "BT"),
    "name!": 14,
    "bizFormId": str,
    **_LINKS,
}
_COUPON: Spec = {"title!": str, "description!": 18, **_LINKS}
_IMAGE: Spec = {"imageId!": str, "imageLink": 1000}
_COMMERCE: Spec = {
    "title!": 30,
    "regularPrice!": str,
    "discountPrice": str,
    "discountRate": str,
    "discountFixed": str,
}
_CARD: Spec = {
    "header": 20,
    "content": 180,
    "additionalContent": 34,
    "imageId!": str,
    "imageLink": 1000,
    "commerce": _COMMERCE,
    "buttons": [_BUTTON, 2],
    "coupon": _COUPON,
}
_TO: Spec = {"to!": 20, "countryCode": 4, "useSmsFailover!": (False,)}
BUBBLES: Mapping[str, Spec] = {
    "TEXT": {"content!": 1300, "buttons": [_BUTTON, 5], "coupon": _COUPON},
    "IMAGE": {"content!": 1300, "image!": _IMAGE, "buttons": [_BUTTON, 5], "coupon": _COUPON},
    "WIDE_IMAGE": {"content!": 76, "image!": _IMAGE, "buttons": [_BUTTON, 2], "coupon": _COUPON},
    "WIDE_ITEM_LIST": {
        "headerContent!": 20,
        "item!": {"list!": [{"title": 30, "imageId!": str, **_LINKS}, 4]},
        "buttons": [_BUTTON, 2],
        "coupon": _COUPON,
    },
    "COMMERCE": {
        "image!": _IMAGE,
        "commerce!": _COMMERCE,
        "additionalContent": 34,
        "buttons!": [_BUTTON, 2],
        "coupon": _COUPON,
    },
    "CAROUSEL_FEED": {"carousel!": {"list!": [_CARD, 6], "tail": _LINKS}},
    "CAROUSEL_COMMERCE": {
        "carousel!": {
            "head": {"header!": 20, "content!": 50, "imageId!": str, **_LINKS},
            "list!": [_CARD, 6],
            "tail": _LINKS,
        }
    },
    "PREMIUM_VIDEO": {
        "headerContent": 20,
        "content": 76,
        "video!": {"videoUrl!": str, "thumbnailId": str},
        "buttons": [_BUTTON, 1],
        "coupon": _COUPON,
    },
}
_SMS: Spec = {
    "type!": ("SMS", "LMS", "MMS"),
    "contentType!": ("COMM", "AD"),
    "countryCode": 4,
    "from!": 20,
    "content!": 2000,
    "messages!": [{"to!": 20, "subject": 40, "content": 2000}, 100],
    "files": [{"fileId!": str}],
}
_ALIMTALK: Spec = {
    "plusFriendId!": str,
    "templateCode!": 20,
    "messages!": [
        {
            **_TO,
            "title": 50,
            "content!": 1000,
            "headerContent": 16,
            "buttons": [
                {"type!": ("DS", "WL", "AL", "BK", "MD", "AC"), "name!": 20, **_LINKS},
                5,
            ],
        },
        100,
    ],
}


@dataclass(slots=True)
class Sens:
    """What it took stands in `accepted` by number, in `bodies` as it came. `at` is its clock."""

    misdeeds: dict[str, str] = field(default_factory=dict)
    at: datetime = NOW
    accepted: Counter[str] = field(default_factory=Counter)
    bodies: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    channels: list[dict[str, Any]] = field(default_factory=list)
    templates: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    opted_out: list[dict[str, Any]] = field(default_factory=list)
    page: int = 100

    def answer(self, exchange: Exchange) -> None:
        """Answer one request."""
        if not self._signed(exchange):
            refusal = {"error": {"errorCode": "200", "message": "Authentication Failed"}}
            self._json(exchange, 401, refusal)
            return
        path = urlsplit(exchange.headers[":path"])
        product, _, _, service, door = path.path.strip("/").split("/")
        assert unquote(service) == SERVICE
        if exchange.headers[":method"] == "GET":
            self.asked.append(exchange.headers[":path"])
            self._look(exchange, door, dict(parse_qsl(path.query)))
        else:
            self._take(exchange, product, json.loads(exchange.body))

    def _signed(self, exchange: Exchange) -> bool:
        stamp = exchange.headers.get("x-ncp-apigw-timestamp", "0")
        text = f"{exchange.headers[':method']} {exchange.headers[':path']}\n{stamp}\n{ACCESS_KEY}"
        mac = hmac.new(SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
        given = exchange.headers.get("x-ncp-apigw-signature-v2")
        off = abs(int(stamp) / 1000 - self.at.timestamp())
        return given == base64.b64encode(mac).decode() and off <= timedelta(minutes=5).seconds

    def _take(self, exchange: Exchange, product: str, body: dict[str, Any]) -> None:
        self.bodies.append((product, body))
        wrong = list(problems_in(body, self._spec(product, body)))
        self.problems += wrong
        if wrong:
            error = {"status": 400, "errors": "Bad Request", "errorMessage": "; ".join(wrong)}
            self._json(exchange, 400, error)
            return
        deeds = {self.misdeeds.get(one["to"], "") for one in body["messages"]}
        for deed in deeds:
            word, _, rest = deed.partition(" ")
            if word == "resetbefore":
                exchange.connection.reset()
                return
            if word == "garbage":
                exchange.respond(202, {}, b"<html>maintenance</html>")
                return
            if word == "status":
                error = {"status": int(rest), "errors": "Some Error", "errorMessage": "…"}
                self._json(exchange, int(rest), error)
                return
        answer = self._settle(product, body, refused="refused" in deeds)
        if "reset" in deeds:
            exchange.connection.reset()
        elif "silent" not in deeds:
            self._json(exchange, 202, answer)

    def _settle(self, product: str, body: dict[str, Any], *, refused: bool) -> dict[str, Any]:
        request_id = f"RSLA-{len(self.bodies)}"
        head = {"requestId": request_id, "requestTime": "2026-09-24T10:00:00.000"}
        if refused:
            return {**head, "statusCode": "400", "statusName": "fail"}
        messages = []
        for number, one in enumerate(body["messages"], 1):
            deed = self.misdeeds.get(one["to"], "")
            code = deed if deed and deed not in ("reset", "silent") else "A000"
            row = {"requestId": request_id, "messageId": f"{request_id}-m{number}", "to": one["to"]}
            if code == "A000":
                self.accepted[one["to"]] += 1
                self.rows.append(row)
            name = "success" if code == "A000" else "fail"
            messages.append({**row, "requestStatusCode": code, "requestStatusName": name})
        if product == "sms":
            return {**head, "statusCode": "202", "statusName": "success"}
        return {**head, "messages": messages}

    def _look(self, exchange: Exchange, door: str, query: dict[str, str]) -> None:
        if door == "channels":
            self._json(exchange, 200, self.channels)
        elif door == "unsubscribes":
            size, index = int(query["pageSize"]), int(query["pageIndex"])
            assert 1 <= size <= 100
            first = int(query.get("startTime", "0"))
            wanted = [row for row in self.opted_out if _millis(row["registerTime"]) >= first]
            page = wanted[size * index : size * (index + 1)]
            if page:
                self._json(exchange, 200, page)
            else:
                exchange.respond(404, {}, b"")
        elif door == "templates":
            wanted = [one for one in self.templates if one["channelId"] == query["channelId"]]
            self._json(exchange, 200, wanted)
        else:
            rows = [row for row in self.rows if row["requestId"] == query["requestId"]]
            start = int(query.get("nextToken", "0"))
            end = start + min(self.page, int(query["pageSize"]))
            following = str(end) if end < len(rows) else None
            if not rows:
                exchange.respond(404, {}, b"")
                return
            self._json(exchange, 200, {"messages": rows[start:end], "nextToken": following})

    def _spec(self, product: str, body: dict[str, Any]) -> Spec:
        if product == "sms":
            return _SMS
        if product == "alimtalk":
            return _ALIMTALK
        return {
            "plusFriendId!": str,
            "messageType!": tuple(BUBBLES),
            "targeting!": ("M", "N", "I"),
            "messages!": [{**_TO, **BUBBLES[body["messageType"]]}, 100],
        }

    def _json(self, exchange: Exchange, status: int, answer: Any) -> None:
        headers = {"date": format_datetime(self.at, usegmt=True), "retry-after": "3"}
        exchange.respond(status, headers, json.dumps(answer).encode())


def _millis(local: str) -> int:
    seoul = timezone(timedelta(hours=9))
    return int(datetime.fromisoformat(local).replace(tzinfo=seoul).timestamp() * 1000)
