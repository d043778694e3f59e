"""What a sentence offers, where no word for a bargain stands in it: a price, a gain, a rate, a draw.

Korean advertises by grammar as much as by words: a condition with a gain after it (`가져오시면 …을
드려요`), a price that begins somewhere (`99만 원부터`). One class is one row. The forms are experience;
the guidance behind them is that any promotional part makes the whole message an advertisement.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.lint.sentence_forms import CONDITION, MONEY, NUMBER, WITHIN, any_of, each_with, needs

_MEASURES = any_of("을 를 도 까지 씩 개 장 권 원 잔 개월 박 회 켤레 P")
_THING = rf"(?:(?<=[가-힣\d%]){_MEASURES}|%|덤으로|그냥|선물로|무상으로|추가로)"
_GAIN = (
    r"(?:(?:더|추가로|선물로|덤으로|함께|모두|바로)\s?)?"
    rf"{any_of('드려요 드려 드립 드릴 증정 지급 제공 받아요 받습니')}"
)
_MORE_GAIN = (
    r"(?:(?:더|추가로|선물로|덤으로|함께|모두|바로)\s?)?(?:받을\s?수|돌려\s?받|챙겨\s?드|쌓|얹어)"
)
_FREE = r"(?:공짜|무상|무료(?!\s?(?:로\s?)?(?:취소|반품|교환|수리)))"
_GAINS = any_of(
    r"드려 드립 드릴 증정 지급 제공 받아요 받습 받을 돌려 챙겨 쌓 얹어 공짜 무상 무료 [!❗] %\s?더 따라와",
    r"올려 두\s?배",
)
_REST = rf"{WITHIN}{{0,60}}?{_GAINS}"
_FEES = (
    "수수료",
    "연회비",
    "교재비",
    "가입비",
    "등록비",
    "배송비",
    "배달팁",
    "상담비",
    "입회비",
    "검사비",
)
_PRIZES = ("포인트", "쿠폰", "보너스", "소환권", "이용권", "할인권", "마일", "기프티콘", "원", "P")

GAINS: Sequence[tuple[str, str, str]] = (
    (
        "가격",
        (
            r"(?:특별|파격|최저|할인|한정|오픈|런칭|회원)\s?가(?:로|에\b|격)|반값|절반\s?가격|실화"
            r"|(?:특별한|놀라운|착한|터무니없는|말도\s?안\s?되는|역대급)\s?(?:가격|가에|값)"
            rf"|{NUMBER}\s?원\s?(?:부터|대(?=[로부에\s]))(?!\s?부과)"
            rf"|{NUMBER}\s?원(?:으로|에|이면)\s(?:[가-힣]{{1,5}}\s){{0,2}}[가-힣]{{1,3}}"
            r"(?<!확인하)(?<!납부하)세요"
        ),
        needs(
            r"특별|파격|최저|할인\s?가|한정|오픈|런칭|회원\s?가|반값|절반|실화|놀라운|착한|터무니|말도|역대급",
            r"원\s?부터|원\s?대[로부에\s]|원(?:으로|에|이면)\s",
        ),
    ),
    (
        "싸게 사다",
        (
            r"(?:%|프로|퍼센트|훨씬|보다|이번\s?\S{1,3}[은는엔]?)\s?(?:더\s?)?(?:싸게|저렴|싼)"
            r"|(?:더|최대)\s?저렴|깎아\s?(?:드|줘|주)|(?:프로|퍼센트|%)\s?(?:다운|깎|오프\b)"
            rf"|(?:{MONEY}|%|비용|요금|돈|달\s?치|반)(?:을|를|이나|은)?\s?(?:더\s?)?"
            r"(?:아끼|아껴|아낄|아낍|절약하|줄여\s?드)"
        ),
        "싸게|저렴|싼|깎|다운|오프|아끼|아껴|아낄|아낍|절약하|줄여",
    ),
    (
        "조건과 이득",
        (
            rf"{CONDITION}{WITHIN}{{0,32}}?(?:{_THING}\s?(?:{_GAIN}|{_MORE_GAIN})|{_FREE})"
            rf"|{CONDITION}{WITHIN}{{0,24}}?(?:{MONEY}[!❗]|{NUMBER}\s?%\s?더|따라와"
            r"|올려\s?드|챙겨\s?드|두\s?배)"
        ),
        needs(rf"면{_REST}", rf"시\s{_REST}", rf"시는{_REST}"),
    ),
    (
        "덤",
        (
            r"(?:선물|덤|공짜|무상)(?:으)?로\s?(?:더\s?|하나\s?)?(?:드려|드립|드릴|새겨|받)"
            r"|그냥\s?드(?:려|립|릴)|페이\s?백|돌려\s?받(?:으세요|아\s?가)"
            r"|(?:두|세|네|\d)\s?배(?:로|\s?적립)?\s?(?:쌓|적립|지급|돌려|받|드)"
        ),
        needs(
            r"선물(?:으)?로|덤(?:으)?로|공짜|무상(?:으)?로|그냥|페이|돌려\s?받",
            r"배(?:로|\s?적립)?\s?[쌓적지돌받드]",
        ),
    ),
    (
        "수수료 없음",
        (
            rf"(?:{CONDITION}|처음이라면|이번\s?(?:주|달)에?|지금){WITHIN}{{0,24}}?"
            rf"{any_of(*_FEES)}(?:가|는|은|를|도)?\s?"
            r"(?:전액\s?|평생\s?)?(?:0\s?원|없어요|없습니다|면제|무료|공짜|받지\s?않)"
            r"|평생\s?(?:무료|면제|0\s?원)"
        ),
        needs(each_with(_FEES, r"[가는은를도\s전평0없면무공받]"), "평생"),
    ),
    (
        "금융",
        (
            r"(?:최고|최저|최대)\s?연?\s?\d+(?:\.\d+)?\s?%"
            r"|연\s?\d+(?:\.\d+)?\s?%\s?(?:[가-힣]{1,6}\s?)?(?:적금|예금|통장)"
            rf"|최대\s?{MONEY}(?:을|를|까지)?{WITHIN}{{0,14}}"
            r"(?:받|드려|드립|지급|캐시|가능하(?:세|십|니)|도전|당첨|돌려|조회)"
            r"|한도(?:를)?\s?(?:조회|확인)(?:[!❗]|하세요|해\s?보)|우대해\s?드"
            r"|(?:추가|투자|구매|공시|전환)\s?지원금(?:에|까지|도|을\s?드|[!❗])"
            r"|\d+분\s?만에\s?(?:개설|가입|신청)"
        ),
        r"최고|최저|최대|연\s?\d|한도(?:를)?\s?[조확]|우대해|지원금|만에\s?[개가신]",
    ),
    (
        "걸고 뽑음",
        (
            r"룰렛|100\s?%\s?당첨|출석\s?도장|럭키\s?(?:드로우|박스)|뽑기권|행운의\s?주인공"
            rf"|(?:추첨|뽑아){WITHIN}{{0,30}}(?:보내\s?드|드려|드립|드릴)"
            rf"|{any_of(*_PRIZES)}(?:을|를|도)?\s?(?:꼭\s?)?(?:받아\s?가|챙기|챙겨\s?가|받으세요|받아\s?보세요)"
        ),
        needs(
            r"룰렛|100\s?%|출석\s?도|럭키|뽑기|뽑아|행운의|추첨",
            each_with(_PRIZES, r"[을를도\s]*(?:꼭\s?)?[받챙]"),
        ),
    ),
)
"""(class, its forms, what is in whatever they match: literals in front, for `re` to skip ahead)."""
