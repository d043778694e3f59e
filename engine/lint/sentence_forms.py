"""Parts of Korean sentences that the classes of promotion are written with, as patterns."""

from __future__ import annotations

NUMBER = r"\d[\d,.]{0,14}\s?(?:천|백)?만?"
MONEY = rf"{NUMBER}\s?(?:원|달러|포인트|P|마일|점|캐시)"
WITHIN = r"[^.!?\n]"
"""A character that ends no sentence."""


def any_of(*words: str) -> str:
    """Return a pattern of all words; those in one string are parted by blanks."""
    return f"(?:{'|'.join(word for some in words for word in some.split())})"


def needs(*shapes: str) -> str:
    """Return what any of `shapes` finds: literals in front, for `re` to skip ahead."""
    return "|".join(shapes)


def each_with(words: str, after: str) -> str:
    """Return what finds any of `words`, parted by blanks, with the pattern `after` behind it."""
    return "|".join(word + after for word in words.split())


_SERVICE = any_of(
    "문의 신고 분실 파손 불량 하자 취소 변경 환불 반품 교환 해지 탈퇴 철회 원 동의하 않 없 지연 결항"
    " 미납 회신"
)
CONDITION = (
    rf"(?:(?<![가-힣])(?!{_SERVICE})[가-힣]{{1,6}}(?:으면|(?<=[하시오르사보주우치키리되쓰내타꾸끼마가추])면)"
    rf"|{any_of('구매 가입 결제 주문 등록 방문 예약 충전 이용 발급 변경 내원 개통')}\s?시(?=\s)"
    rf"|(?<![가-힣])(?!{_SERVICE})[가-힣]{{1,6}}만\s?해도"
    rf"|{any_of('하 오 사 되 가입하 구매하 변경하 내원하 신청하 예약하 등록하')}시는\s?(?:분|고객))"
)
"""`…하시면`, `구매 시`, `조회만 해도`, `…하시는 분`; no condition for help: `문의하시면`, `원하시면`."""
