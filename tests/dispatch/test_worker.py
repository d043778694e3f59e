"""One worker and its shard: what is handed over, in which order, how fast, and what stops it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dispatch.worker import Stopped
from engine.kernel.errors import ExitCode, LockedError, UnavailableError
from engine.model.channel import Channel
from engine.model.delivery import Answer, FailReason
from engine.model.deployment import Status, StopOrder
from engine.model.legal import Basis, MessageType
from engine.model.outcome import Accepted, AnsweredError, NotActed, Refused, Silent
from engine.model.template import OnMissing, Text
from engine.model.workspace import PerUserCap, Safety
from tests.dispatch.world import (
    APP,
    DUE,
    KAKAO,
    SMS,
    LeapingClock,
    Provider,
    World,
    a_reading,
    a_shop,
    a_target,
    names,
    targets,
)
from tests.message.factories import a_template, a_variable
from tests.state.world import HandClock, a_claim, a_deployed, a_snapshot, apply, settled

Make = Callable[..., World]
FOUR = names(4)


def test_everybody_gets_one_message_and_the_campaign_completes(world: Make) -> None:
    here = world(shards={0: targets(FOUR)})

    runs = here.dispatch()

    assert [(run.status, run.exit_code) for run in runs] == [(Status.COMPLETED, ExitCode.OK)]
    assert here.providers[APP].names() == dict.fromkeys(FOUR, 1)
    assert set(here.states().values()) == {"sent"}
    assert {row.attempt for row in here.rows().values()} == {1}
    assert here.dispatch() == ()


def test_who_is_settled_without_a_claim(world: Make) -> None:
    here = world(
        shards={
            0: [
                a_target("남긴 사람", held_out=True),
                a_target("둘째", duplicate=True),
                a_target("언어 없음", locale=""),
                a_target("어린이", minor=True),
                a_target("막힌 사람", suppressed=True),
                a_target("꺼둔 사람", enabled=False),
                a_target("떠난 사람"),
                a_target("거절한 사람"),
                a_target("민지"),
            ]
        }
    )
    here.people.gone = {"떠난 사람"}
    here.people.refused = {"거절한 사람"}

    here.dispatch()

    assert here.states() == {
        "app:남긴 사람": "held_out",
        "app:둘째": "skipped duplicate_address",
        "app:언어 없음": "skipped no_text",
        "app:어린이": "skipped minor",
        "app:막힌 사람": "skipped suppressed",
        "app:꺼둔 사람": "skipped disabled",
        "app:떠난 사람": "skipped disabled",
        "app:거절한 사람": "skipped no_consent",
        "app:민지": "sent",
    }
    assert here.providers[APP].names() == {"민지": 1}


def test_a_snapshot_that_said_no_is_not_overruled_by_a_fresh_yes(world: Make) -> None:
    here = world(shards={0: [a_target("거절", consent=a_reading(ad=Answer.NO))]})

    here.dispatch()

    assert here.states() == {"app:거절": "skipped no_consent"}


def test_not_acted_is_tried_again_until_it_is_given_up(world: Make) -> None:
    here = world(shards={0: targets(FOUR)})
    here.providers[APP].answer = lambda outgoing: (
        NotActed(code="429") if outgoing.address.value == FOUR[0] else None
    )

    here.dispatch()

    assert here.states()[f"app:{FOUR[0]}"] == "failed gave_up"
    assert here.providers[APP].names()[FOUR[0]] == 8
    assert here.rows()[f"app:{FOUR[0]}"].attempt == 8


def test_an_error_answer_is_sent_again_on_app_and_never_on_sms(world: Make) -> None:
    here = world(
        campaign=a_shop(APP, SMS),
        shards={0: targets(FOUR[:1]), 1: targets(FOUR[:1], SMS)},
    )
    for channel in (APP, SMS):
        here.providers[channel].script.append(AnsweredError(code="503"))

    here.dispatch()

    assert here.states() == {f"app:{FOUR[0]}": "sent", f"sms:{FOUR[0]}": "unknown 503"}
    assert here.providers[APP].names()[FOUR[0]] == 2
    assert here.providers[SMS].names()[FOUR[0]] == 1
    assert here.rows()[f"app:{FOUR[0]}"].retried_after_error == 1


def test_a_dead_address_is_not_tried_by_the_next_campaign(world: Make) -> None:
    here = world(shards={0: targets(FOUR)})
    here.providers[APP].script.append(
        Refused(reason=FailReason.UNREGISTERED, code="404", dead_address=True)
    )

    here.dispatch()

    assert here.states()[f"app:{FOUR[0]}"] == "failed unregistered"
    assert here.ledger.dead_addresses([f"app:{n}" for n in FOUR]) == {f"app:{FOUR[0]}"}


def test_a_systemic_refusal_halts_the_campaign_for_every_worker(world: Make) -> None:
    here = world(shards={0: targets(FOUR), 1: targets(names(4, 10))})
    here.providers[APP].slots = 1_000
    here.providers[APP].script.append(
        Refused(reason=FailReason.SENDER_MISMATCH, code="SENDER_ID_MISMATCH", systemic=True)
    )

    (run,) = here.dispatch()

    assert run.exit_code is ExitCode.PARTIAL
    assert run.message == "halted: app refused with SENDER_ID_MISMATCH"
    assert {order.cancel for order in here.ledger.stop_orders()} == {False}
    assert set(here.providers[APP].names()) == set(FOUR), "the second shard was never begun"
    assert here.dispatch() == ()


def test_too_many_failures_halt_the_campaign(world: Make) -> None:
    here = world(
        shards={0: targets(names(300)), 1: targets(names(10, 500))}, safety=Safety(max_failed=0.05)
    )
    here.providers[APP].answer = lambda outgoing: (
        Refused(reason=FailReason.REFUSED, code="400")
        if outgoing.address.value < "손님016"
        else None
    )

    (run,) = here.dispatch()

    assert run.message == "halted: 5% of the deliveries failed, limit 5%"
    assert run.exit_code is ExitCode.PARTIAL


def test_consent_is_read_again_while_a_long_shard_is_sent(world: Make) -> None:
    here = world(
        campaign=a_shop(APP, pace=1.0),
        shards={0: targets(names(900))},
        safety=Safety(max_failed=1.0, consent_max_age=timedelta(minutes=2)),
        clock=HandClock(DUE),
    )
    last = names(900)[-1]

    class Withdrawing(Provider):
        def submit(self, batch):  # type: ignore[no-untyped-def]
            if len(self.handed) == 20:
                here.people.refused.add(last)
                here.clock.pass_(70)
            super().submit(batch)
            if len(self.handed) > 22:
                here.stop = True

    here.providers[APP] = Withdrawing(here.clock, account="app")

    with pytest.raises(Stopped):
        here.run_shard()

    assert here.states()[f"app:{last}"] == "skipped no_consent"
    assert len(here.people.reads) == 2


def test_an_unreadable_source_holds_advertisements_and_lets_information_go(world: Make) -> None:
    ad = world(shards={0: targets(FOUR)})
    ad.people.down = True
    (run,) = ad.dispatch()
    assert (run.exit_code, run.status) == (ExitCode.UNAVAILABLE, Status.SENDING)
    assert ad.rows() == {}

    info = world(
        campaign=a_shop(APP, type=MessageType.INFORMATIONAL, basis=Basis.ACCOUNT),
        shards={0: targets(FOUR)},
    )
    info.people.down = True
    (run,) = info.dispatch()
    assert run.status is Status.COMPLETED
    assert set(info.states().values()) == {"sent"}

    ad.people.down = False
    ad.dispatch()
    assert set(ad.states().values()) == {"sent"}


def test_a_source_that_goes_away_in_the_middle_loses_nobody(world: Make) -> None:
    here = world(
        campaign=a_shop(APP, pace=2.0),
        shards={0: targets(names(12))},
        safety=Safety(max_failed=1.0, consent_max_age=timedelta(seconds=4)),
        clock=HandClock(DUE),
    )

    class Breaking(Provider):
        def submit(self, batch):  # type: ignore[no-untyped-def]
            super().submit(batch)
            here.people.down = len(self.handed) >= 3

    here.providers[APP] = Breaking(here.clock, account="app")
    with pytest.raises(UnavailableError):
        here.run_shard()

    handed = here.providers[APP].names()
    assert {row.state for row in here.rows().values()} == {"sent"}
    assert len(here.rows()) == len(handed) < 12


@pytest.mark.parametrize("cancel", [False, True])
def test_a_halt_leaves_the_rest_and_a_cancel_settles_it(world: Make, cancel: bool) -> None:
    here = world(
        campaign=a_shop(APP, pace=1.0), shards={0: targets(names(6))}, clock=HandClock(DUE)
    )

    class Stopping(Provider):
        def submit(self, batch):  # type: ignore[no-untyped-def]
            super().submit(batch)
            if len(self.handed) == 2:
                here.ledger.order_stop(
                    StopOrder(
                        scope="chuseok-sale", cancel=cancel, reason="오타", at=here.clock.now()
                    )
                )

    here.providers[APP] = Stopping(here.clock, account="app")

    (run,) = here.dispatch()

    handed = here.providers[APP].names()
    assert 2 <= len(handed) <= 4, "in force within a second"
    states = list(here.states().values())
    assert states.count("sent") == len(handed)
    if cancel:
        assert run.status is Status.CANCELLED
        assert states.count("skipped cancelled") == 6 - len(handed)
    else:
        assert (run.status, run.message) == (Status.SENDING, "halted: 오타")
        assert len(states) == len(handed)
        here.ledger.lift_halt("chuseok-sale")
        assert [r.status for r in here.dispatch()] == [Status.COMPLETED]
        assert here.providers[APP].names() == dict.fromkeys(names(6), 1)


def test_a_signal_stops_cleanly_and_the_next_dispatch_sends_the_rest(world: Make) -> None:
    here = world(
        campaign=a_shop(APP, pace=1.0), shards={0: targets(names(6))}, clock=HandClock(DUE)
    )

    class Stopping(Provider):
        def submit(self, batch):  # type: ignore[no-untyped-def]
            super().submit(batch)
            here.stop = len(self.handed) == 3

    here.providers[APP] = Stopping(here.clock, account="app")

    (run,) = here.dispatch()
    assert run.interrupted
    assert run.message == "stopped by a signal; the rest is sent by the next dispatch"
    assert set(here.states().values()) == {"sent"}
    assert len(here.states()) == 3

    here.stop = False
    here.dispatch()
    assert here.providers[APP].names() == dict.fromkeys(names(6), 1)


def test_what_did_not_start_before_the_wave_ended_is_missed(world: Make) -> None:
    here = world(shards={0: targets(FOUR)})
    here.clock.pass_(31 * 60)

    (run,) = here.dispatch()

    assert set(here.states().values()) == {"skipped missed"}
    assert (run.status, here.providers[APP].handed) == (Status.FAILED, [])


def test_what_waits_for_a_retry_when_the_window_closes_is_skipped(world: Make) -> None:
    here = world(shards={0: targets(FOUR)})
    here.clock.pass_(10 * 3600 + 59 * 60)  # 20:59 in Seoul
    here.providers[APP].script.extend([NotActed(code="429", retry_after_s=120.0)] * 4)

    here.run_shard()

    assert set(here.states().values()) == {"skipped window"}


def test_a_stolen_shard_is_let_go_and_nobody_gets_it_twice(world: Make) -> None:
    here = world(shards={0: targets(FOUR)})
    here.providers[APP].script.append("stall")
    other = here.open()[0]
    stolen = []

    def stall(_: str) -> None:
        here.clock.pass_(60)
        other.expire_claims("chuseok-sale", here.clock.now())
        stolen.append(other.lease_shard("chuseok-sale", "다른 일꾼", 30, here.clock.now()))

    here.providers[APP].on_word = stall
    lease = here.lease()
    assert lease is not None
    with pytest.raises(LockedError, match="has lost shard 0 of `chuseok-sale` to `다른 일꾼`"):
        here.worker(lease).run()

    assert stolen != [None]
    # The answers came late, but they are the truth.
    assert set(here.states().values()) == {"sent"}
    here.worker(stolen[0], here.tools("다른 일꾼", other)).run()
    assert here.providers[APP].names() == dict.fromkeys(FOUR, 1)


# pace


def too_many(handed: list[float], rate: float) -> str | None:
    """Return the first stretch of time that holds more hand-overs than it may."""
    burst = max(Fraction(1), Fraction(rate) / 20)
    for first, start in enumerate(handed):
        for count, at in enumerate(handed[first:], 1):
            # The clock adds its steps as floats: a microsecond is forgiven.
            if count > Fraction(rate) * (Fraction(at - start) + Fraction(1, 10**6)) + burst:
                return f"{count} within {at - start} s at {rate}/s"
    return None


@settings(max_examples=8, deadline=None)
@given(
    pace=st.sampled_from([None, 2.0, 17.0, 60.0, 400.0]),
    rate=st.sampled_from([None, 3.0, 25.0, 300.0]),
    slots=st.sampled_from([64, 100, 1_000]),
    script=st.lists(
        st.sampled_from(
            [
                NotActed(code="429"),
                NotActed(code="429", retry_after_s=5.0, opens_breaker=True),
                AnsweredError(code="503"),
                Accepted(),
            ]
        ),
        max_size=6,
    ),
)
def test_the_pace_is_never_exceeded(
    pace: float | None, rate: float | None, slots: int, script: list[NotActed]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = World(
            Path(folder),
            campaign=a_shop(APP, pace=pace),
            shards={0: targets(names(70))},
            clock=HandClock(DUE),
            rates_per_s={APP: rate},
        )
        here.providers[APP].slots = slots
        here.providers[APP].script.extend(script)
        try:
            here.run_shard()
            assert set(here.states().values()) == {"sent"}
        finally:
            here.close()
        handed = [at for at, _ in here.providers[APP].handed]
        assert len(handed) >= 70
        for limit in (pace, rate):
            if limit is not None:
                assert too_many(handed, limit) is None


def test_an_open_breaker_hands_nothing_over(world: Make) -> None:
    here = world(shards={0: targets(names(200))}, rates_per_s={APP: 100.0}, clock=HandClock(DUE))
    here.providers[APP].script.append(NotActed(code="429", retry_after_s=40.0, opens_breaker=True))

    here.run_shard()

    handed = [at for at, _ in here.providers[APP].handed]
    quiet = max(after - before for before, after in pairwise(handed))
    assert 39 < quiet < 42


# alternatives


FIRST = {
    "받은 사람": Accepted(),
    "거절된 사람": Refused(reason=FailReason.REFUSED, code="3018"),
    "없는 번호": Refused(reason=FailReason.BAD_ADDRESS, code="3008", dead_address=True),
    "모르는 사람": Silent(code="timeout"),
    "오류": AnsweredError(code="500"),
    "우리 잘못": Refused(reason=FailReason.BAD_MESSAGE, code="3010"),
    "포기": NotActed(code="429"),
}


def kakao_then_sms(world: Make, first: list[object], **changes: object) -> World:
    people = [t.user_id for t in first] + ["카카오 없음"]  # type: ignore[attr-defined]
    here = world(
        campaign=a_shop(KAKAO, SMS, alternative={KAKAO: SMS}),
        shards={0: first, 1: targets(people, SMS, role="alternative")},
        alternative=[1],
        **changes,
    )
    here.providers[KAKAO].answer = lambda outgoing: FIRST.get(outgoing.address.value)
    return here


def test_sms_goes_only_where_kakao_was_finally_refused_or_impossible(world: Make) -> None:
    first = [*targets(FIRST, KAKAO), a_target("글 없음", KAKAO, locale="")]
    here = kakao_then_sms(world, first)

    here.dispatch()

    # Giving up after eight "not acted" is a refusal for good as well: surely nothing arrived.
    assert set(here.providers[SMS].names()) == {
        "거절된 사람",
        "없는 번호",
        "포기",
        "글 없음",
        "카카오 없음",
    }
    states = here.states()
    assert {n: s for n, s in states.items() if n.startswith("sms")} == {
        f"sms:{name}": "sent" for name in here.providers[SMS].names()
    }, "who was not tried has no row"
    assert states["kakao:모르는 사람"] == "unknown timeout"
    assert states["kakao:오류"] == "unknown 500"
    assert here.status() is Status.COMPLETED


def test_a_decision_about_the_person_never_opens_the_other_channel(world: Make) -> None:
    first = [
        a_target("남긴 사람", KAKAO, held_out=True),
        a_target("막힌 사람", KAKAO, suppressed=True),
        a_target("어린이", KAKAO, minor=True),
        a_target("둘째", KAKAO, duplicate=True),
        a_target("거절", KAKAO),
    ]
    here = kakao_then_sms(world, first)
    read_again = here.people.read_again

    def refuse_on_kakao_only(wanted, at, **more):  # type: ignore[no-untyped-def]
        here.people.refused = {"거절"} if wanted[0].channel is KAKAO else set()
        return read_again(wanted, at, **more)

    here.people.read_again = refuse_on_kakao_only  # type: ignore[method-assign]

    here.dispatch()

    assert set(here.providers[SMS].names()) == {"카카오 없음"}
    assert here.states()["kakao:거절"] == "skipped no_consent"


def test_a_closed_window_never_opens_the_other_channel(world: Make) -> None:
    # 20:55 in Seoul: Kakao's own window for Brand Messages has closed, that for text messages not.
    here = kakao_then_sms(world, targets(["민지", "춘향"], KAKAO))
    here.clock.pass_(10 * 3600 + 55 * 60)

    for _ in range(2):
        here.run_shard()

    assert {here.states()[f"kakao:{name}"] for name in ("민지", "춘향")} == {"skipped window"}
    assert set(here.providers[SMS].names()) == {"카카오 없음"}


def test_a_cap_never_opens_the_other_channel(world: Make) -> None:
    here = kakao_then_sms(
        world,
        targets(["민지", "춘향"], KAKAO),
        safety=Safety(max_failed=1.0, per_user=PerUserCap(max=1, within=timedelta(hours=24))),
    )
    apply(here.ledger, a_deployed("morning"))
    here.ledger.begin_sending("morning", a_snapshot("morning"))
    lease = here.ledger.lease_shard("morning", "w", 30, here.clock.now() + timedelta(days=1))
    assert lease is not None
    had = a_claim("민지", revision=a_deployed("morning").content_digest)
    here.ledger.claim(lease, [had], here.clock.now(), None)
    here.ledger.settle(lease, [settled(had, "sent")], here.clock.now())
    here.ledger.release_shard(lease, done=True)

    for _ in range(2):
        here.run_shard()

    assert here.states()["kakao:민지"] == "skipped cap"
    assert set(here.providers[KAKAO].names()) == {"춘향"}
    assert set(here.providers[SMS].names()) == {"카카오 없음"}


def test_a_cancel_leaves_untried_alternatives_without_a_row(world: Make) -> None:
    here = kakao_then_sms(world, targets(["민지", "춘향"], KAKAO))
    here.ledger.order_stop(
        StopOrder(scope="chuseok-sale", cancel=True, reason="재고 없음", at=here.clock.now())
    )

    (run,) = here.dispatch()

    assert run.status is Status.CANCELLED
    assert here.states() == {
        "kakao:민지": "skipped cancelled",
        "kakao:춘향": "skipped cancelled",
    }


@pytest.mark.parametrize("channel", [Channel.APP, Channel.SMS])
def test_a_text_that_lacks_a_value_is_settled_without_a_hand_over(
    world: Make, channel: Channel
) -> None:
    def campaign(on_missing: OnMissing):  # type: ignore[no-untyped-def]
        template = a_template(
            {"ko": Text(title="추석", body="{{ item }} 할인")},
            a_variable("item", on_missing=on_missing),
            universal=(SMS,),
        )
        shop = a_shop(channel)
        return replace(shop, variants=(replace(shop.variants[0], template=template),))

    wants_skip = world(
        campaign=campaign(OnMissing.SKIP),
        shards={
            0: [
                a_target("민지", channel, values={"user.item": "송편"}),
                a_target("춘향", channel, values={"user.item": None}),
            ]
        },
    )
    wants_skip.dispatch()
    assert wants_skip.states() == {
        f"{channel}:민지": "sent",
        f"{channel}:춘향": "skipped missing_value",
    }

    error = world(
        campaign=campaign(OnMissing.ERROR),
        shards={0: [a_target("춘향", channel, values={"user.item": None})]},
    )
    error.dispatch()
    assert error.states() == {f"{channel}:춘향": "failed render"}


def test_leaping_clocks_leap() -> None:
    clock = LeapingClock(DUE)
    clock.sleep(0.05)
    assert clock.now() == DUE + timedelta(seconds=2)
    clock.sleep(0.0)
    assert clock.now() == DUE + timedelta(seconds=2)


def test_an_advertisement_is_not_sent_without_the_list_it_was_approved_with(world: Make) -> None:
    here = world(shards={0: targets(FOUR)})

    (run,) = here.dispatch(has_suppression=False)

    assert run.exit_code is ExitCode.MISMATCH
    assert here.providers[APP].handed == []
