"""The way out names the settings as the app has them today.

## What
Where `app.settings_path` of pushform.yaml says how the app names the screen on which
advertisements are turned off, the opt-out text of app pushes in the workspace's locale names the
same steps (`앱 > 설정 > 알림`), as do paths typed into texts. More steps in front, such as 앱, are fine.
Without `app.settings_path` nothing is said: only the app knows its screens.

## Why
정보통신망법 제50조제4항제2호 asks for a way that is easy; a path that an update moved leads nowhere, and
leading people astray hinders their refusal (제50조제5항제1호).

## Fix
Write the steps that the app shows, in `sender.opt_out.app` or, if the app is right there and
`app.settings_path` is old, in `app.settings_path`.

## 한국어
pushform.yaml의 `app.settings_path`에 앱의 수신거부 화면 경로가 적혀 있으면, 앱 푸시의 수신거부 문구와
글에 손으로 적은 경로가 그와 같은 단계를 따라야 합니다. 정보통신망법 제50조제4항제2호는 쉬운 방법을
요구하는데, 업데이트로 옮겨진 메뉴를 가리키면 거부할 수 없습니다.
고치려면 `sender.opt_out.app`을 앱의 실제 경로대로 쓰거나, 경로가 옛것이면 `app.settings_path`를
고치세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.every_text import every_text
from engine.lint.opt_outs import opt_outs
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.ways_out import steps
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-ad-optout-stale-path",
    title="the way out names the settings as the app has them",
    severity=Severity.WARNING,
    rests_on=Cites("ad_opt_out", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="수신거부 경로는 지금 앱의 메뉴와 같아야 합니다",
)
EXAMPLES = (
    Good("workspace: {app: {settings_path: '설정 > 알림'}}"),
    Bad(
        "workspace: {app: {settings_path: '마이 > 설정 > 혜택 알림'}}",
        ("workspace", "sender", "opt_out", "app", "ko"),
        "`앱 > 설정 > 알림` is not",
    ),
    Bad(
        "{workspace: {app: {settings_path: '앱 > 설정 > 알림'}},"
        " template: {locales: {ko: {body: '전 상품 20%, 수신거부: 마이 > 알림'}}}}",
        ("template", "locales", "ko", "body"),
        "`마이 > 알림` is not",
    ),
)
_TYPED = re.compile(r"(?:거부|끄기|해지)[^>→\n]*[>→]")


def check(context: LintContext) -> Iterator[Hit]:
    """Yield paths through menus that are not the app's."""
    workspace = context.workspace
    told = workspace.app.settings_path
    wanted = steps(told) if told else ()
    if not told or not wanted or not context.korean_ads:
        return
    for one in opt_outs(context):
        if one.channel is Channel.APP and one.locale == workspace.locale:
            yield from _compare(one.text, wanted, told, one.at, None)
    for text in context.once(every_text):
        if Channel.APP not in text.channels or text.locale != workspace.locale:
            continue
        body = text.text.body or ""
        typed = _TYPED.search(body) if text.campaign.advertising else None
        if typed is not None:
            at = text.origin / "body"
            yield from _compare(body[typed.start() :], wanted, told, at, text.campaign.id)


def _compare(
    text: str, wanted: tuple[str, ...], told: str, at: Origin, campaign: str | None
) -> Iterator[Hit]:
    found = steps(text)
    if not found or found[-len(wanted) :] == wanted or wanted[-len(found) :] == found:
        return
    path = " > ".join(found)
    yield Hit(
        message=f"`{path}` is not where the app has it: `{told}`",
        at=at,
        hint="write the app's own steps, or correct `app.settings_path`",
        campaign=campaign,
        channel=Channel.APP,
        jurisdiction=KOREA,
        korean=Korean(
            f"수신거부 경로가 앱과 다릅니다: `{path}` (앱의 경로는 `{told}`)",
            "앱의 실제 경로를 쓰거나 `app.settings_path`를 고치세요",
        ),
    )
