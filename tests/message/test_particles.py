"""Particles after everything that a name or a product can end with."""

from __future__ import annotations

import pytest

from engine.message.failure import RenderError
from engine.message.particles import particle_forms, with_particle
from engine.message.sound import Sound, last_sound

OPEN, RIEUL, CLOSED, UNCLEAR = Sound.OPEN, Sound.RIEUL, Sound.CLOSED, Sound.UNCLEAR

SOUNDS = {
    # Hangul
    "민지": OPEN,
    "춘향": CLOSED,
    "길동": CLOSED,
    "서울": RIEUL,
    "쌀": RIEUL,
    "연필": RIEUL,
    "송편": CLOSED,
    "사과": OPEN,
    "한우": OPEN,
    "닭": CLOSED,
    "값": CLOSED,
    "뷁": CLOSED,
    "여덟": CLOSED,
    # numbers, read as Sino-Korean
    "0": CLOSED,
    "1": RIEUL,
    "2": OPEN,
    "3": CLOSED,
    "4": OPEN,
    "5": OPEN,
    "6": CLOSED,
    "7": RIEUL,
    "8": RIEUL,
    "9": OPEN,
    "10": CLOSED,
    "20": CLOSED,
    "100": CLOSED,
    "1,000": CLOSED,
    "10000": CLOSED,
    "100,000,000": CLOSED,
    "1000000000000": OPEN,
    "10000000000000000": CLOSED,
    "3.5": OPEN,
    "3.0": CLOSED,
    "1.17": RIEUL,
    "010": CLOSED,
    "2026": CLOSED,
    "１０": CLOSED,
    "①": RIEUL,
    # signs and units behind numbers
    "30%": OPEN,
    "25℃": OPEN,
    "500g": CLOSED,
    "1kg": CLOSED,
    "2L": OPEN,
    "5km": OPEN,
    "200kcal": RIEUL,
    # letters and capitals, read one by one
    "A": OPEN,
    "L": RIEUL,
    "M": CLOSED,
    "N": CLOSED,
    "R": RIEUL,
    "X": OPEN,
    "LG": OPEN,
    "SK": OPEN,
    "KT": OPEN,
    "TV": OPEN,
    "VIP": OPEN,
    "BTS": OPEN,
    "PPL": RIEUL,
    "XL": RIEUL,
    # Latin words, by their usual transcription
    "Apple": RIEUL,
    "Google": RIEUL,
    "email": RIEUL,
    "SALE": RIEUL,
    "iPhone": CLOSED,
    "game": CLOSED,
    "Samsung": CLOSED,
    "Team": CLOSED,
    "MacBook": CLOSED,
    "shop": CLOSED,
    "music": CLOSED,
    "web": CLOSED,
    "internet": CLOSED,
    "gift": OPEN,
    "week": OPEN,
    "cake": OPEN,
    "note": OPEN,
    "Nike": OPEN,
    "Naver": OPEN,
    "Kakao": OPEN,
    "Netflix": OPEN,
    "Starbucks": OPEN,
    "YouTube": OPEN,
    "GitHub": OPEN,
    "café": OPEN,
    # words that end in digits
    "A4": OPEN,
    "S24": OPEN,
    "B1": RIEUL,
    "디즈니+": OPEN,
    # brackets, quotes, punctuation, emoji
    "김밥(특)": CLOSED,
    "쌀(10kg)": RIEUL,
    "사과[한정]": OPEN,
    "(특)": CLOSED,
    "「송편」": CLOSED,
    "'우유'": OPEN,
    "“쌀”": RIEUL,
    "송편!": CLOSED,
    "우유...": OPEN,
    "송편 😀": CLOSED,
    "우유👩‍🚀": OPEN,
    "ㅋㅋ": CLOSED,
    "ㅠㅠ": OPEN,
    "すし": OPEN,
    "ラーメン": CLOSED,
    # names of people, places and brands
    "지수": OPEN,
    "하늘": RIEUL,
    "다솜": CLOSED,
    "이슬": RIEUL,
    "예준": CLOSED,
    "서연": CLOSED,
    "유나": OPEN,
    "솔": RIEUL,
    "부산": CLOSED,
    "제주": OPEN,
    "울릉": CLOSED,
    "강릉": CLOSED,
    "밀양": CLOSED,
    "이마트": OPEN,
    "올리브영": CLOSED,
    "네이버": OPEN,
    "쿠팡": CLOSED,
    "배달의민족": CLOSED,
    "롯데월드몰": RIEUL,
    # what shops sell
    "굴비": OPEN,
    "곶감": CLOSED,
    "한과": OPEN,
    "약과": OPEN,
    "물": RIEUL,
    "꿀": RIEUL,
    "귤": RIEUL,
    "참치캔": CLOSED,
    "밥솥": CLOSED,
    "흙": CLOSED,
    "삶": CLOSED,
    "앎": CLOSED,
    "여름옷": CLOSED,
    "꽃": CLOSED,
    "부엌": CLOSED,
    "무릎담요": OPEN,
    "커피 2+1": RIEUL,
    "우유 1L": OPEN,
    "사과 3kg": CLOSED,
    "김 10봉": CLOSED,
    "쿠폰 5,000원": CLOSED,
    "포인트 1,200P": OPEN,
    "1+1": RIEUL,
    "아이폰 15 Pro": OPEN,
    "갤럭시 S25": OPEN,
    "5월 1일": RIEUL,
    "D-7": RIEUL,
    "12:30": CLOSED,
    "A/S": OPEN,
    "Vol.3": CLOSED,
    # nobody can tell
    "😀": UNCLEAR,
    "寿司": UNCLEAR,
    "…": UNCLEAR,
    "": UNCLEAR,
}


