"""Dead addresses are listed for whoever keeps the user table: once, durably, for his eyes only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.dispatch.hygiene import DeadAddress, HygieneFile, count_dead, read_rows
from engine.kernel.errors import ExitCode, UnavailableError
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, Refused, Silent
from engine.model.workspace import Safety
from tests.dispatch.test_late_results import DEAD, a_world
from tests.dispatch.world import APP, World, a_target, names, targets

Make = Callable[..., World]
AT = datetime(2026, 9, 24, 1, 2, 3, tzinfo=UTC)
GONE = Refused(reason=FailReason.UNREGISTERED, code="404", dead_address=True)


def one(user: str = "민지", device: str | None = "폰-1", channel: str = "app") -> DeadAddress:
    return DeadAddress(
        user_id=user, device_id=device, channel=channel, reason="unregistered", at=AT
    )


def test_a_line_per_address_and_none_twice(tmp_path: Path) -> None:
    path = tmp_path / "sale.csv"
    file = HygieneFile(path)

    file.add([one(), one(), one(device="폰-2")])
    file.add([one()])
    HygieneFile(path).add([one(), one("춘향, 성", None, "sms")])

    assert path.read_text("utf-8") == (
        "user_id,device_id,channel,reason,at\n"
        "민지,폰-1,app,unregistered,2026-09-24T01:02:03Z\n"
        "민지,폰-2,app,unregistered,2026-09-24T01:02:03Z\n"
        '"춘향, 성",,sms,unregistered,2026-09-24T01:02:03Z\n'
    )
    assert path.stat().st_mode & 0o777 == 0o600
    assert count_dead(tmp_path) == 3


def test_nothing_is_written_for_nobody(tmp_path: Path) -> None:
    HygieneFile(tmp_path / "sale.csv").add([])

    assert list(tmp_path.iterdir()) == []
    assert count_dead(tmp_path / "없음") == 0


def test_what_a_crash_tore_off_spoils_no_other_line(tmp_path: Path) -> None:
    path = tmp_path / "sale.csv"
    HygieneFile(path).add([one()])
    with path.open("a", encoding="utf-8") as file:
        file.write("춘향,폰")

    HygieneFile(path).add([one("춘향")])

    assert [row[0] for row in read_rows(path)] == ["민지", "춘향"]


def test_a_dispatch_lists_the_dead_and_nobody_else(world: Make, tmp_path: Path) -> None:
    people = [
        a_target("민지", device_id="민지의 폰"),
        *targets(["춘향", "몽룡"]),
        a_target("향단", device_id="향단의 폰"),
    ]
    here = world(shards={0: people})
    here.providers[APP].answer = lambda out: {
        "민지": GONE,
        "춘향": Refused(reason=FailReason.REFUSED, code="400"),
        "몽룡": Silent(code="timeout"),
    }.get(out.address.value)

    here.dispatch(hygiene_of=lambda id_: tmp_path / f"{id_}.csv")

    rows = read_rows(tmp_path / "chuseok-sale.csv")
    assert [row[:4] for row in rows] == [["민지", "민지의 폰", "app", "unregistered"]]


def test_a_spoilt_subscription_is_listed_and_lives_on(world: Make, tmp_path: Path) -> None:
    """Its keys can be mended in the table, and the address is the same one then."""
    spoilt = Refused(reason=FailReason.BAD_ADDRESS, code="KEYS", spoilt_address=True)
    here = world(shards={0: targets(names(600))}, safety=Safety(max_failed=0.05))
    here.providers[APP].answer = lambda out: spoilt if out.address.value < "손님100" else None

    (run,) = here.dispatch(hygiene_of=lambda id_: tmp_path / f"{id_}.csv")

    rows = read_rows(tmp_path / "chuseok-sale.csv")
    assert (len(rows), {row[3] for row in rows}) == (100, {"bad_address"})
    assert here.states()[f"app:{names(1)[0]}"] == "failed bad_address"
    assert here.ledger.dead_addresses([f"app:{name}" for name in names(600)]) == frozenset()
    assert (run.exit_code, run.message) == (ExitCode.OK, None)
    assert (run.totals.dead, run.totals.failed) == (100, 0)


def test_numbers_that_turn_out_dead_later_are_listed_with_their_owner(
    world: Make, tmp_path: Path
) -> None:
    here = a_world(world, {"춘향": (30, DEAD), "떠난 사람": (30, DEAD), "민지": (30, Accepted())})
    here.people.owners = lambda hashes: {h: h for h in hashes if h != "떠난 사람"}  # type: ignore[method-assign]

    here.dispatch(hygiene_of=lambda id_: tmp_path / f"{id_}.csv")

    rows = read_rows(tmp_path / "chuseok-sale.csv")
    assert [row[:4] for row in rows] == [["춘향", "", "kakao", "bad_address"]]
    assert len(here.ledger.dead_addresses(["kakao:춘향", "kakao:떠난 사람"])) == 2


def test_a_list_that_cannot_be_written_loses_no_result(world: Make, tmp_path: Path) -> None:
    here = world(shards={0: targets(["민지", "춘향"])})
    here.providers[APP].answer = lambda out: GONE if out.address.value == "민지" else None
    (tmp_path / "chuseok-sale.csv").mkdir()

    (run,) = here.dispatch(hygiene_of=lambda id_: tmp_path / f"{id_}.csv")

    assert run.exit_code is ExitCode.UNAVAILABLE
    assert here.states() == {"app:민지": "failed unregistered", "app:춘향": "sent"}


def test_a_list_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be written") as raised:
        HygieneFile(tmp_path).add([one()])
    assert "ledger knows" in (raised.value.hint or "")


def test_a_wrong_project_buries_nobody_and_stops_the_campaign(world: Make, tmp_path: Path) -> None:
    """Every token belongs to another sender: that is our mistake, not the death of all."""
    other = Refused(reason=FailReason.SENDER_MISMATCH, code="403", dead_address=True)
    here = world(shards={0: targets(names(600))}, safety=Safety(max_failed=0.05))
    here.providers[APP].slots = 100
    here.providers[APP].answer = lambda _: other

    (run,) = here.dispatch(hygiene_of=lambda id_: tmp_path / f"{id_}.csv")

    assert run.message == "halted: 100% of the deliveries failed, limit 5%"
    assert len(here.providers[APP].handed) <= 300
    assert here.ledger.dead_addresses([f"app:{name}" for name in names(600)]) == frozenset()
    assert count_dead(tmp_path) == 0


def test_a_token_of_another_sender_among_our_own_is_dead(world: Make) -> None:
    other = Refused(reason=FailReason.SENDER_MISMATCH, code="403", dead_address=True)
    here = world(shards={0: targets(names(40))})
    here.providers[APP].slots = 10
    here.providers[APP].answer = lambda out: other if out.address.value == names(40)[-1] else None

    here.dispatch()

    assert here.ledger.dead_addresses([f"app:{name}" for name in names(40)]) == {
        f"app:{names(40)[-1]}"
    }
