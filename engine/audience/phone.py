"""Phone numbers as E.164: once in Python, once in SQL; a test holds the two equal.

A number with `+` is international already. Without it only Korean numbers are understood (`010…`,
`82 10…`, `0082…`): no other country's trunk prefix is guessed, so such a number is no address.
Ten digits from `10` on are a mobile number whose zero a spreadsheet has dropped.
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

_SHAPE = r"\+?[0-9][0-9().\- ]*|\([0-9][0-9().\- ]*"
_NUMBER = r"82[0-9]{8,11}|[1-79][0-9]{7,14}|8[013-9][0-9]{6,13}"
KOREAN = ("KR", "KOR")


def normalise_phone(text: str | None, country: str) -> str | None:
    """Return `text`, written in `country` (two capitals), as `+821012345678`, or None."""
    written = (text or "").translate(_FOLD).strip(" ")
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


def phone_of(text: str, country: str) -> str:
    """Return SQL that equals `normalise_phone`; both arguments are SQL for texts."""
    folded = f"translate({text}, {literal(_FROM + _DROPPED)}, {literal(_TO)})"
    # Folding costs more than all the rest, and most numbers are ASCII: as many bytes as characters.
    written = f"trim(CASE WHEN strlen({text}) = length({text}) THEN {text} ELSE {folded} END, ' ')"
    digits = f"regexp_replace({written}, '[^0-9]', '', 'g')"
    korean = f"upper(trim({country}, ' ')) IN ('KR', 'KOR')"
    number = (
        f"CASE WHEN NOT regexp_full_match({written}, {literal(_SHAPE)}) THEN NULL"
        f" WHEN starts_with({written}, '+') THEN {digits}"
        f" WHEN starts_with({digits}, '0082') THEN substr({digits}, 3)"
        f" WHEN {korean} AND regexp_matches({digits}, '^0[1-9]') THEN '82' || substr({digits}, 2)"
        f" WHEN {korean} AND regexp_full_match({digits}, '10[0-9]{{8}}') THEN '82' || {digits}"
        f" WHEN {korean} AND starts_with({digits}, '82') AND length({digits}) >= 11 THEN {digits}"
        " END"
    )
    trunkless = f"regexp_replace({number}, '^820', '82')"
    return f"'+' || nullif(regexp_extract({trunkless}, '^({_NUMBER})$'), '')"
