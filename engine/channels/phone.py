"""Phone numbers in the forms that vendors want. The engine's own form is E.164: `+821012345678`."""

from __future__ import annotations

import re

from engine.kernel.frozen import frozen
from engine.model.delivery import FailReason
from engine.model.outcome import Refused

KOREA = "82"

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCAL = re.compile(r"0[0-9]{7,11}")
_SEPARATORS = str.maketrans("", "", " -.()")

_TWO_DIGITS = re.compile(r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")
"""ITU-T E.164, assigned country codes: 1 and 7 have one digit, these two, all others three."""


@frozen(kw_only=False)
class Phone:
    """`country` is the calling code without `+`; `national` are the digits that are dialled there.

    A Korean number has its 0 (`01012345678`); of other countries' numbers nobody but they knows
    whether they have one, so those are as in E.164.
    """

    country: str
    national: str

    @property
    def korean(self) -> bool:
        return self.country == KOREA


NOT_A_PHONE = Refused(reason=FailReason.BAD_ADDRESS, code="NOT_A_PHONE_NUMBER", dead_address=True)
"""What becomes of an address that `read_phone` cannot read: nobody is asked about it again."""


def read_phone(value: str) -> Phone | None:
    """Return the parts of a number in E.164, or of a Korean one as it is dialled; else None.

    Spaces, hyphens, dots and brackets are passed over.
    """
    digits = value.translate(_SEPARATORS)
    if _LOCAL.fullmatch(digits):
        return Phone(KOREA, digits)
    if not _E164.fullmatch(digits):
        return None
    code = _country_code(digits[1:])
    rest = digits[1 + len(code) :]
    if code != KOREA:
        return Phone(code, rest)
    national = rest if rest.startswith("0") else f"0{rest}"
    return Phone(KOREA, national) if _LOCAL.fullmatch(national) else None


def e164(value: str) -> str | None:
    """Return `+821012345678` for what `read_phone` reads, else None."""
    phone = read_phone(value)
    if phone is None:
        return None
    return f"+{phone.country}{phone.national.removeprefix('0') if phone.korean else phone.national}"


def _country_code(digits: str) -> str:
    if digits[0] in "17":
        return digits[0]
    return digits[:2] if _TWO_DIGITS.match(digits) else digits[:3]


def only_digits(number: str) -> str:
    """Return a sending number as vendors register it: `02-1588-0000` is `0215880000`."""
    return "".join(character for character in number if "0" <= character <= "9")
