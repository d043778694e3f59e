"""Resolved campaigns as plain JSON values and back: what `apply` stores and `dispatch` reads.

Keys that hold their default are left out, so a later version with a new key gives an old campaign
the same digest.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.strategies import configure_tagged_union

from engine.kernel.digest import Plain, digest
from engine.kernel.errors import UnsupportedError
from engine.kernel.instant import format_duration, parse_duration
from engine.model import audience, template
from engine.model.audience import Condition, Scalar
from engine.model.channel_settings import ChannelSettings
from engine.model.legal import MessageType, TransactionException
from engine.model.resolved import ResolvedCampaign

FORMAT_VERSION = "1"
_ORIGINS = {"origin": override(omit=True)}
_WITH_ORIGIN = (
    audience.AttributeIs,
    audience.EventHappened,
    audience.DeviceHas,
    audience.InAudience,
    audience.InCampaign,
    audience.DerivedAttribute,
    template.Variable,
    template.Text,
    template.Redefinition,
    TransactionException,
)


def to_plain(campaign: ResolvedCampaign) -> Plain:
    """Return `campaign` as JSON values, without its way back to the files."""
    return _converter().unstructure(campaign, ResolvedCampaign)


def content_digest(stored: Plain) -> str:
    """Return the digest of what `apply` stores: everything but what was only observed."""
    return digest({key: value for key, value in stored.items() if key != "observed"})


METADATA_KEYS = ("id", "title", "purpose", "owner", "kpi", "copied_from")
"""The keys of a resolved campaign that may change after people were chosen: nobody gets anything else."""


def is_advertising(stored: Plain) -> bool:
    """Tell whether a stored campaign is an advertisement."""
    return bool(stored["campaign"]["type"] == MessageType.ADVERTISING)


def without_metadata(stored: Plain) -> Plain:
    """Return a stored form without what may change after people were chosen."""
    campaign = {k: v for k, v in stored["campaign"].items() if k not in METADATA_KEYS}
    kept = {key: value for key, value in stored.items() if key != "observed"}
    return {**kept, "campaign": campaign}


def from_plain(plain: Plain) -> ResolvedCampaign:
    """Return the campaign that `to_plain` wrote. Raises UnsupportedError on any other shape."""
    try:
        return _converter().structure(plain, ResolvedCampaign)
    except Exception as error:
        raise UnsupportedError(
            f"the stored campaign cannot be read: {type(error).__name__}",
            "it was written by another version of pushform: use that one, or apply again",
        ) from error


@lru_cache(maxsize=1)
def _converter() -> Converter:
    converter = Converter(omit_if_default=True, forbid_extra_keys=True)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(timedelta, format_duration)
    converter.register_structure_hook(timedelta, lambda text, _: parse_duration(text))
    for union in (Scalar | tuple[Scalar, ...], Scalar, Scalar | None):
        converter.register_unstructure_hook(union, _unstructure_value)
        converter.register_structure_hook(union, _structure_value)
    for cls in _WITH_ORIGIN:
        _leave_out(converter, cls, _ORIGINS)
    _leave_out(converter, template.Template, {**_ORIGINS, "images": override(omit=True)})
    configure_tagged_union(Condition, converter, tag_name="kind")
    configure_tagged_union(ChannelSettings, converter, tag_name="kind")
    _leave_out(
        converter,
        ResolvedCampaign,
        {"written": override(omit=True), "audience_name": override(omit=True)},
    )
    return converter


def _leave_out(converter: Converter, cls: type[Any], overrides: dict[str, Any]) -> None:
    converter.register_unstructure_hook(
        cls, make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True, **overrides)
    )
    converter.register_structure_hook(
        cls, make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True, **overrides)
    )


def _unstructure_value(value: Any) -> Plain:
    if isinstance(value, tuple):
        return [_unstructure_value(item) for item in value]
    return value


def _structure_value(plain: Plain, _: object) -> Any:
    if isinstance(plain, list):
        return tuple(_structure_value(item, _) for item in plain)
    return plain
