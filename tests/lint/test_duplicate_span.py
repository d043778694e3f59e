"""How much earlier the same was said, in hours and minutes."""

from __future__ import annotations

import pytest

from engine.kernel.origin import Origin
from engine.lint.across import Seen
from engine.lint.rules.duplicate_content import META, judge


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (630 * 60, "`sale`, 10h30m earlier, says", "10시간 30분 먼저 나가는 `sale`과 같은"),
        (180 * 60, "`sale`, 3h earlier, says", "3시간 먼저 나가는"),
        (45 * 60, "`sale`, 45m earlier, says", "45분 먼저 나가는"),
        (30, "`sale`, at the same time, says", "같은 시각에 나가는"),
    ],
)
def test_the_time_between_two_copies(seconds: int, english: str, korean: str) -> None:
    at = Origin("campaigns/copy.yaml")
    seen = [Seen(META.id, 1, "sale", at, 0.0), Seen(META.id, 1, "복사본", at, float(seconds))]
    (hit,) = judge(seen)
    assert english in hit.message
    assert hit.korean is not None
    assert korean in hit.korean.message
