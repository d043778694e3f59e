"""The law book: which provision holds for whom, on which channel, on which day.

Looked up by name: `provision(name, jurisdiction, on, channel)`. A person's country (`FR`) or region
(`US-FL`) is searched first, then the country of the region, then what it belongs to (the Netherlands
to `EU`, Puerto Rico to `US`), then the row for anywhere. In one place a row for the very channel
comes before one for all.

Names and the shape of their values; in brackets who has rows of their own (* = anywhere). After
`sms:` the rows are about texts only and found with that channel; so are all of US IN AE SA SG JP CN
but those whose name begins with `sms_`.

Time
    ad_window               (opens, closes) local, end exclusive; `week`, `closed_on_holidays`
                            [* KR; sms only: US, 19 states, FR IN AE SA CN MX]
    ad_cutoff               "20:30" [KR]            ad_early       "08:01" [KR]
    kakao_brand_window      (opens, closes) [*]     night_exempt   media without a night [KR]
    lead_time               "1h" [*]                schedule_peaks minutes past the hour [*]
Form
    ad_label                text, as it is [KR; sms: SG]    ad_label_refused      forms [KR]
    ad_label_position       "start" [KR SG]                 ad_opt_out_position   "end" [KR]
    ad_sender               true [KR US EU GB DE JP AU CA SG CN]    ad_legal_name         true [AU]
    ad_opt_out              true [KR US EU GB DE FR IN AE SA SG AU CA JP TW CN BR]
    ad_opt_out_words        words, one of them stands in the text
                            [sms: KR US FR AE SA BR CN]
    ad_opt_out_free         true [KR EU GB DE FR AU TW CN]  ad_opt_out_number    "080" [sms: KR]
    ad_opt_out_without_login  true [AU]
    ad_opt_out_days         working days until it counts [US AU CA SG]; hours: ad_opt_out_hours [SA]
    sms_sender_prefix       "AD-" [AE]                      sms_sender_suffix    "-AD" [SA] "-P" [IN]
    sms_sender_length       11 [AE SA]                      sms_signature        "【】" [CN]
Consent
    ad_consent              opt_in | opt_out | implied [KR US EU GB DE FR IN AE SA SG AU CA JP TW CN BR]
    ad_suppression          true [KR]                       soft_opt_in          true [EU GB DE FR]
                                                            soft_opt_in_charities true [GB]
    ad_deception            true [KR]                       prohibited_goods     words [KR]
    transaction_exception   months after its end [KR]       consent_reconfirm    months [KR]
    consent_result_notice   days [KR]                       consent_proof        months [JP]
    consent_result_fields, consent_reconfirm_fields   what the notice says [KR]
    implied_consent_purchase, implied_consent_inquiry  months [CA]
    do_not_call_register    true [US IN SG]                 message_registration true [IN US-TX]
    ads_per_day             3 [US-FL]                       minor_age            14 [KR]
    os_permission_consent   false: a system's permission is no consent [KR]
    push_is_advertising     true: the act covers app push [KR]; false [US JP]
    promo_words             words that make a message an advertisement [KR]
Kakao and SMS
    alimtalk_informational, alimtalk_points_basis   true [KR]
    kakao_friendtalk        true while offered [KR]         kakao_brand_friends  50000 [KR]
    sms_sender_registered   true [KR]                       sms_certified_sender true [KR]
Consequences
    ad_fine, ad_fine_display, ad_fine_cost, ad_fine_reconfirm, ad_fine_delegate, ad_fine_notice
                            won, at most [KR]               ad_fine_steps        won [KR]
    ad_surcharge            percent of the turnover [KR]    ad_surcharge_without_turnover  won [KR]
    ad_crime                won [KR]                        corporate_liability, delegate_supervision,
    provider_stop           true [KR]                       regulator            name [KR]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from functools import lru_cache

from engine.law.provision import Provision
from engine.law.shelf import ANYWHERE, jurisdictions, last_checked, rows_of, table
from engine.model.channel import Channel

__all__ = [
    "ANYWHERE",
    "Provision",
    "all_provisions",
    "doubtful_provisions",
    "find_provision",
    "has_profile",
    "hours",
    "in_force",
    "last_checked",
    "nearest_rows",
    "provision",
    "union_of",
]

_UNIONS = ("EU", "FR", "US")
"""Tables that also hold for countries (ISO 3166-1) other than their own: `members` in the file."""


@lru_cache(maxsize=8192)
def provision(name: str, jurisdiction: str, on: date, channel: Channel | None = None) -> Provision:
    """Return the row `name` that holds for `jurisdiction` (ISO 3166-1 or -2) on `on`.

    Without `channel` only rows for every channel count. Before the first row the first holds: an
    early date makes nothing laxer. (Where a duty that is new must not reach back: `in_force`.)
    Raises LookupError if there is no such name, or if its last row has ended.
    """
    found = find_provision(name, jurisdiction, on, channel)
    if found is not None:
        return found
    if not nearest_rows(name, jurisdiction, channel):
        raise LookupError(f"no provision `{name}` for `{jurisdiction}`")
    raise LookupError(f"provision `{name}` for `{jurisdiction}` is not in force on {on}")


def find_provision(
    name: str, jurisdiction: str, on: date, channel: Channel | None = None
) -> Provision | None:
    """Return what `provision` returns, or None where it raises."""
    rows = nearest_rows(name, jurisdiction, channel)
    for row in rows:
        if row.holds(on):
            return row
    return rows[0] if rows and on < rows[0].since else None


def in_force(
    name: str, jurisdiction: str, on: date, channel: Channel | None = None
) -> Provision | None:
    """Return the row that is in force on that very day, or None: nothing reaches back."""
    return next((row for row in nearest_rows(name, jurisdiction, channel) if row.holds(on)), None)


@lru_cache(maxsize=4096)
def hours(
    name: str, jurisdiction: str, on: date, channel: Channel | None = None
) -> tuple[time, time]:
    """Return the local (opening, closing) times of window `name` on an ordinary day such as `on`.

    The end is exclusive. Weekdays and holidays that differ are `engine.law.daily`'s.
    """
    value = provision(name, jurisdiction, on, channel).value
    if not isinstance(value, tuple):
        raise TypeError(f"provision `{name}` for `{jurisdiction}` is not a window")
    opens, closes = value
    return time.fromisoformat(opens), time.fromisoformat(closes)


def all_provisions() -> tuple[Provision, ...]:
    """Return every row of every table, in the order of jurisdiction, name and date."""
    return tuple(
        row
        for place in sorted(jurisdictions())
        for name in sorted(_names(place))
        for row in rows_of(name, place)
    )


def doubtful_provisions(jurisdiction: str, on: date) -> tuple[Provision, ...]:
    """Return the rows of `jurisdiction` itself in force on `on` that a lawyer should look at.

    Empty where all is sure, and where there is no table (see `has_profile`).
    """
    rows = (row for name in sorted(_names(jurisdiction)) for row in rows_of(name, jurisdiction))
    return tuple(row for row in rows if row.doubtful and row.holds(on))


def has_profile(jurisdiction: str) -> bool:
    """Tell whether anybody has looked at the law of `jurisdiction`: a table, or its union's."""
    return jurisdiction in jurisdictions() or union_of(jurisdiction) is not None


