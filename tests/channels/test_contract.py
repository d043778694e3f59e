"""What every provider promises, held against each of them, and against one that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.channels import contract
from engine.channels.contract import CHECKS, Case, ContractError
from engine.channels.registry import _PROVIDERS, open_provider
from engine.kernel.digest import Plain
from engine.model.channel import Channel, Platform
from engine.model.message import Address, Envelope
from engine.model.outcome import Accepted, Outgoing, Settled
from engine.model.ports import Provider
from tests.channels.making import StillClock, an_outgoing, no_variable, provider_settings
from tests.servers.apns import LoopbackApns, device_token
from tests.servers.fcm import LoopbackFcm
from tests.servers.hook import LoopbackHook
from tests.servers.loopback import Loopback
from tests.servers.nhn import APP_KEY, Nhn
from tests.servers.nhn import SECRET as NHN_SECRET
from tests.servers.sens import ACCESS_KEY, SECRET_KEY, SERVICE, Sens
from tests.servers.solapi import API_KEY, PROFILE, SECRET, LoopbackSolapi
from tests.servers.twilio import ACCOUNT, TOKEN, Twilio
from tests.servers.webpush import LoopbackPushService

Make = Callable[[Channel, Path], Any]


def opened(
    name: str, channel: Channel, folder: Path, base_url: str | None = None, **options: Any
) -> Provider:
    return open_provider(
        channel,
        provider_settings(name, base_url, **options),
        environment="rehearsal",
        sandbox=name != "file",
        outbox=folder / ".pushform" / "outbox",
        resolve=no_variable,
        clock=StillClock(),
    )


def token(kind: str, number: int) -> Address:
    return Address(kind=kind, value=f"ok-{number:08}")


@contextmanager
def sandbox(channel: Channel, folder: Path) -> Iterator[Case]:
    yield Case(
        provider=opened("sandbox", channel, folder),
        channel=channel,
        address=partial(token, "fcm_token"),
    )


@contextmanager
def fcm(channel: Channel, folder: Path) -> Iterator[Case]:
    with LoopbackFcm() as server:
        options = {"project": "p", "ca_file": server.ca_file}
        yield Case(
            provider=opened("fcm", channel, folder, server.base_url, **options),
            channel=channel,
            address=partial(token, "fcm_token"),
        )


@contextmanager
def apns(channel: Channel, folder: Path) -> Iterator[Case]:
    def address(number: int) -> Address:
        return Address(kind="fcm_token", value=device_token(f"ok-{number}"))

    with LoopbackApns() as server:
        options = {"topic": server.topic, "ca_file": server.ca_file}
        yield Case(
            provider=opened("apns", channel, folder, server.base_url, **options),
            channel=channel,
            address=address,
            platform=Platform.IOS,
        )


@contextmanager
def webpush(channel: Channel, folder: Path) -> Iterator[Case]:
    with LoopbackPushService() as server:
        yield Case(
            provider=opened("webpush", channel, folder, server.base_url, ca_file=server.ca_file),
            channel=channel,
            address=lambda number: an_outgoing(f"ok-{number:08}", Channel.WEB).address,
        )


@contextmanager
def webhook(channel: Channel, folder: Path) -> Iterator[Case]:
    with LoopbackHook() as server:
        url = f"{server.base_url}/hook"
        yield Case(
            provider=opened("webhook", channel, folder, url, ca_file=server.ca_file),
            channel=channel,
            address=partial(token, "phone"),
        )


@contextmanager
def file(channel: Channel, folder: Path) -> Iterator[Case]:
    yield Case(
        provider=opened("file", channel, folder, path="out/deliveries.jsonl"),
        channel=channel,
        address=partial(token, "phone"),
    )


def number(index: int) -> Address:
    return Address(kind="phone", value=f"+8210{index:08}")


@contextmanager
def nhn(channel: Channel, folder: Path) -> Iterator[Case]:
    with Loopback(Nhn().answer, protocols=("http/1.1",)) as server:
        options = {
            "app_key": APP_KEY,
            "secret": NHN_SECRET,
            "profiles": {"main": {"sender_key": "k" * 40}},
            "ca_file": server.ca_file,
        }
        yield Case(
            provider=opened("nhn", channel, folder, server.base_url, **options),
            channel=channel,
            address=number,
        )


@contextmanager
def sens(channel: Channel, folder: Path) -> Iterator[Case]:
    with Loopback(Sens().answer) as server:
        options = {
            "service_id": SERVICE,
            "access_key": ACCESS_KEY,
            "secret_key": SECRET_KEY,
            "profiles": {"main": {"channel_id": "@샘플샵"}},
            "ca_file": server.ca_file,
        }
        yield Case(
            provider=opened("sens", channel, folder, server.base_url, **options),
            channel=channel,
            address=number,
        )


@contextmanager
def twilio(channel: Channel, folder: Path) -> Iterator[Case]:
    with Loopback(Twilio().answer) as server:
        options = {"account_sid": ACCOUNT, "auth_token": TOKEN, "ca_file": server.ca_file}
        yield Case(
            provider=opened("twilio", channel, folder, server.base_url, **options),
            channel=channel,
            address=number,
        )


@contextmanager
def solapi(channel: Channel, folder: Path) -> Iterator[Case]:
    with LoopbackSolapi().running() as server:
        options = {
            "api_key": API_KEY,
            "secret": SECRET,
            "profiles": {"main": {"pf_id": PROFILE}},
            "ca_file": server.ca_file,
        }
        yield Case(
            provider=opened("solapi", channel, folder, server.base_url, **options),
            channel=channel,
            address=number,
        )


CARRIED: tuple[tuple[Make, tuple[Channel, ...]], ...] = (
    (sandbox, tuple(Channel)),
    (webhook, tuple(Channel)),
    (file, tuple(Channel)),
    (fcm, (Channel.APP,)),
    (apns, (Channel.APP,)),
    (webpush, (Channel.WEB,)),
    (nhn, (Channel.KAKAO, Channel.SMS)),
    (sens, (Channel.KAKAO, Channel.SMS)),
    (solapi, (Channel.KAKAO, Channel.SMS)),
    (twilio, (Channel.SMS,)),
)
CASES = [(make, channel) for make, channels in CARRIED for channel in channels]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize(
    ("make", "channel"), CASES, ids=[f"{make.__name__}-{channel}" for make, channel in CASES]
)
def test_every_provider_keeps_the_contract(
    make: Make, channel: Channel, check: Callable[[Case], None], tmp_path: Path
) -> None:
    with make(channel, tmp_path) as case:
        check(case)
        case.provider.close()


def test_every_provider_that_there_is_was_asked() -> None:
    asked = {(make.__name__, channel) for make, channel in CASES}
    ours = {(name, channel) for name, (able, _) in _PROVIDERS.items() for channel in able}
    assert ours == asked


class Good:
    """Accepts everything in memory."""

    def __init__(self) -> None:
        self.ready: list[Settled] = []

    @property
    def account(self) -> str:
        return "good"

    def encode(self, envelope: Envelope) -> Plain:
        return {"title": envelope.message.title}

    def free_slots(self) -> int:
        return 10 - len(self.ready)

    def submit(self, batch: Sequence[Outgoing]) -> None:
        if len(batch) > self.free_slots():
            raise ValueError("too many")
        self.ready += [Settled(outgoing=one, outcome=Accepted()) for one in batch]

    def poll(self, timeout_s: float) -> Sequence[Settled]:
        ready, self.ready = self.ready, []
        return ready

    def close(self) -> Sequence[Settled]:
        return self.poll(0.0)


class Twice(Good):
    def poll(self, timeout_s: float) -> Sequence[Settled]:
        ready = super().poll(timeout_s)
        return [*ready, *ready]


class Silent(Good):
    def poll(self, timeout_s: float) -> Sequence[Settled]:
        return ()


class Greedy(Good):
    def submit(self, batch: Sequence[Outgoing]) -> None:
        self.ready += [Settled(outgoing=one, outcome=Accepted()) for one in batch]


class Leaky(Good):
    def free_slots(self) -> int:
        return 10


class Forgetful(Good):
    def close(self) -> Sequence[Settled]:
        return ()


class Fickle(Good):
    numbers = count()

    def encode(self, envelope: Envelope) -> Plain:
        return {"title": envelope.message.title, "n": next(self.numbers)}


class Telling(Good):
    last = ""

    def submit(self, batch: Sequence[Outgoing]) -> None:
        super().submit(batch)
        self.last = batch[-1].address.value

    def encode(self, envelope: Envelope) -> Plain:
        return {"title": envelope.message.title, "to": self.last}


class Renaming(Good):
    numbers = count()

    @property
    def account(self) -> str:
        return f"account-{next(self.numbers)}"


class Dainty(Good):
    def submit(self, batch: Sequence[Outgoing]) -> None:
        if any(one.address.kind == "carrier-pigeon" for one in batch):
            raise KeyError("carrier-pigeon")
        super().submit(batch)


class Hasty(Good):
    def poll(self, timeout_s: float) -> Sequence[Settled]:
        ready = super().poll(timeout_s)
        return ready or [Settled(outgoing=case_of(self).outgoing(1), outcome=Accepted())]


def case_of(provider: Provider) -> Case:
    return Case(provider=provider, channel=Channel.APP, address=partial(token, "fcm_token"))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_good_provider_passes(check: Callable[[Case], None]) -> None:
    check(case_of(Good()))


@pytest.mark.parametrize(
    ("kind", "check", "words"),
    [
        (Twice, contract.settles_every_delivery_once, "a delivery was settled twice"),
        (Greedy, contract.takes_no_more_than_its_free_slots, "took 11 deliveries with 10 free"),
        (Leaky, contract.gives_slots_back, "a delivery under way takes no slot"),
        (Hasty, contract.does_not_wait_for_nothing, "but something was settled"),
        (Forgetful, contract.returns_on_close_what_is_under_way, "returned 0 of 3"),
        (Fickle, contract.encodes_the_same_every_time, "changes its mind"),
        (Telling, contract.encodes_without_an_address, "shows an address"),
        (Renaming, contract.has_one_account, "`account` changes"),
    ],
)
def test_a_broken_promise_is_named(
    kind: type[Good], check: Callable[[Case], None], words: str
) -> None:
    with pytest.raises(ContractError, match=words):
        check(case_of(kind()))


def test_what_is_never_settled_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "_POLLS", 3)
    with pytest.raises(ContractError, match="250 of 250 deliveries were never settled"):
        contract.settles_every_delivery_once(case_of(Silent()))


def test_a_provider_that_chokes_on_an_address_does_not_pass() -> None:
    with pytest.raises(KeyError):
        contract.survives_a_strange_address(case_of(Dainty()))
