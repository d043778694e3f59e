"""Campaigns as written, and as resolved: every name replaced by the thing it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.kernel.instant import end_of_day, find_zone
from engine.kernel.origin import NOWHERE, Origin
from engine.model.audience import (
    Condition,
    DerivedAttribute,
    ExpectedSize,
    Scalar,
)
from engine.model.channel import Channel
from engine.model.kakao import Bubble
from engine.model.template import Template
from engine.model.workspace import ConsentColumns, Sender


class MessageType(StrEnum):
    """정보성 / 광고성. A message of unknown type is an advertisement."""

    INFORMATIONAL = "informational"
    ADVERTISING = "advertising"


class Basis(StrEnum):
    """Why an informational message may be sent without consent to advertising."""

    TRANSACTION = "transaction"
    REQUESTED = "requested"
    CONTRACT = "contract"
    ACCOUNT = "account"
    SAFETY = "safety"
    PUBLIC = "public"


class Notice(StrEnum):
    """A message that the law itself asks for, with the fields that it wants."""

    CONSENT_RECHECK = "consent_recheck"
    """Every two years: who sends, that and when consent was given, how to keep or withdraw it."""
    CONSENT_RESULT = "consent_result"
    """Within 14 days of a consent, refusal or withdrawal: who sends, what and when, the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionException:
    """`exception:`: advertising without consent for six months after a purchase (제50조제1항제1호).

    `ended_at` is the source of the day on which the person's transaction ended (`user.*` or
    `derived.*`); `direct` says that the contact was collected in that transaction, `same_goods` that
    the goods are the sender's own and of the same kind. Without both it is no exception.
    """

    ended_at: str
    direct: bool = False
    same_goods: bool = False
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


class LabelPosition(StrEnum):
    """Where 「(광고)」 goes; `auto` is the first text that is seen."""

    AUTO = "auto"
    TITLE = "title"
    BODY = "body"


class SendTo(StrEnum):
    """Every possible channel of a person, or only the preferred one."""

    EVERY = "every"
    PREFERRED = "preferred"


class Devices(StrEnum):
    """Which of a person's devices get an app or web push."""

    ALL = "all"
    LATEST = "latest"
    ONE_PER_PLATFORM = "one_per_platform"


class KakaoProduct(StrEnum):
    """AlimTalk is informational only; Brand Message carries advertisements."""

    BRAND = "brand"
    ALIMTALK = "alimtalk"


class SmsFormat(StrEnum):
    """`auto` picks SMS or LMS by cp949 bytes after rendering."""

    AUTO = "auto"
    SMS = "sms"
    LMS = "lms"
    MMS = "mms"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """`channels.app`."""

    devices: Devices = Devices.ALL
    android_channel_id: str | None = None
    ios_interruption_level: str = "active"
    ios_badge: int | None = None
    ios_sound: str | None = None
    ios_thread_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """`channels.web`. `icon` and `badge` are URLs; `tag` replaces the campaign's own collapse key.

    A notification with the tag of an earlier one takes its place (Notifications API, §2.6).
    """

    devices: Devices = Devices.ALL
    urgency: str = "normal"
    icon: str | None = None
    badge: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KakaoSettings:
    """`channels.kakao`."""

    product: KakaoProduct = KakaoProduct.BRAND
    bubble: Bubble = Bubble.TEXT
    profile: str = "main"
    targeting: str = "I"
    template_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """`channels.sms`. `from_` is the registered sending number, digits only."""

    from_: str | None = None
    format: SmsFormat = SmsFormat.AUTO


