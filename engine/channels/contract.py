"""What every provider promises, as checks that a provider's own tests can run. No test runner needed.

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_acme_keeps_the_contract(check):
        with a_loopback_acme() as server:
            check(Case(provider=open_acme(server), channel=Channel.SMS, address=a_number))

Every check takes a `Case` with a provider of its own, fresh and against a server of yours that
accepts whatever it is sent, and raises `ContractError` with words that say what is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import orjson

from engine.kernel.frozen import frozen
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import (
    AppSettings,
    ChannelSettings,
    KakaoSettings,
    SmsFormat,
    SmsSettings,
    WebSettings,
)
from engine.model.delivery import DeliveryKey
from engine.model.message import Address, Envelope, Message
from engine.model.outcome import Accepted, Outcome, Outgoing, Settled
from engine.model.ports import Provider

_POLLS = 400
_POLL_S = 0.05
_PLATFORMS = {Channel.APP: Platform.ANDROID, Channel.WEB: Platform.WEB}
_SETTINGS: dict[Channel, ChannelSettings] = {
    Channel.APP: AppSettings(android_channel_id="marketing"),
    Channel.WEB: WebSettings(),
    Channel.KAKAO: KakaoSettings(),
    Channel.SMS: SmsSettings(from_="15880000"),
}


class ContractError(AssertionError):
    """A promise that a provider does not keep."""


@frozen
class Case:
    """A fresh provider, and how it is spoken to.

    `address(n)` returns an address that it can send to, another for every number. `settings` and
    `platform` are the campaign's for the channel; the defaults fit providers without profiles.
    """

    provider: Provider
    channel: Channel
    address: Callable[[int], Address]
    settings: ChannelSettings | None = None
    platform: Platform | None = None

    def envelope(self) -> Envelope:
        """Return a Korean advertisement with a picture, a link and an end."""
        sms = self.channel is Channel.SMS
        message = Message(
            channel=self.channel,
            locale="ko",
            jurisdiction="KR",
            variant="a",
            title="(광고) 민지님, 추석 특가",
            body="송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
            link="https://shop.example/sale/chuseok",
            sms_format=SmsFormat.LMS if sms else None,
            data={"campaign": "chuseok-sale", "variant": "a"},
        )
        return Envelope(
            message=message,
            settings=self.settings or _SETTINGS[self.channel],
            platform=self.platform or _PLATFORMS.get(self.channel, Platform.PHONE),
            advertising=True,
            collapse_key="chuseok-sale",
            expires_at=datetime(2026, 9, 24, 12, 0, tzinfo=UTC),
        )

    def outgoing(self, number: int, attempt: int = 1) -> Outgoing:
        """Return the delivery to the `number`-th address."""
        key = DeliveryKey(
            campaign="chuseok-sale",
            channel=self.channel,
            address_hash=hashlib.sha256(str(number).encode()).hexdigest()[:32],
        )
        return Outgoing(
            key=key, attempt=attempt, envelope=self.envelope(), address=self.address(number)
        )


def settles_every_delivery_once(case: Case) -> None:
    """Each of 250 deliveries is accepted once, and no two names of the vendor are equal."""
    batch = [case.outgoing(number) for number in range(250)]
    outcomes = _send(case.provider, batch)
    for outcome in outcomes:
        _hold(isinstance(outcome, Accepted), f"the server accepts everything, but: {outcome}")
    names = [one.provider_id for one in outcomes if isinstance(one, Accepted) and one.provider_id]
    _hold(len(set(names)) == len(names), "two deliveries have the same `provider_id`")


def takes_no_more_than_its_free_slots(case: Case) -> None:
    """`submit` raises ValueError for more than `free_slots`, and takes none of them."""
    free = case.provider.free_slots()
    _hold(free > 0, f"a fresh provider has {free} free slots")
    try:
        case.provider.submit([case.outgoing(number) for number in range(free + 1)])
    except ValueError:
        _hold(case.provider.free_slots() == free, "a refused batch took slots")
        return
    raise ContractError(f"`submit` took {free + 1} deliveries with {free} free slots")


def gives_slots_back(case: Case) -> None:
    """A delivery under way takes a slot; when it is settled as many are free again, or more."""
    free = case.provider.free_slots()
    case.provider.submit([case.outgoing(1)])
    _hold(case.provider.free_slots() < free, "a delivery under way takes no slot")
    _settle(case.provider, 1)
    _hold(case.provider.free_slots() >= free, "a settled delivery keeps its slot")


def does_not_wait_for_nothing(case: Case) -> None:
    """`poll` returns at once when nothing is under way (this check waits a minute if not)."""
    case.provider.free_slots()
    _hold(not case.provider.poll(60.0), "nothing was handed over, but something was settled")


def returns_on_close_what_is_under_way(case: Case) -> None:
    """What was submitted and not polled comes back from `close`, each delivery once."""
    case.provider.free_slots()
    batch = [case.outgoing(number) for number in range(3)]
    case.provider.submit(batch)
    closed = case.provider.close()
    found = sorted(one.outgoing.address.value for one in closed)
    wanted = sorted(one.address.value for one in batch)
    _hold(found == wanted, f"`close` returned {len(found)} of 3 deliveries")


def encodes_the_same_every_time(case: Case) -> None:
    """`encode` returns plain JSON with the message in it, equal for equal envelopes."""
    encoded = case.provider.encode(case.envelope())
    text = orjson.dumps(encoded)
    _hold(orjson.loads(text) == encoded, "`encode` returned something that JSON cannot hold")
    _hold(orjson.dumps(case.provider.encode(case.envelope())) == text, "`encode` changes its mind")
    _hold("추석 특가".encode() in text, "`encode` does not show the message")


def encodes_without_an_address(case: Case) -> None:
    """Reviewers see what `encode` returns; an address of a delivery must not be in it."""
    outgoing = case.outgoing(7)
    _send(case.provider, [outgoing])
    text = orjson.dumps(case.provider.encode(outgoing.envelope)).decode()
    _hold(outgoing.address.value not in text, "`encode` shows an address")


def has_one_account(case: Case) -> None:
    """`account` is a text that stays: the pace of all workers is kept under it."""
    account = case.provider.account
    _hold(bool(account), "`account` is empty")
    case.provider.free_slots()
    _hold(case.provider.account == account, "`account` changes")


def survives_a_strange_address(case: Case) -> None:
    """An address of a kind that nobody knows is settled like any other; `submit` does not raise."""
    strange = Address(kind="carrier-pigeon", value="지붕 위 3번")
    odd = case.outgoing(1)
    odd = Outgoing(key=odd.key, attempt=1, envelope=odd.envelope, address=strange)
    outcomes = _send(case.provider, [odd, case.outgoing(2)])
    _hold(isinstance(outcomes[1], Accepted), "a strange address spoiled the next delivery")


CHECKS: tuple[Callable[[Case], None], ...] = (
    settles_every_delivery_once,
    takes_no_more_than_its_free_slots,
    gives_slots_back,
    does_not_wait_for_nothing,
    returns_on_close_what_is_under_way,
    encodes_the_same_every_time,
    encodes_without_an_address,
    has_one_account,
    survives_a_strange_address,
)


def _hold(kept: bool, words: str) -> None:
    if not kept:
        raise ContractError(words)


def _send(provider: Provider, batch: list[Outgoing]) -> list[Outcome]:
    """Hand over everything as slots become free; return the outcomes in the order of `batch`."""
    waiting, outcomes = list(batch), dict[int, Outcome]()
    for _ in range(_POLLS):
        free = max(0, provider.free_slots())
        now, waiting = waiting[:free], waiting[free:]
        if now:
            provider.submit(now)
        for settled in provider.poll(_POLL_S):
            _hold(id(settled.outgoing) not in outcomes, "a delivery was settled twice")
            outcomes[id(settled.outgoing)] = settled.outcome
        if len(outcomes) == len(batch):
            return [outcomes[id(one)] for one in batch]
    raise ContractError(
        f"{len(batch) - len(outcomes)} of {len(batch)} deliveries were never settled"
    )


def _settle(provider: Provider, count: int) -> list[Settled]:
    settled: list[Settled] = []
    for _ in range(_POLLS):
        settled += provider.poll(_POLL_S)
        if len(settled) >= count:
            return settled
    raise ContractError(f"{count - len(settled)} of {count} deliveries were never settled")
