"""Options that a provider does not have, and providers that nobody has, are found at their lines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.channels import registry
from engine.channels.option_names import FACTS, OPTIONS
from engine.model.channel import Channel
from engine.workspace.schemas import Kind, load_schema
from tests.workspace.small import WORKSPACE, load, said

W = "pushform.yaml"
JUDGED = {"product", "api", "type", "topics", "condition"}
"""What rules of their own say more about than that it is unknown."""
HTTP = {"timeout", "proxy", "ca_file"}
EVERY = {"provider", "rate", "base_url", "ramp", "prices", "currency"}


def shop(old: str, new: str) -> str:
    assert WORKSPACE.count(old) == 1
    return WORKSPACE.replace(old, new)


def line_of(text: str, words: str) -> int:
    (number,) = [n for n, line in enumerate(text.splitlines(), 1) if words in line]
    return number


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        (
            "app: {provider: sandbox}",
            "app: {provider: sandbox, foo: 1}",
            "the provider `sandbox` has no option `foo` (`environments.sandbox.channels.app`)",
            "delete it",
        ),
        (
            '    secret: "${NHN_SECRET}"',
            '    secert: "${NHN_SECRET}"',
            "the provider `nhn` has no option `secert` (`channels.kakao`)",
            "did you mean `secret`?",
        ),
        (
            "rate: 10000/s}",
            "rate: 10000/s, proxi: none}",
            "the provider `fcm` has no option `proxi` (`channels.app`)",
            "did you mean `proxy`?",
        ),
        (
            "rate: 10000/s}",
            "rate: 10000/s, team_id: ABC}",
            "the provider `fcm` has no option `team_id` (`channels.app`)",
            "delete it; it is an option of `apns`",
        ),
        (
            "rate: 10000/s}",
            "rate: 10000/s, 옵션: 하나}",
            "the provider `fcm` has no option `옵션` (`channels.app`)",
            "delete it",
        ),
        (
            "production: {}",
            "production: {channels: {sms: {sender: 15880000}}}",
            "the provider `solapi` has no option `sender` (`environments.production.channels.sms`)",
            "did you mean `senders`?",
        ),
    ],
)
@pytest.mark.parametrize("environment", ["sandbox", "production"])
def test_an_option_that_the_provider_does_not_have_is_found_once(
    tmp_path: Path, environment: str, old: str, new: str, message: str, hint: str
) -> None:
    text = shop(old, new)
    if "sender" in new:
        text = text.replace(', senders: ["1588-0000"]', "")
    loaded = load(tmp_path, {W: text}, environment)
    found = [one for one in loaded.findings if one.rule != "reference"]
    assert [(one.rule, one.message, one.hint) for one in found] == [
        ("schema-unknown-key", message, hint)
    ]
    assert loaded.sources.locate(found[0].at).line == line_of(text, new.strip())
    assert found[0].korean is not None
    assert "옵션이 없습니다" in found[0].korean.message
    assert found[0].korean.hint != hint


def test_what_stays_true_with_another_provider_is_no_option_of_it(tmp_path: Path) -> None:
    facts = (
        'senders: ["1588-0000"], certified: true, unsubscribe_number: 080-123-4567,'
        " sender_ids: {SG: SHOP}, rate: 10/s"
    )
    text = shop('senders: ["1588-0000"]', facts + ', images: {"https://a.b/c.png": ST01}')
    text = text.replace(
        "production: {}",
        'production: {channels: {sms: {provider: twilio, account_sid: "${SID}",'
        ' auth_token: "${TOKEN}", from: "+15550100"}, kakao: {provider: webhook, url: "${URL}"}}}',
    )
    for environment in ("sandbox", "production"):
        assert said(load(tmp_path, {W: text}, environment)) == []


def test_an_option_that_an_environment_inherits_is_told_where_it_is_written(tmp_path: Path) -> None:
    text = shop("rate: 10000/s}", "rate: 10000/s, proxi: none}").replace(
        "production: {}", "production: {channels: {app: {timeout: 3}}}\n  staging: {}"
    )
    loaded = load(tmp_path, {W: text})
    message = "the provider `fcm` has no option `proxi` (`channels.app`)"
    assert said(loaded) == [f"{W}:{line_of(text, 'proxi')} schema-unknown-key {message}"]


def test_the_options_of_another_package_are_its_own(tmp_path: Path) -> None:
    text = shop("app: {provider: fcm, project: sample-shop", "app: {provider: acme, 무엇: 이든")
    assert said(load(tmp_path, {W: text})) == []


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("fmc", "did you mean `fcm`?"),
        ("FCM", "did you mean `fcm`?"),
        ("sandbx", "did you mean `sandbox`?"),
        ("파이어베이스", "there are `apns`, `fcm`, `file`, `sandbox`, `webhook`"),
    ],
)
def test_a_provider_that_nobody_has_is_said_to_be_none(
    tmp_path: Path, written: str, hint: str
) -> None:
    text = shop("app: {provider: sandbox}", f"app: {{provider: {written}}}")
    loaded = load(tmp_path, {W: text})
    (found,) = loaded.findings
    place = "environments.sandbox.channels.app.provider"
    assert said(loaded) == [
        f"{W}:{line_of(text, f': {written}}}')} reference there is no provider `{written}` (`{place}`)"
    ]
    assert found.hint == hint
    assert found.korean is not None
    assert found.korean.message.startswith(f"`{written}`(이)라는 업체는 없습니다")


def test_every_provider_has_its_options_listed() -> None:
    assert OPTIONS.keys() == registry._PROVIDERS.keys()


@pytest.mark.parametrize("channel", Channel)
def test_the_options_are_those_of_the_schema(channel: Channel) -> None:
    able = {name for name, (channels, _) in registry._PROVIDERS.items() if channel in channels}
    listed = frozenset().union(*(OPTIONS[name] for name in able - {"sandbox"}))
    schema = load_schema(Kind.WORKSPACE)["properties"]["channels"]["properties"][str(channel)]
    assert listed - FACTS - JUDGED == schema["properties"].keys() - FACTS
    assert OPTIONS["sandbox"] >= listed | schema["properties"].keys()


def test_every_fact_stands_in_a_schema() -> None:
    channels = load_schema(Kind.WORKSPACE)["properties"]["channels"]["properties"]
    assert {key for one in channels.values() for key in one["properties"]} >= FACTS


def test_the_manual_names_the_same_options() -> None:
    manual = (Path(__file__).parents[2] / "docs/providers.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", manual, re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", cell)) for name, cell in rows if name in OPTIONS}
    assert told.keys() == OPTIONS.keys()
    for name in OPTIONS.keys() - {"sandbox"}:
        ours = OPTIONS[name] - FACTS - HTTP - EVERY - (JUDGED | {"topic"} - told[name])
        assert told[name] - FACTS == ours, name
