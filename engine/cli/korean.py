"""What the commands around a plan print, in Korean, by the English words of the line that prints it."""

from __future__ import annotations

from engine.plan.sentences import KOREAN as PLAN

_PLANS = {
    "wrote {path}; next: pushform apply {path}": "{path} 파일을 썼습니다. 다음: pushform apply {path}",
    "plan for {environment}, made as of {as_of}": "{environment} 환경의 계획, 기준 시각 {as_of}",
    ", {count:,} people": ", {count:,}명",
    "{digest}  until {at}": "{digest}  {at}까지",
    "{digest}  until any time": "{digest}  기한 없음",
    "valid until": "유효 기한",
    "any time": "기한 없음",
    "applyable": "적용 가능",
    "true": "예",
    "false": "아니요",
    "the plan has no changes": "계획에 바뀌는 것이 없습니다",
    "Type `{environment}` to apply all of it": "모두 적용하려면 다음을 그대로 입력하세요: `{environment}`",
    "applied": "적용",
    "left": "남김",
    "nobody approved it": "승인되지 않음",
    "nothing to apply: everything approved is deployed already": (
        "적용할 것이 없습니다. 승인된 것은 이미 모두 적용되어 있습니다"
    ),
    "state #{serial}": "상태 #{serial}",
    " and {count} more": " 외 {count}개",
}
_PREVIEWS = {
    "no message fits": "조건에 맞는 메시지가 없습니다",
    "expires {at}": "유효 기한 {at}",
    "{screen} shows `{shown}…` of the {field}": "{screen}에서는 {field} 가운데 `{shown}…`까지만 보입니다",
    "buttons": "버튼",
    "buttons[{number}]": "버튼 {number}",
    "android": "안드로이드",
    "ios": "아이폰",
    "iPhone, lock screen": "아이폰 잠금 화면",
    "iPhone, banner": "아이폰 배너",
    "Android, collapsed": "안드로이드 접힌 알림",
    "Android, expanded": "안드로이드 펼친 알림",
    "Chrome on Windows": "윈도우 크롬",
    "Chrome on macOS": "맥 크롬",
    "Chrome on Android": "안드로이드 크롬",
    "Chrome": "크롬",
}
_SIZES = {
    "payload": "전송 크기",
    "button_name": "버튼 이름",
    "line_breaks": "줄바꿈",
    "title_and_body": "제목과 본문",
    "header": "머리말",
    "emphasis": "강조 문구",
    "items": "항목",
    "cards": "카드",
    "item_title": "항목 제목",
    "card_header": "카드 머리말",
    "card_body": "카드 본문",
    "product": "상품 이름",
    "additional": "덧붙이는 글",
    "intro_header": "인트로 머리말",
    "intro_body": "인트로 본문",
    "coupon": "쿠폰 설명",
    "{name} {value}/{limit} bytes": "{name} {value}/{limit}바이트",
    "{name} {value}/{limit} characters": "{name} {value}/{limit}자",
    "{name} {value}/{limit} line breaks": "{name} {value}/{limit}번",
    "{name} {value}/{limit} buttons": "{name} {value}/{limit}개",
    "{name} {value}/{limit} pieces": "{name} {value}/{limit}개",
}
_TESTS = {
    "a sandbox: no phone will ring; `pushform outbox` shows what would have been sent": (
        "샌드박스라서 실제 기기로는 보내지 않습니다. 보냈을 내용은 `pushform outbox`로 볼 수 있습니다"
    ),
    ", the window opens at {at}": ", 발송 가능 시간은 {at}에 시작됩니다",
    ", on a purchase of the last six months": ", 최근 6개월 안의 구매를 근거로 보냄",
    "{sent} of {count} test messages sent, tested {digest}": (
        "테스트 메시지 {count}건 중 {sent}건을 보냈습니다. 테스트한 내용: {digest}"
    ),
    "sent": "보냄",
    "failed": "실패",
    "skipped": "건너뜀",
    "unknown": "결과 불명",
    "unregistered": "등록이 끊긴 기기",
    "bad_address": "잘못된 주소",
    "sender_mismatch": "발신 키 불일치",
    "bad_message": "받아들여지지 않은 메시지",
    "too_large": "너무 큰 메시지",
    "render": "글을 만들지 못함",
    "refused": "업체가 거절함",
    "gave_up": "재시도 포기",
}

KOREAN = {**PLAN, **_PLANS, **_PREVIEWS, **_SIZES, **_TESTS}
