"""What the guards of a plan say, in Korean: for people. A plan file and its digest stay as they are."""

from __future__ import annotations

from dataclasses import replace

from engine.kernel.sayings import Sayings
from engine.model.plan import Guard, Plan
from engine.plan.sentences import CATEGORIES

_PARTS = {
    "body": "본문",
    "title": "제목",
    "title and body": "제목과 본문",
    "payload": "전체 크기",
    "line breaks": "줄바꿈",
    "buttons": "버튼",
    "button name": "버튼 이름",
    "bytes": "바이트",
    "characters": "자",
    "pieces": "개",
    "header": "머리말",
    "emphasis": "강조 문구",
    "items": "항목",
    "cards": "카드",
    "item title": "항목 제목",
    "card header": "카드 머리말",
    "card body": "카드 본문",
    "product": "상품 이름",
    "additional": "덧붙이는 글",
    "intro header": "인트로 머리말",
    "intro body": "인트로 본문",
    "coupon": "쿠폰 설명",
    "{} people": "{0}명",
    "{} person": "{0}명",
    "{} bytes": "{0}바이트",
    "{} characters": "{0}자",
    "{} pieces": "{0}개",
    "{} buttons": "{0}개",
    "{} line breaks": "{0}번",
    "{} bytes as {}": "{0}바이트({1})",
    "they are skipped": "그 사람들은 건너뜁니다",
    "their messages fail: give `{}` a default or `on_missing: skip`": (
        "그 사람들의 메시지는 실패합니다. `{0}`에 기본값이나 `on_missing: skip`을 주세요"
    ),
    "the {} takes {} {}; {} carries {}": "{0}: {1} {2}. {3} 채널의 한도는 {4}입니다",
    "the {} take {} {}; {} carries {}": "{0}: {1} {2}. {3} 채널의 한도는 {4}입니다",
    "there are {} {}; {} carries {}": "{1}: {0}. {2} 채널의 한도는 {3}입니다",
    "there is {} {}; {} carries {}": "{1}: {0}. {2} 채널의 한도는 {3}입니다",
    "button": "버튼",
    "line break": "줄바꿈",
    "item": "항목",
    "card": "카드",
}
_SENTENCES = {
    "{} recipients, limit {}": "받는 사람 {0}명, 한도 {1}명",
    "audience {} → {} people ({}), limit {}": "오디언스 {0} → {1}명({2}), 한도 {3}",
    "audience {} → {} person ({}), limit {}": "오디언스 {0} → {1}명({2}), 한도 {3}",
    "{} people in the audience, expected {}": "오디언스 {0}명, 예상 {1}명",
    "{} person in the audience, expected {}": "오디언스 {0}명, 예상 {1}명",
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
    "{}: for the longest values of {} person {}": "{0}: 가장 긴 값을 가진 {1}명에게서 {2}",
    "{}: the {} takes at most {} of {} ({})": "{0}: {1} 최대 {2}, 한도 {3}, 대상 {4}",
    "{}: the {} take at most {} of {} ({})": "{0}: {1} 최대 {2}, 한도 {3}, 대상 {4}",
    "{}: at most {} of {} {} ({})": "{0}: {3} 최대 {1}, 한도 {2}, 대상 {4}",
    "{} of {} have no `{}`, {}": "{1} 가운데 {0}명에게 `{2}` 값이 없습니다. {3}",
    "{} of {} has no `{}`, {}": "{1} 가운데 {0}명에게 `{2}` 값이 없습니다. {3}",
    "{}: an SMS for the shortest values, an LMS for the longest": (
        "{0}: 가장 짧은 값이면 단문(SMS), 가장 긴 값이면 장문(LMS)이 됩니다"
    ),
    "write `format: lms`, or shorten the text or the value": (
        "`format: lms`로 쓰거나, 글이나 값을 줄이세요"
    ),
    "`{}` has no value": "`{0}` 값이 없습니다",
    "the text grows beyond {} characters": "글이 {0}자를 넘습니다",
    "the message has no text": "메시지에 글이 없습니다",
    "there is no text in `{}` for {}": "{1} 채널에 `{0}` 글이 없습니다",
    "a text message cannot carry {}": ("문자 메시지로 보낼 수 없는 글자가 있습니다: {0}"),
    "campaign `{}` is already {}: {} cannot change any more": (
        "캠페인 `{0}`의 상태가 이미 ‘{1}’입니다. 이제 바꿀 수 없는 것: {2}"
    ),
    "campaign `{}` was cancelled ({}); that is final for its id": (
        "캠페인 `{0}`의 예약은 취소되었습니다({1}). 이 id로는 되돌릴 수 없습니다"
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
_REASONS = {
    "file: {}": "파일: {0}",
    "cancelled: {}": "취소됨: {0}",
    "the file was deleted": "파일이 삭제되었습니다",
    "the file has mistakes": "파일에 오류가 있습니다",
    "by an operator": "운영자가 멈춤",
    "draft": "초안으로 바뀌었습니다",
    "git remembers state {} #{}, there is none": (
        "git에는 상태 {0} #{1}의 기록이 있는데 저장된 상태가 없습니다"
    ),
    "git remembers state {}, this one is {}": "git에 기록된 상태는 {0}인데 지금 상태는 {1}입니다",
    "git remembers serial {}, this state is at {}": (
        "git에 기록된 순번은 {0}인데 지금 상태의 순번은 {1}입니다"
    ),
    "no provider is configured in `{}`": "`{0}` 환경에 업체가 설정되어 있지 않습니다",
    "provider `{}` is not in this version (there are: {})": (
        "이 버전에는 `{0}` 업체가 없습니다(있는 업체: {1})"
    ),
}
"""What stands behind a change or a lost state, and why a channel has no provider."""

_STATES = {
    "waiting": "발송 대기",
    "ready": "발송 준비",
    "sending": "발송 중",
    "completed": "발송 완료",
    "cancelled": "발송 취소",
    "failed": "발송 실패",
    "its file": "캠페인 파일",
    "{}, {}": "{0}, {1}",
    **CATEGORIES,
}
"""What a campaign is or has that cannot change any more."""

_POLICIES = {
    "policy {}": "정책 {0}",
    "holds: {}": "지켜집니다: {0}",
    "the rule holds": "규칙이 지켜집니다",
    "the rule does not hold": "규칙이 지켜지지 않습니다",
    "it is not CEL": "CEL 문법에 맞지 않습니다",
    "it is not CEL (line {}, column {})": "CEL 문법에 맞지 않습니다({0}번째 줄 {1}번째 글자)",
    "it is nested too deep": "너무 깊이 겹쳐 있습니다",
    "it is neither true nor false": "결과가 참도 거짓도 아닙니다",
    "it has no value": "값을 구할 수 없습니다",
    "it has no value ({})": "값을 구할 수 없습니다({0})",
    "it divides by zero": "0으로 나눕니다",
    "there is no `{}`": "`{0}`: 없는 이름입니다",
    "there is no such key": "그런 키가 없습니다",
    "a member is asked of a value that has none": "안에 아무것도 없는 값에서 하위 항목을 찾습니다",
    "two values of different kinds stand beside an operator": (
        "연산자 양쪽 값의 종류가 서로 다릅니다"
    ),
}
"""What the evaluation of a policy says (`policy_worker`)."""

KOREAN = Sayings({**_SENTENCES, **_REASONS, **_POLICIES}, Sayings({**_PARTS, **_STATES}))


def in_korean(plan: Plan) -> Plan:
    """Return `plan` with reasons, guards and findings that speak Korean, as far as there are words."""
    changes = tuple(
        replace(
            change,
            reason=change.reason and said(change.reason),
            guards=tuple(map(guard_in_korean, change.guards)),
        )
        for change in plan.changes
    )
    return replace(
        plan,
        changes=changes,
        guards=tuple(map(guard_in_korean, plan.guards)),
        findings=tuple(KOREAN.finding(found) for found in plan.findings),
        state_lost=plan.state_lost and said(plan.state_lost),
    )


def guard_in_korean(guard: Guard) -> Guard:
    """Return `guard` with its words in Korean: its own, else those that this room has."""
    name, own = said(guard.name), guard.korean
    if own is not None:
        return replace(guard, name=name, message=own.message, hint=own.hint)
    hint = said(guard.hint) if guard.hint else None
    return replace(guard, name=name, message=said(guard.message), hint=hint)


def said(text: str) -> str:
    """Return in Korean what this room says in English; as it is where there are no words."""
    return KOREAN.find(text) or text
