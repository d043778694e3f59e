"""Desired × deployed: what counts as a change, of which kind, and what may not change any more."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.finding import Severity
from engine.kernel.origin import Origin
from engine.model.audience import ExpectedSize, InShare
from engine.model.campaign import Campaign, SendTo
from engine.model.channel import Channel
from engine.model.deployment import Status
from engine.model.experiment import Kpi, Variant, WinnerRule
from engine.model.legal import Basis, LabelPosition, MessageType, Notice, TransactionException
from engine.model.limit import Acknowledgement, Limit
from engine.model.link import ActionLink
from engine.model.plan import Action, Category
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule, Urgency
from engine.model.stored import METADATA_KEYS
from engine.model.template import MessageUse, Text
from engine.model.workspace import ConsentColumns, PerUserCap, Safety, Sender
from engine.plan.content import SECTION_OF_KEY, change_digest, differing_categories, written_digest
from tests.message.factories import a_campaign, a_template
from tests.plan.making import ID, a_snapshot, compare, deployed, wanted

A = "sha256:" + "a" * 64

OTHER: dict[str, Any] = {
    "title": "다른 제목",
    "purpose": "재구매",
    "owner": "growth@shop.example",
    "kpi": (Kpi(event="purchase", within=timedelta(days=3)),),
    "copied_from": "seollal-sale",
    "acknowledge": (
        Acknowledgement(
            limit=Limit.MAX_RECIPIENTS, up_to=9, reason="행사", until=datetime(2026, 9, 25).date()
        ),
    ),
    "expect": ExpectedSize(minimum=1),
    "type": MessageType.INFORMATIONAL,
    "basis": Basis.ACCOUNT,
    "urgent": Urgency(reason="리콜", until=datetime(2026, 9, 25).date()),
    "sender": Sender(name="다른샵", contact="1588-0000"),
    "consent": {Channel.APP: ConsentColumns(ad="push_ad")},
    "suppression": False,
    "notice": Notice.CONSENT_RECHECK,
    "exception": TransactionException(ended_at="user.bought_on", direct=True, same_goods=True),
    "country": "JP",
    "ad_label": LabelPosition.BODY,
    "variants": (
        Variant(
            id="default", weight=1, template=a_template({"ko": Text(title="새 글", body="글")})
        ),
    ),
    "action": {Channel.WEB: (ActionLink(url="https://shop.example/other"),)},
    "locale": "en",
    "winner": WinnerRule(metric="open", test_share=0.2, after=timedelta(hours=2)),
    "channels": {Channel.APP: a_campaign().channels[Channel.APP]},
    "alternative": {Channel.KAKAO: Channel.SMS},
    "fallback_after": timedelta(minutes=3),
    "send_to": SendTo.PREFERRED,
    "on_unknown_resend": True,
    "holdout": 0.05,
    "audience": InShare(share=0.5, salt="s"),
    "exclude": (InShare(share=0.5, salt="s"),),
    "attributes": {},
    "workspace_timezone": "Asia/Tokyo",
    "schedule": Schedule(at=datetime(2026, 9, 25, 10)),
}
"""Another value for every key of a resolved campaign."""


def test_every_key_of_a_campaign_has_a_category() -> None:
    stored = {field.name for field in fields(ResolvedCampaign)} - {"written", "audience_name"}

    assert set(SECTION_OF_KEY) == stored
    assert {k for k, c in SECTION_OF_KEY.items() if c is Category.METADATA} == set(METADATA_KEYS)


@pytest.mark.parametrize("key", sorted(set(OTHER) - {"attributes"}))
def test_a_changed_key_is_a_change_of_its_category(key: str) -> None:
    before, after = wanted(), wanted(**{key: OTHER[key]})

    found = differing_categories(before.stored, after.stored)

    assert SECTION_OF_KEY[key] in found
    # What people read may change with it: a label, a sender, the texts of a locale or a channel.
    assert set(found) - {SECTION_OF_KEY[key]} <= {Category.CONTENT}
    assert before.content_digest != after.content_digest
    assert differing_categories(after.stored, after.stored) == ()


def test_every_key_is_tried() -> None:
    assert set(OTHER) == set(SECTION_OF_KEY) - {"id"}


@pytest.mark.parametrize(
    "safety",
    [
        Safety(max_recipients=1),
        Safety(max_audience_growth=0.1),
        Safety(max_failed=0.01),
        Safety(per_user=PerUserCap(max=1, within=timedelta(days=1))),
        Safety(consent_max_age=timedelta(minutes=1)),
    ],
)
def test_limits_are_part_of_what_is_approved(safety: Safety) -> None:
    (move,) = compare(wanted(safety=safety), there=[deployed(wanted())]).moves

    assert (move.action, move.categories) == (Action.UPDATE, (Category.REACH,))


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(sorted(OTHER))))
def test_what_is_deployed_already_is_no_change(keys: set[str]) -> None:
    desired = wanted(**{key: OTHER[key] for key in keys})

    (move,) = compare(desired, there=[deployed(desired)]).moves

    assert (move.action, move.categories) == (Action.NONE, ())


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(sorted(OTHER))), st.sets(st.sampled_from(sorted(OTHER))))
def test_a_change_has_the_categories_of_its_keys_and_back_again(
    one: set[str], two: set[str]
) -> None:
    before = wanted(**{key: OTHER[key] for key in one})
    after = wanted(**{key: OTHER[key] for key in two})

    there = set(differing_categories(before.stored, after.stored))

    assert there == set(differing_categories(after.stored, before.stored))
    assert there >= {SECTION_OF_KEY[key] for key in one ^ two if key != "attributes"}
    (move,) = compare(after, there=[deployed(before)]).moves
    assert (move.action is Action.NONE) == (not there)


def test_a_new_campaign_is_created() -> None:
    (move,) = compare(wanted()).moves

    assert move.action is Action.CREATE
    assert set(move.categories) == set(Category) - {Category.CANCEL, Category.METADATA}
    assert compare(wanted()).changed == {ID}


def test_a_later_time_alone_is_a_reschedule_and_with_a_text_an_update() -> None:
    there = [deployed(wanted())]
    (later,) = compare(wanted(schedule=OTHER["schedule"]), there=there).moves
    (both,) = compare(
        wanted(schedule=OTHER["schedule"], variants=OTHER["variants"]), there=there
    ).moves

    assert (later.action, later.categories) == (Action.RESCHEDULE, (Category.TIMING,))
    assert both.action is Action.UPDATE
    assert both.categories == (Category.CONTENT, Category.TIMING)


def test_metadata_alone_is_no_new_content() -> None:
    moves = compare(wanted(owner="crm@shop.example"), there=[deployed(wanted())])

    assert moves.moves[0].categories == (Category.METADATA,)
    assert moves.changed == frozenset()


def test_a_message_that_moves_into_a_template_file_is_no_change() -> None:
    inline = a_template(
        {"ko": Text(title="추석 특가", body="할인", origin=Origin("campaigns/a.yaml"))}
    )
    in_a_file = replace(
        inline,
        locales={"ko": replace(inline.locales["ko"], origin=Origin("templates/t.yaml"))},
        origin=Origin("templates/t.yaml"),
    )
    before = wanted(
        Campaign(id=ID, message=MessageUse(template=inline)), campaign=a_campaign(inline)
    )
    after = wanted(
        Campaign(id=ID, message=MessageUse(template="t")), campaign=a_campaign(in_a_file)
    )

    assert compare(after, there=[deployed(before)]).moves[0].action is Action.NONE
    assert before.content_digest == after.content_digest


def test_another_environment_has_another_digest() -> None:
    assert wanted().content_digest != wanted(environment="production").content_digest


# after people were chosen


def chosen(desired: Any, **changes: Any) -> Any:
    return deployed(desired, status=Status.SENDING, snapshot=a_snapshot(), **changes)


def test_metadata_may_change_after_the_snapshot_and_takes_nothing_else_along() -> None:
    file = Campaign(id=ID)
    before = wanted(file)
    # The shared template changed as well: that has no effect on whom was chosen already.
    after = wanted(file, owner="crm@shop.example", variants=OTHER["variants"])

    found = compare(after, there=[chosen(before)])

    (move,) = found.moves
    assert found.findings == ()
    assert (move.action, move.categories) == (Action.UPDATE, (Category.METADATA,))
    assert move.desired is not None
    stored = move.desired.stored["campaign"]
    assert stored["owner"] == "crm@shop.example"
    assert stored["variants"] == before.stored["campaign"]["variants"]
    assert move.desired.stored["samples"] == before.stored["samples"]


def test_shared_files_have_no_effect_after_the_snapshot() -> None:
    file = Campaign(id=ID)
    found = compare(wanted(file, variants=OTHER["variants"]), there=[chosen(wanted(file))])

    assert [(m.action, m.categories) for m in found.moves] == [(Action.NONE, ())]
    assert found.findings == ()


def test_the_campaign_itself_cannot_change_after_the_snapshot() -> None:
    before = wanted(Campaign(id=ID))
    changed = Campaign(
        id=ID, schedule=OTHER["schedule"], origin=Origin("campaigns/chuseok-sale.yaml")
    )

    found = compare(
        wanted(changed, schedule=OTHER["schedule"]),
        there=[chosen(before, digest=A)],
    )

    assert [move.action for move in found.moves] == [Action.NONE]
    (finding,) = found.findings
    assert finding.rule == "campaign-immutable"
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "campaign `chuseok-sale` is already sending: timing cannot change any more"
    )
    assert finding.hint == "copy the campaign to a file with a new id and change that one"
    assert finding.at.file == "campaigns/chuseok-sale.yaml"


def test_a_title_or_a_comment_is_not_the_file_itself() -> None:
    plain = Campaign(id=ID, title="추석")

    assert written_digest(replace(plain, title="다른", owner="x", purpose="y")) == written_digest(
        plain
    )
    assert written_digest(replace(plain, origin=Origin("moved.yaml"))) == written_digest(plain)
    assert written_digest(replace(plain, audience="vips")) != written_digest(plain)
    assert written_digest(None) is None


# cancels


def test_a_deleted_file_is_a_cancel() -> None:
    found = compare(there=[deployed(wanted())])

    (move,) = found.moves
    assert (move.action, move.categories) == (Action.CANCEL, (Category.CANCEL,))
    assert move.reason == "file: the file was deleted"
    assert found.changed == frozenset()


@pytest.mark.parametrize("reason", ["재고 없음", "draft"])
def test_a_file_that_says_so_is_a_cancel(reason: str) -> None:
    (move,) = compare(there=[deployed(wanted())], stopped={ID: reason}).moves

    assert (move.action, move.reason) == (Action.CANCEL, f"file: {reason}")


def test_a_file_with_mistakes_is_neither_changed_nor_cancelled() -> None:
    (move,) = compare(there=[deployed(wanted())], known=[ID]).moves

    assert (move.action, move.reason) == (Action.NONE, "the file has mistakes")


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.CANCELLED, Status.FAILED])
def test_what_is_over_cannot_be_cancelled(status: Status) -> None:
    there = [deployed(wanted(), status=status)]

    assert [m.action for m in compare(there=there).moves] == [Action.NONE]
    assert [m.action for m in compare(there=there, stopped={ID: "늦음"}).moves] == [Action.NONE]


def test_a_cancel_by_file_is_taken_back_by_the_file() -> None:
    there = [deployed(wanted(), status=Status.CANCELLED, reason="file: 재고 없음")]

    (move,) = compare(wanted(), there=there).moves

    assert move.action is Action.CREATE


@pytest.mark.parametrize(
    ("reason", "snapshot"),
    [("오타", None), (None, None), ("file: 재고 없음", a_snapshot())],
)
def test_a_cancel_by_an_operator_or_after_a_start_is_final(
    reason: str | None, snapshot: Any
) -> None:
    there = [deployed(wanted(), status=Status.CANCELLED, reason=reason, snapshot=snapshot)]
    said = reason or "by an operator"

    same = compare(wanted(), there=there)
    other = compare(wanted(holdout=0.1), there=there)

    assert [m.action for m in (*same.moves, *other.moves)] == [Action.NONE, Action.NONE]
    assert same.moves[0].reason == f"cancelled: {said}"
    assert same.findings == ()
    assert [f.message for f in other.findings] == [
        f"campaign `chuseok-sale` was cancelled ({said}); that is final for its id"
    ]


def test_offline_something_changes_but_nobody_knows_what() -> None:
    there = [deployed(wanted())]

    (same,) = compare(wanted(), there=there, offline=True).moves
    (other,) = compare(wanted(holdout=0.1), there=there, offline=True).moves

    assert (same.action, other.action) == (Action.NONE, Action.UPDATE)


def test_moves_are_sorted_by_id() -> None:
    desired = [wanted(id=name) for name in ("다", "가", "나")]

    assert [m.campaign for m in compare(*desired).moves] == ["가", "나", "다"]


# the digest that an approval binds to


def test_an_approval_binds_to_environment_campaign_action_and_both_contents() -> None:
    base = {"environment": "e", "campaign": "c", "before": A, "after": A, "cancel": False}
    others = [
        {"environment": "f"},
        {"campaign": "d"},
        {"before": None},
        {"after": None},
        {"cancel": True},
    ]

    digests = {change_digest(**(base | other)) for other in [{}, *others]}  # type: ignore[arg-type]

    assert len(digests) == 6
    assert change_digest(**base) in digests  # type: ignore[arg-type]
