"""What a digest covers, in sections that give each change its categories.

The stored form is what `apply` writes and `dispatch` reads. Only what stands below `observed` is not
digested: it may differ between two machines, or change without anybody getting anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from engine.kernel.digest import Plain, digest
from engine.kernel.errors import UnsupportedError
from engine.kernel.frozen import frozen
from engine.kernel.instant import format_duration
from engine.model.campaign import Campaign
from engine.model.kakao import plain_part
from engine.model.message import Composed, Message
from engine.model.plan import Category
from engine.model.resolved import ResolvedCampaign
from engine.model.stored import FORMAT_VERSION, content_digest, to_plain
from engine.model.workspace import Safety

SECTION_OF_KEY: Mapping[str, Category] = {
    "id": Category.METADATA,
    "title": Category.METADATA,
    "purpose": Category.METADATA,
    "owner": Category.METADATA,
    "kpi": Category.METADATA,
    "copied_from": Category.METADATA,
    "acknowledge": Category.REACH,
    "expect": Category.AUDIENCE,
    "type": Category.LAW,
    "basis": Category.LAW,
    "notice": Category.LAW,
    "exception": Category.LAW,
    "urgent": Category.LAW,
    "sender": Category.LAW,
    "consent": Category.LAW,
    "suppression": Category.LAW,
    "country": Category.LAW,
    "ad_label": Category.CONTENT,
    "variants": Category.CONTENT,
    "action": Category.CONTENT,
    "locale": Category.CONTENT,
    "winner": Category.CONTENT,
    "channels": Category.REACH,
    "alternative": Category.REACH,
    "fallback_after": Category.REACH,
    "send_to": Category.REACH,
    "on_unknown_resend": Category.REACH,
    "holdout": Category.AUDIENCE,
    "audience": Category.AUDIENCE,
    "exclude": Category.AUDIENCE,
    "attributes": Category.AUDIENCE,
    "workspace_timezone": Category.AUDIENCE,
    "schedule": Category.TIMING,
}
"""Which category a difference below a key of the resolved campaign belongs to."""

_LITERAL = frozenset({str, int, float, bool, type(None)})
_METADATA_OF_FILE = frozenset({"title", "purpose", "owner", "kpi", "origin"})


@frozen
class Desired:
    """One campaign as the files want it, with its stored form and the digest of that."""

    campaign: ResolvedCampaign
    stored: Plain
    content_digest: str


def desire(
    campaign: ResolvedCampaign,
    *,
    environment: str,
    safety: Safety,
    samples: Iterable[Composed],
) -> Desired:
    """Return what `campaign` would be in `environment`; `samples` are its messages over samples."""
    stored = {
        "format_version": FORMAT_VERSION,
        "environment": environment,
        "campaign": to_plain(campaign),
        "samples": sorted((_sample(sample) for sample in samples), key=digest),
        "limits": _limits(safety),
        "observed": {
            "written": written_digest(campaign.written),
            "audience": campaign.audience_name,
        },
    }
    return Desired(campaign=campaign, stored=stored, content_digest=content_digest(stored))


def change_digest(
    *, environment: str, campaign: str, before: str | None, after: str | None, cancel: bool
) -> str:
    """Return the digest that an approval binds to: this content, starting from that state."""
    return digest(
        {
            "environment": environment,
            "campaign": campaign,
            "action": "cancel" if cancel else "put",
            "before": before,
            "after": after,
        }
    )


def differing_categories(before: Plain, after: Plain) -> tuple[Category, ...]:
    """Return the categories in which two stored forms differ, in the order of `Category`."""
    found = set()
    old, new = before["campaign"], after["campaign"]
    for key in {*old, *new}:
        if old.get(key) != new.get(key):
            found.add(_section(key))
    if before["samples"] != after["samples"]:
        found.add(Category.CONTENT)
    if before["limits"] != after["limits"]:
        found.add(Category.REACH)
    if before["format_version"] != after["format_version"]:
        found.add(Category.METADATA)
    return tuple(category for category in Category if category in found)


def _section(key: str) -> Category:
    try:
        return SECTION_OF_KEY[key]
    except KeyError:
        raise UnsupportedError(
            f"the stored campaign has `{key}`, which this version does not know",
            "it was applied by a newer version of pushform: use that one",
        ) from None


def written_digest(campaign: Campaign | None) -> str | None:
    """Return the digest of the campaign file itself, without metadata and without what it names."""
    if campaign is None:
        return None
    plain = _walk(campaign)
    return digest({key: value for key, value in plain.items() if key not in _METADATA_OF_FILE})


def _limits(safety: Safety) -> Plain:
    return {
        "max_recipients": safety.max_recipients,
        "max_audience_growth": safety.max_audience_growth,
        "max_failed": safety.max_failed,
        "consent_max_age": format_duration(safety.consent_max_age),
        "per_user": (
            None
            if safety.per_user is None
            else {
                "max": safety.per_user.max,
                "within": format_duration(safety.per_user.within),
            }
        ),
    }


def _sample(sample: Composed) -> Plain:
    if not isinstance(sample, Message):
        return {"missing": _walk(sample)}
    kakao = {} if sample.kakao is None else {"kakao": plain_part(sample.kakao)}
    return {
        "channel": sample.channel,
        "locale": sample.locale,
        "jurisdiction": sample.jurisdiction,
        "variant": sample.variant,
        "title": sample.title,
        "body": sample.body,
        "image": sample.image,
        "link": sample.link,
        "buttons": [
            {"name": button.name, "link": button.link, **plain_part(button)}
            for button in sample.buttons
        ],
        "sms_format": sample.sms_format,
        **kakao,
    }


def _default(field: Field[Any]) -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


@cache
def _written_fields(kind: type) -> tuple[tuple[str, object], ...] | None:
    """Return the fields that two values are compared by, with their defaults; None for other types."""
    if not is_dataclass(kind):
        return None
    return tuple((field.name, _default(field)) for field in fields(kind) if field.compare)


def _walk(value: object) -> Plain:
    """Return any frozen value of the model as JSON values, without origins and without defaults.

    A later version with another key then gives an old file the same digest.
    """
    kind: Any = type(value)
    if kind in _LITERAL:
        return value
    written = _written_fields(kind)
    if written is not None:
        pairs = ((name, getattr(value, name), default) for name, default in written)
        inner = {name: _walk(inside) for name, inside, default in pairs if inside != default}
        return {"kind": kind.__name__, **inner}
    if isinstance(value, Mapping):
        return {str(key): _walk(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_walk(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return format_duration(value)
    return value
