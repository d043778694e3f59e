"""A push service can write to whoever sends.

## What
Where an environment that sends for real has `provider: webpush`, its `subject` is `mailto:` with an
address, or an https URL, at a real domain. Audience and lifetime of the tokens (at most 24 hours) are
pushform's own work.

## Why
RFC 8292, 2.1: the token that signs every request names a contact, as `mailto:` or `https:`. Apple and
Mozilla answer 403 to others, to everybody's message.

## Fix
Write `subject: "mailto:push@your.domain"`.

## 한국어
실제로 발송하는 환경이 `provider: webpush`를 쓰면 `subject`는 실제 도메인의 `mailto:` 주소나 https
URL이어야 합니다. 요청마다 서명하는 토큰에는 RFC 8292 2.1절에 따라 연락처가 들어가며, 다른 값이면
애플과 모질라가 모든 메시지를 403으로 거절합니다. 토큰의 대상과 유효 시간(최대 24시간)은 pushform이
알아서 정합니다. 고치려면 `subject: "mailto:push@your.domain"`처럼 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.errors import UsageError
from engine.kernel.finding import Citation, Confidence, Korean, Severity
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta
from engine.model.channel import Channel

META = RuleMeta(
    id="webpush-vapid",
    title="web push is signed with a contact that push services accept",
    severity=Severity.ERROR,
    rests_on=Citation(
        id="rfc8292-subject",
        title="RFC 8292, 2.1: `sub` is a mailto: or https: URI of the sender",
        title_ko="RFC 8292 2.1절: `sub`는 보내는 쪽의 mailto: 또는 https: URI입니다",
        confidence=Confidence.GUIDANCE,
    ),
    title_ko="웹 푸시는 푸시 서비스가 받아들이는 연락처로 서명해야 합니다",
)
_WEB = "provider: webpush, private_key: '${VAPID_PRIVATE_KEY}'"
EXAMPLES = (
    Good(f"workspace: {{channels: {{web: {{{_WEB}, subject: 'mailto:push@shop.example'}}}}}}"),
    Bad(
        f"workspace: {{channels: {{web: {{{_WEB}, subject: 'push@shop.example'}}}}}}",
        ("workspace", "channels", "web", "subject"),
        "`push@shop.example`",
    ),
    Bad(
        f"workspace: {{channels: {{web: {{{_WEB}, subject: 'https://localhost'}}}}}}",
        ("workspace", "channels", "web", "subject"),
        "`https://localhost`",
    ),
    Bad(
        f"workspace: {{channels: {{web: {{{_WEB}}}}}}}",
        ("workspace", "channels", "web"),
        "no `subject`",
    ),
)
_HINT = 'write `subject: "mailto:push@your.domain"`'
_HINT_KO = '`subject: "mailto:push@your.domain"`처럼 쓰세요'


def check(context: LintContext) -> Iterator[Hit]:
    """Yield web push settings whose contact push services would refuse."""
    for real in context.workspace.real.values():
        settings = real.channels.get(Channel.WEB)
        if settings is None or settings.provider != "webpush":
            continue
        subject = settings.options.get("subject")
        if subject is None:
            yield Hit(
                message="web push is sent with no `subject`",
                at=settings.origin,
                hint=_HINT,
                channel=Channel.WEB,
                korean=Korean("웹 푸시에 `subject`가 없습니다", _HINT_KO),
            )
        elif isinstance(subject, str) and not _is_contact(subject):
            yield Hit(
                message=f"`subject` is `{subject}`, nothing that a push service could write to",
                at=settings.origin / "subject",
                hint=_HINT,
                channel=Channel.WEB,
                korean=Korean(
                    f"`subject`의 `{subject}`{josa(subject, '은/는')}"
                    " 푸시 서비스가 연락할 수 있는 주소가 아닙니다",
                    _HINT_KO,
                ),
            )


def _is_contact(subject: str) -> bool:
    from engine.channels.vapid import check_subject

    try:
        check_subject(subject)
    except UsageError:
        return False
    return True
