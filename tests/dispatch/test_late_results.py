"""Vendors that accept first and refuse later: the alternative waits for them, and nobody gets both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import pytest

from engine.dispatch.campaign import LOOK_EVERY_S
from engine.dispatch.results import AWAITED_FOR, look_up
from engine.kernel.errors import ExitCode, UnavailableError
from engine.model.channel import Channel
from engine.model.delivery import FailReason
from engine.model.deployment import Status, StopOrder
from engine.model.outcome import Accepted, Awaited, NotActed, Outcome, Refused, Silent
from engine.model.ports import LateResults
from engine.model.workspace import Safety
from engine.report.build import build_report
from tests.dispatch.world import (
    APP,
    DUE,
    KAKAO,
    SMS,
    TTL,
    Killed,
    Provider,
    World,
    a_shop,
    names,
    targets,
)

Make = Callable[..., World]
WAIT = timedelta(minutes=2)
"""How long alternatives wait here: long enough to see it, and short enough to run it often."""

NO = Refused(reason=FailReason.REFUSED, code="3022")
DEAD = Refused(reason=FailReason.BAD_ADDRESS, code="3014", dead_address=True)


@dataclass
class LateProvider(Provider):
    """Says of each person, so many seconds after the hand-over, what became of the message."""

    words: Mapping[str, tuple[float, Outcome]] = field(default_factory=dict)
    asked: list[Awaited] = field(default_factory=list)
    down: bool = False

    def look_up(self, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
        self._live()
        if self.down:
            raise UnavailableError("the vendor does not answer")
        self.asked += awaited
        who = {out.reference: (at, out.address.value) for at, out in self.handed}
        found: dict[str, Outcome] = {}
        for one in awaited:
            if one.reference in who:
                at, name = who[one.reference]
                after, word = self.words.get(name, (float("inf"), Accepted()))
                if self.clock.monotonic() - at >= after:
                    found[one.reference] = word
        return found


def a_world(world: Make, words: Mapping[str, tuple[float, Outcome]], **changes: object) -> World:
    """Kakao for everybody in `words`, sms for those whom it refuses; kakao's vendor reports later."""
    people = list(words)
    here = world(
        campaign=a_shop(KAKAO, SMS, alternative={KAKAO: SMS}, **{"fallback_after": WAIT} | changes),
        shards={0: targets(people, KAKAO), 1: targets(people, SMS, role="alternative")},
        alternative=[1],
    )
    here.providers[KAKAO] = LateProvider(here.clock, account=KAKAO, words=words)
    return here


def late(here: World, channel: Channel = KAKAO) -> LateProvider:
    return cast("LateProvider", here.providers[channel])


def awaited(here: World) -> int:
    return here.ledger.count_awaited(here.campaign.id)


def balanced(here: World) -> None:
    deployed = here.ledger.find_deployed(here.campaign.id)
    assert deployed is not None
    report = build_report(here.ledger, deployed, "sandbox", here.clock.now())
    assert report.device.balanced
    assert report.user.balanced
    assert report.device.pending == 0


def test_the_provider_is_one_that_reports_later(world: Make) -> None:
    assert isinstance(LateProvider(world().clock), LateResults)
    assert not isinstance(Provider(world().clock), LateResults)


def test_the_alternative_waits_for_the_last_word(world: Make) -> None:
    here = a_world(
        world,
        {
            "받은 사람": (20, Accepted()),
            "거절된 사람": (30, NO),
            "없는 번호": (90, DEAD),
            "말이 없는 사람": (1e9, NO),
            "너무 늦은 거절": (180, NO),
            "우리 잘못": (10, Refused(reason=FailReason.BAD_MESSAGE, code="3010")),
        },
    )

    (run,) = here.dispatch()

    assert set(here.providers[SMS].names()) == {"거절된 사람", "없는 번호"}
    assert run.status is Status.COMPLETED
    assert run.resumes_at is None
    states = here.states()
    assert states == {
        "kakao:받은 사람": "sent",
        "kakao:거절된 사람": "failed refused",
        "kakao:없는 번호": "failed bad_address",
        "kakao:말이 없는 사람": "sent",
        "kakao:너무 늦은 거절": "sent",
        "kakao:우리 잘못": "failed bad_message",
        "sms:거절된 사람": "sent",
        "sms:없는 번호": "sent",
    }
    assert WAIT < here.clock.now() - DUE < WAIT + timedelta(minutes=1)
    assert here.ledger.dead_addresses(["kakao:없는 번호"])
    balanced(here)


