from __future__ import annotations

import time

import pytest

from engine.kernel.finding import Finding
from engine.workspace.decode import decode
from engine.workspace.document import parse_document


def _only(text: str) -> tuple[str, str, str | None, int | None, int | None]:
    document = parse_document(text, "campaigns/a.yaml")
    (finding,) = document.findings
    return _shown(finding)


def _shown(finding: Finding) -> tuple[str, str, str | None, int | None, int | None]:
    return finding.rule, finding.message, finding.hint, finding.line, finding.column


def test_plain_values_come_back_as_written() -> None:
    text = 'a: 21:00\nb: [NO, +821012345678, "1"]\nc: {d: 2026-09-24, e: 1.5, f: }\ng: |\n  줄\n'
    assert parse_document(text, "x.yaml").data == {
        "a": "21:00",
        "b": ["NO", "+821012345678", "1"],
        "c": {"d": "2026-09-24", "e": 1.5, "f": None},
        "g": "줄\n",
    }
    assert parse_document(text, "x.yaml").findings == ()


def test_a_duplicate_key_is_found_and_the_first_value_stays() -> None:
    document = parse_document("제목: 하나\nb: 1\n제목: 둘\n", "x.yaml")
    assert document.data == {"제목": "하나", "b": 1}
    assert [_shown(finding) for finding in document.findings] == [
        (
            "yaml-duplicate-key",
            "the key `제목` is written twice (first in line 1)",
            "delete one of them",
            3,
            1,
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a: !!python/object:os.system x\n",
            ("yaml-tag", "the tag `!!python/object:os.system` is not read", 1, 4),
        ),
        ("a: ! x\n", ("yaml-tag", "the tag `!` is not read", 1, 4)),
        ("a: &base {b: 1}\n", ("yaml-anchor", "the anchor `&base` is not read", 1, 4)),
        ("a: *base\n", ("yaml-anchor", "the alias `*base` is not read", 1, 4)),
        ("<<: {a: 1}\n", ("yaml-anchor", "the merge key `<<` is not read", 1, 1)),
        ("1: x\n", ("yaml-syntax", "the key `1` is not text", 1, 1)),
        ("true: x\n", ("yaml-syntax", "the key `true` is not text", 1, 1)),
        (
            "? [a]\n: 1\n",
            ("yaml-syntax", "a key must be text, not a list or a mapping", 1, 3),
        ),
        (
            "title: {{ name }}\n",
            ("yaml-syntax", "`{{ … }}` without quotes is a mapping, not text", 1, 9),
        ),
        (
            "a: 1\n---\nb: 2\n",
            ("yaml-syntax", "a second document starts here; one file holds one", 2, 1),
        ),
        ("a:\n\t- 1\n", ("yaml-syntax", "a tab stands where the indentation is", 2, 1)),
        ("제목: 추석: 특가\n", ("yaml-syntax", "a `:` stands where no key can be", 1, 7)),
        ("a: @b\n", ("yaml-syntax", "`@` cannot start a value", 1, 4)),
        ('a: "b\n', ("yaml-syntax", "a quote is not closed", 2, 1)),
        (
            "a: [1, 2\nb: 3\n",
            ("yaml-syntax", "a bracket is not closed, or a comma is missing", 2, 2),
        ),
        (
            "a:\n  b: 1\n c: 2\n",
            (
                "yaml-syntax",
                "this line fits neither the line above nor the block around it",
                3,
                2,
            ),
        ),
        ("", ("yaml-syntax", "the file is empty", None, None)),
        ("# nur ein Kommentar\n", ("yaml-syntax", "the file is empty", None, None)),
    ],
)
def test_a_trap_of_yaml_is_one_finding(
    text: str, expected: tuple[str, str, int | None, int | None]
) -> None:
    rule, message, _, line, column = _only(text)
    assert (rule, message, line, column) == expected


def test_jinja_without_quotes_says_what_to_do() -> None:
    finding = parse_document("title: {{ name }}님, 추석 특가\n", "x.yaml").findings[0]
    assert finding.rule == "yaml-syntax"
    assert finding.hint == 'put text with `{{ … }}` in quotes: "{{ name }}님"'


def test_text_that_only_looks_like_an_anchor_is_text() -> None:
    text = "a: R&D *중요* wow!\nb: 'x &y *z !w'\nc: https://e.com/?a=1&b=2\n"
    assert parse_document(text, "x.yaml").findings == ()


def test_what_follows_an_odd_thing_is_still_read() -> None:
    document = parse_document("a: &x 1\nb: !t 2\n<<: {}\nb: 3\nc: 4\n", "x.yaml")
    assert document.data == {"a": 1, "b": 2, "c": 4}
    assert [finding.rule for finding in document.findings] == [
        "yaml-anchor",
        "yaml-tag",
        "yaml-anchor",
        "yaml-duplicate-key",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 41 + "]" * 41,
        "[" * 100_000,
        "- " * 5_000 + "a",
        "{a: " * 300 + "1" + "}" * 300,
        "\n".join(" " * depth + "a:" for depth in range(300)),
        "? " * 30_000 + "a",
    ],
)
def test_too_much_depth_is_a_finding(text: str) -> None:
    rule, message, *_ = _only(text)
    assert rule == "yaml-bounds"
    assert message == "the file is nested deeper than 40 levels"


def test_forty_levels_are_read() -> None:
    assert parse_document("[" * 40 + "]" * 40, "x.yaml").findings == ()


def test_too_many_values_are_a_finding() -> None:
    rule, message, *_ = _only("[" + "a," * 50_001 + "]")
    assert (rule, message) == ("yaml-bounds", "the file has more than 50,000 values")


def test_an_alias_bomb_ends_quickly() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    start = time.process_time()
    document = parse_document("\n".join(lines), "x.yaml")
    assert time.process_time() - start < 2
    assert document.data is None
    assert document.findings[-1].rule == "yaml-bounds"


def test_an_alias_to_its_own_list_ends() -> None:
    document = parse_document("a: &a [*a]\n", "x.yaml")
    assert document.data is None
    assert {finding.rule for finding in document.findings} == {"yaml-anchor", "yaml-bounds"}


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    text, finding = decode("\ufeffid: a\r\ntitle: 추석\r\n".encode(), "x.yaml")
    assert finding is None
    assert parse_document(text, "x.yaml").data == {"id": "a", "title": "추석"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            "id: a\ntitle: 추석\n".encode("cp949"),
            (
                "yaml-encoding",
                "the byte 0xc3 is not UTF-8",
                "it looks like CP949 (EUC-KR): save it as UTF-8",
                2,
                8,
            ),
        ),
        (
            "id: 추석".encode("utf-16"),
            ("yaml-encoding", "the file is UTF-16, not UTF-8", "save it as UTF-8", 1, 1),
        ),
        (
            "제목: 추석\x00특가".encode(),
            (
                "yaml-encoding",
                "the control character U+0000 is not allowed in a text file",
                "delete it (it is invisible in most editors)",
                1,
                7,
            ),
        ),
        (
            b"a: \xff\xfe\xfa\n",
            ("yaml-encoding", "the byte 0xff is not UTF-8", "save it as UTF-8", 1, 4),
        ),
        (
            b"a: " + b"x" * (1024 * 1024),
            ("yaml-bounds", "the file has 1024 KiB; at most 1024 are read", "split it up", 1, 1),
        ),
    ],
)
def test_bytes_that_are_no_text_are_one_finding(
    raw: bytes, expected: tuple[str, str, str, int, int]
) -> None:
    _, finding = decode(raw, "x.yaml")
    assert finding is not None
    assert _shown(finding) == expected
