"""A text abroad comes from a sender of the form that the country asks for.

## What
The sender of an advertisement by text begins with `AD-` in the United Arab Emirates, ends with `-AD`
in Saudi Arabia and with `-P` in India, and has at most eleven characters in the first two (rows
`sms_sender_prefix`, `sms_sender_suffix`, `sms_sender_length`). The sender of a country is
`channels.sms.sender_ids.<country>` of pushform.yaml: the id that the vendor has registered there.
Without it, the number that the campaign sends from. This is what is elsewhere called `ae-sender` and
`sa-sender`.

## Why
Carriers there drop what comes from another sender, and regulators tell advertisements by it. The
values come from vendors' guides, so this is a warning that says so.

## Fix
Register the id with the vendor and declare it: `channels: {sms: {sender_ids: {AE: AD-SHOP}}}`.

## 한국어
광고 문자의 발신자명은 아랍에미리트에서는 `AD-`로 시작하고, 사우디아라비아에서는 `-AD`, 인도에서는
`-P`로 끝나야 하며 앞의 두 나라에서는 11자까지입니다. 발신자명은 pushform.yaml의
`channels.sms.sender_ids.<국가>`에 적고, 없으면 캠페인의 발신번호로 봅니다. 업체 안내에 따른 값이라
경고로 알립니다.
고치려면 업체에 발신자명을 등록하고 `channels: {sms: {sender_ids: {AE: AD-SHOP}}}`처럼 적으세요.
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
from engine.lint.texts import used_channels
from engine.model.channel import Channel
from engine.model.channel_settings import SmsSettings

META = RuleMeta(
    id="foreign-sender",
    title="a text abroad comes from a sender of the form that the country asks for",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-sender-abroad",
        "the sender's form of where a message arrives",
        title_ko="메시지가 도착하는 나라의 발신자명 형식",
    ),
    title_ko="해외 문자는 그 나라가 정한 발신자명으로 보내야 합니다",
)
_AE = (
    "{campaign: {audience: {attribute: country, eq: AE}, channels: {app: null},"
    " schedule: {at: '2026-09-24 12:00', timezone: recipient}}, workspace:"
    " {sender: {opt_out: {sms: {ko: '7726 무료수신거부 080-000-0000'}}}"
)
_SA = _AE.replace("AE", "SA").replace("7726", "STOP")
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, eq: GB}, channels: {app: null},"
        " schedule: {at: '2026-09-24 12:00', timezone: recipient}}"
    ),
    Bad(
        _AE + "}}",
        ("workspace", "channels", "sms"),
        "`15880000`, and AE asks for one that begins with `AD-`",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        _AE + ", channels: {sms: {sender_ids: {AE: AD-SAMPLESHOP}}}}}",
        ("workspace", "channels", "sms", "sender_ids", "AE"),
        "at most 11 characters",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        _SA + ", channels: {sms: {sender_ids: {SA: SHOP}}}}}",
        ("workspace", "channels", "sms", "sender_ids", "SA"),
        "ends with `-AD`",
        also=("jurisdiction-uncertain",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield senders of the wrong form, once for each country."""
    for one in context.once(abroad):
        if Channel.SMS not in used_channels(one.campaign):
            continue
        for name in ("sms_sender_prefix", "sms_sender_suffix", "sms_sender_length"):
            row = find_provision(name, one.country, one.on, Channel.SMS)
            if row is None:
                continue
            sender, at = _sender(context, one)
            wanted = _broken(row, sender)
            if wanted is not None:
                yield _hit(one, row, sender, at, wanted)


def _hit(one: Abroad, row: Provision, sender: str, at: Origin, wanted: tuple[str, str]) -> Hit:
    return row_hit(
        one,
        row,
        f"texts to {one.country} come from `{sender}`, and {one.country} asks for one that {wanted[0]}",
        f"register one with the vendor and write `channels.sms.sender_ids.{one.country}`",
        Korean(
            f"{one.country}에 가는 문자의 발신자명이 `{sender}`인데 {wanted[1]}",
            f"업체에 등록하고 `channels.sms.sender_ids.{one.country}`에 적으세요",
        ),
        at=at,
        channel=Channel.SMS,
    )


def _broken(row: Provision, sender: str) -> tuple[str, str] | None:
    """Return what `row` asks for, in both languages, if `sender` is not so."""
    value = str(row.value)
    if row.name == "sms_sender_prefix" and not sender.startswith(value):
        return f"begins with `{value}`", f"`{value}`로 시작해야 합니다"
    if row.name == "sms_sender_suffix" and not sender.endswith(value):
        return f"ends with `{value}`", f"`{value}`로 끝나야 합니다"
    if row.name == "sms_sender_length" and isinstance(row.value, int) and len(sender) > row.value:
        return f"has at most {value} characters", f"{value}자까지입니다"
    return None


def _sender(context: LintContext, one: Abroad) -> tuple[str, Origin]:
    """Return the sender that people in the country see, and where it is written."""
    provider = context.workspace.channels.get(Channel.SMS)
    if provider is None:
        return "", context.workspace.origin / "channels"
    ids = provider.options.get("sender_ids")
    if isinstance(ids, Mapping) and isinstance(ids.get(one.country), str):
        return str(ids[one.country]), provider.origin / "sender_ids" / one.country
    settings = one.campaign.channels.get(Channel.SMS)
    if isinstance(settings, SmsSettings) and settings.from_:
        return settings.from_, provider.origin
    senders = provider.options.get("senders")
    first = senders[0] if isinstance(senders, tuple) and senders else provider.options.get("from")
    return str(first or ""), provider.origin