def test_nobody_is_waited_for_once_every_word_is_known(world: Make) -> None:
    here = a_world(world, {"민지": (8, Accepted()), "춘향": (12, NO)})

    here.dispatch()

    assert here.clock.now() - DUE < timedelta(seconds=60)
    assert set(here.providers[SMS].names()) == {"춘향"}


def test_the_alternative_goes_out_soon_after_the_refusal(world: Make) -> None:
    here = a_world(world, {"춘향": (60, NO), "말이 없는 사람": (1e9, NO)})

    here.dispatch()

    ((at, outgoing),) = here.providers[SMS].handed
    assert outgoing.address.value == "춘향"
    assert 60 <= at - here.providers[KAKAO].handed[0][0] <= 60 + 60 / 8 + 3 * LOOK_EVERY_S


@pytest.mark.parametrize(("minutes", "opens"), [(1, False), (3, True), (None, True)])
def test_how_long_it_waits_is_the_campaigns(world: Make, minutes: int | None, opens: bool) -> None:
    """Ten minutes where nothing is written."""
    wait = timedelta(minutes=minutes or 10)
    here = a_world(world, {"춘향": (90, NO), "말이 없는 사람": (1e9, NO)}, fallback_after=wait)

    here.dispatch()

    assert (set(here.providers[SMS].names()) == {"춘향"}) is opens
    assert wait <= here.clock.now() - DUE <= wait + timedelta(seconds=10)


def test_a_refusal_that_comes_too_late_changes_the_books_and_opens_nothing(world: Make) -> None:
    here = a_world(world, {"춘향": (3600, NO), "민지": (2000, Accepted())})
    here.dispatch()
    assert here.states() == {"kakao:춘향": "sent", "kakao:민지": "sent"}
    assert awaited(here) == 2

    here.clock.pass_(2 * 3600)
    assert here.dispatch() == ()

    assert here.states() == {"kakao:춘향": "failed refused", "kakao:민지": "sent"}
    assert here.providers[SMS].names() == {}
    assert here.status() is Status.COMPLETED
    assert awaited(here) == 0
    balanced(here)
    asked = len(late(here).asked)
    here.clock.pass_(3600)
    here.dispatch()
    assert len(late(here).asked) == asked, "what is known is not asked for again"


def test_after_a_day_nobody_is_asked_any_more(world: Make) -> None:
    here = a_world(world, {"춘향": (1e9, NO)})
    here.dispatch()
    here.clock.pass_(AWAITED_FOR.total_seconds())

    here.dispatch()
    asked = len(late(here).asked)
    here.clock.pass_(3600)
    here.dispatch()

    assert awaited(here) == 0
    assert len(late(here).asked) == asked
    assert here.states() == {"kakao:춘향": "sent"}


def test_silence_is_cleared_up_by_the_vendor(world: Make) -> None:
    here = a_world(world, {"닿은 사람": (20, Accepted()), "거절": (20, NO), "모름": (1e9, NO)})
    here.providers[KAKAO].answer = lambda _: Silent(code="timeout")

    here.dispatch()

    assert here.states() == {
        "kakao:닿은 사람": "sent",
        "kakao:거절": "failed refused",
        "kakao:모름": "unknown timeout",
        "sms:거절": "sent",
    }
    assert {one.provider_id for one in late(here).asked} == {None}


