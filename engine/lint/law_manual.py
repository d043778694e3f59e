"""The law book in one document, for the lawyer who checks it: `docs/law.md`."""

from __future__ import annotations

from itertools import groupby

from engine.law.book import ANYWHERE, Provision, all_provisions, last_checked
from engine.law.provision import WEEKDAYS, Certainty

HEAD = """\
# The law book

<!-- Made by `make docs` (python -m engine.cli.manual) from engine/law/tables/. Edits here are lost. -->

Every number that the linter checks and that stops a message at the door, with where it was read and
when. It is not legal advice. How sure a row is:

| word | meaning |
| --- | --- |
| statute | read in the act or decree; no comment in a file can ignore it |
| guidance | a regulator's or platform's own words |
| practice | nobody's law: experience, or ours |
| ⚠ contested | sources disagree on the value or on whether it binds, or nobody confirms it |
| ⚠ vendor | only sellers of messages say so |

Rows marked ⚠ need a lawyer before anybody relies on them. A row without channels is about all of
them; "since ever" means that nobody recorded since when.

⚠ 표시가 있는 행은 쓰기 전에 변호사의 확인이 필요합니다. 채널이 없는 행은 모든 채널에 적용되며,
since ever는 시행일이 기록되지 않았다는 뜻입니다.
"""
_SINCE_EVER = 1970


def law_manual() -> str:
    """Return every row as Markdown: a table per jurisdiction."""
    places = [(place, list(rows)) for place, rows in groupby(all_provisions(), _place)]
    doubts = sum(row.doubtful for _, rows in places for row in rows)
    count = sum(len(rows) for _, rows in places)
    lines = [HEAD, "", f"{count} rows, {doubts} of them ⚠, last checked on {last_checked()}.", ""]
    lines += [
        f"- [{_title(place)}](#{_anchor(place)}): {len(rows)} rows"
        + (f", {doubtful} ⚠" if (doubtful := sum(row.doubtful for row in rows)) else "")
        for place, rows in places
    ]
    for place, rows in places:
        lines += ["", f"## {_title(place)}", ""]
        lines += ["| provision | value | channels | in force | what it says | sure | read |"]
        lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
        lines += [_row(row) for row in rows]
    return "\n".join(lines) + "\n"


def _place(row: Provision) -> str:
    return row.jurisdiction


def _title(place: str) -> str:
    return "Anywhere" if place == ANYWHERE else place


def _anchor(place: str) -> str:
    return _title(place).lower()


def _row(row: Provision) -> str:
    until = row.until or "today"
    since = "since ever" if row.since.year == _SINCE_EVER else str(row.since)
    says = f"**{row.article}**: {row.title}<br>{row.title_ko}"
    if row.note:
        says += f"<br>⚠ {row.note}" if row.doubtful else f"<br>{row.note}"
    cells = (
        f"`{row.name}`",
        _value(row),
        ", ".join(sorted(row.channels)),
        since if row.until is None and since == "since ever" else f"{since} – {until}",
        says,
        f"{'⚠ ' if row.doubtful else ''}{_sure(row.certainty)}",
        f"{row.source}, {row.checked_on}",
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _sure(certainty: Certainty) -> str:
    return str(certainty)


def _value(row: Provision) -> str:
    value = row.value
    if row.week:
        days = [
            f"{day} {'–'.join(span) if span else 'closed'}"
            for day, span in zip(WEEKDAYS, row.week, strict=True)
        ]
        value = ", ".join(days)
    elif isinstance(value, tuple):
        window = len(value) == 2 and all(":" in word for word in value)
        value = "–".join(value) if window else ", ".join(value)
    notes = []
    if row.closed_on_holidays:
        notes.append("closed on public holidays")
    if row.lifted_by_consent:
        notes.append("consent to the night lifts it")
    words = str(value).lower() if isinstance(value, bool) else str(value)
    return "; ".join([words, *notes])
