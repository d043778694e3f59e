"""`pushform new`: a file that lints, from a few answers. Nothing that is there is overwritten."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.legal import Basis, MessageType
from engine.model.workspace import Workspace
from engine.workspace.copy_campaign import check_free, registered_profiles, registered_senders
from engine.workspace.draft_file import begin_draft, write_draft
from engine.workspace.scalars import read_scalar
from engine.workspace.schemas import Kind

_DRAFT = {
    "ko": "모두 적은 뒤 이 줄을 지우면 예약할 수 있다",
    "en": "delete this line when everything is set",
}
_NAME = {
    "ko": {"default": "고객", "sample": "민지"},
    "en": {"default": "customer", "sample": "Alice"},
}
_VARIABLES = re.compile(r"\{\{-?\s*([A-Za-z_][A-Za-z0-9_]*)")


@frozen
class CampaignAnswers:
    """What somebody answered. `at` is a local time in `timezone` (None: the workspace's)."""

    purpose: str
    type: MessageType
    basis: Basis | None
    channels: tuple[Channel, ...]
    audience: str
    at: str
    timezone: str | None = None
    title: str | None = None
    template: str | None = None
    template_code: str | None = None


@frozen
class AudienceAnswers:
    """Who belongs: by attributes (each with its values), events, and less another audience."""

    title: str
    attributes: Mapping[str, Sequence[str]]
    events: tuple[str, ...]
    within: str
    without: str | None = None


@frozen
class TemplateAnswers:
    """What people read: title and body per locale, also on the channels of `universal`."""

    title: str
    texts: Mapping[str, tuple[str, str]]
    universal: tuple[Channel, ...] = ()


def write_campaign(
    root: Path, workspace: Workspace, name: str, answers: CampaignAnswers, language: str
) -> str:
    """Write the draft `campaigns/<name>.yaml`; return its path. Raises UsageError if it is taken."""
    check_free(root, Kind.CAMPAIGN, name)
    draft = begin_draft(Kind.CAMPAIGN, name, answers.title or answers.purpose)
    draft.put("purpose", answers.purpose)
    draft.put("type", str(answers.type))
    if answers.basis is not None:
        draft.put("basis", str(answers.basis))
    draft.put("audience", answers.audience)
    # As a block, one channel a line, because each of them will get settings.
    draft.put_block(
        "channels",
        {channel.value: _settings(channel, workspace, answers) for channel in answers.channels},
    )
    if answers.template is not None:
        draft.put("message", {"template": answers.template})
    draft.put("schedule", {"at": answers.at, "timezone": answers.timezone or workspace.timezone})
    draft.put("draft", True)
    draft.remark("draft", _DRAFT[language])
    return write_draft(root, Kind.CAMPAIGN, name, draft)


def write_audience(root: Path, name: str, answers: AudienceAnswers) -> str:
    """Write `audiences/<name>.yaml`; return its path. Raises UsageError if it is taken."""
    check_free(root, Kind.AUDIENCE, name)
    draft = begin_draft(Kind.AUDIENCE, name, answers.title)
    conditions: list[dict[str, Any]] = []
    for attribute, values in answers.attributes.items():
        read = [read_scalar(value) for value in values]
        test = {"eq": read[0]} if len(read) == 1 else {"in": read}
        conditions.append({"attribute": attribute, **test})
    conditions += [{"event": event, "within": answers.within} for event in answers.events]
    if answers.without is not None:
        conditions.append({"not": {"audience": answers.without}})
    draft.put("where", conditions[0] if len(conditions) == 1 else {"all": conditions})
    return write_draft(root, Kind.AUDIENCE, name, draft)


def write_template(root: Path, name: str, answers: TemplateAnswers, language: str) -> str:
    """Write `templates/<name>.yaml`; return its path.

    `{{ name }}` in a text is declared as the person's name. Raises UsageError for other variables,
    whose sources nobody can guess, and if the id is taken.
    """
    check_free(root, Kind.TEMPLATE, name)
    draft = begin_draft(Kind.TEMPLATE, name, answers.title)
    used = {
        variable
        for texts in answers.texts.values()
        for text in texts
        for variable in _VARIABLES.findall(text)
    }
    strangers = sorted(used - {"name", "link"})
    if strangers:
        raise UsageError(
            f"`{{{{ {strangers[0]} }}}}` is not declared",
            "start with `{{ name }}` alone, then declare the others under `variables` in the file",
        )
    if "name" in used:
        declared = {"type": "string", "from": "user.name", **_NAME[language]}
        draft.put_block("variables", {"name": declared})
    texts = {locale: {"title": t, "body": b} for locale, (t, b) in answers.texts.items()}
    draft.put_block("locales", texts)
    if answers.universal:
        universal = {channel.value: {"universal": True} for channel in answers.universal}
        draft.put_block("redefine", universal)
    return write_draft(root, Kind.TEMPLATE, name, draft)


def _settings(channel: Channel, workspace: Workspace, answers: CampaignAnswers) -> dict[str, str]:
    if channel is Channel.KAKAO:
        profiles = registered_profiles(workspace.channels) or ("main",)
        profile = "main" if "main" in profiles else profiles[0]
        if answers.type is MessageType.ADVERTISING:
            return {"product": "brand", "profile": profile}
        code = answers.template_code or ""
        return {"product": "alimtalk", "profile": profile, "template_code": code}
    senders = registered_senders(workspace.channels) if channel is Channel.SMS else None
    return {"from": senders[0]} if senders else {}
