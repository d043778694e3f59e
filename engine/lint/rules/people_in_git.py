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

## 한국어
git은 사람이 담긴 파일(users·devices·events·suppression 원본과 테스터 목록)을 추적하면 안 됩니다.
`sources.users`에 `sample: true`라고 적은 가짜 사람은 괜찮습니다. 커밋은 모든 복제본에서 되돌릴 수
없어 이름과 번호가 영원히 남습니다(개인정보 보호법 제21조는 목적이 끝나면 파기하라고 합니다).
고치려면 `git rm --cached`로 빼고 .gitignore에 더하세요. 이미 올렸다면 이력을 다시 쓰세요. 실제
사람이 없다면 `sample: true`를 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice

META = RuleMeta(
    id="people-in-git",
    title="no people in git, unless they are made up",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-no-people",
        "personal data cannot be deleted from a history of commits",
        title_ko="개인정보는 커밋 기록에서 지울 수 없습니다",
    ),
    title_ko="실제 사람의 정보는 git에 두지 않습니다",
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
                korean=Korean(
                    f"git이 사람이 담긴 파일을 추적합니다: `{source.path}` ({name})",
                    ".gitignore에 더하고 `git rm --cached` 하세요. 가짜라면 `sample: true`를 적으세요",
                ),
            )
    if workspace.testers is not None and context.tracked(workspace.testers):
        yield Hit(
            message=f"git tracks `{workspace.testers}`, which holds people (testers)",
            at=workspace.origin / "testers",
            hint="add it to .gitignore and `git rm --cached` it",
            korean=Korean(
                f"git이 사람이 담긴 파일을 추적합니다: `{workspace.testers}` (테스터)",
                ".gitignore에 더하고 `git rm --cached` 하세요",
            ),
        )
