"""Who refused at the vendor (080): listed page by page, by E.164 number and instant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.kernel.errors import CredentialsError, UsageError
from engine.model.channel import Channel
from engine.model.ports import OptOuts
from engine.model.refusal import OptOut
from tests.channels.solapi_side import Open as OpenSolapi
from tests.channels.test_nhn import Open as OpenNhn
from tests.channels.test_nhn import nhn, open_nhn
from tests.channels.test_sens import Open as OpenSens
from tests.channels.test_sens import open_sens, sens
from tests.servers.nhn import Nhn
from tests.servers.sens import Sens
from tests.servers.solapi import LoopbackSolapi

__all__ = ["nhn", "open_nhn", "open_sens", "sens"]
CALLED = "2026-09-23 17:07:29.0"
CALLED_AT = datetime(2026, 9, 23, 8, 7, 29, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def nhn_row(number: int, at: str = CALLED, called: str = "0801234567") -> dict[str, str]:
    return {"unsubscribeNo": called, "recipientNo": f"010{number:08}", "requestDate": at}


def solapi_row(number: int, at: str = "2026-09-23T08:07:29.000Z") -> dict[str, str]:
    return {
        "handleKey": f"k{number:08}",
        "type": "DENIAL",
        "senderNumber": "0801234567",
        "recipientNumber": f"010{number:08}",
        "dateCreated": at,
        "dateUpdated": at,
    }


def test_nhn_lists_those_who_called_this_number(nhn: Nhn, open_nhn: OpenNhn) -> None:
    nhn.opted_out = [nhn_row(n) for n in range(1001)]
    nhn.opted_out += [nhn_row(5000, called="0809999999"), nhn_row(6000, at="")]
    provider = open_nhn(Channel.SMS, unsubscribe_number="080-123-4567")

    assert isinstance(provider, OptOuts)
    found = provider.opted_out(None)

    assert len(found) == 1002
    assert found[0] == OptOut(phone="+821000000000", at=CALLED_AT)
    assert found[-1].phone == "+821000006000"
    assert found[-1].at < LONG_AGO
    assert len(nhn.asked) == 2


def test_nhn_is_asked_for_korean_times(nhn: Nhn, open_nhn: OpenNhn) -> None:
    nhn.opted_out = [nhn_row(1), nhn_row(2, at="2026-09-01 00:00:00.0")]
    provider = open_nhn(Channel.SMS, unsubscribe_number="080-123-4567")
    found = provider.opted_out(datetime(2026, 9, 22, 15, tzinfo=UTC))
    assert [one.phone for one in found] == ["+821000000001"]
    assert "startRequestDate=2026-09-23+00%3A00%3A00" in nhn.asked[0]


def test_nhn_cannot_be_asked_without_the_number(open_nhn: OpenNhn) -> None:
    with pytest.raises(UsageError, match="none is written") as raised:
        open_nhn(Channel.SMS).opted_out(None)
    assert raised.value.hint == "add `unsubscribe_number: 080-123-4567` to the channel"


def test_what_is_no_number_is_left_out(nhn: Nhn, open_nhn: OpenNhn) -> None:
    nhn.opted_out = [{**nhn_row(1), "recipientNo": "번호 없음"}, nhn_row(2)]
    found = open_nhn(Channel.SMS, unsubscribe_number="0801234567").opted_out(None)
    assert [one.phone for one in found] == ["+821000000002"]


@pytest.mark.parametrize("mapped", [False, True])
def test_solapi_lists_all_pages(
    solapi_server: LoopbackSolapi, open_solapi: OpenSolapi, mapped: bool
) -> None:
    solapi_server.opted_out = [solapi_row(n) for n in range(5)]
    solapi_server.page, solapi_server.mapped = 2, mapped
    provider = open_solapi()

    assert isinstance(provider, OptOuts)
    found = provider.opted_out(None)

    assert [one.phone for one in found] == [f"+8210{n:08}" for n in range(5)]
    assert {one.at for one in found} == {CALLED_AT}
    assert len(solapi_server.asked) == 3
    assert all("type=DENIAL" in path for path in solapi_server.asked)


def test_solapi_is_not_trusted_to_leave_out_what_is_old(
    solapi_server: LoopbackSolapi, open_solapi: OpenSolapi
) -> None:
    solapi_server.opted_out = [
        solapi_row(1),
        solapi_row(2, at="2026-01-01T00:00:00.000Z"),
        solapi_row(3, at="언젠가"),
    ]
    found = open_solapi().opted_out(datetime(2026, 9, 1, tzinfo=UTC))
    assert found == (
        OptOut(phone="+821000000001", at=CALLED_AT),
        OptOut(phone="+821000000003", at=LONG_AGO),
    )
    assert "dateCreated%5Bgte%5D=2026-09-01T00%3A00%3A00Z" in solapi_server.asked[0]


def test_wrong_keys_are_said(open_solapi: OpenSolapi) -> None:
    with pytest.raises(CredentialsError):
        open_solapi(secret="아니다").opted_out(None)


def sens_row(number: int, at: str = "2026-09-23T17:07:29") -> dict[str, str]:
    return {"clientTelNo": f"010{number:08}", "registerTime": at, "registerType": "C"}


def test_sens_lists_all_pages_and_nobody_is_404(sens: Sens, open_sens: OpenSens) -> None:
    provider = open_sens(Channel.SMS)
    assert isinstance(provider, OptOuts)
    assert provider.opted_out(None) == ()
    sens.opted_out = [sens_row(n) for n in range(100)]
    found = provider.opted_out(None)
    assert len(found) == 100
    assert found[7] == OptOut(phone="+821000000007", at=CALLED_AT)


def test_sens_is_asked_from_an_instant_on(sens: Sens, open_sens: OpenSens) -> None:
    sens.opted_out = [sens_row(1), sens_row(2, at="2026-09-01T00:00:00")]
    found = open_sens(Channel.SMS).opted_out(datetime(2026, 9, 2, tzinfo=UTC))
    assert [one.phone for one in found] == ["+821000000001"]
