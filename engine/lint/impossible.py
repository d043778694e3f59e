"""Mistakes that others make and that no file of a workspace can: why no rule looks for them."""

from __future__ import annotations

from engine.kernel.frozen import frozen

TITLE = "What no file can violate"
TITLE_KO = "파일로는 어길 수 없는 것"


@frozen(kw_only=False)
class Impossible:
    """What `ids` would ask for, and why it holds whatever is written; the same in Korean."""

    ids: tuple[str, ...]
    why: str
    why_ko: str


IMPOSSIBLE = (
    Impossible(
        ("kr-night-ttl", "fcm-ttl", "webpush-ttl"),
        "The engine always writes how long a message may wait, and ends it with the window: FCM's"
        " `ttl`, `apns-expiration` and Web Push's `TTL` are not settings.",
        "메시지가 기다릴 수 있는 시간(FCM `ttl`, `apns-expiration`, 웹 푸시 `TTL`)은 설정이 아니라 엔진이"
        " 늘 적으며, 보낼 수 있는 시간대가 끝나면 메시지도 끝납니다.",
    ),
    Impossible(
        ("kr-night-retry",),
        "A retry is a send: it asks the same door again and gets no further than the window.",
        "재시도도 발송입니다. 같은 검사를 다시 거치므로 시간대를 넘겨 나가지 않습니다.",
    ),
    Impossible(
        ("vendor-horizon",),
        "Nothing is reserved at a vendor: messages wait in the engine and are handed over when due.",
        "업체에 예약해 두는 것이 없습니다. 메시지는 엔진에서 기다렸다가 제때 넘어갑니다.",
    ),
    Impossible(
        ("fcm-data-key",),
        "The keys of the data that a message carries are the engine's own; a file names none.",
        "메시지에 실리는 데이터의 키는 엔진이 정합니다. 파일에서 적을 수 없습니다.",
    ),
    Impossible(
        ("apns-collapse-id", "webpush-topic"),
        "Both are made from the campaign's id: at most 32 ASCII characters, whatever the id is.",
        "둘 다 캠페인 id로 만들며, id가 무엇이든 ASCII 32자를 넘지 않습니다.",
    ),
    Impossible(
        ("schedule-yaml-sexagesimal",),
        "`21:00` stays text: the files are read without YAML 1.1's numbers to the base 60.",
        "`21:00`은 글자 그대로 읽힙니다. YAML 1.1의 60진수로 읽지 않습니다.",
    ),
    Impossible(
        ("fallback-ad-rules",),
        "Every rule about text messages of an advertisement reads alternatives too: they have no gap"
        " of their own.",
        "광고 문자에 대한 규칙은 모두 대체 문자도 읽으므로 따로 어길 수 없습니다.",
    ),
    Impossible(
        ("sms-contenttype-ad",),
        "SENS's `contentType` follows `type` of the campaign: `AD` for advertisements, else `COMM`.",
        "SENS의 `contentType`은 캠페인의 `type`을 따릅니다. 광고면 `AD`, 아니면 `COMM`입니다.",
    ),
)


def impossible_chapter() -> list[str]:
    """Return the chapter as lines of Markdown."""
    lines = [
        f"## {TITLE}",
        "",
        TITLE_KO,
        "",
        "These have no rule, because the engine makes them hold whatever is written.",
        "",
        "무엇을 적든 엔진이 지키므로 규칙이 없습니다.",
        "",
    ]
    for one in IMPOSSIBLE:
        names = ", ".join(f"`{id_}`" for id_ in one.ids)
        lines += [f"- {names}: {one.why}", f"  {one.why_ko}"]
    return lines
