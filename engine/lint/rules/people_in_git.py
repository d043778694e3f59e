"""People stay out of git.

## What
Git tracks none of the workspace's sources of people (users, devices, events, suppression) and not
the list of testers, unless `sources.users` says `sample: true`: made-up people.

## Why
A commit cannot be taken back from every clone: names, numbers and refusals would be there for
good (개인정보 보호법 제21조 asks for deletion when the purpose is over). Sources are read where
they live: a file beside the repository, or a database.

## Fix
`git rm --cached` the file, add it to .gitignore, and rewrite history if it was pushed. Or, if
nobody in it is real, write `sample: true`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice

META = RuleMeta(
    id="people-in-git",
    title="no people in git, unless they are made up",
    severity=Severity.ERROR,
    rests_on=practice("own-no-people", "personal data cannot be deleted from a history of commits"),
)
EXAMPLES = (
    Good("workspace: {}", Setting(tracked=("pushform.yaml", "audiences/data/users.csv"))),
    Good("workspace: {sources: {users: {sample: false}}}"),
    Bad(
        "workspace: {sources: {users: {sample: false}}}",
        ("workspace", "sources", "users", "path"),
        "`audiences/data/users.csv`",
        Setting(tracked=("audiences/data/users.csv",)),
    ),
    Bad(
        "workspace: {testers: audiences/testers.yaml}",
        ("workspace", "testers"),
        "`audiences/testers.yaml`",
        Setting(tracked=("audiences/testers.yaml",)),
    ),
)

_HINT = "add it to .gitignore and `git rm --cached` it, or write `sample: true` if nobody is real"


def check(context: LintContext) -> Iterator[Hit]:
    """Yield tracked files with people."""
    workspace, sources = context.workspace, context.workspace.sources
    made_up = sources.users is not None and sources.users.sample
    named = {
        "users": sources.users,
        "devices": sources.devices,
        "events": sources.events,
        "suppression": sources.suppression,
    }
    for name, source in named.items():
        if source is None or source.path is None or source.sample or made_up:
            continue
        if context.tracked(source.path):
            yield Hit(
                message=f"git tracks `{source.path}`, which holds people ({name})",
                at=source.origin / "path",
                hint=_HINT,
            )
    if workspace.testers is not None and context.tracked(workspace.testers):
        yield Hit(
            message=f"git tracks `{workspace.testers}`, which holds people (testers)",
            at=workspace.origin / "testers",
            hint="add it to .gitignore and `git rm --cached` it",
        )
