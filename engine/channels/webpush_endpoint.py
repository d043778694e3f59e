"""The address of a web push subscription: strangers write it, so nothing in it is taken on trust."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from engine.channels.loopback import is_loopback
from engine.kernel.frozen import frozen

_LONGEST = 2048
# One strict pattern instead of a parser: two parsers that read a URL differently are how a guard
# is passed. No userinfo, no other port, no fragment, no escape in the host.
_PATH = r"(?P<path>/[A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*)"
_PUBLIC = re.compile(r"https://(?P<host>[A-Za-z0-9.-]{1,253})(?::443)?" + _PATH, re.ASCII)
_LOCAL = re.compile(r"https?://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?" + _PATH, re.ASCII)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_INNER = frozenset(
    (
        *("corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost"),
        *("arpa", "onion", "private"),
    )
)
"""Last labels that no push service has: RFC 6761, 6762, 7686, 8375, ICANN's `.internal`, habits."""


@frozen(kw_only=False)
class Endpoint:
    """Where the request goes, and the two origins that matter.

    `audience` is the origin of `url` (`aud` of RFC 8292); `service` is the origin that the browser
    named: another one only where a `base_url` stands in for it.
    """

    url: str
    audience: str
    service: str


def read_endpoint(value: str, base_url: str | None = None) -> Endpoint | None:
    """Return where to send for the endpoint `value`; None if it is not one that may be contacted.

    With `base_url` nothing but it is contacted: the request goes to the endpoint's path there. An
    endpoint on this machine is accepted only if `base_url` is on this machine too.
    """
    if len(value) > _LONGEST:
        return None
    match = _PUBLIC.fullmatch(value)
    if match is not None and (host := _read_host(match["host"])) is not None:
        service = f"https://{host}"
        if base_url is None:
            return Endpoint(service + match["path"], service, service)
        return Endpoint(base_url + match["path"], origin_of(base_url), service)
    local = _LOCAL.fullmatch(value)
    if local is None or base_url is None or not is_loopback(base_url):
        return None
    return Endpoint(base_url + local["path"], origin_of(base_url), origin_of(value))


@lru_cache(maxsize=4096)
def _read_host(host: str) -> str | None:
    """Return a host name in lower case if it is a full name in the public name space."""
    labels = host.lower().split(".")
    # The last label tells a name from an address in any notation (`127.1`, `0x7f.1`, `2130706433`).
    if len(labels) < 2 or not labels[-1][:1].isalpha() or labels[-1] in _INNER:
        return None
    return host.lower() if all(map(_LABEL.fullmatch, labels)) else None


@lru_cache(maxsize=1024)
def origin_of(url: str) -> str:
    """Return scheme, host and port of `url` (RFC 6454 §6.2)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