def test_a_vendor_that_cannot_be_asked_holds_nothing_up_for_ever(world: Make) -> None:
    here = a_world(world, {"춘향": (30, NO)})
    late(here).down = True

    (run,) = here.dispatch()

    assert here.states() == {"kakao:춘향": "sent"}
    assert run.status is Status.COMPLETED
    assert run.message == ("results of kakao cannot be asked for: the vendor does not answer")
    assert WAIT <= here.clock.now() - DUE < WAIT + timedelta(minutes=1)
    late(here).down = False
    here.clock.pass_(600)
    here.dispatch()
    assert here.states() == {"kakao:춘향": "failed refused"}


def test_a_provider_that_does_not_report_is_not_waited_for(world: Make) -> None:
    here = a_world(world, {"춘향": (30, NO)})
    here.providers[KAKAO] = Provider(here.clock, account=KAKAO)

    here.dispatch()

    assert here.clock.now() - DUE < timedelta(seconds=10)
    assert awaited(here) == 0


def test_results_are_asked_for_where_nothing_stands_in(world: Make) -> None:
    here = world(campaign=a_shop(SMS), shards={0: targets(["민지", "춘향"], SMS)})
    here.providers[SMS] = LateProvider(
        here.clock, account=SMS, words={"민지": (5, NO), "춘향": (5, Accepted())}
    )

    (run,) = here.dispatch()

    assert run.status is Status.COMPLETED, "nobody waits where no alternative does"
    assert here.clock.now() - DUE < timedelta(seconds=10)
    here.clock.pass_(60)
    here.dispatch()
    assert here.states() == {"sms:민지": "failed refused", "sms:춘향": "sent"}


@pytest.mark.parametrize("cancel", [False, True])
def test_a_stop_while_it_waits(world: Make, cancel: bool) -> None:
    here = a_world(world, {"춘향": (60, NO), "민지": (60, Accepted())})
    asked = late(here).look_up

    def then_stop(some: Sequence[Awaited]) -> Mapping[str, Outcome]:
        if here.clock.now() - DUE > timedelta(seconds=20):
            here.ledger.order_stop(
                StopOrder(scope="chuseok-sale", cancel=cancel, reason=None, at=here.clock.now())
            )
        return asked(some)

    late(here).look_up = then_stop  # type: ignore[method-assign]

    here.dispatch()

    assert here.providers[SMS].names() == {}
    if cancel:
        assert here.status() is Status.CANCELLED
        assert here.states() == {"kakao:춘향": "sent", "kakao:민지": "sent"}
        return
    assert here.status() is Status.SENDING
    here.ledger.lift_halt("chuseok-sale")
    late(here).look_up = asked  # type: ignore[method-assign]
    here.clock.pass_(60)
    here.dispatch()
    assert here.status() is Status.COMPLETED
    assert set(here.providers[SMS].names()) == {"춘향"}


def test_a_signal_while_it_waits_leaves_the_rest_to_the_next_dispatch(world: Make) -> None:
    here = a_world(world, {"춘향": (60, NO)})
    asked = late(here).look_up

    def then_stop(some: Sequence[Awaited]) -> Mapping[str, Outcome]:
        here.stop = True
        return asked(some)

    late(here).look_up = then_stop  # type: ignore[method-assign]
    (run,) = here.dispatch()
    assert run.status is Status.SENDING

    here.stop, late(here).look_up = False, asked  # type: ignore[method-assign]
    here.clock.pass_(60)
    here.dispatch()

    assert set(here.providers[SMS].names()) == {"춘향"}
    assert here.providers[KAKAO].names() == {"춘향": 1}
    assert here.status() is Status.COMPLETED


