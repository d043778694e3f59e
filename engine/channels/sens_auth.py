"""NAVER Cloud's signature v2: HMAC-SHA256 over method, path, time and access key.

api.ncloud-docs.com, "Ncloud API > create signature": `POST /path?query\\n{ms}\\n{access key}`. A time that
lies five minutes off is refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from engine.kernel.frozen import frozen


@frozen(kw_only=False)
class Signer:
    """The pair of keys; the secret one never leaves it."""

    access_key: str
    secret_key: str = field(repr=False)

    def headers(self, method: str, path: str, at: datetime) -> Mapping[str, str]:
        """Return the three headers for `path` (with its query) at `at`."""
        stamp = str(int(at.timestamp() * 1000))
        text = f"{method} {path}\n{stamp}\n{self.access_key}"
        digest = hmac.new(self.secret_key.encode(), text.encode(), hashlib.sha256).digest()
        return {
            "x-ncp-apigw-timestamp": stamp,
            "x-ncp-iam-access-key": self.access_key,
            "x-ncp-apigw-signature-v2": base64.b64encode(digest).decode(),
        }

    def mark(self, number: str) -> str:
        """Return 16 hexadecimal digits for a phone number, which only this secret key leads back to.

        SENS knows no reference of ours: its lists name messages by number.
        """
        mac = hmac.new(self.secret_key.encode(), f"number {number}".encode(), hashlib.sha256)
        return mac.hexdigest()[:16]
