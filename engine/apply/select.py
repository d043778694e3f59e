"""Which changes of a fresh plan were approved, and whether they still are what was approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from engine.kernel.errors import (
    BlockedError,
    ClockError,
    ExitCode,
    MismatchError,
    PushformError,
)
from engine.kernel.finding import Severity
from engine.kernel.frozen import frozen
from engine.kernel.instant import format_instant
from engine.model.plan import ApprovedChange, Change, Guard, Plan

_NAMED = 5
"""So many campaigns are named where one thing is wrong with many; `plan` shows all of them."""


class FindingsError(PushformError):
    """The files of an approved change have mistakes."""

    exit_code = ExitCode.FINDINGS


@frozen
class Refusal:
    """A guard that refuses, said once, and the campaigns that it refuses (none: the whole plan)."""

    guard: Guard
    campaigns: tuple[str, ...]


class RefusedError(BlockedError):
    """Guards or policies refuse what was approved; `refusals` are for who tells it in other words."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(map(_refusal, refusals)), refusals[0].guard.hint)
        self.refusals = tuple(refusals)


@frozen
class Selection:
    """What will be written, what nobody approved, and what was approved but is deployed already."""

    approved: tuple[Change, ...]
    left: tuple[Change, ...]
    already: tuple[str, ...]


def select_changes(
    plan: Plan,
    approvals: Sequence[ApprovedChange],
    deployed_digest: Callable[[str], str | None],
) -> Selection:
    """Match approvals with the fresh plan.

    Raises MismatchError (exit 5) when one of them is no longer in it, ClockError (exit 6) when one
    came too late. `deployed_digest` gives the digest under which a campaign is deployed.
    """
    by_campaign = {change.campaign: change for change in plan.pending}
    by_digest = {change.digest: change for change in plan.pending}
    approved: dict[str, Change] = {}
    already: list[str] = []
    for approval in approvals:
        change = by_digest.get(approval.digest)
        if change is not None:
            approved[change.campaign] = change
        elif _is_deployed(approval, plan, deployed_digest):
            already.append(approval.digest)
        else:
            raise _mismatch(approval, by_campaign.get(approval.campaign))
    for approval in approvals:
        late = approved.get(approval.campaign)
        _check_clock(plan.as_of, approval.not_after, late)
    for change in approved.values():
        _check_clock(plan.as_of, change.not_after, change)
    return Selection(
        approved=tuple(approved.values()),
        left=tuple(change for change in plan.pending if change.campaign not in approved),
        already=tuple(already),
    )


def check_in_time(approved: Sequence[Change], now: datetime) -> None:
    """Raise ClockError (exit 6) where a change must no longer be written at `now`."""
    for change in approved:
        _check_clock(now, change.not_after, change)


def check_applyable(plan: Plan, approved: Sequence[Change]) -> None:
    """Raise where the state is lost (5), a guard refuses (4), or the linter found errors (1)."""
    if plan.state_lost:
        raise MismatchError(
            f"the state is lost: {plan.state_lost}",
            "restore the state from its backup; applying onto an empty one could send twice",
        )
    refusals = _refusals(plan, approved)
    if refusals:
        raise RefusedError(refusals)
    touched = {change.campaign for change in approved}
    errors = [
        finding
        for finding in plan.findings
        if finding.severity is Severity.ERROR
        and (finding.campaign is None or finding.campaign in touched)
    ]
    if errors:
        first = errors[0]
        raise FindingsError(
            f"{len(errors)} lint error{'s' if len(errors) > 1 else ''}; "
            f"the first: {first.message} [{first.rule}]",
            "pushform lint shows all of them with their lines",
        )


def _refusals(plan: Plan, approved: Sequence[Change]) -> list[Refusal]:
    """Return what refuses, each with all the campaigns of which it says the same."""
    found: dict[tuple[str, str], tuple[Guard, list[str]]] = {}
    general = [(guard, "") for guard in plan.guards]
    for guard, campaign in (*general, *((g, one.campaign) for one in approved for g in one.guards)):
        if not guard.passed:
            _, campaigns = found.setdefault((guard.name, guard.message), (guard, []))
            campaigns.extend([campaign] if campaign else [])
    return [Refusal(guard=guard, campaigns=tuple(named)) for guard, named in found.values()]


def _refusal(refusal: Refusal) -> str:
    told = f"{refusal.guard.name}: {refusal.guard.message}"
    return f"{told} ({named(refusal.campaigns)})" if refusal.campaigns else told


def named(campaigns: Sequence[str], more: str = " and {count} more") -> str:
    """Return the first campaigns by name and how many others there are."""
    listed = ", ".join(f"`{campaign}`" for campaign in campaigns[:_NAMED])
    rest = len(campaigns) - _NAMED
    return listed + (more.format(count=rest) if rest > 0 else "")


def _is_deployed(
    approval: ApprovedChange, plan: Plan, deployed_digest: Callable[[str], str | None]
) -> bool:
    names = [approval.campaign] if approval.campaign else [c.campaign for c in plan.changes]
    return any(deployed_digest(name) == approval.digest for name in names)


def _check_clock(now: datetime, not_after: datetime | None, change: Change | None) -> None:
    if not_after is None or now <= not_after or change is None:
        return
    raise ClockError(
        f"campaign `{change.campaign}` had to be applied by {format_instant(not_after)}, "
        f"it is {format_instant(now)}",
        "choose a later `schedule.at` and plan again",
    )


def _mismatch(approval: ApprovedChange, fresh: Change | None) -> MismatchError:
    if not approval.campaign:
        return MismatchError(
            f"no change has the digest {approval.digest}",
            "pushform plan shows the digests of today's changes",
        )
    since = _since(approval, fresh) if fresh else "nothing is to be changed there now"
    return MismatchError(
        f"campaign `{approval.campaign}` is not what was approved: {since}", "plan again"
    )


def _since(approval: ApprovedChange, fresh: Change) -> str:
    """Say what is not as it was shown: the action, the time, the messages, or what is behind them."""
    changed = []
    if approval.action != fresh.action:
        changed.append(f"it was {approval.action} and is {fresh.action}")
    if fresh.timing is not None and approval.local not in (None, fresh.timing.local):
        changed.append(f"the time was {approval.local} and is {fresh.timing.local}")
    shown = dict(approval.texts)
    texts = {
        f"{text.channel} {text.locale} {text.jurisdiction} {text.variant}": text.lines
        for text in fresh.texts
    }
    differing = sorted(key for key in {*shown, *texts} if shown.get(key) != texts.get(key))
    if approval.texts and differing:
        more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
        changed.append(f"the message differs ({', '.join(differing[:3])}{more})")
    if fresh.differences:
        changed.append(f"it now changes {', '.join(fresh.differences[:6])}")
    if not changed:
        changed.append("its source, its audience or the state that it starts from differs")
    return f"{'; '.join(changed)}; its digest is now {fresh.digest}"


def everything(plan: Plan) -> tuple[ApprovedChange, ...]:
    """Return approvals of the whole plan: `--auto-approve` in a sandbox, or a yes at the prompt."""
    return tuple(
        ApprovedChange(
            campaign=change.campaign,
            action=change.action,
            digest=change.digest,
            not_after=change.not_after,
        )
        for change in plan.pending
    )


def by_digests(digests: Sequence[str]) -> tuple[ApprovedChange, ...]:
    """Return approvals of single changes by digest (`--digest`)."""
    return tuple(
        ApprovedChange(campaign="", action="", digest=value, not_after=None) for value in digests
    )
