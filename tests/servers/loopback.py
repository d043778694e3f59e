"""A loopback HTTPS server (HTTP/2 and HTTP/1.1) that hands every complete request to a function.

Use it as a context manager; the thread that serves it ends with the block.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.certificate import make_certificate
from tests.servers.http2 import Connection, Exchange


class Loopback:
    """`answer(exchange)` runs in the server's thread and responds, or misbehaves."""

    def __init__(
        self,
        answer: Callable[[Exchange], None],
        *,
        protocols: tuple[str, ...] = ("h2", "http/1.1"),
    ) -> None:
        self._answer = answer
        self._protocols = protocols
        self._connections: list[Connection] = []
        self._folder = tempfile.TemporaryDirectory()
        self._loop = asyncio.new_event_loop()
        self.port = 0
        self.ca_file = ""

    @property
    def base_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        certificate = make_certificate(Path(self._folder.name))
        self.ca_file = str(certificate.ca_file)
        context = certificate.server_context(self._protocols)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._connect, "127.0.0.1", 0, ssl=context)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._serve, args=(server,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._folder.cleanup()

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Run `action` in the server's thread after that long."""
        self._loop.call_later(seconds, action)

    def _connect(self) -> Connection:
        return Connection(self._answer, on_made=self._connections.append)

    def _serve(self, server: asyncio.Server) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        server.close()
        for connection in self._connections:
            connection.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
