"""A rule's page, as `pushform rule ID` prints it: what, why, article, examples.

The docstring of a rule is its page. What stands under its last heading, `## 한국어`, is the page for
those who read Korean.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from datetime import date

from engine.kernel.finding import Confidence, Severity
from engine.kernel.frozen import frozen
from engine.kernel.language import Language
from engine.law.book import last_checked
from engine.lint.rule import Example, Good, Rule, Setting

KOREAN = "## 한국어"
_LONG = 600
"""Above this many characters a line of an example says nothing more: it repeats a word."""


@frozen
class _Labels:
    """What a page says around the rule's own words; the facts' names with the blanks behind them."""

    severity: str
    law_of: str
    rests_on: str
    confidence: str
    since: str
    in_force: str
    today: str
    ignorable: str
    passes: str
    fails: str
    fragments: str
    severities: Mapping[str, str]
    confidences: Mapping[str, str]


_LABELS: Mapping[Language, _Labels] = {
    Language.EN: _Labels(
        severity="severity    ",
        law_of="law of      ",
        rests_on="rests on    ",
        confidence="confidence  ",
        since="since       ",
        in_force="in force    ",
        today="today",
        ignorable="a comment with a reason may ignore it",
        passes="Passes",
        fails="Fails",
        fragments="The fragments are laid over a workspace that passes; `null` takes a key away.",
        severities={one.value: one.value for one in Severity},
        confidences={one.value: one.value for one in Confidence},
    ),
    Language.KO: _Labels(
        severity="심각도    ",
        law_of="적용 국가 ",
        rests_on="근거      ",
        confidence="확실성    ",
        since="도입 버전 ",
        in_force="시행 기간 ",
        today="현재",
        ignorable="이유를 적은 주석으로 무시할 수 있습니다",
        passes="통과하는 예",
        fails="걸리는 예",
        fragments="예시 조각은 규칙을 지키는 작업 공간 위에 덮어씁니다. `null`은 그 키를 뺍니다.",
        severities={Severity.ERROR: "오류", Severity.WARNING: "경고"},
        confidences={
            Confidence.STATUTE: "법령",
            Confidence.GUIDANCE: "지침",
            Confidence.PRACTICE: "실무",
        },
    ),
}


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
    said = _LABELS[language]
    ignorable = f" ({said.ignorable})" if meta.may_be_ignored(on) else ""
    facts = [
        f"{said.severity}{said.severities[meta.severity]}",
        f"{said.rests_on}{citation.named(language)}",
        f"{said.confidence}{said.confidences[citation.confidence]}{ignorable}",
        f"{said.since}{meta.since}",
    ]
    if meta.jurisdictions:
        facts.insert(1, f"{said.law_of}{', '.join(sorted(meta.jurisdictions))}")
    if period is not None:
        facts.append(f"{said.in_force}{period[0]} – {period[1] or said.today}")
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
            f"## {said.passes}",
            *example_lines(good),
            "",
            f"## {said.fails}",
            *example_lines(bad),
            "",
            said.fragments,
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
