"""One dated row of the law book, and how sure anybody is of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from engine.kernel.finding import Citation, Confidence
from engine.kernel.frozen import frozen
from engine.model.channel import Channel

ProvisionValue = str | int | bool | tuple[str, ...]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Certainty(StrEnum):
    """How sure a row is: the word in the table. The last two are doubts, told in `note`.

    `statute` was read in the act or decree; `guidance` in a regulator's or platform's own words;
    `practice` is nobody's law. `contested`: sources disagree on the value or on whether it binds, or
    nobody confirms it. `vendor`: only sellers of messages say so.
    """

    STATUTE = "statute"
    GUIDANCE = "guidance"
    PRACTICE = "practice"
    CONTESTED = "contested"
    VENDOR = "vendor"


CONFIDENCE: Mapping[Certainty, Confidence] = {
    Certainty.STATUTE: Confidence.STATUTE,
    Certainty.GUIDANCE: Confidence.GUIDANCE,
    Certainty.PRACTICE: Confidence.PRACTICE,
    Certainty.CONTESTED: Confidence.GUIDANCE,
    Certainty.VENDOR: Confidence.PRACTICE,
}
"""What a finding says of a row. Only statute is beyond a comment's reach, so no doubt is statute."""


@frozen
class Provision:
    """One dated row. `until` is the first day on which it no longer holds (None: open).

    `value` is local times for windows (`("08:00", "21:00")`, end exclusive), a text, a number, a
    list of words, or true for a plain duty. `channels` are those it is about (empty: every one).
    `article` is the provision's name, `source` where it was read on `checked_on`, `note` the doubt.
    `title_ko` is the title in Korean, `article_ko` the name where Koreans call it otherwise.

    Windows only: `week` holds the hours of Monday to Sunday where weekdays differ (empty tuple:
    closed all day), `closed_on_holidays` whether public holidays are closed, `lifted_by_consent`
    whether consent to the night opens it.
    """

    name: str
    jurisdiction: str
    value: ProvisionValue
    since: date
    until: date | None
    article: str
    title: str
    title_ko: str
    source: str
    checked_on: date
    certainty: Certainty
    citation: Citation
    channels: frozenset[Channel] = frozenset()
    article_ko: str | None = None
    note: str | None = None
    week: tuple[tuple[str, ...], ...] = ()
    closed_on_holidays: bool = False
    lifted_by_consent: bool = False

    def holds(self, on: date) -> bool:
        """Tell whether it is in force on `on`."""
        return self.since <= on and (self.until is None or on < self.until)

    @property
    def doubtful(self) -> bool:
        """Whether a lawyer should look at it before anybody relies on it."""
        return self.certainty in (Certainty.CONTESTED, Certainty.VENDOR)

    def cited(self, language: str) -> str:
        """Return `article: title` in `language` (`ko`, else English)."""
        if language == "ko":
            return f"{self.article_ko or self.article}: {self.title_ko}"
        return f"{self.article}: {self.title}"


def read_row(jurisdiction: str, row: Mapping[str, object]) -> Provision:
    """Return a row as the table writes it. Raises TypeError or ValueError for a malformed one."""
    certainty = Certainty(str(row["confidence"]))
    citation = Citation(
        id=str(row["id"]),
        title=f"{row['article']}: {row['title']}",
        confidence=CONFIDENCE[certainty],
        title_ko=f"{row.get('article_ko', row['article'])}: {row['title_ko']}",
    )
    value, until = _value(row), row.get("until")
    return Provision(
        name=str(row["name"]),
        jurisdiction=jurisdiction,
        value=value,
        since=_date(row, "from"),
        until=_date(row, "until") if until is not None else None,
        article=str(row["article"]),
        title=str(row["title"]),
        title_ko=str(row["title_ko"]),
        source=str(row["source"]),
        checked_on=_date(row, "checked_on"),
        certainty=certainty,
        citation=citation,
        channels=frozenset(Channel(name) for name in _words(row.get("channels", []))),
        article_ko=str(row["article_ko"]) if "article_ko" in row else None,
        note=str(row["note"]) if "note" in row else None,
        week=_week(value, row.get("days")),
        closed_on_holidays=row.get("closed_on_holidays") is True,
        lifted_by_consent=row.get("lifted_by_consent") is True,
    )


def _value(row: Mapping[str, object]) -> ProvisionValue:
    value = row["value"]
    if isinstance(value, list):
        return _words(value)
    if not isinstance(value, str | int):
        raise TypeError(f"provision `{row['name']}`: a value of type {type(value).__name__}")
    return value


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"`{value}` is not a list")
    return tuple(str(item) for item in value)


def _date(row: Mapping[str, object], key: str) -> date:
    found = row[key]
    if not isinstance(found, date):
        raise TypeError(f"provision `{row['name']}`: `{key}` is a date")
    return found


def _week(value: ProvisionValue, days: object) -> tuple[tuple[str, ...], ...]:
    """Return the hours of seven days: those that `days` names, else the row's own."""
    if days is None:
        return ()
    if not isinstance(days, dict) or not isinstance(value, tuple) or set(days) - set(WEEKDAYS):
        raise TypeError(f"`days` of `{value}` is not hours by weekday")
    return tuple(_words(days[day]) if day in days else value for day in WEEKDAYS)