@pytest.mark.parametrize(("word", "sound"), SOUNDS.items())
def test_how_a_word_ends(word, sound):
    assert last_sound(word) is sound


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("송편", "을/를", "송편을"),
        ("한우", "을/를", "한우를"),
        ("민지", "은/는", "민지는"),
        ("길동", "은/는", "길동은"),
        ("굴비", "이/가", "굴비가"),
        ("곶감", "이/가", "곶감이"),
        ("사과", "과/와", "사과와"),
        ("쌀", "과/와", "쌀과"),
        ("부산", "으로/로", "부산으로"),
        ("서울", "으로/로", "서울로"),
        ("제주", "으로/로", "제주로"),
        ("연필", "으로써/로써", "연필로써"),
        ("손님", "으로서/로서", "손님으로서"),
        ("커피", "이나/나", "커피나"),
        ("물", "이나/나", "물이나"),
        ("오늘", "이라면/라면", "오늘이라면"),
        ("내일모레", "이라면/라면", "내일모레라면"),
        ("친구", "이랑/랑", "친구랑"),
        ("동생", "이랑/랑", "동생이랑"),
        ("길동", "아/야", "길동아"),
        ("민지", "아/야", "민지야"),
        ("선물", "이에요/예요", "선물이에요"),
        ("사과", "이에요/예요", "사과예요"),
        ("한과", "이라도/라도", "한과라도"),
        ("7", "으로/로", "7로"),
        ("3", "으로/로", "3으로"),
        ("R", "으로/로", "R로"),
        ("LG", "이/가", "LG가"),
        ("😀", "을/를", "😀을(를)"),
        ("😀", "으로/로", "😀(으)로"),
        ("😀", "이나/나", "😀(이)나"),
        ("寿司", "이/가", "寿司이(가)"),
    ],
)
def test_the_particle_that_fits(word, pair, expected):
    assert with_particle(word, pair) == expected


@pytest.mark.parametrize("pair", ["을/를", "를/을", "을(를)", "를(을)", " 을 / 를 "])
def test_a_pair_may_be_written_in_either_order_and_with_brackets(pair):
    assert particle_forms(pair) == ("을", "를")


@pytest.mark.parametrize("pair", ["으로/로", "로/으로", "(으)로"])
def test_the_movable_vowel_may_be_bracketed(pair):
    assert particle_forms(pair) == ("으로", "로")


@pytest.mark.parametrize("pair", ["", "/", "을", "을/가", "님/씨", "a/b", "(을)", "을/를/은"])
def test_what_is_no_pair_is_named(pair):
    with pytest.raises(RenderError, match="is not a pair of Korean particles like `을/를`"):
        particle_forms(pair)


@pytest.mark.parametrize("word", ["a" + "()" * 200, "(" * 5000, "밥" + ")" * 5000, "()" * 3000])
def test_brackets_without_end_take_no_time(word):
    assert with_particle(word, "을/를").startswith(word)


def test_the_table_is_as_large_as_it_was_promised():
    assert len(SOUNDS) >= 120
    promised = {"서울", "쌀", "1", "3", "7", "10", "A", "R", "LG", "김밥(특)", "😀"}
    assert promised <= SOUNDS.keys()


@pytest.mark.parametrize("word", SOUNDS)
def test_every_pair_follows_the_sound(word):
    """표준국어대사전: 을, 은, 이, 과, 이나, 이라면 after a consonant; 로 also after ㄹ."""
    sound = SOUNDS[word]
    after = {
        OPEN: ("를", "는", "가", "와", "로", "나", "라면"),
        RIEUL: ("을", "은", "이", "과", "로", "이나", "이라면"),
        CLOSED: ("을", "은", "이", "과", "으로", "이나", "이라면"),
        UNCLEAR: ("을(를)", "은(는)", "이(가)", "과(와)", "(으)로", "(이)나", "(이)라면"),
    }[sound]
    pairs = ("을/를", "은/는", "이/가", "과/와", "으로/로", "이나/나", "이라면/라면")
    assert [with_particle(word, pair) for pair in pairs] == [word + particle for particle in after]
