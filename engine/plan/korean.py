"""What the guards of a plan say, in Korean: for people. A plan file and its digest stay as they are."""

from __future__ import annotations

from dataclasses import replace

from engine.kernel.sayings import Sayings
from engine.model.plan import Guard, Plan

_PARTS = {
    "body": "본문",
    "title": "제목",
    "title and body": "제목과 본문",
    "payload": "전체",
    "line breaks": "줄바꿈",
    "buttons": "버튼",
    "button name": "버튼 이름",
    "bytes": "바이트",
    "characters": "자",
    "pieces": "개",
    "they are skipped": "그 사람들은 건너뜁니다",
    "their messages fail: give `{}` a default or `on_missing: skip`": (
        "그 사람들의 메시지는 실패합니다. `{0}`에 기본값이나 `on_missing: skip`을 주세요"
    ),
    "the {} takes {} {}; {} carries {}": "{0}: {1} {2}. {3} 채널의 한도는 {4}입니다",
}
_SENTENCES = {
    "{} recipients, limit {}": "받는 사람 {0}명, 한도 {1}명",
    "audience {} → {} people ({}), limit {}": "오디언스 {0} → {1}명({2}), 한도 {3}",
    "{} people in the audience, expected {}": "오디언스 {0}명, 예상 {1}명",
    "the last message goes out about {}, the window closes {}": (
        "마지막 메시지는 {0}쯤 나가고, 발송 가능 시간은 {1}에 끝납니다"
    ),
    "the wave of {} that begins {} is through about {}, its window closes {}": (
        "{1}에 시작하는 {0} 시간대의 발송은 {2}쯤 끝나고, 발송 가능 시간은 {3}에 끝납니다"
    ),
    "warning: {} messages reach Korea between 21:00 and 08:00": (
        "경고: 메시지 {0}건이 한국에서 21시부터 이튿날 8시 사이에 나갑니다"
    ),
    "{} campaigns would be cancelled, limit {}": "캠페인 {0}개가 취소됩니다. 한도 {1}개",
    "no campaign was read, but {} are deployed": "읽은 캠페인이 없는데 {0}개가 예약되어 있습니다",
    "{} of {} deployed campaigns are gone from the files": (
        "예약된 캠페인 {1}개 가운데 {0}개가 파일에서 사라졌습니다"
    ),
    "channel `{}`: {}": "`{0}` 채널: {1}",
    "{}: for the longest values of {} people {}": "{0}: 가장 긴 값을 가진 {1}명에게서 {2}",
    "{}: the {} takes at most {} of {} ({} people)": "{0}: {1} 최대 {2}, 한도 {3} ({4}명)",
    "{} of {} people have no `{}`, {}": "{1}명 가운데 {0}명에게 `{2}` 값이 없습니다. {3}",
    "campaign `{}` is already {}: {} cannot change any more": (
        "캠페인 `{0}`은(는) 이미 {1} 상태입니다. {2}을(를) 더 바꿀 수 없습니다"
    ),
    "campaign `{}` was cancelled ({}); that is final for its id": (
        "캠페인 `{0}`은(는) 취소되었습니다({1}). 이 id로는 되돌릴 수 없습니다"
    ),
    "copy the campaign to a file with a new id and change that one": (
        "캠페인을 새 id의 파일로 복사해서 그 파일을 고치세요"
    ),
    "mend the conditions, or change `expect.size` in the audience": (
        "조건을 고치거나 오디언스의 `expect.size`를 바꾸세요"
    ),
    "start earlier, raise `schedule.pace`, or split the audience": (
        "더 일찍 시작하거나, `schedule.pace`를 올리거나, 오디언스를 나누세요"
    ),
    "cancel in smaller steps, or raise `safety.max_cancelled`": (
        "나누어 취소하거나 `safety.max_cancelled`를 올리세요"
    ),
    "check the checkout; to stop campaigns, write `cancelled:` into their files": (
        "저장소를 제대로 받았는지 확인하세요. 캠페인을 멈추려면 그 파일에 `cancelled:`를 쓰세요"
    ),
    "configure it under `channels:` in pushform.yaml, or leave the channel out": (
        "pushform.yaml의 `channels:`에 설정하거나 그 채널을 빼세요"
    ),
    "delete it, or choose another bubble": "지우거나 다른 말풍선을 고르세요",
    "shorten the text, or cut the value: {}": "글을 줄이거나 값을 자르세요: {0}",
    "if this is meant, add to campaign `{}`: {}": "뜻한 것이라면 캠페인 `{0}`에 더하세요: {1}",
}
KOREAN = Sayings(_SENTENCES, Sayings(_PARTS))


def in_korean(plan: Plan) -> Plan:
    """Return `plan` with guards and findings that speak Korean, as far as there are words."""
    changes = tuple(
        replace(change, guards=tuple(map(_guard, change.guards))) for change in plan.changes
    )
    findings = tuple(KOREAN.finding(found) for found in plan.findings)
    return replace(plan, changes=changes, guards=tuple(map(_guard, plan.guards)), findings=findings)


def _guard(guard: Guard) -> Guard:
    hint = guard.hint and (KOREAN.find(guard.hint) or guard.hint)
    return replace(guard, message=KOREAN.find(guard.message) or guard.message, hint=hint)
