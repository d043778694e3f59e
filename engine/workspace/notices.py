"""Drafts of the notices that the law asks for: whether a consent stands, what became of an answer.

정보통신망법 제50조제7항 and 제8항; the fields are those of 시행령 제62조의2 (sender; the fact and the day
of the consent, refusal or withdrawal; the result) and 제62조의3제2항 (sender; the fact and the day of
the consent; how to keep or withdraw it). Nothing else stands in them: an offer would make the notice
itself an advertisement.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone
from engine.law.consent import korean_day, overdue_until, result_notice_by
from engine.model.channel import Channel
from engine.model.legal import Basis, MessageType, Notice
from engine.model.workspace import ConsentColumns, Workspace
from engine.workspace.amended import Amended
from engine.workspace.copy_campaign import check_free, registered_senders
from engine.workspace.draft_file import begin_draft, write_draft
from engine.workspace.notice_words import Asked, english_text, korean_text, title_of
from engine.workspace.read import Loaded
from engine.workspace.schemas import Kind

_HOUR = "10:00"
_DRAFT = "읽고 맞으면 이 줄을 지운다 · read it, then delete this line"


@frozen
class NoticeAnswers:
    """What is to be drafted: `kind` is `recheck` or `result`.

    `channel` None: for every channel whose consent and day are mapped. `within` is how far `recheck`
    looks ahead, `agreed` whether `result` answers a yes. `at` is a local time (None: tomorrow, 10:00).
    """

    kind: str
    channel: str | None
    within: timedelta
    agreed: bool
    at: str | None


def write_notices(
    root: Path, loaded: Loaded, answers: NoticeAnswers, now: datetime
) -> tuple[str, ...]:
    """Write campaign, template and audience of each notice; return their paths.

    Raises UsageError where no channel's consent has both columns, where there is no channel to send
    through, or where an id is taken; then nothing is written.
    """
    workspace = loaded.workspace
    if workspace is None:
        raise UsageError("`pushform.yaml` has mistakes", "`pushform lint` shows them")
    notices = [
        Asked(
            workspace=workspace,
            channel=channel,
            columns=columns,
            through=_through(channel, workspace),
            recheck=answers.kind == "recheck",
            agreed=answers.agreed,
            today=korean_day(now),
        )
        for channel, columns in _channels(workspace, answers.channel).items()
    ]
    for notice in notices:
        for kind in (Kind.CAMPAIGN, Kind.TEMPLATE, Kind.AUDIENCE):
            check_free(root, kind, notice.name)
    at = answers.at or _tomorrow(workspace, now)
    written: list[str] = []
    for notice in notices:
        written.append(write_draft(root, Kind.CAMPAIGN, notice.name, _campaign(notice, at)))
        written.append(write_draft(root, Kind.TEMPLATE, notice.name, _template(notice)))
        written.append(
            write_draft(root, Kind.AUDIENCE, notice.name, _audience(notice, answers.within, now))
        )
    return tuple(written)


def _channels(workspace: Workspace, only: str | None) -> Mapping[Channel, ConsentColumns]:
    mapped = workspace.sources.consent
    found = {
        channel: columns
        for channel, columns in sorted(mapped.items())
        if columns.ad and columns.confirmed_at and only in (None, str(channel))
    }
    if not found:
        where = f"`{only}`" if only else "any channel"
        raise UsageError(
            f"nothing says who agreed to advertisements on {where}, and when",
            "map both columns: `consent: {app: {ad: push_ad_agreed, confirmed_at: ad_confirmed_at}}`",
        )
    return found


def _through(channel: Channel, workspace: Workspace) -> Channel:
    """Return what a notice goes through: the medium itself, but for kakao a text or a push.

    A notice by AlimTalk needs a template that Kakao has approved, which nobody can draft.
    """
    wished = (channel,) if channel is not Channel.KAKAO else (Channel.SMS, Channel.APP)
    for one in wished:
        if one in workspace.channels:
            return one
    raise UsageError(
        f"there is no channel to send a notice about {channel} through",
        f"set up `channels.{wished[0]}` in `pushform.yaml`",
    )


def _campaign(notice: Asked, at: str) -> Amended:
    kind = Notice.CONSENT_RECHECK if notice.recheck else Notice.CONSENT_RESULT
    draft = begin_draft(Kind.CAMPAIGN, notice.name, title_of(notice))
    draft.put(
        "purpose", "정보통신망법 제50조제8항" if notice.recheck else "정보통신망법 제50조제7항"
    )
    draft.put("type", str(MessageType.INFORMATIONAL))
    draft.put("basis", str(Basis.PUBLIC))
    draft.put("notice", str(kind))
    draft.put("audience", notice.name)
    senders = registered_senders(notice.workspace.channels)
    settings = {"from": senders[0]} if notice.through is Channel.SMS and senders else {}
    draft.put_block("channels", {str(notice.through): settings})
    draft.put("message", {"template": notice.name})
    draft.put("schedule", {"at": at, "timezone": notice.workspace.timezone})
    draft.put("draft", True)
    draft.remark("draft", _DRAFT)
    return draft


def _audience(notice: Asked, within: timedelta, now: datetime) -> Amended:
    """Who agreed and falls due (recheck), or who said it in the last 14 days (result)."""
    draft = begin_draft(Kind.AUDIENCE, notice.name, title_of(notice))
    if notice.recheck:
        last = overdue_until(korean_day(now + within) + timedelta(days=1))
        when: dict[str, Any] = {"before": str(last + timedelta(days=1))}
    else:
        days = (result_notice_by(notice.today) - notice.today).days
        when = {"within": f"{days}d"}
    conditions = [
        {"attribute": notice.columns.ad, "eq": notice.recheck or notice.agreed},
        {"attribute": notice.columns.confirmed_at, **when},
    ]
    if notice.recheck:
        # Who refused has withdrawn; the door lets information through to them.
        conditions.append({"not": {"suppressed": str(notice.channel)}})
    draft.put("where", {"all": conditions})
    return draft


def _template(notice: Asked) -> Amended:
    draft = begin_draft(Kind.TEMPLATE, notice.name, title_of(notice))
    column = notice.columns.confirmed_at
    agreed = {"type": "date", "from": f"user.{column}", "on_missing": "skip"}
    draft.put_block("variables", {"agreed_on": {**agreed, "sample": str(notice.today)}})
    texts = {"ko": korean_text(notice), "en": english_text(notice)}
    draft.put_block("locales", texts)
    if notice.through is Channel.SMS:
        draft.put_block("redefine", {str(Channel.SMS): {"universal": True}})
    return draft


def _tomorrow(workspace: Workspace, now: datetime) -> str:
    zone = find_zone(workspace.timezone)
    day = now.astimezone(zone).date() + timedelta(days=1)
    return f"{day} {_HOUR}"
