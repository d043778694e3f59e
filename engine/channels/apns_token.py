"""The token with which Apple knows us: a JWT signed with ES256 by the team's `.p8` key.

Apple, "Establishing a token-based connection to APNs": refresh it no more than once every 20
minutes and no less than once every 60; `iat` in whole seconds; RFC 7518 §3.4 (ES256), RFC 6979.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.kernel.errors import CredentialsError

STEP_S = 1800
"""Tokens begin at the full and the half hour."""

SOONEST_S = 1200
"""Apple answers `TooManyProviderTokenUpdates` to tokens that change within 20 minutes."""


def read_key(text: str) -> Any:
    """Return the private key from its PEM or from the path of a file that holds it.

    Raises CredentialsError if it is neither, or not a key for ES256. No message repeats what was
    given: it may be the key itself.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    given = text.strip()
    if not given.startswith("-----BEGIN"):
        try:
            given = Path(given).expanduser().read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CredentialsError(
                f"the file that `key` names cannot be read ({type(error).__name__})",
                "give the text of the `.p8` file, or its path",
            ) from error
    try:
        # An environment variable often holds the line breaks as `\\n`.
        key = load_pem_private_key(given.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CredentialsError(
            "`key` is not a private key in PEM", "use the `.p8` file that Apple gave you, unchanged"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise CredentialsError(
            "`key` is not a key for ES256 (P-256)",
            "use the `.p8` file of an APNs authentication key",
        )
    return key


class ProviderToken:
    """The token of one team and key.

    It begins at the last full or half hour and is signed without chance (RFC 6979): every process
    on every machine has the same token at the same time, so that Apple never sees many of them.
    """

    def __init__(self, key: Any, *, key_id: str, team_id: str) -> None:
        self._key = key
        self._key_id = key_id
        self._team_id = team_id
        self._issued_at: int | None = None
        self._token = ""

    def token(self, now: datetime) -> str:
        """Return a token that is between 0 and 60 minutes old at `now`."""
        start = int(now.timestamp()) // STEP_S * STEP_S
        if self._issued_at is None or start - self._issued_at >= SOONEST_S:
            self._issue(start)
        return self._token

    def renew_after_refusal(self, refused: str, now: datetime) -> bool:
        """Tell whether there is another token than `refused`, making one where Apple allows it."""
        if self._token != refused:
            return True
        at = int(now.timestamp())
        if self._issued_at is not None and at - self._issued_at < SOONEST_S:
            return False
        self._issue(at)
        return True

    def _issue(self, at: int) -> None:
        head = _part({"alg": "ES256", "kid": self._key_id})
        claims = _part({"iss": self._team_id, "iat": at})
        signature = _encode(_sign(self._key, f"{head}.{claims}".encode()))
        self._token, self._issued_at = f"{head}.{claims}.{signature}", at


def _sign(key: Any, data: bytes) -> bytes:
    """Return the 64 bytes R and S that a JWT wants, instead of ASN.1."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    try:
        signed = key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    except UnsupportedAlgorithm:
        # OpenSSL before 3.2: a token per process, which is still renewed as seldom as Apple wants.
        signed = key.sign(data, ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(signed)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _part(values: dict[str, Any]) -> str:
    return _encode(json.dumps(values, separators=(",", ":")).encode())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
