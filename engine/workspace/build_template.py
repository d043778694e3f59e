"""`templates/*.yaml`, and the messages that campaigns write inline → model types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.kernel.origin import Origin
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.template import (
    ImageFacts,
    OnMissing,
    Redefinition,
    Template,
    Text,
    Variable,
    VariableType,
)
from engine.workspace.build_kakao import build_button, build_kakao
from engine.workspace.notes import Notes, name

Raw = Mapping[str, Any]
_KEYWORDS = frozenset({"variables", "locales", "redefine", "with"})
_NAMES = {
    VariableType.STRING: "text",
    VariableType.INTEGER: "a whole number",
    VariableType.NUMBER: "a number",
    VariableType.BOOLEAN: "`true` or `false`",
    VariableType.DATE: "a date like `2026-09-24`",
    VariableType.DATETIME: "a date and time like `2026-09-24T10:00:00+09:00`",
}


def build_template(data: Raw, id: str, at: Origin, notes: Notes) -> Template:  # noqa: A002
    """Return the template that `data` (of the schema's shape) describes."""
    return Template(
        id=id,
        variables=_variables(data.get("variables", {}), at / "variables", notes),
        locales=_texts(data.get("locales", {}), at / "locales"),
        redefine=_redefine(data["redefine"], at / "redefine") if "redefine" in data else {},
        title=data.get("title"),
        images={url: ImageFacts(**facts) for url, facts in data.get("images", {}).items()},
        origin=at,
    )


def build_inline(data: Raw, id: str, at: Origin, notes: Notes) -> Template:  # noqa: A002
    """Return the template that a campaign's `message:` writes out, under the id `id`.

    Locales may stand right in `message:` or under `locales:`; one in both places is a finding.
    """
    short = {word: raw for word, raw in data.items() if word not in _KEYWORDS}
    for word in short.keys() & data.get("locales", {}).keys():
        notes.value(
            f"`{name(at)}`: the locale `{word}` is written twice", at / word, "delete one of them"
        )
    texts = _texts(short, at)
    if "locales" in data:
        texts = {**_texts(data["locales"], at / "locales"), **texts}
    return Template(
        id=id,
        variables=_variables(data.get("variables", {}), at / "variables", notes),
        locales=texts,
        redefine=_redefine(data["redefine"], at / "redefine") if "redefine" in data else {},
        origin=at,
    )


def fits(kind: VariableType, value: Scalar) -> bool:
    """Tell whether `value`, as YAML gives it, is of the type `kind` of a variable."""
    match kind:
        case VariableType.STRING:
            return isinstance(value, str)
        case VariableType.BOOLEAN:
            return isinstance(value, bool)
        case VariableType.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case VariableType.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case VariableType.DATE:
            return isinstance(value, str) and _reads(date, value)
        case VariableType.DATETIME:
            return isinstance(value, str) and _reads(datetime, value)


def describe_type(kind: VariableType) -> str:
    """Return the type `kind` in words: `a whole number`."""
    return _NAMES[kind]


def _reads(kind: type[date], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


def _variables(raw: Raw, at: Origin, notes: Notes) -> dict[str, Variable]:
    found = {}
    for word, one in raw.items():
        here = at / word
        if not word.isidentifier():
            notes.value(
                f"`{word}` cannot be the name of a variable",
                here,
                "use letters, digits and `_`, and start with a letter",
            )
        if word == "link":
            notes.value(
                "`link` is the campaign's action: a variable cannot have this name",
                here,
                "give the variable another name",
            )
        kind = VariableType(one.get("type", "string"))
        for part in ("default", "sample"):
            if part in one and not notes.partial and not fits(kind, one[part]):
                notes.value(
                    f"`{name(here / part)}` is `{one[part]}`, but must be {describe_type(kind)}",
                    here / part,
                )
        found[word] = Variable(
            name=word,
            type=kind,
            source=one["from"],
            default=one.get("default"),
            on_missing=OnMissing(one.get("on_missing", "error")),
            sample=one.get("sample"),
            origin=here,
        )
    return found


def _redefine(raw: Raw, at: Origin) -> dict[Channel, Redefinition]:
    found = {}
    for word, one in raw.items():
        texts = {locale: text for locale, text in one.items() if locale != "universal"}
        found[Channel(word)] = Redefinition(
            locales=_texts(texts, at / word),
            universal=one.get("universal", False),
            origin=at / word,
        )
    return found


def _texts(raw: Raw, at: Origin) -> dict[str, Text]:
    return {
        locale: Text(
            title=one.get("title"),
            body=one.get("body"),
            image=one.get("image"),
            icon=one.get("icon"),
            buttons=tuple(build_button(button) for button in one.get("buttons", ())),
            kakao=build_kakao(one),
            origin=at / locale,
        )
        for locale, one in raw.items()
    }
