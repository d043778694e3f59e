"""SOLAPI's own SDK against the loopback server that takes our requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from solapi import SolapiMessageService
from solapi.error.MessageNotReceiveError import MessageNotReceivedError
from solapi.model import RequestMessage, SendRequestConfig
from solapi.model.message_type import MessageType

from engine.model.channel import Channel
from engine.model.channel_settings import SmsSettings
from tests.channels.making import (
    NOW,
    a_message,
    an_envelope,
    send_all,
)
from tests.channels.solapi_side import Open, text
from tests.servers.solapi import (
    API_KEY,
    SECRET,
    LoopbackSolapi,
)


@pytest.fixture
def sdk(solapi_server: LoopbackSolapi, monkeypatch: pytest.MonkeyPatch) -> SolapiMessageService:
    monkeypatch.setenv("SSL_CERT_FILE", solapi_server.ca_file)
    solapi_server.now = lambda: datetime.now(UTC)
    service = SolapiMessageService(API_KEY, SECRET)
    service.base_url = solapi_server.base_url
    return service


def test_the_server_that_takes_ours_takes_the_sdks(
    solapi_server: LoopbackSolapi, sdk: SolapiMessageService, open_solapi: Open
) -> None:
    message = RequestMessage(
        from_="1588-0000",
        to="010-0000-0001",
        text="송편을 30% 할인",
        subject="추석 특가",
        type=MessageType.LMS,
        auto_type_detect=False,
        custom_fields={"reference": text(1).reference},
    )
    answer = sdk.send([message], SendRequestConfig(show_message_list=True))
    assert answer.group_info.count.registered_success == 1
    solapi_server.now = lambda: NOW
    ours = a_message(Channel.SMS, title="추석 특가", body="송편을 30% 할인")
    envelope = replace(an_envelope(Channel.SMS, message=ours), settings=SmsSettings())
    send_all(open_solapi(), [text(1, envelope=envelope)])
    theirs, own = solapi_server.bodies
    assert own == {name: value for name, value in theirs.items() if name != "agent"}


def test_the_sdk_reads_our_servers_refusals(
    solapi_server: LoopbackSolapi, sdk: SolapiMessageService
) -> None:
    solapi_server.statuses = {"01000000001": "1061"}
    message = RequestMessage(
        from_="15880000",
        to="01000000001",
        text="송편",
        type=MessageType.SMS,
        auto_type_detect=False,
    )
    with pytest.raises(MessageNotReceivedError):
        sdk.send([message])
