"""How an origin stands with us: whom a refusal is blamed on, and how long it is left alone."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from engine.channels.exchange import Answered, NeverSent, NoAnswer, Result
from engine.channels.webpush_services import PushServices, read_code
from engine.model.outcome import Accepted, NotActed, Outcome, Refused
from tests.channels.making import NOW

CHROME, STRANGER = "https://fcm.googleapis.com", "https://push.stranger.example"


@dataclass(slots=True)
class Ticking:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def answered(status: int, body: bytes = b"", *head: bytes) -> Answered:
    return Answered(status, head, body)


def read(services: PushServices, service: str, result: Result) -> Outcome:
    services.wait_s(service)
    return services.read(service, result, NOW)


def test_a_rest_ends_by_itself() -> None:
    clock = Ticking()
    services = PushServices(clock)
    read(services, CHROME, answered(429, b"", b"Retry-After: 5\r\n"))
    assert services.wait_s(CHROME) == 5.002
    assert services.wait_s(CHROME) == 5.004
    clock.now += 5
    assert services.wait_s(CHROME) is None


def test_a_shorter_rest_does_not_end_a_longer_one() -> None:
    services = PushServices(Ticking())
    read(services, CHROME, answered(429, b"", b"Retry-After: 60\r\n"))
    services.read(CHROME, answered(429, b"", b"Retry-After: 1\r\n"), NOW)
    assert (services.wait_s(CHROME) or 0) > 59


def test_everything_waits_only_when_no_service_is_left() -> None:
    services = PushServices(Ticking())
    services.wait_s(CHROME)
    first = read(services, STRANGER, NeverSent("curl-6"))
    assert first == NotActed(code="curl-6", retry_after_s=5.0, opens_breaker=False)
    second = read(services, CHROME, NeverSent("curl-7"))
    assert second == NotActed(code="curl-7", retry_after_s=5.0, opens_breaker=True)


def test_an_answer_ends_a_row_of_silences() -> None:
    services = PushServices(Ticking())
    for result in (NoAnswer("curl-28"), NoAnswer("curl-28"), answered(201), NoAnswer("curl-28")):
        services.read(CHROME, result, NOW)
    assert services.wait_s(CHROME) is None
    services.read(CHROME, NoAnswer("curl-28"), NOW)
    services.read(CHROME, NoAnswer("curl-28"), NOW)
    assert (services.wait_s(CHROME) or 0) > 29


def test_strangers_do_not_fill_the_memory_and_friends_are_not_forgotten() -> None:
    services = PushServices(Ticking())
    services.read(CHROME, answered(201), NOW)
    for number in range(3000):
        services.read(f"https://push{number}.example", answered(403), NOW)
    assert len(services._known) == 1000
    outcome = services.read(CHROME, answered(403), NOW)
    assert isinstance(outcome, Refused)
    assert outcome.dead_address


def test_refusals_between_messages_that_went_through_never_stop_a_campaign() -> None:
    services = PushServices(Ticking())
    for number in range(100):
        read(services, CHROME, answered(201))
        outcome = read(services, CHROME, answered(403 if number % 2 else 400))
        assert isinstance(outcome, Refused)
        assert not outcome.systemic


RESULTS = st.one_of(
    st.builds(answered, st.integers(200, 599), st.binary(max_size=30)),
    st.sampled_from([NeverSent("curl-7"), NeverSent("REFUSED_STREAM"), NoAnswer("curl-28")]),
)


@given(st.lists(st.tuples(st.sampled_from([CHROME, STRANGER]), RESULTS), max_size=60))
def test_whatever_comes_a_stop_needs_that_nobody_was_served_meanwhile(
    results: list[tuple[str, Result]],
) -> None:
    services, since = PushServices(Ticking()), 0
    for service, result in results:
        outcome = services.read(service, result, NOW)
        if isinstance(outcome, Accepted):
            since = 0
        since += 1
        assert isinstance(outcome, Accepted) == (
            isinstance(result, Answered) and result.status in (200, 201, 202, 204)
        )
        if isinstance(outcome, Refused | NotActed) and outcome.systemic:
            assert since > 3


def test_codes_are_the_services_own_words_when_they_are_words() -> None:
    assert read_code(answered(403, b'{"reason":"BadJwtToken"}')) == "BadJwtToken"
    assert read_code(answered(401, b'{"errno":109,"code":401}')) == "ERRNO_109"
    for body in (b"", b"\xff", b"[]", b'{"reason":"a user 010-1234-5678"}', b'{"errno":true}'):
        assert read_code(answered(400, body)) == "HTTP_400"
