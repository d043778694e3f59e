"""What holds for every campaign and every person, whatever is written and whatever they are called."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.message.compose import Composer
from engine.model.legal import LabelPosition, MessageType
from engine.model.message import Message, MissingValue, RenderFailure
from engine.model.template import OnMissing, VariableType
from tests.message.factories import (
    APP,
    KAKAO,
    OPT_OUT,
    SMS,
    WEB,
    a_campaign,
    a_template,
    a_variable,
    texts,
)

_WORDS = st.sampled_from(
    ["", "추석 특가", "(광고) 세일", "(광고)세일", "샘플샵 안내", "가" * 60, "Sale\n둘째 줄"]
)
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.just("민지")
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([APP, WEB, SMS]),
    st.sampled_from(list(LabelPosition)),
    _WORDS,
    _WORDS,
)
def test_a_korean_advertisement_carries_one_label_in_front_and_the_way_out_at_the_end(
    channel, position, title, body
):
    template = a_template(texts(ko=(title, body)), universal=(SMS,))
    composed = Composer(a_campaign(template, ad_label=position)).compose(
        channel, "ko", "KR", "default", {}
    )
    if not title and not body:
        assert composed == RenderFailure(reason="the message has no text")
        return
    assert isinstance(composed, Message)
    shown = [composed.body] if channel is SMS else [composed.title, composed.body]
    written = [text for text in shown if text is not None]
    assert sum(text.count("(광고)") for text in written) == 1
    labelled = next(text for text in written if "(광고)" in text)
    assert labelled.startswith("(광고)")
    if position is not LabelPosition.BODY:
        assert labelled is written[0]
    assert (composed.body or "").endswith(OPT_OUT[channel]["ko"])


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["user.name", "user.n", "user.day"]), _SCALARS),
    st.one_of(st.none(), st.sampled_from(["Asia/Seoul", "America/New_York", "../etc", "x\0y"])),
)
def test_whatever_the_values_are_there_is_a_message_or_a_reason(values, zone):
    source = "{{ name }}님 {{ n|number }} {{ day|date }}"
    source += "{% if n > 3 %} {{ name|josa('이/가') }}{% endif %}"
    template = a_template(
        texts(ko=(None, source)),
        a_variable(default="고객"),
        a_variable("n", type=VariableType.NUMBER, default=0),
        a_variable("day", type=VariableType.DATETIME, on_missing=OnMissing.SKIP),
        universal=(KAKAO, SMS),
    )
    composer = Composer(a_campaign(template, type=MessageType.INFORMATIONAL))
    for channel in (APP, KAKAO, SMS):
        composed = composer.compose(channel, "ko", "KR", "default", values, zone)
        if isinstance(composed, Message):
            assert "None" not in (composed.body or "").replace(str(values.get("user.name")), "")
            (composed.body or "").encode("cp949" if channel is SMS else "utf-8")
        else:
            assert composed == MissingValue(variable="day", skip=True)
