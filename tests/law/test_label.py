"""「(광고)」 as the law writes it, and the ways people write it instead."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from engine.law.label import LABEL, LabelFault, faults, is_labelled, typed_faults, with_label


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("추석 특가", "(광고) 추석 특가"),
        ("(광고) 추석 특가", "(광고) 추석 특가"),
        ("(광고)추석 특가", "(광고)추석 특가"),
        ("  (광고) 추석 특가", "(광고) 추석 특가"),
        (normalize("NFD", "(광고) 추석"), "(광고) 추석"),
        ("", "(광고)"),
        ("광고 없는 프리미엄", "(광고) 광고 없는 프리미엄"),
    ],
)
def test_the_label_is_put_in_front_once(text: str, expected: str) -> None:
    assert with_label(text) == expected
    assert with_label(with_label(text)) == expected
    assert is_labelled(with_label(text))
    assert LabelFault.MISSING not in faults(with_label(text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("추석 특가", LabelFault.MISSING),
        ("광고 없는 프리미엄", LabelFault.MISSING),
        ("(광고 없는) 프리미엄", LabelFault.MISSING),
        ("20% 할인 (광고)", LabelFault.NOT_LEADING),
        ("🔥(광고) 세일", LabelFault.NOT_LEADING),
        ("샘플샵 (광고)", LabelFault.NOT_LEADING),
        ("(광 고) 세일", LabelFault.VARIANT),
        ("(광.고) 세일", LabelFault.VARIANT),
        ("(광/고) 세일", LabelFault.VARIANT),
        ("(광-고) 세일", LabelFault.VARIANT),
        ("(광1고) 세일", LabelFault.VARIANT),
        ("(광ㅡ고) 세일", LabelFault.VARIANT),
        ("(광ㆍ고) 세일", LabelFault.VARIANT),
        ("(광\u119e고) 세일", LabelFault.VARIANT),
        ("(광ㅣ고) 세일", LabelFault.VARIANT),
        ("(광고성 정보) 세일", LabelFault.VARIANT),
        ("[광고성정보] 세일", LabelFault.VARIANT),
        ("(광고 문자) 세일", LabelFault.VARIANT),
        ("(광고성 정보 수신동의자 특가) 세일", LabelFault.MISSING),
        ("「광고성 정보」 수신동의 안내", LabelFault.MISSING),
        ("[광고] 세일", LabelFault.VARIANT),
        ("<광고> 세일", LabelFault.VARIANT),
        ("【광고】 세일", LabelFault.VARIANT),
        ("〔광고〕 세일", LabelFault.VARIANT),
        ('("광고") 세일', LabelFault.VARIANT),
        ("(”광고”) 세일", LabelFault.VARIANT),
        ("(廣告) 세일", LabelFault.TRANSLATED),
        ("(광고! 세일", LabelFault.MISSING),
        ("(대출광고) 세일", LabelFault.VARIANT),
        ("광고) 세일", LabelFault.VARIANT),
        ("（광고） 세일", LabelFault.FULL_WIDTH),
        ("\u200b(광고) 세일", LabelFault.INVISIBLE),
        ("\ufeff(광고) 세일", LabelFault.INVISIBLE),
        ("(광\u200b고) 세일", LabelFault.INVISIBLE),
        (normalize("NFD", "(광고) 세일"), LabelFault.DECOMPOSED),
        ("(AD) 20% off", LabelFault.TRANSLATED),
        ("AD) 20% off", LabelFault.TRANSLATED),
        ("(Ad) 20% off", LabelFault.TRANSLATED),
        ("[AD] 20% off", LabelFault.TRANSLATED),
        ("(Advertisement) 20% off", LabelFault.TRANSLATED),
        ("【広告】本日限り", LabelFault.TRANSLATED),
        ("(広告)本日限り", LabelFault.TRANSLATED),
        ("(광고)(광고) 세일", LabelFault.DUPLICATE),
        ("(광고) 세일 (광고)", LabelFault.DUPLICATE),
    ],
)
def test_each_form_is_named(text: str, fault: LabelFault) -> None:
    assert faults(text) == {fault}
    if fault is not LabelFault.MISSING:
        assert typed_faults(text) == {fault}


@pytest.mark.parametrize("form", ["(광 고) 세일", "(AD) 세일", "（광고） 세일"])
def test_a_faked_label_behind_the_real_one_is_still_seen(form: str) -> None:
    assert faults(f"{LABEL} {form}") == typed_faults(form)


@pytest.mark.parametrize(
    "text",
    [
        "(광고) 세일",
        "(광고)샘플샵 세일",
        "(광고) 👩‍💻 개발자 특가",
        "(광고) (오늘만) 특가",
    ],
)
def test_good_texts_have_no_fault(text: str) -> None:
    assert faults(text) == frozenset()


def test_texts_without_a_label_have_none_typed() -> None:
    for text in ("추석 특가", "👩‍💻 개발자 특가", "(오늘만) 특가", "[샘플샵] 주문 접수", "Sale"):
        assert typed_faults(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("(광\u3164고) 특가", LabelFault.INVISIBLE),
        ("⑴광고⑵ 특가", LabelFault.VARIANT),
        ("(㉠고) 특가", LabelFault.VARIANT),
        ("(𝐀𝐃) 특가", LabelFault.VARIANT),
    ],
)
def test_signs_that_only_look_like_the_label(text: str, fault: LabelFault) -> None:
    assert fault in typed_faults(text)
