"""A second run knows what the first one sent.

## What
Where an environment that sends for real has a provider that reaches people, its state outlives the run: a
database in memory is an error, a path relative to the workspace (as `sqlite:///.pushform/state.db`,
the default) a warning.

## Why
Nobody gets a message twice because the ledger has one row per campaign, channel and address, claimed
before anything is handed over. A run that starts with an empty ledger knows of none: a CI job that is
run again would send again. (Collapse keys and NHN's idempotency key lessen that; they do not undo
it.) pushform refuses a state that was lost where a report tells it of one.

## Fix
Write the URL of a PostgreSQL database, or `sqlite:////…`, an absolute path on a disk that stays:
`state: {url: "${PUSHFORM_STATE_URL}"}`. On a machine of one's own a relative path is fine: say so in a
comment that ignores this rule.

## 한국어
실제로 발송하는 환경의 상태 저장소는 실행이 끝나도 남아야 합니다. 메모리 데이터베이스는 오류이고,
워크스페이스 기준의 상대 경로(기본값 `sqlite:///.pushform/state.db`)는 경고입니다. 아무도 메시지를
두 번 받지 않는 까닭은 넘겨주기 전에 캠페인·채널·주소마다 장부에 한 줄을 잡아 두기 때문입니다. 빈
장부로 시작한 실행은 이를 모르므로, CI를 다시 돌리면 다시 보내게 됩니다. 고치려면 PostgreSQL의
URL이나, 남아 있는 디스크의 절대 경로(`sqlite:////…`)를 쓰세요: `state: {url:
"${PUSHFORM_STATE_URL}"}`. 자기 서버에서만 돌린다면 주석으로 이 규칙을 무시할 수 있습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.model.workspace import RealEnvironment

META = RuleMeta(
    id="dispatch-idempotency",
    title="the ledger outlives the run, so that nobody gets a message twice",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-one-ledger",
        "only a ledger that stays knows who has been sent what",
        title_ko="남아 있는 장부만이 누가 무엇을 받았는지 압니다",
    ),
    title_ko="장부는 실행이 끝나도 남아야 합니다. 그래야 같은 메시지를 두 번 보내지 않습니다",
)
_SENDS = "channels: {sms: {provider: solapi, api_key: '${SOLAPI_KEY}', secret: '${SOLAPI_SECRET}'}}"
EXAMPLES = (
    Good(f"workspace: {{{_SENDS}, state: {{url: '${{PUSHFORM_STATE_URL}}'}}}}"),
    Good(f"workspace: {{{_SENDS}, state: {{url: 'sqlite:////var/lib/pushform/state.db'}}}}"),
    Good("workspace: {state: {url: 'sqlite:///.pushform/state.db'}}"),
    Bad(
        f"workspace: {{{_SENDS}, state: {{url: 'sqlite:///:memory:'}}}}",
        ("workspace", "state"),
        "is gone when the run ends",
    ),
    Bad(
        f"workspace: {{{_SENDS}, state: {{url: 'sqlite://'}}}}",
        ("workspace", "state"),
        "is gone when the run ends",
    ),
    Bad(
        f"workspace: {{{_SENDS}, state: {{url: 'sqlite:///.pushform/state.db'}}}}",
        ("workspace", "state"),
        "a fresh checkout does not have it",
    ),
)
_REACH_NOBODY = frozenset({"sandbox", "file"})
_MEMORY = frozenset({"sqlite://", "sqlite:///", "sqlite:///:memory:"})


def check(context: LintContext) -> Iterator[Hit]:
    """Yield environments whose ledger a second run would not find."""
    for name, real in context.workspace.real.items():
        url = real.state.url
        if not isinstance(url, str) or not url.startswith("sqlite:") or not _reaches(real):
            continue
        gone = url in _MEMORY or "mode=memory" in url
        if not gone and url.startswith("sqlite:////"):
            continue
        why = (
            "is gone when the run ends"
            if gone
            else "is relative: a fresh checkout does not have it"
        )
        why_ko = (
            "실행이 끝나면 사라집니다" if gone else "상대 경로라서 새로 받은 저장소에는 없습니다"
        )
        yield Hit(
            message=f"the state of `{name}`, `{url}`, {why}, and everybody would be sent again",
            at=real.state.origin,
            hint='write `url: "${PUSHFORM_STATE_URL}"`: a database, or an absolute path that stays',
            severity=None if gone else Severity.WARNING,
            korean=Korean(
                f"`{name}`의 상태 저장소 `{url}`{josa(url, '은/는')} {why_ko}. 모두에게 다시 보내게 됩니다",
                '`url: "${PUSHFORM_STATE_URL}"`로 쓰고 데이터베이스나 남는 절대 경로를 가리키게 하세요',
            ),
        )


def _reaches(real: RealEnvironment) -> bool:
    """Tell whether anybody could get a message from it."""
    return any(settings.provider not in _REACH_NOBODY for settings in real.channels.values())
