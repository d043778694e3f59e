"""A text to India is registered.

## What
An advertisement by text to India declares the ids of its registration (DLT): the sender's
(`channels.sms.dlt.entity` of pushform.yaml) and one for every template that it uses
(`channels.sms.dlt.templates.<template>`). The header is `channels.sms.sender_ids.IN`, see
`foreign-sender`.

## Why
TRAI TCCCPR 2018 with its Second Amendment (2025): operators deliver commercial texts only if entity,
header and template are on the platform, word for word. What is not registered is dropped, and paid for.

## Fix
Register them with an operator's DLT platform, then declare:
`channels: {sms: {dlt: {entity: "1101…", templates: {diwali-sale: "1107…"}}}}`.

## 한국어
인도로 가는 광고 문자는 발신 주체와 템플릿을 DLT에 등록하고 그 번호를 pushform.yaml의
`channels.sms.dlt`에 적어야 합니다(`entity`, `templates.<템플릿>`). TRAI TCCCPR 2018과 2025년 2차
개정에 따라 통신사는 등록되지 않은 문자를 전달하지 않습니다.
고치려면 통신사의 DLT 플랫폼에 등록한 뒤 번호를 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.book import find_provision
from engine.law.provision import Provision
from engine.lint.abroad import Abroad, abroad, row_hit
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import used_channels, used_templates
from engine.model.channel import Channel, OptionMap

META = RuleMeta(
    id="in-dlt",
    title="a text to India is registered",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-registration-abroad",
        "TRAI TCCCPR 2018: registered entity and template",
        title_ko="인도 TRAI TCCCPR 2018: 등록된 사업자와 템플릿",
    ),
    jurisdictions=frozenset({"IN"}),
    title_ko="인도로 가는 문자는 등록되어 있어야 합니다",
)
_IN = (
    "{campaign: {audience: {attribute: country, eq: IN}, channels: {app: null},"
    " schedule: {at: '2026-09-24 12:00', timezone: recipient}}, "
)
_DLT = "workspace: {channels: {sms: {sender_ids: {IN: SHOP-P}, dlt: %s}}}}"
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, eq: IN}, channels: {sms: null},"
        " schedule: {at: '2026-09-24 12:00', timezone: recipient}}"
    ),
    Bad(
        _IN + "workspace: {channels: {sms: {sender_ids: {IN: SHOP-P}}}}}",
        ("workspace", "channels", "sms"),
        "no DLT entity is declared",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        _IN + _DLT % "{entity: '1101000000000000001', templates: {other: '1107'}}",
        ("workspace", "channels", "sms", "dlt"),
        "`sale` has no DLT template id",
        also=("jurisdiction-uncertain",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements by text whose registration is not declared."""
    for one in context.once(abroad):
        if one.country != "IN" or Channel.SMS not in used_channels(one.campaign):
            continue
        row = find_provision("message_registration", one.country, one.on, Channel.SMS)
        provider = context.workspace.channels.get(Channel.SMS)
        if row is None or provider is None:
            continue
        written = provider.options.get("dlt")
        dlt: OptionMap = written if isinstance(written, Mapping) else {}
        place = provider.origin / "dlt" if dlt else provider.origin
        if not dlt.get("entity"):
            yield _hit(
                one, row, place, "no DLT entity is declared", "DLT 발신 주체 번호가 없습니다"
            )
        templates = dlt.get("templates")
        known: OptionMap = templates if isinstance(templates, Mapping) else {}
        for template in used_templates(one.campaign):
            if dlt and not known.get(template.id):
                yield _hit(
                    one,
                    row,
                    place,
                    f"`{template.id}` has no DLT template id",
                    f"템플릿 `{template.id}`의 DLT 번호가 없습니다",
                )


def _hit(one: Abroad, row: Provision, at: Origin, message: str, korean: str) -> Hit:
    return row_hit(
        one,
        row,
        f"{message}, and operators in India drop what is not registered",
        'write `channels: {sms: {dlt: {entity: "1101…", templates: {<template>: "1107…"}}}}`',
        Korean(
            f"{korean}. 인도 통신사는 등록되지 않은 문자를 전달하지 않습니다",
            '`channels: {sms: {dlt: {entity: "1101…", templates: {<템플릿>: "1107…"}}}}`을 적으세요',
        ),
        at=at,
        channel=Channel.SMS,
    )
