"""Reading `# pushform: ignore[rule-id] reason; until 2026-12-31`: what holds, and what is wrong with it.

For practice and guidance, and for rules that go by words: whether a text means what its words often
mean is for people. What statute settles cannot be ignored in a file, nor can the clock by which an apply
is refused; and the door ignores comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath

from engine.kernel.finding import Finding, Korean, Severity
from engine.kernel.frozen import frozen
from engine.kernel.instant import end_of_day, find_zone, parse_date
from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.lint.context import Comment, LintContext
from engine.lint.rule import RuleMeta

RULE = "ignore-comment"

OWN_CLOCK = frozenset({"schedule-lead-time", "schedule-past"})
"""Rules that only say early what an apply and the door hold anyway: a comment moves no clock."""

_SHAPE = re.compile(r"#?\s*pushform:\s*ignore\s*\[(?P<rules>[^\]]*)\](?P<rest>.*)", re.DOTALL)
_UNTIL = re.compile(r";\s*until\s+(?P<day>\S+)\s*$")
_ANY = re.compile(r"#?\s*pushform:\s*ignore\b")
_HINT = "write `# pushform: ignore[rule-id] reason; until 2026-12-31`"
_HINT_KO = "`# pushform: ignore[rule-id] 이유; until 2026-12-31`처럼 적으세요"


@frozen
class Ignore:
    """One comment: what it ignores on which lines, why, and until the end of which day.

    `over`: of a campaign that is history, so that the day is nothing to it any more. `by_words`: those
    of `rules` that are answered though they cite statute.
    """

    file: str
    line: int
    lines: frozenset[int]
    rules: tuple[str, ...]
    reason: str
    until: date
    over: bool = False
    by_words: frozenset[str] = frozenset()


@dataclass(slots=True)
class Answers:
    """What the comments of a workspace come to: complaints about them, and those that hold."""

    complaints: list[Finding] = field(default_factory=list)
    holding: list[Ignore] = field(default_factory=list)


def read_comments(metas: Mapping[str, RuleMeta], context: LintContext) -> Answers:
    """Return what is wrong with the ignore comments of `context`, and those that hold now.

    Nobody mends the comments of a campaign that was started: those that count go on doing so beyond
    their day, and of the others nothing is said.
    """
    answers = Answers()
    for file, comments in context.comments.items():
        for comment in comments:
            if _ANY.match(comment.text):
                _read(file, comment, metas, context, answers)
    return answers


def _read(
    file: str,
    comment: Comment,
    metas: Mapping[str, RuleMeta],
    context: LintContext,
    answers: Answers,
) -> None:
    over = _is_over(file, context)

    def complain(message: str, hint: str, korean: Korean) -> None:
        if not over:
            answers.complaints.append(
                complaint(Origin(file), comment.line, message, hint, korean, metas, context.as_of)
            )

    match = _SHAPE.match(comment.text)
    rules = tuple(name.strip() for name in match["rules"].split(",")) if match else ()
    if match is None or not all(rules):
        complain(
            "this comment names no rule to ignore",
            _HINT,
            Korean("이 주석에는 무시할 규칙이 없습니다", _HINT_KO),
        )
        return
    rest, until = match["rest"], None
    if (written := _UNTIL.search(rest)) is not None:
        rest = rest[: written.start()]
        try:
            until = parse_date(written["day"])
        except ValueError as error:
            complain(str(error), _HINT, Korean(f"`{written['day']}`: 날짜가 아닙니다", _HINT_KO))
            return
    if not rest.strip(" ;"):
        complain(
            "this comment has no reason", _HINT, Korean("이 주석에는 이유가 없습니다", _HINT_KO)
        )
        return
    if until is None:
        complain(
            "this comment does not say until when it holds",
            _HINT,
            Korean("이 주석에는 언제까지인지가 없습니다", _HINT_KO),
        )
        return
    if not over and context.as_of >= _end(until, context):
        complain(
            f"this comment expired on {until}",
            "renew the date in a review, or delete it",
            Korean(
                f"이 주석은 {until}에 기한이 지났습니다", "검토를 거쳐 날짜를 늘리거나 지우세요"
            ),
        )
        return
    kept = tuple(name for name in rules if _may_ignore(name, metas, context.as_of, complain))
    if kept:
        answers.holding.append(
            Ignore(
                file=file,
                line=comment.line,
                lines=_lines(file, comment.line, context.sources),
                rules=kept,
                reason=rest.strip(" ;"),
                until=until,
                over=over,
                by_words=frozenset(name for name in kept if metas[name].by_words),
            )
        )


def _is_over(file: str, context: LintContext) -> bool:
    """Tell whether `file` is a campaign that is history."""
    campaign = _campaign_of(file)
    return campaign is not None and context.is_over(campaign)


def _campaign_of(file: str) -> str | None:
    """Return the id of the campaign that `file` is: its stem. None for any other file."""
    path = PurePosixPath(file)
    return path.stem if path.parts[0] == "campaigns" else None


def _may_ignore(
    name: str,
    metas: Mapping[str, RuleMeta],
    now: datetime,
    complain: Callable[[str, str, Korean], None],
) -> bool:
    meta = metas.get(name)
    if meta is None or name == RULE:
        complain(
            f"there is no rule `{name}` that could be ignored",
            "`pushform rule` lists them",
            Korean(
                f"`{name}`: 무시할 수 있는 그런 규칙은 없습니다",
                "목록은 `pushform rule`에 있습니다",
            ),
        )
        return False
    if not meta.may_be_ignored(now.date()):
        complain(
            f"`{name}` rests on statute and cannot be ignored",
            "follow it",
            Korean(f"`{name}` 규칙은 법률에 근거하므로 무시할 수 없습니다", "지켜야 합니다"),
        )
        return False
    if name in OWN_CLOCK:
        complain(
            f"`{name}` is the clock that an apply is refused by and cannot be ignored",
            "choose a later `schedule.at`; a message that cannot wait: `urgent:` (informational)",
            Korean(
                f"`{name}` 규칙은 적용을 거절하는 시계 규칙이라 무시할 수 없습니다",
                "더 늦은 `schedule.at`을 고르세요. 급한 정보성 메시지라면 `urgent:`를 쓰세요",
            ),
        )
        return False
    return True


def _lines(file: str, line: int, sources: SourceMap) -> frozenset[int]:
    """Return the lines that a comment on `line` speaks for.

    Its own; alone on its line, the next line that is no comment; at the head of a file, also line
    1, where findings about the whole file are shown.
    """
    source = sources.get(file)
    if source is None or not source.line(line).lstrip().startswith("#"):
        return frozenset({line})
    texts = source.text.splitlines()
    following = line
    while following < len(texts) and texts[following].lstrip().startswith("#"):
        following += 1
    head = all(text.lstrip().startswith("#") or not text.strip() for text in texts[:line])
    return frozenset({line, following + 1, *({1} if head else ())})


def _end(until: date, context: LintContext) -> datetime:
    zone = find_zone(context.workspace.timezone)
    if zone is None:
        raise ValueError(f"`{context.workspace.timezone}` is not a zone")
    return end_of_day(until, zone)


def complaint(
    at: Origin,
    line: int,
    message: str,
    hint: str,
    korean: Korean,
    metas: Mapping[str, RuleMeta],
    now: datetime,
    severity: Severity = Severity.ERROR,
) -> Finding:
    """Return what is wrong with the comment on `line` of the file `at`."""
    return Finding(
        rule=RULE,
        severity=severity,
        message=message,
        at=at,
        hint=hint,
        campaign=_campaign_of(at.file),
        citation=metas[RULE].citation(now.date()),
        line=line,
        column=1,
        korean=korean,
    )
