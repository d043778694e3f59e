"""Characters that nobody sees hide no word, and a message is judged as one, typed or filled in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from engine.lint.as_read import as_read, hides
from engine.lint.every_text import Certainty, every_text
from engine.lint.run import run_rules
from tests.lint.workspaces import open_context, write_workspace

INFORMING = "campaign: {type: informational, basis: transaction, channels: {sms: null}}"
ZERO_WIDTH, SOFT_HYPHEN, FILLER, SELECTOR = "\u200b", "\u00ad", "\u3164", "\ufe0f"


def _template(title: str, body: str, **variables: dict[str, Any]) -> str:
    """Return a fragment whose Korean text says `title` and `body`; escapes keep what is unseen."""
    template = {
        "variables": variables,
        "redefine": None,
        "locales": {"en": None, "ko": {"title": title, "body": body}},
    }
    return json.dumps({"template": template})


def _found(root: Path, rule: str, *fragments: str) -> list[tuple[str, str]]:
    """Return (key, message) of what `rule` finds."""
    _, context = open_context(write_workspace(root, *fragments))
    return [
        (str(finding.at.path[-1]), finding.message)
        for finding in run_rules(context)
        if finding.rule == rule
    ]


@pytest.mark.parametrize(
    "word",
    [
        f"할{ZERO_WIDTH}인",
        f"할{SOFT_HYPHEN}인",
        f"할{FILLER}인",
        f"할{SELECTOR}인",
        f"할{ZERO_WIDTH}{SELECTOR}인",
        "할\u0007인",
        normalize("NFD", "할인"),
    ],
)
def test_what_is_unseen_hides_no_word(word: str, tmp_path: Path) -> None:
    assert hides(word)
    assert as_read(word) == "할인"
    body = f"겨울 {word} 판매"
    assert _found(tmp_path, "kr-info-contains-promo", INFORMING, _template("안내", body)) == [
        ("body", "`할인` promotes, and `sale` is informational")
    ]


def test_forbidden_goods_are_found_behind_it(tmp_path: Path) -> None:
    body = f"먹{ZERO_WIDTH}튀없는 바{ZERO_WIDTH}카라"
    fragment = _template("겨울 안내", body)
    found = _found(tmp_path, "kr-prohibited-goods", "campaign: {channels: {sms: null}}", fragment)
    assert [message for _, message in found] == ["`먹튀` offers what may not be sold or advertised"]


@pytest.mark.parametrize(
    "text",
    [
        "주문이 접수되었습니다\n감사합니다",
        "👨\u200d👩 ❤\ufe0f 감사합니다",
        "Your parcel\tis here",
        "１＋１",
    ],
)
def test_nothing_is_hidden_in_ordinary_texts(text: str) -> None:
    assert not hides(text)
    assert as_read(text).replace("👨👩 ❤", "👨\u200d👩 ❤\ufe0f") == text


def test_a_control_character_of_a_sample_is_the_blank_that_is_sent(tmp_path: Path) -> None:
    value = {"type": "string", "from": "user.v", "sample": "할\u0007인"}
    _, context = open_context(write_workspace(tmp_path, _template("안내", "{{ v }} 중", v=value)))
    (one,) = context.once(every_text)
    assert (one.words, one.certainty) == ("안내\n할 인 중", Certainty.EXACT)


@pytest.mark.parametrize("amount", ["3,000원", "{{ n|number }}원"])
def test_a_title_gives_the_basis_of_points_typed_or_filled_in(amount: str, tmp_path: Path) -> None:
    n = {"type": "integer", "from": "user.n", "sample": 3000}
    told = _template("구매로 받은 적립금", f"적립금 {amount}이 소멸됩니다", n=n)
    untold = _template("적립금 안내", f"적립금 {amount}이 소멸됩니다", n=n)
    rule = "kr-points-basis-missing"
    assert _found(tmp_path, rule, INFORMING, told) == []
    assert [key for key, _ in _found(tmp_path, rule, INFORMING, untold)] == ["body"]


@pytest.mark.parametrize(
    "slot", ["약관", "{{ about|upper }}", "{% if about %}{{ about }}{% endif %}"]
)
def test_a_notice_is_one_typed_or_filled_in(slot: str, tmp_path: Path) -> None:
    about = {"type": "string", "from": "user.about", "sample": "약관"}
    fragment = _template(f"{slot} 안내", "쿠폰 중복 사용 기준이 명시됩니다", about=about)
    assert _found(tmp_path, "kr-info-contains-promo", INFORMING, fragment) == []