@pytest.mark.parametrize("call", ["look_up", "settle_late", "take_awaited", "recipient_rows"])
@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_is_killed_while_it_waits_loses_nobody(
    world: Make, call: str, after: bool
) -> None:
    here = a_world(world, {"춘향": (30, NO), "민지": (30, Accepted()), "몽룡": (1e9, NO)})
    ledger = here.open()[0]
    holder = late(here) if call == "look_up" else ledger
    real, calls = getattr(holder, call), 0

    def dying(*args: object) -> object:
        nonlocal calls
        calls += 1
        if calls >= 2 and not after:
            raise Killed
        answer = real(*args)
        if calls >= 2:
            raise Killed
        return answer

    setattr(holder, call, dying)
    with pytest.raises(Killed):
        here.dispatch(ledger=ledger, holder="죽는 일꾼")
    setattr(holder, call, real)
    here.clock.pass_(TTL * 2)

    here.dispatch(holder="다음 일꾼")

    assert here.providers[KAKAO].names() == {"춘향": 1, "민지": 1, "몽룡": 1}
    assert here.providers[SMS].names() == {"춘향": 1}
    assert here.states()["kakao:몽룡"] == "sent"
    assert here.status() is Status.COMPLETED
    balanced(here)


def test_two_processes_that_wait_send_it_once(world: Make) -> None:
    here = a_world(world, dict.fromkeys(names(5), (30, NO)))
    asked = late(here).look_up
    nested = 0

    def meanwhile(some: Sequence[Awaited]) -> Mapping[str, Outcome]:
        nonlocal nested
        if nested < 3:
            nested += 1
            here.dispatch(ledger=here.open()[0], holder=f"다른 일꾼 {nested}")
        return asked(some)

    late(here).look_up = meanwhile  # type: ignore[method-assign]

    here.dispatch()

    assert here.providers[SMS].names() == dict.fromkeys(names(5), 1)
    assert here.status() is Status.COMPLETED


class Overtaken:
    """A ledger in which another process learns the last word right after rows were read."""

    def __init__(self, here: World, learn: Callable[[], object]) -> None:
        self._ledger = here.ledger
        self._learn = learn

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    def recipient_rows(self, campaign: str, people: Sequence[str]) -> object:
        rows = self._ledger.recipient_rows(campaign, people)
        self._learn()
        return rows


def test_what_another_process_learns_between_two_readings_opens_the_alternative(
    world: Make,
) -> None:
    here = a_world(world, {"민지": (1, NO), "서연": (1, Accepted())})
    tools = here.tools("남의 일꾼")

    def learn() -> None:
        here.clock.pass_(10)
        look_up(tools, here.campaign.id, KAKAO)

    here.dispatch(ledger=Overtaken(here, learn))

    assert set(here.providers[SMS].names()) == {"민지"}
    balanced(here)


def test_a_late_alternative_obeys_its_own_window(world: Make) -> None:
    # Handed over at 20:49 in Seoul, refused at 21:01: advertisements by text message wait for 08:00.
    here = a_world(world, {"춘향": (12 * 60, NO)}, fallback_after=timedelta(minutes=30))
    here.clock.pass_(10 * 3600 + 49 * 60)
    here.run_shard()
    assert here.states() == {"kakao:춘향": "sent"}
    here.clock.pass_(13 * 60)
    look_up(here.tools(), "chuseok-sale", KAKAO)

    here.run_shard()

    assert here.states() == {"kakao:춘향": "failed refused", "sms:춘향": "skipped window"}
    assert here.providers[SMS].names() == {}


def test_other_campaigns_do_not_wait_for_an_alternative(world: Make) -> None:
    """What the first channel does beside the waiting one is not held up either."""
    people = ["춘향", "민지"]
    here = world(
        campaign=a_shop(APP, KAKAO, SMS, alternative={KAKAO: SMS}, fallback_after=WAIT),
        shards={
            0: targets(people, APP),
            1: targets(people, KAKAO),
            2: targets(people, SMS, role="alternative"),
        },
        alternative=[2],
    )
    here.providers[KAKAO] = LateProvider(
        here.clock, account=KAKAO, words={"춘향": (60, NO), "민지": (1e9, NO)}
    )

    here.dispatch()

    assert {at - here.providers[APP].handed[0][0] for at, _ in here.providers[APP].handed} == {0}
    assert set(here.providers[SMS].names()) == {"춘향"}


