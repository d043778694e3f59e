"""SOLAPI's API key authentication: every request is signed with a date and a salt of its own.

docs.solapi.com, authentication/api-key: HMAC-SHA256 of date and salt, hexadecimal; the date is ISO
8601 and at most 15 minutes from SOLAPI's clock; the salt has 12 to 64 bytes; a signature that was
used in the last 15 minutes is refused (`DuplicatedSignature`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import field
from datetime import datetime

from engine.kernel.frozen import frozen
from engine.kernel.instant import format_instant


@frozen(kw_only=False)
class Signer:
    """An API key and its secret. `new_salt` returns 12 to 64 ASCII characters, never twice the same."""

    api_key: str
    secret: str = field(repr=False)
    new_salt: Callable[[], str]

    def header(self, now: datetime) -> str:
        """Return the value of `Authorization` for one request at `now` (aware)."""
        date, salt = format_instant(now), self.new_salt()
        signature = hmac.new(self.secret.encode(), f"{date}{salt}".encode(), hashlib.sha256)
        return (
            f"HMAC-SHA256 apiKey={self.api_key}, date={date}, salt={salt},"
            f" signature={signature.hexdigest()}"
        )
