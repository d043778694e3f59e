"""What SOLAPI is opened with: keys that are read late, and said to be missing early."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.solapi import open_provider
from engine.channels.solapi_auth import Signer
from engine.kernel.errors import CredentialsError, UsageError
from engine.model.channel import Channel, EnvironmentVariable
from engine.model.outcome import (
    Accepted,
    NotActed,
)
from tests.channels.making import (
    StillClock,
    an_envelope,
    no_variable,
    provider_settings,
    send_all,
)
from tests.channels.solapi_side import Open, solapi, text
from tests.servers.solapi import (
    API_KEY,
    SECRET,
    LoopbackSolapi,
)


@pytest.mark.parametrize("missing", ["api_key", "secret"])
def test_a_missing_key_is_said_before_anything_is_claimed(missing: str) -> None:
    provider = solapi(Channel.SMS, "https://api.solapi.com", **{missing: None})
    provider.encode(an_envelope(Channel.SMS))
    with pytest.raises(CredentialsError, match=f"`solapi` has no `{missing}`"):
        provider.free_slots()


def test_a_key_with_a_line_break_still_works(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    outcomes = send_all(open_solapi(api_key=f"{API_KEY}\n", secret=f"{SECRET}\n"), [text(1)])
    assert isinstance(outcomes[0], Accepted)


@pytest.mark.parametrize("key", ["열쇠", "KEY\r\nX-Evil: 1"])
def test_a_key_that_is_none_is_refused_without_repeating_it(open_solapi: Open, key: str) -> None:
    with pytest.raises(CredentialsError, match="has signs that no key of SOLAPI has") as refusal:
        open_solapi(api_key=key).free_slots()
    assert key not in f"{refusal.value.message}{refusal.value.hint}"


def test_nothing_is_read_before_it_is_needed() -> None:
    read: list[str] = []

    def resolve(variable: EnvironmentVariable) -> str:
        read.append(variable.name)
        return "value"

    settings = provider_settings(
        "solapi",
        api_key=EnvironmentVariable("SOLAPI_KEY"),
        secret=EnvironmentVariable("SOLAPI_SECRET"),
    )
    opening = Opening(
        channel=Channel.SMS,
        settings=settings,
        options=Options(settings, resolve),
        environment="production",
        sandbox=False,
        outbox=Path("outbox"),
        clock=StillClock(),
    )
    provider = open_provider(opening)
    provider.encode(an_envelope(Channel.SMS))
    assert read == []
    assert provider.account == "solapi:cd42404d52ad"
    assert read == ["SOLAPI_KEY", "SOLAPI_SECRET"]


def test_friendtalk_is_refused_with_the_reason(tmp_path: Path) -> None:
    settings = provider_settings("solapi", product="friendtalk")
    opening = Opening(
        channel=Channel.KAKAO,
        settings=settings,
        options=Options(settings, no_variable),
        environment="production",
        sandbox=False,
        outbox=tmp_path,
        clock=StillClock(),
    )
    with pytest.raises(UsageError, match="FriendTalk ended"):
        open_provider(opening)


def test_the_signature_is_the_documented_one() -> None:
    """Date and salt of the example in docs.solapi.com; the signature is OpenSSL's, with `secret`."""
    signer = Signer("NCSAYU7YDBXYORXC", "secret", lambda: "jqsba2jxjnrjor")
    header = signer.header(datetime(2019, 7, 1, 0, 41, 48, tzinfo=UTC))
    assert header == (
        "HMAC-SHA256 apiKey=NCSAYU7YDBXYORXC, date=2019-07-01T00:41:48Z, salt=jqsba2jxjnrjor,"
        " signature=4297539ca79c85dd83b60cbddae60942710223ddcafc4bf02275193a649057ce"
    )
    assert "secret" not in repr(signer)


def test_the_proxy_that_is_written_is_taken() -> None:
    provider = solapi(Channel.SMS, "https://api.solapi.com", proxy="http://127.0.0.1:1")
    assert send_all(provider, [text(1)]) == [
        NotActed(code="curl-7", retry_after_s=5.0, opens_breaker=True)
    ]
