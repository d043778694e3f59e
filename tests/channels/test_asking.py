"""One question to a vendor: what its answers come to, which clock is wrong, which proxy is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime

import pytest

from engine.channels.asking import ask, clock_skew
from engine.channels.callbacks import read_callbacks
from engine.kernel.errors import ClockError, CredentialsError, PushformError, UnavailableError
from tests.channels.making import NOW
from tests.servers.http2 import Exchange
from tests.servers.loopback import Loopback

Ask = Callable[..., object]


class Vendor:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def answer(self, exchange: Exchange) -> None:
        path = exchange.headers[":path"]
        self.asked.append(path)
        if path.startswith("/json"):
            exchange.respond(200, {}, '{"이름": "민지"}'.encode())
        elif path == "/skewed":
            exchange.respond(403, {}, b'{"errorCode": "RequestTimeTooSkewed"}')
        elif path == "/listed":
            exchange.respond(403, {}, b'["RequestTimeTooSkewed"]')
        elif path == "/words":
            exchange.respond(200, {}, b"maintenance")
        else:
            there = {"date": format_datetime(NOW, usegmt=True), "location": "/json"}
            exchange.respond(int(path[1:4]), there, b"")


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


@pytest.fixture
def asking(vendor: Vendor) -> Iterator[Ask]:
    with Loopback(vendor.answer) as loopback:

        def ask_one(path: str, **more: object) -> object:
            url = loopback.base_url + path
            return ask(url, vendor="acme", headers={}, ca_file=loopback.ca_file, **more)  # type: ignore[arg-type]

        yield ask_one


def test_an_answer_is_its_json_and_a_query_is_asked_as_it_is(asking: Ask, vendor: Vendor) -> None:
    assert asking("/json", params={"이름": "민 지"}) == {"이름": "민지"}
    assert asking("/json?a=%3A1") == {"이름": "민지"}
    assert vendor.asked[1] == "/json?a=%3A1"


def test_what_the_vendor_does_not_know_is_none(asking: Ask) -> None:
    assert asking("/404") is None


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/401", CredentialsError, "`acme` refused the credentials (HTTP 401)"),
        ("/403", CredentialsError, "`acme` refused the credentials (HTTP 403)"),
        ("/429", UnavailableError, "`acme` answered HTTP 429"),
        ("/503", UnavailableError, "`acme` answered HTTP 503"),
        ("/302", UnavailableError, "`acme` answered HTTP 302"),
        ("/words", UnavailableError, "`acme` answered with something that is not JSON"),
    ],
)
def test_everything_else_is_said(
    asking: Ask, vendor: Vendor, path: str, kind: type[PushformError], words: str
) -> None:
    with pytest.raises(kind) as caught:
        asking(path)
    assert caught.value.message == words
    assert vendor.asked == [path], "asked again, or followed elsewhere"


def test_a_signature_of_a_wrong_hour_is_the_clocks_fault(asking: Ask) -> None:
    with pytest.raises(ClockError, match="60 min ahead of the one of `acme`"):
        asking("/401", signed_at=NOW + timedelta(hours=1))
    with pytest.raises(CredentialsError):
        asking("/401", signed_at=NOW + timedelta(minutes=4))


def test_a_vendor_without_a_date_says_it_itself(asking: Ask) -> None:
    with pytest.raises(ClockError, match="too far from the one of `acme`") as caught:
        asking("/skewed", signed_at=NOW)
    assert "timedatectl" in (caught.value.hint or "")
    for path, signed_at in (("/skewed", None), ("/listed", NOW)):
        with pytest.raises(CredentialsError):
            asking(path, signed_at=signed_at)


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 24 Sep 2026 01:00:00 -0000"])
def test_a_date_that_says_nothing_accuses_no_clock(date: str) -> None:
    assert clock_skew({"date": date}, NOW + timedelta(hours=1)) is None


def test_this_machine_is_never_reached_through_a_proxy(
    asking: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert asking("/json", proxy="http://127.0.0.1:1") == {"이름": "민지"}


def test_elsewhere_the_written_proxy_is_asked() -> None:
    with pytest.raises(UnavailableError, match="`acme` could not be asked: ConnectError"):
        ask("https://vendor.invalid/", vendor="acme", headers={}, proxy="http://127.0.0.1:1")


def test_without_a_file_nobody_called_back() -> None:
    assert list(read_callbacks(None)) == []
    assert list(read_callbacks("/no/such/results.jsonl")) == []


def test_a_file_that_cannot_be_read_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("results.jsonl")
    with pytest.raises(UnavailableError, match="`results` cannot be read"):
        list(read_callbacks(str(folder)))
