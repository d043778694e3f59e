"""When a word for a bargain promotes nothing: what the sentence, or the whole message, does with it.

A noun such as 할인 or 혜택 tells what is or was where the sentence settles something (it applies, it
was returned, the person asked for it) and nothing in it pulls: no condition with a gain, no praise, no
order to buy. A notice that a law or the terms ask for names the very things that it changes.
"""

from __future__ import annotations

import re
from functools import cache

from engine.lint.ways_out import NUMBER, PHRASE
from engine.model.legal import Basis

_END = re.compile(r"[.!?。\n](?!\d)")

_LONGEST = 240
"""How far a sentence is looked for to either side, in characters."""

_CONDITIONS = (
    r"(?:구매|가입|결제|주문|등록|신청|예약|충전|방문|참여|로그인|초대|소개|공유|사용|이용|다운로드|설치)"
    r"(?:하|해\s?주)?(?:시)?면|(?:구매|가입|결제|주문|등록|예약|충전|방문)\s?시(?=\s)|(?:사|오|시키|쓰|쓰시|오시|사시)면"
)
"""What a notice may name as a term: `구매 시 1% 적립`."""
_CALLS = (
    r"최대|전\s?(?:상품|품목|메뉴|좌석|카테고리)|지금|누구나|선착순|특별|놓치|[!❗]|오늘\s?(?:만(?![기료나])|까지|하루|단)|단\s?하루(?!도|라도)|받으세요|받아|만나|누려"
    r"|(?<!보내\s)(?<!보내)(?<!알려\s)(?<!알려)(?<!안내해\s)(?<!안내\s)(?<!돌려\s)(?<!처리해\s)드(?:려|립|릴)(?!던)"
    r"|(?<!주)세요[^가-힣]*$|(?:이용|사용|구매|참여|나눠)(?:해)?\s?주세요|다음\s?(?:구매|주문|방문|예약)|진행\s?중|기념"
)
_RECEIVERS = (
    r"(?:(?:모든\s?)?(?:분|고객|회원|이용자|사용자)(?:님|분)?(?:들)?"
    r"(?:께|에게|만|\s?모두|\s?전원|\s?대상|\s?전용)|모든|전원)"
)
"""Whom something is for: `구매하신 분께 20% 할인` settles no purchase."""
_SETTLING = (
    r"적용(?:됩|되|된|됐|돼|받)|반영(?:됩|되|된|됐)|유지(?:됩|되|된|돼)|(?:하지|되지|받지)\s?않|제외|중단|차감|감액|폐지|축소|누락|소급|오류|보상|입금(?:됩|되|됐)"
    r"|(?:취소|환불|환급|정산|청구|면제|변경|처리|발송|출고|사용|지연|회수|반환|복원)(?:됩|되|된|됐|돼|하신|합니다)"
    r"|바뀝|바뀌|바뀐|같습니다|동일합|돌려\s?드|(?:포함|받은|받으신|쓰신|쓴)\s"
    r"|(?:응모|참여|당첨|신청|주문|구매|예약|예매|결제|가입|보유|적립|등록|선택|이용)(?:하신|되신|하셨|한|된)"
    rf"(?!\s?{_RECEIVERS})"
    r"|다시\s?(?:발급|지급|드렸)|자격|서류|유의\s?사항|참여로|약속드린|받기로\s?하신|에\s?포함|발견|주의|사라지며|부담|동의하셨|본인"
)
_NOTICE = (
    r"약관|개정|(?:법|령|규정|고시)(?:률)?\s?제\s?\d+조|법에\s?따라|처리\s?방침|(?:이용|제공)\s?내역"
    r"|수신\s?(?:동의|거부)(?:가|를|을|의)?\s?(?:의사\s?)?(?:변경|처리|철회|결과|사실|여부)"
    r"|부가\s?서비스|신규\s?가입(?:을)?\s?(?:종료|중단|받지)"
    r"|휴면\s?(?:계정|(?:회원|고객)?(?:으로|로|이|을|를)?\s?(?:전환|해제|처리|안내|예정))"
    r"|탈퇴(?:가|를)?\s?(?:처리|완료|신청|접수|하시면|하시는|시\s)"
    r"|(?:서비스|요금제?|정책|기준|혜택|등급|제도)(?:이|가|을|를)?\s?(?:변경|개편|종료|중단|축소|조정)"
    r"|등급\s?(?:안내|산정)|내용\s?정정|당첨\s?(?:되셨|을\s?축하|안내)"
    r"|(?:지급된|구매하신)[^.\n]{0,20}안내\s?(?:메시지|메세지)|리콜|명세서|청구서|이용\s?대금"
    r"|(?:제휴|이용권|멤버십|서비스)\s?(?:종료|만료|변경)\s?안내|(?:요청|문의|신청)하신\s?견적"
)
"""What a message that opens with it is about: its nouns tell what is changed, ended, billed or won."""
_OF_A_SENTENCE = (
    r"회수(?!\s?이벤트)|요금\s?안내|약정|명세"
    r"|견적(?:서|을|이|은)?\s?(?:안내|금액|요청|확인|도착|접수|산출|나왔)|영수증(?:을|이|은)?\s?(?:발급|발행|첨부|확인)"
)
"""What says so of its own sentence only: a receipt or a quotation named somewhere is no notice."""
_FIGURE_BEFORE = re.compile(r"(?:%|퍼센트|\d ?(?:천|만)? ?원) ?(?:짜리 )?[가-힣 ]{0,6}$")
_FIGURE_BEHIND = re.compile(r"[가-힣 ]{0,6}\d{1,3}\s?(?:%|퍼센트)(?!\s*(?:\n|$))")
"""A percentage or a price beside a noun, `20% 할인 쿠폰`; `단체 할인 15%` at a line's end is an item."""
_OFFERED = re.compile(
    r"(?:%|퍼센트|\d\s?(?:천|만)?\s?원)\s?[가-힣]{0,4}(?:할인|적립|쿠폰|캐시\s?백)"
    r"[가-힣 ]{0,8}적용(?:됩|되니|돼요)"
)
"""`30% 할인 혜택이 적용됩니다` offers; what was applied is told."""
_OPENING = re.compile(r"[\s\S]{0,11}[^.!?。\n]*")
"""A title or a first sentence, and the next where that is but a sender's name."""
_WAY_OUT = re.compile(rf"(?:{PHRASE.pattern})[^\n]{{0,24}}?(?:{NUMBER.pattern}|https?://|[>→])")
_SWINDLE = (
    r"사칭|피싱|스미싱|속지\s?마|허위|미끼로|보험\s?사기"
    r"|사기(?:가|를|꾼|\s?(?:피해|범죄|예방|주의|신고|의심|사례|문자|전화|수법))"
)
_COMMON = frozenset({"무료", "혜택", "이벤트", "추천", "증정", "마감임박", "경품"})
"""What a city gives to everybody is not sold."""


