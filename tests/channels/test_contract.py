"""What every provider promises, held against each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from engine.channels.registry import open_provider
from engine.kernel.digest import canonical
from engine.model.channel import Channel
from engine.model.outcome import Accepted
from engine.model.ports import Provider
from tests.channels.making import (
    StillClock,
    an_envelope,
    an_outgoing,
    no_variable,
    provider_settings,
    send_all,
)
from tests.servers.fcm import LoopbackFcm

CASES = [*(("sandbox", channel) for channel in Channel), ("fcm", Channel.APP)]
CASES.append(("webpush", Channel.WEB))


@pytest.fixture(params=CASES, ids=[f"{name}-{channel}" for name, channel in CASES])
def case(
    request: pytest.FixtureRequest, server: LoopbackFcm, tmp_path: Path
) -> Iterator[tuple[Provider, Channel]]:
    name, channel = request.param
    if name == "webpush":
        server = request.getfixturevalue("push_service")
    options = {"project": "p", "ca_file": server.ca_file} if name != "sandbox" else {}
    provider = open_provider(
        channel,
        provider_settings(name, server.base_url if name != "sandbox" else None, **options),
        environment="sandbox",
        sandbox=True,
        outbox=tmp_path,
        resolve=no_variable,
        clock=StillClock(),
    )
    yield provider, channel
    provider.close()


Case = tuple[Provider, Channel]


def test_every_delivery_is_settled_once_and_named(case: Case) -> None:
    provider, channel = case
    outcomes = send_all(provider, [an_outgoing(f"ok-{n:08}", channel) for n in range(250)])
    names = {outcome.provider_id for outcome in outcomes if isinstance(outcome, Accepted)}
    assert (len(names), None in names) == (250, False)


def test_it_takes_no_more_than_its_free_slots(case: Case) -> None:
    provider, channel = case
    free = provider.free_slots()
    assert free > 0
    with pytest.raises(ValueError, match="free slots"):
        provider.submit([an_outgoing(f"ok-{n:08}", channel) for n in range(free + 1)])


def test_slots_are_taken_and_given_back(case: Case) -> None:
    provider, channel = case
    free = provider.free_slots()
    provider.submit([an_outgoing("ok-00000001", channel)])
    assert provider.free_slots() == free - 1
    while not provider.poll(1.0):
        continue
    assert provider.free_slots() == free


def test_polling_with_nothing_in_flight_returns_at_once(case: Case) -> None:
    provider, _ = case
    provider.free_slots()
    assert list(provider.poll(30.0)) == []


def test_closing_returns_what_is_in_flight(case: Case) -> None:
    provider, channel = case
    assert provider.free_slots() >= 3
    provider.submit([an_outgoing(f"ok-{n:08}", channel) for n in range(3)])
    settled = provider.close()
    values = sorted(one.outgoing.address.value.rsplit("/", 1)[-1] for one in settled)
    assert values == [f"ok-{n:08}" for n in range(3)]
    assert all(isinstance(one.outcome, Accepted) for one in settled)


def test_encoding_is_plain_json_and_the_same_every_time(case: Case) -> None:
    provider, channel = case
    envelope = an_envelope(channel)
    encoded = provider.encode(envelope)
    assert canonical(encoded) == canonical(provider.encode(envelope))
    assert orjson.loads(orjson.dumps(encoded)) == encoded
    assert encoded["expires_at"] == "2026-09-24T12:00:00Z"
    assert "(광고) 민지님, 추석 특가" in orjson.dumps(encoded).decode()


def test_the_account_is_stable(case: Case) -> None:
    provider, _ = case
    assert provider.account == provider.account
    assert provider.account
