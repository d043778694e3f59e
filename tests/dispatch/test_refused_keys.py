"""A vendor that refuses our keys did nothing: the campaign halts, and the repair reaches everybody."""

from __future__ import annotations

from collections.abc import Callable

from engine.kernel.errors import ExitCode
from engine.model.delivery import FailReason
from engine.model.deployment import Status
from engine.model.outcome import Accepted, NotActed, Refused
from tests.dispatch.test_late_results import a_world
from tests.dispatch.world import APP, KAKAO, SMS, World, names, targets

Make = Callable[..., World]
WRONG_KEYS = NotActed(code="-1001", systemic=True)


def resume(here: World) -> None:
    assert here.ledger.lift_halt(here.campaign.id)


def test_wrong_keys_halt_with_exit_10_and_cost_nobody_the_message(world: Make) -> None:
    here = world(shards={0: targets(names(300))})
    here.providers[APP].account = "nhn:sms:abc"
    here.providers[APP].answer = lambda _: WRONG_KEYS

    (run,) = here.dispatch()

    assert (run.exit_code, run.status) == (ExitCode.CREDENTIALS, Status.SENDING)
    assert run.message == (
        "halted: `nhn` refused the keys or the account (-1001): check those of `app` and the clock"
        " of this machine; then `pushform resume chuseok-sale` goes on"
    )
    asked = set(here.providers[APP].names())
    assert 0 < len(asked) <= 10
    assert set(here.states().values()) == {"deferred -1001"}
    assert here.dispatch() == (), "the halt holds"

    here.providers[APP].answer = lambda _: None
    resume(here)
    (run,) = here.dispatch()

    assert (run.exit_code, run.status) == (ExitCode.OK, Status.COMPLETED)
    assert set(here.states().values()) == {"sent"}
    assert here.providers[APP].names() == {n: 1 + (n in asked) for n in names(300)}


def test_a_setting_that_is_refused_is_named_and_costs_nobody_the_message(world: Make) -> None:
    here = world(shards={0: targets(names(300))})
    here.providers[APP].account = "apns:kr.example.shop"
    here.providers[APP].answer = lambda _: NotActed(code="BadTopic", systemic=True, setting="topic")

    (run,) = here.dispatch()

    assert run.exit_code is ExitCode.CREDENTIALS
    assert run.message == (
        "halted: `apns` refused `topic` (BadTopic): check what is written for `app` and what `apns`"
        " has registered; then `pushform resume chuseok-sale` goes on"
    )
    assert set(here.states().values()) == {"deferred BadTopic"}

    here.providers[APP].answer = lambda _: None
    resume(here)
    (run,) = here.dispatch()

    assert (run.exit_code, run.status) == (ExitCode.OK, Status.COMPLETED)
    assert set(here.states().values()) == {"sent"}


def test_nobody_is_given_up_however_often_the_keys_are_wrong(world: Make) -> None:
    here = world(shards={0: targets(["민지"])})
    here.providers[APP].answer = lambda _: WRONG_KEYS
    for _ in range(12):
        (run,) = here.dispatch()
        assert run.exit_code is ExitCode.CREDENTIALS
        resume(here)

    here.providers[APP].answer = lambda _: None
    here.dispatch()

    assert here.states() == {"app:민지": "sent"}
    assert here.rows()["app:민지"].attempt == 13


def test_keys_that_are_refused_while_much_is_under_way_lose_nothing(world: Make) -> None:
    here = world(shards={0: targets(names(900))})
    here.providers[APP].slots = 100
    refused = set(names(900)[300:340])
    here.providers[APP].answer = lambda out: WRONG_KEYS if out.address.value in refused else None

    (run,) = here.dispatch()
    assert run.exit_code is ExitCode.CREDENTIALS
    refused.clear()
    resume(here)
    here.dispatch()

    assert set(here.states().values()) == {"sent"}
    accepted = [
        o.address.value
        for o, out in here.providers[APP].outcomes
        if out == Accepted(provider_id="p")
    ]
    assert sorted(accepted) == sorted(names(900)), "everybody once"


def test_refused_keys_open_no_alternative(world: Make) -> None:
    people = ["춘향", "몽룡"]
    here = a_world(world, {name: (5, Accepted()) for name in people})
    here.providers[KAKAO].answer = lambda _: WRONG_KEYS

    (run,) = here.dispatch()
    assert run.exit_code is ExitCode.CREDENTIALS
    assert here.providers[SMS].names() == {}

    here.providers[KAKAO].answer = lambda _: None
    resume(here)
    here.dispatch()

    assert here.providers[SMS].names() == {}
    assert here.states() == {f"kakao:{name}": "sent" for name in people}


def test_what_the_keys_say_outlasts_what_a_message_says(world: Make) -> None:
    here = world(shards={0: targets(names(4))})
    here.providers[APP].script += [
        WRONG_KEYS,
        Refused(reason=FailReason.BAD_MESSAGE, code="400", systemic=True),
    ]

    (run,) = here.dispatch()

    assert run.exit_code is ExitCode.CREDENTIALS
    assert "(-1001)" in (run.message or "")