ChannelSettings = AppSettings | WebSettings | KakaoSettings | SmsSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When it is sent: a local date and time, and how fast.

    `at` is naive unless it was written with an offset; `timezone` is an IANA name, `recipient`, or
    None where nothing was written. `pace_per_s` caps the campaign; `late` is how long after the due
    instant the first message may still go out.
    """

    at: datetime
    timezone: str | None = None
    pace_per_s: float | None = None
    late: timedelta = timedelta(minutes=30)
    night_consented_only: bool = False

    @property
    def recipient_local(self) -> bool:
        return self.timezone == "recipient"


FALLBACK_AFTER = timedelta(minutes=10)
"""How long an alternative waits where nothing is written (design §8.10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUse:
    """`message:`: a template's id, or a template written inline, and the values of `with`."""

    template: str | Template
    values: Mapping[str, Scalar] = field(default_factory=dict)
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenVariant:
    """`experiment.variants[]`: without a message of its own it has the campaign's."""

    id: str
    weight: int
    message: MessageUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WinnerRule:
    """How the rest of the audience gets the better variant, registered before the send."""

    metric: str
    test_share: float
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """`experiment:` as written; shares are fractions of 1."""

    variants: tuple[WrittenVariant, ...] = ()
    holdout: float = 0.0
    winner: WinnerRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """What counts as success: an event in a stretch of time after the send."""

    event: str
    within: timedelta
    value: str | None = None


class Limit(StrEnum):
    """The quantities of `safety:` that `acknowledge:` can lift."""

    MAX_RECIPIENTS = "max_recipients"
    MAX_AUDIENCE_GROWTH = "max_audience_growth"
    MAX_CANCELLED = "max_cancelled"
    PER_USER = "per_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """`acknowledge[]`: lifts one quantity up to a bound, for a reason, until the end of a day."""

    limit: Limit
    up_to: float
    reason: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """`urgent:` lifts the lead time of an informational campaign until the end of a day."""

    reason: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLink:
    """Where a click leads: Jinja source, for every locale and variant or for one of them.

    `android` and `ios` are deep links into the app on that platform; `url` is what all others follow,
    and what an app falls back to that cannot open the deep link.
    """

    url: str
    locale: str | None = None
    variant: str | None = None
    android: str | None = None
    ios: str | None = None


def find_link(links: tuple[ActionLink, ...], locale: str, variant: str) -> ActionLink | None:
    """Return the most particular of `links` for a locale and a variant, or None."""
    fitting = [
        link for link in links if link.locale in (None, locale) and link.variant in (None, variant)
    ]
    return max(
        fitting, key=lambda link: (link.variant is not None, link.locale is not None), default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign file as written. None stands for a key that is not there."""

    id: str
    title: str | None = None
    purpose: str | None = None
    owner: str | None = None
    type: MessageType | None = None
    basis: Basis | None = None
    audience: str | Condition | None = None
    exclude: tuple[str | Condition, ...] = ()
    channels: Mapping[Channel, ChannelSettings] = field(default_factory=dict)
    alternative: Mapping[Channel, Channel] = field(default_factory=dict)
    fallback_after: timedelta = FALLBACK_AFTER
    send_to: SendTo = SendTo.EVERY
    message: MessageUse | None = None
    ad_label: LabelPosition = LabelPosition.AUTO
    action: Mapping[Channel, tuple[ActionLink, ...]] = field(default_factory=dict)
    schedule: Schedule | None = None
    experiment: Experiment = Experiment()
    kpi: tuple[Kpi, ...] = ()
    acknowledge: tuple[Acknowledgement, ...] = ()
    on_unknown_resend: bool = False
    urgent: Urgency | None = None
    notice: Notice | None = None
    exception: TransactionException | None = None
    draft: bool = False
    cancelled: str | None = None
    copied_from: str | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A variant with its template filled in."""

    id: str
    weight: int
    template: Template
    values: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedCampaign:
    """Everything a dispatch needs to know, with no name left to look up.

    This is what `apply` stores and `dispatch` reads. `written` leads the linter back to the files and
    is not stored. `type` is advertising where nothing was written. `consent` holds the columns that
    mean consent, per channel; a channel that is missing has none mapped.
    """

    id: str
    title: str
    purpose: str | None
    owner: str | None
    kpi: tuple[Kpi, ...]
    copied_from: str | None
    type: MessageType
    basis: Basis | None
    ad_label: LabelPosition
    urgent: Urgency | None
    sender: Sender
    consent: Mapping[Channel, ConsentColumns]
    suppression: bool
    variants: tuple[Variant, ...]
    action: Mapping[Channel, tuple[ActionLink, ...]]
    channels: Mapping[Channel, ChannelSettings]
    locale: str
    """The end of every locale chain."""
    country: str
    """The country of a person for whom none is known."""
    workspace_timezone: str
    audience: Condition
    exclude: tuple[Condition, ...]
    attributes: Mapping[str, DerivedAttribute]
    expect: ExpectedSize
    holdout: float
    winner: WinnerRule | None
    alternative: Mapping[Channel, Channel]
    send_to: SendTo
    acknowledge: tuple[Acknowledgement, ...]
    on_unknown_resend: bool
    schedule: Schedule
    notice: Notice | None = None
    exception: TransactionException | None = None
    fallback_after: timedelta = FALLBACK_AFTER
    """How long an alternative waits for the vendor's last word about the first channel."""
    written: Campaign | None = field(default=None, compare=False, repr=False)
    audience_name: str | None = field(default=None, compare=False, repr=False)

    @property
    def advertising(self) -> bool:
        return self.type is MessageType.ADVERTISING

    @property
    def origin(self) -> Origin:
        return self.written.origin if self.written else NOWHERE

    def variant(self, id: str) -> Variant:  # noqa: A002 - the word of the file format
        """Return the variant `id`. Raises KeyError if there is none."""
        for variant in self.variants:
            if variant.id == id:
                return variant
        raise KeyError(id)


def acknowledged(
    campaign: ResolvedCampaign, limit: Limit, now: datetime
) -> tuple[float, datetime] | None:
    """Return how far `limit` is lifted at `now`, and until when; None where it is not.

    A day ends in the workspace's zone.
    """
    zone = find_zone(campaign.workspace_timezone)
    if zone is None:
        return None
    lifts = [
        (item.up_to, end_of_day(item.until, zone))
        for item in campaign.acknowledge
        if item.limit is limit and now < end_of_day(item.until, zone)
    ]
    return max(lifts, default=None)
