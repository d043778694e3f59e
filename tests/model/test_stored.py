"""What `apply` stores is what `dispatch` reads, whatever a campaign looks like."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from engine.kernel.digest import canonical, digest
from engine.kernel.errors import ExitCode, UnsupportedError
from engine.kernel.origin import Origin
from engine.model.audience import AttributeIs, Everyone, Operator, Test
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings
from engine.model.legal import MessageType
from engine.model.resolved import ResolvedCampaign
from engine.model.stored import (
    METADATA_KEYS,
    content_digest,
    from_plain,
    is_advertising,
    to_plain,
    without_metadata,
)
from tests.message.factories import a_campaign
from tests.model.strategies import CAMPAIGNS

some = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@some
@given(CAMPAIGNS)
def test_a_campaign_comes_back_as_it_was(campaign: ResolvedCampaign) -> None:
    plain = json.loads(canonical(to_plain(campaign)))

    back = from_plain(plain)

    assert back == campaign
    assert digest(to_plain(back)) == digest(plain)


@some
@given(CAMPAIGNS)
def test_where_something_was_written_is_not_stored(campaign: ResolvedCampaign) -> None:
    moved = replace(
        campaign,
        audience_name="another",
        variants=tuple(
            replace(v, template=replace(v.template, origin=Origin("moved.yaml", ("x",))))
            for v in campaign.variants
        ),
    )

    assert to_plain(moved) == to_plain(campaign)
    text = canonical(to_plain(campaign)).decode()
    assert '"origin"' not in text
    assert '"written"' not in text


def test_a_key_at_its_default_is_not_stored_and_may_be_there_all_the_same() -> None:
    campaign = a_campaign(channels={Channel.APP: AppSettings()})
    plain = to_plain(campaign)

    assert plain["channels"] == {"app": {"kind": "AppSettings"}}
    written = json.loads(canonical(plain))
    written["channels"]["app"] |= {"devices": "all", "ios_badge": None}
    written["schedule"] |= {"late": "30m", "night_consented_only": False}
    assert from_plain(written) == campaign
    assert content_digest({"campaign": to_plain(from_plain(written))}) == content_digest(
        {"campaign": plain}
    )


def test_channels_in_another_order_have_the_same_digest() -> None:
    campaign = a_campaign()
    other = replace(campaign, channels=dict(reversed(list(campaign.channels.items()))))

    assert list(other.channels) != list(campaign.channels)
    assert digest(to_plain(other)) == digest(to_plain(campaign))


def test_a_value_and_its_look_alike_are_told_apart() -> None:
    def where(value: Any) -> ResolvedCampaign:
        test = Test(Operator.EQ, value)
        return a_campaign(audience=AttributeIs(attribute="vip", tests=(test,)))

    found = {digest(to_plain(where(value))) for value in ("1", 1, 1.5, True, "true", (1,), (1, 2))}

    assert len(found) == 7
    for value in (True, 1, "1", ("KR", 1)):
        back = from_plain(json.loads(canonical(to_plain(where(value)))))
        assert isinstance(back.audience, AttributeIs)
        stored = back.audience.tests[0].value
        assert (stored, type(stored)) == (value, type(value))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda plain: plain.pop("title"),
        lambda plain: plain.update({"colour": "red"}),
        lambda plain: plain.update({"type": "spam"}),
        lambda plain: plain["schedule"].update({"at": "추석"}),
        lambda plain: plain["schedule"].update({"late": "soon"}),
        lambda plain: plain["audience"].update({"kind": "Nobody"}),
        lambda plain: plain.update({"variants": None}),
    ],
)
def test_another_shape_is_another_version(spoil: Any) -> None:
    plain = json.loads(canonical(to_plain(a_campaign())))
    spoil(plain)

    with pytest.raises(UnsupportedError, match="the stored campaign cannot be read") as caught:
        from_plain(plain)
    assert caught.value.exit_code is ExitCode.UNSUPPORTED
    assert caught.value.hint == (
        "it was written by another version of pushform: use that one, or apply again"
    )


def a_stored(**changes: Any) -> dict[str, Any]:
    return {"campaign": to_plain(a_campaign(**changes)), "samples": [], "observed": {"written": 1}}


def test_what_is_observed_is_not_digested() -> None:
    stored = a_stored()

    assert content_digest(stored) == content_digest({**stored, "observed": {"written": 2}})
    assert content_digest(stored) != content_digest({**stored, "samples": [1]})


def test_metadata_may_change_and_nothing_else() -> None:
    stored, renamed = a_stored(), a_stored(title="다른 이름", owner="growth@shop.example")

    assert without_metadata(stored) == without_metadata(renamed)
    assert without_metadata(stored) != without_metadata(a_stored(audience=Everyone(), holdout=0.1))
    assert set(METADATA_KEYS).isdisjoint(without_metadata(stored)["campaign"])
    assert "observed" not in without_metadata(stored)


def test_what_is_stored_says_whether_it_advertises() -> None:
    assert is_advertising(a_stored())
    assert not is_advertising(a_stored(type=MessageType.INFORMATIONAL))
