"""The sample shop: it has no mistake, and together its files use every word of the file formats."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from engine.kernel.instant import find_zone, format_instant, parse_instant, resolve_local
from engine.message.compose import Composer
from engine.message.kakao_bubbles import problems
from engine.message.limits import measure
from engine.model import audience as who
from engine.model.audience import Aggregate, Audience, Condition, Operator, Test, parts
from engine.model.campaign import Campaign, SendTo
from engine.model.channel import Channel
from engine.model.channel_settings import (
    AppSettings,
    Devices,
    KakaoProduct,
    KakaoSettings,
    SmsFormat,
    SmsSettings,
)
from engine.model.kakao import texts_in
from engine.model.legal import Basis, LabelPosition, MessageType
from engine.model.message import Message
from engine.model.template import OnMissing, Template, VariableType
from engine.workspace.read import Loaded, read_workspace
from engine.workspace.schemas import Kind, modeline

ROOT = Path(__file__).parents[2]
FOLDERS = {"campaigns": Kind.CAMPAIGN, "audiences": Kind.AUDIENCE, "templates": Kind.TEMPLATE}
NOW = datetime(2026, 9, 20, tzinfo=UTC)


@lru_cache
def shop(environment: str | None = None) -> Loaded:
    return read_workspace(ROOT, environment)


def files() -> Iterator[tuple[Path, Kind]]:
    yield ROOT / "pushform.yaml", Kind.WORKSPACE
    for folder, kind in FOLDERS.items():
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            yield path, kind


def conditions() -> Iterator[Condition]:
    loaded = shop()
    written: list[Condition] = [audience.where for audience in loaded.audiences.values()]
    for campaign in loaded.campaigns.values():
        named = (campaign.audience, *campaign.exclude)
        written += [each for each in named if each is not None and not isinstance(each, str)]
    for condition in written:
        yield from parts(condition)


def comparisons() -> Iterator[Test]:
    for condition in conditions():
        match condition:
            case who.AttributeIs(tests=given):
                yield from given
            case who.DeviceHas(where=where):
                yield from (test for each in where for test in each.tests)
            case who.EventHappened():
                yield from (test for each in condition.where for test in each.tests)
                yield from (*condition.count, *condition.first, *condition.last)
                yield from condition.total.tests if condition.total else ()


def templates() -> list[Template]:
    inline = [
        use.template
        for campaign in shop().campaigns.values()
        for use in (campaign.message, *(v.message for v in campaign.experiment.variants))
        if use is not None and isinstance(use.template, Template)
    ]
    assert inline, "a message is written inline"
    return [*shop().templates.values(), *inline]


def campaigns() -> list[Campaign]:
    return list(shop().campaigns.values())


def audiences() -> list[Audience]:
    return list(shop().audiences.values())


@pytest.mark.parametrize("environment", ["sandbox", "production"])
def test_there_is_no_finding(environment: str) -> None:
    assert [str(finding) for finding in shop(environment).findings] == []


def test_it_is_large_enough_to_show_something() -> None:
    assert len(campaigns()) >= 8
    assert len(audiences()) >= 4
    assert {locale for t in templates() for locale in t.locales} >= {"ko", "en", "ja"}


def test_every_file_is_short_and_tells_editors_its_schema() -> None:
    for path, kind in files():
        lines = path.read_text(encoding="utf-8").splitlines()
        depth = len(path.relative_to(ROOT).parts) - 1
        assert lines[0] == modeline(kind, depth), path
        assert len(lines) <= 60, path


def test_every_kind_of_condition_is_used() -> None:
    used = {type(condition) for condition in conditions()}
    assert {each.__name__ for each in used} == {
        *("All", "AnyOf", "Not", "AttributeIs", "EventHappened", "DeviceHas"),
        *("InAudience", "InCampaign", "InShare"),
    }
    assert any(campaign.audience == "everyone" for campaign in campaigns())


def test_every_operator_is_used() -> None:
    assert {test.operator for test in comparisons()} == set(Operator)


def test_every_way_to_ask_for_events_is_used() -> None:
    asked = [each for each in conditions() if isinstance(each, who.EventHappened)]
    for word in ("where", "within", "between", "count", "total", "never", "first", "last"):
        assert any(getattr(each, word) for each in asked), word


def test_every_derived_attribute_is_used() -> None:
    derived = [each for audience in audiences() for each in audience.attributes.values()]
    assert {each.aggregate for each in derived} == set(Aggregate)
    assert all(audience.expect.minimum is not None for audience in audiences())


def test_every_type_and_channel_is_used() -> None:
    assert {campaign.type for campaign in campaigns()} == set(MessageType)
    assert {campaign.basis for campaign in campaigns()} >= {
        *(Basis.TRANSACTION, Basis.REQUESTED, Basis.CONTRACT, Basis.SAFETY),
    }
    assert {channel for campaign in campaigns() for channel in campaign.channels} == set(Channel)
    settings = [each for campaign in campaigns() for each in campaign.channels.values()]
    apps = [each for each in settings if isinstance(each, AppSettings)]
    assert {each.devices for each in apps} == set(Devices)
    kakao = [each.product for each in settings if isinstance(each, KakaoSettings)]
    assert set(kakao) == set(KakaoProduct)
    sms = {each.format for each in settings if isinstance(each, SmsSettings)}
    assert sms == {SmsFormat.AUTO, SmsFormat.LMS}


def test_every_key_of_a_campaign_is_used() -> None:
    assert {campaign.send_to for campaign in campaigns()} == set(SendTo)
    assert {campaign.ad_label for campaign in campaigns()} == set(LabelPosition)
    assert {(k, v) for c in campaigns() for k, v in c.alternative.items()} == {
        (Channel.KAKAO, Channel.SMS)
    }
    for word in (
        *("title", "purpose", "owner", "exclude", "kpi", "acknowledge", "urgent"),
        *("draft", "cancelled", "copied_from", "on_unknown_resend"),
    ):
        assert any(getattr(campaign, word) for campaign in campaigns()), word
    experiments = [campaign.experiment for campaign in campaigns()]
    for word in ("variants", "holdout", "winner"):
        assert any(getattr(experiment, word) for experiment in experiments), word
    links = [link for c in campaigns() for given in c.action.values() for link in given]
    assert {(bool(link.locale), bool(link.variant)) for link in links} == {
        *((False, False), (True, False), (False, True), (True, True)),
    }
    schedules = [campaign.schedule for campaign in campaigns() if campaign.schedule]
    assert any(each.recipient_local for each in schedules)
    assert any(each.night_consented_only for each in schedules)
    assert any(each.pace_per_s for each in schedules)
    assert len({each.late for each in schedules}) >= 3


def test_people_are_excluded_in_all_three_ways() -> None:
    excluded = [each for campaign in campaigns() for each in campaign.exclude]
    assert any(isinstance(each, str) for each in excluded)
    assert any(isinstance(each, who.InCampaign) for each in excluded)
    assert any(isinstance(each, who.AttributeIs) for each in excluded)


def test_every_key_of_a_template_is_used() -> None:
    variables = [each for template in templates() for each in template.variables.values()]
    assert {each.type for each in variables} >= {
        *(VariableType.STRING, VariableType.INTEGER, VariableType.NUMBER, VariableType.DATE),
    }
    assert {each.source.partition(".")[0] for each in variables} == {
        *("user", "derived", "with", "campaign"),
    }
    assert {each.on_missing for each in variables} == set(OnMissing)
    assert any(each.default is None and each.on_missing is OnMissing.ERROR for each in variables)
    assert all(each.sample is not None for each in variables)
    redefined = [item for template in templates() for item in template.redefine.items()]
    assert {channel for channel, _ in redefined} == set(Channel)
    assert {redefinition.universal for _, redefinition in redefined} == {True, False}
    texts = [text for template in templates() for text in template.locales.values()]
    texts += [text for _, redefinition in redefined for text in redefinition.locales.values()]
    for word in ("title", "body", "image", "icon", "buttons"):
        assert any(getattr(text, word) for text in texts), word


def test_a_suppression_comment_gives_its_reason_and_its_end() -> None:
    comments = [comment.text for found in shop().comments.values() for comment in found]
    shape = re.compile(r"pushform: ignore\[([a-z-]+)\] .+; until \d{4}-\d{2}-\d{2}")
    matches = [shape.fullmatch(comment) for comment in comments]
    assert {match and match[1] for match in matches} == {
        "fallback-missing",
        "kr-night-cutoff",
        "locale-missing",
        "translation-placeholder",
    }


def test_every_message_can_be_written_and_fits() -> None:
    for campaign in (*shop().resolved.values(), *shop().set_aside.values()):
        for message, origin in Composer(campaign).sample_messages(("KR", "US", "JP")):
            where = f"{campaign.id} {origin}"
            assert isinstance(message, Message), f"{where}: {message}"
            assert message.body or message.kakao
            texts = [message.body or "", *(text for _, text in texts_in(message.kakao))]
            assert not any("{{" in text or "None" in text for text in texts)
            settings = campaign.channels.get(message.channel)
            for size in measure(message, settings):
                assert size.value <= size.limit, f"{where}: {size}"
            if isinstance(settings, KakaoSettings):
                assert problems(message, settings) == (), where


def test_an_overseas_member_reads_their_own_language() -> None:
    composer = Composer(shop().resolved["overseas-weekend"])
    assert set(composer.locales(Channel.APP, "default")) == {"ko", "en", "en-GB", "ja"}


def test_the_demo_dispatches_at_every_instant_at_which_something_is_due() -> None:
    script = (ROOT / ".ci" / "demo").read_text(encoding="utf-8")
    listed = re.search(r"due=\((.*?)\)", script, re.DOTALL)
    assert listed is not None
    instants = [parse_instant(text) for text in listed[1].split()]
    assert instants == sorted(instants)
    with (ROOT / "audiences/data/users.csv").open(encoding="utf-8", newline="") as file:
        abroad = [row for row in csv.DictReader(file) if row["country"] not in ("KR", "")]
    zones = {find_zone(row["timezone"]) or find_zone("Asia/Seoul") for row in abroad}
    due = set()
    for campaign in shop().resolved.values():
        schedule = campaign.schedule
        own = zones if schedule.recipient_local else {find_zone(schedule.timezone or "")}
        due |= {resolve_local(schedule.at, zone) for zone in own if zone is not None}
    assert [format_instant(each) for each in instants] == sorted(map(format_instant, due))
    assert instants[0] > NOW
