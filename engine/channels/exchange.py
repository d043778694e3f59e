"""What a transport is given and what it gives back. It says what is certain, not what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel.frozen import frozen

REFUSED_STREAM = "REFUSED_STREAM"
"""The code of a stream that the server refused on a connection that works."""

BARRED_ADDRESS = "BARRED_ADDRESS"
"""The code of a request whose connection was not allowed (`Transport`, `allow_address`)."""


@frozen(kw_only=False)
class Request:
    """A POST of `body`. `tag` comes back with its result; headers are `Name: value` lines."""

    url: str
    headers: tuple[str, ...]
    body: bytes
    tag: Any


@frozen(kw_only=False)
class Answered:
    """The whole answer arrived. `head` holds its header lines as they came."""

    status: int
    head: tuple[bytes, ...]
    body: bytes

    def headers(self) -> Mapping[str, str]:
        """Return the headers, names in lower case. Few answers are asked for them."""
        headers: dict[str, str] = {}
        for line in self.head:
            if line.startswith(b"HTTP/"):
                # A new head begins: what stood before was an interim answer (1xx).
                headers.clear()
                continue
            name, colon, value = line.partition(b":")
            if colon:
                headers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
        return headers


@frozen(kw_only=False)
class NeverSent:
    """The server has certainly not acted: no complete request reached it, or it refused the stream.

    `code` is libcurl's number (`curl-7`: no connection), `REFUSED_STREAM` or `BARRED_ADDRESS`.
    """

    code: str


@frozen(kw_only=False)
class NoAnswer:
    """It was written, at least in part, and no whole answer came: it may have been acted on."""

    code: str


Result = Answered | NeverSent | NoAnswer


@frozen(kw_only=False)
class Finished:
    """What became of the request that carried `tag`."""

    tag: Any
    result: Result
