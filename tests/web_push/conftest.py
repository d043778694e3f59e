"""The shop's page as it would be served, and a browser that looks at it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.site.conftest import chromium, chromium_path

__all__ = ["chromium", "chromium_path"]

FILES = Path(__file__).parents[2] / "docs" / "web-push"
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'"
PAGE = "<!doctype html><html lang=ko><title>샘플샵</title><h1>샘플샵</h1>"
MODULE = "import * as push from '/subscribe.js'; window.push = push; window.ready = true;"


@dataclass(slots=True)
class Shop:
    """A site on 127.0.0.1 under a strict policy. `told` holds (method, path, body)."""

    port: int = 0
    status: int = 204
    told: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            kind, body = "text/html", f"{PAGE}<script type=module src=/page.js></script>".encode()
            if path == "/page.js":
                kind, body = "text/javascript", MODULE.encode()
            elif path.endswith(".js"):
                kind, body = "text/javascript", (FILES / path[1:]).read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            shop.told.append((self.command, self.path, json.loads(body)))
            self.send_response(shop.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_DELETE(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            return

    return Handler


@pytest.fixture
def web_shop() -> Iterator[Shop]:
    shop = Shop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(shop))
    server.daemon_threads = True
    shop.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield shop
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()
