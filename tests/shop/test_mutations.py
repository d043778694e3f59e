"""2,000 broken copies of the shop's files: always findings or a clean error, never a traceback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from engine.cli.main import run

ROOT = Path(__file__).parents[2]
ROUNDS = 17
SEEDS = (1, 2, 3, 4)
"""4 × 17 rounds × 30 files: each round breaks every campaign, audience and template of a copy."""

WORDS = (
    *("null", "true", "[]", "{}", "''", '"', "'", "- ", ": ", "#", "&a ", "*a", "!!int ", "<<: "),
    *("{{ ", " }}", "{% for x in y %}", "{{ name.__class__ }}", "{{ 9**9 }}", "|josa", "|-", ">"),
    *("1e999", "-1", "0.05", "5%", "0%", "9" * 400, "2026-02-30 25:61", "2026-09-22 10:00+09:00"),
    *("Asia/Nowhere", "recipient", "30m", "99999999999d", "999999999w", "0/s", "(광고)", "(광 고)"),
    *(
        "everyone",
        "chuseok-sale",
        "loyal-shoppers",
        "no-such-id",
        "sms",
        "kakao",
        "app",
        "ko",
        "xx",
    ),
    *("\0", "\t", "\r", "\u200b", "\ufeff", "\u2028", "\U0001f389", "한글", "뷁", "\ud7a4", "é"),
)


def drop_line(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return "".join(lines)


def repeat_line(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return "".join(lines)


def indent_line(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    lines[at] = " " * rng.randrange(1, 5) + lines[at].lstrip() if rng.random() < 0.5 else lines[at]
    lines[at] = lines[at] if rng.random() < 0.5 else "  " + lines[at]
    return "".join(lines)


def replace_value(text: str, rng: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    key, colon, _ = lines[at].partition(":")
    lines[at] = f"{key}{colon} {rng.choice(WORDS)}\n"
    return "".join(lines)


def insert_word(text: str, rng: Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice(WORDS) + text[at:]


def cut_out(text: str, rng: Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + text[at + rng.randrange(1, 40) :]


def cut_off(text: str, rng: Random) -> str:
    return text[: rng.randrange(len(text))]


def swap_words(text: str, rng: Random) -> str:
    words = text.split(" ")
    one, other = rng.randrange(len(words)), rng.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    *(drop_line, repeat_line, indent_line, replace_value, replace_value),
    *(insert_word, insert_word, cut_out, cut_off, swap_words),
)


def broken(text: str, rng: Random) -> bytes:
    for _ in range(rng.randrange(1, 4)):
        text = rng.choice(MUTATIONS)(text, rng) or "x"
    raw = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.03:
        at = rng.randrange(len(raw))
        raw = raw[:at] + b"\xff\xc3\x28" + raw[at:]
    return raw


def lint(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object], str]:
    words = ["lint", "-C", str(root), "--as-of", "2026-09-20T00:00:00Z", "--format", "json"]
    code = run(words)
    printed = capsys.readouterr()
    return code, json.loads(printed.out), printed.err


@pytest.mark.parametrize("seed", SEEDS)
def test_broken_files_are_findings(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = Random(seed)
    files = {
        path.relative_to(ROOT): path.read_text(encoding="utf-8")
        for folder in ("campaigns", "audiences", "templates")
        for path in sorted((ROOT / folder).rglob("*.yaml"))
    }
    assert len(files) * ROUNDS * len(SEEDS) >= 2_000
    shutil.copytree(ROOT / "audiences" / "data", tmp_path / "audiences" / "data")
    shutil.copy(ROOT / "pushform.yaml", tmp_path)
    for number in range(ROUNDS):
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(broken(text, rng))
        code, answer, errors = lint(tmp_path, capsys)
        assert code == 1, f"seed {seed}, round {number}: {errors}"
        assert answer["exit_code"] == 1
        assert isinstance(answer["findings"], list)
        assert len({finding["path"] for finding in answer["findings"]}) > len(files) / 3


@pytest.mark.parametrize("seed", [11, 12])
def test_a_broken_workspace_is_findings_too(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = Random(seed)
    text = (ROOT / "pushform.yaml").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "campaigns" / "chuseok", tmp_path / "campaigns")
    for number in range(40):
        (tmp_path / "pushform.yaml").write_bytes(broken(text, rng))
        code, answer, errors = lint(tmp_path, capsys)
        assert code in (0, 1), f"seed {seed}, round {number}: {errors}"
        assert answer["kind"] == "findings"
