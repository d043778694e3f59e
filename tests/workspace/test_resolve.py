from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from engine.model.audience import (
    All,
    AnyOf,
    AttributeIs,
    DeviceHas,
    EventHappened,
    Everyone,
    InCampaign,
    InShare,
    Not,
    Operator,
    PropertyTest,
    Reached,
    Test,
    parts,
)
from engine.model.audience import InAudience as Named
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings, KakaoSettings, SmsSettings
from engine.model.legal import MessageType
from engine.model.limit import Limit
from engine.model.link import ActionLink
from engine.model.stored import from_plain, to_plain
from engine.model.workspace import ConsentColumns
from tests.workspace.small import CAMPAIGN, load, said

C = "campaigns/chuseok-sale.yaml"


def test_every_name_is_replaced_by_what_it_names(tmp_path: Path) -> None:
    campaign = load(tmp_path).resolved["chuseok-sale"]
    assert campaign.audience == All(
        of=(
            AttributeIs(attribute="country", tests=(Test(Operator.EQ, "KR"),)),
            EventHappened(
                event="purchase",
                where=(PropertyTest(property="amount", tests=(Test(Operator.GTE, 10000),)),),
                within=timedelta(days=30),
                count=(Test(Operator.GTE, 2),),
            ),
            EventHappened(
                event="purchase",
                between=("2026-01-01", "2026-07-01"),
                total=PropertyTest(property="amount", tests=(Test(Operator.GT, 100000),)),
            ),
            EventHappened(event="open_app", within=timedelta(days=7), never=True),
            DeviceHas(
                where=(
                    PropertyTest(
                        property="platform", tests=(Test(Operator.IN, ("android", "ios")),)
                    ),
                )
            ),
            Not(of=AttributeIs(attribute="grade", tests=(Test(Operator.EQ, "직원"),))),
        )
    )
    assert campaign.exclude == (
        EventHappened(event="purchase", within=timedelta(days=7)),
        InCampaign(campaign="early-bird", outcome=Reached.SENT, within=timedelta(days=7)),
    )
    assert not any(
        isinstance(part, Named)
        for where in (campaign.audience, *campaign.exclude)
        for part in parts(where)
    )
    assert set(campaign.attributes) == {"favourite"}
    assert (campaign.expect.minimum, campaign.expect.maximum) == (10, 100000)
    assert campaign.audience_name == "loyal-shoppers"


def test_what_the_workspace_says_is_copied_in(tmp_path: Path) -> None:
    campaign = load(tmp_path).resolved["chuseok-sale"]
    assert (campaign.sender.name, campaign.sender.contact) == ("샘플샵", "1588-0000")
    assert campaign.consent == {
        Channel.APP: ConsentColumns(ad="push_ad_agreed", night="night_ad_agreed"),
        Channel.WEB: ConsentColumns(ad="web_ad_agreed"),
        Channel.SMS: ConsentColumns(ad="sms_ad"),
    }
    assert (campaign.locale, campaign.country, campaign.suppression) == ("ko", "KR", False)
    assert campaign.workspace_timezone == "Asia/Seoul"


def test_settings_have_their_types(tmp_path: Path) -> None:
    campaign = load(tmp_path).resolved["chuseok-sale"]
    assert list(campaign.channels) == list(Channel)
    assert campaign.channels[Channel.APP] == AppSettings(android_channel_id="marketing")
    assert campaign.channels[Channel.KAKAO] == KakaoSettings()
    assert campaign.channels[Channel.SMS] == SmsSettings(from_="15880000")
    assert campaign.alternative == {Channel.KAKAO: Channel.SMS}
    assert campaign.schedule.at == datetime(2026, 9, 24, 10)
    assert campaign.schedule.pace_per_s == 2000.0
    assert campaign.schedule.late == timedelta(minutes=45)
    assert campaign.acknowledge[0].limit is Limit.MAX_RECIPIENTS
    assert campaign.acknowledge[0].up_to == 400000
    assert campaign.holdout == 0.05
    assert campaign.winner is not None
    assert (campaign.winner.test_share, campaign.winner.after) == (0.2, timedelta(hours=2))


def test_variants_have_their_own_template_and_the_shared_values(tmp_path: Path) -> None:
    campaign = load(tmp_path).resolved["chuseok-sale"]
    assert [(one.id, one.weight, one.template.id) for one in campaign.variants] == [
        ("a", 50, "chuseok-sale"),
        ("b", 50, "chuseok-sale-b"),
    ]
    assert all(one.values == {"discount": 30} for one in campaign.variants)


def test_links_are_for_a_locale_or_a_variant(tmp_path: Path) -> None:
    action = load(tmp_path).resolved["chuseok-sale"].action
    assert action[Channel.APP] == (ActionLink(url="sampleshop://sale/chuseok"),)
    assert action[Channel.WEB] == (
        ActionLink(url="https://shop.example/ko", locale="ko"),
        ActionLink(url="https://shop.example/b", variant="b"),
    )


