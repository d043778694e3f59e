"""The small decisions that live in the nouns: links, locales, texts, limits, states, books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.audience import All, AnyOf, Everyone, InShare, Not, parts
from engine.model.channel import Channel
from engine.model.delivery import TERMINAL, TRANSITIONS, DeliveryState
from engine.model.facts import outgrew
from engine.model.limit import Acknowledgement, Limit
from engine.model.link import ActionLink, find_link
from engine.model.locale import locale_chain, pick_locale
from engine.model.plan import Action, Change, Plan
from engine.model.report import Books
from engine.model.resolved import acknowledged
from engine.model.schedule import Schedule
from engine.model.template import Redefinition, Template, Text
from tests.message.factories import a_campaign
from tests.model.strategies import TEMPLATES

# links

EVERY = ActionLink(url="every")
KO = ActionLink(url="ko", locale="ko")
B = ActionLink(url="b", variant="b")
KO_B = ActionLink(url="ko b", locale="ko", variant="b")


@pytest.mark.parametrize(
    ("locale", "variant", "url"),
    [("ko", "b", "ko b"), ("en", "b", "b"), ("ko", "a", "ko"), ("en", "a", "every")],
)
def test_the_most_particular_link_is_taken(locale: str, variant: str, url: str) -> None:
    for links in ((EVERY, KO, B, KO_B), (KO_B, B, KO, EVERY)):
        found = find_link(links, locale, variant)
        assert found is not None
        assert found.url == url


def test_no_link_fits() -> None:
    assert find_link((KO, B), "en", "a") is None
    assert find_link((), "ko", "a") is None
    assert find_link((KO, B), "ko", "b") == B, "a variant says more than a locale"


# locales


@pytest.mark.parametrize(
    ("wanted", "chain"),
    [
        ("ko-KR", [("ko-KR", "exact"), ("ko", "language"), ("en", "workspace")]),
        ("ko_KR", [("ko-KR", "exact"), ("ko", "language"), ("en", "workspace")]),
        (
            "zh-Hant-TW",
            [
                ("zh-Hant-TW", "exact"),
                ("zh-Hant", "language"),
                ("zh", "language"),
                ("en", "workspace"),
            ],
        ),
        ("en", [("en", "exact")]),
        ("en-GB", [("en-GB", "exact"), ("en", "language")]),
        ("", [("en", "workspace")]),
        (None, [("en", "workspace")]),
        ("-", [("en", "workspace")]),
    ],
)
def test_a_locale_chain(wanted: str | None, chain: list[tuple[str, str]]) -> None:
    assert list(locale_chain(wanted, "en")) == chain


@settings(deadline=None)
@given(
    st.none() | st.text(st.sampled_from("ab-_가"), max_size=8),
    st.sampled_from(["ko", "en"]),
    st.sets(st.sampled_from(["ko", "en", "a", "a-b", "가"])),
)
def test_a_chain_ends_with_the_workspace_and_names_nothing_twice(
    wanted: str | None, fallback: str, available: set[str]
) -> None:
    chain = locale_chain(wanted, fallback)

    names = [name for name, _ in chain]
    assert fallback in names
    assert len(names) == len(set(names))
    found = pick_locale(available, wanted, fallback)
    assert found == next(((n, step) for n, step in chain if n in available), None)


# texts


def text(body: str) -> Text:
    return Text(body=body)


TEMPLATE = Template(
    id="t",
    locales={"ko": text("공통"), "en": text("common")},
    redefine={
        Channel.WEB: Redefinition(locales={"ko": text("웹"), "ja": text("ウェブ")}),
        Channel.SMS: Redefinition(locales={"ko": text("문자")}),
        Channel.KAKAO: Redefinition(locales={"ko": text("카카오")}, universal=True),
    },
)


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (Channel.APP, {"ko": "공통", "en": "common"}),
        (Channel.WEB, {"ko": "웹", "en": "common", "ja": "ウェブ"}),
        (Channel.KAKAO, {"ko": "카카오", "en": "common"}),
        (Channel.SMS, {"ko": "문자"}),
    ],
)
def test_what_a_channel_says(channel: Channel, said: Mapping[str, str]) -> None:
    assert list(TEMPLATE.locales_of(channel)) == list(said)
    for locale in ("ko", "en", "ja", "fr"):
        found = TEMPLATE.text(channel, locale)
        assert (found.body if found else None) == said.get(locale)


@settings(deadline=None)
@given(TEMPLATES)
def test_a_channel_has_a_text_in_exactly_its_locales(template: Template) -> None:
    for channel in Channel:
        locales = template.locales_of(channel)
        written = {*template.locales, *(n for r in template.redefine.values() for n in r.locales)}
        assert set(locales) == {n for n in written if template.text(channel, n) is not None}
        if channel in (Channel.KAKAO, Channel.SMS) and channel not in template.redefine:
            assert locales == ()


# limits

SEOUL_MIDNIGHT = datetime(2026, 9, 25, 15, tzinfo=UTC)
"""The end of the 25th in Seoul."""


def lift(up_to: float, until: date, limit: Limit = Limit.MAX_RECIPIENTS) -> Acknowledgement:
    return Acknowledgement(limit=limit, up_to=up_to, reason="연례 행사", until=until)


def test_an_acknowledgement_ends_with_its_day_in_the_workspaces_zone() -> None:
    campaign = a_campaign(acknowledge=(lift(400_000, date(2026, 9, 25)),))
    last = SEOUL_MIDNIGHT - timedelta(seconds=1)

    assert acknowledged(campaign, Limit.MAX_RECIPIENTS, last) == (400_000, SEOUL_MIDNIGHT)
    assert acknowledged(campaign, Limit.MAX_RECIPIENTS, SEOUL_MIDNIGHT) is None
    assert acknowledged(campaign, Limit.MAX_AUDIENCE_GROWTH, last) is None


def test_the_widest_acknowledgement_in_force_counts() -> None:
    campaign = a_campaign(
        acknowledge=(
            lift(900, date(2026, 9, 1)),
            lift(100, date(2026, 9, 25)),
            lift(200, date(2026, 9, 25)),
        )
    )

    found = acknowledged(campaign, Limit.MAX_RECIPIENTS, datetime(2026, 9, 25, tzinfo=UTC))

    assert found == (200, SEOUL_MIDNIGHT)


@pytest.mark.parametrize(
    ("before", "now", "limit", "grew"),
    [
        (10, 13, 0.3, False),
        (10, 14, 0.3, True),
        (100, 130, 0.30, False),
        (1_000_000, 1_300_000, 0.3, False),
        (1_000_000, 1_300_001, 0.3, True),
        (10, 5, 0.3, False),
        (0, 1, 0.3, True),
        (0, 0, 0.3, False),
        (10, 10, 0.0, False),
        (10, 11, 0.0, True),
    ],
)
def test_what_counts_as_growth(before: int, now: int, limit: float, grew: bool) -> None:
    assert outgrew(before, now, limit) is grew


@settings(deadline=None)
@given(st.integers(1, 10**7), st.integers(0, 100), st.integers(0, 200))
def test_growth_by_exactly_the_limit_is_no_growth(before: int, more: int, percent: int) -> None:
    exact = before * percent // 100
    assert not outgrew(before, before + exact, percent / 100)
    assert outgrew(before, before + exact + 1 + more, percent / 100)


def test_from_nobody_to_anybody_counts_as_doubling() -> None:
    assert outgrew(0, 1, 0.99)
    assert not outgrew(0, 1_000, 1.0)
    assert not outgrew(0, 0, 0.0)


# states


def test_the_states_are_closed() -> None:
    assert set(TRANSITIONS) == {None, *DeliveryState}
    reached: set[DeliveryState | None] = {None}
    while more := {after for state in reached for after in TRANSITIONS[state]} - reached:
        reached |= more
    assert reached == set(TRANSITIONS)


def test_a_terminal_state_never_becomes_pending_again() -> None:
    for state in TERMINAL:
        assert TRANSITIONS[state] <= TERMINAL
    assert set(DeliveryState) - TERMINAL == {DeliveryState.CLAIMED, DeliveryState.DEFERRED}


def test_nothing_is_handed_over_without_a_claim() -> None:
    outcomes = {DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.FAILED}
    for before, after in TRANSITIONS.items():
        if before in (None, DeliveryState.DEFERRED):
            assert not after & outcomes
    assert {b for b, after in TRANSITIONS.items() if DeliveryState.CLAIMED in after} == {
        None,
        DeliveryState.DEFERRED,
    }


COUNTS = st.integers(0, 50)


@settings(deadline=None)
@given(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, st.integers(-3, 3))
def test_books_balance_or_do_not(
    held: int, skipped: int, sent: int, failed: int, unknown: int, pending: int, off: int
) -> None:
    books = Books(
        targeted=held + skipped + sent + failed + unknown + pending + off,
        held_out=held,
        skipped={"window": skipped},
        sent=sent,
        failed={"refused": failed},
        unknown=unknown,
        pending=pending,
    )
    assert books.balanced is (off == 0)


# the rest


def test_parts_of_a_condition_come_outermost_first() -> None:
    share = InShare(share=0.1, salt="s")
    inner = AnyOf(of=(share, Everyone()))
    tree = All(of=(Not(of=inner),))

    assert parts(tree) == (tree, tree.of[0], inner, share, Everyone())


def test_a_campaign_knows_its_variants_and_whether_it_follows_its_readers() -> None:
    campaign = a_campaign(schedule=Schedule(at=datetime(2026, 9, 24, 10), timezone="recipient"))

    assert campaign.variant("default").weight == 1
    with pytest.raises(KeyError, match="nope"):
        campaign.variant("nope")
    assert campaign.schedule.recipient_local
    assert not a_campaign().schedule.recipient_local


def test_a_plan_tells_what_is_pending() -> None:
    def change(name: str, action: Action) -> Change:
        return Change(
            campaign=name,
            action=action,
            categories=(),
            digest=name,
            before=None,
            content_digest=None,
            stored=None,
            not_after=None,
        )

    changes = tuple(change(action.value, action) for action in Action)
    plan = Plan(
        environment="sandbox",
        as_of=SEOUL_MIDNIGHT,
        digest="d",
        valid_until=None,
        applyable=True,
        changes=changes,
    )
    assert {c.campaign for c in plan.pending} == {"create", "update", "reschedule", "cancel"}
