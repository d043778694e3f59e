"""A loopback NHN Cloud: Bizmessage (AlimTalk v2.3, Brand Message v1.0) and SMS v3.0.

It takes only what the guides document and does with each number what `misdeeds` says: a result code
(`"-5000"`), `"header -1001"`, `"status 429"`, `reset`, `resetbefore`, `silent`, `garbage`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.servers.http2 import Exchange
from tests.servers.shape import Spec, problems_in

_LINKS: Spec = {"linkMo": 1000, "linkPc": 1000, "schemeAndroid": 1000, "schemeIos": 1000}
_BUTTON: Spec = {
    "name!": 14,
    "type!": ("WL", "AL", "BK", "MD", "AC", "BT", "BF"),
    **_LINKS,
    "chatExtra": str,
    "chatEvent": str,
    "bizFormKey": str,
}
_COUPON: Spec = {"title!": str, "description!": 18, **_LINKS}
_RESEND: Spec = {"isResend!": bool}
_COMMERCE: Spec = {
    "title!": 30,
    "regularPrice!": int,
    "discountPrice": int,
    "discountRate": int,
    "discountFixed": int,
}
_IMAGE: Spec = {"imageUrl!": str, "imageLink": 1000}
_TAIL: Spec = {"linkMo!": 1000}
_CARD: Spec = {"imageUrl!": str, "imageLink": 1000, "buttons!": [_BUTTON, 2], "coupon": _COUPON}
_BRAND: Spec = {
    "senderKey!": 40,
    "chatBubbleType!": str,
    "pushAlarm": bool,
    "unsubscribeNo": 13,
    "adult": bool,
    "recipientList!": [
        {
            "recipientNo!": 15,
            "resendParameter!": _RESEND,
            "targeting!": ("M", "N", "I"),
            "recipientGroupingKey": 100,
        },
        1000,
    ],
}
BUBBLES: Mapping[str, Spec] = {
    "TEXT": {"content!": 1300, "buttons": [_BUTTON, 5], "coupon": _COUPON},
    "IMAGE": {"content!": 1300, "image!": _IMAGE, "buttons": [_BUTTON, 5], "coupon": _COUPON},
    "WIDE": {"content!": 76, "image!": _IMAGE, "buttons": [_BUTTON, 2], "coupon": _COUPON},
    "WIDE_ITEM_LIST": {
        "header!": 20,
        "item!": {"list!": [{"title": 30, "imageUrl!": str, **_LINKS}, 4]},
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
    "CAROUSEL_FEED": {
        "carousel!": {"list!": [{"header!": 20, "message!": 180, **_CARD}, 6], "tail": _TAIL}
    },
    "CAROUSEL_COMMERCE": {
        "carousel!": {
            "head": {"header!": 20, "content!": 50, "imageUrl!": str, **_LINKS},
            "list!": [{"additionalContent": 34, "commerce!": _COMMERCE, **_CARD}, 6],
            "tail": _TAIL,
        }
    },
    "PREMIUM_VIDEO": {
        "header": 20,
        "content": 76,
        "video!": {"videoUrl!": str, "thumbnailUrl": str},
        "buttons": [_BUTTON, 1],
        "coupon": _COUPON,
    },
}
_ALIMTALK_BUTTON: Spec = {
    "ordering!": int,
    "type!": str,
    "name!": 14,
    "linkMo": 500,
    "linkPc": 500,
    "schemeAndroid": 500,
    "schemeIos": 500,
    "telNumber": 14,
}
_TEMPLATE: Spec = {"senderKey!": 40, "templateCode!": 20}
_SENDS: Mapping[str, Spec] = {
    "messages": {
        **_TEMPLATE,
        "recipientList!": [
            {
                "recipientNo!": 15,
                "templateParameter!": dict,
                "resendParameter!": _RESEND,
                "recipientGroupingKey": 100,
            },
            1000,
        ],
    },
    "raw-messages": {
        **_TEMPLATE,
        "recipientList!": [
            {
                "recipientNo!": 15,
                "content!": 1300,
                "templateTitle": 50,
                "templateHeader": 16,
                "buttons": [_ALIMTALK_BUTTON, 5],
                "resendParameter!": _RESEND,
                "recipientGroupingKey": 100,
            },
            1000,
        ],
    },
}
_SMS_RECIPIENT: Spec = {
    "recipientNo": 20,
    "countryCode": 8,
    "internationalRecipientNo": 20,
    "recipientGroupingKey": 100,
}
_SMS: Spec = {"body!": 255, "sendNo!": 13, "recipientList!": [_SMS_RECIPIENT, 1000]}
_MMS: Spec = {
    "title!": 120,
    "body!": 4000,
    "sendNo!": 13,
    "attachFileIdList": [int],
    "recipientList!": [_SMS_RECIPIENT, 1000],
}

APP_KEY, SECRET = "app-key-1", "secret-1"


@dataclass(slots=True)
class Nhn:
    """What it took stands in `accepted` by number, in `bodies` as it came, in `rows` by product."""

    misdeeds: dict[str, str] = field(default_factory=dict)
    accepted: Counter[str] = field(default_factory=Counter)
    bodies: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    senders: dict[str, dict[str, Any]] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[dict[str, Any]] = field(default_factory=list)
    opted_out: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    keyless_results: bool = False

    def answer(self, exchange: Exchange) -> None:
        """Answer one request."""
        path = urlsplit(exchange.headers[":path"])
        parts = path.path.strip("/").split("/")
        service = "sms" if parts[0] == "sms" else "kakao"
        if parts[2].lower() != "appkeys" or parts[3] != APP_KEY:
            self._header(exchange, -1000)
        elif exchange.headers.get("x-secret-key") != SECRET:
            self._header(exchange, -1001)
        elif exchange.headers[":method"] == "GET":
            self.asked.append(exchange.headers[":path"])
            self._look(exchange, service, parts, dict(parse_qsl(path.query)))
        else:
            self._take(exchange, service, parts)

    def _take(self, exchange: Exchange, service: str, parts: list[str]) -> None:
        body = json.loads(exchange.body)
        door = parts[-1]
        product = parts[0] if service == "kakao" else door.removeprefix("ad-")
        self.bodies.append((door, body))
        self.headers.append(dict(exchange.headers))
        wrong = list(problems_in(body, self._spec(door, body)))
        words = body.get("title", "") + body.get("body", "")
        if service == "sms" and door.startswith("ad-") and "(광고)" not in words:
            wrong.append("body: advertising without its label")
        self.problems += wrong
        if wrong:
            self._header(exchange, 4)
            return
        key = exchange.headers.get("x-nc-api-idempotency-key", "")
        if key in self.keys:
            self._header(exchange, -1005)
            return
        deeds = {self.misdeeds.get(_number(one), "") for one in body["recipientList"]}
        if not self._misbehave(exchange, deeds):
            return
        self.keys.add(key)
        results = self._settle(product, body)
        if "reset" in deeds:
            exchange.connection.reset()
        elif "silent" not in deeds:
            name = "message" if service == "kakao" else "data"
            listed = {
                "requestId": f"20260924{len(self.bodies):04}",
                "sendResults" if service == "kakao" else "sendResultList": results,
            }
            part = listed if service == "kakao" else {"data": listed}
            taken = {"header": _header(0), ("message" if name == "message" else "body"): part}
            self._json(exchange, taken)

    def _misbehave(self, exchange: Exchange, deeds: set[str]) -> bool:
        """Do what comes instead of taking the request; False if that was all."""
        for deed in deeds:
            word, _, rest = deed.partition(" ")
            if word == "resetbefore":
                exchange.connection.reset()
            elif word == "garbage":
                exchange.respond(200, {}, b"<html>maintenance</html>")
            elif word == "header":
                self._header(exchange, int(rest))
            elif word == "status":
                exchange.respond(int(rest), {"retry-after": "3"}, b"")
            else:
                continue
            return False
        return True

    def _settle(self, product: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        results = []
        for sequence, one in enumerate(body["recipientList"], 1):
            deed = self.misdeeds.get(_number(one), "")
            code = int(deed) if deed.lstrip("-").isdigit() else 0
            if code == 0:
                self.accepted[_number(one)] += 1
                row = {
                    "requestId": f"20260924{len(self.bodies):04}",
                    "recipientSeq": sequence,
                    "recipientNo": _number(one),
                    "recipientGroupingKey": one.get("recipientGroupingKey"),
                }
                self.rows.setdefault(product, []).append(row)
            result = {
                "recipientSeq": sequence,
                "recipientNo": _number(one),
                "resultCode": code,
                "resultMessage": "words that nobody reads",
            }
            if not self.keyless_results:
                result["recipientGroupingKey"] = one.get("recipientGroupingKey")
            results.append(result)
        return results

    def _look(
        self, exchange: Exchange, service: str, parts: list[str], query: dict[str, str]
    ) -> None:
        if "senders" in parts:
            self._describe(exchange, parts)
            return
        if parts[-1] == "sendNos":
            self._json(exchange, {"header": _header(0), "body": {"data": self.numbers}})
            return
        if parts[-2:] == ["blockservice", "recipients"]:
            self._list_refusals(exchange, query)
            return
        product = parts[0] if service == "kakao" else parts[-1]
        form = 16 if service == "kakao" else 19
        if "requestId" not in query and len(query.get("startRequestDate", "")) != form:
            self._header(exchange, -4103)
            return
        wanted = [
            row
            for row in self.rows.get(product, [])
            if all(
                str(row.get(name)) == query[name]
                for name in ("requestId", "recipientGroupingKey")
                if name in query
            )
        ]
        size, number = int(query.get("pageSize", "15")), int(query.get("pageNum", "1"))
        page = wanted[size * (number - 1) : size * number]
        if service == "kakao":
            answer = {"messageSearchResultResponse": {"messages": page, "totalCount": len(wanted)}}
        else:
            answer = {"body": {"data": page, "totalCount": len(wanted)}}
        self._json(exchange, {"header": _header(0), **answer})

    def _list_refusals(self, exchange: Exchange, query: dict[str, str]) -> None:
        if not query.get("unsubscribeNo", "").isdigit():
            self._header(exchange, 4)
            return
        first, last = query.get("startRequestDate", ""), query.get("endRequestDate", "9")
        wanted = [
            row
            for row in self.opted_out
            if row["unsubscribeNo"] == query["unsubscribeNo"]
            and first <= row["requestDate"] <= last
        ]
        size, number = int(query.get("pageSize", "15")), int(query.get("pageNum", "1"))
        page = wanted[size * (number - 1) : size * number]
        body = {"pageNum": number, "pageSize": size, "totalCount": len(wanted), "data": page}
        self._json(exchange, {"header": _header(0), "body": body})

    def _describe(self, exchange: Exchange, parts: list[str]) -> None:
        if parts[-1] == "templates":
            listed = {"templates": self.templates, "totalCount": len(self.templates)}
            self._json(exchange, {"header": _header(0), "templateListResponse": listed})
        elif parts[-1] in self.senders:
            self._json(exchange, {"header": _header(0), "sender": self.senders[parts[-1]]})
        else:
            self._json(exchange, {"header": _header(0), "sender": None})

    def _spec(self, door: str, body: dict[str, Any]) -> Spec:
        if door in _SENDS:
            return _SENDS[door]
        if door == "freestyle-messages":
            return {**_BRAND, **BUBBLES[body["chatBubbleType"]]}
        return _SMS if door.removeprefix("ad-") == "sms" else _MMS

    def _header(self, exchange: Exchange, code: int) -> None:
        self._json(exchange, {"header": _header(code)})

    def _json(self, exchange: Exchange, answer: dict[str, Any]) -> None:
        exchange.respond(200, {"content-type": "application/json"}, json.dumps(answer).encode())


def _header(code: int) -> dict[str, Any]:
    return {"resultCode": code, "resultMessage": "words", "isSuccessful": code == 0}


def _number(recipient: Mapping[str, str]) -> str:
    return recipient.get("recipientNo") or recipient["internationalRecipientNo"]
