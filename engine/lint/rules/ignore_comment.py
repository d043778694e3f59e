"""A comment that ignores a rule says why, and does something.

## What
`# pushform: ignore[rule-id] reason; until 2026-12-31` answers the findings of that rule on its
own line or, alone on a line, on the next. `until` includes its day. It is an error if the comment
cannot be read, has no reason or no `until`, names a rule that does not exist or that cannot be
ignored (it rests on statute and judges facts, or is the clock of an apply), or has expired; a warning
if nothing is left to ignore. Of a campaign that was sent nothing is said: it is history, its errors
are warnings, and its comments hold on beyond their day. Whether it was, reports of environments that are
no sandbox tell, and a plan also asks its state; a change of the campaign's own file makes it present again.
`pushform plan` shows what is ignored of a campaign, with the reasons.

## Why
An exception is reviewed like a change, and its reason is read by whoever comes next. What the law
says cannot be ignored by a comment; the door that sends ignores every such comment anyway. Whether a text
means what the words of `kr-prohibited-goods` and `kr-reply-bait` often mean, the law leaves to people.

## Fix
Write the reason and the date, renew the date in a pull request, or delete the comment.

## 한국어
`# pushform: ignore[rule-id] 이유; until 2026-12-31`은 같은 줄, 또는 혼자 있는 줄이면 다음 줄의 그
규칙을 무시합니다. `until`에 적은 그날까지 유효합니다. 읽을 수 없거나, 이유나 `until`이 없거나, 없는
규칙이나 무시할 수 없는 규칙(사실을 따지는 법률 규칙, 적용 시계)을 가리키거나, 기한이 지나면 오류입니다.
무시할 것이 남지 않았으면 경고입니다. 이미 발송한 캠페인은 지난 일이므로 오류도 경고로만 알리고
주석의 기한을 따지지 않습니다. 발송했는지는 샌드박스가 아닌 환경의 보고서로 알고, `plan`은 상태에서도
확인합니다. 그 캠페인 파일을 고치면 다시 따집니다. 무엇을 왜 무시하는지는 `pushform plan`에 나옵니다.
법이 정한 것은 주석으로 무시할 수 없고 발송 때는 어떤 주석도 보지 않습니다. 낱말만 보는
`kr-prohibited-goods`와 `kr-reply-bait`은 법률 규칙이어도 주석으로 답할 수 있습니다.
고치려면 이유와 기한을 적거나, 검토를 거쳐 날짜를 늘리거나, 주석을 지우세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="ignore-comment",
    title="an ignore comment has a reason, an end, a practice to ignore, and something to do",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-reviewed-exceptions",
        "an exception is written down with its reason",
        title_ko="예외에는 이유를 적어 둡니다",
    ),
    title_ko="무시 주석에는 이유와 기한, 무시할 것이 있어야 합니다",
)
EXAMPLES = (
    Good(
        "campaign:\n"
        "  schedule:\n"
        "    at: '2026-09-24 20:45'  # pushform: ignore[kr-night-cutoff] 200 people, a minute"
        "; until 2026-12-31\n"
    ),
    Bad(
        "campaign:\n  schedule:\n    at: '2026-09-24 20:45'  # pushform: ignore[kr-night-cutoff]\n",
        ("campaign",),
        "has no reason",
        also=("kr-night-cutoff",),
    ),
    Bad(
        "campaign:\n"
        "  schedule:\n"
        "    at: '2026-09-24 20:45'  # pushform: ignore[kr-night-cutoff] few people\n",
        ("campaign",),
        "does not say until when it holds",
        also=("kr-night-cutoff",),
    ),
    Bad(
        "campaign:\n"
        "  schedule:\n"
        "    at: '2026-09-24 21:30'  # pushform: ignore[kr-night-window] everyone is awake"
        "; until 2026-12-31\n",
        ("campaign",),
        "`kr-night-window` rests on statute",
        also=("kr-night-window",),
    ),
    Bad(
        "campaign:\n"
        "  schedule:\n"
        "    at: '2026-09-24 20:45'"
        "  # pushform: ignore[kr-night-cutoff] few people; until 2026-09-01\n",
        ("campaign",),
        "expired on 2026-09-01",
        also=("kr-night-cutoff",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield nothing: comments are judged after all other rules (`engine.lint.suppress`)."""
    del context
    yield from ()
