"""One curl handle of a transport: its present request, its answer, its proxy."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pycurl

from engine.channels.exchange import Answered, Request
from engine.channels.loopback import is_loopback

AllowAddress = Callable[[str, int], bool]
"""Tells whether a connection to this address (as text) and port may be opened."""


class Slot:
    """A curl handle that is used again and again, with the state of its present request.

    `started` says that libcurl asked for the body: the server may see the whole request. `barred`
    says that `allow` forbade the address that the host's name led to.
    """

    __slots__ = (
        "_allow",
        "_body",
        "_origin",
        "_proxy",
        "barred",
        "curl",
        "headers",
        "lines",
        "multi",
        "parts",
        "started",
        "tag",
        "url",
    )

    def __init__(self, allow: AllowAddress | None, proxy: str | None) -> None:
        """`proxy` is a URL, '' for none at all, None for what the environment says."""
        self.curl: Any = pycurl.Curl()
        self._allow = allow
        self._proxy = proxy
        self._origin = ""
        self.barred = False
        if allow is not None:
            self.curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        self.multi: Any = None
        self.url = ""
        self.headers: tuple[str, ...] | None = None
        self.lines: list[bytes] = []
        self.parts: list[bytes] = []
        self.tag: Any = None
        self.started = False
        self._body = b""
        self.curl.setopt(pycurl.READFUNCTION, self._read)
        self.curl.setopt(pycurl.SEEKFUNCTION, _refuse_to_rewind)
        self.curl.setopt(pycurl.WRITEFUNCTION, self.parts.append)
        self.curl.setopt(pycurl.HEADERFUNCTION, self.lines.append)

    def begin(self, request: Request) -> None:
        """Make the handle ready for `request`."""
        if request.url != self.url:
            self.url = request.url
            self.curl.setopt(pycurl.URL, request.url)
            if not self._origin or not request.url.startswith(self._origin):
                set_proxy(self.curl, request.url, self._proxy)
                self._origin = "/".join(request.url.split("/", 3)[:3]) + "/"
        if request.headers is not self.headers:
            self.headers = request.headers
            self.curl.setopt(pycurl.HTTPHEADER, [*request.headers, "Expect:"])
        self.curl.setopt(pycurl.POSTFIELDSIZE, len(request.body))
        self._body = request.body
        self.tag = request.tag
        self.started = self.barred = False
        self.lines.clear()
        self.parts.clear()

    def _read(self, size: int) -> bytes:
        self.started = True
        chunk, self._body = self._body[:size], self._body[size:]
        return chunk

    def _open_socket(self, _purpose: int, address: Any) -> Any:
        # The address that libcurl is about to connect to: what a name meant a moment ago is gone.
        if self._allow is not None and not self._allow(address.addr[0], address.addr[1]):
            self.barred = True
            return pycurl.SOCKET_BAD
        return _NewSocket(socket.socket(address.family, address.socktype, address.protocol))

    def answer(self) -> Answered:
        """Return the answer, once the transfer is over."""
        status = int(self.curl.getinfo(pycurl.RESPONSE_CODE))
        return Answered(status, tuple(self.lines), b"".join(self.parts))


class _NewSocket:
    """A socket for libcurl, which takes a duplicate of it; the original goes with this object."""

    __slots__ = ("_socket",)

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened

    def fileno(self) -> int:
        return self._socket.fileno()

    def __del__(self) -> None:
        self._socket.close()


def set_proxy(curl: Any, url: str, proxy: str | None) -> None:
    """Choose the proxy for `url`: none to this machine, else `proxy`, else the environment's.

    The environment's are HTTPS_PROXY, ALL_PROXY and NO_PROXY; the last holds for `proxy` too.
    """
    if is_loopback(url):
        curl.setopt(pycurl.PROXY, "")
    elif proxy is None:
        curl.unsetopt(pycurl.PROXY)
    else:
        curl.setopt(pycurl.PROXY, proxy)


def _refuse_to_rewind(_offset: int, _origin: int) -> int:
    return int(pycurl.SEEKFUNC_FAIL)
