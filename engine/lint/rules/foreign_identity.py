"""An advertisement abroad names its sender as that country asks.

## What
Australia: the message names the sender by the legal name or the ABN (`sender.legal_name` of
pushform.yaml stands in the text, or is the sender's name, which the engine puts into web pushes and
texts), and refusing asks for no login (`sender.opt_out_login: false`). China: a text carries its
signature in 【】. Elsewhere the sender's name does, which the engine inserts. What nobody declared is
said once. This is what is elsewhere called `au-identity`.

## Why
Spam Act 2003 s. 17: a brand's nickname does not identify whom to sue; s. 18 and the regulations: a
way to refuse that asks for an account is none. 【】 is the operators' rule, told by vendors.

## Fix
Write `sender: {legal_name: "Sample Shop Pty Ltd, ABN 51 824 753 556", opt_out_login: false}` and the
name into the text; `【샘플샵】` at the beginning of texts to China.

## 한국어
호주 광고에는 전송자의 법적 명칭이나 ABN이 있어야 하고(pushform.yaml의 `sender.legal_name`),
수신거부에 로그인을 요구하면 안 됩니다(`sender.opt_out_login: false`). 중국 문자에는 【서명】이
있어야 합니다. 다른 나라에서는 엔진이 넣는 발신자 이름으로 충분합니다. 선언하지 않은 사실은 한 번만
알립니다.
고치려면 `sender: {legal_name: …, opt_out_login: false}`를 적고 본문에 그 이름을 넣으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.book import find_provision
from engine.law.provision import Provision
from engine.lint.abroad import Abroad, abroad, row_hit
from engine.lint.context import LintContext
from engine.lint.every_text import EveryText
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts_abroad import texts_by_campaign
from engine.model.channel import Channel

META = RuleMeta(
    id="foreign-identity",
    title="an advertisement abroad names its sender as that country asks",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-identity-abroad",
        "the sender's name of where a message arrives",
        title_ko="메시지가 도착하는 나라가 정한 전송자 표시",
    ),
    title_ko="해외 광고는 그 나라가 정한 대로 전송자를 밝혀야 합니다",
)
_AU = (
    "{campaign: {audience: {attribute: country, eq: AU}, channels: {app: null},"
    " schedule: {at: '2026-09-24 12:00', timezone: recipient}}"
)
EXAMPLES = (
    Good(_AU + ", workspace: {sender: {legal_name: 샘플샵, opt_out_login: false}}}"),
    Bad(
        _AU + "}",
        ("workspace", "sender"),
        "nobody declared the legal name of the sender, which AU asks for",
    ),
    Bad(
        _AU + ", workspace: {sender: {legal_name: 주식회사 샘플, opt_out_login: false}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "does not name `주식회사 샘플`",
    ),
    Bad(
        _AU + ", workspace: {sender: {legal_name: 샘플샵, opt_out_login: true}}}",
        ("workspace", "sender", "opt_out_login"),
        "refusing asks for a login",
        also=("kr-ad-optout-login",),
    ),
    Bad(
        "{campaign: {audience: {attribute: country, eq: CN}, channels: {app: null},"
        " schedule: {at: '2026-09-24 12:00', timezone: recipient}},"
        " workspace: {sender: {opt_out: {sms: {ko: 'TD 무료수신거부 080-000-0000'}}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "no signature in 【】",
        also=("jurisdiction-uncertain",),
    ),
)
_INSERTED = frozenset({Channel.WEB, Channel.SMS})
"""Where the engine puts the sender's name into the text; over an app push stands the app's."""


def check(context: LintContext) -> Iterator[Hit]:
    """Yield senders that are not named, or not declared, as a country asks."""
    for one in context.once(abroad):
        sender = context.workspace.origin / "sender"
        for text in context.once(texts_by_campaign).get(one.campaign.id, ()):
            for channel in text.channels:
                yield from _judge(one, text, channel)
        row = find_provision("ad_legal_name", one.country, one.on)
        if row is not None and one.campaign.sender.legal_name is None:
            yield row_hit(
                one,
                row,
                f"nobody declared the legal name of the sender, which {one.country} asks for",
                "write `sender: {legal_name: …}`: the registered name, or the ABN",
                Korean(
                    f"{one.country}에서 요구하는 전송자의 법적 명칭이 선언되지 않았습니다",
                    "`sender: {legal_name: …}`에 등록 명칭이나 ABN을 적으세요",
                ),
                at=sender,
                severity=Severity.WARNING,
            )
        yield from _login(one, context)


def _login(one: Abroad, context: LintContext) -> Iterator[Hit]:
    row = find_provision("ad_opt_out_without_login", one.country, one.on)
    asks = one.campaign.sender.opt_out_login
    if row is None or asks is False:
        return
    sender = context.workspace.origin / "sender"
    said = (
        "refusing asks for a login" if asks else "nobody declared whether refusing asks for a login"
    )
    said_ko = (
        "수신거부에 로그인이 필요합니다"
        if asks
        else "수신거부에 로그인이 필요한지 선언되지 않았습니다"
    )
    yield row_hit(
        one,
        row,
        f"{said}, which {one.country} forbids" if asks else f"{said}; {one.country} forbids it",
        "let people refuse without one, and write `sender: {opt_out_login: false}`",
        Korean(
            f"{said_ko}. {one.country}에서는 금지됩니다",
            "로그인 없이 거부할 수 있게 하고 `sender: {opt_out_login: false}`를 적으세요",
        ),
        at=sender / "opt_out_login" if asks else sender,
        severity=Severity.WARNING,
    )


def _judge(one: Abroad, text: EveryText, channel: Channel) -> Iterator[Hit]:
    legal = find_provision("ad_legal_name", one.country, one.on)
    name = one.campaign.sender.legal_name
    shown = f"{text.words}\n{one.campaign.sender.name if channel in _INSERTED else ''}"
    if legal is not None and name and channel in _INSERTED and name not in shown:
        yield _unnamed(one, legal, text, channel, name)
    signature = find_provision("sms_signature", one.country, one.on, channel)
    if channel is not Channel.SMS or signature is None:
        return
    if not all(bracket in text.words for bracket in str(signature.value)):
        yield _unsigned(one, signature, text)


def _unnamed(one: Abroad, row: Provision, text: EveryText, channel: Channel, name: str) -> Hit:
    return row_hit(
        one,
        row,
        f"the {channel} text does not name `{name}`, which {one.country} asks for",
        "write it into the text, or make it the sender's name",
        Korean(
            f"{channel} 메시지에 {one.country}에서 요구하는 `{name}`{josa(name, '이/가')} 없습니다",
            "본문에 적거나 발신자 이름으로 쓰세요",
        ),
        at=text.origin / "body",
        channel=channel,
        locale=text.locale,
        severity=Severity.WARNING,
    )


def _unsigned(one: Abroad, row: Provision, text: EveryText) -> Hit:
    return row_hit(
        one,
        row,
        f"there is no signature in {row.value}, which {one.country} asks for",
        f"begin the text with `{str(row.value)[0]}{one.campaign.sender.name}{str(row.value)[1]}`",
        Korean(
            f"{one.country} 문자에 {row.value} 서명이 없습니다",
            f"본문을 `{str(row.value)[0]}{one.campaign.sender.name}{str(row.value)[1]}`로 시작하세요",
        ),
        at=text.origin / "body",
        channel=Channel.SMS,
        locale=text.locale,
        severity=Severity.WARNING,
    )
