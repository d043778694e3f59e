"""A rule's page, as `pushform rule ID` prints it: what, why, article, examples.

The docstring of a rule is its page. What stands under its last heading, `## 한국어`, is the page for
those who read Korean.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable
from datetime import date

from engine.kernel.language import Language
from engine.law.book import last_checked
from engine.lint.rule import Example, Good, Rule, Setting

KOREAN = "## 한국어"
_LONG = 600
"""Above this many characters a line of an example says nothing more: it repeats a word."""


def split_page(rule: Rule) -> tuple[str, str | None]:
    """Return what the docstring of `rule` says in English and, if it does, in Korean."""
    english, _, korean = inspect.cleandoc(rule.__doc__ or "").partition(KOREAN)
    return english.strip(), korean.strip() or None


def render_rule_page(rule: Rule, on: date | None = None, language: Language = Language.EN) -> str:
    """Return the page of `rule` as Markdown, with the provision that is in force on `on`.

    Without a day: as the tables were last checked.
    """
    on = on or last_checked()
    meta = rule.META
    english, korean = split_page(rule)
    text = korean if language is Language.KO and korean else english
    citation, period = meta.citation(on), meta.period(on)
    facts = [
        f"severity    {meta.severity}",
        f"rests on    {citation.named(language)}",
        f"confidence  {citation.confidence}"
        + ("" if citation.confidence == "statute" else " (a comment with a reason may ignore it)"),
        f"since       {meta.since}",
    ]
    if meta.jurisdictions:
        facts.insert(1, f"law of      {', '.join(sorted(meta.jurisdictions))}")
    if period is not None:
        facts.append(f"in force    {period[0]} – {period[1] or 'today'}")
    good = [example for example in rule.EXAMPLES if isinstance(example, Good)]
    bad = [example for example in rule.EXAMPLES if not isinstance(example, Good)]
    return "\n".join(
        [
            f"# {meta.id}",
            "",
            *facts,
            "",
            text,
            "",
            "## Passes",
            *example_lines(good),
            "",
            "## Fails",
            *example_lines(bad),
            "",
            "The fragments are laid over a workspace that passes; `null` takes a key away.",
        ]
    )


def example_lines(examples: Iterable[Example]) -> list[str]:
    """Return `examples` as indented lines of Markdown; of a very long one only how it begins."""
    lines: list[str] = []
    for example in examples:
        lines.append("")
        lines.extend(f"    {_short(line)}" for line in example.yaml.strip().splitlines())
        lines.extend(f"    # {note}" for note in _notes(example.setting))
        if not isinstance(example, Good):
            place = ".".join(map(str, example.at))
            says = f": … {example.says} …" if example.says else ""
            lines.append(f"    → {place}{says}")
    return lines


def _short(line: str) -> str:
    return line if len(line) <= _LONG else f"{line[: _LONG - 40]}… ({len(line):,} characters)"


def _notes(setting: Setting) -> list[str]:
    notes = []
    if setting.as_of != Setting().as_of:
        notes.append(f"linted as of {setting.as_of}")
    if not setting.changed:
        notes.append("not touched by this change")
    if setting.reported:
        notes.append("has a report")
    if setting.tracked:
        notes.append(f"git tracks {', '.join(setting.tracked)}")
    if setting.composed:
        text = " / ".join(f"{k}: {v}" for k, v in setting.composed.items())
        notes.append(f"had the composer made {text}")
    if setting.vendor:
        said = json.dumps(setting.vendor, ensure_ascii=False)
        notes.append(f"had the vendor said {said}")
    return notes
