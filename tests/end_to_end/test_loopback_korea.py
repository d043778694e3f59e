"""NHN and SENS on loopback under a whole campaign: the books say what the server took, and learn more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.end_to_end.small import DUE, Shop
from tests.servers import nhn as nhn_server
from tests.servers import sens as sens_server
from tests.servers.loopback import Loopback
from tests.servers.nhn import Nhn
from tests.servers.sens import Sens

LATER = "2026-09-20T03:00:00Z"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NHN_APP_KEY", nhn_server.APP_KEY)
    monkeypatch.setenv("NHN_SECRET", nhn_server.SECRET)
    monkeypatch.setenv("SENDER_KEY", "k" * 40)
    monkeypatch.setenv("SENS_ACCESS", sens_server.ACCESS_KEY)
    monkeypatch.setenv("SENS_SECRET", sens_server.SECRET_KEY)


NHN = 'provider: nhn, app_key: "${NHN_APP_KEY}", secret: "${NHN_SECRET}"'
SENS = (
    f'provider: sens, service_id: "{sens_server.SERVICE}",'
    ' access_key: "${SENS_ACCESS}", secret_key: "${SENS_SECRET}"'
)


@contextmanager
def shop_with(root: Path, channel: str, options: str, server: Nhn | Sens) -> Iterator[Shop]:
    """Apply a shop of ten people whose `channel` goes to `server`."""
    with Loopback(server.answer, protocols=("http/1.1",)) as loopback:
        shop = Shop(root=root, people=10, channels=f"  {channel}: {{}}\n", schedule=", late: 3h")
        file = root / "pushform.yaml"
        door = f'base_url: "{loopback.base_url}", ca_file: "{loopback.ca_file}", timeout: 1'
        text = file.read_text("utf-8").replace(
            f"{channel}: {{provider: sandbox", f"{channel}: {{{options}, {door}"
        )
        text = text.replace("{friends: 100}", '{sender_key: "${SENDER_KEY}"}')
        assert door in text
        file.write_text(text, "utf-8")
        shop.apply()
        yield shop


def test_nhn_takes_an_sms_and_says_later_whose_number_is_dead(tmp_path: Path) -> None:
    nhn = Nhn()
    with shop_with(tmp_path, "sms", NHN, nhn) as shop:
        assert shop.dispatch().code == 0
        assert nhn.problems == []
        assert set(nhn.accepted.values()) == {1}
        bodies = [body["body"] for _, body in nhn.bodies]
        assert all(door.startswith("ad-") for door, _ in nhn.bodies)
        assert all(body.startswith("(광고)") for body in bodies)
        for rows in nhn.rows.values():
            for row in rows:
                dead = row["recipientNo"] == "01000000005"
                row.update({"msgStatus": "0", "resultCode": "3001"} if dead else {"msgStatus": "3"})
        shop.dispatch(LATER)
        books = shop.device_books()
        assert (books["sent"], books["failed"]) == (9, {"bad_address": 1})


def test_nhn_finds_by_our_reference_what_it_never_answered_for(tmp_path: Path) -> None:
    nhn = Nhn(misdeeds={f"0100000{n:04}": "silent" for n in range(10)})
    with shop_with(tmp_path, "sms", NHN, nhn) as shop:
        first = shop.dispatch()
        assert (first.code, "unknown 10" in first.out) == (8, True)
        for rows in nhn.rows.values():
            for row in rows[:9]:
                row.update({"msgStatus": "3"})
        shop.dispatch(LATER)
        assert set(nhn.accepted.values()) == {1}, "sent again"


def test_a_brand_message_of_nhn_names_the_profile(tmp_path: Path) -> None:
    nhn = Nhn()
    with shop_with(tmp_path, "kakao", NHN, nhn) as shop:
        assert shop.dispatch().code == 0
        assert nhn.problems == []
        assert {body["senderKey"] for _, body in nhn.bodies} == {"k" * 40}
        assert {body["chatBubbleType"] for _, body in nhn.bodies} == {"TEXT"}
        assert shop.device_books()["sent"] == 10


def test_sens_takes_texts_of_their_own_in_one_request(tmp_path: Path) -> None:
    sens = Sens(at=datetime.fromisoformat(DUE))
    with shop_with(tmp_path, "sms", SENS, sens) as shop:
        assert shop.dispatch().code == 0
        assert (len(sens.bodies), sens.problems) == (1, [])
        assert sens.bodies[0][1]["contentType"] == "AD"
        for row in sens.rows:
            row.update({"status": "COMPLETED", "statusName": "success"})
        sens.rows[0].update({"statusName": "fail", "statusCode": "3001"})
        sens.at = datetime.fromisoformat(LATER)
        shop.dispatch(LATER)
        books = shop.device_books()
        assert (books["sent"], books["failed"]) == (9, {"refused": 1})


def test_a_wrong_clock_stops_before_anybody_is_lost(tmp_path: Path) -> None:
    sens = Sens(at=datetime.fromisoformat("2026-09-20T02:20:00Z"))
    with shop_with(tmp_path, "sms", SENS, sens) as shop:
        result = shop.dispatch()
        assert result.code == 6, result.err
        assert "the clock of this machine is 20 min behind" in result.err
        assert sens.bodies == []
        assert shop.device_books()["failed"] == {}
