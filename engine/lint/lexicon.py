"""Words that make a message something else than it says: promotion, forbidden goods, bait.

Korean inflects and compounds, so a word stands for its forms: `할인` also in `할인해 드려요`, `반값할인`.
What only looks like one of them is taken out first: `무료수신거부` promotes nothing, and `할인 금액:
3,000원` in a receipt tells what was paid. The law book names the words (`promo_words`,
`prohibited_goods`); the forms, and what is harmless, are experience.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from engine.lint.promotion_words import AMOUNTS, DOT, HARMLESS, PROMOTIONS, REQUESTED
from engine.model.legal import Basis

_DRUGS = r"(?:비아그라|시알리스|레비트라|졸피뎀|미프진|식욕\s?억제제|발기\s?부전\s?(?:약|치료제))"
_NO_RECIPE = (
    r"처방전?\s?(?:없이(?!는|[^.\n]{0,16}(?:불법|금지|위험|마세요|안\s?[됩되돼]))"
    r"|(?:이\s?)?(?:필요\s?없|불필요))"
)
GOODS: Sequence[tuple[str, str]] = (
    ("도박", r"도박\s?(?:사이트|장|하기|가능)|온라인\s?도박|불법\s?도박(?!\s?(?:신고|근절|예방))"),
    (
        "바카라",
        (
            r"바카라(?!\s?(?:크리스[탈털]|루즈|향수|잔|글[라래]스|샹들리에|와인|풍|스타일|무늬|패턴|원피스))|블랙잭\s?사이트"
            rf"|바{DOT}카{DOT}라"
        ),
    ),
    (
        "카지노",
        (
            r"카지노\s?(?:사이트|쿠폰|가입|충전|먹튀|게임\s?머니)|(?:온라인|라이브|모바일)\s?카지노|먹튀"
            rf"|카{DOT}지{DOT}노|먹[.·*_^]튀"
        ),
    ),
    (
        "슬롯",
        r"슬롯\s?사이트|슬롯\s?머신(?!\s?(?:저금통|장난감|모형|모양|블록|퍼즐|피규어|키링))|슬[.·*_^]롯",
    ),
    (
        "토토",
        r"(?:스포츠|사설|안전)\s?토토(?!로)|토토\s?(?:사이트|가입|충전|놀이터|꽁|총판)|꽁\s?머니|사설\s?놀이터",
    ),
    (
        "불법대출",
        r"불법\s?대출|작업\s?대출|내구제|(?:무직자|신용\s?불량자?|연체자)\s?(?:도\s?)?(?:누구나\s?)?(?:당일\s?)?대출",
    ),
    (
        "사채",
        r"(?<![가-힣])(?:개인\s?)?사채(?!권|\s?(?:발행|원리금))|급전\s?(?:대출|가능)|일수\s?대출",
    ),
    (
        "마약",
        r"(?:마약|필로폰|대마초?|엑스터시|케타민|물뽕)\s?(?:판매|팝니다|구매|구입|구해|직거래|택배|드랍)",
    ),
    (
        "처방약",
        (
            rf"{_DRUGS}[^.\n]{{0,24}}{_NO_RECIPE}|{_NO_RECIPE}[^.\n]{{0,24}}{_DRUGS}"
            r"|(?:비아그라|시알리스|레비트라|졸피뎀|미프진)\s?(?:정품\s?)?"
            r"(?:판매|팝니다|구매|구입|직거래|택배)"
        ),
    ),
    ("대포통장", r"대포\s?(?:통장|폰|차)|통장\s?(?:매입|삽니다|대여|임대)"),
    ("명의도용", r"(?:신분증|여권|졸업증명서)\s?위조|개인\s?정보\s?(?:판매|팝니다)"),
)
"""(good, how it is offered): what may not be sold, in the words of those who do."""

BAITS: Sequence[tuple[str, str]] = (
    ("RE:", r"(?:^|\n|\(광고\)\s?)\[?(?:RE|FWD?|답장|회신)\]?\s?[:：](?!(?-i:[A-Z]{2}))"),
    ("부재중", r"부재\s?중\s?(?:전화|통화|메시지|\d|[\])】」])|[\[(【「]\s?부재\s?중"),
    (
        "택배 반송",
        r"(?:택배|소포|등기|우편물?)\S{0,2}\s?(?:반송|미수령|보관\s?중|주소\s?불명)|수취인\s?불명|주소지?\s?(?:미확인|오류)",
    ),
    ("미납·연체", r"(?:미납|연체)\s?(?:금액|요금|내역|안내)|과태료|범칙금|출석\s?요구"),
    ("결제 완료", r"[\[(【「]\s?(?:결제|승인|주문|출금)\s?(?:완료|승인|내역)\s?[\])】」]"),
    ("당첨", r"당첨(?:되셨|되었|을\s?축하)"),
)
"""(bait, its forms): what an advertisement pretends to be so that it is opened or answered."""


# Compiled by the first text that comes past a trigger: most workspaces have none.


@cache
def promo_pattern() -> re.Pattern[str]:
    """Return what may promote: harmless uses are not taken out yet, so a match is no verdict."""
    return re.compile("|".join(forms for _, forms in PROMOTIONS), re.IGNORECASE)


@cache
def goods_pattern() -> re.Pattern[str]:
    """Return what may offer forbidden goods."""
    return re.compile("|".join(forms for _, forms in GOODS))


@cache
def bait_pattern() -> re.Pattern[str]:
    """Return what may lure people into opening a message."""
    return re.compile("|".join(forms for _, forms in BAITS), re.IGNORECASE)


def _trigger(
    literals: str, *, latin: str = "", spread: str = "", shapes: Sequence[str] = ()
) -> re.Pattern[str]:
    """Return what is in every text that a pattern can match, and is found ten times as fast.

    Only a literal in front lets `re` skip ahead; of Latin words the first two letters, in either
    case; of `spread` words the first two with something between them. `shapes` are patterns that
    start with a literal.
    """
    cases = [a + b for word in latin.split() for a in (word[0], word[0].upper()) for b in word[1]]
    cases += [case[0] + case[1].upper() for case in cases]
    dotted = [DOT.join(word) for word in spread.split()]
    return re.compile("|".join([*map(re.escape, literals.split()), *cases, *dotted, *shapes]))


PROMO_TRIGGER = _trigger(
    "할인 세일 특가 특판 쿠폰 이벤트 프로모션 혜택 적립 무료 증정 사은품 신상 출시 재입고 오늘 하루 마감"
    " 선착순 품절 타임 핫 반값 + 추천 구매 쇼핑 사러 장바구니 돌아 다시 % セール 割引 クーポン 特価"
    " キャンペーン プレゼント 送料無料"
    " 싸게 저렴하게 최저가 구경 놀러 선물 경품 추첨 생일 새해 메리 해피 즐거운 풍성한 행복한 따뜻한"
    " 풍요로운 초대 가입 승급 방문 첫 후기 리뷰 캐시 무이자 공짜 단돈 곧",
    latin="sa co pr di fr sp",
    spread="할인 특가 쿠폰 이벤 혜택 무료 sa Sa SA sA",
    shapes=AMOUNTS,
)
GOODS_TRIGGER = _trigger(
    "도박 바카라 블랙잭 카지노 먹튀 토토 놀이터 꽁 대출 내구제 사채 급전 마약 필로폰 대마 엑스터시 케타민"
    " 물뽕 대포 통장 위조 개인 슬롯 처방 비아그라 시알리스 레비트라 졸피뎀 미프진",
    spread="바카 카지 먹튀 슬롯",
)
BAIT_TRIGGER = _trigger(
    "답장 회신 부재 택배 소포 등기 우편 수취인 주소 미납 연체 과태료 범칙금 출석 결제 승인 주문 출금 당첨"
    " : ："
)


@cache
def _harmless_pattern() -> re.Pattern[str]:
    return re.compile("|".join(HARMLESS), re.IGNORECASE)


@lru_cache(maxsize=4096)
def promotion_in(text: str, basis: Basis | None = None) -> str | None:
    """Return the first words of `text` that promote something, as written; None if there are none.

    A message that was requested may say that something is in stock again: people asked for it.
    """
    rest = _harmless_pattern().sub("\x00", text)
    if basis is Basis.REQUESTED:
        rest = re.sub(REQUESTED, "\x00", rest)
    found = promo_pattern().search(rest)
    return found[0].strip() if found else None


def goods_in(text: str) -> str | None:
    """Return the words of `text` that offer what may not be sold, or None."""
    found = goods_pattern().search(text)
    return found[0].strip() if found else None


def bait_in(text: str) -> str | None:
    """Return the words of `text` that pretend to be something else, or None."""
    found = bait_pattern().search(text)
    return found[0].strip() if found else None
