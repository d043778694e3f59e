"""The words of the questions that `pushform new` asks, in Korean and English.

What tells an advertisement from information is 정보통신망법 제50조 and the regulator's guide to it:
information that serves a concluded deal, or that the customer asked for, is none; anything mixed
with advertising is.
"""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "id": "파일 이름이 될 id (영문 소문자, 숫자, `-`)",
        "purpose": "1/5 무엇을 위해 보내나요? (예: 재구매 유도)",
        "type": (
            "2/5 광고성인가요, 정보성인가요?\n"
            "  advertising    광고성: 경제적 이득을 얻으려고 보내는, 보내는 이나 그가 제공할\n"
            "                 재화·서비스에 관한 정보. 사전 동의, (광고) 표시, 무료 수신거부가\n"
            "                 필요하고 21시부터 8시까지는 보내지 않습니다 (정보통신망법 제50조).\n"
            "  informational  정보성: 이미 맺은 거래를 돕거나 마치거나 확인하는 정보, 고객이\n"
            "                 요청한 정보 등. 광고가 조금이라도 섞이면 전체가 광고성입니다.\n"
            "                 알 수 없으면 광고성으로 고르세요."
        ),
        "basis": (
            "    정보성인 근거는 무엇인가요?\n"
            "  transaction  거래의 진행·확인        requested  고객이 요청한 정보\n"
            "  contract     약관·계약의 변경·만료   account    계정·보안\n"
            "  safety       상품의 안전·리콜·보증   public     비영리·공익"
        ),
        "channels": "3/5 어느 채널로 보내나요? (쉼표로 나열: {known})",
        "template_code": "    알림톡 승인 템플릿 코드",
        "audience": "4/5 누구에게 보내나요? ({known})",
        "at": (
            "5/5 언제 보내나요? ({zone} 시각, 예: 2026-09-24 10:00)\n"
            "    지금부터 {lead} 뒤인 {earliest} 이후여야 합니다.{window}"
        ),
        "window": " 광고는 {opens}~{closes}에만 보낼 수 있습니다.",
        "audience_title": "1/5 어떤 사람들인가요? (예: 단골 고객)",
        "attributes": "2/5 어떤 속성을 가졌나요? (예: country=KR grade=gold,vip; 없으면 Enter)",
        "events": "3/5 어떤 행동을 했나요? (이벤트 이름, 쉼표로 나열; 없으면 Enter)",
        "within": "4/5 얼마 안에 한 행동인가요?",
        "without": "5/5 누구를 빼나요? (오디언스 id: {known}; 없으면 Enter)",
        "template_title": "1/5 어떤 문구인가요? 관리용 이름입니다. (예: 추석 특가 안내)",
        "locales": "2/5 어느 언어로 쓰나요? (쉼표로 나열)",
        "text_title": "3/5 {locale} 제목 ({{{{ name }}}}은 받는 분의 이름)",
        "text_body": "4/5 {locale} 본문",
        "universal": "5/5 카카오톡이나 문자에도 같은 문구를 쓰나요? (kakao,sms; 아니면 Enter)",
    },
    "en": {
        "id": "the id, which names the file (small letters, digits, `-`)",
        "purpose": "1/5 What is it for? (e.g. win customers back)",
        "type": (
            "2/5 Advertising or informational?\n"
            "  advertising    sent for gain, about the sender or what the sender will provide.\n"
            "                 Needs prior consent, the label (광고), a free way to opt out, and is\n"
            "                 not sent between 21:00 and 08:00 (Korea: Network Act, Art. 50).\n"
            "  informational  helps, completes or confirms a deal that was made, or was asked for.\n"
            "                 With any advertising in it, all of it is. If unsure: advertising."
        ),
        "basis": (
            "    Why is it informational?\n"
            "  transaction  a deal in progress         requested  the customer asked for it\n"
            "  contract     terms that change or end   account    account and security\n"
            "  safety       safety, recall, warranty   public     not commercial"
        ),
        "channels": "3/5 On which channels? (separated by commas: {known})",
        "template_code": "    The code of the approved AlimTalk template",
        "audience": "4/5 To whom? ({known})",
        "at": (
            "5/5 When? (time in {zone}, e.g. 2026-09-24 10:00)\n"
            "    At least {lead} from now, so from {earliest} on.{window}"
        ),
        "window": " Advertisements only between {opens} and {closes}.",
        "audience_title": "1/5 Who are they? (e.g. regular customers)",
        "attributes": "2/5 What are they like? (e.g. country=KR grade=gold,vip; Enter for nothing)",
        "events": "3/5 What did they do? (names of events, separated by commas; Enter for nothing)",
        "within": "4/5 In which time before?",
        "without": "5/5 Less whom? (id of an audience: {known}; Enter for nobody)",
        "template_title": "1/5 What are these words? A name for people. (e.g. autumn sale)",
        "locales": "2/5 In which languages? (separated by commas)",
        "text_title": "3/5 Title in {locale} ({{{{ name }}}} is the reader's name)",
        "text_body": "4/5 Text in {locale}",
        "universal": "5/5 The same words on KakaoTalk or SMS? (kakao,sms; Enter for neither)",
    },
}
