"""A loopback SOLAPI: `send-many/detail`, lists, numbers, channels and templates, as documented.

It checks what docs.solapi.com says that SOLAPI checks: signature, date, salt, names and types of all
keys, numbers, lengths, what each type needs. What is wrong with the request as a whole is an HTTP
error; what is wrong with one message is its status code in `failedMessageList`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.http2 import REFUSED_STREAM, Exchange
from tests.servers.loopback import Loopback

API_KEY, SECRET = "NCSAYU7YDBXYORXC", "솔라피의 비밀"
SENDER = "15880000"
PROFILE, OTHER_PROFILE = "KA01PF190227072057634pRBhbpAwaaa", "KA01PF190227072057634pRBhbpAwbbb"
TEMPLATE = "KA01TP221025083117992xkz17KyvNbr"
IMAGE = "ST01FL250924010000000aBcDeFgHiJk"
NOON = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)

_AUTHORIZATION = re.compile(
    r"HMAC-SHA256 apikey=([^,]+), date=([^,]+), salt=([^,]+), signature=([0-9a-f]{64})",
    re.IGNORECASE,
)
_MESSAGE_KEYS = {
    "to": str, "from": str, "country": str, "text": str, "subject": str, "type": str,
    "autoTypeDetect": bool, "imageId": str, "kakaoOptions": dict, "customFields": dict,
}  # fmt: skip
_REQUEST_KEYS = {
    "messages": list, "allowDuplicates": bool, "showMessageList": bool, "agent": dict,
}  # fmt: skip
_KAKAO_KEYS = {"pfId": str, "templateId": str, "variables": dict, "disableSms": bool, "bms": dict}
_BMS_KEYS = {
    "targeting": str, "chatBubbleType": str, "adult": bool, "header": str, "imageId": str,
    "imageLink": str, "additionalContent": str, "content": str, "carousel": dict,
    "mainWideItem": dict, "subWideItemList": list, "buttons": list, "coupon": dict,
    "commerce": dict, "video": dict,
}  # fmt: skip
_NEEDED = {
    "TEXT": ("content",), "IMAGE": ("content", "imageId"), "WIDE": ("content", "imageId"),
    "WIDE_ITEM_LIST": ("header", "mainWideItem", "subWideItemList"),
    "COMMERCE": ("imageId", "commerce", "buttons"), "CAROUSEL_FEED": ("carousel",),
    "CAROUSEL_COMMERCE": ("carousel",), "PREMIUM_VIDEO": ("video",),
}  # fmt: skip
_LONGEST = {"SMS": 90, "LMS": 2000, "MMS": 2000}
_JSON = {"content-type": "application/json; charset=utf-8"}


class WrongError(Exception):
    """The whole request is refused."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(slots=True)
