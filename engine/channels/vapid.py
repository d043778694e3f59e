"""Who we are to a push service: the VAPID key and the tokens signed with it (RFC 8292).

One token serves all requests to one origin for hours: signing costs a third of what encrypting a
message does.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from engine.kernel.errors import CredentialsError, UsageError

TOKEN_LIFE = timedelta(hours=12)
"""RFC 8292 §2 allows 24 h; half of it leaves room for clocks that differ."""

_RENEW_BEFORE = timedelta(hours=1)
_MOST_ORIGINS = 1000
"""How many origins' tokens are kept: browsers name the origins, so their number has no bound."""

_MAILTO = re.compile(
    r"mailto:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII
)
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)


def read_private_key(text: str) -> Any:
    """Return the P-256 private key in `text`: PEM, or base64url of its DER or of its 32 raw bytes.

    PEM may be written on one line with `\\n` for line ends, as environment variables often hold it.
    Raises CredentialsError for anything else; the message repeats nothing of what was given.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        key = _load_key(text.strip())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CredentialsError(
            "`private_key` is not a VAPID private key",
            "give a P-256 key: PEM, or base64url of its DER or of its 32 bytes",
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise CredentialsError(
            "`private_key` is a key of another kind",
            "web push signs with ES256: create a key on the curve P-256",
        )
    return key


def _load_key(text: str) -> Any:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    if "-----BEGIN" in text:
        pem = text.replace("\\n", "\n")
        # `openssl ecparam -genkey` writes the curve's name in a block of its own before the key.
        match = re.search(r"-----BEGIN (?:EC )?PRIVATE KEY-----.*", pem, re.DOTALL)
        return serialization.load_pem_private_key((match.group() if match else pem).encode(), None)
    raw = decode_base64url("".join(text.split()))
    if len(raw) == 32:
        return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    return serialization.load_der_private_key(raw, None)


def decode_base64url(text: str) -> bytes:
    """Return the bytes of base64url (or plain base64) with or without padding; else ValueError."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return binascii.a2b_base64(plain + "=" * (-len(plain) % 4), strict_mode=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def public_key(key: Any) -> str:
    """Return the public part of `key` as browsers want it: base64url of the uncompressed point.

    This is `applicationServerKey` of `PushManager.subscribe` and `k` of the header.
    """
    from cryptography.hazmat.primitives import serialization

    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def check_subject(subject: str) -> str:
    """Return `subject` if a push service could write to it: `mailto:name@host` or an https URL.

    Raises UsageError otherwise. Apple answers 403 `BadJwtToken` to names without a domain such as
    `mailto:me@localhost` (web-push-libs/web-push, issue 947).
    """
    if _MAILTO.fullmatch(subject):
        return subject
    try:
        parts = urlsplit(subject)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme == "https" and _HOST.fullmatch(host):
        return subject
    raise UsageError(
        f"`subject` is `{subject}`, nothing that a push service could write to",
        "write `mailto:push@your.domain` or `https://your.domain/contact`",
    )


class VapidTokens:
    """The `Authorization` header per origin, signed when first needed and again before it ends."""

    def __init__(self, key: Any, subject: str) -> None:
        from py_vapid import Vapid02  # type: ignore[import-untyped]

        self.public_key = public_key(key)
        # Strict, it refuses a URL with a path; `check_subject` has seen to the subject.
        self._signer: Any = Vapid02(key, conf={"no-strict": True})
        self._subject = subject
        self._signed: dict[str, tuple[datetime, str]] = {}

    def header(self, origin: str, now: datetime) -> str:
        """Return `Authorization: vapid t=…,k=…` for requests to `origin` at `now` (UTC).

        The same text object until it is renewed, so that it can tell which token was used.
        """
        signed = self._signed.get(origin)
        if signed is not None and now < signed[0] - _RENEW_BEFORE:
            return signed[1]
        ends = now + TOKEN_LIFE
        header = f"Authorization: {self._sign(origin, ends)}"
        self._signed.pop(origin, None)
        if len(self._signed) >= _MOST_ORIGINS:
            del self._signed[next(iter(self._signed))]
        self._signed[origin] = (ends, header)
        return header

    def _sign(self, origin: str, ends: datetime) -> str:
        claims = {"aud": origin, "exp": int(ends.timestamp()), "sub": self._subject}
        return str(self._signer.sign(claims)["Authorization"])
