"""What people get wrong, and the words, lines and columns they read then."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.workspace.small import CAMPAIGN, LOYAL, TEMPLATE, WORKSPACE, load, place, said

PHONE = "`channels.sms.from` is the number `15880000`, but must be a phone number like `1588-0000`"
LATE = "`schedule.late` is `30 minutes`, but must be a duration like `30m`, `4h` or `3d`"
HOLDOUT = "`experiment.holdout` is the number `0.05`, but must be a share like `5%` or `12.5%`"
BASIS = (
    "`basis`: why an informational message may be sent without consent to advertising; required "
    "for `type: informational`"
)
C, W = "campaigns/chuseok-sale.yaml", "pushform.yaml"


def _audience(name: str, where: str) -> str:
    return f"kind: audience\nid: {name}\nwhere: {where}\n"


def test_the_small_shop_is_without_fault(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert said(loaded) == []
    assert sorted(loaded.resolved) == ["chuseok-sale", "early-bird"]


def test_ten_different_mistakes_are_ten_findings_at_their_lines(tmp_path: Path) -> None:
    text = """\
# yaml-language-server: $schema=../schemas/campaign.schema.json
kind: campaign
id: chuseok
titel: 추석 특가
title: 추석 특가
title: 설 특가
type: advertizing
audience: loyal-shopper
exclude: [bought-this-week]
channels: {app: {devices: newest}, sms: {from: 15880000}}
message: {template: chuseok-sale, with: {discount: 30}}
schedule: {at: "2026-09-31 10:00", timezone: Asia/Seul, late: 30 minutes}
experiment: {holdout: 0.05}
kpi: !important [{event: purchase}]
"""
    loaded = load(tmp_path, {C: text})
    assert said(loaded) == [
        f"{C}:3 id-mismatch the id is `chuseok`, but the file's name is `chuseok-sale`",
        f"{C}:4 schema-unknown-key the key `titel` is unknown",
        f"{C}:6 yaml-duplicate-key the key `title` is written twice (first in line 5)",
        f"{C}:7 schema `type` cannot be `advertizing`",
        f"{C}:8 reference the audience `loyal-shopper` does not exist",
        f"{C}:10 schema `channels.app.devices` cannot be `newest`",
        f"{C}:10 schema {PHONE}",
        f"{C}:12 value `schedule.at`: the calendar has no `2026-09-31 10:00`",
        f"{C}:12 schema {LATE}",
        f"{C}:13 schema {HOLDOUT}",
        f"{C}:14 yaml-tag the tag `!important` is not read",
    ]
    hints = {finding.message: finding.hint for finding in loaded.findings}
    assert hints["`type` cannot be `advertizing`"] == "did you mean `advertising`?"
    assert hints["the audience `loyal-shopper` does not exist"] == "did you mean `loyal-shoppers`?"


def test_mistakes_of_all_files_come_in_one_run(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        {
            "audiences/staff.yaml": "kind: audience\nid: staff\nwhere: {atribute: grade}\n",
            "templates/chuseok-sale.yaml": TEMPLATE.replace("integer", "int"),
            C: CAMPAIGN.replace("1588", "15x88"),
            W: WORKSPACE.replace("timezone: Asia/Seoul", "timezone: Seoul"),
        },
    )
    assert [line.split(" ")[0] for line in said(loaded)] == [
        "audiences/staff.yaml:3",
        f"{C}:13",
        "pushform.yaml:3",
        "templates/chuseok-sale.yaml:6",
    ]


@pytest.mark.parametrize(
    ("old", "new", "marked", "rule", "message", "hint"),
    [
        (
            "holdout: 5%", "holdout: 0.05", "0.05", "schema",
            "`experiment.holdout` is the number `0.05`, but must be a share like `5%` or `12.5%`",
            "write `5%` if you mean 0.05 of the whole",
        ),
        (
            "holdout: 5%", "holdout: 150%", "150%", "value",
            "`experiment.holdout`: `150%` is more than the whole", None,
        ),
        (
            "pace: 2000/s", "pace: 2000", "2000", "schema",
            "`schedule.pace` is the number `2000`, but must be a rate like `2000/s`",
            'put it in quotes: "2000"',
        ),
        (
            "pace: 2000/s", "pace: 0/s", "0/s", "value",
            "`schedule.pace`: `0/s` would never send anything", None,
        ),
        (
            "timezone: Asia/Seoul", "timezone: Asia/Seul", "Asia/Seul", "value",
            "`schedule.timezone`: there is no time zone `Asia/Seul`",
            "did you mean `Asia/Seoul`?",
        ),
        (
            '"2026-09-24 10:00"', '"2026-09-24T10:00+01:00"', '"2026-09-24T10:00+01:00"', "value",
            "`schedule.at` has another offset than `Asia/Seoul` has then",
            "delete the offset, or the `timezone`",
        ),
        (
            '"2026-09-24 10:00", timezone: Asia/Seoul',
            '"2026-09-24 10:00+09:00", timezone: recipient', '"2026-09-24 10:00+09:00"', "value",
            "`schedule.at` has an offset, so it is no local time of each recipient",
            "delete the offset",
        ),
        (
            "until: \"2026-09-25\"", "until: \"2026-02-30\"", '"2026-02-30"', "value",
            "`acknowledge[0].until`: `2026-02-30` does not exist in the calendar or on the clock", None,
        ),
        (
            "up_to: 400000", "up_to: 5%", "5%", "value",
            "`acknowledge[0].up_to` is `5%`, but must be a whole number", None,
        ),
        (
            "{id: b, weight: 50", "{id: a, weight: 50", "a, weight: 50, message", "id-duplicate",
            "the variant `a` is written twice", "give it another id",
        ),
        (
            "b: \"https://shop.example/b\"", "vb: \"https://shop.example/b\", xyzzy: u", "xyzzy: u",
            "reference", "`action.web.xyzzy`: `xyzzy` is not a locale or a variant of this campaign",
            "there are `a`, `b`",
        ),
        (
            "alternative: {kakao: sms}", "alternative: {kakao: kakao}", "kakao}", "value",
            "`alternative.kakao`: `kakao` would stand in for itself", None,
        ),
        (
            "alternative: {kakao: sms}", "alternative: {kakao: sms}\nfallback_after: 30s", "30s",
            "value", "`fallback_after` is `30s`, but must be between `1m` and `24h`", None,
        ),
        (
            "profile: main", "profile: mian", "mian", "reference",
            "there is no sending profile `mian`", "did you mean `main`?",
        ),
        (
            'from: "15880000"', 'from: "1588-0001"', '"1588-0001"', "reference",
            "`15880001` is not among the registered senders", "did you mean `15880000`?",
        ),
        (
            "with: {discount: 30}", "with: {discoutn: 30}", "discoutn: 30", "reference",
            "`message.with.discoutn`: no variable of `chuseok-sale` comes from `with.discoutn`",
            "did you mean `discount`?",
        ),
        (
            "with: {discount: 30}", "with: {discount: 많이}", "많이", "value",
            "`message.with.discount` is `많이`, but must be a whole number", None,
        ),
        (
            "template: chuseok-sale-b", "template: chuseok-sale-c", "chuseok-sale-c", "reference",
            "the template `chuseok-sale-c` does not exist",
            "did you mean `chuseok-sale-b`?",
        ),
        (
            "{campaign: early-bird,", "{campaign: early-brid,", "early-brid", "reference",
            "the campaign `early-brid` does not exist", "did you mean `early-bird`?",
        ),
        (
            "type: advertising", "type: informational", "kind: campaign", "schema",
            "`basis` is missing",
            BASIS,
        ),
        (
            "message: {template: chuseok-sale, with: {discount: 30}}", "message:", "", "schema",
            "`message` is empty, but must be a mapping", "write a value, or delete the line",
        ),
        (
            "title: 추석 특가", "title: 2026", "2026", "schema",
            "`title` is the number `2026`, but must be text", 'put it in quotes: "2026"',
        ),
        (
            "owner:", "urgent: {reason: 급함, until: \"2026-09-24\"}\nowner:", "{reason: 급함", "value",
            "`urgent` lifts the lead time of informational campaigns only",
            "delete it; an advertisement waits for its lead time",
        ),
        (
            "product: brand", "product: alimtalk", "kakao: {product", "schema",
            "`channels.kakao.template_code` is missing",
            "`template_code`: the approved template of an AlimTalk; required for `product: alimtalk`",
        ),
    ],
)  # fmt: skip
def test_one_mistake_in_a_campaign_is_one_finding(
    tmp_path: Path, old: str, new: str, marked: str, rule: str, message: str, hint: str | None
) -> None:  # fmt: skip
    assert CAMPAIGN.count(old) == 1
    loaded = load(tmp_path, {C: CAMPAIGN.replace(old, new)}, "production")
    found = [(one.rule, one.message, one.hint) for one in loaded.findings]
    assert (rule, message, hint) in found
    assert len(found) <= 2
    line, column = place(loaded, loaded.findings[found.index((rule, message, hint))])
    written = loaded.sources.get(C)
    assert written is not None
    assert written.line(line)[column - 1 :].startswith(marked)
    assert {finding.campaign for finding in loaded.findings} == {"chuseok-sale"}


@pytest.mark.parametrize(
    ("old", "new", "rule", "message", "hint"),
    [
        (
            "{attribute: country, eq: KR}", "{attribute: country, any: [{attribute: x}]}", "schema",
            "`where.all[0]` has `any` and `attribute`, but only one of them can be",
            "keep one of them",
        ),
        (
            "within: 7d, never: true", "within: 7d, never: true, count: {gte: 1}", "value",
            "`where.all[3]`: `never: true` leaves nothing to count",
            "delete `never`, or `count`, `sum`, `first` and `last`",
        ),
        (
            "within: 30d, count", 'within: 30d, between: ["2026-01-01", "2026-02-01"], count',
            "value", "`where.all[1]` has both `within` and `between`", "keep one of them",
        ),
        (
            '"2026-07-01"]', '"2026-13-01"]', "value",
            "`where.all[2].between[1]`: `2026-13-01` is no date or instant",
            "write `2026-01-01`, `2026-01-01 09:00` or `2026-01-01T09:00:00+09:00`",
        ),
        (
            "most_frequent: category", "most_frequent: category, count: true", "schema",
            "`attributes.favourite` has `count` and `most_frequent`, but only one of them can be",
            "keep one of them",
        ),
        (
            "{min: 10, max: 100000}", "{min: 10, max: 9}", "value",
            "`expect.size`: `min` 10 is more than `max` 9", None,
        ),
        (
            "gte: 10000}", "gte: 10000원}", "schema", "", None,
        ),
        (
            "not: {audience: staff}", "not: {audience: stuff}", "reference",
            "the audience `stuff` does not exist", "did you mean `staff`?",
        ),
    ],
)  # fmt: skip
def test_one_mistake_in_an_audience_is_one_finding(
    tmp_path: Path, old: str, new: str, rule: str, message: str, hint: str | None
) -> None:
    assert LOYAL.count(old) == 1
    loaded = load(tmp_path, {"audiences/loyal-shoppers.yaml": LOYAL.replace(old, new)})
    found = [(one.rule, one.message, one.hint) for one in loaded.findings]
    assert found == ([(rule, message, hint)] if message else [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "type: integer, ", "type: integer, default: 많이, ",
            "`variables.discount.default` is `많이`, but must be a whole number",
        ),
        (
            "sample: 30", 'sample: "30"',
            "`variables.discount.sample` is `30`, but must be a whole number",
        ),
        ("  name: {", "  na-me: {", "`na-me` cannot be the name of a variable"),
    ],
)  # fmt: skip
def test_one_mistake_in_a_template_is_one_finding(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert TEMPLATE.count(old) == 1
    loaded = load(tmp_path, {"templates/chuseok-sale.yaml": TEMPLATE.replace(old, new)})
    assert [(one.rule, one.message) for one in loaded.findings] == [("value", message)]


def test_a_template_that_needs_what_the_audience_does_not_derive_is_a_finding(
    tmp_path: Path,
) -> None:
    loaded = load(tmp_path, {C: CAMPAIGN.replace("audience: loyal-shoppers", "audience: staff")})
    assert said(loaded) == [
        f"{C}:7 reference the template `{template}` needs `derived.favourite`, but no audience of "
        "`chuseok-sale` derives `favourite`"
        for template in ("chuseok-sale-b", "chuseok-sale")
    ]


def test_an_id_that_two_files_have_is_a_finding_on_the_second(tmp_path: Path) -> None:
    second = "campaigns/event/early-bird.yaml"
    loaded = load(tmp_path, {second: CAMPAIGN.replace("chuseok-sale", "early-bird", 1)})
    message = "the id `early-bird` is taken by `campaigns/early-bird.yaml`"
    assert said(loaded) == [f"{second}:2 id-duplicate {message}"]


def test_audiences_in_a_circle_are_one_finding_with_the_way(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        {
            "audiences/a.yaml": "kind: audience\nid: a\nwhere: {any: [{audience: b}]}\n",
            "audiences/b.yaml": "kind: audience\nid: b\nwhere: {not: {audience: a}}\n",
        },
    )
    assert said(loaded) == [
        "audiences/b.yaml:3 reference the audience `a` contains itself: a → b → a"
    ]


def test_audiences_that_double_each_other_are_stopped(tmp_path: Path) -> None:
    changes: dict[str, str | None] = {"audiences/a0.yaml": _audience("a0", "{attribute: x}")}
    for n in range(1, 25):
        pair = f"[{{audience: a{n - 1}}}, {{audience: a{n - 1}}}]"
        changes[f"audiences/a{n}.yaml"] = _audience(f"a{n}", f"{{all: {pair}}}")
    loaded = load(tmp_path, changes)
    assert {finding.rule for finding in loaded.findings} == {"value"}
    assert "comes to more than 10,000 nodes" in loaded.findings[0].message


def test_a_long_chain_of_audiences_is_stopped(tmp_path: Path) -> None:
    changes: dict[str, str | None] = {"audiences/z0.yaml": _audience("z0", "{attribute: x}")}
    for n in range(1, 400):
        # The file that is read first names a chain of all the others.
        changes[f"audiences/{'a' * (n == 399)}z{n}.yaml"] = _audience(
            f"{'a' * (n == 399)}z{n}", f"{{audience: z{n - 1}}}"
        )
    loaded = load(tmp_path, changes)
    assert {finding.message for finding in loaded.findings} == {
        "more than 30 audiences stand inside each other"
    }


def test_everyone_cannot_be_written(tmp_path: Path) -> None:
    text = _audience("everyone", "{attribute: x}")
    loaded = load(tmp_path, {"audiences/everyone.yaml": text})
    assert said(loaded) == [
        "audiences/everyone.yaml:2 id-duplicate the audience `everyone` is built in"
    ]


def test_a_broken_file_is_no_second_mistake_for_those_that_name_it(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"audiences/loyal-shoppers.yaml": "kind: audience\nid: [\n"})
    assert [line.split(" ")[:2] for line in said(loaded)] == [
        ["audiences/loyal-shoppers.yaml:3", "yaml-syntax"]
    ]
    assert sorted(loaded.resolved) == ["early-bird"]


@pytest.mark.parametrize(
    "word", ["friendtalk", "FriendTalk", "friend-talk", "friend_talk", "친구톡"]
)
def test_friendtalk_is_refused_with_the_reason(tmp_path: Path, word: str) -> None:
    file = "campaigns/chuseok-sale.yaml"
    assert CAMPAIGN.count("product: brand") == 1
    loaded = load(tmp_path, {file: CAMPAIGN.replace("product: brand", f"product: {word}")})
    (found,) = loaded.findings
    line = CAMPAIGN.splitlines().index(
        "  kakao: {product: brand, bubble: text, profile: main, targeting: I}"
    )
    assert (found.rule, loaded.sources.locate(found.at).line) == ("schema", line + 1)
    assert found.message == (
        f"`channels.kakao.product` is `{word}`: FriendTalk ended on 2025-12-31, "
        "and Brand Message replaced it"
    )
    assert (
        found.hint
        == "write `product: brand`; `targeting: I` reaches channel friends, as FriendTalk did"
    )
    assert found.korean is not None
    assert found.korean.message == (
        f"`channels.kakao.product`의 값이 `{word}`입니다: "
        "친구톡은 2025-12-31에 끝났고 브랜드 메시지가 대신합니다"
    )
    assert found.korean.hint == (
        "`product: brand`로 쓰세요. `targeting: I`면 친구톡처럼 채널 친구에게 갑니다"
    )


def test_the_end_of_friendtalk_is_the_one_in_the_book() -> None:
    from engine.law.book import provision
    from engine.law.jurisdiction import KOREA
    from engine.workspace.schemas import Kind, load_schema

    ended = load_schema(Kind.CAMPAIGN)["$defs"]["channel_kakao"]["properties"]["product"]["x-ended"]
    (day,) = re.findall(r"\d{4}-\d{2}-\d{2}", ended["why"])
    before = provision("kakao_friendtalk", KOREA, date.fromisoformat(day) - timedelta(days=1))
    after = provision("kakao_friendtalk", KOREA, date.fromisoformat(day))
    assert (before.value, after.value) == (True, False)
