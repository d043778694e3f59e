"""Korean words in the forms that people write, and what only looks like them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.law.book import provision
from engine.lint.bait_words import BAITS
from engine.lint.goods_words import GOODS
from engine.lint.lexicon import (
    BAIT_TRIGGER,
    GOODS_TRIGGER,
    bait_in,
    goods_in,
    goods_pattern,
    may_promote,
    promo_pattern,
    promo_trigger,
    promotion_in,
)
from engine.lint.promotion_asks import ASKS
from engine.lint.promotion_gains import GAINS
from engine.lint.promotion_words import PROMOTIONS
from engine.model.legal import Basis

ON = date(2026, 11, 23)


@pytest.mark.parametrize("name", ["promo_words", "prohibited_goods"])
def test_the_words_of_the_law_book_have_forms(name: str) -> None:
    words = provision(name, "KR", ON).value
    assert isinstance(words, tuple)
    table = PROMOTIONS if name == "promo_words" else GOODS
    assert set(words) <= {word for word, _ in table}


@pytest.mark.parametrize("word", provision("promo_words", "KR", ON).value)  # type: ignore[arg-type]
def test_every_promotion_is_found_by_its_own_name(word: str) -> None:
    assert promotion_in(f"{word} 안내" if word != "돌아와" else "돌아와 주세요") is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("주문 완료! 다음 구매 10% 쿠폰", "10% 쿠폰"),
        ("주문해 주셔서 감사합니다. 다음 주문은 할인해 드려요.", "할인"),
        ("무료 배송으로 보내 드립니다", "무료"),
        ("배송이 시작되었습니다. 함께 사면 좋은 추천 상품", "추천"),
        ("오늘 하루만 반값", "오늘 하루만"),
        ("오늘 만 드리는 가격", "오늘 만"),
        ("만원의 행복, 오늘만!", "오늘만"),
        ("단 하루, 놓치지 마세요", "단 하루"),
        ("시크릿 딜이 열렸습니다", "시크릿 딜"),
        ("오늘의 딜", "오늘의 딜"),
        ("블랙프라이데이가 돌아왔습니다", "블랙프라이데이"),
        ("할인 전 30,000원, 할인 후 9,900원!", "할인"),
        ("특가로 구매하신 분께 하나 더", "특가"),
        ("추천 상품을 확인하세요", "추천"),
        ("신상품이 도착했어요", "신상"),
        ("전 품목 1 + 1", "1 + 1"),
        ("마감 임박! 지금 바로 구매", "마감 임박"),
        ("철회는 080-777-1599(무료), 특판예금 연 3.6%", "특판"),
        ("배송비 3,000원 (무료)", "무료"),
        ("무료로 상담해 드려요", "무료"),
        ("이벤트에 응모하세요", "이벤트"),
        ("최대 30%↓", "30%↓"),
        ("구매 시 최대 10% 적립해 드립니다", "적립"),
        ("다시 만나 보고 싶어요, 돌아와 주세요", "다시 만나 보"),
        ("Your order is confirmed. Enjoy 10% off your next one", "10% off"),
        ("ご注文ありがとうございます。次回使えるクーポン", "クーポン"),
        ("단골이시니 더 싸게 드릴게요", "더 싸게"),
        ("남은 수량 3개, 곧 품절돼요. 지금 결제하세요", "곧 품절돼"),
        ("새로 단장한 매장에 구경하러 오세요", "구경하러"),
        ("생일 축하드려요. 작은 선물을 준비했어요", "생일 축하"),
        ("고객님께 작은 선물을 준비했어요", "선물을 준비했"),
        ("다음 등급으로 승급하면 매달 5천원 드려요", "5천원 드려요"),
        ("친구 초대 시 1만원 지급", "친구 초대 시"),
        ("가입하시면 1만 포인트 지급", "가입하시면 1만 포인트 지급"),
        ("친구를 초대하면 둘 다 받아요", "친구를 초대하면"),
        ("온라인 최저가로 만나 보세요", "최저가"),
        ("포토후기 쓰면 2천원 드립니다", "후기 쓰면 2천원 드립"),
        ("리뷰를 남기시면 적립금을 지급해 드려요", "리뷰를 남기시면 적립금을 지급해 드려"),
        ("겨울 S A L E", "S A L E"),
        ("지금 할.인 중", "할.인"),
        ("무*료 체험, 쿠/폰 지급", "무*료"),
        ("이.벤.트 안내", "이.벤.트"),
        ("결제 금액의 5% 캐시백", "캐시백"),
        ("12개월 무이자 할부로 결제하세요", "무이자"),
        ("경품을 드립니다", "경품"),
        ("추첨을 통해 10분께 상품을 드려요", "추첨을 통해 10분께 상품을 드려"),
        ("정기 배송 첫 달 0원", "첫 달 0원"),
        ("새해 복 많이 받으세요", "새해 복"),
        ("주문해 주셔서 감사합니다. 즐거운 명절 보내세요", "즐거운 명절"),
        ("생일 쿠폰이 도착했습니다", "쿠폰"),
        ("할인 기간이 끝나기 전에 오세요", "할인"),
        ("무료 주차 이벤트", "이벤트"),
        ("사칭 문자에 주의하세요. 앱에서는 무료 배송 중", "무료"),
    ],
)
def test_promotions(text: str, says: str) -> None:
    assert promotion_in(text) == says
    assert promo_pattern().search(text)
    assert promo_trigger().search(text)


@pytest.mark.parametrize(
    "text",
    [
        "주문이 접수되었습니다. 할인 금액: 0원, 결제 금액 32,000원",
        "쿠폰 할인 -3,000원이 적용되어 29,000원이 결제되었습니다",
        "배송비: 무료",
        "무료수신거부 080-000-0000",
        "철회는 080-777-1599(무료)로 하실 수 있습니다",
        "동의 철회: 0801234567 （수신자 무료）",
        "고객센터 1588-0000(통화료 무료)",
        "무료로 회수하고 전액 환불합니다",
        "이벤트 응모가 접수되었습니다",
        "특판예금이 11월 30일에 만기됩니다",
        "무료 반품 접수가 완료되었습니다",
        "취소하신 주문의 쿠폰이 반환되었습니다",
        "적립금 300원이 적립되었습니다",
        "적립금 3,000원이 9월 30일에 소멸될 예정입니다",
        "이벤트 당첨 결과 안내",
        "예약하신 상품의 출시일이 10월 2일로 바뀌었습니다",
        "비밀번호 변경을 추천합니다",
        "추천인 코드가 등록되었습니다",
        "신상정보 공개 안내",
        "오늘만 하더라도 문의가 많아 답변이 늦습니다",
        "고객센터 02-1+10 아님",
        "세일즈포스 연동이 끝났습니다",
        "Discount: ₩3,000",
        "Your parcel is on its way",
        "결제 0원",
        "배송비 0원, 결제 금액 29,000원",
        "환불 5,000원 지급 완료",
        "환불금 5,000원을 돌려 드립니다",
        "배송 지연 보상으로 3,000원을 지급해 드립니다",
        "선물하기로 받은 주문이 출고되었습니다",
        "보내신 선물을 친구가 받았습니다",
        "주문하신 선물을 준비했습니다",
        "추첨 결과 안내",
        "경품 추첨 결과를 알려 드립니다",
        "포인트 적립 완료",
        "할부 무이자 적용 내역: 3개월",
        "3개월 무이자 할부로 결제되었습니다",
        "할부: 3개월 무이자",
        "캐시백 2,000원이 지급되었습니다",
        "무료 주차 2시간 가능",
        "주차는 2시간 무료입니다",
        "당사를 사칭한 무료 쿠폰 문자가 돌고 있습니다",
        "무료 쿠폰을 준다는 링크를 누르지 마세요",
        "할인 적용 기간이 끝나 정상가로 결제됩니다",
        "예식은 3층 이벤트홀에서 열립니다",
        "할인마트 역삼점에서 3,200원 승인",
        "첫 달 0원이 결제되었습니다",
        "신청하신 최저가 알림입니다",
        "주문하신 상품이 품절되어 취소되었습니다",
        "문의해 주셔서 감사드립니다",
        "예약에 사용할 인원을 알려 주세요",
        "후기를 작성해 주셔서 감사합니다",
        "가입 시 등록하신 번호로 3,000원이 결제되었습니다",
        "입금액 5,000원이 부족합니다",
        "Your order 1 is all set; leave a note",
        "추천해 주신 친구의 가입이 확인되었습니다",
        "할인 전 금액 30,000원, 할인 후 금액 27,000원이 결제되었습니다",
        "할인 전 30,000원, 할인 후 27,000원",
        "선착순 마감되어 신청이 접수되지 않았습니다",
        "좌석은 선착순으로 배정됩니다",
        "특가로 예매하신 항공권은 환불되지 않습니다",
        "특가 항공권은 변경이 불가합니다",
        "블랙프라이데이 주문이 몰려 배송이 지연됩니다",
        "회원님의 이용권이 오늘 만료됩니다",
        "정기예금이 오늘 만기되었습니다",
        "할인 적용 기간이 오늘 만료되었습니다",
        "오늘 만나기로 하신 상담사가 바뀌었습니다",
        "오늘 만 65세가 되셨습니다",
        "오늘만 휴진합니다",
        "오늘 하루만 주차장을 점검합니다",
        "단 하루도 빠짐없이 출석하셨습니다",
    ],
)
def test_no_promotions(text: str) -> None:
    assert promotion_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "결과가 나왔습니다. 이번 달에 오시면 안경닦이를 선물로 드려요",
        "약정이 끝납니다. 바꾸시면 케이스까지 챙겨 드려요",
        "오늘 사면 장갑이 따라와요",
        "지금 주문하면 20분이면 와요",
        "소파를 둘러보세요",
        "따끈한 국밥 한 그릇 어떠세요?",
        "제주 호텔 9만 원부터",
        "운동화가 2만 원대로 내려왔어요",
        "구독료를 두 달 치 아낄 수 있어요",
        "멤버십으로 매달 1만 원을 돌려받으세요",
        "이번 주에 팔면 수수료가 없어요",
        "새로 나온 원두를 소개합니다",
        "담아 두신 원피스가 기다리고 있어요",
        "어제 본 의자, 아직 남아 있어요",
        "딱 2개 남았어요",
        "한도를 조회해 보세요",
        "신입생 모집",
        "연금 세미나를 안내드려요",
        "겨울 나들이를 준비해 보세요",
        "잘 어울리는 가방을 모아 봤어요",
        "돌아오시면 보석 100개를 드려요",
        "추첨으로 커피를 보내 드려요",
        "전 상품 할 인 중",
        "지금이 제일 저렴해요",
        "지금이 가장 쌉니다",
        "조회만 해도 커피 한 잔 드립니다",
        "앱 설치만 해도 2,000포인트 지급",
        "10회 등록하면 2회 더",
        "3개 사면 하나 더!",
        "개업 기념 소금빵 하나 더",
        "1주년 기념 도넛 한 개 더",
        "리뷰 쓰고 기프티콘 받기",
        "사전 등록하고 상품권 받아 가세요",
        "라이브 방송에서 만나요",
        "저녁 8시 라방에서 봐요",
    ],
)
def test_what_draws_without_a_word_for_a_bargain(text: str) -> None:
    found = promotion_in(text)
    assert found is not None
    assert found in text
    assert promo_trigger().search(text)
    assert may_promote(text)
    assert promotion_in(text, Basis.PUBLIC) is None or promotion_in("할인" + text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "몸은 좀 어떠세요?",
        "문의하시면 안내해 드립니다",
        "원하시면 전액 환불해 드립니다",
        "앱을 다시 시작해 보세요",
        "앞에 2명 남았어요. 병원으로 출발해 주세요",
        "수강 기간이 7일 남았습니다",
        "지금 주문을 취소하시면 수수료가 없습니다",
        "제출 기한을 놓치지 마세요",
        "신청하신 내일 3시 연금 세미나를 안내드립니다",
        "여권을 준비해 주세요",
        "12월 1일부터 9,900원으로 변경됩니다",
        "회원 등급별 혜택은 그대로 유지됩니다",
        "가족 할인이 반영된 금액입니다",
        "응모하신 이벤트의 경품을 발송했습니다",
        "'저금리 대출', '당첨 쿠폰'을 미끼로 한 피싱 문자가 늘고 있습니다",
        "'공짜로 드려요'라는 글은 사기가 많습니다",
        "늦게 신청하면 3일 더 걸립니다",
        "비밀번호를 5회 틀리면 1회 더 시도할 수 있습니다",
        "가장 저렴한 요금제로 변경되었습니다",
        "창립 기념일 휴무 안내",
        "라이브 방송 수업이 시작됩니다",
        "보내신 선물 받기",
        "주문하고 커피 받기까지 5분 걸립니다",
    ],
)
def test_what_draws_nobody(text: str) -> None:
    assert promotion_in(text) is None


def test_a_notice_may_name_what_it_changes_but_not_offer_it() -> None:
    title, body = "이용약관 개정 안내", "쿠폰 중복 사용 기준이 명시됩니다"
    assert promotion_in(body) == "쿠폰"
    assert promotion_in(body, None, f"{title}\n{body}") is None
    offer = "지금 가입하면 5천 원 쿠폰을 드려요"
    assert promotion_in(offer, None, f"{title}\n{offer}") is not None


@pytest.mark.parametrize(
    "text",
    [
        "[샘플샵] 겨울 코트 30% 할인 쿠폰이 도착했습니다.\n무료수신거부 080-000-0000",
        "[샘플샵] 겨울 코트 할인 쿠폰이 도착했습니다.\n수신거부 변경: 앱 > 설정 > 알림",
        "휴면 고객 전용 20% 할인 쿠폰이 도착했습니다",
        "탈퇴 회원님께 할인 쿠폰을 보냅니다",
        "수신동의 회원 전용 쿠폰이 도착했습니다",
        "영수증 이벤트 참여자 전원 커피 증정",
        "견적 무료, 20% 할인 이벤트",
        "요금 안내: 신규 20% 할인",
        "청구서가 나왔습니다. 재가입 20% 할인 쿠폰",
        "당첨을 축하합니다. 30% 할인 쿠폰",
        "구매하신 분께 20% 할인 이벤트",
        "회원님께 30% 할인 혜택이 적용됩니다",
        "약정 없이 30% 할인 혜택",
        "이용권 만료 안내: 재등록 20% 할인 혜택",
        "겨울 코트 쿠폰이 도착했습니다. 자세한 내용은 이용약관을 참고하세요.",
        "주문이 접수되었습니다. 새 쿠폰도 도착했습니다. 쿠폰은 탈퇴 시 사라집니다.",
    ],
)
def test_a_word_of_notices_excuses_no_offer(text: str) -> None:
    assert promotion_in(text, None, text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "휴면 계정 전환 안내\n12월 24일부터 등급 혜택을 쓰실 수 없습니다",
        "수신동의 처리 결과\n혜택·이벤트 알림: 동의 (2026년 11월 23일)",
        "요청하신 견적입니다.\n정가 120,000원\n단체 할인 15%\n견적가 102,000원",
        "약정 할인이 12월 1일에 종료됩니다",
        "샘플샵\n이용약관 개정 안내\n쿠폰 중복 사용 기준이 명시됩니다",
        "요금제 변경 안내\n결합 할인율이 10%에서 5%로 변경됩니다",
        "구매하신 상품의 10% 할인이 적용되었습니다",
    ],
)
def test_a_notice_names_what_it_settles(text: str) -> None:
    assert promotion_in(text, None, text) is None


def test_the_public_gives_to_all_but_sells_to_nobody() -> None:
    assert promotion_in("독감 예방접종 무료, 누구나 오세요", Basis.PUBLIC) is None
    assert promotion_in("전 상품 반값 세일", Basis.PUBLIC) == "반값"


def test_a_long_text_of_harmless_words_takes_no_longer_than_its_length() -> None:
    assert promotion_in("할인 혜택은 유지됩니다 " * 4_000) is None


def test_what_was_requested_may_be_back_in_stock() -> None:
    text = "신청하신 상품이 재입고되었습니다"
    assert promotion_in(text) == "재입고"
    assert promotion_in(text, Basis.REQUESTED) is None
    assert promotion_in(f"{text}. 지금 구매하면 쿠폰", Basis.REQUESTED) == "지금 구매"


@pytest.mark.parametrize(
    "text",
    [
        "먹튀없는 바카라",
        "온라인 카지노 가입 쿠폰",
        "스포츠 토토 사이트",
        "무직자 당일 대출 가능",
        "개인 사채 급전",
        "필로폰 판매",
        "대포 통장 매입",
        "불법 도박 사이트",
        "여권 위조",
        "슬롯사이트 무료 스핀",
        "온라인 슬롯머신 환전 가능",
        "비아그라 시알리스 처방전 없이 정품 당일배송",
        "처방 없이 살 수 있는 식욕억제제",
        "미프진 정품 판매",
        "바.카.라 실시간 입출금",
        "바 / 카 / 라사이트",
        "카 지 노 1분 환전",
        "먹.튀 없는 곳",
        "토토 꽁머니 지급",
        "꽁 머니 3만",
        "신용불량자 당일대출",
        "연체자도 누구나 당일 대출",
        "파워볼 픽 공유방",
        "온라인 홀덤 환전",
        "스포츠 베팅 총판 모집",
        "신용카드 현금화 전문",
        "통장 빌려주시면 사례합니다",
        "물뽕 퀵 배송",
        "조건만남 안내",
    ],
)
def test_what_may_not_be_sold(text: str) -> None:
    assert goods_in(text) is not None
    assert goods_pattern().search(text)
    assert GOODS_TRIGGER.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "마약김밥 두 줄 세트",
        "마약 베개 특가",
        "바카라 크리스탈 와인잔",
        "이웃집 토토로 담요",
        "회사채 청약 안내",
        "전환사채 발행 공시",
        "도박 중독 예방 강연",
        "카지노 로얄 블루레이",
        "마약 퇴치 기부 마라톤",
        "대마도 여행 특가",
        "미니 슬롯머신 저금통",
        "메모리 슬롯 확장 키트",
        "시알리스는 처방전 없이는 살 수 없습니다",
        "비아그라를 처방전 없이 사면 불법입니다",
        "커피바/카페라테 1+1",
        "먹이 튀김 세트",
        "바카라풍 원피스",
        "바카라 스타일 촛대",
        "꽁치 김치찌개",
        "신용대출 금리 변경 안내",
        "작업대출 신고 포상금",
        "바카라(Baccarat) 크리스털 잔",
        "야구 배팅 연습장 개장",
        "사다리 타기 게임 세트",
        "다음 달 첫충격 세일",
        "화장대에 떨어진 머리카락",
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert goods_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "(광고) [부재중] 확인하세요",
        "(광고) 부재중 전화 1건",
        "(광고) RE: 문의하신 내용",
        "(광고) RE:문의하신 내용",
        "(광고) Re:your order",
        "(광고) 택배 반송 예정입니다",
        "(광고) [결제완료] 398,000원",
        "(광고) 미납 요금 안내",
        "(광고) 당첨되셨습니다",
        "(광고) 나 번호 바뀌었어",
    ],
)
def test_baits(text: str) -> None:
    assert bait_in(text) is not None
    assert BAIT_TRIGGER.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "(광고) 추석 특가, 택배로 보내 드립니다",
        "(광고) more: 더 보기",
        "(광고) RE:NEW 리뉴 세럼",
        "RE:BORN 컬렉션",
        "(광고) 부재중이셔도 문 앞에 놓아 드립니다",
        "(광고) 무이자 할부 결제 혜택",
        "(광고) 당첨 기회를 드립니다",
        "(광고) 부재중 전화를 문자로 알려 주는 서비스",
    ],
)
def test_no_baits(text: str) -> None:
    assert bait_in(text) is None


_TRIGGERS = (
    (PROMOTIONS, promo_trigger()),
    ((*GAINS, *ASKS), promo_trigger()),
    (GOODS, GOODS_TRIGGER),
    (BAITS, BAIT_TRIGGER),
)


@pytest.mark.parametrize(
    ("table", "trigger"), _TRIGGERS, ids=["promotions", "pulls", "goods", "baits"]
)
@settings(max_examples=80, deadline=None, database=None)
@given(data=st.data())
def test_whatever_matches_has_a_trigger(
    data: st.DataObject, table: Sequence[tuple[str, ...]], trigger: re.Pattern[str]
) -> None:
    forms = data.draw(st.sampled_from(table))[1]
    shape = re.compile(forms, re.ASCII | re.IGNORECASE)
    text = data.draw(st.from_regex(shape))
    found = shape.search(text)
    assert found is None or trigger.search(text), found[0]
