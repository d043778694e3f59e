"""`pushform copy`: what a copy takes over, what it does not, and when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel.finding import has_errors
from engine.model.audience import InCampaign, Reached
from engine.model.channel import Channel
from engine.workspace.fmt import format_bytes
from engine.workspace.read import read_workspace
from tests.cli_run import pushform as call
from tests.workspace.small import CAMPAIGN, WORKSPACE, write

COMMENTED = (
    CAMPAIGN.replace("title: 추석 특가", "title: 추석 특가 # 사람만 보는 제목")
    .replace("schedule:", "# 이 시각은 물류팀과 맞췄다\nschedule:")
    .replace("kpi:", "# 성과는 구매로 본다\nkpi:")
) + 'cancelled: "비 예보"\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path, {"campaigns/chuseok-sale.yaml": COMMENTED})


def test_a_copy_is_a_draft_without_what_is_decided_anew(shop: Path) -> None:
    result = call("copy", "-C", shop, "chuseok-sale", "seollal-sale")
    assert (result.code, result.out) == (0, "campaigns/seollal-sale.yaml\n")
    loaded = read_workspace(shop, None)
    assert not has_errors(loaded.findings)
    copy, source = loaded.campaigns["seollal-sale"], loaded.campaigns["chuseok-sale"]
    assert (copy.draft, copy.copied_from) == (True, "chuseok-sale")
    assert (copy.schedule, copy.acknowledge, copy.urgent, copy.cancelled) == (None, (), None, None)
    for key in ("title", "purpose", "owner", "type", "audience", "exclude", "channels", "message"):
        assert getattr(copy, key) == getattr(source, key), key
    for key in ("alternative", "action", "experiment", "kpi"):
        assert getattr(copy, key) == getattr(source, key), key


def test_comments_stay_with_what_is_copied(shop: Path) -> None:
    call("copy", "-C", shop, "chuseok-sale", "seollal-sale")
    raw = (shop / "campaigns" / "seollal-sale.yaml").read_bytes()
    text = raw.decode("utf-8")
    assert "title: 추석 특가 # 사람만 보는 제목\n" in text
    assert "# 성과는 구매로 본다\nkpi:" in text
    assert "물류팀" not in text
    assert not format_bytes(raw, "campaigns/seollal-sale.yaml").changes


def test_the_same_text_is_pointed_out(shop: Path) -> None:
    err = call("copy", "-C", shop, "chuseok-sale", "seollal-sale").err
    assert (
        "warning: its text is still that of `chuseok-sale` (template `chuseok-sale`): who got that "
        "one would read the same again; change `message`, or pass --only-unsent to leave them out"
    ) in err
    assert "next: write a `schedule`, then delete the line `draft: true` when it is ready" in err
    assert "(the same words)" in call("copy", "-C", shop, "early-bird", "late-bird").err


def test_only_unsent_leaves_out_whom_the_first_reached_or_may_have(shop: Path) -> None:
    result = call("copy", "-C", shop, "chuseok-sale", "chuseok-rest", "--only-unsent")
    assert "warning" not in result.err
    copy = read_workspace(shop, None).campaigns["chuseok-rest"]
    assert copy.exclude[2:] == (
        InCampaign(campaign="chuseok-sale", outcome=Reached.SENT),
        InCampaign(campaign="chuseok-sale", outcome=Reached.UNKNOWN),
        # Its holdout of 5 % must not get the message now.
        InCampaign(campaign="chuseok-sale", outcome=Reached.HELD_OUT),
    )
    call("copy", "-C", shop, "early-bird", "early-rest", "--only-unsent")
    assert len(read_workspace(shop, None).campaigns["early-rest"].exclude) == 2


@pytest.mark.parametrize("status", ["dormant", "blocked", "disconnected"])
def test_a_profile_that_cannot_send_needs_another(shop: Path, status: str) -> None:
    profiles = f"profiles: {{awake: {{friends: 5}}, main: {{status: {status}, "
    (shop / "pushform.yaml").write_text(WORKSPACE.replace("profiles: {main: {", profiles), "utf-8")

    refused = call("copy", "-C", shop, "chuseok-sale", "seollal-sale")
    other = call("copy", "-C", shop, "chuseok-sale", "seollal-sale", "--profile", "awake")

    assert refused.code == 4
    assert f"the Kakao profile `main` is {status}" in refused.err
    assert "choose one that is active: `--profile awake`" in refused.err
    assert other.code == 0, other.err


def test_a_profile_that_is_gone_needs_another(shop: Path) -> None:
    gone = WORKSPACE.replace("profiles: {main:", "profiles: {shop: {sender_key: ${K}}, second:")
    (shop / "pushform.yaml").write_text(gone.replace("${K}", '"${K}"'), "utf-8")
    result = call("copy", "-C", shop, "chuseok-sale", "seollal-sale")
    assert result.code == 4
    assert "the Kakao profile `main` is no longer registered in pushform.yaml" in result.err
    assert "choose one that is: `--profile shop`, `--profile second`" in result.err
    assert not (shop / "campaigns" / "seollal-sale.yaml").exists()
    result = call("copy", "-C", shop, "chuseok-sale", "seollal-sale", "--profile", "shop")
    assert result.code == 0
    settings = read_workspace(shop, None).campaigns["seollal-sale"].channels[Channel.KAKAO]
    assert getattr(settings, "profile") == "shop"  # noqa: B009 - one of four kinds of settings


def test_a_number_that_is_gone_needs_another(shop: Path) -> None:
    gone = WORKSPACE.replace('senders: ["1588-0000"]', 'senders: ["1577-0000", "02-123-4567"]')
    (shop / "pushform.yaml").write_text(gone, "utf-8")
    result = call("copy", "-C", shop, "chuseok-sale", "seollal-sale")
    assert result.code == 4
    assert "the SMS number `15880000` is no longer registered in pushform.yaml" in result.err
    assert "choose one that is: `--from 15770000`, `--from 021234567`" in result.err
    wrong = call("copy", "-C", shop, "chuseok-sale", "seollal-sale", "--from", "1599-0000")
    assert wrong.code == 2
    assert "`--from 15990000` is not registered in pushform.yaml" in wrong.err
    result = call("copy", "-C", shop, "chuseok-sale", "seollal-sale", "--from", "1577-0000")
    assert result.code == 0
    assert 'from: "15770000"' in (shop / "campaigns" / "seollal-sale.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (("chuseok-sael", "b"), "there is no campaign `chuseok-sael`", "did you mean"),
        (("early-bird", "B 1"), "`B 1` cannot be an id", "use small letters, digits and `-`"),
        (
            ("early-bird", "chuseok-sale"),
            "the campaign `chuseok-sale` is there already: `campaigns/chuseok-sale.yaml`",
            "nothing is overwritten: choose another id",
        ),
        (("early-bird", "b", "--profile", "main"), "`early-bird` does not use kakao", "leave"),
        (("early-bird", "b", "--from", "15880000"), "`early-bird` does not use sms", "leave"),
        (("chuseok-sale", "b", "--from", "x"), "`x` is not a phone number", ""),
    ],
)
def test_what_cannot_be_copied(shop: Path, words: tuple[str, ...], message: str, hint: str) -> None:
    before = sorted(shop.rglob("*"))
    result = call("copy", "-C", shop, *words)
    assert result.code == 2
    assert message in result.err
    assert hint in result.err
    assert sorted(shop.rglob("*")) == before


def test_a_campaign_with_mistakes_is_not_copied(shop: Path) -> None:
    file = shop / "campaigns" / "early-bird.yaml"
    file.write_text(file.read_text("utf-8") + "colour: red\n", "utf-8")
    result = call("copy", "-C", shop, "early-bird", "late-bird")
    assert result.code == 2
    assert "`campaigns/early-bird.yaml` has mistakes" in result.err
    assert "`pushform lint campaigns/early-bird.yaml` shows them" in result.err
