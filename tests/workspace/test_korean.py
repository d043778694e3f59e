"""Whatever the reader says, it says in Korean too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import workspace
from engine.kernel.finding import Finding, Severity
from engine.kernel.instant import parse_date, parse_duration, parse_instant, parse_local
from engine.kernel.origin import Origin
from engine.workspace.korean import KOREAN, in_korean
from engine.workspace.read import read_workspace
from engine.workspace.syntax import _KNOWN
from engine.workspace.values import parse_growth, parse_phone, parse_rate, parse_share
from tests.workspace.small import load

ROOM = Path(next(iter(workspace.__path__)))
SILENT = {"testers.py", "fmt.py", "amended.py", "init.py", "drafts.py", "copy_campaign.py"}
"""Files whose words stop a command instead of being a finding."""
PIECES = {
    "`7`: 7",
    "the key `7` is unknown7",
    "7 is `7`, but must be 7 7",
    "7 has 7 7, but must have 7 7",
    "the template `7` needs `7`, but no audience of ",
}
"""Sentences whose slots make the difference; they are tried whole below."""
HANGUL = re.compile(r"[가-힣]")


def literal(node: ast.AST) -> str | None:
    """Return a text as it is written, with `7` in every slot; None for what is no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "7" for part in node.values]
        return "".join(map(str, parts))
    return None


def said() -> Iterator[tuple[str, str]]:
    """Yield (file, text) of every message and hint that the room writes out."""
    for path in sorted(ROOM.glob("*.py")):
        if path.name in SILENT:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            texts: list[ast.AST] = []
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if node.targets[0].id in ("message", "hint"):
                    texts = [node.value]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr == "value" and len(node.args) > 1:
                    texts = [node.args[0], *node.args[2:3]]
                elif node.func.attr == "add" and len(node.args) > 2:
                    texts = [node.args[1], *node.args[3:4]]
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                texts = list(node.value.elts) if path.name == "wording.py" else []
            for text in texts:
                words = literal(text)
                if words and " " in words and words not in PIECES:
                    yield path.name, words


@pytest.mark.parametrize(("file", "words"), sorted(set(said())))
def test_every_text_of_the_room_has_korean_words(file: str, words: str) -> None:
    found = KOREAN.find(words)
    assert found is not None, file
    assert HANGUL.search(found)
    assert not re.search(r"\{\d?\}", found)


@pytest.mark.parametrize(
    ("words", "korean"),
    [
        ("the key `a` is unknown", "모르는 키입니다: `a`"),
        ("the key `a` is unknown in `b.c`", "`b.c`에 모르는 키가 있습니다: `a`"),
        ("`a` is `3`, but must be at least 5", "`a`의 값이 `3`입니다. 5 이상이어야 합니다"),
        ("`a` is empty, but must be a whole number", "`a`이(가) 비어 있습니다. 정수이어야 합니다"),
        ("`a` has 3 items, but must have at most 2", "`a`은(는) 3개입니다. 2 이하여야 합니다"),
        (
            "the template `a` needs `derived.b`, but no audience of `c` derives `b`",
            "템플릿 `a`에 `derived.b`이(가) 필요하지만 `c`의 오디언스는 `b`을(를) 만들지 않습니다",
        ),
    ],
)
def test_a_sentence_is_whole_in_korean(words: str, korean: str) -> None:
    assert KOREAN.find(words) == korean


@pytest.mark.parametrize("known", _KNOWN)
def test_every_syntax_error_has_korean_words(known: tuple[str, str, str]) -> None:
    for words in known[1:]:
        assert HANGUL.search(KOREAN.find(words.replace("{character}", "`%`")) or "")


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_instant, "2026-01-01T09:00:00"),
        (parse_local, "어제"),
        (parse_date, "2026-02-30"),
        (parse_date, "1200-01-01"),
        (parse_duration, "한 시간"),
        (parse_duration, "99999d"),
        (parse_share, "150%"),
        (parse_growth, "반"),
        (parse_rate, "0/s"),
        (parse_phone, "전화"),
    ],
)
def test_what_a_value_cannot_be_is_said_in_korean(parse: object, text: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse(text)  # type: ignore[operator]
    found = KOREAN.find(f"`schedule.at`: {caught.value}") or ""
    assert HANGUL.search(found.replace(text, ""))
    assert found.startswith("`schedule.at`: ")


def test_a_schema_error_speaks_korean_down_to_the_kind_of_value(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        {"audiences/vip.yaml": "kind: audience\nid: vip\nwhere: 5\ntitle: [가, 나]\nexpekt: {}\n"},
    )
    words = [f.korean.message for f in loaded.findings if f.korean is not None]
    assert len(words) == len(loaded.findings) == 3
    assert "`title`의 값이 목록입니다. 글자이어야 합니다" in words
    assert "`where`의 값이 숫자 `5`입니다. 키와 값의 묶음이어야 합니다" in words
    hints = [f.korean.hint for f in loaded.findings if f.korean is not None]
    assert "혹시 `expect`인가요?" in hints


def test_what_stands_in_backticks_is_nobodys_to_translate() -> None:
    assert KOREAN.find("the audience `a list` does not exist") == "오디언스 `a list`이(가) 없습니다"


def test_what_nobody_translated_stays_english() -> None:
    found = Finding(rule="x", severity=Severity.ERROR, message="one or two", at=Origin("a.yaml"))
    assert in_korean([found]) == (found,)


def test_a_workspace_without_mistakes_says_nothing(tmp_path: Path) -> None:
    load(tmp_path, {})
    assert read_workspace(tmp_path, None).findings == ()
