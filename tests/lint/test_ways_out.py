"""Ways out as Korean shops write them."""

from __future__ import annotations

import pytest

from engine.lint.ways_out import (
    PHRASE,
    after_way_out,
    costly_number,
    may_name_way_out,
    names_way_out,
    sets_way_out,
    steps,
    unfree_number,
)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("전 상품 20%", None),
        ("전 상품\n무료수신거부 080-000-0000", ""),
        ("전 상품\n무료 수신거부: 080.000.0000 (무료)", ""),
        ("전 상품\n무료거부0800000000", ""),
        ("전 상품\n샘플샵 · 수신거부: 마이페이지 > 알림 설정", ""),
        ("전 상품\n수신거부: 앱 > 설정 > 알림 OFF", ""),
        ("전 상품\n수신거부 https://shop.example/o", ""),
        ("무료수신거부 080-000-0000 지금 구매!", "지금 구매!"),
        ("무료수신거부 080-000-0000\n20% 쿠폰", "20% 쿠폰"),
        ("수신거부: 앱 > 설정 > 알림\n지금 확인하세요", "지금 확인하세요"),
        ("무료거부 080-111-1111 특가\n무료수신거부 080-000-0000", ""),
        ("수신거부는 고객센터로", "는 고객센터로"),
    ],
)
def test_what_follows_the_way_out(text: str, after: str | None) -> None:
    assert after_way_out(text) == after


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("무료수신거부 080-000-0000", None),
        ("수신거부 1588-1234", "1588-1234"),
        ("문의 1588-0000\n무료수신거부 080-000-0000", None),
        ("수신거부: 02-123-4567", "02-123-4567"),
        ("수신거부: 앱 > 설정", None),
    ],
)
def test_numbers_that_cost(text: str, number: str | None) -> None:
    assert costly_number(text, "080") == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("나래항공 19,900원 수신거부 080-858-2001", "수신거부 080-858-2001"),
        ("무료배송! 수신거부 080-858-2001", "수신거부 080-858-2001"),
        ("수신거부 080-858-2001\n무료 쿠폰", "수신거부 080-858-2001"),
        ("무료수신거부 080-000-0000", None),
        ("무료 전화로 수신거부 080-000-0000", None),
        ("수신거부(무료) 080-000-0000", None),
        ("수신거부 080-000-0000(수신자 무료)", None),
        ("Free 수신거부 0800000000", None),
        ("수신거부 1588-1234", None),
        ("수신거부: 앱 > 설정", None),
    ],
)
def test_free_numbers_that_are_not_called_free(text: str, said: str | None) -> None:
    assert unfree_number(text, "080") == said


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("무료 수신 거부", True),
        ("무료거부", True),
        ("알림끄기 : 마이>설정>알림", True),
        ("수신해지 방법", True),
        ("거부 080-123-4567", True),
        ("거부: 1588-0000", True),
        ("카드 결제 거부를 막는 법", False),
        ("알림을 켜 주세요", False),
    ],
)
def test_words_before_a_way_out(text: str, names: bool) -> None:
    assert (PHRASE.search(text) is not None) is names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("수신거부: 앱 > 설정 > 알림", ("앱", "설정", "알림")),
        ("앱>설정 > 알림 OFF", ("앱", "설정", "알림")),
        ("마이 페이지 → 알림 설정", ("마이페이지", "알림설정")),
        ("전 상품\n수신거부: 마이>알림", ("마이", "알림")),
        ("무료수신거부 080-000-0000", ()),
    ],
)
def test_steps_of_a_path(text: str, found: tuple[str, ...]) -> None:
    assert steps(text) == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("귤 9,900원 무료수신거부 080-000-0000", True),
        ("귤 9,900원 무료거부0800000000", True),
        ("무료수신거부: https://shop.example/o", True),
        ("080-000-0000 무료수신거부", True),
        ("수신거부: 앱 > 설정 > 알림", True),
        ("알림끄기 : 마이>설정>알림", True),
        ("앱 설정에서 수신거부", True),
        ("수신거부는 고객센터로", True),
        ("Opt out (수신거부): App > Settings", True),
        ("귤 9,900원 무료수신거부", False),
        ("전 상품 20%\n수신거부", False),
        ("앱에서 20%\n수신거부", False),
        ("문의 1588-0000\n수신거부", False),
        ("무료 080-000-0000", False),
        ("무료수신동의 080-000-0000", False),
        ("수신을 거부할 수 없습니다 080-000-0000 무료", False),
        ("수신거부할 수 없습니다 080-000-0000 무료", False),
        ("수신거부 불가 080-000-0000", False),
    ],
)
def test_a_way_out_leads_somewhere(text: str, names: bool) -> None:
    assert names_way_out(text) is names
    assert sets_way_out(text) is names
    assert may_name_way_out(text) or not names


@pytest.mark.parametrize(
    "text",
    [
        "수신을 원치 않으시면 080-000-0000(무료)",
        "광고를 받지 않으시려면 앱 설정에서 꺼 주세요",
        "광고 수신 동의 철회: 마이페이지 > 알림",
        "무료 수신차단 080-000-0000",
    ],
)
def test_senders_set_it_in_other_words(text: str) -> None:
    assert sets_way_out(text)
