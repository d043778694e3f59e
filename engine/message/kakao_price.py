"""The prices of a Kakao product: texts that hold digits only, and go together in three ways.

The regular price alone; or with the price that is paid and either the percentage or the won that is
taken off (solapi-nodejs bmsCommerce). An amount has at most eight digits (NHN; from memory).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.origin import Key
from engine.message.kakao_limits import DIGITS
from engine.message.kakao_problem import KakaoProblem, KakaoProblemKind, written
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


def price_problems(commerce: KakaoCommerce | None, path: tuple[Key, ...]) -> Iterator[KakaoProblem]:
    """Yield what is wrong with the prices of the product at `path`."""
    if commerce is None:
        return
    given = {name: text for name in PRICES if (text := getattr(commerce, name)) is not None}
    strange = [name for name, text in given.items() if not is_digits(text)]
    for name in strange:
        yield _problem(
            f"`{written((*path, name))}` is `{given[name]}`, but must be digits only",
            (*path, name),
            "write the number without sign, comma and unit: `{{ price }}` of an integer",
        )
    for name, text in given.items():
        if name not in strange and len(text) > DIGITS:
            yield _problem(
                f"`{written((*path, name))}` has {len(text)} digits; Kakao takes {DIGITS}",
                (*path, name),
                "check the price",
                sure=False,
            )
    if not strange:
        yield from _combination(commerce, path)


def _combination(commerce: KakaoCommerce, path: tuple[Key, ...]) -> Iterator[KakaoProblem]:
    paid, rate, fixed = commerce.discount_price, commerce.discount_rate, commerce.discount_fixed
    off = [each for each in (rate, fixed) if each is not None]
    hint = (
        "write `discount_price` with one of `discount_rate` and `discount_fixed`, or none of them"
    )
    if len(off) == 2:
        message = f"`{written(path)}` has `discount_rate` and `discount_fixed`; Kakao takes one"
        yield _problem(message, path, hint)
    elif (paid is None) is bool(off):
        there, lacks = ("`discount_price`", "a discount") if paid else ("a discount", "the price")
        yield _problem(f"`{written(path)}` has {there} without {lacks} beside it", path, hint)
    elif paid is not None:
        yield from _sum(int(commerce.regular_price), int(paid), rate, fixed, path)


def _sum(
    regular: int, paid: int, rate: str | None, fixed: str | None, path: tuple[Key, ...]
) -> Iterator[KakaoProblem]:
    """Yield a discount that does not lead from the one price to the other."""
    if rate is not None and int(rate) > 100:
        message = f"`{written((*path, 'discount_rate'))}` is {rate} percent"
        yield _problem(message, (*path, "discount_rate"), "write 1 to 100")
    elif fixed is not None and regular - int(fixed) != paid:
        message = f"{regular:,} won without {int(fixed):,} is not {paid:,}"
        yield _problem(message, path, "check the prices", sure=False)
    # A shop rounds percentages: only what no rounding explains is told.
    elif rate is not None and abs(regular * (100 - int(rate)) - 100 * paid) > regular:
        message = f"{regular:,} won without {rate} percent is not {paid:,}"
        yield _problem(message, path, "check the prices", sure=False)


def _problem(message: str, path: tuple[Key, ...], hint: str, *, sure: bool = True) -> KakaoProblem:
    return KakaoProblem(
        kind=KakaoProblemKind.PRICE, message=message, path=path, hint=hint, sure=sure
    )
