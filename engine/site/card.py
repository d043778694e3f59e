"""One card of the sheet: a channel × locale × jurisdiction × variant on all its screens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from engine.kernel.frozen import frozen
from engine.law.jurisdiction import KOREA
from engine.law.label import is_labelled
from engine.message.limits import Measure
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings, KakaoSettings, SmsSettings, WebSettings
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign
from engine.site.case import Before, Case, Person, Place, by_place
from engine.site.difference import ChangedField, changed_fields, links_of
from engine.site.pieces import Piece, marked, pieces
from engine.site.screen import Screen, is_trouble, labelled_by_kakao, screens

DIFFERENT = ("new", "changed", "removed")
"""The states of messages that differ from those of the other revision."""


@frozen
class Size:
    """One row of sizes: a size of every person's message beside the limit."""

    name: str
    unit: str
    limit: int
    hard: bool
    by_person: tuple[tuple[str, int | None], ...]
    largest: int
    exceeded: bool


@frozen
class Card:
    """Everything about one message, as people in `jurisdictions` read it.

    `state` is `new changed same removed`, or empty: not compared.

    `label` is a key of the words; `label_missing` says that the law asks for a
    label that is not there.
    """

    number: int
    channel: Channel
    locale: str
    jurisdictions: tuple[str, ...]
    variant: str
    people: tuple[tuple[Screen, ...], ...]
    label: str
    label_missing: bool
    link: tuple[Piece, ...]
    settings: tuple[str, ...]
    sizes: tuple[Size, ...]
    skipped_without: tuple[str, ...]
    fails_without: tuple[str, ...]
    state: str
    changes: tuple[ChangedField, ...]
    trouble: bool


def cards(
    campaign: ResolvedCampaign, cases: Sequence[Case], before: Before | None
) -> tuple[Card, ...]:
    """Return a card per message, channels in their order; removed messages come last."""
    now = by_place(cases)
    old = {} if before is None else {case.place: case for case in _samples(before.cases)}
    channels = list(Channel)
    places = sorted(now, key=lambda place: channels.index(place[0]))
    gone = [place for place in old if place not in now]
    found = [
        _card(campaign, place, now[place], old.get(place), compared=before is not None)
        for place in places
    ]
    found += [_removed(campaign, place, old[place]) for place in gone]
    return tuple(replace(card, number=number) for number, card in enumerate(_merged(found), 1))


def count(drawn: Iterable[Card], *, states: Collection[str] = (), trouble: bool = False) -> int:
    """Return how many messages are drawn; only those in `states`, or only those in trouble."""
    return sum(
        len(card.jurisdictions)
        for card in drawn
        if (not states or card.state in states) and (not trouble or card.trouble)
    )


def _merged(found: Sequence[Card]) -> Iterator[Card]:
    """Yield one card for all jurisdictions whose people read the same."""
    alike: list[Card] = []
    for card in found:
        for index, other in enumerate(alike):
            if replace(card, jurisdictions=other.jurisdictions) == other:
                both = (*other.jurisdictions, *card.jurisdictions)
                alike[index] = replace(other, jurisdictions=both)
                break
        else:
            alike.append(card)
    yield from alike


def _samples(cases: Sequence[Case]) -> Iterator[Case]:
    return (case for case in cases if case.person is Person.SAMPLE)


def _card(
    campaign: ResolvedCampaign,
    place: Place,
    cases: Sequence[Case],
    old: Case | None,
    *,
    compared: bool,
) -> Card:
    channel, locale, jurisdiction, variant = place
    sample = next(_samples(cases), cases[0])
    message = sample.composed if isinstance(sample.composed, Message) else None
    was = old.composed if old is not None and isinstance(old.composed, Message) else None
    changes = changed_fields(was, message) if compared and old is not None else ()
    if not compared:
        state = ""
    elif old is None:
        state = "new"
    else:
        state = "changed" if old.composed != sample.composed else "same"
    people = [screens(campaign, case) for case in cases]
    if state == "changed" and old is not None:
        people.insert(0, screens(campaign, old, "before"))
    label, missing = _label(campaign, sample)
    return Card(
        number=0,
        channel=channel,
        locale=locale,
        jurisdictions=(jurisdiction,),
        variant=variant,
        people=tuple(people),
        label=label,
        label_missing=missing,
        link=pieces(links_of(message)) if message else (),
        settings=_settings(campaign, channel),
        sizes=tuple(_sizes(cases)),
        skipped_without=sample.skipped_without,
        fails_without=sample.fails_without,
        state=state,
        changes=changes,
        trouble=missing or any(is_trouble(case) for case in cases),
    )


def _removed(campaign: ResolvedCampaign, place: Place, old: Case) -> Card:
    channel, locale, jurisdiction, variant = place
    was = old.composed if isinstance(old.composed, Message) else None
    return Card(
        number=0,
        channel=channel,
        locale=locale,
        jurisdictions=(jurisdiction,),
        variant=variant,
        people=(screens(campaign, old, "before"),),
        label="label_nothing",
        label_missing=False,
        link=tuple(marked(links_of(was) if was else "", "gone")),
        settings=(),
        sizes=(),
        skipped_without=(),
        fails_without=(),
        state="removed",
        changes=changed_fields(was, None),
        trouble=False,
    )


def _label(campaign: ResolvedCampaign, sample: Case) -> tuple[str, bool]:
    message = sample.composed
    if not isinstance(message, Message):
        return "label_nothing", False
    if is_labelled(message.title):
        return "label_title", False
    if is_labelled(message.body):
        return "label_body", False
    if not campaign.advertising:
        return "label_informational", False
    if sample.channel is Channel.KAKAO and labelled_by_kakao(campaign):
        return "label_kakao", False
    if sample.jurisdiction != KOREA:
        return "label_foreign", False
    return "label_absent", True


def _sizes(cases: Sequence[Case]) -> Iterator[Size]:
    # A message that grows from SMS to LMS has another limit: a row of its own.
    rows: dict[tuple[str, str, int, bool], dict[str, Measure]] = {}
    for case in cases:
        for measure in case.measures:
            key = (measure.name, measure.unit, measure.limit, measure.hard)
            rows.setdefault(key, {})[case.person.value] = measure
    people = [case.person.value for case in cases]
    for (name, unit, limit, hard), found in rows.items():
        yield Size(
            name=name,
            unit=unit,
            limit=limit,
            hard=hard,
            by_person=tuple(
                (person, found[person].value if person in found else None) for person in people
            ),
            largest=max(measure.value for measure in found.values()),
            exceeded=any(measure.exceeded for measure in found.values()),
        )


def _settings(campaign: ResolvedCampaign, channel: Channel) -> tuple[str, ...]:
    """Return what the file says about the channel, in the words of the file."""
    match campaign.channels.get(channel):
        case AppSettings() as app:
            said: Mapping[str, object] = {
                "android.channel_id": app.android_channel_id,
                "ios.interruption_level": app.ios_interruption_level,
                "ios.badge": app.ios_badge,
                "ios.sound": app.ios_sound,
                "ios.thread_id": app.ios_thread_id,
                "devices": app.devices.value,
            }
        case WebSettings() as web:
            said = {"urgency": web.urgency, "devices": web.devices.value}
        case KakaoSettings() as kakao:
            said = {
                "product": kakao.product.value,
                "bubble": kakao.bubble,
                "profile": kakao.profile,
                "targeting": kakao.targeting,
                "template_code": kakao.template_code,
            }
        case SmsSettings() as sms:
            said = {"from": sms.from_, "format": sms.format.value}
        case _:
            said = {}
    return tuple(f"{name}: {value}" for name, value in said.items() if value is not None)
