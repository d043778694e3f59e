"""Macros in `templates/_*.jinja`: found by name, carried by the templates that use them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from engine.message.compose import Composer
from engine.model.channel import Channel
from engine.model.message import Message
from engine.model.stored import from_plain, to_plain
from engine.workspace.files import FolderTree
from engine.workspace.held import hold
from engine.workspace.read import Loaded, read_at_revision, read_share, read_workspace
from tests.workspace.small import load, said, write

WORDS = """\
{% from '_signs.jinja' import star %}
{# 이름 뒤의 높임말 #}
{% macro polite(name, word='님') %}{{ name }}{{ word }}{{ star() }}{% endmacro %}
"""
SIGNS = "{% macro star() %}★{% endmacro %}"
TEMPLATE = """\
kind: template
id: chuseok-sale
variables:
  name: {type: string, from: user.name, default: 고객, sample: 민지}
  discount: {type: integer, from: with.discount, sample: 30}
locales:
  ko:
    title: "{% from '_words.jinja' import polite %}{{ polite(name) }}, 추석 특가"
    body: "{{ discount }}% 할인"
"""
FILES = {
    "templates/chuseok-sale.yaml": TEMPLATE,
    "templates/parts/_words.jinja": WORDS,
    "templates/_signs.jinja": SIGNS,
    "templates/_unused.jinja": "{% macro x() %}{% endmacro %}",
}


def title(loaded: Loaded) -> str | None:
    campaign = from_plain(to_plain(loaded.resolved["chuseok-sale"]))
    message = Composer(campaign).sample(Channel.APP, "ko", "KR", campaign.variants[0].id)
    assert isinstance(message, Message), message
    return message.title


def test_the_resolved_campaign_carries_the_partials_that_it_uses(tmp_path: Path) -> None:
    loaded = load(tmp_path, FILES)
    assert said(loaded) == []
    assert loaded.templates["chuseok-sale"].partials == {
        "_signs.jinja": SIGNS,
        "_words.jinja": WORDS,
    }
    assert title(loaded) == "(광고) 민지님★, 추석 특가"
    assert to_plain(loaded.resolved["chuseok-sale"])["variants"][0]["template"]["partials"]


def test_a_template_without_partials_is_stored_as_before(tmp_path: Path) -> None:
    stored = to_plain(load(tmp_path, {}).resolved["chuseok-sale"])
    assert "partials" not in stored["variants"][0]["template"]


def test_a_revision_and_held_files_have_the_partials_of_their_time(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=민지", "-c", "user.email=m@shop.example"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "추석"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    held = hold(FolderTree(tmp_path))
    (tmp_path / "templates" / "_signs.jinja").write_text("{% macro star() %}☆{% endmacro %}")
    assert title(read_at_revision(tmp_path, "HEAD", None)) == "(광고) 민지님★, 추석 특가"
    assert title(read_share(held, None, None)) == "(광고) 민지님★, 추석 특가"
    after = hold(FolderTree(tmp_path))
    assert title(read_share(after, None, None)) == "(광고) 민지님☆, 추석 특가"
    assert after.digest() != held.digest()


def test_a_name_is_taken_once_and_a_file_is_text(tmp_path: Path) -> None:
    loaded = load(tmp_path, {**FILES, "templates/parts/_signs.jinja": SIGNS})
    message = "the name `_signs.jinja` is taken by `templates/_signs.jinja`"
    assert said(loaded) == [f"templates/parts/_signs.jinja:1 id-duplicate {message}"]
    (tmp_path / "templates" / "_signs.jinja").write_bytes(b"\xff\xfe{%")
    (tmp_path / "templates" / "parts" / "_signs.jinja").unlink()
    assert [f.rule for f in load(tmp_path / "other", FILES).findings] == []
    assert [f.at.file for f in read_workspace(tmp_path, None).findings] == [
        "templates/_signs.jinja"
    ]


def test_inline_messages_use_partials_too(tmp_path: Path) -> None:
    campaign = """\
kind: campaign
id: early-bird
draft: true
message:
  ko: {body: "{% import '_words.jinja' as words %}{{ words.polite('민지') }}"}
"""
    loaded = load(tmp_path, {**FILES, "campaigns/early-bird.yaml": campaign})
    message = loaded.campaigns["early-bird"].message
    assert message is not None
    assert not isinstance(message.template, str)
    assert sorted(message.template.partials) == ["_signs.jinja", "_words.jinja"]
