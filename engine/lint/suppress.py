"""Which findings the comments answer that hold now, and which comments answer nothing.

`engine.lint.ignore_comments` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.kernel.finding import Confidence, Finding, Korean, Severity
from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.lint.context import LintContext
from engine.lint.ignore_comments import RULE, Ignore, complaint, read_comments
from engine.lint.rule import RuleMeta


def answer_comments(
    findings: Sequence[Finding], metas: Mapping[str, RuleMeta], context: LintContext
) -> tuple[Finding, ...]:
    """Return the findings that no comment answers, and what is wrong with the comments."""
    if not context.comments or RULE not in metas:
        return tuple(findings)
    answers = read_comments(metas, context)
    used: set[tuple[int, str]] = set()
    files = {ignore.file for ignore in answers.holding}
    left = [
        finding
        for finding in findings
        if finding.at.file not in files
        or answering(finding, answers.holding, context.sources, used) is None
    ]
    unused = (
        complaint(
            Origin(ignore.file),
            ignore.line,
            f"there is nothing left to ignore for `{rule}`",
            "delete the comment",
            Korean(f"`{rule}` 규칙으로 무시할 것이 남아 있지 않습니다", "주석을 지우세요"),
            metas,
            context.as_of,
            severity=Severity.WARNING,
        )
        for number, ignore in enumerate(answers.holding)
        for rule in ignore.rules
        if (number, rule) not in used and not ignore.over
    )
    return (*left, *answers.complaints, *unused)


def answering(
    finding: Finding,
    ignores: Iterable[Ignore],
    sources: SourceMap,
    used: set[tuple[int, str]],
) -> Ignore | None:
    """Return the comment of `ignores` that answers `finding`, if any; `used` notes (number, rule)."""
    # A rule of practice may cite a country's statute in this case.
    statute = finding.citation is not None and finding.citation.confidence is Confidence.STATUTE
    line = finding.line or sources.locate(finding.at, key=finding.key).line
    for number, ignore in enumerate(ignores):
        if statute and finding.rule not in ignore.by_words:
            continue
        if ignore.file == finding.at.file and finding.rule in ignore.rules and line in ignore.lines:
            used.add((number, finding.rule))
            return ignore
    return None
