"""Which provider a channel gets, and what a sandbox refuses to open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.channels.fcm import FcmProvider
from engine.channels.loopback import check_url, is_loopback
from engine.channels.registry import known_providers, open_provider
from engine.channels.sandbox import SandboxProvider
from engine.kernel.errors import ExitCode, UsageError
from engine.model.channel import Channel, EnvironmentVariable, ProviderSettings
from engine.model.ports import Provider
from tests.channels.making import StillClock, an_envelope, no_variable, provider_settings


def opened(
    settings: ProviderSettings, channel: Channel = Channel.APP, *, sandbox: bool = False
) -> Provider:
    return open_provider(
        channel,
        settings,
        environment="rehearsal",
        sandbox=sandbox,
        outbox=Path("outbox"),
        resolve=no_variable,
        clock=StillClock(),
    )


@pytest.mark.parametrize("channel", list(Channel))
def test_the_sandbox_carries_every_channel(channel: Channel) -> None:
    provider = opened(provider_settings("sandbox"), channel, sandbox=True)
    assert isinstance(provider, SandboxProvider)
    assert provider.account == f"sandbox:{channel.value}"


def test_a_preview_of_fcm_needs_no_secret() -> None:
    settings = provider_settings("fcm", credentials=EnvironmentVariable("FCM_CREDENTIALS"))
    assert "message" in opened(settings).encode(an_envelope())


def test_an_unknown_provider_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        opened(provider_settings("fmc"))
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.message == "channel `app` has no provider `fmc`"
    assert (
        caught.value.hint
        == "did you mean `fcm`? known: `apns`, `fcm`, `file`, `sandbox`, `webhook`"
    )


def test_a_provider_of_another_channel_is_unknown_here() -> None:
    with pytest.raises(UsageError) as caught:
        opened(provider_settings("fcm"), Channel.SMS)
    assert caught.value.message == "channel `sms` has no provider `fcm`"
    assert {"file", "sandbox", "webhook"} <= set(known_providers(Channel.SMS))


@pytest.mark.parametrize(
    "base_url", [None, "https://fcm.googleapis.com", "https://127.0.0.1.nip.io"]
)
def test_a_sandbox_opens_nothing_that_could_leave_the_machine(base_url: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        opened(provider_settings("fcm", base_url), sandbox=True)
    assert caught.value.message == (
        "environment `rehearsal` is a sandbox, but `fcm` would leave this machine"
    )


def test_a_sandbox_may_talk_to_this_machine() -> None:
    provider = opened(provider_settings("fcm", "http://127.0.0.1:8080"), sandbox=True)
    assert isinstance(provider, FcmProvider)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:80", True),
        ("https://localhost/x", True),
        ("https://[::1]:443", True),
        ("https://127.8.9.1", True),
        ("https://localhost.example", False),
        ("https://127.0.0.1@evil.example", False),
        ("https://10.0.0.1", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_loopback_is_judged_by_the_host(url: str, local: bool) -> None:
    assert is_loopback(url) is local


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://fcm.example", "`http://fcm.example` is not encrypted"),
        ("ftp://127.0.0.1", "`ftp://127.0.0.1` is not an http(s) address"),
        ("fcm.example", "`fcm.example` is not an http(s) address"),
        ("https://x:port", "`https://x:port` is not an http(s) address"),
        ("https://[::1", "`https://[::1` is not an http(s) address"),
    ],
)
def test_addresses_that_nobody_should_use(url: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_url(url)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"timeout": "soon"},
            "`pushform.yaml:channels.app.timeout` is `soon`, not a number of seconds",
        ),
        ({"timeout": 0}, "`pushform.yaml:channels.app.timeout` is `0`, not a number of seconds"),
        ({"project": ("a", "b")}, "`pushform.yaml:channels.app.project` must be a text"),
        ({"ca_file": True}, "`pushform.yaml:channels.app.ca_file` must be a text"),
    ],
)
def test_options_of_the_wrong_kind_are_named(options: dict[str, object], message: str) -> None:
    options = {"project": "p", **options}
    with pytest.raises(UsageError) as caught:
        _ = opened(provider_settings("fcm", "http://127.0.0.1:9", **options)).account
    assert caught.value.message == message


def test_the_registry_loads_no_vendor_before_one_is_opened() -> None:
    code = (
        "import sys, engine.channels.registry\n"
        "print([m for m in ('pycurl', 'firebase_admin', 'google.auth', 'requests')"
        " if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
