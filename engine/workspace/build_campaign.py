"""`campaigns/*.yaml` → `Campaign`: what the schema cannot check is checked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.kernel.instant import parse_date, parse_duration, parse_local
from engine.kernel.origin import Origin
from engine.model.audience import Condition
from engine.model.campaign import Campaign, SendTo
from engine.model.experiment import Experiment, Kpi, WinnerRule, WrittenVariant
from engine.model.legal import Basis, LabelPosition, MessageType, Notice, TransactionException
from engine.model.limit import Acknowledgement, Limit
from engine.model.schedule import Schedule, Urgency
from engine.model.template import MessageUse
from engine.workspace.build_audience import build_condition
from engine.workspace.build_channels import (
    build_action,
    build_alternative,
    build_channels,
    build_fallback_after,
)
from engine.workspace.build_template import build_inline
from engine.workspace.notes import Notes, name
from engine.workspace.values import check_zone, parse_growth, parse_rate, parse_share

Raw = Mapping[str, Any]
_KPI_SPAN = timedelta(days=3)
_LATE = timedelta(minutes=30)


def build_campaign(data: Raw, id: str, at: Origin, notes: Notes) -> Campaign:  # noqa: A002
    """Return the campaign that `data` (of the schema's shape) describes.

    Keys that are not there stay None: a draft may lack most of them.
    """
    channels = build_channels(data.get("channels", {}), at / "channels", notes)
    experiment = Experiment()
    if "experiment" in data:
        experiment = _experiment(data["experiment"], id, at / "experiment", notes)
    variants = {variant.id for variant in experiment.variants}
    kind = MessageType(data["type"]) if "type" in data else None
    audience = data.get("audience")
    if audience is not None:
        audience = _people(audience, id, at / "audience", notes)
    return Campaign(
        id=id,
        title=data.get("title"),
        purpose=data.get("purpose"),
        owner=data.get("owner"),
        type=kind,
        basis=Basis(data["basis"]) if "basis" in data else None,
        audience=audience,
        exclude=_exclude(data["exclude"], id, at / "exclude", notes) if "exclude" in data else (),
        channels=channels,
        alternative=build_alternative(data.get("alternative", {}), channels, at, notes),
        fallback_after=build_fallback_after(data.get("fallback_after"), at, notes),
        send_to=SendTo(data.get("send_to", "every")),
        message=_message(data, id, at, notes),
        ad_label=LabelPosition(data.get("ad_label", "auto")),
        action=build_action(data.get("action", {}), variants, at / "action", notes),
        schedule=_schedule(data.get("schedule"), at / "schedule", notes),
        experiment=experiment,
        kpi=_kpis(data.get("kpi", ()), at / "kpi", notes),
        acknowledge=_acknowledge(data["acknowledge"], at / "acknowledge", notes)
        if "acknowledge" in data
        else (),
        on_unknown_resend=data.get("on_unknown") == "resend",
        urgent=_urgent(data["urgent"], kind, at / "urgent", notes) if "urgent" in data else None,
        notice=Notice(data["notice"]) if "notice" in data else None,
        exception=_exception(data["exception"], at / "exception") if "exception" in data else None,
        draft=data.get("draft", False),
        cancelled=data.get("cancelled"),
        copied_from=data.get("copied_from"),
        origin=at,
    )


def _people(raw: str | Raw, id: str, at: Origin, notes: Notes) -> str | Condition:  # noqa: A002
    """Return an id as it is, and a written-out tree as a condition."""
    return raw if isinstance(raw, str) else build_condition(raw, id, at, notes)


def _exclude(
    raw: Sequence[str | Raw], campaign: str, at: Origin, notes: Notes
) -> tuple[str | Condition, ...]:
    return tuple(_people(one, campaign, at / index, notes) for index, one in enumerate(raw))


def _message(holder: Raw, id: str, at: Origin, notes: Notes) -> MessageUse | None:  # noqa: A002
    """Return what `message:` of `holder`, which stands at `at`, says; None where it has none."""
    raw = holder.get("message")
    if raw is None:
        return None
    at = at / "message"
    values = raw.get("with", {})
    if "template" in raw:
        return MessageUse(template=raw["template"], values=values, origin=at)
    return MessageUse(template=build_inline(raw, id, at, notes), values=values, origin=at)


def _schedule(raw: Raw | None, at: Origin, notes: Notes) -> Schedule | None:
    if raw is None:
        return None
    try:
        local = parse_local(raw["at"])
    except ValueError:
        notes.value(f"`{name(at / 'at')}`: the calendar has no `{raw['at']}`", at / "at")
        return None
    zone = raw.get("timezone")
    if zone is not None and zone != "recipient" and not check_zone(zone, at / "timezone", notes):
        zone = None
    if local.tzinfo is not None:
        _check_offset(local, zone, at, notes)
    pace = raw.get("pace")
    return Schedule(
        at=local,
        timezone=zone,
        pace_per_s=notes.parse(parse_rate, pace, at, "pace", 1.0) if pace else None,
        late=notes.parse(parse_duration, raw["late"], at, "late", _LATE)
        if "late" in raw
        else _LATE,
        night_consented_only=raw.get("night") == "consented_only",
    )


def _check_offset(local: datetime, zone: str | None, at: Origin, notes: Notes) -> None:
    if zone is None:
        return
    if zone == "recipient":
        message = f"`{name(at / 'at')}` has an offset, so it is no local time of each recipient"
        notes.value(message, at / "at", "delete the offset")
        return
    try:
        wanted = local.astimezone(ZoneInfo(zone)).utcoffset()
    except OverflowError:
        notes.value(f"`{name(at / 'at')}` lies outside the calendar", at / "at")
        return
    if wanted != local.utcoffset():
        message = f"`{name(at / 'at')}` has another offset than `{zone}` has then"
        notes.value(message, at / "at", "delete the offset, or the `timezone`")


def _experiment(raw: Raw, id: str, at: Origin, notes: Notes) -> Experiment:  # noqa: A002
    variants: list[WrittenVariant] = []
    for index, one in enumerate(raw.get("variants", ())):
        here = at / "variants" / index
        if any(variant.id == one["id"] for variant in variants):
            message = f"the variant `{one['id']}` is written twice"
            notes.add("id-duplicate", message, here / "id", "give it another id")
        variants.append(
            WrittenVariant(
                id=one["id"],
                weight=one.get("weight", 1),
                message=_message(one, f"{id}-{one['id']}", here, notes),
            )
        )
    holdout = notes.parse(parse_share, raw.get("holdout", "0%"), at, "holdout", 0.0)
    if holdout >= 1:
        notes.value(f"`{name(at / 'holdout')}` leaves nobody to send to", at / "holdout")
    winner = None
    if "winner" in raw:
        here = at / "winner"
        winner = WinnerRule(
            metric=raw["winner"]["metric"],
            test_share=notes.parse(
                parse_share, raw["winner"]["test_share"], here, "test_share", 0.5
            ),
            after=notes.parse(parse_duration, raw["winner"]["after"], here, "after", timedelta()),
        )
        if len(variants) < 2:
            notes.value(f"`{name(here)}` needs two variants to choose from", here)
        if not 0 < winner.test_share < 1:
            message = f"`{name(here / 'test_share')}` must lie between 0% and 100%"
            notes.value(message, here / "test_share")
    return Experiment(variants=tuple(variants), holdout=holdout, winner=winner)


def _kpis(raw: Sequence[Raw], at: Origin, notes: Notes) -> tuple[Kpi, ...]:
    found = []
    for index, one in enumerate(raw):
        within = one.get("within")
        span = _KPI_SPAN
        if within is not None:
            span = notes.parse(parse_duration, within, at / index, "within", _KPI_SPAN)
        found.append(Kpi(event=one["event"], within=span, value=one.get("value")))
    return tuple(found)


def _acknowledge(raw: Sequence[Raw], at: Origin, notes: Notes) -> tuple[Acknowledgement, ...]:
    found = []
    for index, one in enumerate(raw):
        here = at / index
        limit = Limit(one["limit"])
        until = notes.parse(parse_date, one["until"], here, "until", date.max)
        bound = one["up_to"]
        share = limit is Limit.MAX_AUDIENCE_GROWTH
        if share and isinstance(bound, str) and bound.endswith("%"):
            bound = notes.parse(parse_growth, bound, here, "up_to", 0.0)
        elif share or isinstance(bound, str):
            wanted = "a share like `50%`" if share else "a whole number"
            message = f"`{name(here / 'up_to')}` is `{bound}`, but must be {wanted}"
            notes.value(message, here / "up_to")
            continue
        found.append(
            Acknowledgement(limit=limit, up_to=float(bound), reason=one["reason"], until=until)
        )
    return tuple(found)


def _urgent(raw: Raw, kind: MessageType | None, at: Origin, notes: Notes) -> Urgency:
    if kind is MessageType.ADVERTISING:
        message = "`urgent` lifts the lead time of informational campaigns only"
        notes.value(message, at, "delete it; an advertisement waits for its lead time")
    until = notes.parse(parse_date, raw["until"], at, "until", date.max)
    return Urgency(reason=raw["reason"], until=until)


def _exception(raw: Raw, at: Origin) -> TransactionException:
    return TransactionException(
        ended_at=raw["ended_at"],
        direct=raw.get("direct", False),
        same_goods=raw.get("same_goods", False),
        origin=at,
    )
