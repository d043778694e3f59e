"""`--lang ko` of the commands around a plan: what they print is Korean, what machines read is not."""

from __future__ import annotations

import ast
import json
import re
import string
from pathlib import Path

import pytest

from engine import cli as room
from engine.cli.korean import KOREAN
from engine.model.delivery import FailReason, SkipReason
from tests.cli_run import pushform
from tests.end_to_end.small import Shop

HANGUL = re.compile(r"[가-힣]")
ROOM = Path(next(iter(room.__path__)))
FILES = ("plan", "show", "apply", "preview", "send_test")


def said(name: str) -> set[str]:
    """Return the texts that a file hands to `say` and `name`, also through a variable `told`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOM / name).read_text("utf-8"))):
        values: list[ast.AST] = []
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("say", "name"):
            values = [one for one in node.args[:1] if not isinstance(one, ast.BinOp)]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in (
            "told",
            "head",
            "_NO_PHONE",
        ):
            values = [node.value]
        found |= {
            inner.value
            for value in values
            for inner in ast.walk(value)
            if isinstance(inner, ast.Constant)
            and isinstance(inner.value, str)
            and inner.value not in ("action", "locale", "campaign")
        }
    return found


SAID = set().union(*(said(f"cmd_{name}.py") for name in FILES), said("preview_text.py"))


@pytest.mark.parametrize("english", sorted({*SAID, *SkipReason, *FailReason}))
def test_whatever_is_said_has_korean_words(english: str) -> None:
    korean = KOREAN[english]
    assert HANGUL.search(korean)
    assert slots(korean) == slots(english)
    assert not re.search(r"[은을이와]\([는를가과]\)", korean)


def slots(text: str) -> set[tuple[str | None, str | None]]:
    return {(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name}


def test_the_way_from_plan_to_apply_is_korean(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=3)
    file = tmp_path / "plan.json"

    planned = shop.run("plan", "--lang", "ko", "--out", str(file), as_of=shop.planned)
    assert "계획: 새 예약 1건" in planned.out
    assert f"{file} 파일을 썼습니다. 다음: pushform apply {file}" in planned.err
    shown = pushform("show", file, "--lang", "ko")
    assert shown.out.startswith("sandbox 환경의 계획, 기준 시각 ")
    assert "새 예약" in shown.out
    assert "적용 가능    예" in shown.out
    printed = pushform("show", file, "--lang", "ko", "--format", "json").out
    assert json.loads(printed) == json.loads(file.read_text("utf-8"))
    applied = shop.run("apply", str(file), "--lang", "ko", as_of=shop.planned)
    assert re.match(r"적용     새 예약    \S+  sha256:", applied.out)
    assert "상태 #1" in applied.err


def test_a_preview_is_korean_around_what_people_read(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    (campaign,) = (path.stem for path in (tmp_path / "campaigns").rglob("*.yaml"))

    korean = shop.run("preview", campaign, "--lang", "ko", as_of=shop.planned).out
    english = shop.run("preview", campaign, as_of=shop.planned).out
    assert "── 앱 푸시 · ko · KR" in korean
    assert re.search(r"전송 크기 \d+/4096바이트", korean)
    assert re.search(r"payload \d+/4096 bytes", english)
    body = [line for line in english.splitlines() if "(광고)" in line or "→" in line]
    assert body
    assert [line for line in body if line not in korean] == []
    nothing = shop.run("preview", campaign, "--locale", "fr", "--lang", "ko", as_of=shop.planned)
    assert nothing.out == "조건에 맞는 메시지가 없습니다\n"
    sheet = shop.run("preview", campaign, "--format", "html", "--lang", "en", as_of=shop.planned)
    assert '<html lang="en"' in sheet.out


TESTERS = """\
- name: 민지
  addresses: {app: {platform: android, token: ok-minji-token}}
  consent: {app: yes}
- name: 하니
  addresses: {app: {platform: ios, fid: fid-hani-00001}}
  consent: {app: no}
"""


def test_a_test_is_told_in_korean(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    config = tmp_path / "pushform.yaml"
    config.write_text(config.read_text("utf-8") + "testers: testers.yaml\n", "utf-8")
    (tmp_path / "testers.yaml").write_text(TESTERS, "utf-8")

    noon = "2026-09-20T03:00:00Z"
    sent = shop.run("send-test", "sale", "--all", "--lang", "ko", as_of=noon)
    assert "민지  앱 푸시/ko/default  보냄\n" in sent.out
    assert "하니  앱 푸시/ko/default  건너뜀 (수신 미동의)\n" in sent.out
    assert "테스트 메시지 2건 중 1건을 보냈습니다. 테스트한 내용: sha256:" in sent.out
    assert "샌드박스라서 실제 기기로는 보내지 않습니다." in sent.err