@lru_cache(maxsize=1024)
def union_of(country: str) -> str | None:
    """Return whose table also holds for `country`, or None.

    `EU` for its members and the EEA; `US` and `FR` for those of their lands that have a code of
    their own in ISO 3166-1 (Puerto Rico, Réunion).
    """
    for union in _UNIONS:
        found = table(union)
        if found is not None and country in found.members:
            return union
    return None


@lru_cache(maxsize=8192)
def nearest_rows(name: str, jurisdiction: str, channel: Channel | None) -> tuple[Provision, ...]:
    """Return the rows of the nearest place that has any, whenever they hold, oldest first.

    Empty where neither the place nor its country, its union or anywhere has a row of that name.
    """
    for place in _places(jurisdiction):
        rows = rows_of(name, place)
        of_channel = tuple(row for row in rows if channel in row.channels)
        found = of_channel or tuple(row for row in rows if not row.channels)
        if found:
            return found
    return ()


def _places(jurisdiction: str) -> Iterator[str]:
    """Yield where to look, the nearest first; unions are only read when the nearer have nothing."""
    yield jurisdiction
    place: str | None = jurisdiction.partition("-")[0]
    if place != jurisdiction:
        yield str(place)
    while place is not None:
        place = union_of(place)
        if place is not None:
            yield place
    yield ANYWHERE


def _names(jurisdiction: str) -> frozenset[str]:
    found = table(jurisdiction)
    return frozenset(found.rows) if found is not None else frozenset()
