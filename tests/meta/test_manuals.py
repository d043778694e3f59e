"""The documents that are made from the program say what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.main import COMMANDS
from engine.cli.manual import ROOT, all_rules_manual, cli_manual, main, out_of_date
from engine.law.book import all_provisions
from engine.lint.catalog import RULES
from engine.lint.impossible import IMPOSSIBLE
from engine.lint.law_manual import law_manual
from engine.lint.manual import GROUPS, group_of, rules_manual
from engine.workspace.pages import PAGES


def test_what_is_in_git_is_what_would_be_made() -> None:
    # In a process of its own: click lets a command keep the help option of its first caller.
    check = [sys.executable, "-m", "engine.cli.manual", "--check"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), "run `make docs`"


def test_every_rule_has_its_page_and_its_line_in_the_contents() -> None:
    text = rules_manual()
    for rule in RULES:
        assert f"\n### {rule.META.id}\n" in text
        assert text.count(f"(#{rule.META.id})") == 1
    assert len(re.findall(r"^### ", text, re.MULTILINE)) == len(RULES)


@pytest.mark.parametrize(
    ("id_", "title"),
    [
        ("kr-ad-label-missing", GROUPS[0].title),
        ("kr-night-window", "Time"),
        ("kakao-brand-window", "Time"),
        ("kr-consent-filter-missing", "Type, consent and audience in Korea"),
        ("alimtalk-advertising", "KakaoTalk"),
        ("fcm-payload-size", "Push"),
        ("template-syntax", "Files and templates"),
    ],
)
def test_a_rule_stands_in_its_chapter(id_: str, title: str) -> None:
    assert group_of(id_).title == title


ABSENT = (
    *("kr-night-ttl", "kr-night-retry", "vendor-horizon", "fcm-data-key", "fcm-ttl"),
    *("apns-collapse-id", "webpush-ttl", "webpush-topic", "schedule-yaml-sexagesimal"),
    *("fallback-ad-rules", "sms-contenttype-ad"),
)


def test_what_no_file_can_violate_says_why_in_both_languages() -> None:
    text = rules_manual()
    chapter = text.partition("\n## What no file can violate\n")[2]
    assert "](#what-no-file-can-violate) · " in text
    assert "\n## " not in chapter
    for id_ in ABSENT:
        assert chapter.count(f"`{id_}`") == 1
    named = [id_ for one in IMPOSSIBLE for id_ in one.ids]
    assert sorted(named) == sorted(ABSENT)
    assert not {rule.META.id for rule in RULES}.intersection(named)
    assert all(re.search("[가-힣]", one.why_ko) for one in IMPOSSIBLE)


def test_what_the_reader_finds_stands_behind_the_rules() -> None:
    text = all_rules_manual()
    chapter = text[text.index("\n## What the reader finds\n") :]
    assert "\n## " not in chapter[1:].partition("\n")[2]
    pages = re.findall(r"^### (.+)$", chapter, re.MULTILINE)
    assert pages == [*(page.id for page in PAGES), "campaign-immutable"]
    assert chapter.count("**한국어.** ") == len(pages)
    assert text.startswith(rules_manual().partition("\n## ")[0])


def test_a_page_holds_both_languages_and_what_it_rests_on() -> None:
    text = rules_manual()
    page = text[text.index("\n### kr-ad-optout-missing\n") :].partition("\n### ")[2]
    page = page.partition("\n### ")[0]
    assert "statute: 정보통신망법" in page
    assert "**What.** The composed text" in page
    assert "**한국어.** 한국 수신자에게" in page
    assert "→ workspace.sender.opt_out: … no opt-out for app …" in page


def test_every_row_of_the_book_is_there_with_its_doubt() -> None:
    rows = [line for line in law_manual().splitlines() if line.startswith("| `")]
    assert len(rows) == len(all_provisions())
    assert sum("| ⚠ " in row for row in rows) == sum(row.doubtful for row in all_provisions())
    assert all(len(re.split(r"(?<!\\)\|", row)) == 9 for row in rows)


def test_every_command_is_there() -> None:
    text = cli_manual()
    for name in COMMANDS:
        assert f"\n## pushform {name}\n" in text
        assert f"Usage: pushform {name} " in text
    assert "### pushform new campaign" in text
    assert text.count("  -h, --help ") >= len(COMMANDS)


def test_what_is_out_of_date_is_named_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr("engine.cli.manual.ROOT", tmp_path)
    monkeypatch.setattr("engine.cli.manual.MANUALS", {"docs/law.md": law_manual})
    monkeypatch.setattr(out_of_date, "__defaults__", (tmp_path,))
    assert main(["--check"]) == 1
    assert "out of date: docs/law.md" in capsys.readouterr().out
    assert main(["--help"]) == 2
    assert "usage: python -m engine.cli.manual [--check]" in capsys.readouterr().err
    assert not (tmp_path / "docs/law.md").exists()
    assert main([]) == 0
    assert (tmp_path / "docs/law.md").read_text(encoding="utf-8") == law_manual()
    assert main(["--check"]) == 0
