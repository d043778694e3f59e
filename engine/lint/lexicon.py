"""Words that make a message something else than it says: promotion, forbidden goods, bait.

Korean inflects and compounds, so a word stands for its forms: `할인` also in `할인해 드려요`, `반값할인`.
What only looks like one of them is taken out first: `무료수신거부` promotes nothing, and `할인 금액:
3,000원` in a receipt tells what was paid. The law book names the words (`promo_words`,
`prohibited_goods`); the forms, and what is harmless, are experience.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import product

from engine.lint.bait_words import BAITS
from engine.lint.goods_words import GOODS
from engine.lint.promotion_asks import ASKS
from engine.lint.promotion_contexts import is_harmless, without_warnings
from engine.lint.promotion_gains import GAINS
from engine.lint.promotion_words import AMOUNTS, DOT, HARMLESS, NOUNS, PROMOTIONS, REQUESTED, SHAPES
from engine.model.legal import Basis

PULLS = (*GAINS, *ASKS)

# Compiled by the first text that comes past a trigger: most workspaces have none.


@cache
def promo_pattern() -> re.Pattern[str]:
    """Return what may promote: harmless uses are not taken out yet, so a match is no verdict."""
    return re.compile("|".join(forms for _, forms, *_ in (*PROMOTIONS, *PULLS)), re.IGNORECASE)


@cache
def _words_pattern() -> re.Pattern[str]:
    """Return the words of promotion, each in a group of its own: the group tells which it is."""
    return re.compile("|".join(f"({forms})" for _, forms in PROMOTIONS), re.IGNORECASE)


@cache
def _needs() -> Sequence[re.Pattern[str]]:
    """Return, per class of pulls, what must stand in a text for it to match."""
    return tuple(re.compile(needs) for _, _, needs in PULLS)


@cache
def _forms(row: int) -> re.Pattern[str]:
    return re.compile(PULLS[row][1])


def _pull_in(text: str) -> str | None:
    """Return the words of `text` that draw people to buy, or None."""
    for row, needs in enumerate(_needs()):
        pull = _forms(row).search(text) if needs.search(text) else None
        if pull:
            return pull[0].strip()
    return None


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

    Only a literal in front lets `re` skip ahead; a Latin word stands for itself in either case; of
    `spread` words the letters with something between them. `shapes` are patterns that start with a
    literal.
    """
    cases = [
        "".join(letters)
        for word in latin.split()
        for letters in product(*((letter, letter.upper()) for letter in word))
    ]
    dotted = [DOT.join(word) for word in spread.split()]
    every = [*map(re.escape, literals.split()), *cases, *dotted, *shapes]
    return re.compile(_by_first_letter(part for each in every for part in _alternatives(each)))


def _alternatives(pattern: str) -> Iterator[str]:
    """Yield what a pattern without character classes that hold brackets tries in turn."""
    depth = start = 0
    for at, sign in enumerate(pattern):
        depth += (sign in "([") - (sign in ")]")
        if sign == "|" and depth == 0:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def _by_first_letter(patterns: Iterable[str]) -> str:
    """Return one pattern in which each first letter is tried once: most letters begin nothing."""
    rest: dict[str, dict[str, None]] = {}
    for pattern in patterns:
        first = pattern[:2] if pattern[0] == "\\" else pattern[0]
        rest.setdefault(first, {})[pattern[len(first) :]] = None
    return "|".join(f"{first}(?:{'|'.join(after)})" for first, after in rest.items())


_SPELT = tuple(DOT.join((first, "[aA]", "[lL]")) for first in "sS")


@cache
def promo_trigger() -> re.Pattern[str]:
    """Return what is in every text that promotes: compiled by the first informational campaign."""
    return _trigger(
        "할인 세일 특가 특판 쿠폰 이벤트 프로모션 혜택 적립 무료 증정 사은품 신상 출시 재입고 마감 선착순"
        " 타임 핫 반값 추천 쇼핑하기 장바구니 돌아오세 セール 割引 クーポン 特価 キャンペーン プレゼント"
        " 送料無料 최저가 경품 새해 메리 해피 캐시 무이자 공짜 단돈",
        latin="sal cou pro dis fre spe",
        spread="할인 특가 쿠폰 이벤 혜택 무료",
        shapes=(*AMOUNTS, *SHAPES, *_SPELT, *(needs for _, _, needs in PULLS)),
    )


GOODS_TRIGGER = _trigger(
    "도박 바카라 블랙잭 사다리 베팅 배팅 총판 첫충 매충 홀덤 현금화 깡 최음 흥분제 디에타민 펜터민"
    " 낙태 무처방 카지노 먹튀 토토 놀이터 꽁 대출 내구제 사채 급전 마약 필로폰 대마 엑스터시 케타민 물뽕"
    " 대포 통장 위조 슬롯 처방 비아그라 시알리스 레비트라 졸피뎀 미프진",
    spread="바카 카지 먹튀 슬롯",
    shapes=(
        *(r"파워\s?볼", r"떨\s?[드액판팝]", r"아이스\s?작", r"정보\s?이", r"개인\s?[정사]"),
        *(r"임신\s?중", r"출장\s?[안만아]", r"조건\s?만"),
    ),
)
BAIT_TRIGGER = _trigger(
    "답장 회신 부재 택배 소포 등기 우편 수취인 주소 미납 연체 과태료 범칙금 출석 결제 승인 주문 출금"
    " 당첨 : ：",
    shapes=(r"번호(?:가|를)?\s?바",),
)


@cache
def _harmless_pattern() -> re.Pattern[str]:
    return re.compile("|".join(HARMLESS), re.IGNORECASE)


@lru_cache(maxsize=4096)
def promotion_in(text: str, basis: Basis | None = None, about: str = "") -> str | None:
    """Return the first words of `text` that promote something, as written; None if there are none.

    `about` is the whole message that `text` is a field of: in a notice about terms a noun such as
    할인 promotes nothing by itself. A message that was requested may say that something is in stock
    again or new: people asked for it.
    """
    rest = _harmless_pattern().sub("\x00", without_warnings(text))
    if basis is Basis.REQUESTED:
        rest = re.sub(REQUESTED, "\x00", rest)
    for found in _words_pattern().finditer(rest):
        word = PROMOTIONS[(found.lastindex or 1) - 1][0]
        if word not in NOUNS or not is_harmless(word, rest, found.span(), about, basis):
            return found[0].strip()
    return None if basis is Basis.PUBLIC else _pull_in(rest)


def may_promote(text: str) -> bool:
    """Tell whether `promotion_in` may find anything in what `text` becomes; False is sure."""
    return _words_pattern().search(text) is not None or _pull_in(text) is not None


def goods_in(text: str) -> str | None:
    """Return the words of `text` that offer what may not be sold, or None."""
    found = goods_pattern().search(text)
    return found[0].strip() if found else None


def bait_in(text: str) -> str | None:
    """Return the words of `text` that pretend to be something else, or None."""
    found = bait_pattern().search(text)
    return found[0].strip() if found else None
