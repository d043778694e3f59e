"""Phone numbers as E.164: once in Python, once in SQL; a test holds the two equal.

A number with `+` is international already. Without it only Korean numbers are understood (`010…`,
`82 10…`, `0082…`): no other country's trunk prefix is guessed, so such a number is no address.
Ten digits from `10` on are a mobile number whose zero a spreadsheet has dropped. Where one wrote it
as a fraction (`1012345678.0`) or a power (`8.21012345678E+11`), it is the number if every digit of it
is there: `8.21012E+11` has lost some, and is none.
E.164 allows 15 digits; fewer than 8 are no subscriber's number. After +82 there are 8 to 11.
"""

from __future__ import annotations

import re

from engine.audience.sql import literal

_FROM = "０１２３４５６７８９＋－（）．‐‑‒–—―−\u00a0\u3000\u2002\u2003\u2009\u202f"
_TO = "0123456789+-().-------" + " " * 6
_DROPPED = "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"
_FOLD = str.maketrans(_FROM, _TO, _DROPPED)
"""Full-width digits and signs, blanks that do not break, and marks that nobody sees."""

_AROUND = " \t'"
"""Blanks, and the apostrophe that makes a spreadsheet keep a zero."""
_FRACTION = r"(\+?[0-9]{9,15})\.([0-9]+)"
_POWER = r"([1-9])(?:\.([0-9]{1,20}))?[Ee]\+?([0-9]{1,2})"

_SHAPE = r"\+?[0-9][0-9().\- ]*|\([0-9][0-9().\- ]*"
_NUMBER = r"82[0-9]{8,11}|[1-79][0-9]{7,14}|8[013-9][0-9]{6,13}"
KOREAN = ("KR", "KOR")


def normalise_phone(text: str | None, country: str) -> str | None:
    """Return `text`, written in `country` (two capitals), as `+821012345678`, or None."""
    written = _whole((text or "").translate(_FOLD).strip(_AROUND))
    if not re.fullmatch(_SHAPE, written, re.ASCII):
        return None
    digits = re.sub("[^0-9]", "", written)
    korean = country.strip(" ").upper() in KOREAN
    if written.startswith("+"):
        number = digits
    elif digits.startswith("0082"):
        number = digits[2:]
    elif korean and re.match("0[1-9]", digits):
        number = "82" + digits[1:]
    elif korean and re.fullmatch("10[0-9]{8}", digits):
        number = "82" + digits
    elif korean and digits.startswith("82") and len(digits) >= 11:
        number = digits
    else:
        return None
    if number.startswith("820"):
        number = "82" + number[3:]
    return f"+{number}" if re.fullmatch(_NUMBER, number) else None


def _whole(written: str) -> str:
    """Return a number that was written as a fraction or a power by its digits, else `''`."""
    if fraction := re.fullmatch(_FRACTION, written, re.ASCII):
        return "" if fraction[2].strip("0") else fraction[1]
    if power := re.fullmatch(_POWER, written, re.ASCII):
        first, places, by = power[1], power[2] or "", int(power[3])
        exact = len(places) >= by and not places[by:].strip("0")
        return first + places[:by] if exact else ""
    return written


def _whole_of(written: str) -> str:
    """Return SQL for a number that was written as a fraction or a power by its digits.

    Anything else stays as it is; `''` where digits were lost.
    """
    fraction, power = literal(_FRACTION), literal(_POWER)
    places, by = (f"regexp_extract({written}, {power}, {group})" for group in (2, 3))
    by = f"TRY_CAST({by} AS INTEGER)"
    exact = f"length({places}) >= {by} AND trim(substr({places}, {by} + 1), '0') = ''"
    return (
        f"CASE WHEN contains({written}, '.') AND regexp_full_match({written}, {fraction})"
        f" THEN CASE WHEN trim(regexp_extract({written}, {fraction}, 2), '0') = ''"
        f" THEN regexp_extract({written}, {fraction}, 1) ELSE '' END"
        f" WHEN contains(lower({written}), 'e') AND regexp_full_match({written}, {power})"
        f" THEN CASE WHEN {exact} THEN left({written}, 1) || substr({places}, 1, {by}) ELSE '' END"
        f" ELSE {written} END"
    )


def phone_of(text: str, country: str) -> str:
    """Return SQL that equals `normalise_phone`; both arguments are SQL for texts."""
    korean = f"upper(trim({country}, ' ')) IN ('KR', 'KOR')"
    # What nearly every row holds is known at one look; all the rest costs five times as much.
    bare = f"replace(replace({text}, '-', ''), ' ', '')"
    starts = f"(left({text}, 2) = '+8' OR left({text}, 1) IN ('0', '1') AND {korean})"
    mobile = f"regexp_full_match({bare}, '(\\+82)?0?10[0-9]{{8}}')"
    odd = f"contains({text}, '.') OR contains(lower({text}), 'e') OR {_UNICODE.format(text)}"
    return (
        f"CASE WHEN {starts} AND {mobile} THEN '+82' || right({bare}, 10)"
        f" WHEN {odd} THEN {_any_of(text, korean)}"
        f" ELSE {_number_of(f'trim({text}, {literal(_AROUND)})', korean)} END"
    )


def number_of(phone: str, text: str) -> str:
    """Return SQL for the number by which a refusal finds somebody: `phone` (E.164), else as written.

    What cannot be read in its country (`text`) is found by the same digits, whatever stands between
    them; NULL for fewer than any subscriber has, and for one digit over and over, which is nobody's.
    """
    return f"coalesce({phone}, {digits_of(text)})"


def digits_of(text: str) -> str:
    """Return SQL for the digits of a number as it is written, without a `+`; NULL where it is none."""
    plain = f"regexp_replace({_folded(text)}, '[^0-9]', '', 'g')"
    several = "length(d) >= 8 AND replace(d, left(d, 1), '') <> ''"
    return f"list_transform([{plain}], lambda d: CASE WHEN {several} THEN d END)[1]"


def _folded(text: str) -> str:
    folded = f"translate({text}, {literal(_FROM + _DROPPED)}, {literal(_TO)})"
    return f"CASE WHEN {_UNICODE.format(text)} THEN {folded} ELSE {text} END"


_UNICODE = "strlen({0}) <> length({0})"
"""More bytes than characters."""


def _any_of(text: str, korean: str) -> str:
    # Lambdas give the steps names: written out into each other they would be 40 kB of SQL.
    steps = (
        f"list_transform([trim({_folded(text)}, {literal(_AROUND)})], lambda w: {_whole_of('w')})"
    )
    return f"list_transform({steps}, lambda w: {_number_of('w', korean)})[1]"


def _number_of(written: str, korean: str) -> str:
    national = (
        f"CASE WHEN starts_with({written}, '+') THEN d"
        " WHEN starts_with(d, '0082') THEN substr(d, 3)"
        f" WHEN {korean} THEN CASE WHEN regexp_matches(d, '^0[1-9]') THEN '82' || substr(d, 2)"
        " WHEN regexp_full_match(d, '10[0-9]{8}') THEN '82' || d"
        " WHEN starts_with(d, '82') AND length(d) >= 11 THEN d END END"
    )
    number = f"regexp_extract(regexp_replace({national}, '^820', '82'), '^({_NUMBER})$')"
    digits = f"regexp_replace({written}, '[^0-9]', '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({written}, {literal(_SHAPE)})"
        f" THEN '+' || nullif(list_transform([{digits}], lambda d: {number})[1], '') END"
    )
