from __future__ import annotations

from engine.kernel.origin import Origin
from engine.kernel.source import SourceFile, SourceMap, Span
from engine.workspace.positions import Comment, read_comments, read_positions

TEXT = """\
kind: template
제목: {언어: 한국어, 본문: ["가나다", 라마]}
글: |
  # pushform: ignore[x] 이것은 글
  둘째 줄
빈칸:
끝: 값  # pushform: ignore[kr-night-cutoff] 방송; until 2026-09-30
"""


def _source() -> SourceFile:
    return SourceFile("templates/a.yaml", TEXT, read_positions)


def test_keys_and_values_have_spans_in_code_points() -> None:
    positions = _source().positions
    assert positions.keys[("제목",)] == Span(2, 1, 2, 3)
    assert positions.keys[("제목", "본문")] == Span(2, 15, 2, 17)
    assert positions.values[("제목", "언어")] == Span(2, 10, 2, 13)
    assert positions.values[("제목", "본문", 0)] == Span(2, 20, 2, 25)
    assert positions.values[("제목", "본문", 1)] == Span(2, 27, 2, 29)
    assert positions.values[("글",)].line == 3


def test_a_span_holds_the_text_of_its_value() -> None:
    source = _source()
    for path, text in ((("제목", "본문", 1), "라마"), (("제목", "언어"), "한국어")):
        span = source.positions.values[path]
        assert source.line(span.line)[span.column - 1 : span.end_column - 1] == text


def test_what_is_not_written_points_to_its_parent() -> None:
    sources = SourceMap({"templates/a.yaml": _source()})
    assert sources.locate(Origin("templates/a.yaml", ("제목", "없음"))).line == 2
    assert sources.locate(Origin("templates/a.yaml", ("없음",))).line == 1


def test_the_caret_stands_under_wide_text() -> None:
    source = SourceFile("a.yaml", "{제목: 추석 특가, 값: 하나}\n", read_positions)
    sources = SourceMap({"a.yaml": source})
    span = sources.locate(Origin("a.yaml", ("제목",)))
    assert sources.snippet("a.yaml", span) == (
        "1 | {제목: 추석 특가, 값: 하나}\n"
        "  |        ^^^^^^^^^"
    )  # fmt: skip


def test_a_comment_is_found_and_text_that_looks_like_one_is_not() -> None:
    assert read_comments(_source()) == (
        Comment(
            file="templates/a.yaml",
            line=7,
            text="pushform: ignore[kr-night-cutoff] 방송; until 2026-09-30",
        ),
    )


def test_a_hash_inside_quotes_is_no_comment() -> None:
    text = "a: 'b # pushform: ignore[x] y'\n# pushform: ignore[y] z\n"
    found = read_comments(SourceFile("a.yaml", text, read_positions))
    assert [(comment.line, comment.text) for comment in found] == [(2, "pushform: ignore[y] z")]


def test_broken_yaml_has_no_positions() -> None:
    assert read_positions("a: [") == read_positions("[" * 100_000)
