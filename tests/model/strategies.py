"""Resolved campaigns of every shape that a file can give them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from engine.kernel.origin import Origin
from engine.model import audience as a
from engine.model import template as t
from engine.model.campaign import SendTo
from engine.model.channel import Channel
from engine.model.channel_settings import (
    AppSettings,
    Devices,
    KakaoProduct,
    KakaoSettings,
    SmsFormat,
    SmsSettings,
    WebSettings,
)
from engine.model.experiment import Kpi, Variant, WinnerRule
from engine.model.legal import Basis, LabelPosition, MessageType
from engine.model.limit import Acknowledgement, Limit
from engine.model.link import ActionLink
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule, Urgency
from engine.model.workspace import ConsentColumns, Sender

NAMES = st.sampled_from(["구매", "purchase", "amount", "user.name", "a/b~c", ""])
TEXTS = st.sampled_from(["추석 특가", "{{ name }}님", "", "a\nb", "⟨\u202e⟩", "100%"])
MAYBE_TEXT = st.none() | TEXTS
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
)
SPANS = st.integers(0, 3660 * 24).map(lambda hours: timedelta(hours=hours))
MAYBE_SPAN = st.none() | SPANS
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))
LOCALES = st.sampled_from(["ko", "en", "ja", "ko-KR"])
CHANNELS = st.sampled_from(Channel)
ORIGINS = st.sampled_from([Origin("a.yaml"), Origin("b.yaml", ("x", 1))])

_tests = st.lists(
    st.builds(
        a.Test,
        st.sampled_from(a.Operator),
        SCALARS | st.lists(SCALARS, max_size=3).map(tuple),
    ),
    max_size=2,
).map(tuple)
_properties = st.builds(a.PropertyTest, property=NAMES, tests=_tests)
_where = st.lists(_properties, max_size=2).map(tuple)
_leaves = st.one_of(
    st.builds(a.Everyone),
    st.builds(a.AttributeIs, attribute=NAMES, tests=_tests, origin=ORIGINS),
    st.builds(
        a.EventHappened,
        event=NAMES,
        where=_where,
        within=MAYBE_SPAN,
        between=st.none() | st.tuples(NAMES, NAMES),
        count=_tests,
        total=st.none() | _properties,
        never=st.booleans(),
        first=_tests,
        last=_tests,
        origin=ORIGINS,
    ),
    st.builds(a.DeviceHas, where=_where),
    st.builds(a.InAudience, audience=NAMES),
    st.builds(a.InCampaign, campaign=NAMES, outcome=st.sampled_from(a.Reached), within=MAYBE_SPAN),
    st.builds(a.InShare, share=st.sampled_from([0.0, 0.05, 1.0]), salt=NAMES),
    st.builds(a.Suppressed, channel=st.sampled_from(Channel)),
)
CONDITIONS: st.SearchStrategy[a.Condition] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda of: a.All(of=tuple(of))),
        st.lists(inner, max_size=3).map(lambda of: a.AnyOf(of=tuple(of))),
        inner.map(lambda of: a.Not(of=of)),
    ),
    max_leaves=4,
)
_derived = st.builds(
    a.DerivedAttribute,
    name=NAMES,
    event=NAMES,
    aggregate=st.sampled_from(a.Aggregate),
    property=st.none() | NAMES,
    where=_where,
    within=MAYBE_SPAN,
    origin=ORIGINS,
)

_texts = st.builds(
    t.Text,
    title=MAYBE_TEXT,
    body=MAYBE_TEXT,
    image=MAYBE_TEXT,
    icon=MAYBE_TEXT,
    buttons=st.lists(st.builds(t.Button, name=TEXTS, link=MAYBE_TEXT), max_size=2).map(tuple),
    origin=ORIGINS,
)
_locales = st.dictionaries(LOCALES, _texts, max_size=2)
TEMPLATES = st.builds(
    t.Template,
    id=NAMES,
    variables=st.dictionaries(
        NAMES,
        st.builds(
            t.Variable,
            name=NAMES,
            type=st.sampled_from(t.VariableType),
            source=NAMES,
            default=st.none() | SCALARS,
            on_missing=st.sampled_from(t.OnMissing),
            sample=st.none() | SCALARS,
        ),
        max_size=2,
    ),
    locales=_locales,
    redefine=st.dictionaries(
        CHANNELS, st.builds(t.Redefinition, locales=_locales, universal=st.booleans()), max_size=2
    ),
    title=MAYBE_TEXT,
    origin=ORIGINS,
)
_settings = st.fixed_dictionaries(
    {},
    optional={
        Channel.APP: st.builds(
            AppSettings,
            devices=st.sampled_from(Devices),
            android_channel_id=MAYBE_TEXT,
            ios_badge=st.none() | st.integers(0, 9),
        ),
        Channel.WEB: st.builds(WebSettings, devices=st.sampled_from(Devices)),
        Channel.KAKAO: st.builds(
            KakaoSettings, product=st.sampled_from(KakaoProduct), template_code=MAYBE_TEXT
        ),
        Channel.SMS: st.builds(SmsSettings, from_=MAYBE_TEXT, format=st.sampled_from(SmsFormat)),
    },
)
_schedules = st.builds(
    Schedule,
    at=st.datetimes(
        datetime(2020, 1, 1),
        datetime(2035, 1, 1),
        timezones=st.none() | st.just(timezone(timedelta(hours=9))),
    ),
    timezone=st.sampled_from([None, "recipient", "Asia/Seoul"]),
    pace_per_s=st.sampled_from([None, 2000.0, 0.5]),
    late=SPANS,
    night_consented_only=st.booleans(),
)
_acknowledge = st.builds(
    Acknowledgement,
    limit=st.sampled_from(Limit),
    up_to=st.sampled_from([0.5, 400000.0]),
    reason=TEXTS,
    until=DAYS,
)
CAMPAIGNS = st.builds(
    ResolvedCampaign,
    id=NAMES,
    title=TEXTS,
    purpose=MAYBE_TEXT,
    owner=MAYBE_TEXT,
    kpi=st.lists(st.builds(Kpi, event=NAMES, within=SPANS, value=MAYBE_TEXT), max_size=1).map(
        tuple
    ),
    copied_from=MAYBE_TEXT,
    type=st.sampled_from(MessageType),
    basis=st.none() | st.sampled_from(Basis),
    ad_label=st.sampled_from(LabelPosition),
    urgent=st.none() | st.builds(Urgency, reason=TEXTS, until=DAYS),
    sender=st.builds(
        Sender,
        name=TEXTS,
        contact=TEXTS,
        opt_out=st.dictionaries(CHANNELS, st.dictionaries(LOCALES, TEXTS, max_size=1), max_size=1),
    ),
    consent=st.dictionaries(
        CHANNELS, st.builds(ConsentColumns, ad=MAYBE_TEXT, night=MAYBE_TEXT), max_size=2
    ),
    suppression=st.booleans(),
    variants=st.lists(
        st.builds(
            Variant,
            id=NAMES,
            weight=st.integers(1, 99),
            template=TEMPLATES,
            values=st.dictionaries(NAMES, SCALARS, max_size=2),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
    action=st.dictionaries(
        CHANNELS,
        st.lists(
            st.builds(ActionLink, url=TEXTS, locale=st.none() | LOCALES, variant=MAYBE_TEXT),
            max_size=2,
        ).map(tuple),
        max_size=1,
    ),
    channels=_settings,
    locale=LOCALES,
    country=st.sampled_from(["KR", "JP"]),
    workspace_timezone=st.sampled_from(["Asia/Seoul", "Europe/Berlin"]),
    audience=CONDITIONS,
    exclude=st.lists(CONDITIONS, max_size=1).map(tuple),
    attributes=st.dictionaries(NAMES, _derived, max_size=1),
    expect=st.builds(
        a.ExpectedSize, minimum=st.none() | st.integers(0, 9), maximum=st.none() | st.just(10)
    ),
    holdout=st.sampled_from([0.0, 0.05]),
    winner=st.none() | st.builds(WinnerRule, metric=NAMES, test_share=st.just(0.2), after=SPANS),
    alternative=st.sampled_from([{}, {Channel.KAKAO: Channel.SMS}]),
    fallback_after=st.sampled_from([timedelta(minutes=10), timedelta(minutes=3)]),
    send_to=st.sampled_from(SendTo),
    acknowledge=st.lists(_acknowledge, max_size=1).map(tuple),
    on_unknown_resend=st.booleans(),
    schedule=_schedules,
    audience_name=st.none() | NAMES,
)
"""`written` is left out: it is the way back to the files, and is not stored."""
