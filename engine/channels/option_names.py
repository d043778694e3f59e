"""Which keys of a channel in pushform.yaml each of our providers knows, without importing it.

The reader of files goes by it, so that a slip like `secert:` is found before anything is sent. What the
keys mean stands in `schemas/workspace.schema.json`.
"""

from __future__ import annotations

from collections.abc import Mapping

FACTS = frozenset(
    {
        *("profiles", "senders", "certified", "rate", "templates", "unsubscribe_number"),
        *("sender_ids", "dlt"),
    }
)
"""What is true whoever the provider is: it survives another one, and any provider may stand by it."""

_ALL = FACTS | {"provider", "base_url", "ramp", "prices", "currency"}
_HTTP = frozenset({"timeout", "proxy", "ca_file"})
_KAKAO = frozenset({"product", "api", "type"})
"""Nothing but FriendTalk was ever meant by them; `kakao-friendtalk-retired` says what became of it."""
_TOPICS = frozenset({"topic", "topics", "condition"})
"""No provider reads them of FCM; `fcm-topic-for-ad` says why people are named by an audience."""

_OWN: Mapping[str, frozenset[str]] = {
    "apns": _HTTP | {"key", "key_id", "team_id", "topic", "environment"},
    "fcm": _HTTP | {"project", "credentials"} | _TOPICS,
    "file": frozenset({"path"}),
    "nhn": _HTTP | {"app_key", "secret", "images", "results"} | _KAKAO,
    "sens": _HTTP | {"service_id", "access_key", "secret_key", "images", "results"} | _KAKAO,
    "solapi": _HTTP | {"api_key", "secret", "images", "results"} | _KAKAO,
    "twilio": _HTTP | {"account_sid", "auth_token", "messaging_service", "from", "results"},
    "webhook": _HTTP | {"url", "secret"},
    "webpush": _HTTP | {"private_key", "subject"},
}

OPTIONS: Mapping[str, frozenset[str]] = {
    **{provider: _ALL | own for provider, own in _OWN.items()},
    # Whoever tries something there need not take out what the real provider will want again.
    "sandbox": _ALL.union(*_OWN.values()),
}
"""By provider: every key that it, the plan or a lint rule reads. Providers of others are not here."""


def owners_of(option: str) -> tuple[str, ...]:
    """Return the providers that have `option` as one of their own, in alphabetical order."""
    return tuple(sorted(provider for provider, own in _OWN.items() if option in own))
