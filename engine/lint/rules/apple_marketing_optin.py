"""An app that sends advertisements asks for them and lets people stop them.

## What
Where advertisements go out on the app, `app.opt_in` and `app.opt_out` of pushform.yaml are not
`false`. What is not written is not judged: nobody but the app's makers knows.

## Why
Apple's App Review Guidelines 4.5.4: push notifications carry promotions only where people opted in
by consent language in the app, and where the app has a way to opt out (the words from memory). An
app without them can be taken out of the store, and its pushes with it.

## Fix
Build the screens, then write `app: {opt_in: true, opt_out: true}`.

## 한국어
앱으로 광고가 나갈 때 pushform.yaml의 `app.opt_in`과 `app.opt_out`이 `false`이면 안 됩니다. 적지
않은 것은 판단하지 않습니다. 애플 앱 심사 지침 4.5.4에 따르면(문구는 기억에 따름) 프로모션 푸시는 앱
안에서 동의를 받고 앱 안에 거부 방법이 있을 때만 보낼 수 있습니다. 없으면 앱이 스토어에서 내려갈 수
있습니다. 고치려면 화면을 만든 뒤 `app: {opt_in: true, opt_out: true}`라고 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Citation, Confidence, Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta
from engine.lint.texts import used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="apple-marketing-optin",
    title="an app that sends advertisements has screens for opting in and out",
    severity=Severity.WARNING,
    rests_on=Citation(
        id="apple-app-review-4-5-4",
        title="App Store Review Guidelines 4.5.4: promotions need an opt-in and an opt-out in the app",
        title_ko="App Store 심사 지침 4.5.4: 프로모션 푸시는 앱 안의 동의와 거부 방법이 있어야 합니다",
        confidence=Confidence.GUIDANCE,
    ),
    title_ko="광고를 보내는 앱에는 동의 화면과 거부 화면이 있어야 합니다",
)
EXAMPLES = (
    Good("workspace: {app: {opt_in: true, opt_out: true}}"),
    Good("workspace: {app: {settings_path: '앱 > 설정 > 알림'}}"),
    Bad("workspace: {app: {opt_in: false}}", ("workspace", "app", "opt_in"), "no screen"),
    Bad(
        "workspace: {app: {opt_in: true, opt_out: false}}",
        ("workspace", "app", "opt_out"),
        "no screen",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the screens that the app does not have, where it gets advertisements."""
    app = context.workspace.app
    missing = [name for name in ("opt_in", "opt_out") if getattr(app, name) is False]
    if not missing:
        return
    if not any(one.advertising and Channel.APP in used_channels(one) for one in context.live):
        return
    for name in missing:
        to, to_ko = ("ask for", "동의를 받는") if name == "opt_in" else ("refuse", "거부하는")
        yield Hit(
            message=f"the app has no screen to {to} advertisements, and gets them",
            at=context.workspace.origin / "app" / name,
            hint=f"build the screen, then write `{name}: true`",
            channel=Channel.APP,
            korean=Korean(
                f"앱에 광고 수신을 {to_ko} 화면이 없는데 앱으로 광고가 나갑니다",
                f"화면을 만든 뒤 `{name}: true`라고 적으세요",
            ),
        )
