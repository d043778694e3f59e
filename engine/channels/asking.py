"""One question to a vendor at a time (look-ups, states): a GET over httpx that is never repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.channels.loopback import is_loopback
from engine.kernel.errors import CredentialsError, UnavailableError

TIMEOUT_S = 10.0


def ask(
    url: str,
    *,
    vendor: str,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    ca_file: str | None = None,
) -> Any | None:
    """Return the JSON that `url` answers with; None where it knows no such thing (404).

    Redirects are not followed, and this machine is never reached through a proxy. Raises
    CredentialsError for 401 and 403, UnavailableError for every other failure.
    """
    import ssl

    import certifi
    import httpx

    context = ssl.create_default_context(cafile=ca_file or certifi.where())
    try:
        with httpx.Client(
            verify=context, timeout=TIMEOUT_S, trust_env=not is_loopback(url)
        ) as client:
            answer = client.get(url, headers=dict(headers), params=dict(params or {}))
    except httpx.HTTPError as error:
        raise UnavailableError(
            f"`{vendor}` could not be asked: {type(error).__name__}",
            "try again later; nothing was sent by this",
        ) from error
    return _read(answer.status_code, answer.content, vendor)


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
