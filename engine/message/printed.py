"""How a value becomes text when a template prints it without a filter."""

from __future__ import annotations

import math
from datetime import date, datetime

from engine.message.failure import RenderError

Value = str | int | float | bool | date | datetime
"""What a template sees under a variable's name. Instants are in the recipient's zone."""


def printed(value: object) -> str:
    """Return `value` as a template prints it, in every locale the same.

    `30.0` prints `30`; a date prints `2026-09-24`, an instant `2026-09-24 10:00` (local). Raises
    RenderError for yes/no values and for nothing: `True` and `None` are no words for people.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        raise RenderError("a yes/no value cannot be printed: use it in `{% if … %}`")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise RenderError("a number grows beyond all bounds")
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    # Jinja's undefined values name themselves when they are turned into text.
    str(value)
    raise RenderError("only texts, numbers, dates and instants can be printed")
