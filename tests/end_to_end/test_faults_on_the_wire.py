"""Whatever happens on the wire, the books say what the server saw, address by address.

`accepted` of the loopback FCM is the truth: everything that it acted upon, answered or not.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from engine.app.session import open_session
from engine.app.state import open_ledger
from engine.kernel.digest import keyed_hash
from engine.model.deployment import LedgerRow
from tests.end_to_end.small import Shop
from tests.end_to_end.test_loopback_fcm import shop_for
from tests.servers.fcm import LoopbackFcm, error_body, fcm_error
from tests.servers.http2 import Exchange

JUST_BEFORE_THE_END = "2026-09-20T03:59:57Z"
"""Three seconds before the wave may no longer go on (due 02:00, `late: 2h`)."""


class Fcm(LoopbackFcm):
    """Misbehaves in three more ways, each of them after it has acted."""

    def _do_middle(self, exchange: Exchange, address: str) -> None:
        """Reset in the middle of the answer."""
        self.accepted[address] += 1
        exchange.begin(200)
        exchange.trickle(b'{"name": "proj')
        self._later(exchange)

    def _do_after(self, exchange: Exchange, address: str) -> None:
        """Reset when the answer was sent."""
        self._do_ok(exchange, address)
        self._later(exchange)

    def _do_liar(self, exchange: Exchange, address: str) -> None:
        """Act, and say once that something went wrong."""
        if self._seen[address] > 1:
            self._do_ok(exchange, address)
            return
        self.accepted[address] += 1
        exchange.respond(500, {}, error_body(500, "INTERNAL", fcm_error("INTERNAL")))

    def _later(self, exchange: Exchange) -> None:
        assert self._loop
        self._loop.call_later(0.05, exchange.connection.reset)


def rows_of(shop: Shop, tokens: Sequence[str]) -> Mapping[str, LedgerRow]:
    """Return the ledger's row of every token."""
    session = open_session(shop.root, None, None, dict(os.environ))
    with open_ledger(session, create=False) as (ledger, _, key):
        deployed = ledger.find_deployed(shop.campaign)
        assert deployed is not None
        assert deployed.snapshot is not None
        rows = {
            row.address_hash: row
            for shard in deployed.snapshot.shards
            for row in ledger.shard_rows(shop.campaign, shard.number).values()
        }
        return {token: rows[keyed_hash(key, "address:app:fcm_token", token)] for token in tokens}


def hold(shop: Shop, fcm: LoopbackFcm, tokens: Sequence[str]) -> Counter[str]:
    """Hold every row against what the server did; return how many rows are in which state."""
    rows = rows_of(shop, tokens)
    for token, row in rows.items():
        acted = fcm.accepted[token]
        match row.state:
            case "sent":
                assert 1 <= acted <= 1 + row.retried_after_error, token
            case "unknown":
                assert acted <= 1 + row.retried_after_error, token
            case _:
                assert acted <= row.retried_after_error, (token, row.state, row.reason)
        assert acted <= 1 or row.retried_after_error, f"{token} was sent twice without an error"
    assert set(fcm.accepted) <= set(tokens), "nobody else was sent to"
    keys = {request.message["android"]["collapse_key"] for request in fcm.received}
    assert keys <= {shop.campaign}, "a second copy replaces the first"
    books = shop.device_books()
    states = Counter(row.state for row in rows.values())
    for state in ("sent", "unknown"):
        assert books[state] == states[state]
    assert books["pending"] == 0
    return states


def some(words: Mapping[str, int]) -> list[str]:
    """Return tokens, well mixed: so many of each word."""
    tokens = [f"{word}-{n}" for word, count in words.items() for n in range(count)]
    return sorted(tokens, key=lambda token: keyed_hash(b"mix", "", token))


def in_doubt(shop: Shop, tokens: Sequence[str]) -> set[str]:
    """Return the words of the tokens that are `unknown`."""
    rows = rows_of(shop, tokens)
    return {token.split("-")[0] for token in tokens if rows[token].state == "unknown"}