def is_harmless(
    word: str, text: str, span: tuple[int, int], about: str, basis: Basis | None
) -> bool:
    """Tell whether a noun of promotion, `word` at `span` of `text`, promotes nothing where it stands.

    `about` is the whole message, of which `text` is a field; empty where it is not known. A notice
    excuses no noun with a percentage or a price beside it, unless the sentence settles something.
    """
    sentence = sentence_at(text, *span)
    if basis is Basis.PUBLIC and word in _COMMON:
        return True
    if _calls().search(sentence):
        return False
    if "에 포함" in sentence:
        return True
    settled = _settles(sentence)
    if settled and not _conditions().search(sentence):
        return True
    if not _is_notice(sentence, about):
        return False
    return settled or not _has_figure(text, span)


def _settles(sentence: str) -> bool:
    """Tell whether `sentence` says what is done, given back or kept."""
    return _settling().search(_OFFERED.sub("", sentence)) is not None


def _is_notice(sentence: str, about: str) -> bool:
    """Tell whether `sentence`, or what opens the message `about`, tells of something settled."""
    if _of_a_sentence().search(sentence) or _notice().search(_WAY_OUT.sub("", sentence)):
        return True
    opening = _OPENING.match(_WAY_OUT.sub("", about))
    return opening is not None and _notice().search(opening[0]) is not None


def _has_figure(text: str, span: tuple[int, int]) -> bool:
    start, end = span
    before, behind = text[max(0, start - 16) : start], text[end : end + 16]
    return bool(_FIGURE_BEFORE.search(before) or _FIGURE_BEHIND.match(behind))


def without_warnings(text: str) -> str:
    """Return `text` without the sentences that warn of swindlers: they name what swindlers write."""
    if not _swindle().search(text):
        return text
    kept, start = [], 0
    for end in (*(sign.end() for sign in _END.finditer(text)), len(text)):
        kept.append(" \n" if _swindle().search(text, start, end) else text[start:end])
        start = end
    return "".join(kept)


def sentence_at(text: str, start: int, end: int) -> str:
    """Return the sentence or line of `text` that `start` to `end` stand in, with its closing sign."""
    first = max(0, start - _LONGEST)
    for sign in _END.finditer(text, first, start):
        first = sign.end()
    last = _END.search(text, end, end + _LONGEST)
    return text[first : last.end() if last else end + _LONGEST]


@cache
def _conditions() -> re.Pattern[str]:
    return re.compile(_CONDITIONS)


@cache
def _calls() -> re.Pattern[str]:
    return re.compile(_CALLS)


@cache
def _settling() -> re.Pattern[str]:
    return re.compile(_SETTLING)


@cache
def _notice() -> re.Pattern[str]:
    return re.compile(_NOTICE)


@cache
def _of_a_sentence() -> re.Pattern[str]:
    return re.compile(_OF_A_SENTENCE)


@cache
def _swindle() -> re.Pattern[str]:
    return re.compile(_SWINDLE)
