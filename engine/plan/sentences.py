"""What a shown plan says, in Korean, by the English words of the line that says it."""

from __future__ import annotations

_PLAN = {
    "pushform plan  environment={environment}  as-of={as_of}  {state}": (
        "pushform 계획  환경={environment}  기준 시각={as_of}  {state}"
    ),
    "pushform plan": "pushform 계획",
    "offline": "오프라인",
    "state=#{serial}": "상태=#{serial}",
    "no state yet": "저장된 상태 없음",
    "STATE LOST: {why}": "상태를 잃어버렸습니다: {why}",
    "State lost.": "상태를 잃어버렸습니다.",
    "Plan: {create} to create, {update} to update, {reschedule} to reschedule, {cancel} to cancel, "
    "{none} unchanged.": (
        "계획: 새 예약 {create}건, 변경 {update}건, 일정 변경 {reschedule}건, 취소 {cancel}건, "
        "그대로 {none}건."
    ),
    "Digest: {digest}": "다이제스트: {digest}",
    "Digest `{digest}` · as of {as_of}": "다이제스트 `{digest}` · 기준 시각 {as_of}",
    "Valid until {at} ({left})": "{at}까지 유효합니다({left})",
    "Merge before **{at}** ({left}).": "**{at}**까지 병합해야 합니다({left}).",
    "Not applyable: {why}": "적용할 수 없습니다: {why}",
    "{count} lint errors": "검사 오류 {count}건",
    "a guard refuses, see above": "막힌 항목이 있습니다. 위를 확인하세요",
    "campaign": "캠페인",
    "categories": "바뀌는 것",
    "people": "받는 사람",
}
_LABELS = {
    "reason": "이유",
    "send": "발송",
    "waves": "발송 회차",
    "finish": "종료",
    "tightest": "가장 촉박",
    "closed": "시간 밖",
    "merge by": "병합 기한",
    "audience": "오디언스",
    "ask again": "재확인",
    "locales": "언어",
    "held out": "대조군",
    "cost": "비용",
    "differs": "달라진 값",
    "content": "내용",
    "tested": "테스트",
    "message": "메시지",
    "ignored": "예외",
    "digest": "다이제스트",
    "ok": "통과",
    "BLOCKED": "막힘",
}
_TIMES = {
    "in {span}": "{span} 뒤",
    "{span} ago": "{span} 전",
    "{days} d {hours} h": "{days}일 {hours}시간",
    "{days} d 0 h": "{days}일",
    "{hours} h 0 min": "{hours}시간",
    "{hours} h {minutes} min": "{hours}시간 {minutes}분",
    "{minutes} min": "{minutes}분",
    "{at} recipient": "{at} 받는 사람의 현지 시각",
    "{waves}": "{waves}회",
    "{waves}, {missed} too soon: skipped": "{waves}회. 너무 임박한 {missed}회는 건너뜁니다",
    "about {at}": "{at}쯤",
    "about {at}, the window closes {closes}": "{at}쯤. 발송 가능 시간은 {closes}에 끝납니다",
    "{where}: from {due}, through about {at}, the window closes {closes}": (
        "{where}: {due} 시작, {at}쯤 종료. 발송 가능 시간은 {closes}에 끝납니다"
    ),
    "{count:,} deliveries are outside their window then and would be skipped": (
        "{count:,}건은 그때가 발송 가능 시간이 아니어서 건너뜁니다"
    ),
    "{count:,} deliveries are outside their window then and would be skipped ({night:,} have not "
    "agreed to the night)": (
        "{count:,}건은 그때가 발송 가능 시간이 아니어서 건너뜁니다(그중 {night:,}건은 야간 수신 동의 없음)"
    ),
}
_PEOPLE = {
    "{count:,} people{moved}, {going:,} would get it": (
        "{count:,}명{moved}, 그중 {going:,}명이 받습니다"
    ),
    "{count:,} people{moved}, {going:,} would get it then ({at_best:,} at an open hour)": (
        "{count:,}명{moved}, 그중 이 시각에는 {going:,}명이 받습니다"
        "(발송 가능 시간이라면 {at_best:,}명)"
    ),
    " (before {before:,}, +{entering:,} entering, -{leaving:,} leaving)": (
        "(전에는 {before:,}명, 새로 들어옴 +{entering:,}, 빠짐 -{leaving:,})"
    ),
    "{count:,} people, {messages:,} messages": "{count:,}명, 메시지 {messages:,}건",
    "{count:,} people, {going:,} of {messages:,} messages go out": (
        "{count:,}명, 메시지 {messages:,}건 중 {going:,}건이 나갑니다"
    ),
    "; lost: {reasons}": ". 제외: {reasons}",
    "{count:,} people agreed to {channel} over two years ago: they may be sent to, and must be asked "
    "(`pushform consent due`)": (
        "{count:,}명은 {channel} 수신에 동의한 지 2년이 지났습니다. 보낼 수는 있지만 동의를 다시 확인해야 "
        "합니다(`pushform consent due`)"
    ),
    "{count:,} people": "{count:,}명",
    "{channel}: {total:,} {currency} ({messages:,} × {price:,} for {kind})": (
        "{channel}: {total:,} {currency} ({kind} {messages:,}건 × {price:,})"
    ),
    "{channel}: at most {total:,} {currency} ({messages:,} × {price:,} for {kind})": (
        "{channel}: 최대 {total:,} {currency} ({kind} {messages:,}건 × {price:,})"
    ),
}
_TEXTS = {
    "{names} and {count} more": "{names} 외 {count}개",
    "the source differs; equal on {count} samples": "원본은 다르지만 예시 {count}건의 결과는 같습니다",
    "no: `pushform send-test` shows it to testers": (
        "아직 안 했습니다. `pushform send-test`로 테스터에게 보내 볼 수 있습니다"
    ),
    "{rule}: {reason}; until {until}": "{rule}: {reason} ({until}까지)",
}
CATEGORIES = {
    "metadata": "관리 정보",
    "content": "내용",
    "audience": "오디언스",
    "timing": "시각",
    "reach": "발송 범위",
    "law": "법적 사항",
    "cancel": "취소",
}
"""What kind of thing changes (`Category`)."""

