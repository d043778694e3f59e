"""Snippets: the carets stand under what they mean, also under Hangul, which is two columns wide."""

from __future__ import annotations

from unicodedata import east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Key, Origin
from engine.kernel.place import count, sort_findings, span_of
from engine.kernel.source import START, Positions, SourceFile, SourceMap, Span


def file(
    text: str,
    values: dict[tuple[Key, ...], Span] | None = None,
    keys: dict[tuple[Key, ...], Span] | None = None,
    path: str = "a.yaml",
) -> SourceFile:
    return SourceFile(path, text, lambda _: Positions(keys=keys or {}, values=values or {}))


def shown(text: str, span: Span) -> list[str]:
    return SourceMap({"a.yaml": file(text)}).snippet("a.yaml", span).split("\n")


def columns(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


@pytest.mark.parametrize(
    ("text", "span", "carets"),
    [
        ("title: 추석 특가", Span(1, 8, 1, 10), "1 | title: 추석 특가\n  |        ^^^^"),
        ("제목: 추석", Span(1, 5, 1, 7), "1 | 제목: 추석\n  |       ^^^^"),
        ("제목: ok", Span(1, 5, 1, 7), "1 | 제목: ok\n  |       ^^"),
        ("\ta: b", Span(1, 5, 1, 6), "1 | \ta: b\n  | \t   ^"),
        ("a: [", Span(1, 5, 1, 6), "1 | a: [\n  |     ^"),
        ("a: 여러\n  줄", Span(1, 4, 2, 3), "1 | a: 여러\n  |    ^^^^"),
    ],
)
def test_carets(text: str, span: Span, carets: str) -> None:
    assert "\n".join(shown(text, span)) == carets


@settings(deadline=None)
@given(
    st.text(st.sampled_from("a: 가힣-「」漢Ａé"), min_size=1, max_size=20),
    st.data(),
)
def test_carets_are_as_wide_as_what_they_mark(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(1, len(text)))
    end = data.draw(st.integers(start + 1, len(text) + 1))

    line, under = shown(text, Span(1, start, 1, end))

    lead, _, carets = under.partition("^")
    assert line == f"1 | {text}"
    assert columns(lead) == columns("1 | " + text[: start - 1])
    assert 1 + len(carets) == columns(text[start - 1 : end - 1])


def test_the_number_of_a_line_moves_its_carets() -> None:
    line, under = shown("\n" * 99 + "a: 추석", Span(100, 4, 100, 6))

    assert (line, under) == ("100 | a: 추석", "    |    ^^^^")


def test_what_is_not_there_has_no_snippet() -> None:
    sources = SourceMap({"a.yaml": file("a: 1\n")})

    assert sources.snippet("b.yaml", START) == ""
    assert sources.snippet("a.yaml", Span(9, 1, 9, 2)) == ""
    assert sources.locate(Origin("b.yaml", ("a",))) == START
    assert sources.get("b.yaml") is None


def test_a_value_is_found_by_its_nearest_ancestor_that_is_written() -> None:
    whole, inner, key = Span(1, 1, 9, 1), Span(2, 3, 2, 8), Span(2, 1, 2, 2)
    source = file("", {(): whole, ("a",): inner}, {("a",): key})
    sources = SourceMap()
    sources.add(source)

    assert sources.locate(Origin("a.yaml", ("a", "b", 0))) == inner
    assert sources.locate(Origin("a.yaml", ("x",))) == whole
    assert sources.locate(Origin("a.yaml", ("a",)), key=True) == key
    assert sources.locate(Origin("a.yaml", ("x",)), key=True) == whole
    assert file("").locate(("a",)) == START
    assert [entry.path for entry in sources] == ["a.yaml"]


def test_positions_are_read_once_and_only_when_asked_for() -> None:
    read: list[str] = []

    def positions(text: str) -> Positions:
        read.append(text)
        return Positions(keys={}, values={})

    source = SourceFile("a.yaml", "a: 1", positions)
    assert read == []
    source.locate(("a",))
    source.locate(("b",))
    assert read == ["a: 1"]


def finding(rule: str, path: tuple[Key, ...] = (), **changes: object) -> Finding:
    values = {"severity": Severity.ERROR, "message": "m", "at": Origin("a.yaml", path)}
    return Finding(rule=rule, **(values | changes))  # type: ignore[arg-type]


def test_findings_stand_in_the_order_of_the_file() -> None:
    sources = SourceMap({"a.yaml": file("", {("x",): Span(5, 1, 5, 2), ("y",): Span(2, 1, 2, 2)})})
    late, early = finding("late", ("x",)), finding("early", ("y",))
    own_line = finding("syntax", line=3)
    warning = finding("w", ("y",), severity=Severity.WARNING)

    ordered = sort_findings([late, own_line, warning, early], sources)

    assert [f.rule for f in ordered] == ["early", "w", "syntax", "late"]
    assert count(ordered) == (3, 1)
    assert span_of(own_line, sources) == Span(3, 1, 3, 2)
