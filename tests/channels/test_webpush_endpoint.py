"""Endpoints come from strangers: what may be contacted, and what a name may turn out to mean."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.channels import webpush
from engine.channels.address_guard import AddressGuard, is_public
from engine.channels.exchange import Answered, NeverSent, Request
from engine.channels.transport import Transport
from engine.channels.webpush_endpoint import Endpoint, read_endpoint
from engine.model.delivery import FailReason
from engine.model.outcome import Refused
from tests.channels.making import StillClock, send_all
from tests.channels.subscribing import Browser, a_provider
from tests.servers.webpush import LoopbackPushService

REAL = [
    "https://fcm.googleapis.com/fcm/send/dGVzdA:APA91bE-_x",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABm",
    "https://web.push.apple.com/QGuQyavXutnMYq",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAB%2fq%3d%3d",
    "https://sg2p.notify.windows.com:443/w/?token=BQYAAAB",
]


@pytest.mark.parametrize("value", REAL)
def test_the_endpoints_of_browsers_are_contacted(value: str) -> None:
    endpoint = read_endpoint(value)
    assert endpoint is not None
    assert endpoint.url == value.replace(":443", "")
    assert endpoint.audience == endpoint.service == "/".join(endpoint.url.split("/")[:3])


WRONG = [
    "",
    "https://",
    "https://push.example.com",
    "http://push.example.com/a",
    "ftp://push.example.com/a",
    "file:///etc/passwd",
    "gopher://push.example.com/a",
    "HTTPS://push.example.com/a",
    "//push.example.com/a",
    "https://push.example.com:8443/a",
    "https://push.example.com:443@10.0.0.1/a",
    "https://user@push.example.com/a",
    "https://user:pass@push.example.com/a",
    "https://push.example.com\\@10.0.0.1/a",
    "https://push.example.com#@10.0.0.1/a",
    "https://push.example.com?@10.0.0.1/a",
    "https://push.example.com/a#b",
    "https://push.example.com/a b",
    "https://push.example.com/a\r\nX-Injected: 1",
    "https://push.example.com/a\n",
    " https://push.example.com/a",
    "https://push.example.com./a",
    "https://.example.com/a",
    "https://-a.example.com/a",
    "https://push..com/a",
    "https://푸시.example.com/a",
    "https://push.example.com/푸시",
    "https://ⓛocalhost/a",
    "https://127.0.0.1/a",
    "https://127.1/a",
    "https://2130706433/a",
    "https://0x7f000001/a",
    "https://0x7f.1/a",
    "https://0177.0.0.1/a",
    "https://8.8.8.8/a",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://[2001:4860:4860::8888]/a",
    "https://localhost/a",
    "https://push.localhost/a",
    "https://intranet/a",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://printer.local/a",
    "https://db.corp/a",
    "https://router.home.arpa/a",
    "https://" + "a" * 64 + ".example.com/a",
    "https://push.example.com/" + "a" * 2048,
]


@pytest.mark.parametrize("value", WRONG)
def test_anything_else_is_not(value: str) -> None:
    assert read_endpoint(value) is None


def test_an_endpoint_on_this_machine_needs_a_base_url_on_this_machine() -> None:
    value = "http://localhost:18090/notify/abc"
    assert read_endpoint(value) is None
    assert read_endpoint(value, "https://push-gateway.shop.example") is None
    assert read_endpoint(value, "http://127.0.0.1:18090") == Endpoint(
        "http://127.0.0.1:18090/notify/abc", "http://127.0.0.1:18090", "http://localhost:18090"
    )


def test_a_base_url_stands_in_for_every_push_service() -> None:
    assert read_endpoint(REAL[0], "http://127.0.0.1:9") == Endpoint(
        "http://127.0.0.1:9/fcm/send/dGVzdA:APA91bE-_x",
        "http://127.0.0.1:9",
        "https://fcm.googleapis.com",
    )


@given(st.text(max_size=60))
def test_no_text_gets_past_the_pattern_to_another_host(text: str) -> None:
    endpoint = read_endpoint(f"https://push.example.com{text}")
    if endpoint is not None:
        assert endpoint.service.startswith("https://push.example.com")
        assert endpoint.url.isascii()
        assert endpoint.url.isprintable()


PUBLIC = ["8.8.8.8", "142.250.206.42", "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "2002:808:808::"]
PRIVATE = {
    "loopback": ["127.0.0.1", "127.255.0.9", "::1"],
    "this network": ["0.0.0.0", "0.1.2.3", "::"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1"],
    "metadata": ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16"],
    "link-local": ["169.254.0.1", "fe80::1", "fe80::1%eth0"],
    "carrier-grade nat": ["100.64.0.1", "100.127.255.255"],
    "ipv4 in ipv6": ["::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "::ffff:8.8.8.8"],
    "nat64": ["64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"],
    "6to4 and teredo": ["2002:7f00:1::", "2002:a00:1::", "2001::1", "192.88.99.1"],
    "multicast and reserved": ["224.0.0.1", "255.255.255.255", "240.0.0.1", "ff02::1"],
    "examples": ["192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1", "3fff::1"],
    "others": ["192.0.0.192", "198.18.0.1", "fec0::1", "100::1"],
    "no address": ["", "push.example.com", "127.1", "2130706433", "0x7f.0.0.1"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_connected_to(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("kind", PRIVATE)
def test_addresses_inside_are_not(kind: str) -> None:
    assert [address for address in PRIVATE[kind] if is_public(address)] == []


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_stays_inside_in_every_ipv6_dress(
    address: ipaddress.IPv4Address,
) -> None:
    number = int(address)
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number)
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (number << 80))
    assert is_public(str(nat64)) == is_public(str(sixtofour)) == is_public(str(address))
    assert not is_public(f"::ffff:{address}")
    if address.is_private or address.is_loopback or address.is_link_local:
        assert not is_public(str(address))


def test_the_proxy_of_the_environment_is_let_through_and_nothing_beside_it() -> None:
    proxies = {"https": "http://127.0.0.1:3128", "http": "http://127.0.0.1:80", "no": "10.0.0.0/8"}
    guard = AddressGuard(proxies)
    assert guard("8.8.8.8", 443)
    assert guard("127.0.0.1", 3128)
    assert not guard("127.0.0.1", 443)
    assert not guard("127.0.0.1", 80)
    assert not guard("10.0.0.1", 3128)
    assert AddressGuard({"all": "https://127.0.0.1"})("127.0.0.1", 443)
    assert AddressGuard({"all": "127.0.0.1"})("127.0.0.1", 1080)
    assert not AddressGuard({"all": "http://[half", "https": ""})("127.0.0.1", 1080)


def test_no_connection_is_made_to_an_address_that_is_not_allowed() -> None:
    asked: list[tuple[str, int]] = []

    def never(address: str, port: int) -> bool:
        asked.append((address, port))
        return False

    with LoopbackPushService() as service:
        transport = Transport(
            monotonic=StillClock().monotonic, ca_file=service.ca_file, allow_address=never
        )
        transport.submit([Request(f"{service.base_url}/send/ok-1", (), b"hi", n) for n in range(3)])
        finished = []
        while len(finished) < 3:
            finished += transport.poll(1.0)
        assert [one.result for one in finished] == [NeverSent("BARRED_ADDRESS")] * 3
        assert set(asked) == {("127.0.0.1", service.port)}
        assert service.connections == []
        transport.close()


def test_an_allowed_address_is_connected_to_as_always() -> None:
    with LoopbackPushService() as service:
        transport = Transport(
            monotonic=StillClock().monotonic,
            ca_file=service.ca_file,
            allow_address=lambda address, _: address == "127.0.0.1",
        )
        transport.submit([Request(f"{service.base_url}/send/ok-1", (), b"hi", 1)])
        (finished,) = transport.poll(3.0)
        assert isinstance(finished.result, Answered)
        assert finished.result.status == 201
        transport.close()


def test_a_name_that_means_this_machine_at_the_last_moment_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # DNS rebinding: the name passed, its address is loopback when the connection is made.
    with LoopbackPushService() as service:
        rebound = Endpoint(
            f"https://localhost:{service.port}/send/ok-1", "https://a.b", "https://a.b"
        )
        monkeypatch.setattr(webpush, "read_endpoint", lambda *_: rebound)
        for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        provider = a_provider(None, ca_file=service.ca_file)
        outcomes = send_all(provider, [Browser().outgoing("ok-1"), Browser().outgoing("ok-2")])
        barred = Refused(reason=FailReason.BAD_ADDRESS, code="BARRED_ADDRESS")
        assert outcomes == [barred, barred]
        assert service.connections == []
        provider.close()


def test_loopback_is_never_reached_without_a_base_url() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        port = listening.getsockname()[1]
        provider = a_provider(None)
        outgoing = Browser().outgoing("x", endpoint=f"https://127.0.0.1:{port}/send/x")
        (outcome,) = send_all(provider, [outgoing])
        assert outcome == Refused(reason=FailReason.BAD_ADDRESS, code="ENDPOINT", dead_address=True)
        with pytest.raises(TimeoutError):
            listening.accept()
        provider.close()