def test_without_an_experiment_there_is_one_variant(tmp_path: Path) -> None:
    campaign = load(tmp_path).resolved["early-bird"]
    (variant,) = campaign.variants
    assert (variant.id, variant.weight, variant.template.id) == ("default", 1, "early-bird")
    assert variant.template.locales["ko"].title == "사전 예약 안내"
    assert variant.template.locales["ko"].origin.path == ("message", "ko")
    assert campaign.audience == Everyone()
    assert campaign.title == "early-bird"


def test_what_is_resolved_survives_storing(tmp_path: Path) -> None:
    for campaign in load(tmp_path).resolved.values():
        assert from_plain(to_plain(campaign)) == campaign


def test_an_unknown_type_is_an_advertisement(tmp_path: Path) -> None:
    loaded = load(tmp_path, {C: CAMPAIGN.replace("type: advertising\n", "")})
    assert said(loaded) == []
    campaign = loaded.resolved["chuseok-sale"]
    assert campaign.type is MessageType.ADVERTISING
    assert campaign.written is not None
    assert campaign.written.type is None


def test_drafts_and_cancelled_campaigns_are_set_aside(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        {
            "campaigns/draft.yaml": "kind: campaign\nid: draft\ndraft: true\n",
            "campaigns/off.yaml": CAMPAIGN.replace("id: chuseok-sale", "id: off")
            + "cancelled: 재고 부족\n",
        },
    )
    assert said(loaded) == []
    assert sorted(loaded.campaigns) == ["chuseok-sale", "draft", "early-bird", "off"]
    assert sorted(loaded.resolved) == ["chuseok-sale", "early-bird"]
    assert sorted(loaded.set_aside) == ["off"]
    assert loaded.campaigns["off"].cancelled == "재고 부족"


def test_a_name_that_does_not_exist_is_found_in_a_draft_too(tmp_path: Path) -> None:
    text = "kind: campaign\nid: d\ndraft: true\naudience: nobody\nmessage: {template: nothing}\n"
    assert [line.split(" ", 2)[2] for line in said(load(tmp_path, {"campaigns/d.yaml": text}))] == [
        "the audience `nobody` does not exist",
        "the template `nothing` does not exist",
    ]


def test_an_inline_message_may_hold_everything_a_template_holds(tmp_path: Path) -> None:
    text = CAMPAIGN.replace(
        "message: {template: chuseok-sale, with: {discount: 30}}",
        "message:\n"
        "  variables: {rate: {type: integer, from: with.rate, sample: 1}}\n"
        "  with: {rate: 30}\n"
        "  ko: {body: '{{ rate }}% 할인'}\n"
        "  locales: {ja: {body: '{{ rate }}%オフ'}}\n"
        "  redefine: {sms: {ko: {body: 문자}}, kakao: {universal: true}}",
    ).replace("{id: b, weight: 50, message: {template: chuseok-sale-b}}", "{id: b, weight: 50}")
    loaded = load(tmp_path, {C: text})
    assert said(loaded) == []
    variant = loaded.resolved["chuseok-sale"].variant("b")
    assert variant.values == {"rate": 30}
    assert set(variant.template.locales) == {"ja", "ko"}
    assert variant.template.redefine[Channel.KAKAO].universal
    assert variant.template.text(Channel.SMS, "ko") is not None


def test_a_share_has_the_salt_of_its_file(tmp_path: Path) -> None:
    text = CAMPAIGN.replace(
        "audience: loyal-shoppers",
        "audience: {any: [{share: 10%}, {share: 2.5%, salt: s}, {audience: loyal-shoppers}]}",
    )
    loaded = load(tmp_path, {C: text})
    assert said(loaded) == []
    where = loaded.resolved["chuseok-sale"].audience
    assert isinstance(where, AnyOf)
    assert where.of[:2] == (
        InShare(share=0.1, salt="chuseok-sale"),
        InShare(share=0.025, salt="s"),
    )
    assert loaded.resolved["chuseok-sale"].audience_name is None


def test_two_attributes_of_one_name_are_a_finding(tmp_path: Path) -> None:
    other = (
        "kind: audience\nid: other\nwhere: {attribute: x}\n"
        "attributes: {favourite: {event: like, last: category}}\n"
    )
    text = CAMPAIGN.replace("exclude: [", "exclude: [other, ")
    loaded = load(tmp_path, {"audiences/other.yaml": other, C: text})
    assert said(loaded) == [
        f"{C}:7 reference two audiences derive different attributes with the name `favourite`"
    ]


def test_audiences_are_inlined_one_by_one(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"audiences/half.yaml": "kind: audience\nid: half\nwhere: {\n"})
    assert sorted(loaded.inlined) == ["bought-this-week", "loyal-shoppers", "staff"]
    inlined = loaded.inlined["loyal-shoppers"]
    assert inlined.where == loaded.resolved["chuseok-sale"].audience
    assert set(inlined.attributes) == {"favourite"}
