"""Links of the app that differ by platform, and what web push shows besides the text."""

from __future__ import annotations

from pathlib import Path

from engine.model.channel import Channel
from engine.model.channel_settings import WebSettings
from engine.model.link import ActionLink
from engine.model.stored import from_plain, to_plain
from tests.workspace.small import CAMPAIGN, load, said

OLD = 'app: "sampleshop://sale/chuseok"'
C = "campaigns/chuseok-sale.yaml"


def test_a_link_per_platform_may_stand_wherever_a_link_may(tmp_path: Path) -> None:
    one = '{android: "shop://a", ios: "shop://i", fallback: "https://shop.example"}'
    app = f"app: {{ko: {one}, b: {{ja: {one}, ko: shop://b}}}}"
    assert OLD in CAMPAIGN
    loaded = load(tmp_path, {C: CAMPAIGN.replace(OLD, app)})
    assert said(loaded) == []
    links = {"android": "shop://a", "ios": "shop://i", "url": "https://shop.example"}
    campaign = loaded.resolved["chuseok-sale"]
    assert campaign.action[Channel.APP] == (
        ActionLink(**links, locale="ko"),
        ActionLink(**links, locale="ja", variant="b"),
        ActionLink(url="shop://b", locale="ko", variant="b"),
    )
    assert from_plain(to_plain(campaign)) == campaign
    whole = load(tmp_path / "whole", {C: CAMPAIGN.replace(OLD, f"app: {one}")})
    assert whole.resolved["chuseok-sale"].action[Channel.APP] == (ActionLink(**links),)


def test_a_link_per_platform_needs_a_page_to_fall_back_to(tmp_path: Path) -> None:
    without = CAMPAIGN.replace(OLD, 'app: {android: "shop://a", ios: "shop://i"}')
    loaded = load(tmp_path, {C: without})
    assert [f.message for f in loaded.findings] == [
        "`action.app` needs a `fallback` beside `android` and `ios`, and nothing else"
    ]
    deep = CAMPAIGN.replace(OLD, 'app: {android: "shop://a", fallback: "shop://x"}')
    loaded = load(tmp_path / "deep", {C: deep})
    message = "`action.app.fallback` is `shop://x`, but must start with `https://`"
    assert [(f.message, f.hint) for f in loaded.findings] == [
        (message, "a page that opens where the app is not installed")
    ]


def test_only_the_app_has_platforms(tmp_path: Path) -> None:
    page = 'web: {android: "https://a.example", fallback: "https://b.example"}'
    text = CAMPAIGN.replace(
        'web: {ko: "https://shop.example/ko", b: "https://shop.example/b"}', page
    )
    loaded = load(tmp_path, {C: text})
    assert [f.rule for f in loaded.findings] == ["reference", "reference"]


def test_web_push_has_an_icon_a_badge_and_a_tag(tmp_path: Path) -> None:
    given = (
        'web: {icon: "https://shop.example/i.png", badge: "https://shop.example/b.png", tag: sale}'
    )
    assert "  web: {}" in CAMPAIGN
    loaded = load(tmp_path, {C: CAMPAIGN.replace("  web: {}", f"  {given}")})
    assert said(loaded) == []
    assert loaded.resolved["chuseok-sale"].channels[Channel.WEB] == WebSettings(
        icon="https://shop.example/i.png", badge="https://shop.example/b.png", tag="sale"
    )
    wrong = CAMPAIGN.replace("  web: {}", "  web: {icon: i.png}")
    loaded = load(tmp_path / "wrong", {C: wrong})
    assert [f.message for f in loaded.findings] == [
        "`channels.web.icon` is `i.png`, but must be a URL that starts with `https://`"
    ]
