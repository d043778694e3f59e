"""`report.svg`: the books as one bar, drawn without a library so that every run gives equal bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from engine.model.report import Books, Report

_WIDTH, _BAR, _LEFT = 640, 28, 96
_FONT = "'Noto Sans CJK KR','Noto Sans KR','Apple SD Gothic Neo',sans-serif"
_ALLOWED = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may stand in a document (XML 1.0, production 2)."""

_PARTS = (
    ("sent", "#2e7d32"),
    ("held out", "#5c6bc0"),
    ("skipped", "#9e9e9e"),
    ("failed", "#c62828"),
    ("unknown", "#ef6c00"),
    ("pending", "#cfd8dc"),
)


def report_svg(report: Report) -> str:
    """Return the chart of a report: people and deliveries, each as a bar of its parts."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + _LEFT + 16} 168" '
        f'role="img" font-family="{_FONT}" font-size="13">'
    )
    yield f"<title>{escape(_xml(report.title))}: {report.user.sent} / {report.user.targeted}</title>"
    yield '<rect width="100%" height="100%" fill="#ffffff"/>'
    for index, (name, books) in enumerate((("people", report.user), ("deliveries", report.device))):
        top = 16 + index * 48
        yield f'<text x="{_LEFT - 8}" y="{top + 19}" text-anchor="end">{name}</text>'
        yield from _bar(books, top)
    for index, (name, colour) in enumerate(_PARTS):
        x = _LEFT + index * 104
        yield f'<rect x="{x}" y="124" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 18}" y="135">{name}</text>'
    yield "</svg>"


def _xml(text: str) -> str:
    """Return `text` without the characters that XML 1.0 does not allow."""
    return "".join(c if _ALLOWED.match(c) else "\ufffd" for c in text)


def _bar(books: Books, top: int) -> Iterator[str]:
    sizes = {
        "sent": books.sent,
        "held out": books.held_out,
        "skipped": sum(books.skipped.values()),
        "failed": sum(books.failed.values()),
        "unknown": books.unknown,
        "pending": max(0, books.pending),
    }
    whole = sum(sizes.values())
    left = float(_LEFT)
    for name, colour in _PARTS:
        width = _WIDTH * sizes[name] / whole if whole else 0.0
        if width:
            yield (
                f'<rect x="{left:.2f}" y="{top}" width="{width:.2f}" height="{_BAR}" '
                f'fill="{colour}"><title>{name} {sizes[name]}</title></rect>'
            )
        if width > 44:
            ink = "#000000" if name == "pending" else "#ffffff"
            yield (
                f'<text x="{left + width / 2:.2f}" y="{top + 19}" text-anchor="middle" '
                f'fill="{ink}">{sizes[name]:,}</text>'
            )
        left += width
    if not whole:
        yield f'<text x="{_LEFT}" y="{top + 19}" fill="#616161">0</text>'
