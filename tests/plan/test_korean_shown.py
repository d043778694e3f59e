"""A plan in Korean: every sentence and label, in the text, on the pull request, and in no JSON."""

from __future__ import annotations

import ast
import re
import string
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine import plan as room
from engine.kernel.digest import canonical
from engine.kernel.errors import ExitCode
from engine.kernel.finding import Finding, Severity
from engine.kernel.language import Language
from engine.kernel.origin import NOWHERE
from engine.kernel.speech import Speech, pad
from engine.model.channel import Channel
from engine.model.delivery import SkipReason
from engine.model.plan import Action, Category, Cost, Ignored, Plan
from engine.plan.as_json import plan_document
from engine.plan.as_markdown import plan_markdown
from engine.plan.as_text import plan_text
from engine.plan.korean import in_korean
from engine.plan.sentences import KOREAN
from tests.plan.making import ID, at, plan_of, wanted
from tests.plan.test_going import BOTH, NIGHT, planned
from tests.plan.test_shown import every_kind, saying

HANGUL = re.compile(r"[가-힣]")
ROOM = Path(next(iter(room.__path__)))


def constants(name: str) -> set[str]:
    """Return the texts that a module of the room says: arguments of `say`, `name`, `row`; `told`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOM / name).read_text("utf-8"))):
        said: list[ast.AST] = []
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("say", "name", "row"):
            said = node.args[:1]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in (
            "told",
            "verdict",
            "untested",
        ):
            said = [node.value]
        for one in said:
            found |= {
                inner.value
                for inner in ast.walk(one)
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
            }
    return found


SAID = set().union(*map(constants, ("as_text.py", "as_markdown.py", "people_text.py", "view.py")))
NAMES: set[str] = {
    *(action for action in Action if action is not Action.NONE),
    *Category,
    *Channel,
    *SkipReason,
    "exact",
    "language",
    "workspace",
}


@pytest.mark.parametrize("english", sorted(SAID | NAMES))
def test_whatever_is_said_has_korean_words(english: str) -> None:
    korean = KOREAN[english]
    assert HANGUL.search(korean) or korean == english
    assert slots(korean) == slots(english)
    assert not re.search(r"[은을이와]\([는를가과]\)", korean)


def slots(text: str) -> set[tuple[str | None, str | None]]:
    return {(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name}


def rich() -> Plan:
    """Return a plan that has something of everything."""
    plan = planned(
        NIGHT,
        at("2026-09-24 22:00", night_consented_only=True),
        people=BOTH,
        overdue={Channel.APP: 12},
        held_out=3,
    )
    (change,) = plan.changes
    cost = Cost(
        channel=Channel.SMS,
        kind="lms",
        messages=100,
        price=Decimal("25.9"),
        total=Decimal(2590),
        currency="KRW",
        at_most=True,
    )
    ignored = Ignored(rule="fallback-missing", reason="친구에게만", until=date(2026, 12, 31))
    changed = replace(
        change,
        costs=(cost,),
        ignored=(ignored,),
        samples_equal=4,
        differences=tuple(f"key{number}" for number in range(14)),
        reason="file: the file was deleted",
    )
    return replace(plan, changes=(changed,))


def korean(plan: Plan) -> str:
    return plan_text(plan, "Asia/Seoul", Language.KO)


LINES = (
    "+ chuseok-sale  추석 특가  새 예약 [내용, 오디언스, 시각, 발송 범위, 법적 사항]",
    "    이유       파일: 파일이 삭제되었습니다",
    "    종료       2026-09-24 22:02 KST (2026-09-24T13:02:02Z)쯤",
    (
        "    시간 밖    1,400건은 그때가 발송 가능 시간이 아니어서 건너뜁니다"
        "(그중 1,400건은 야간 수신 동의 없음)"
    ),
    "    병합 기한  2026-09-24 21:00 KST (2026-09-24T12:00:00Z) (4일 12시간 뒤)",
    "    오디언스   1,000명, 그중 이 시각에는 360명이 받습니다(발송 가능 시간이라면 900명)",
    "      앱 푸시  800명, 메시지 1,200건 중 400건이 나갑니다. 제외: 꺼진 기기 50, 수신 미동의 150",
    "      문자     700명, 메시지 700건 중 100건이 나갑니다",
    "    언어       ko 1,000 (같은 언어)",
    "    대조군     3명",
    "    비용       문자: 최대 2,590 KRW (장문(LMS) 100건 × 25.9)",
    "    내용       원본은 다르지만 예시 4건의 결과는 같습니다",
    "    메시지     앱 푸시 ko KR default",
    "      + 제목   (광고) 추석 특가",
    "      +        수신거부: 앱 > 설정 > 알림",
    "    예외       fallback-missing: 친구에게만 (2026-12-31까지)",
    "    통과       max_recipients: 받는 사람 900명, 한도 100,000명 (pushform.yaml:1)",
    "계획: 새 예약 1건, 변경 0건, 일정 변경 0건, 취소 0건, 그대로 0건.",
    "2026-09-24 21:00 KST (2026-09-24T12:00:00Z)까지 유효합니다(4일 12시간 뒤)",
)


def test_a_marketer_reads_every_line_in_korean() -> None:
    shown = korean(rich()).splitlines()

    assert [line for line in LINES if line not in shown] == []
    labels = [line[4:15] for line in shown if re.match(r" {4}\S", line)]
    assert len(labels) == 17
    assert all(HANGUL.match(label) for label in labels)


@pytest.mark.parametrize(
    ("around", "said"),
    [
        (
            {"findings": [Finding(rule="r", severity=Severity.ERROR, message="m", at=NOWHERE)]},
            "적용할 수 없습니다: 검사 오류 1건",
        ),
        (
            {"unavailable": {"app": "no provider is configured in `production`"}},
            "    막힘       provider: `app` 채널: `production` 환경에 업체가 설정되어 있지 않습니다\n",
        ),
        (
            {"state_lost": "git remembers serial 7, this state is at 3"},
            "상태를 잃어버렸습니다: git에 기록된 순번은 7인데 지금 상태의 순번은 3입니다",
        ),
        ({"offline": True}, "  오프라인\n"),
        ({"state": None}, "  저장된 상태 없음\n"),
    ],
)
def test_why_a_plan_cannot_be_applied(around: dict[str, Any], said: str) -> None:
    assert said in korean(plan_of(wanted(), **around))


def test_the_pull_request_speaks_korean() -> None:
    markdown = plan_markdown(every_kind(), "Asia/Seoul", Language.KO)
    assert "### pushform 계획 · `sandbox`" in markdown
    assert "**계획: 새 예약 1건, 변경 2건, 일정 변경 1건, 취소 2건, 그대로 1건.**" in markdown
    assert (
        "**2026-09-24 09:00 KST (2026-09-24T00:00:00Z)**까지 병합해야 합니다(4일 뒤)." in markdown
    )
    assert "| | 캠페인 | 바뀌는 것 | 받는 사람 | 발송 |\n|---|---|---|--:|---|" in markdown
    assert (
        "| 새 예약 | `가-create` | 내용, 오디언스, 시각, 발송 범위, 법적 사항 | 900 | " in markdown
    )
    assert "이유       파일: 파일이 삭제되었습니다" in markdown
    assert re.search(r"^\+ 본문   .*40% 할인$", markdown, re.MULTILINE)
    lost = plan_markdown(plan_of(wanted(), state_lost="x"), "Asia/Seoul", Language.KO)
    assert "> **상태를 잃어버렸습니다.** x" in lost


def test_json_has_one_language() -> None:
    plan = rich()
    before = canonical(plan_document(plan, ExitCode.OK))
    korean(plan)
    assert canonical(plan_document(plan, ExitCode.OK)) == before
    assert in_korean(in_korean(plan)) == in_korean(plan)


def test_what_someone_wrote_is_not_translated() -> None:
    plan = plan_of(saying("title 본문 body", title="reason"))
    text = korean(plan)
    assert f"+ {ID}  reason  새 예약" in text
    assert "title 본문 body" in text


def test_recipient_time_is_said() -> None:
    plan = plan_of(wanted(schedule=at("2026-09-24 10:00", timezone="recipient")))
    assert "발송       2026-09-24 10:00 받는 사람의 현지 시각 = " in korean(plan)
    assert "| 2026-09-24 10:00 받는 사람의 현지 시각 |" in plan_markdown(
        plan, "Asia/Seoul", Language.KO
    )


@pytest.mark.parametrize(
    ("categories", "said"), [("timing", "시각"), ("content, timing, law", "내용, 시각, 법적 사항")]
)
def test_what_may_not_change_is_told_with_its_status(categories: str, said: str) -> None:
    message = f"campaign `{ID}` is already sending: {categories} cannot change any more"
    found = Finding(rule="immutable", severity=Severity.ERROR, message=message, at=NOWHERE)
    (finding,) = in_korean(plan_of(wanted(), findings=[found])).findings
    assert finding.korean is not None
    assert finding.korean.message == (
        f"캠페인 `{ID}`의 상태가 이미 ‘발송 중’입니다. 이제 바꿀 수 없는 것: {said}"
    )


def test_a_width_counts_what_a_terminal_shows() -> None:
    assert pad("문자", 6) + "|" == "문자  |"
    assert pad("sms", 6) + "|" == "sms   |"
    assert Speech(Language.KO, {}).say("{n} left", n=3) == "3 left"
