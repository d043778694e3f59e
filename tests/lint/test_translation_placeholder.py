"""Which variables a translation may leave out, and where one that it lost is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lint.rules import translation_placeholder
from engine.lint.run import run_rules
from tests.lint.workspaces import open_context, write_workspace


def lost(root: Path, *fragments: str) -> list[tuple[str | None, str]]:
    """Return (locale, message) of what the rule reports."""
    _, context = open_context(write_workspace(root, *fragments))
    found = run_rules(context, (translation_placeholder,))
    return [(finding.locale, finding.message) for finding in found]


def test_what_no_translation_of_several_reads_is_left_out_on_purpose(tmp_path):
    both = (
        "template: {locales: {en: {title: Sale}, ja: {title: セール, body: 全品20%オフ}},"
        " redefine: {sms: {ja: {body: '50% OFF {{ link }}'}}}}"
    )
    assert lost(tmp_path, both) == []


def test_what_one_of_several_keeps_is_missed_in_the_other(tmp_path):
    one = (
        "template: {locales: {ja: {title: セール, body: 全品20%オフ}},"
        " redefine: {sms: {ja: {body: '50% OFF {{ link }}'}}}}"
    )
    assert lost(tmp_path, one) == [("ja", "`ja` lost `{{ name }}`, which `ko` reads")]


def test_the_campaigns_own_values_and_the_link_are_missed_even_if_all_lost_them(tmp_path):
    offer = (
        "{template: {variables: {rate: {type: integer, from: with.rate, sample: 20}},"
        " locales: {ko: {body: '{{ rate }}% 할인'}, ja: {title: '{{ name }}様', body: セール}},"
        " redefine: {sms: {en: {body: Up to 50%}, ja: {body: 50% OFF}}}},"
        " campaign: {message: {with: {rate: 20}}}}"
    )
    assert lost(tmp_path, offer) == [
        ("en", "`en` lost `{{ rate }}`, which `ko` reads"),
        ("ja", "`ja` lost `{{ rate }}`, which `ko` reads"),
        ("en", "`en` lost `{{ link }}`, which `ko` reads"),
        ("ja", "`ja` lost `{{ link }}`, which `ko` reads"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{title: '{{ naam }}, Chuseok sale'}",
        "{title: 'Sale', body: 'For {{ first }}'}",
        "{title: '{% if name %}{{ name }}{% endif %} sale'}",
        "{title: Sale, image: 'https://shop.example/{{ name|urlencode }}.png'}",
    ],
    ids=["undeclared: another rule's", "same source", "jinja", "another field"],
)
def test_it_is_quiet_about(tmp_path, text):
    first = "first: {type: string, from: user.name, default: you}"
    assert lost(tmp_path, f"template: {{variables: {{{first}}}, locales: {{en: {text}}}}}") == []


def test_a_bubbles_own_texts_count(tmp_path):
    kakao = (
        "{campaign: {channels: {kakao: {product: brand, bubble: wide_item_list, profile: main}}},"
        " template: {redefine: {kakao: {ko: {header: '{{ name }}님 추천', body: 추천},"
        " en: {header: For you, body: Picks}}}}}"
    )
    assert ("en", "`en` lost `{{ name }}`, which `ko` reads") in lost(tmp_path, kakao)


def test_a_comment_with_a_reason_answers_it(tmp_path):
    root = write_workspace(tmp_path, "template: {locales: {en: {title: Sale}}}")
    file = root / "templates/sale.yaml"
    text = file.read_text("utf-8")
    comment = (
        "# pushform: ignore[translation-placeholder] 영문은 이름을 부르지 않음; until 2026-12-31"
    )
    file.write_text(text.replace("    title: Sale\n", f"    {comment}\n    title: Sale\n"), "utf-8")
    _, context = open_context(root)
    assert [f.rule for f in run_rules(context)] == []
