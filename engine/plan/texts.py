"""What changes in what people read: a line diff per channel × locale × jurisdiction × variant."""

from __future__ import annotations

import difflib

from engine.kernel.digest import Plain
from engine.model.kakao import texts_in
from engine.model.plan import TextDiff

_Key = tuple[str, str, str, str]


def diff_texts(before: Plain, after: Plain) -> tuple[TextDiff, ...]:
    """Compare the samples of two stored forms (`before` may be None); equal messages are left out."""
    old, new = _by_key(before), _by_key(after)
    result = []
    for key in sorted({*old, *new}):
        a, b = _lines(old.get(key)), _lines(new.get(key))
        if a == b:
            continue
        lines = tuple(line for line in difflib.ndiff(a, b) if not line.startswith("? "))
        channel, locale, jurisdiction, variant = key
        result.append(
            TextDiff(
                channel=channel,
                locale=locale,
                jurisdiction=jurisdiction,
                variant=variant,
                lines=tuple(line.rstrip("\n") for line in lines),
            )
        )
    return tuple(result)


def count_samples(stored: Plain) -> int:
    """Return how many messages were rendered over samples."""
    return len(_by_key(stored))


def _by_key(stored: Plain) -> dict[_Key, Plain]:
    if stored is None:
        return {}
    return {
        (
            sample["channel"],
            sample["locale"],
            sample["jurisdiction"],
            sample["variant"],
        ): sample
        for sample in stored["samples"]
        if "channel" in sample
    }


def _lines(sample: Plain) -> list[str]:
    if sample is None:
        return []
    lines = []
    for field in ("title", "body", "image", "link"):
        text = sample.get(field)
        if text:
            first, *rest = text.splitlines() or [""]
            lines.append(f"{field:<6} {first}")
            lines.extend(f"{'':<6} {line}" for line in rest)
    lines.extend(
        f"button {button['name']} → {button['link'] or ''}".rstrip()
        for button in sample.get("buttons", ())
    )
    lines.extend(
        f"{'.'.join(map(str, path))} {line}"
        for path, text in texts_in(sample.get("kakao"))
        for line in text.splitlines()
    )
    return lines
