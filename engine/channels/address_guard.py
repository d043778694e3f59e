"""Which addresses on the internet may be connected to when somebody else names the host.

A web push endpoint is whatever a browser, or somebody who claims to be one, sent to the shop's
backend. Without a guard it could make this machine knock at machines that only this machine reaches.
Ranges: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_BARRED = (
    # Protocol assignments, which Python counts as global in part (192.0.0.192: Oracle's metadata).
    ipaddress.ip_network("192.0.0.0/24"),
    # Deprecated 6to4 relays (RFC 7526), and the second range of examples (RFC 9637).
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("3fff::/20"),
    # Azure's host agent answers here to every machine inside, although the range is public
    # (Microsoft, "What is IP address 168.63.129.16?").
    ipaddress.ip_network("168.63.129.16/32"),
)


def is_public(address: str) -> bool:
    """Tell whether `address` (an IP address as text) is another machine on the public internet.

    Loopback, private, link-local (cloud metadata), carrier-grade NAT, multicast, reserved and
    example ranges are not, nor is an IPv6 address that carries such an IPv4 address.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        return _is_public_v6(ip)
    return _is_global(ip)


def _is_public_v6(ip: ipaddress.IPv6Address) -> bool:
    if ip in _NAT64:
        return _is_global(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    if ip.sixtofour is not None:
        return _is_global(ip.sixtofour)
    # Everything else outside 2000::/3 is not routed, or carries an IPv4 address in an old way.
    return ip in _GLOBAL_UNICAST and ip.teredo is None and _is_global(ip)


def _is_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
        and not any(ip in network for network in _BARRED if network.version == ip.version)
    )


class AddressGuard:
    """Allows connections to public addresses, and to the proxies that the environment names.

    Behind a proxy names are resolved by the proxy, which decides where it connects to; `proxies` is
    what `urllib.request.getproxies()` returns (`https` and `all` count). They are looked up when first
    needed.
    """

    def __init__(self, proxies: Mapping[str, str]) -> None:
        self._proxies = tuple(proxies[name] for name in ("https", "all") if name in proxies)
        self._known: frozenset[tuple[str, int]] | None = None

    def __call__(self, address: str, port: int) -> bool:
        """Tell whether a connection to `address` and `port` may be opened."""
        if is_public(address):
            return True
        if self._known is None:
            self._known = frozenset(found for proxy in self._proxies for found in _addresses(proxy))
        return (address, port) in self._known


def _addresses(proxy: str) -> tuple[tuple[str, int], ...]:
    """Return the addresses and the port of a proxy's URL; none if it cannot be read or found."""
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        # libcurl's ports for a proxy that names none (CURLOPT_PROXYPORT).
        port = parts.port or (443 if parts.scheme == "https" else 1080)
        if not parts.hostname:
            return ()
        found = socket.getaddrinfo(parts.hostname, port, proto=socket.IPPROTO_TCP)
    except (ValueError, OSError):
        return ()
    return tuple((str(entry[4][0]), port) for entry in found)
