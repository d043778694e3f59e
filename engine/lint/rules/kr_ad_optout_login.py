"""Refusing advertisements asks for no login.

## What
`sender.opt_out_login` is not true where advertisements go to Korea, and no opt-out text leads to a
page for members (`/mypage`, `/login`). Where nothing is declared nothing is said: only the shop
knows what its pages ask for.

## Why
정보통신망법 제50조제5항제1호: nobody may hinder people from refusing. KISA's guide calls a login such a
hindrance (cafe24 notice to shops on 시행령 별표 6).

## Fix
Lead to the app's own settings, to an 080 number, or to a page that knows the person from a token
in its address.

## 한국어
한국으로 가는 광고의 수신거부에 로그인을 요구하면 안 됩니다. `sender.opt_out_login: true`이거나 수신거부
문구가 회원 전용 페이지(`/mypage`, `/login`)로 이어지면 알립니다. 정보통신망법 제50조제5항제1호는
수신거부를 회피·방해하는 조치를 금지합니다.
고치려면 앱의 알림 설정, 080 번호, 또는 주소에 든 토큰으로 사람을 알아보는 페이지로 이어지게 하세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.opt_outs import opt_outs
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-optout-login",
    title="refusing advertisements asks for no login",
    severity=Severity.WARNING,
    rests_on=Cites("ad_deception", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="수신거부에 로그인을 요구하지 않습니다",
)
EXAMPLES = (
    Good("workspace: {sender: {opt_out_login: false}}"),
    Good("workspace: {sender: {opt_out: {sms: {ko: '무료거부 https://shop.example/o'}}}}"),
    Bad(
        "workspace: {sender: {opt_out_login: true}}",
        ("workspace", "sender", "opt_out_login"),
        "asks for a login",
    ),
    Bad(
        "workspace: {sender: {opt_out: {sms: {ko: '무료거부 https://shop.example/mypage/push'}}}}",
        ("workspace", "sender", "opt_out", "sms", "ko"),
        "`https://shop.example/mypage/push` is a page for members",
    ),
)
_MEMBERS = re.compile(
    r"(?:https?://|www\.)\S*?/(?:my-?page|my|log-?in|sign-?in|members?)(?=[/?#\s]|$)\S*",
    re.IGNORECASE,
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield what stands between people and their refusal."""
    if not context.korean_ads:
        return
    hint = "lead to the app's settings, an 080 number or a page with a token in its address"
    korean = "앱 설정, 080 번호, 토큰이 든 주소의 페이지로 이어지게 하세요"
    if context.workspace.sender.opt_out_login:
        yield Hit(
            message="refusing advertisements asks for a login",
            at=context.workspace.origin / "sender" / "opt_out_login",
            hint=hint,
            jurisdiction=KOREA,
            korean=Korean("수신거부에 로그인이 필요합니다", korean),
        )
    for one in opt_outs(context):
        found = _MEMBERS.search(one.text)
        if found is not None:
            yield Hit(
                message=f"`{found[0]}` is a page for members, and people refuse advertisements there",
                at=one.at,
                hint=hint,
                channel=one.channel,
                jurisdiction=KOREA,
                korean=Korean(
                    f"수신거부 주소가 로그인해야 하는 회원 페이지입니다: `{found[0]}`", korean
                ),
            )