def test_connections_that_are_reset_before_in_the_middle_of_and_after_an_answer(
    tmp_path: Path,
) -> None:
    tokens = some({"ok": 60, "reset": 2, "middle": 2, "after": 2})
    with Fcm(delay_s=0.01) as fcm:
        shop = shop_for(tmp_path, fcm, tokens)
        result = shop.dispatch()
        states = hold(shop, fcm, tokens)

    rows = rows_of(shop, tokens)
    assert {rows[t].state for t in tokens if t.startswith(("reset", "middle"))} == {"unknown"}
    assert states["sent"] + states["unknown"] == len(tokens)
    assert states["unknown"] >= 4
    assert result.code == 8


def test_silence_and_answers_byte_by_byte(tmp_path: Path) -> None:
    tokens = some({"ok": 10, "slow": 5, "silent": 3, "endless": 2})
    with Fcm() as fcm:
        shop = shop_for(tmp_path, fcm, tokens)
        result = shop.dispatch()
        states = hold(shop, fcm, tokens)

    assert states == {"sent": 15, "unknown": 5}
    assert in_doubt(shop, tokens) == {"silent", "endless"}
    assert result.code == 8


def test_a_goaway_every_few_streams_loses_nobody(tmp_path: Path) -> None:
    tokens = some({"ok": 90, "goaway": 2})
    with Fcm(goaway_after=30, delay_s=0.01) as fcm:
        shop = shop_for(tmp_path, fcm, tokens)
        result = shop.dispatch()
        states = hold(shop, fcm, tokens)

    assert states == {"sent": 92}
    assert set(fcm.accepted.values()) == {1}
    assert len(fcm.connections) >= 3
    assert result.code == 0, result.err


def test_a_storm_of_429_is_sat_out(tmp_path: Path) -> None:
    tokens = some({"ok": 60})
    with Fcm(storm=15) as fcm:
        shop = shop_for(tmp_path, fcm, tokens)
        result = shop.dispatch()
        states = hold(shop, fcm, tokens)

    assert states == {"sent": 60}
    assert set(fcm.accepted.values()) == {1}
    assert len(fcm.received) == 75
    assert result.code == 0, result.err


def test_only_an_error_answer_lets_somebody_have_it_twice_and_the_second_replaces_the_first(
    tmp_path: Path,
) -> None:
    tokens = some({"ok": 10, "liar": 3})
    with Fcm() as fcm:
        shop = shop_for(tmp_path, fcm, tokens)
        shop.dispatch()
        states = hold(shop, fcm, tokens)

    assert states == {"sent": 13}
    assert {t.split("-")[0]: n for t, n in fcm.accepted.items()} == {"ok": 1, "liar": 2}
    assert shop.report()["retried_after_error"] == 3
    copies: dict[str, set[str]] = {}
    for request in fcm.received:
        message = request.message
        name = f"{message['android']['collapse_key']} {message['apns']['headers']}"
        copies.setdefault(request.address, set()).add(name)
    assert {len(names) for names in copies.values()} == {1}


@pytest.mark.parametrize("trouble", ["tls", "dns"])
def test_without_a_connection_nobody_is_in_doubt(
    tmp_path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    tokens = some({"ok": 30})
    with Fcm() as fcm:
        shop = shop_for(tmp_path, fcm, tokens, advertising=False)
        if trouble == "tls":
            # The authority of another server: this one's certificate is not to be trusted.
            with Fcm() as other:
                authority = tmp_path / "other.pem"
                authority.write_bytes(Path(other.ca_file).read_bytes())
            shop.app = shop.app.replace(fcm.ca_file, str(authority))
        else:
            # RFC 6761 §6.4: nobody answers for this name. A sandbox would not even ask.
            for module in ("registry", "fcm"):
                monkeypatch.setattr(f"engine.channels.{module}.is_loopback", lambda _: True)
            shop.app = shop.app.replace("127.0.0.1", "no-such-host.invalid")
        (tmp_path / "pushform.yaml").write_text(shop._workspace(), "utf-8")
        result = shop.dispatch(JUST_BEFORE_THE_END)
        states = hold(shop, fcm, tokens)

    assert states == {"skipped": 30}
    assert shop.device_books()["skipped"] == {"missed": 30}
    assert fcm.received == []
    assert fcm.accepted == {}
    assert result.code == 0, result.err
