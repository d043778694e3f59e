"""Lists, plurals, units and days, as people of a language say them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.message.compiled import compile_source, read_source
from engine.message.compose import Composer
from engine.message.failure import RenderError
from engine.model.legal import MessageType
from engine.model.message import Message
from engine.model.schedule import Schedule
from engine.model.template import VariableType
from tests.message.factories import APP, a_campaign, a_template, a_variable, texts

VALUES = {
    "a": "송편",
    "b": "한우",
    "n": 1234,
    "one": 1,
    "two": 2,
    "five": 5,
    "half": 1.5,
    "today": date(2026, 9, 24),
    "visit": datetime(2026, 9, 25, 0, 30, tzinfo=ZoneInfo("Asia/Seoul")),
}


def show(source: str, locale: str = "ko") -> str:
    return compile_source(source, locale)(VALUES)


@pytest.mark.parametrize(
    ("source", "locale", "text"),
    [
        ("{{ [a, b]|list }}", "ko", "송편 및 한우"),
        ("{{ [a, b, n]|list('or') }}", "ko", "송편, 한우 또는 1234"),
        ("{{ [a, b, a]|list }}", "en", "송편, 한우, and 송편"),
        ("{{ [a, b]|list }}", "ja", "송편、한우"),
        ("{{ [a]|list }}", "ko", "송편"),
        ("{{ n|plural(other='#개') }}", "ko", "1,234개"),
        ("{{ one|plural(one='# item', other='# items') }}", "en", "1 item"),
        ("{{ n|plural(one='# item', other='# items') }}", "en", "1,234 items"),
        ("{{ half|plural(one='# item', other='# items') }}", "en", "1.5 items"),
        ("{{ two|plural(one='# день', few='# дня', many='# дней', other='#') }}", "ru", "2 дня"),
        ("{{ five|plural(one='# день', few='# дня', many='# дней', other='#') }}", "ru", "5 дней"),
        ("{{ one|plural(other='# things') }}", "en", "1 things"),
        ("{{ five|unit('kilometer') }}", "ko", "5km"),
        ("{{ five|unit('hour', 'long') }}", "ko", "5시간"),
        ("{{ five|unit('kilometer') }}", "ja", "5 km"),
        ("{{ one|unit('kilogram', 'long') }}", "en", "1 kilogram"),
        ("{{ today|relative_day(today) }}", "ko", "오늘"),
        ("{{ visit|relative_day(today) }}", "ko", "내일"),
        ("{{ visit|relative_day(today) }}", "en", "tomorrow"),
        ("{{ visit|relative_day(today) }}", "ja", "明日"),
        ("{{ visit|relative_day(today) }}", "zh-TW", "明天"),
        ("{{ visit|relative_day(today) }}", "pt", "em 1 dia"),
        ("{{ visit|relative_day(today)|capitalize }}", "en", "Tomorrow"),
    ],
)
def test_what_the_filters_say(source, locale, text):
    assert show(source, locale) == text


@pytest.mark.parametrize(
    ("days", "ko", "en", "ja"),
    [
        (-3, "3일 전", "3 days ago", "3 日前"),
        (-2, "그저께", "2 days ago", "一昨日"),
        (-1, "어제", "yesterday", "昨日"),
        (0, "오늘", "today", "今日"),
        (1, "내일", "tomorrow", "明日"),
        (2, "모레", "in 2 days", "明後日"),
        (3, "3일 후", "in 3 days", "3 日後"),
        (400, "400일 후", "in 400 days", "400 日後"),
    ],
)
def test_days_from_today(days, ko, en, ja):
    then = date.fromordinal(date(2026, 9, 24).toordinal() + days)
    values = {"then": then, "today": date(2026, 9, 24)}
    source = "{{ then|relative_day(today) }}"
    assert [compile_source(source, lang)(values) for lang in ("ko", "en", "ja")] == [ko, en, ja]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ a|list }}", "`list` needs a list of at most 50 items"),
        ("{{ [a]|list('nor') }}", "`list` joins with 'and' or 'or'"),
        ("{{ [" + "1," * 60 + "]|list }}", "`list` needs a list of at most 50 items"),
        ("{{ a|plural(other='x') }}", "`plural` needs a number"),
        ("{{ n|plural(one='x') }}", "`plural` needs a text for `other`, by name"),
        ("{{ n|plural('x', other='y') }}", "`plural` needs a text for `other`, by name"),
        ("{{ n|plural(other='x', ten='y') }}", "`plural` needs a text for `other`, by name"),
        ("{{ n|plural(other=1) }}", "`plural` needs a text between its brackets"),
        ("{{ n|unit('parsnip') }}", "`parsnip` is not a unit like 'kilometer' or 'hour'"),
        ("{{ n|unit('hour', 'huge') }}", "`unit` is 'short', 'long' or 'narrow'"),
        ("{{ a|unit('hour') }}", "`unit` needs a number"),
        ("{{ visit|relative_day(n) }}", "`relative_day` needs two dates or instants"),
        ("{{ n|relative_day(today) }}", "`relative_day` needs two dates or instants"),
    ],
)
def test_what_they_do_not_take(source, reason):
    with pytest.raises(RenderError) as caught:
        show(source)
    assert caught.value.reason == reason


def test_a_plural_without_other_is_found_before_anybody_reads_it():
    fault = read_source("{{ n|plural(one='# item') }}").faults[0]
    assert fault.hint == "`{{ n|plural(one='# item', other='# items') }}`"


@pytest.mark.parametrize(
    ("schedule", "zone", "shown"),
    [
        (Schedule(at=datetime(2026, 9, 24, 10)), None, "내일 24일 10:00"),
        (Schedule(at=datetime(2026, 9, 24, 10)), "America/New_York", "모레 23일 21:00"),
        (Schedule(at=datetime(2026, 9, 24, 10), timezone="Asia/Tokyo"), None, "내일 24일 10:00"),
        (
            Schedule(at=datetime(2026, 9, 24, 10), timezone="recipient"),
            "America/New_York",
            "내일 24일 10:00",
        ),
    ],
)
def test_the_day_of_sending_is_the_recipients(schedule, zone, shown):
    """`campaign.at` is the only today there is: it stands in the file, and no clock is asked."""
    body = "{{ ends|relative_day(today) }} {{ today|date('d일') }} {{ due|time('HH:mm') }}"
    template = a_template(
        texts(ko=(None, body)),
        a_variable("today", type=VariableType.DATE, source="campaign.at"),
        a_variable("due", type=VariableType.DATETIME, source="campaign.at"),
        a_variable("ends", type=VariableType.DATE, source="with.ends"),
    )
    campaign = a_campaign(
        template,
        type=MessageType.INFORMATIONAL,
        schedule=schedule,
        values={"ends": "2026-09-25"},
    )
    composed = Composer(campaign).compose(APP, "ko", "KR", "default", {}, zone)
    assert isinstance(composed, Message)
    assert composed.body == shown
    assert Composer(campaign).compose_many(APP, "ko", "KR", "default", [{}], [zone]) == [composed]