def test_a_vendor_that_refuses_everything_later_halts_the_campaign(world: Make) -> None:
    people = names(400)
    words: dict[str, tuple[float, Outcome]] = dict.fromkeys(people, (10.0, NO))
    here = world(
        campaign=a_shop(KAKAO, SMS, alternative={KAKAO: SMS}),
        shards={0: targets(people, KAKAO), 1: targets(people, SMS, role="alternative")},
        alternative=[1],
        safety=Safety(max_failed=0.05),
    )
    here.providers[KAKAO] = LateProvider(here.clock, account=KAKAO, words=words)

    (run,) = here.dispatch()

    assert run.exit_code is ExitCode.PARTIAL
    assert run.message == "halted: 100% of the deliveries failed, limit 5%"
    assert here.providers[SMS].names() == {}, "the same mistake may be in the alternative"


@pytest.mark.parametrize(("first", "code"), [(KAKAO, ExitCode.PARTIAL), (APP, ExitCode.OK)])
def test_a_number_of_ours_that_is_refused_later_is_a_failed_send(
    world: Make, first: Channel, code: ExitCode
) -> None:
    """SOLAPI's 3013 and 3059: fewer than a fair sample of 200, but nobody got anything."""
    forged = Refused(reason=FailReason.SENDER_MISMATCH, code="3059")
    people = names(30)
    here = world(
        campaign=a_shop(first, SMS, alternative={first: SMS}),
        shards={0: targets(people, first), 1: targets(people, SMS, role="alternative")},
        alternative=[1],
        safety=Safety(max_failed=0.05),
    )
    words: dict[str, tuple[float, Outcome]] = dict.fromkeys(people, (10.0, forged))
    here.providers[first] = LateProvider(here.clock, account=first, words=words)
    if first is APP:
        here.providers[first].answer = lambda _: forged

    (run,) = here.dispatch()

    assert run.exit_code is code
    dead = 0 if first is KAKAO else 30
    assert (run.totals.failed, run.totals.dead) == (30 - dead, dead)


def test_what_was_not_acted_on_is_not_awaited(world: Make) -> None:
    here = a_world(world, {"춘향": (30, NO)})
    here.providers[KAKAO].script.append(NotActed(code="429"))

    here.dispatch()

    assert here.providers[KAKAO].names() == {"춘향": 2}
    references = {one.reference for one in late(here).asked}
    assert references == {here.providers[KAKAO].handed[1][1].reference}


def test_a_chain_of_three_reaches_everybody_once(world: Make) -> None:
    """Push, then KakaoTalk, then a text message; the vendors of the last two report later."""
    people = ["푸시", "카카오", "문자", "아무것도", "모름", "앱 없음", "카카오도 없음"]
    with_app = [name for name in people if not name.endswith("없음")]
    with_kakao = [name for name in people if name != "카카오도 없음"]
    here = world(
        campaign=a_shop(APP, KAKAO, SMS, alternative={APP: KAKAO, KAKAO: SMS}, fallback_after=WAIT),
        shards={
            0: targets(with_app, APP),
            1: targets(with_kakao, KAKAO, role="alternative"),
            2: targets(people, SMS, role="alternative"),
        },
        alternative=[1, 2],
    )
    gone = Refused(reason=FailReason.UNREGISTERED, code="404", dead_address=True)
    here.providers[APP].answer = lambda out: {
        "푸시": Accepted(),
        "모름": Silent(code="timeout"),
    }.get(out.address.value, gone)
    here.providers[KAKAO] = LateProvider(
        here.clock,
        account=KAKAO,
        words={"카카오": (10, Accepted()), "문자": (40, NO), "아무것도": (20, NO)},
    )
    here.providers[SMS].answer = lambda out: NO if out.address.value == "아무것도" else None

    here.dispatch()

    assert here.providers[APP].names() == dict.fromkeys(with_app, 1)
    assert set(here.providers[KAKAO].names()) == {"카카오", "문자", "아무것도", "앱 없음"}
    assert set(here.providers[SMS].names()) == {"문자", "아무것도", "카카오도 없음"}
    assert here.status() is Status.COMPLETED
    balanced(here)
