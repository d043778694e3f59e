"""The page of a finding of the reader: what stands on it, and its text."""

from __future__ import annotations

from engine.kernel.frozen import frozen
from engine.kernel.language import Language


@frozen
class Shown:
    """A file, and for a bad one the line of the finding and a part of its message.

    `text` is added to the file as it is where `appended`, else it is the file.
    """

    text: str
    file: str = "audiences/example.yaml"
    line: int = 0
    says: str = ""
    appended: bool = False


@frozen
class ReaderPage:
    """One finding of the reader: always an error, and no comment can ignore it."""

    id: str
    title: str
    title_ko: str
    korean: str
    """The page for those who read Korean."""
    what: str
    why: str
    fix: str
    good: tuple[Shown, ...]
    bad: tuple[Shown, ...]


def render_reader_page(page: ReaderPage, language: Language = Language.EN) -> str:
    """Return the page as Markdown, in the form of the lint rules' pages."""
    lines = [
        f"# {page.id}",
        "",
        "severity    error",
        "rests on    what the reader needs (no comment can ignore it)",
        "",
    ]
    if language is Language.KO:
        lines += [f"{page.title_ko}.", "", page.korean]
    else:
        lines += [f"{page.title[:1].upper()}{page.title[1:]}."]
        for name, text in (("What", page.what), ("Why", page.why), ("Fix", page.fix)):
            lines += ["", f"## {name}", text]
    for name, examples in (("Passes", page.good), ("Fails", page.bad)):
        lines += ["", f"## {name}"]
        for shown in examples:
            lines += ["", f"    # {shown.file}"]
            lines += [f"    {_short(line)}" for line in shown.text.splitlines()]
            if shown.line:
                lines.append(
                    f"    → line {shown.line}{f': … {shown.says} …' if shown.says else ''}"
                )
    return "\n".join(lines)


def _short(line: str) -> str:
    visible = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in line)
    return visible if len(visible) <= 90 else f"{visible[:80]}… ({len(visible):,} characters)"
