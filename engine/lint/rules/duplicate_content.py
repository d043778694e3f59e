"""Nobody is told the same twice in a day.

## What
No two campaigns say the same in all their texts, on the same channels, to the same audience, within 24
hours.

## Why
It is a copy that nobody edited, or a campaign that was merged twice: people get the message again,
and pay attention to neither. Vendors may refuse the second (NHN can block identical messages within
a stretch of time and reports them as failed).

## Fix
Edit the copy, move it, or delete one of the two.

## 한국어
두 캠페인이 같은 채널에서 같은 오디언스에게 24시간 안에 모두 같은 문구를 보내면 안 됩니다. 복사한 뒤
고치지 않았거나 두 번 병합된 캠페인이며, 받는 사람은 같은 메시지를 또 받습니다. 업체가 두 번째를
막기도 합니다(NHN은 일정 시간 안의 같은 메시지를 차단하고 실패로 처리할 수 있습니다). 고치려면
복사본의 문구를 바꾸거나, 시간을 옮기거나, 둘 중 하나를 지우세요.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from operator import attrgetter

from engine.kernel.finding import Citation, Confidence, Korean, Severity
from engine.lint.across import Seen, in_turn
from engine.lint.context import LintContext
from engine.lint.due import due_times
from engine.lint.every_text import Certainty, every_text
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta

META = RuleMeta(
    id="duplicate-content",
    title="nobody is told the same twice in a day",
    severity=Severity.WARNING,
    rests_on=Citation(
        id="nhn-duplicate-messages",
        title="NHN Cloud Notification Hub, detailed settings: identical messages can be blocked",
        title_ko="NHN Cloud Notification Hub 상세 설정: 같은 메시지는 차단될 수 있습니다",
        confidence=Confidence.GUIDANCE,
    ),
    title_ko="같은 사람에게 하루에 같은 말을 두 번 보내지 않습니다",
)
_COPY = (
    "{copy: {kind: campaign, id: copy, title: 추석 특가 복사본, type: advertising,"
    " audience: everyone, channels: {app: {android: {channel_id: marketing}},"
    " sms: {from: '15880000'}}, message: {template: sale}, action: {app: 'sampleshop://sale',"
    " web: 'https://shop.example/sale'}, schedule: {at: '%s', timezone: Asia/Seoul}}}"
)
EXAMPLES = (
    Good(_COPY % "2026-09-25 10:00"),
    Bad(_COPY % "2026-09-24 13:00", ("copy", "message"), "`sale`, 3h earlier"),
    Bad(_COPY % "2026-09-24 20:30", ("copy", "message"), "`sale`, 10h30m earlier"),
    Bad(_COPY % "2026-09-24 10:00", ("campaign", "message"), "`copy`, at the same time"),
)
_DAY_S = 24 * 3600.0


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns that repeat another one of the same day."""
    yield from judge(gather(context))


def gather(context: LintContext) -> Iterator[Seen]:
    """Yield what every campaign says to whom, as a number."""
    said: dict[str, int] = {}
    for one in context.once(every_text):
        id_ = one.campaign.id
        said[id_] = hash((said.get(id_), one.words))
        if one.certainty is Certainty.OPEN:
            said[id_] = hash((said[id_], repr(sorted(one.variant.values.items()))))
    for due in context.once(due_times):
        campaign = due.campaign
        words = said.get(campaign.id)
        if words is not None:
            people = campaign.audience_name or campaign.audience
            key = hash((words, " ".join(campaign.channels), people, campaign.exclude))
            yield Seen(META.id, key, campaign.id, campaign.origin, due.at.timestamp())


def judge(seen: Iterable[Seen]) -> Iterator[Hit]:
    """Yield the later of every two campaigns that are alike and less than a day apart."""
    for _, alike in groupby(in_turn(seen), attrgetter("key")):
        for earlier, later in pairwise(alike):
            if later.when - earlier.when < _DAY_S:
                yield _repeated(earlier, later)


def _repeated(earlier: Seen, later: Seen) -> Hit:
    minutes = int(later.when - earlier.when) // 60
    when, when_ko = "at the same time", "같은 시각에 나가는"
    if minutes:
        hours, rest = divmod(minutes, 60)
        span = (f"{hours}h" if hours else "") + (f"{rest}m" if rest else "")
        parts = (f"{hours}시간" if hours else "", f"{rest}분" if rest else "")
        when, when_ko = f"{span} earlier", f"{' '.join(filter(None, parts))} 먼저 나가는"
    return Hit(
        message=f"it says to the same people what `{earlier.campaign}`, {when}, says",
        at=later.at / "message",
        hint="edit the copy, move it, or delete one of the two",
        campaign=later.campaign,
        korean=Korean(
            f"{when_ko} `{earlier.campaign}`{josa(earlier.campaign, '와/과')}"
            " 같은 사람들에게 같은 말을 합니다",
            "복사본을 고치거나, 시간을 옮기거나, 둘 중 하나를 지우세요",
        ),
    )
