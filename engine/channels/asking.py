"""One question to a vendor at a time (look-ups, states): a GET over httpx that is never repeated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from engine.channels.json_body import read_object
from engine.channels.loopback import is_loopback
from engine.kernel.errors import ClockError, CredentialsError, UnavailableError, UsageError

if TYPE_CHECKING:
    import ssl

TIMEOUT_S = 10.0
MAX_SKEW = timedelta(minutes=5)
"""How far a signed time may lie from the vendor's (NAVER Cloud API Gateway; SOLAPI allows 15)."""

_SET_CLOCK = "set the clock (`timedatectl set-ntp true`), then start again: nothing was sent"
_SKEWED = "RequestTimeTooSkewed"
"""SOLAPI's `errorCode` for a time that was signed too long ago, or too early."""


def ask(
    url: str,
    *,
    vendor: str,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    ca_file: str | None = None,
    signed_at: datetime | None = None,
    proxy: str | None = None,
) -> Any | None:
    """Return the JSON that `url` answers with; None where it knows no such thing (404).

    Redirects are not followed. `proxy` is as `pool.read_proxy` returns it; this machine is never
    reached through one. Raises CredentialsError for 401 and 403, ClockError instead where `signed_at`
    lies too far from the vendor's clock (its `Date` or its own word says so), UnavailableError for
    every other failure.
    """
    import httpx

    direct = is_loopback(url) or proxy == ""
    try:
        with httpx.Client(
            verify=_trust(ca_file),
            timeout=TIMEOUT_S,
            trust_env=not direct,
            proxy=None if direct else proxy,
        ) as client:
            answer = client.get(url, headers=dict(headers), params=dict(params) if params else None)
    except ImportError as error:
        raise UsageError(
            f"`{vendor}` cannot be asked through a SOCKS proxy",
            "install it with `pip install 'httpx[socks]'`, or name an http proxy",
        ) from error
    except httpx.HTTPError as error:
        raise UnavailableError(
            f"`{vendor}` could not be asked: {type(error).__name__}",
            "try again later; nothing was sent by this",
        ) from error
    if answer.status_code in (401, 403) and signed_at is not None:
        skew = clock_skew(answer.headers, signed_at)
        if skew is not None:
            raise clock_error(vendor, skew)
        if _says_skewed(answer.content):
            raise clock_error(vendor, None)
    return _read(answer.status_code, answer.content, vendor)


@lru_cache(maxsize=8)
def _trust(ca_file: str | None) -> ssl.SSLContext:
    """Return what certificates are held against; reading the list takes longer than a question."""
    import ssl

    import certifi

    return ssl.create_default_context(cafile=ca_file or certifi.where())


def _says_skewed(body: bytes) -> bool:
    return read_object(body).get("errorCode") == _SKEWED


def clock_skew(headers: Mapping[str, str], signed_at: datetime) -> timedelta | None:
    """Return how far `signed_at` is ahead of the vendor's `Date`, if that is too far; else None."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return None
    ahead = signed_at - theirs if theirs.tzinfo else timedelta()
    return ahead if abs(ahead) > MAX_SKEW else None


def clock_error(vendor: str, ahead: timedelta | None) -> ClockError:
    """Return the error that says how wrong this machine's clock is; None: the vendor does not say."""
    if ahead is None:
        return ClockError(
            f"the clock of this machine is too far from the one of `{vendor}`, which refuses what"
            " was signed now",
            _SET_CLOCK,
        )
    minutes = round(abs(ahead).total_seconds() / 60)
    side = "ahead of" if ahead > timedelta() else "behind"
    return ClockError(
        f"the clock of this machine is {minutes} min {side} the one of `{vendor}`, which refuses"
        " what was signed then",
        _SET_CLOCK,
    )


def _read(status: int, body: bytes, vendor: str) -> Any | None:
    import orjson

    if status in (401, 403):
        raise CredentialsError(
            f"`{vendor}` refused the credentials (HTTP {status})",
            "check the keys of the channel in `pushform.yaml`, and the clock of this machine",
        )
    if status == 404:
        return None
    if not 200 <= status < 300:
        raise UnavailableError(f"`{vendor}` answered HTTP {status}", "try again later")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnavailableError(f"`{vendor}` answered with something that is not JSON") from error
