"""A loopback of the gateway that the example plug-in sends to: plain HTTP/1.1."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class LoopbackAcme:
    """`dead-…` is answered with 410; everything else is accepted."""

    base_url: str
    received: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@contextmanager
def loopback_acme() -> Iterator[LoopbackAcme]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(size))
            acme.received.append(body)
            acme.keys.append(self.headers.get("Authorization"))
            status = 410 if body["to"].startswith("dead-") else 200
            answer = json.dumps({"id": f"acme-{len(acme.received)}-{body['to']}"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    acme = LoopbackAcme(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield acme
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
