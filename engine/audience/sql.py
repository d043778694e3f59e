"""Pieces of SQL: quoting, parameters, and the hashes of `kernel.digest` written for DuckDB.

Values from files never become SQL text: they are parameters. Names are quoted identifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from engine.kernel.frozen import frozen

_BLOCK = 64
"""SHA-256's block in bytes: what HMAC pads its key to (RFC 2104)."""

YES_WORDS = ("yes", "true", "y", "1")
NO_WORDS = ("no", "false", "n", "0")
REFUSING = (
    *NO_WORDS, "f", "x", "off", "0.0", "아니오", "아니요", "거부", "거절", "미동의", "비동의", "철회",
    "수신거부", "동의안함", "동의 안함", "동의하지 않음", "ｎｏ", "ｎ", "ｘ", "０", "×", "✕", "✗", "❌",
)  # fmt: skip
"""Words that refuse in a column of consent. There are more of them than of those that agree: who is
taken to have refused gets less, who is taken to have agreed gets more."""

BLANKS = " \t\r\n\u00a0\u3000\u200b\ufeff"
"""What may stand around a text unseen."""


def identifier(name: str) -> str:
    """Return `name` as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return `text` as a string literal: for statements that take no parameters (views, paths)."""
    return "'" + text.replace("'", "''") + "'"


def trimmed(text: str) -> str:
    """Return SQL for a text without the blanks around it, `''` read as missing."""
    return f"nullif(trim({text}, {literal(BLANKS)}), '')"


def literals(texts: Iterable[str]) -> str:
    """Return `texts` as a list for `IN (…)`."""
    return ", ".join(literal(text) for text in texts)


@dataclass(slots=True)
class Params:
    """The parameters of one statement, collected while its text is written."""

    values: dict[str, object] = field(default_factory=dict)

    def add(self, value: object) -> str:
        """Remember `value` and return the placeholder that stands for it."""
        name = f"p{len(self.values) + 1}"
        self.values[name] = value
        return f"${name}"


@frozen(kw_only=False)
class Query:
    """One statement and its parameters."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


def answer_of(expression: str) -> str:
    """Return SQL for the consent in a text: 'yes', 'no' or 'unknown', never NULL (design §4)."""
    word = f"lower(trim({expression}))"
    seen = f"lower(trim({expression}, {literal(BLANKS)}))"
    return (
        f"CASE WHEN {word} IN ({literals(YES_WORDS)}) THEN 'yes'"
        f" WHEN {seen} IN ({literals(REFUSING)}) THEN 'no' ELSE 'unknown' END"
    )


def keyed_hash_of(purpose: str, expression: str, key: bytes, params: Params) -> str:
    """Return SQL that equals `kernel.digest.keyed_hash`; `purpose` and `expression` are SQL texts.

    HMAC by its definition (RFC 2104): two nested SHA-256 over the padded key.
    """
    if len(key) > _BLOCK:
        key = sha256(key).digest()
    padded = key.ljust(_BLOCK, b"\0")
    inner = params.add(bytes(byte ^ 0x36 for byte in padded))
    outer = params.add(bytes(byte ^ 0x5C for byte in padded))
    message = f"encode({purpose} || chr(0) || {expression})"
    return f"substr(sha256({outer}::BLOB || unhex(sha256({inner}::BLOB || {message}))), 1, 32)"


def bucket_of(before: Iterable[str], expression: str, after: Iterable[str], params: Params) -> str:
    """Return SQL that equals `kernel.digest.bucket(*before, expression, *after)`."""
    head = params.add("".join(f"{part}\0" for part in before).encode())
    tail = params.add("".join(f"\0{part}" for part in after).encode())
    digest = f"sha256({head}::BLOB || encode({expression}) || {tail}::BLOB)"
    number = f"(('0x' || substr({digest}, 1, 16))::UBIGINT >> 11)::DOUBLE"
    return f"({number} / {1 << 53}::DOUBLE)"
