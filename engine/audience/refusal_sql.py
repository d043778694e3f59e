"""What one row of suppression says, as SQL over `s`: whom, by which number, where, from when."""

from __future__ import annotations

from engine.audience.bounds import Moment, before
from engine.audience.columns import Table
from engine.audience.phone import digits_of, number_of, phone_of
from engine.audience.sql import Params, literal, literals, trimmed
from engine.model.channel import Channel

_FRACTION, _POWER = r"[0-9]+[.]0", r"[0-9](?:[.][0-9]+)?[Ee][+][0-9]{2}"


def user_of(text: str) -> str:
    """Return SQL for a person's id as it is compared: without blanks and a spreadsheet's `.0`.

    NULL where nothing is written, and where a spreadsheet has made it a power (`1.02E+11`).
    """
    plain = trimmed(text)
    return (
        f"CASE WHEN ends_with({plain}, '.0') AND regexp_full_match({plain}, {literal(_FRACTION)})"
        f" THEN left({plain}, length({plain}) - 2)"
        f" WHEN contains({plain}, '+') AND regexp_full_match({plain}, {literal(_POWER)}) THEN NULL"
        f" ELSE {plain} END"
    )


def refused_phone(table: Table, country: str) -> str:
    """Return SQL over `s` for the number (E.164) of a row, NULL where none can be read."""
    return phone_of(table.text("s", "phone"), literal(country))


def refused_numbers(table: Table, country: str) -> str:
    """Return SQL over `s` for the list of what a person's number (`number_of`) is compared with.

    The number, and its digits as they stand there: whoever lives elsewhere may have it unreadable.
    """
    written = digits_of(table.text("s", "phone"))
    spelled = f"lambda p: [p, substr(p, 2), {written}]"
    return f"list_transform([{refused_phone(table, country)}], {spelled})[1]"


def holds(table: Table, moment: Moment, params: Params) -> str:
    """Return SQL over `s`: the row holds at `moment`."""
    if not table.has("since"):
        return "true"
    return f"coalesce({before(table.value('s', 'since'), moment.end, moment.zone, params)}, true)"


def names_nobody(table: Table, country: str) -> str:
    """Return SQL over `s`: whom the row refuses cannot be read.

    An empty line is none: the database tells it from a row only where there are several columns.
    """
    written = [trimmed(table.text("s", name)) for name in ("user_id", "phone", "token")]
    empty = " AND ".join(f"{text} IS NULL" for text in written) if table.width == 1 else "false"
    return (
        f"({refused_phone(table, country)} IS NULL AND {user_of(table.text('s', 'user_id'))} IS NULL"
        f" AND {written[2]} IS NULL AND NOT ({empty}))"
    )


def channel_of(table: Table) -> str:
    """Return SQL over `s` for the channel that is refused; what is none of ours means `all`."""
    written = f"lower(trim(coalesce({table.text('s', 'channel')}, '')))"
    return f"CASE WHEN {written} IN ({literals(Channel)}) THEN {written} ELSE 'all' END"


def is_refused(
    users: Table, table: Table, channel: Channel, moment: Moment, country: str, params: Params
) -> str:
    """Return SQL over `u`, true for who is among the refusals of `channel`, in person or by number."""
    rows = (
        f"FROM suppression s WHERE {channel_of(table)} IN ({literals((channel, 'all'))})"
        f" AND {holds(table, moment, params)}"
    )
    own = f"coalesce({users.text('u', 'country')}, {literal(country)})"
    written = users.text("u", "phone")
    number = number_of(phone_of(written, own), written)
    user, numbers = user_of(table.text("s", "user_id")), refused_numbers(table, country)
    return (
        f"(coalesce({user_of('u.user_id')} IN (SELECT {user} {rows} AND {user} IS NOT NULL), false)"
        f" OR coalesce({number} IN (SELECT unnest({numbers}) {rows}), false))"
    )
