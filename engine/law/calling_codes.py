"""Which country a number of E.164 belongs to, for the countries that the law book knows.

The codes are ITU-T E.164's, from memory. Those that countries of different law share are left out:
`+7`, `+262`. The islands that share `+44`, `+47`, `+61`, `+358` and `+39` fall under the larger.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

NORTH_AMERICA = "+1"
"""Shared by the United States, Canada and the Caribbean: the number alone does not tell."""

_THREE_DIGITS: Mapping[str, str] = {
    "971": "AE", "966": "SA", "886": "TW", "351": "PT", "352": "LU",
    "353": "IE", "354": "IS", "356": "MT", "357": "CY", "358": "FI", "359": "BG", "370": "LT",
    "371": "LV", "372": "EE", "385": "HR", "386": "SI", "420": "CZ", "421": "SK", "423": "LI",
    "594": "GF", "596": "MQ",
}  # fmt: skip
_TWO_DIGITS: Mapping[str, str] = {
    "82": "KR", "81": "JP", "86": "CN", "65": "SG", "91": "IN", "61": "AU", "55": "BR",
    "52": "MX", "44": "GB", "33": "FR", "49": "DE", "30": "GR", "31": "NL", "32": "BE",
    "34": "ES", "36": "HU", "39": "IT", "40": "RO", "43": "AT", "45": "DK", "46": "SE",
    "47": "NO", "48": "PL",
}  # fmt: skip


@lru_cache(maxsize=4096)
def country_of_number(phone: str | None) -> str | None:
    """Return the ISO 3166 code of an E.164 number (its first five characters are enough), or None.

    `+1` is None, and so is every code that is not listed: no country is guessed.
    """
    if not phone or not phone.startswith("+"):
        return None
    digits = phone[1:]
    return _THREE_DIGITS.get(digits[:3]) or _TWO_DIGITS.get(digits[:2])
