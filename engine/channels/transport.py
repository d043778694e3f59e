"""Many small POSTs at once over few HTTP/2 connections, none of them ever sent twice.

libcurl sends a request again by itself when the connection that it reused dies before the answer
begins, although the server may have acted on it. It has to rewind the body for that, and here the
body cannot be rewound: the transfer ends with CURLE_SEND_FAIL_REWIND instead, and the caller hears
what is certain and what is not (`NeverSent`, `NoAnswer`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import certifi
import pycurl

from engine.channels.exchange import (
    BARRED_ADDRESS,
    REFUSED_STREAM,
    Finished,
    NeverSent,
    NoAnswer,
    Request,
    Result,
)
from engine.channels.slot import AllowAddress, Slot

DRAIN_S = 5.0
"""How long `close` waits for requests in flight (design §8.7)."""

MAX_ANSWER_BYTES = 16 << 20
"""What is longer is no answer: thousands of results in one fit in many times. Ours."""

_REWIND_REFUSED = "seek callback"
"""How libcurl's words begin when it was our refusal to rewind that ended the transfer.

libcurl keeps the first failure of a transfer. Where nothing failed before it wanted to rewind, no
connection died: the server refused this one stream (REFUSED_STREAM, or above GOAWAY's last id;
RFC 9113 §8.7 says that it was not processed). Any other words, also new ones, count as silence.
"""


class Transport:
    """Up to `connections` × `streams` requests in flight. Queues nothing.

    Certificates are verified against `ca_file` (default: certifi's list). `proxy` is the URL of a
    proxy, '' for none; without one the environment's is used. This machine is never reached through
    one. `monotonic` gives seconds for `poll` and `close`. `allow_address` is asked before every
    connection, after names are resolved (a proxy's address too); without its leave the request ends
    as `NeverSent`.

    After a time-out no new request goes over the connections of before: one of them may lead
    nowhere any more (a forgotten NAT entry), and libcurl would go on using it. What is under way on
    them is still waited for.
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float],
        connections: int = 10,
        streams: int = 100,
        connect_timeout_s: float = 5.0,
        timeout_s: float = 10.0,
        ca_file: str | None = None,
        allow_address: AllowAddress | None = None,
        proxy: str | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._proxy = proxy
        self._allow_address = allow_address
        self._capacity = connections * streams
        self._connect_timeout_ms = int(connect_timeout_s * 1000)
        self._timeout_ms = int(timeout_s * 1000)
        self._ca_file = ca_file or certifi.where()
        self._idle: list[Slot] = []
        self._busy: dict[Any, Slot] = {}
        self._http1_ports: set[int] = set()
        self._limits = (connections, streams)
        self._multi = self._open_multi()
        self._retired: list[Any] = []

    def free_slots(self) -> int:
        """Return how many requests `submit` takes now."""
        return self._capacity - len(self._busy)

    def submit(self, requests: Sequence[Request]) -> None:
        """Start `requests`. Raises ValueError if there are more than free slots."""
        if len(requests) > self.free_slots():
            raise ValueError(f"{len(requests)} requests for {self.free_slots()} free slots")
        for request in requests:
            slot = self._idle.pop() if self._idle else self._open_slot()
            slot.begin(request)
            self._busy[slot.curl] = slot
            slot.multi = self._multi
            slot.multi.add_handle(slot.curl)
        self._multi.perform()

    def poll(self, timeout_s: float) -> list[Finished]:
        """Return what is finished by now, waiting up to `timeout_s` for the first."""
        deadline = self._monotonic() + timeout_s
        while True:
            finished: list[Finished] = []
            for multi in (self._multi, *self._retired):
                multi.perform()
                finished += self._collect(multi)
            self._close_retired()
            left = deadline - self._monotonic()
            if finished or left <= 0 or not self._busy:
                return finished
            self._wait(min(left, 0.02 if self._retired else 0.25))

    def _wait(self, seconds: float) -> None:
        multi = next(iter(self._busy.values())).multi
        if multi.select(seconds) == 0 and not any(multi.fdset()):
            # No socket yet (a name is being looked up): select did not wait at all.
            time.sleep(min(seconds, 0.005))

    def close(self) -> list[Finished]:
        """Wait up to 5 s for requests in flight, abandon the rest, and return what they came to."""
        deadline = self._monotonic() + DRAIN_S
        finished: list[Finished] = []
        while self._busy and (left := deadline - self._monotonic()) > 0:
            finished += self.poll(left)
        for slot in list(self._busy.values()):
            result = NoAnswer("closed") if slot.started else NeverSent("closed")
            finished.append(self._release(slot, result))
        for slot in self._idle:
            slot.curl.close()
        self._idle.clear()
        self._close_retired()
        self._multi.close()
        return finished

    def _open_multi(self) -> Any:
        connections, streams = self._limits
        multi: Any = pycurl.CurlMulti()
        multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, connections)
        multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, streams)
        multi.setopt(pycurl.M_MAXCONNECTS, connections)
        return multi

    def _close_retired(self) -> None:
        for multi in list(self._retired):
            if not any(slot.multi is multi for slot in self._busy.values()):
                multi.close()
                self._retired.remove(multi)

    def _open_slot(self) -> Slot:
        slot = Slot(self._allow_address, self._proxy)
        for option, value in (
            (pycurl.POST, 1),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
            (pycurl.PIPEWAIT, 1),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.SSL_VERIFYPEER, 1),
            (pycurl.SSL_VERIFYHOST, 2),
            (pycurl.CAINFO, self._ca_file),
            (pycurl.CONNECTTIMEOUT_MS, self._connect_timeout_ms),
            (pycurl.TIMEOUT_MS, self._timeout_ms),
            (pycurl.MAXFILESIZE, MAX_ANSWER_BYTES),
            (pycurl.NOSIGNAL, 1),
            (pycurl.TCP_KEEPALIVE, 1),
            (pycurl.USERAGENT, "pushform"),
        ):
            slot.curl.setopt(option, value)
        return slot

    def _collect(self, multi: Any) -> list[Finished]:
        finished: list[Finished] = []
        waiting = 1
        while waiting:
            waiting, answered, failed = multi.info_read()
            for curl in answered:
                slot = self._busy[curl]
                if curl.getinfo(pycurl.INFO_HTTP_VERSION) < pycurl.CURL_HTTP_VERSION_2_0:
                    self._http1_ports.add(curl.getinfo(pycurl.LOCAL_PORT))
                finished.append(self._release(slot, slot.answer()))
            for curl, code, words in failed:
                slot = self._busy[curl]
                finished.append(self._release(slot, self._classify(slot, code, words)))
        return finished

    def _classify(self, slot: Slot, code: int, words: str) -> Result:
        if not slot.started:
            return NeverSent(BARRED_ADDRESS if slot.barred else f"curl-{code}")
        refused = code == pycurl.E_SEND_FAIL_REWIND and words.startswith(_REWIND_REFUSED)
        # HTTP/1.1 has no refused streams: there the same words mean a connection that died.
        if refused and slot.curl.getinfo(pycurl.LOCAL_PORT) not in self._http1_ports:
            return NeverSent(REFUSED_STREAM)
        if code == pycurl.E_OPERATION_TIMEDOUT and slot.multi is self._multi:
            self._retired.append(self._multi)
            self._multi = self._open_multi()
        return NoAnswer(f"curl-{code}")

    def _release(self, slot: Slot, result: Result) -> Finished:
        slot.multi.remove_handle(slot.curl)
        del self._busy[slot.curl]
        finished = Finished(slot.tag, result)
        slot.tag = None
        slot.parts.clear()
        self._idle.append(slot)
        return finished
