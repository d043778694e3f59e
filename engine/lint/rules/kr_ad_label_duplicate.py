"""The label stands there once.

## What
A composed message carries `(광고)` in one place: not twice in a text, not in the title and the
body. A Brand Message carries none of its own, neither typed nor by `ad_label: body`: KakaoTalk
writes one in front of the profile's name. cs.kakao.com says so of Kakao Moment's messages; that it
does for Brand Messages is assumed, and the finding says so.

## Why
Nothing forbids a second label, but it costs six bytes of ninety in a text message and looks like
a mistake, because it is one: somebody typed what is added anyway (cs.kakao.com: Kakao adds it as
well).

## Fix
Delete the label from the texts, and `ad_label` from a campaign that sends a Brand Message. A
hand-typed label at the very start is recognised and not doubled. If your profile's messages carry none
on a phone, answer on the line: `# pushform: ignore[kr-ad-label-duplicate] reason; until 2026-12-31`.

## 한국어
완성된 메시지에 「(광고)」는 한 번만 나와야 합니다. 한 글에 두 번, 또는 제목과 본문에 한 번씩 있으면
알립니다. 브랜드 메시지에는 직접 적거나 `ad_label: body`로 넣지 않습니다. 카카오톡이 프로필 이름 앞에
붙이기 때문입니다(카카오 고객센터가 카카오모먼트 메시지에 대해 그렇게 안내하며, 브랜드 메시지도 같다고
보았습니다). 법이 금지하지는 않지만 자동으로 붙는 표시를 손으로 또 적은 실수이고, 90바이트인 문자에서
6바이트를 더 씁니다.
고치려면 글에서 표시를, 브랜드 메시지를 보내는 캠페인에서 `ad_label`을 지우세요. 맨 앞에 손으로 적은
표시는 알아보고 겹쳐 붙이지 않습니다. 휴대폰에서 확인해 보니 카카오가 표시를 붙이지 않는다면 그 줄에 이유를
적은 주석으로 답할 수 있습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.law.label import LABEL, LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import excerpt, label_marks
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import used_templates
from engine.lint.vendor import kakao_campaigns
from engine.message.inserted import insertions
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct
from engine.model.legal import LabelPosition
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Text

META = RuleMeta(
    id="kr-ad-label-duplicate",
    title="(광고) stands there once",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-one-label",
        "a label that is added anyway is not typed as well",
        title_ko="자동으로 붙는 광고 표시는 손으로 또 적지 않습니다",
    ),
    jurisdictions=frozenset({"KR"}),
    title_ko="(광고) 표시는 한 번만 합니다",
)
_ASSUMED = practice(
    "kakao-label",
    "cs.kakao.com/helps_html/1073199206: the label before the name of the profile, for Kakao Moment;"
    " assumed for Brand Messages",
    title_ko="cs.kakao.com/helps_html/1073199206: 카카오모먼트는 프로필 이름 앞에 표시."
    " 브랜드 메시지도 같다고 봅니다",
)
_BRAND = (
    "{campaign: {%schannels: {kakao: {}}}, template: {redefine: {sms: {en: null},"
    " kakao: {ko: {body: '%s'}}}, locales: {en: null}}}"
)
EXAMPLES = (
    Good(_BRAND % ("", "가을 신상이 왔어요")),
    Good("template: {locales: {ko: {title: '(광고) 추석 특가', body: '(광고) 전 상품'}}}"),
    Bad(
        "template: {locales: {ko: {title: '(광고)(광고) 추석 특가'}}}",
        ("template", "locales", "ko", "title"),
        "more than once",
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '(광고) 최대 50% (광고)'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "more than once",
    ),
    Bad(
        _BRAND % ("", "(광고) 가을 신상이 왔어요"),
        ("template", "redefine", "kakao", "ko", "body"),
        "it is assumed that KakaoTalk writes one",
    ),
    Bad(
        _BRAND % ("ad_label: body, ", "가을 신상이 왔어요"),
        ("campaign", "ad_label"),
        "it is assumed that KakaoTalk writes one",
        also=("kr-ad-label-body-only",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so, and the labels beside the one that KakaoTalk writes."""
    seen: set[Origin] = set()
    for mark in context.once(label_marks).get(LabelFault.DUPLICATE, ()):
        seen.add(mark.at)
        yield mark.hit(
            f"`(광고)` stands there more than once: `{excerpt(mark.text)}`",
            "type it nowhere: it is added for you",
            Korean(
                f"(광고) 표시가 두 번 이상 있습니다: `{excerpt(mark.text)}`",
                "직접 적지 마세요. 자동으로 붙습니다",
            ),
        )
    for campaign, settings in context.once(kakao_campaigns):
        if settings.product is KakaoProduct.ALIMTALK or not campaign.advertising:
            continue
        if KOREA in context.jurisdictions[campaign.id]:
            for at, locale in _beside_kakaos(campaign):
                if at not in seen:
                    yield _beside(campaign, at, locale)


def _beside_kakaos(campaign: ResolvedCampaign) -> Iterator[tuple[Origin, str | None]]:
    """Yield where a Brand Message gets a label of its own: a text that has one typed, or `ad_label`."""
    inserted = campaign.ad_label is not LabelPosition.AUTO and insertions(
        campaign, Channel.KAKAO, campaign.locale, KOREA
    )
    if inserted and inserted.label:
        yield campaign.origin / "ad_label", None
    for template in used_templates(campaign):
        for locale in template.locales_of(Channel.KAKAO):
            text = template.text(Channel.KAKAO, locale)
            if text is not None:
                for field in _typed(text):
                    yield text.origin / field, locale


def _typed(text: Text) -> Iterator[str]:
    for field, words in (("title", text.title), ("body", text.body)):
        if words and LABEL in words:
            yield field


def _beside(campaign: ResolvedCampaign, at: Origin, locale: str | None) -> Hit:
    return Hit(
        message="the Brand Message gets `(광고)` here, and it is assumed that KakaoTalk writes one in "
        "front of the profile's name as well",
        at=at,
        hint="delete it, and look at a test message on a phone",
        campaign=campaign.id,
        locale=locale,
        channel=Channel.KAKAO,
        jurisdiction=KOREA,
        korean=Korean(
            "브랜드 메시지에 (광고) 표시를 넣는데, 카카오톡도 프로필 이름 앞에 표시를 붙인다고"
            " 보았습니다(가정)",
            "지우고, 시험 발송한 메시지를 휴대폰에서 확인하세요",
        ),
        citation=_ASSUMED,
    )
