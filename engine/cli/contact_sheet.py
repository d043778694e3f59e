"""The pages of a workspace's campaigns: what `pushform site` writes and `preview` prints."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from engine.app.people import open_people_of
from engine.app.session import Session
from engine.app.state import has_state, open_ledger
from engine.cli.planning import NO_KEY
from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.lint.context import jurisdictions_of
from engine.message.slots import text_slots
from engine.model.facts import Extremes
from engine.model.resolved import ResolvedCampaign
from engine.site.case import Before, Case
from engine.site.extremes import cases_of
from engine.site.index import FROM_SHEET, SHEETS, Entry, entry, index_html, sheet_name
from engine.site.sheet import contact_sheet_html
from engine.workspace.read import Loaded, read_at_revision

INDEX = "index.html"


@frozen
class Pages:
    """Every page by file name: `index.html` and `campaigns/<id>.html`, with the index's rows.

    `left_out` are the campaigns whose mistakes leave nothing to draw.
    """

    entries: tuple[Entry, ...]
    html: Mapping[str, str]
    left_out: tuple[str, ...]


def sheet_of(
    session: Session,
    campaign: ResolvedCampaign,
    *,
    against: str | None,
    language: str | None,
    people: bool = False,
) -> str:
    """Return the contact sheet of one campaign, compared with the revision `against`.

    With `people` the audience is looked at: the longest values are real ones, masked. Raises
    UnavailableError where it cannot be read.
    """
    with _looking(session, people) as look:
        samples = _cases(campaign, look(campaign))
    return contact_sheet_html(
        campaign,
        samples=samples,
        before=_before(_earlier(session, against), against, campaign.id),
        language=language or session.workspace.locale,
    )


def pages_of(
    session: Session,
    ids: Collection[str],
    *,
    against: str | None,
    language: str | None,
    people: bool = False,
) -> Pages:
    """Return the sheets of the campaigns `ids` (none named: all of them) and their index.

    `people` as for `sheet_of`. Raises UsageError for a campaign that is not there or has mistakes.
    """
    wanted = _wanted(session.loaded, ids)
    spoken = language or session.workspace.locale
    earlier = _earlier(session, against)
    entries: list[Entry] = []
    html: dict[str, str] = {}
    with _looking(session, people) as look:
        drawn = {id_: _cases(campaign, look(campaign)) for id_, campaign in wanted.items()}
    for id_, campaign in wanted.items():
        cases, before = drawn[id_], _before(earlier, against, id_)
        entries.append(entry(campaign, cases, before))
        html[sheet_name(id_)] = contact_sheet_html(
            campaign, samples=cases, before=before, language=spoken, index=FROM_SHEET
        )
    html[INDEX] = index_html(session.workspace.name, entries, language=spoken, revision=against)
    known = {*session.loaded.resolved, *session.loaded.set_aside}
    left_out = () if ids else tuple(sorted(set(session.loaded.campaigns) - known))
    return Pages(entries=tuple(entries), html=html, left_out=left_out)


def write_pages(pages: Pages, folder: Path) -> tuple[Path, ...]:
    """Write every page into `folder`, readable by its owner only, and return their paths."""
    for each in (folder, folder / SHEETS):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    return tuple(_write(folder / name, text) for name, text in sorted(pages.html.items()))


def remove_others(folder: Path, kept: Collection[Path]) -> None:
    """Remove pages and pictures of an earlier run from `folder`, which must be ours alone."""
    for pattern in ("*.html", "*.png"):
        for path in (folder / SHEETS).glob(pattern):
            if path not in kept:
                path.unlink()


def _write(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text.encode())
    draft.replace(path)
    return path


def _wanted(loaded: Loaded, ids: Collection[str]) -> dict[str, ResolvedCampaign]:
    known = dict(sorted({**loaded.set_aside, **loaded.resolved}.items()))
    for id_ in ids:
        if id_ not in known:
            raise UsageError(
                f"there is no campaign `{id_}` that could be drawn",
                f"there are: {', '.join(known) or 'none'}; "
                "`pushform lint` shows what is wrong with others",
            )
    return {id_: campaign for id_, campaign in known.items() if not ids or id_ in ids}


def _earlier(session: Session, against: str | None) -> Loaded | None:
    if against is None:
        return None
    return read_at_revision(session.root, against, session.environment)


def _before(earlier: Loaded | None, against: str | None, id_: str) -> Before | None:
    if earlier is None or against is None:
        return None
    then = earlier.resolved.get(id_) or earlier.set_aside.get(id_)
    return Before(revision=against, cases=_cases(then) if then is not None else ())


def _cases(campaign: ResolvedCampaign, extremes: Extremes | None = None) -> tuple[Case, ...]:
    return tuple(cases_of(campaign, jurisdictions_of(campaign), extremes))


@contextmanager
def _looking(
    session: Session, people: bool
) -> Iterator[Callable[[ResolvedCampaign], Extremes | None]]:
    """Open what finds a campaign's extremes among its people; without `people` it finds none."""
    if not people:
        yield lambda _: None
        return
    with ExitStack() as stack:
        ledger, key = None, NO_KEY
        if has_state(session):
            ledger, _, key = stack.enter_context(open_ledger(session, create=False))
        opened = stack.enter_context(open_people_of(session, key, ledger))
        yield lambda campaign: opened.extremes(campaign, text_slots(campaign), session.opened_at)