class LoopbackSolapi:
    """`statuses` gives a number's status when it is sent to, `reports` what becomes of it later.

    `faults` are what happens to the next requests, one after another: an HTTP status, `silent`,
    `reset` (taken, then reset), `begun` (the answer stops), `refusedstream`, `garbage`, or `names`
    (custom fields are not repeated). `odd` is a number that is a mistake of form. `templates` maps
    ids to (status, text). `opted_out` are rows of the 080 list, a map by key where `mapped`.
    """

    now: Callable[[], datetime] = lambda: NOON
    statuses: dict[str, str] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    faults: list[str | int] = field(default_factory=list)
    templates: dict[str, tuple[str, str]] = field(
        default_factory=lambda: {
            TEMPLATE: ("APPROVED", "#{이름}님, 주문하신 #{상품}이 출발했습니다.")
        }
    )
    opted_out: list[dict[str, Any]] = field(default_factory=list)
    mapped: bool = False
    page: int = 500
    odd: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    _signatures: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=count)
    base_url: str = ""
    ca_file: str = ""

    @contextmanager
    def running(self) -> Iterator[LoopbackSolapi]:
        """Serve until the block ends."""
        with Loopback(self._answer) as loopback:
            self.base_url, self.ca_file = loopback.base_url, loopback.ca_file
            yield self

    def _answer(self, exchange: Exchange) -> None:
        try:
            self._check_signature(exchange.headers.get("authorization", ""))
            if exchange.headers[":method"] == "GET":
                self._say(exchange, self._get(exchange.headers[":path"]))
            else:
                self._post(exchange)
        except WrongError as wrong:
            self._refuse(exchange, wrong.status, wrong.code)

    def _refuse(self, exchange: Exchange, status: int, code: str) -> None:
        body = {"errorCode": code, "errorMessage": "아무도 읽지 않는 말"}
        exchange.respond(status, _JSON, json.dumps(body).encode())

    def _say(self, exchange: Exchange, plain: object) -> None:
        exchange.respond(200, _JSON, json.dumps(plain, ensure_ascii=False).encode())

    def _check_signature(self, header: str) -> None:
        parts = _AUTHORIZATION.fullmatch(header)
        if parts is None or parts[1] != API_KEY:
            raise WrongError(403, "InvalidAPIKey")
        _, date, salt, signature = parts.groups()
        right = hmac.new(SECRET.encode(), f"{date}{salt}".encode(), hashlib.sha256).hexdigest()
        if signature != right or not 12 <= len(salt.encode()) <= 64:
            raise WrongError(403, "SignatureDoesNotMatch")
        if abs(datetime.fromisoformat(date) - self.now()) > timedelta(minutes=15):
            raise WrongError(403, "RequestTimeTooSkewed")
        if signature in self._signatures:
            raise WrongError(403, "DuplicatedSignature")
        self._signatures.add(signature)

    def _post(self, exchange: Exchange) -> None:
        if exchange.headers[":path"] != "/messages/v4/send-many/detail":
            raise WrongError(404, "ResourceNotFound")
        fault = self.faults.pop(0) if self.faults else ""
        if isinstance(fault, int):
            if fault == 429:
                exchange.respond(429, {**_JSON, "retry-after": "3"}, b'{"errorCode": "TooMany"}')
                return
            raise WrongError(fault, "SomethingElse")
        if fault == "refusedstream":
            exchange.refuse(REFUSED_STREAM)
            return
        body = json.loads(exchange.body)
        self.bodies.append(body)
        answer = self._take(body, named=fault != "names")
        if fault == "reset":
            exchange.connection.reset()
        elif fault == "begun":
            exchange.begin(200)
            exchange.trickle(b'{"groupInfo": {')
        elif fault == "garbage":
            exchange.respond(200, _JSON, b'{"groupInfo": ')
        elif fault != "silent":
            self._say(exchange, answer)

    def _take(self, body: dict[str, Any], *, named: bool) -> dict[str, Any]:
        _check_keys(body, _REQUEST_KEYS, "messages")
        group = f"G4V20260924100000{len(self.bodies):015}"
        failed, listed, numbers = [], [], set()
        for message in body["messages"]:
            check_message(message)
            _need(message["to"] != self.odd)
        for message in body["messages"]:
            number = f"M4V20260924100000{next(self._numbers):015}"
            status = self.statuses.get(message["to"]) or self._status(message)
            if message["to"] in numbers and not body.get("allowDuplicates"):
                status = "1026"
            numbers.add(message["to"])
            own = {"customFields": message.get("customFields", {})} if named else {}
            row = {"messageId": number, "statusCode": status, "statusMessage": "말", **own}
            if status == "2000":
                self.taken[number] = {**message, **row, "groupId": group, **_dates(self.now())}
                listed.append(row)
            else:
                addressed = {key: message.get(key) for key in ("to", "from", "type", "country")}
                failed.append({**row, **addressed, "accountId": "12925149"})
        info = _group_info(group, len(body["messages"]), len(failed), self.now())
        answer: dict[str, Any] = {"groupInfo": info, "failedMessageList": failed}
        if body.get("showMessageList"):
            answer["messageList"] = listed
        return answer

    def _status(self, message: Mapping[str, Any]) -> str:
        kind, options = message["type"], message.get("kakaoOptions", {})
        if (kind in _LONGEST or "from" in message) and message.get("from") != SENDER:
            return "1062"
        if kind in _LONGEST:
            return _text_status(message)
        if options["pfId"] not in (PROFILE, OTHER_PROFILE):
            return "1041"
        if kind == "ATA":
            return self._template_status(message)
        images = re.findall(r'"imageId": "([^"]+)"', json.dumps(options["bms"]))
        return "2000" if all(image == IMAGE for image in images) else "1034"

    def _template_status(self, message: Mapping[str, Any]) -> str:
        options = message["kakaoOptions"]
        status, text = self.templates.get(options["templateId"], ("", ""))
        if status != "APPROVED":
            return "1042"
        wanted = set(re.findall(r"#\{[^}]+\}", text))
        if "variables" not in options:
            return "2000" if message.get("text") == text else "1043"
        return "2000" if wanted <= set(options["variables"]) else "1043"

    def _get(self, target: str) -> object:
        self.asked.append(target)
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/senderid/v1/numbers/active":
            return ["15880000", "0212345678"]
        if parts.path == "/messages/v4/list":
            return self._paged("messageList", dict(self._found(query)), query)
        if parts.path == "/kakao/v2/channels":
            channels = {key: {"channelId": key, "searchId": "샘플샵"} for key in (PROFILE,)}
            return self._paged("channelList", channels, query)
        if parts.path == "/kakao/v2/templates":
            templates = {
                key: {"templateId": key, "channelId": PROFILE, "status": status, "content": text}
                for key, (status, text) in self.templates.items()
            }
            return self._paged("templateList", templates, query)
        if parts.path == "/iam/v1/black" and query.get("type") == "DENIAL":
            rows = {row["handleKey"]: row for row in self.opted_out}
            answer = self._paged("blackList", rows, query)
            listed = answer["blackList"]
            if self.mapped and isinstance(listed, list):
                answer["blackList"] = {row["handleKey"]: row for row in listed}
            return answer
        raise WrongError(404, "ResourceNotFound")

    def _found(self, query: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        for number, message in self.taken.items():
            if "criteria" in query and message[query["criteria"]] != query["value"]:
                continue
            created = message["dateCreated"]
            if not query.get("startDate", "") <= created <= query.get("endDate", "9"):
                continue
            yield number, {**message, "statusCode": self.reports.get(message["to"], "3000")}

    def _paged(
        self, name: str, rows: Mapping[str, object], query: Mapping[str, str]
    ) -> dict[str, object]:
        keys = list(rows)
        first = keys.index(query["startKey"]) if "startKey" in query else 0
        size = min(int(query.get("limit", 20)), self.page)
        part = keys[first : first + size]
        following = keys[first + size] if first + size < len(keys) else None
        listed: object = {key: rows[key] for key in part}
        if name != "messageList":
            listed = [rows[key] for key in part]
        return {"limit": size, name: listed, "startKey": None, "nextKey": following}


def check_message(message: dict[str, Any]) -> None:
    """Raise WrongError for a message whose keys are wrong; what is wrong in values has status codes."""
    _check_keys(message, _MESSAGE_KEYS, "to", "type", "autoTypeDetect")
    if message["autoTypeDetect"] or not re.fullmatch(r"[0-9]{5,15}", message["to"]):
        raise WrongError(400, "ValidationError")
    if message.get("country", "82") == "82" and not message["to"].startswith("0"):
        raise WrongError(400, "ValidationError")
    for name, value in message.get("customFields", {}).items():
        if len(name) > 30 or not isinstance(value, str) or len(value) > 100:
            raise WrongError(400, "ValidationError")
    kind, options = message["type"], message.get("kakaoOptions")
    if kind not in (*_LONGEST, "ATA", "BMS_FREE") or (options is None) != (kind in _LONGEST):
        raise WrongError(400, "ValidationError")
    if options is None:
        _need("text" in message and "from" in message)
        return
    _check_keys(options, _KAKAO_KEYS, "pfId", "disableSms")
    _need(options["disableSms"])
    if kind == "ATA":
        _need("templateId" in options and ("variables" in options) != ("text" in message))
        for name, value in options.get("variables", {}).items():
            _need(bool(re.fullmatch(r"#\{[^}.]+\}", name)) and isinstance(value, str))
    else:
        _check_bubble(options["bms"])


def _check_bubble(bms: dict[str, Any]) -> None:
    _check_keys(bms, _BMS_KEYS, "targeting", "chatBubbleType", *_NEEDED[bms["chatBubbleType"]])
    _need(bms["targeting"] in ("I", "M", "N"))
    if bms["chatBubbleType"] == "WIDE_ITEM_LIST":
        _need(len(bms["subWideItemList"]) >= 3)
    cards = bms.get("carousel", {}).get("list", [])
    for button in [*bms.get("buttons", []), *(b for card in cards for b in card["buttons"])]:
        links = {name for name in button if name.startswith("link") and name != "linkType"}
        _need(button["linkType"] in ("WL", "AL", "AC", "BK", "MD", "BC", "BT", "BF"))
        _need(("name" in button) == (button["linkType"] != "AC"))
        _need(bool(links) == (button["linkType"] in ("WL", "AL")))


def _text_status(message: Mapping[str, Any]) -> str:
    try:
        size = len(message["text"].encode("cp949"))
        subject = len(message.get("subject", "").encode("cp949"))
    except UnicodeEncodeError:
        return "1029"
    if size > _LONGEST[message["type"]]:
        return "1031"
    if subject and (message["type"] == "SMS" or subject > 40):
        return "1013" if message["type"] == "SMS" else "1014"
    wants_image = message["type"] == "MMS"
    return "2000" if (message.get("imageId") == IMAGE) == wants_image else "1034"


def _check_keys(plain: Mapping[str, Any], known: Mapping[str, type], *needed: str) -> None:
    for name, value in plain.items():
        _need(name in known and type(value) is known[name])
    _need(all(name in plain for name in needed))


def _need(fine: bool) -> None:
    if not fine:
        raise WrongError(400, "ValidationError")


def _dates(now: datetime) -> dict[str, str]:
    at = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"dateCreated": at, "dateUpdated": at}


def _group_info(group: str, total: int, failed: int, now: datetime) -> dict[str, Any]:
    money = {"requested": 0, "replacement": 0, "refund": 0, "sum": 0}
    count = {
        "total": total, "sentTotal": 0, "sentFailed": 0, "sentSuccess": 0, "sentPending": 0,
        "sentReplacement": 0, "refund": 0, "registeredFailed": failed,
        "registeredSuccess": total - failed,
    }  # fmt: skip
    return {
        "count": count, "countForCharge": {"sms": {"82": 1}}, "balance": money, "point": money,
        "app": {"profit": {"sms": 0}, "appId": None}, "log": [], "status": "SENDING",
        "allowDuplicates": False, "isRefunded": False, "accountId": "12925149",
        "masterAccountId": None, "apiVersion": "4", "groupId": group, "price": {"82": {}},
        **_dates(now),
    }  # fmt: skip
