"""An HTTP/2 server connection in raw frames, which can misbehave in ways that a library refuses to.

Headers are decoded with `hpack`; everything else is RFC 9113 §4 and §6 by hand. Connections that
choose `http/1.1` are served too (for clients that cannot speak HTTP/2).
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import hpack

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = (
    0,
    1,
    3,
    4,
    6,
    7,
    8,
    9,
)
END_STREAM = ACK = 0x1
END_HEADERS, PADDED, PRIORITY = 0x4, 0x8, 0x20
NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM = 0x0, 0x2, 0x7
MAX_FRAME = 16_384
_HEAD = struct.Struct(">HBBBI")


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Return one frame as bytes."""
    size = len(payload)
    return _HEAD.pack(size >> 8, size & 0xFF, kind, flags, stream) + payload


@dataclass(slots=True)
class Exchange:
    """One request, and the ways in which it may be answered (or not)."""

    connection: Connection
    stream: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    def respond(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Answer in full."""
        self.connection.respond(self.stream, status, headers, body)

    def begin(self, status: int) -> None:
        """Send the head of an answer only (HTTP/2)."""
        block = hpack.Encoder().encode([(":status", str(status))])
        self.connection.write(frame(HEADERS, END_HEADERS, self.stream, block))

    def trickle(self, part: bytes, *, last: bool = False) -> None:
        """Send a part of the body (HTTP/2)."""
        self.connection.write(frame(DATA, END_STREAM if last else 0, self.stream, part))
        if last:
            self.connection.settle(self.stream)

    def refuse(self, code: int) -> None:
        """Send RST_STREAM with `code`."""
        self.connection.write(frame(RST_STREAM, 0, self.stream, struct.pack(">I", code)))
        self.connection.settle(self.stream)


class Connection(asyncio.Protocol):
    """One connection. `on_request(exchange)` is called when a request is complete."""

    def __init__(
        self,
        on_request: Callable[[Exchange], None],
        *,
        max_streams: int = 100,
        goaway_after: int | None = None,
        decode: bool = True,
        on_refused: Callable[[Exchange], None] | None = None,
        on_made: Callable[[Connection], None] | None = None,
    ) -> None:
        self._on_request = on_request
        self._on_refused = on_refused
        self._on_made = on_made
        self._max_streams = max_streams
        self._goaway_after = goaway_after
        self._decoder = hpack.Decoder() if decode else None
        self._buffer = bytearray()
        self._open: dict[int, Exchange] = {}
        self._unanswered: set[int] = set()
        self._last_stream: int | None = None
        self._begun = 0
        self._unacknowledged = 0
        self._blocks = bytearray()
        self._out: list[bytes] = []
        self.http1 = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        tls = transport.get_extra_info("ssl_object")
        self.http1 = tls is not None and tls.selected_alpn_protocol() != "h2"
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._on_made:
            self._on_made(self)
        if not self.http1:
            settings = struct.pack(">HIHI", 3, self._max_streams, 4, 1 << 20)
            self.write(frame(SETTINGS, 0, 0, settings))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self.http1:
            self._read_http1()
            return
        if self._begun == 0 and self._buffer.startswith(PREFACE):
            del self._buffer[: len(PREFACE)]
            self._begun = 1
        position, size = 0, len(self._buffer)
        while size - position >= 9:
            high, low, kind, flags, stream = _HEAD.unpack_from(self._buffer, position)
            end = position + 9 + (high << 8 | low)
            if end > size:
                break
            self._read_frame(kind, flags, stream & 0x7FFFFFFF, self._buffer[position + 9 : end])
            position = end
        del self._buffer[:position]
        if self._unacknowledged:
            self.write(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", self._unacknowledged)))
            self._unacknowledged = 0

    def write(self, data: bytes) -> None:
        """Send soon, together with whatever else is sent in this turn of the loop."""
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(data)

    def _flush(self) -> None:
        data, self._out = b"".join(self._out), []
        if not self.transport.is_closing():
            self.transport.write(data)

    def respond(self, stream: int, status: int, headers: Mapping[str, str], body: bytes) -> None:
        if self.http1:
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"HTTP/1.1 {status} X\r\n{lines}content-length: {len(body)}\r\n\r\n"
            self.write(head.encode() + body)
            return
        # A fresh encoder keeps no table, so answers may be sent in any order.
        fields = [(":status", str(status)), *headers.items()]
        block = hpack.Encoder().encode(fields)
        self.respond_raw(stream, block, body)

    def respond_raw(self, stream: int, block: bytes, body: bytes) -> None:
        """Answer with an encoded header block, in frames of the usual size (RFC 9113 §4.2)."""
        last = max(len(body) - 1, 0) // MAX_FRAME * MAX_FRAME
        parts = [
            frame(DATA, END_STREAM if at == last else 0, stream, body[at : at + MAX_FRAME])
            for at in range(0, last + 1, MAX_FRAME)
        ]
        self.write(frame(HEADERS, END_HEADERS, stream, block) + b"".join(parts))
        self.settle(stream)

    def settle(self, stream: int) -> None:
        """Remember that `stream` is done; after a GOAWAY the last one closes the connection."""
        self._unanswered.discard(stream)
        if self._last_stream is not None and not self._unanswered:
            self._linger()

    def go_away(self, last_stream: int, *, then_close: bool = True) -> None:
        """Send GOAWAY: streams above `last_stream` are not acted upon."""
        self.write(frame(GOAWAY, 0, 0, struct.pack(">II", last_stream, NO_ERROR)))
        if then_close:
            self._last_stream = last_stream
            self._unanswered = {s for s in self._unanswered if s <= last_stream}
            if not self._unanswered:
                self._linger()

    def disowns(self, stream: int) -> bool:
        """Tell whether a GOAWAY said that `stream` is not acted upon."""
        return self._last_stream is not None and stream > self._last_stream

    def _linger(self) -> None:
        # Closing while the peer still writes would make TCP reset the connection, and the last
        # answers would be lost with it: the peer, which knows from GOAWAY, closes first.
        asyncio.get_running_loop().call_later(1.0, self.transport.close)

    def reset(self) -> None:
        """Close with a TCP reset."""
        raw = self.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _read_frame(self, kind: int, flags: int, stream: int, payload: bytearray) -> None:
        if kind == DATA:
            self._read_data(flags, stream, payload)
        elif kind in (HEADERS, CONTINUATION):
            self._read_headers(kind, flags, stream, payload)
        elif kind == SETTINGS and not flags & ACK:
            # We never send more than the initial window, so the peer's settings need no more.
            self.write(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.write(frame(PING, ACK, 0, bytes(payload)))
        elif kind == RST_STREAM:
            self._open.pop(stream, None)
            self.settle(stream)

    def _read_headers(self, kind: int, flags: int, stream: int, payload: bytearray) -> None:
        if kind == HEADERS:
            start, end = 0, len(payload)
            if flags & PADDED:
                start, end = 1, end - payload[0]
            if flags & PRIORITY:
                start += 5
            self._blocks = payload[start:end]
            self._open[stream] = Exchange(self, stream)
        else:
            self._blocks += payload
        if flags & END_HEADERS and self._decoder:
            fields = self._decoder.decode(bytes(self._blocks))
            self._open[stream].headers = {str(k): str(v) for k, v in fields}
        if flags & END_STREAM:
            self._complete(stream)

    def _read_data(self, flags: int, stream: int, payload: bytearray) -> None:
        exchange = self._open.get(stream)
        if exchange is None:
            return
        if flags & PADDED:
            payload = payload[1 : len(payload) - payload[0]]
        exchange.body += payload
        self._unacknowledged += len(payload)
        if flags & END_STREAM:
            self._complete(stream)

    def _complete(self, stream: int) -> None:
        exchange = self._open.pop(stream)
        if self.disowns(stream):
            if self._on_refused:
                self._on_refused(exchange)
            return
        self._unanswered.add(stream)
        self._begun += 1
        if self._goaway_after is not None and self._begun > self._goaway_after:
            self.go_away(stream)
        self._on_request(exchange)

    def _read_http1(self) -> None:
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {k.strip().lower(): v.strip() for k, v in (x.split(":", 1) for x in lines)}
            size = int(headers.get("content-length", 0))
            if len(self._buffer) < end + 4 + size:
                return
            headers[":method"], headers[":path"], _ = first.split(" ")
            body = self._buffer[end + 4 : end + 4 + size]
            del self._buffer[: end + 4 + size]
            self._on_request(Exchange(self, 0, headers, body))
