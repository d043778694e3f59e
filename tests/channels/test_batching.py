"""Many deliveries in one request: what is shared, what each comes to, and what silence means."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from engine.channels.batch_vendor import Post, batch_reference, for_all
from engine.channels.batching import REQUESTS_UNDER_WAY, BatchProvider
from engine.channels.exchange import Answered
from engine.channels.http_status import read_status
from engine.channels.kst import kst_text
from engine.channels.lots import MOST_DIVISIONS, still_trusted
from engine.channels.phone import Phone, only_digits, read_phone
from engine.kernel.digest import Plain
from engine.model.channel import Channel
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Silent,
)
from tests.channels.making import NOW, StillClock, an_outgoing, send_all, some_options
from tests.servers.http2 import REFUSED_STREAM, Exchange
from tests.servers.loopback import Loopback


@dataclass
class ToyVendor:
    """Sends the addresses; those with the same first letter may share a request."""

    url: str
    max_batch: int = 10
    posts: list[list[str]] = field(default_factory=list)

    account = "toy"

    def encode(self, envelope: Envelope) -> Plain:
        return {"body": envelope.message.body}

    def make_ready(self) -> None:
        pass

    def refuse(self, outgoing: Outgoing) -> Refused | None:
        if outgoing.address.value.startswith("impossible"):
            return Refused(reason=FailReason.BAD_ADDRESS, code="IMPOSSIBLE")
        return None

    def group(self, outgoing: Outgoing) -> Hashable:
        return outgoing.address.value[0]

    def request(self, batch: Sequence[Outgoing], now: datetime) -> Post:
        assert now == NOW
        addresses = [outgoing.address.value for outgoing in batch]
        self.posts.append(addresses)
        return Post(self.url, ("Content-Type: application/json",), json.dumps(addresses).encode())

    def read(self, answer: Answered, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        if answer.status != 200:
            return for_all(batch, read_status(answer, None, now))
        names: dict[str, str | None] = json.loads(answer.body)
        return [
            Accepted(provider_id=names[one.address.value])
            if names[one.address.value]
            else Refused(reason=FailReason.REFUSED, code="NO")
            for one in batch
        ]


@dataclass
class ToyServer:
    """Does what the first address of a request says."""

    taken: list[str] = field(default_factory=list)

    def answer(self, exchange: Exchange) -> None:
        addresses = json.loads(exchange.body)
        word, _, rest = addresses[0].partition("-")
        if word == "refusedstream":
            exchange.refuse(REFUSED_STREAM)
        elif word == "status":
            exchange.respond(int(rest[:3]), {"retry-after": "7"}, b"")
        elif any("odd" in address for address in addresses):
            exchange.respond(400, {}, b"")
        elif word == "reset":
            self.taken += addresses
            exchange.connection.reset()
        elif word != "silent":
            self.taken += addresses
            names = {name: None if name.endswith("no") else f"id of {name}" for name in addresses}
            exchange.respond(200, {}, json.dumps(names).encode())


@pytest.fixture
def toy() -> Iterator[tuple[BatchProvider, ToyVendor, ToyServer]]:
    server = ToyServer()
    with Loopback(server.answer) as loopback:
        vendor = ToyVendor(loopback.base_url)
        provider = BatchProvider(
            vendor,
            some_options(ca_file=loopback.ca_file, timeout=1),
            StillClock(),
            requests=4,
            refused_whole=lambda answer: answer.status == 400 and answer.body == b"",
        )
        yield provider, vendor, server
        provider.close()


Toy = tuple[BatchProvider, ToyVendor, ToyServer]


def sms(address: str) -> Outgoing:
    return an_outgoing(address, Channel.SMS)


def test_deliveries_of_one_group_share_requests_up_to_the_most(toy: Toy) -> None:
    provider, vendor, server = toy
    batch = [sms(f"{'ab'[n % 2]}{n:02}") for n in range(24)]
    outcomes = send_all(provider, batch)
    assert [len(post) for post in vendor.posts] == [10, 2, 10, 2]
    assert all(len({address[0] for address in post}) == 1 for post in vendor.posts)
    assert sorted(server.taken) == sorted(one.address.value for one in batch)
    assert outcomes == [Accepted(provider_id=f"id of {one.address.value}") for one in batch]


def test_each_delivery_gets_its_own_outcome(toy: Toy) -> None:
    provider, _, _ = toy
    outcomes = send_all(provider, [sms("a1"), sms("a2 no"), sms("a3")])
    assert outcomes[1] == Refused(reason=FailReason.REFUSED, code="NO")
    assert [type(outcome) for outcome in outcomes] == [Accepted, Refused, Accepted]


def test_what_is_impossible_is_refused_without_asking(toy: Toy) -> None:
    provider, vendor, _ = toy
    free = provider.free_slots()
    provider.submit([sms("impossible")])
    assert provider.free_slots() == free - 1
    assert [one.outcome for one in provider.poll(5.0)] == [
        Refused(reason=FailReason.BAD_ADDRESS, code="IMPOSSIBLE")
    ]
    assert (vendor.posts, provider.free_slots()) == ([], free)


def test_silence_leaves_the_whole_batch_in_doubt(toy: Toy) -> None:
    provider, _, server = toy
    for word in ("silent", "reset"):
        outcomes = send_all(provider, [sms(f"{word}-{n}") for n in range(3)])
        assert all(isinstance(outcome, Silent) for outcome in outcomes)
    assert len(server.taken) == 3


def test_a_refused_stream_was_not_acted_on(toy: Toy) -> None:
    provider, _, server = toy
    outcomes = send_all(provider, [sms("refusedstream-1"), sms("refusedstream-2")])
    assert outcomes == [NotActed(code="REFUSED_STREAM", retry_after_s=0.0)] * 2
    assert server.taken == []


def test_nobody_listening_opens_the_breaker() -> None:
    provider = BatchProvider(
        ToyVendor("https://127.0.0.1:1"),
        some_options(timeout=1),
        StillClock(),
        requests=1,
    )
    outcomes = send_all(provider, [sms("a1"), sms("a2")])
    assert outcomes == [NotActed(code="curl-7", retry_after_s=5.0, opens_breaker=True)] * 2
    provider.close()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (429, NotActed(code="HTTP_429", retry_after_s=7.0, opens_breaker=True)),
        (500, AnsweredError(code="HTTP_500", retry_after_s=7.0)),
        (503, AnsweredError(code="HTTP_503", retry_after_s=7.0)),
        (422, Refused(reason=FailReason.BAD_MESSAGE, code="HTTP_422", systemic=True)),
        (401, NotActed(code="HTTP_401", systemic=True)),
        (302, NotActed(code="HTTP_302", systemic=True, setting="base_url")),
    ],
)
def test_a_status_befalls_the_whole_batch(toy: Toy, status: int, outcome: Outcome) -> None:
    provider, _, _ = toy
    assert send_all(provider, [sms(f"status-{status}"), sms("s2")]) == [outcome] * 2


def test_429_without_a_time_waits_a_second() -> None:
    outcome = read_status(Answered(429, (), b""), "TooMany", NOW)
    assert outcome == NotActed(code="TooMany", retry_after_s=1.0, opens_breaker=True)


ODD = Refused(reason=FailReason.BAD_MESSAGE, code="HTTP_400")


@pytest.mark.parametrize("odd", [(0,), (99,), (17, 18), (3, 50, 77)])
def test_one_odd_number_costs_nobody_else_their_message(toy: Toy, odd: tuple[int, ...]) -> None:
    provider, vendor, server = toy
    vendor.max_batch = 100
    batch = [sms(f"a{n:02}{' odd' if n in odd else ''}") for n in range(100)]
    outcomes = send_all(provider, batch)
    assert [n for n, outcome in enumerate(outcomes) if outcome == ODD] == list(odd)
    assert len(server.taken) == len(set(server.taken)) == 100 - len(odd)
    assert provider.free_slots() == 400


def test_where_all_are_refused_the_search_ends(toy: Toy) -> None:
    provider, vendor, _ = toy
    vendor.max_batch = 1000
    outcomes = send_all(provider, [sms(f"a{n:03} odd") for n in range(1000)])
    assert len(vendor.posts) == 2 * MOST_DIVISIONS + 1
    assert {type(outcome) for outcome in outcomes} == {Refused}
    assert replace(ODD, systemic=True) in outcomes


@pytest.mark.parametrize("innocent", [0, 1])
def test_ten_that_are_all_refused_are_not_at_fault_themselves(innocent: int) -> None:
    """A number of ours that is wrong is refused of everybody, alone or together."""
    with Loopback(ToyServer().answer) as loopback:
        provider = BatchProvider(
            ToyVendor(loopback.base_url),
            some_options(ca_file=loopback.ca_file, timeout=1),
            StillClock(),
            requests=4,
            refused_whole=lambda answer: answer.status == 400 and answer.body == b"",
            first=10,
        )
        batch = [sms(f"a{n}{'' if n < innocent else ' odd'}") for n in range(10)]
        outcomes = send_all(provider, batch)
        free = provider.free_slots()
        provider.close()

    wrong = outcomes[innocent:]
    assert wrong == [ODD if innocent else replace(ODD, systemic=True)] * (10 - innocent)
    assert free == (40 if innocent else 10), "the next are tried only where one was taken"


def test_no_search_begins_while_closing(toy: Toy) -> None:
    provider, vendor, server = toy
    provider.submit([sms("a1"), sms("a2 odd")])
    assert [one.outcome for one in provider.close()] == [NotActed(code="HTTP_400")] * 2
    assert (len(vendor.posts), server.taken) == (1, [])


def test_closing_drains_what_is_in_flight(toy: Toy) -> None:
    provider, _, _ = toy
    batch = [sms(f"a{n}") for n in range(12)]
    provider.submit(batch)
    assert {one.outgoing.address.value for one in provider.close()} == {
        one.address.value for one in batch
    }


def test_slots_are_requests_times_batch(toy: Toy) -> None:
    provider, _, _ = toy
    assert provider.free_slots() == 40
    with pytest.raises(ValueError, match="41 deliveries for 40 free slots"):
        provider.submit([sms(f"a{n}") for n in range(41)])


ACCEPTED, NOT_ACTED = Accepted(), NotActed(code="429")


@pytest.mark.parametrize(
    ("outcomes", "trusted"),
    [
        ([ACCEPTED], True),
        ([ODD], True),
        ([replace(ODD, systemic=True)], False),
        ([replace(ODD, systemic=True), ACCEPTED], True),
        ([Silent(code="curl-28")], False),
        ([AnsweredError(code="500")], False),
        ([NOT_ACTED], None),
        ([NOT_ACTED, Silent(code="curl-28")], False),
    ],
)
def test_trust(outcomes: list[Outcome], trusted: bool | None) -> None:
    for before in (True, False):
        assert still_trusted(outcomes, before=before) is (before if trusted is None else trusted)


def test_every_delivery_may_need_its_own_request(toy: Toy) -> None:
    provider, vendor, _ = toy
    vendor.group = lambda outgoing: outgoing.address.value  # type: ignore[method-assign]
    outcomes = send_all(provider, [sms(f"{n:02}") for n in range(40)])
    assert (len(vendor.posts), {type(outcome) for outcome in outcomes}) == (40, {Accepted})


def test_the_reference_of_a_batch_is_stable_and_its_own() -> None:
    one, two = sms("a1"), sms("a2")
    again = an_outgoing("a1", Channel.SMS, attempt=2)
    assert batch_reference([one, two]) == batch_reference([one, two])
    assert len({batch_reference(b) for b in ([one], [two], [again], [one, two], [two, one])}) == 5


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        ("+821012345678", Phone("82", "01012345678")),
        ("+82 10-1234-5678", Phone("82", "01012345678")),
        ("+8201012345678", Phone("82", "01012345678")),
        ("010-1234-5678", Phone("82", "01012345678")),
        ("+82215880000", Phone("82", "0215880000")),
        ("+12025550123", Phone("1", "2025550123")),
        ("+819012345678", Phone("81", "9012345678")),
        ("+85212345678", Phone("852", "12345678")),
        ("+77012345678", Phone("7", "7012345678")),
    ],
)
def test_numbers_are_read(value: str, phone: Phone) -> None:
    assert read_phone(value) == phone


@pytest.mark.parametrize("value", ["", "민지", "1588", "+0101234567", "+82", "+821", "12345678901"])
def test_what_is_no_number_is_none(value: str) -> None:
    assert read_phone(value) is None


def test_a_sending_number_has_ascii_digits_only() -> None:
    assert only_digits("02-1588-0000") == "0215880000"
    assert only_digits("１588-0000") == "5880000"


def test_korean_time() -> None:
    instant = datetime(2026, 9, 23, 15, 0, tzinfo=UTC)
    assert kst_text(instant) == "2026-09-24 00:00:00"
    assert kst_text(instant, "%Y-%m-%d %H:%M") == "2026-09-24 00:00"


def test_where_few_share_a_request_fewer_are_taken_at_once() -> None:
    with Loopback(ToyServer().answer) as loopback:
        vendor = ToyVendor(loopback.base_url + "/send", max_batch=1000)
        provider = BatchProvider(
            vendor,
            some_options(ca_file=loopback.ca_file, timeout=5),
            StillClock(),
            requests=4,
        )
        assert provider.free_slots() == 4 * 1000

        send_all(provider, [an_outgoing(chr(0xAC00 + i)) for i in range(20)])
        assert provider.free_slots() == REQUESTS_UNDER_WAY, "each had a request of its own"

        send_all(provider, [an_outgoing(f"같은 {i}") for i in range(100)])
        assert provider.free_slots() == 4 * 1000, "all shared one"
