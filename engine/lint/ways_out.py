"""How a text says that further advertisements can be refused: the way itself, and what follows it."""

from __future__ import annotations

import re

PHRASE = re.compile(
    r"(?:무료\s?(?:수신\s?)?|수신\s?)거부|거부(?=[\s:：(]*\d{3,4})|알림\s?끄기|수신\s?해지"
)
"""The words that stand before a way out; 거부 alone only before a number: `결제 거부` is none."""
_FREE_BEFORE = re.compile(
    r"(?:무료|free|無料)\s?(?:전화|통화)?(?:로|으로)?[\s:：(\[]*$", re.IGNORECASE
)
_FREE = re.compile(r"무료|free|無料|免费|免費", re.IGNORECASE)
NUMBER = re.compile(
    r"(?<![\d-])0\d{1,3}[-.\s]?\d{3,4}[-.\s]?\d{4}(?!\d)|(?<![\d-])1[5-9]\d\d[-.\s]?\d{4}(?!\d)"
)
"""A Korean telephone number as it is written: 080-000-0000, 02-123-4567, 1588-0000."""
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_REFUSED = re.compile(
    r"(?:거부|해지|철회)(?:를|을)?\s?(?:(?:하실|할)\s?수\s?(?:가\s?|는\s?)?없|불가|안\s?[됩되돼])"
)
"""What says that there is no way out."""
_WISH = re.compile(
    r"수신(?:을|를)?\s?(?:거부|해지|중단|차단|철회|원치|원하지)|받지\s?않|받고\s?싶지\s?않"
    r"|(?:알림|푸시|광고)(?:을|를)?\s?(?:해제|끄|off)|구독\s?(?:취소|해지)|동의(?:를)?\s?(?:철회|해제|변경)",
    re.IGNORECASE,
)
"""Other words for refusing, as senders set them; typed into a text they are too weak."""
_TOLD = re.compile(
    r"[>→›»]|설정|마이|메뉴|프로필|채널|고객\s?센터|홈페이지|누르|눌러|클릭|버튼|차단|여기|회신|답장|문자|앱|이메일"
    r"|\b(?:stop|settings?|reply|app)\b",
    re.IGNORECASE,
)
_TOLD_BEFORE = re.compile(
    r"(?:[>→›»]\s?|(?:설정|알림|마이\S{0,6}|메뉴|센터|채널|홈페이지|앱)\S{0,3}(?:에서|으로|로)\s?)$"
)
_NEAR = 60
"""So many characters behind the words, and not further, a way is theirs."""
_PATH = re.compile(r"[^>\n→]*(?:[>→][^>\n→.!?]*)+")
_BETWEEN = re.compile(r"[\s:：·|ㆍ()\[\]/~\-]*")
_AFTER = re.compile(
    r"(?:\(?무료\)?|전화|문자|회신|가능|에서|으로|로|하기|방법|번호|클릭|설정|변경|off|[\s.,:：·|()\[\]!~\-])*",
    re.IGNORECASE,
)


def may_name_way_out(text: str) -> bool:
    """Tell cheaply whether `text` may name a way out; False is sure."""
    if "거부" in text:
        return True
    return ("끄기" in text or "해지" in text) and PHRASE.search(text) is not None


def names_way_out(text: str) -> bool:
    """Tell whether `text` says how to refuse, and by what: a number, a link, a path, a place to tap.

    `무료수신거부` alone says nothing, `수신거부할 수 없습니다 080-000-0000` says the contrary.
    Only texts of which `may_name_way_out` is true can: a typed way never vouches for another campaign.
    """
    return _leads_out(PHRASE, text)


def sets_way_out(text: str) -> bool:
    """Tell the same of a text of `sender.opt_out`, which may say it in more words than a typed one."""
    return _leads_out(PHRASE, text) or _leads_out(_WISH, text)


def after_way_out(text: str) -> str | None:
    """Return what `text` still says behind its last way out, '' for nothing; None if it names none.

    The way is a number, a link or a path through menus (`앱 > 설정 > 알림`) behind words such as
    `무료수신거부`.
    """
    phrases = list(PHRASE.finditer(text))
    if not phrases:
        return None
    rest = text[phrases[-1].end() :]
    rest = _without(_BETWEEN, rest)
    for way in (NUMBER, _LINK, _PATH):
        way_out = way.match(rest)
        if way_out is not None and way_out[0].strip():
            rest = rest[way_out.end() :]
            break
    return _without(_AFTER, rest).strip()


def costly_number(text: str, free: str) -> str | None:
    """Return a number behind a way out that does not start with `free` (080), or None."""
    for found in PHRASE.finditer(text):
        number = NUMBER.search(text, found.end(), found.end() + 24)
        if number is not None and not _digits(number[0]).startswith(free):
            return number[0]
    return None


def unfree_number(text: str, free: str) -> str | None:
    """Return a way out by a number that starts with `free` (080) but is not called free, or None.

    From its word to the number, as written: `수신거부 080-000-0000`. 무료 stands in front of it,
    between the two or right behind: `080-000-0000(무료)`.
    """
    for found in PHRASE.finditer(text):
        number = NUMBER.search(text, found.end(), found.end() + 24)
        if number is None or not _digits(number[0]).startswith(free):
            continue
        said = text[found.start() : number.end()]
        behind = text[number.end() : number.end() + 8].partition("\n")[0]
        before = text[max(found.start() - 12, 0) : found.start()]
        if not (_FREE.search(said + behind) or _FREE_BEFORE.search(before)):
            return said
    return None


def says_free(text: str) -> bool:
    """Tell whether the text of a way out says that it costs nothing."""
    return _FREE.search(text) is not None


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the telephone numbers of `text`, as written."""
    return tuple(found[0] for found in NUMBER.finditer(text))


def steps(path: str) -> tuple[str, ...]:
    """Return the steps of the first path through menus in `path`: 앱, 설정, 알림; () for none."""
    for line in path.splitlines():
        if ">" in line or "→" in line:
            told = line.rpartition(":")[2].rpartition("：")[2]
            found = [re.sub(r"\s+", "", step) for step in re.split(r"[>→]", told)]
            return tuple(re.sub(r"(?i)off$|끄기$|해제$", "", step) for step in found if step)
    return ()


def _leads_out(words: re.Pattern[str], text: str) -> bool:
    if _REFUSED.search(text):
        text = _REFUSED.sub("", text)
    for found in words.finditer(text):
        behind = text[found.end() : found.end() + _NEAR]
        if NUMBER.search(behind) or _LINK.search(behind) or _TOLD.search(behind):
            return True
        before = (
            text[max(found.start() - _NEAR, 0) : found.start()].rpartition("\n")[2].rstrip(" :：(")
        )
        if _TOLD_BEFORE.search(before) or _ends_with_way(before):
            return True
    return False


def _ends_with_way(before: str) -> bool:
    """Tell whether a number or a link stands right before the words: `080-000-0000 무료수신거부`."""
    return any(
        found.end() >= len(before) - 2 for way in (NUMBER, _LINK) for found in way.finditer(before)
    )


def _without(start: re.Pattern[str], text: str) -> str:
    found = start.match(text)
    return text[found.end() :] if found is not None else text


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
