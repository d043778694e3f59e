"""Guards and what the plan finds, in Korean."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import plan as room
from engine.plan.korean import KOREAN

HANGUL = re.compile(r"[가-힣]")


def _literal(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "7" for part in node.values]
        return "".join(map(str, parts))
    if isinstance(node, ast.IfExp):
        return _literal(node.orelse)
    return None


def said() -> Iterator[str]:
    """Yield every message and hint that guards.py writes out."""
    source = (Path(next(iter(room.__path__))) / "guards.py").read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        texts: list[ast.AST] = []
        named = node.arg if isinstance(node, ast.keyword) else None
        if isinstance(node, ast.Assign):
            named = getattr(node.targets[0], "id", None)
        if isinstance(node, ast.keyword | ast.Assign) and named in ("message", "hint"):
            texts = [node.value]
        yield from (words for text in texts if (words := _literal(text)))


@pytest.mark.parametrize("words", sorted(set(said())))
def test_every_guard_has_korean_words(words: str) -> None:
    assert HANGUL.search(KOREAN.find(words) or "")


@pytest.mark.parametrize(
    ("words", "korean"),
    [
        ("1,601 recipients, limit 1,500", "받는 사람 1,601명, 한도 1,500명"),
        (
            "audience 100 → 140 people (+40.0%), limit +30%",
            "오디언스 100 → 140명(+40.0%), 한도 +30%",
        ),
        (
            "sms ko KR default: for the longest values of 3 people the body takes 97 bytes; sms carries 90",
            "sms ko KR default: 가장 긴 값을 가진 3명에게서 본문: 97 바이트. sms 채널의 한도는 90입니다",
        ),
        (
            "12 of 100 people have no `derived.item`, they are skipped",
            "100명 가운데 12명에게 `derived.item` 값이 없습니다. 그 사람들은 건너뜁니다",
        ),
        (
            "if this is meant, add to campaign `a`: acknowledge: [{limit: x}]",
            "뜻한 것이라면 캠페인 `a`에 더하세요: acknowledge: [{limit: x}]",
        ),
    ],
)
def test_a_guard_keeps_its_numbers(words: str, korean: str) -> None:
    assert KOREAN.find(words) == korean