_NAMES = {
    "create": "새 예약",
    "update": "변경",
    "reschedule": "일정 변경",
    "app": "앱 푸시",
    "web": "웹 푸시",
    "kakao": "카카오톡",
    "sms": "문자",
    "exact": "일치",
    "language": "같은 언어",
    "workspace": "기본 언어",
    "title": "제목",
    "body": "본문",
    "image": "이미지",
    "link": "링크",
    "button": "버튼",
    "lms": "장문(LMS)",
    "mms": "그림 문자(MMS)",
    "brand": "브랜드 메시지",
    "alimtalk": "알림톡",
}
REASONS = {
    "no_consent": "수신 미동의",
    "unknown_consent": "동의 여부 불명",
    "no_night_consent": "야간 수신 미동의",
    "service_off": "알림 꺼짐",
    "suppressed": "수신 거부",
    "disabled": "꺼진 기기",
    "dead_address": "없어진 주소",
    "no_address": "주소 없음",
    "duplicate_address": "중복 주소",
    "minor": "14세 미만",
    "cap": "빈도 상한",
    "window": "발송 가능 시간 밖",
    "missed": "시각 놓침",
    "cancelled": "취소됨",
    "missing_value": "값 없음",
    "no_text": "글 없음",
    "not_preferred": "선호 채널 아님",
}
"""Why a person is not reached and a message is skipped, by the books' names (`SkipReason`)."""

KOREAN = {**_PLAN, **_LABELS, **_TIMES, **_PEOPLE, **_TEXTS, **CATEGORIES, **_NAMES, **REASONS}
