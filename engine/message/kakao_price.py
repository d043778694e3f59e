"""The prices of a Kakao product: texts that hold digits only, and go together in three ways.

The regular price alone; or with the price that is paid and either the percentage or the won that is
taken off (solapi-nodejs bmsCommerce). An amount has at most eight digits (NHN; from memory).
"""

from __future__ import annotations

import re

from engine.model.kakao import KakaoCommerce

PRICES = ("regular_price", "discount_price", "discount_rate", "discount_fixed")
_DIGITS = re.compile(r"[0-9]{1,15}", re.ASCII)


def price_fault(commerce: KakaoCommerce) -> str | None:
    """Return the name of the first price of `commerce` that is not written in digits, or None."""
    for name in PRICES:
        text = getattr(commerce, name)
        if text is not None and not is_digits(text):
            return name
    return None


def is_digits(text: str) -> bool:
    """Tell whether `text` is a whole number without sign, comma or unit."""
    return _DIGITS.fullmatch(text) is not None
