"""English agrees with its numbers; Korean has nothing to agree."""

from __future__ import annotations

import pytest

from engine.kernel.language import Language
from engine.kernel.speech import Speech
from engine.plan.sentences import KOREAN

OUTSIDE = "{count:,} deliveries are outside their window then and would be skipped"
NIGHT = f"{OUTSIDE} ({{night:,}} have not agreed to the night)"
GOING = "{count:,} people, {going:,} of {messages:,} messages go out"


@pytest.mark.parametrize(
    ("sentence", "slots", "told"),
    [
        (OUTSIDE, {"count": 1}, "1 delivery is outside its window then and would be skipped"),
        (OUTSIDE, {"count": 1001}, "1,001 deliveries are outside their window then and would be"),
        (NIGHT, {"count": 2, "night": 1}, "(1 has not agreed to the night)"),
        (NIGHT, {"count": 2, "night": 2}, "(2 have not agreed to the night)"),
        (GOING, {"count": 1, "going": 1, "messages": 3}, "1 person, 1 of 3 messages goes out"),
        (GOING, {"count": 2, "going": 0, "messages": 1}, "2 people, 0 of 1 message go out"),
        (", {count:,} people", {"count": 1}, ", 1 person"),
        ("{count} lint errors", {"count": 1}, "1 lint error"),
        ("{title}", {"title": "1 people"}, "1 people"),
    ],
)
def test_what_stands_behind_one(sentence: str, slots: dict[str, object], told: str) -> None:
    assert told in Speech(Language.EN, {}).say(sentence, **slots)


def test_korean_stays_as_it_is_written() -> None:
    assert Speech(Language.KO, KOREAN).say(OUTSIDE, count=1).startswith("1건은 그때가")
