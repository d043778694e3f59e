"""What one part of a workspace comes to, and how the parts come together to the whole.

A part holds all audiences and some of the campaigns, with the templates that those name; parts are in
the order of their campaigns' ids. Whoever lints in parts, or keeps a part for the next run, gets
the findings of one run over everything: comments are answered, and clock rules judged, only then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta

from engine.kernel.finding import Finding
from engine.kernel.frozen import frozen
from engine.law.book import last_checked
from engine.law.lead import LEAD
from engine.lint.across import Seen
from engine.lint.catalog import ACROSS, ALWAYS, WITHIN
from engine.lint.context import Comment, LintContext
from engine.lint.due import due_times
from engine.lint.rules import template_unused_variable
from engine.lint.run import find, stamped
from engine.lint.texts import used_templates

_BY_ALL = template_unused_variable.META.id
"""A variable is unused if no campaign's links read it, in whichever part the campaign is."""


@frozen
class Part:
    """The findings of a part, before comments are read.

    `read` are the reader's, `found` those of the rules that look at nothing but files, `now` those of
    the rules that look at the clock, at git or at reports: these hold for one instant only. `shared`
    are the files of the templates that live campaigns use, `due` (instant, file) of live campaigns.
    `seen` is what rules that compare campaigns noted; the whole has their findings instead.
    """

    read: tuple[Finding, ...] = ()
    found: tuple[Finding, ...] = ()
    now: tuple[Finding, ...] = ()
    comments: Mapping[str, Sequence[Comment]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    due: tuple[tuple[datetime, str], ...] = ()
    seen: tuple[Seen, ...] = ()


def examine(context: LintContext, read: Iterable[Finding]) -> Part:
    """Return what `context` comes to; `read` are the reader's findings about the same files."""
    return Part(
        read=tuple(read),
        found=find(context, WITHIN),
        now=find(context, ALWAYS),
        seen=tuple(one for rule in ACROSS for one in rule.gather(context)),
        comments=context.comments,
        shared=frozenset(
            template.origin.file
            for campaign in context.live
            for template in used_templates(campaign)
            if template.origin.file != campaign.origin.file
        ),
        due=tuple((due.at, due.campaign.origin.file) for due in context.once(due_times)),
    )


def merge(parts: Sequence[Part]) -> Part:
    """Return the whole that `parts` are parts of.

    What several parts say about one file, they say about the same bytes: the first is believed.
    """
    compared = _compared(one for part in parts for one in part.seen)
    if len(parts) == 1:
        return replace(parts[0], found=(*parts[0].found, *compared), seen=())
    comments: dict[str, Sequence[Comment]] = {}
    for part in reversed(parts):
        comments.update(part.comments)
    return Part(
        read=tuple(_by_file(parts)),
        found=(*_agreed(parts), *compared),
        now=tuple(finding for part in parts for finding in part.now),
        comments=comments,
        shared=frozenset().union(*(part.shared for part in parts)),
        due=tuple(due for part in parts for due in part.due),
    )


def files_to_judge(part: Part, now: datetime) -> tuple[str, ...]:
    """Return the files of campaigns about which clock rules may have something to say at `now`."""
    # Rules compare to the instant; a second more costs nothing and spares every doubt.
    last = now + LEAD + timedelta(seconds=1)
    return tuple(sorted({file for at, file in part.due if at <= last}))


def places(part: Part) -> frozenset[str]:
    """Return the files that have findings or comments: those whose text is needed to show them."""
    findings = (*part.read, *part.found, *part.now)
    return frozenset(finding.at.file for finding in findings) | part.comments.keys()


def _compared(seen: Iterable[Seen]) -> tuple[Finding, ...]:
    """Return what the rules that compare campaigns make of all that was noted."""
    notes: defaultdict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        notes[one.rule].append(one)
    # They rest on no dated row, so their citations are the same on any day.
    return tuple(
        finding
        for rule in ACROSS
        for finding in stamped(rule.judge(notes[rule.META.id]), rule.META, lambda _: last_checked())
    )


def _by_file(parts: Sequence[Part]) -> Iterator[Finding]:
    seen: set[str] = set()
    for part in parts:
        yield from (finding for finding in part.read if finding.at.file not in seen)
        seen.update(finding.at.file for finding in part.read)


def _agreed(parts: Sequence[Part]) -> Iterator[Finding]:
    votes: defaultdict[tuple[object, str], int] = defaultdict(int)
    for part in parts:
        for key in {(f.at, f.message) for f in part.found if f.rule == _BY_ALL}:
            votes[key] += 1
    for part in parts:
        for finding in part.found:
            file = finding.at.file
            voters = max(1, sum(file in other.shared for other in parts))
            if finding.rule != _BY_ALL or votes[finding.at, finding.message] >= voters:
                yield finding
