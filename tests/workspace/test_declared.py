"""What people declare because nobody can see it: their app, their pictures, why a message may go out."""

from __future__ import annotations

from pathlib import Path

from engine.model.channel import Channel
from engine.model.legal import Notice, TransactionException
from engine.model.template import ImageFacts
from engine.model.workspace import AppFacts
from tests.workspace.small import CAMPAIGN, TEMPLATE, WORKSPACE, load


def test_facts_of_the_app_and_the_sender(tmp_path: Path) -> None:
    text = WORKSPACE.replace(
        "  contact:", "  legal_name: 주식회사 샘플\n  opt_out_login: false\n  contact:"
    ).replace("app: {ad: push_ad_agreed,", "app: {scope: member, ad: push_ad_agreed,")
    text += "app: {settings_path: 앱 > 설정 > 알림, opt_in: true, opt_out: false}\n"
    workspace = load(tmp_path, {"pushform.yaml": text}).workspace
    assert workspace is not None
    assert workspace.app == AppFacts(settings_path="앱 > 설정 > 알림", opt_in=True, opt_out=False)
    assert (workspace.sender.legal_name, workspace.sender.opt_out_login) == ("주식회사 샘플", False)
    assert workspace.sources.consent[Channel.APP].scope == "member"


def test_why_a_campaign_may_go_out(tmp_path: Path) -> None:
    text = CAMPAIGN + (
        "notice: consent_recheck\n"
        "exception: {ended_at: derived.last_order, direct: true, same_goods: true}\n"
    )
    campaign = load(tmp_path, {"campaigns/chuseok-sale.yaml": text}).resolved["chuseok-sale"]
    assert campaign.notice is Notice.CONSENT_RECHECK
    assert campaign.exception == TransactionException(
        ended_at="derived.last_order",
        direct=True,
        same_goods=True,
        origin=campaign.origin / "exception",
    )


def test_what_is_known_of_a_picture(tmp_path: Path) -> None:
    text = TEMPLATE + 'images: {"https://shop.example/a.png": {kilobytes: 180.5, width: 800}}\n'
    template = load(tmp_path, {"templates/chuseok-sale.yaml": text}).templates["chuseok-sale"]
    assert template.images == {
        "https://shop.example/a.png": ImageFacts(kilobytes=180.5, width=800, height=None)
    }
