"""A plan as JSON: the plan file, and `plan --format json`. Counts, never people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.kernel.digest import Plain
from engine.kernel.document import document
from engine.kernel.errors import ExitCode
from engine.kernel.finding import Severity
from engine.kernel.instant import format_instant
from engine.model.facts import AudienceFacts
from engine.model.plan import Action, Change, Cost, Guard, Ignored, Plan, WavePart
from engine.plan.going import going_of


def plan_document(plan: Plan, exit_code: ExitCode) -> Plain:
    """Return `plan` in the shape of `schemas/plan.schema.json`."""
    return document(
        "plan",
        as_of=plan.as_of,
        environment=plan.environment,
        exit_code=exit_code,
        body={
            "plan_digest": plan.digest,
            "valid_until": _instant(plan.valid_until),
            "applyable": plan.applyable,
            "changes": [
                change_plain(change) for change in plan.changes if change.action is not Action.NONE
            ],
            "guards": [_guard(guard) for guard in plan.guards],
            "offline": plan.offline,
            "state": (
                None
                if plan.state is None
                else {"lineage": plan.state.lineage, "serial": plan.state.serial}
            ),
            "state_lost": plan.state_lost,
            "commit": plan.commit,
            "summary": summary(plan),
        },
    )


def summary(plan: Plan) -> Mapping[str, int]:
    """Return how many changes there are of each action, and how many findings."""
    counts = {
        action.value: sum(change.action is action for change in plan.changes) for action in Action
    }
    return {
        **counts,
        "errors": sum(f.severity is Severity.ERROR for f in plan.findings),
        "warnings": sum(f.severity is Severity.WARNING for f in plan.findings),
    }


def change_plain(change: Change) -> Plain:
    """Return one change; what is below `observed` is not digested."""
    return {
        "campaign": change.campaign,
        "action": change.action.value,
        "categories": [category.value for category in change.categories],
        "digest": change.digest,
        "before": change.before,
        "content_digest": change.content_digest,
        "not_after": _instant(change.not_after),
        "reason": change.reason,
        "observed": {
            "title": change.title,
            "path": change.path,
            "differences": list(change.differences),
            "samples_equal": change.samples_equal,
            "tested_at": change.tested_at,
            "texts": [
                {
                    "channel": text.channel,
                    "locale": text.locale,
                    "jurisdiction": text.jurisdiction,
                    "variant": text.variant,
                    "lines": list(text.lines),
                }
                for text in change.texts
            ],
            "timing": _timing(change),
            "people": _people(change),
            "costs": [_cost(cost) for cost in change.costs],
            "guards": [_guard(guard) for guard in change.guards],
            **({"ignored": [_ignored(one) for one in change.ignored]} if change.ignored else {}),
        },
    }


def _ignored(one: Ignored) -> Plain:
    return {"rule": one.rule, "reason": one.reason, "until": one.until.isoformat()}


def _timing(change: Change) -> Plain:
    timing = change.timing
    if timing is None:
        return None
    return {
        "due_at": format_instant(timing.due_at),
        "finish_at": format_instant(timing.finish_at),
        "local": timing.local,
        "window_closes_at": _instant(timing.window_closes_at),
        "waves": timing.waves,
        "missed_waves": timing.missed_waves,
        "closed_deliveries": timing.closed_deliveries,
        "no_night_consent": timing.no_night_consent,
        "at_night": timing.at_night,
        "tightest_finish_at": _instant(timing.tightest_finish_at),
        "tightest": _part(timing.tightest) if timing.tightest else None,
        "parts": [_part(part) for part in timing.parts],
    }


def _part(part: WavePart) -> Plain:
    return {
        "channel": part.channel.value,
        "zones": list(part.zones),
        "due_at": format_instant(part.due_at),
        "finish_at": format_instant(part.finish_at),
        "closes_at": _instant(part.closes_at),
        "deliveries": part.deliveries,
        "going": part.going,
        "no_night_consent": part.no_night_consent,
    }


def _people(change: Change) -> Plain:
    facts, membership = change.facts, change.membership
    going = going_of(facts, change.timing)
    if facts is None or going is None:
        return None
    return {
        **facts_plain(facts),
        "going": {channel.value: n for channel, n in going.messages.items()},
        "going_recipients": going.people,
        "before": membership.before if membership else None,
        "entering": membership.entering if membership else None,
        "leaving": membership.leaving if membership else None,
    }


def facts_plain(facts: AudienceFacts) -> dict[str, Plain]:
    """Return the counts of an audience."""
    return {
        "users": facts.users,
        "recipients": facts.recipients,
        "held_out": facts.held_out,
        "reachable": {channel.value: n for channel, n in facts.reachable.items()},
        "deliveries": {channel.value: n for channel, n in facts.deliveries.items()},
        "lost": {
            channel.value: dict(sorted(reasons.items())) for channel, reasons in facts.lost.items()
        },
        "locales": [
            {"locale": share.locale, "step": share.step, "users": share.users}
            for share in facts.locales
        ],
        "jurisdictions": dict(sorted(facts.jurisdictions.items())),
        "zones": dict(sorted(facts.zones.items())),
        "variants": dict(sorted(facts.variants.items())),
        **({"overdue": {c.value: n for c, n in facts.overdue.items()}} if facts.overdue else {}),
    }


def _cost(cost: Cost) -> Plain:
    return {
        "channel": cost.channel.value,
        "kind": cost.kind,
        "messages": cost.messages,
        "price": float(cost.price),
        "total": float(cost.total),
        "currency": cost.currency,
        "at_most": cost.at_most,
    }


def _guard(guard: Guard) -> Plain:
    return {
        "name": guard.name,
        "passed": guard.passed,
        "message": guard.message,
        "hint": guard.hint,
        "path": guard.path,
        "line": guard.line,
        "column": guard.column,
    }


def _instant(instant: datetime | None) -> str | None:
    return format_instant(instant) if instant else None
