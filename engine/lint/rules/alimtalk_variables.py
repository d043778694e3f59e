"""What fills an AlimTalk template is what the template asks for.

## What
Where the template's text is known (`pushform doctor --save`, or `channels.kakao.templates.….text` of
pushform.yaml), every `#{name}` in it has a value, no value is
left over, and a `body` that is written out is the template's text with values in place.

## Why
A vendor refuses a message that leaves a variable open (NHN AlimTalk v2.3), and a text that differs from
what was approved. Names with a dot (SOLAPI refuses them) are a finding of the reader.

## Fix
Write the names as the template has them: `variables: {이름: "{{ name }}"}` for `#{이름}`.

## 한국어
템플릿의 문구를 알 때(`pushform doctor --save` 또는
pushform.yaml의 `templates.….text`)는 모든 `#{이름}`에 값이 있고, 남는 값이 없으며, 직접 쓴 `body`가
템플릿 문구에 값을 넣은 것과 같아야 합니다. 그렇지 않으면 업체가 거절합니다(NHN 알림톡 v2.3, SOLAPI).
고치려면 템플릿에 있는 이름 그대로 `variables: {이름: "{{ name }}"}`처럼 쓰세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.lint.bubbles import kakao_messages
from engine.lint.context import LintContext
from engine.lint.every_text import EveryText, every_text
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.vendor import Told, alimtalks, template_states
from engine.model.channel import Channel
from engine.model.kakao import bubble_text
from engine.model.message import Message

META = RuleMeta(
    id="alimtalk-variables",
    title="what fills an AlimTalk template is what the template asks for",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-alimtalk-variables",
        "NHN AlimTalk v2.3, SOLAPI: variables of a template",
        title_ko="NHN 알림톡 v2.3, SOLAPI: 템플릿의 변수",
    ),
    title_ko="알림톡 변수는 템플릿의 변수와 같아야 합니다",
)
_SLOT = re.compile(r"#\{([^}]*)\}")
_ORDER = (
    "{campaign: {type: informational, basis: transaction, channels: {app: {}, sms: null,"
    " kakao: {product: alimtalk, template_code: order_01}}}, template: {locales:"
    " {ko: {title: '{{ name }}님', body: 주문을 받았습니다}, en: null},"
    " redefine: {sms: null, kakao: {ko: {%s}}}}, workspace: {channels: {kakao: {templates:"
    " {order_01: {text: '#{이름}님, #{상품} 준비를 시작합니다'}}}}}}"
)
_PLACE = ("template", "redefine", "kakao", "ko")
EXAMPLES = (
    Good(_ORDER % "variables: {이름: '{{ name }}', 상품: 한우}"),
    Good(_ORDER % "body: '{{ name }}님, 한우 준비를 시작합니다'"),
    Bad(_ORDER % "variables: {이름: '{{ name }}'}", (*_PLACE, "variables"), "asks for `#{상품}`"),
    Bad(
        _ORDER % "variables: {이름: '{{ name }}', 상품: 한우, 주문: '7'}",
        (*_PLACE, "variables", "주문"),
        "has no `#{주문}`",
    ),
    Bad(
        _ORDER % "body: '{{ name }}님, 배송합니다'",
        (*_PLACE, "body"),
        "not the text of the template",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield variables that are missing or left over, and texts of no template."""
    codes = {campaign.id: settings.template_code for campaign, settings in alimtalks(context)}
    if not codes:
        return
    for one in context.once(every_text):
        code = codes.get(one.campaign.id)
        if code is None or Channel.KAKAO not in one.channels:
            continue
        for found, told in template_states(context, code):
            if found is None or found.text is None:
                continue
            if one.text.kakao is not None and one.text.kakao.variables:
                yield from _names(one, code, found.text, told)
            elif one.text.body:
                yield from _words(context, one, code, found.text, told)


def _names(one: EveryText, code: str, text: str, told: Told) -> Iterator[Hit]:
    asked = dict.fromkeys(_SLOT.findall(text))
    given = one.text.kakao.variables if one.text.kakao is not None else {}
    for name in asked:
        if name not in given:
            yield _hit(
                one,
                one.origin / "variables",
                f"the template `{code}` asks for `#{{{name}}}` {told.words}",
                f"add `{name}:` to `variables`",
                f"템플릿 `{code}`의 `#{{{name}}}`에 넣을 값이 없습니다 {told.words}",
                f"`variables`에 `{name}:`을 더하세요",
            )
    for name in given:
        if name not in asked:
            yield _hit(
                one,
                one.origin / "variables" / name,
                f"the template `{code}` has no `#{{{name}}}` {told.words}",
                "delete it, or correct the name",
                f"템플릿 `{code}`에 `#{{{name}}}` 변수가 없습니다 {told.words}",
                "지우거나 이름을 고치세요",
                key=True,
            )


def _words(context: LintContext, one: EveryText, code: str, text: str, told: Told) -> Iterator[Hit]:
    fixed = _SLOT.split(text.strip())[::2]
    shape = re.compile(r"[\s\S]*?".join(map(re.escape, fixed)))
    for sample in kakao_messages(context, one):
        message = sample.composed
        if isinstance(message, Message) and not shape.fullmatch(
            (bubble_text(message) or "").strip()
        ):
            yield _hit(
                one,
                one.origin / "body",
                f"this is not the text of the template `{code}` {told.words}",
                "write it as it was approved, or fill the template with `variables`",
                f"템플릿 `{code}`의 문구와 다릅니다 {told.words}",
                "승인된 문구 그대로 쓰거나 `variables`로 템플릿을 채우세요",
            )


def _hit(
    one: EveryText,
    at: Origin,
    message: str,
    hint: str,
    message_ko: str,
    hint_ko: str,
    *,
    key: bool = False,
) -> Hit:
    return Hit(
        message=message,
        at=at,
        hint=hint,
        key=key,
        campaign=one.campaign.id,
        locale=one.locale,
        channel=Channel.KAKAO,
        korean=Korean(message_ko, hint_ko),
    )
