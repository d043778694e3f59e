"""Which addresses cannot leave this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from engine.kernel.errors import UsageError


def is_loopback(url: str) -> bool:
    """Tell whether `url` names this machine: `localhost`, 127.0.0.0/8 or ::1."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_url(url: str) -> str:
    """Return `url` without a closing slash.

    Raises UsageError unless it is https, or http to this machine.
    """
    try:
        parts = urlsplit(url)
        fitting = bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, fitting = urlsplit(""), False
    if not fitting or parts.scheme not in ("http", "https"):
        raise UsageError(f"`{url}` is not an http(s) address", "write `https://host` or remove it")
    if parts.scheme == "http" and not is_loopback(url):
        raise UsageError(
            f"`{url}` is not encrypted", "use https; plain http is for this machine only"
        )
    return url.rstrip("/")
