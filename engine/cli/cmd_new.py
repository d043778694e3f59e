"""`pushform new`: a first draft from five answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli import options
from engine.cli.output import note

if TYPE_CHECKING:
    from engine.app.session import Session
    from engine.cli.asking import Questions

_language = click.option("--language", type=click.Choice(["ko", "en"]), help="Of the questions.")
_title = click.option("--title", help="A name for people; never sent.")


@click.group("new")
def command() -> None:
    """Write a campaign, an audience or a template from five answers.

    On a terminal what no option says is asked for. No file is ever overwritten.
    """


@command.command("campaign")
@click.argument("id_", metavar="[ID]", required=False)
@_title
@click.option("--purpose", help="What it is for.")
@click.option("--type", "type_", help="advertising or informational.")
@click.option("--basis", help="Why it is informational.")
@click.option("--channels", help="app, web, kakao, sms; separated by commas.")
@click.option("--template-code", help="The approved AlimTalk template (informational kakao).")
@click.option("--audience", help="The id of an audience, or everyone.")
@click.option("--at", help="When, as YYYY-MM-DD HH:MM.")
@click.option("--timezone", help="Where: an IANA zone or recipient; the workspace's if none.")
@click.option("--template", help="The id of its template, if there is one.")
@_language
@options.workspace
def new_campaign(
    id_: str | None,
    title: str | None,
    purpose: str | None,
    type_: str | None,
    basis: str | None,
    channels: str | None,
    template_code: str | None,
    audience: str | None,
    at: str | None,
    timezone: str | None,
    template: str | None,
    language: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Write the draft of a campaign: purpose, type, channels, audience, time."""
    from engine.cli.asking import SendTime, message_type, one_of, some_of, some_text
    from engine.model.channel import Channel
    from engine.model.legal import Basis, MessageType
    from engine.workspace.build_audience import EVERYONE
    from engine.workspace.drafts import CampaignAnswers, write_campaign

    session, ask = _begin("new campaign", directory, environment, as_of, language)
    loaded, workspace = session.loaded, session.workspace
    name = _ask_id(session, ask, id_, "campaign")
    if template is not None:
        one_of(tuple(loaded.templates), "template")(template)
    goal = ask.answer("--purpose", purpose, some_text, "purpose")
    kind = ask.answer("--type", type_, message_type, "type")
    why = None
    if kind is MessageType.INFORMATIONAL:
        bases = [str(known) for known in Basis]
        why = ask.answer("--basis", basis, one_of(bases, "basis"), "basis")
    known = [channel.value for channel in Channel if channel in workspace.channels]
    ways = ask.answer(
        "--channels", channels, some_of(known, "channel"), "channels", known=", ".join(known)
    )
    code = None
    if kind is MessageType.INFORMATIONAL and "kakao" in (ways or ()):
        code = ask.answer("--template-code", template_code, some_text, "template_code")
    people = [EVERYONE, *sorted(loaded.audiences)]
    who = ask.answer(
        "--audience", audience, one_of(people, "audience"), "audience", known=", ".join(people)
    )
    used = tuple(Channel(way) for way in ways or ())
    time = SendTime(
        workspace, timezone, session.opened_at, kind is not MessageType.INFORMATIONAL, used
    )
    when = ask.answer("--at", at, time.check, "at", **time.hints(ask.language))
    ask.refuse_missing()
    assert name and goal and kind and who and when  # noqa: S101, PT018 - nothing is missing
    answers = CampaignAnswers(
        purpose=goal,
        type=kind,
        basis=Basis(why) if why else None,
        channels=used,
        audience=who,
        at=when,
        timezone=timezone,
        title=title,
        template=template,
        template_code=code,
    )
    click.echo(write_campaign(session.root, workspace, name, answers, ask.language))
    missing = "" if template else "write its `message`, then "
    note(f"next: {missing}`pushform preview {name}`, and delete the line `draft: true`")
    return 0


@command.command("audience")
@click.argument("id_", metavar="[ID]", required=False)
@_title
@click.option("--attributes", "attributes_", help="country=KR grade=gold,vip")
@click.option("--events", help="Names of events, separated by commas.")
@click.option("--within", help="The time before in which they happened; 30d if not said.")
@click.option("--without", help="The id of an audience whose people are left out.")
@_language
@options.workspace
def new_audience(
    id_: str | None,
    title: str | None,
    attributes_: str | None,
    events: str | None,
    within: str | None,
    without: str | None,
    language: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Write an audience: who they are, what they are like, what they did, less whom."""
    from engine.cli.asking import attributes, duration, one_of, some_text
    from engine.kernel.errors import UsageError
    from engine.workspace.drafts import AudienceAnswers, write_audience

    session, ask = _begin("new audience", directory, environment, as_of, language)
    name = _ask_id(session, ask, id_, "audience")
    known = tuple(sorted(session.loaded.audiences))
    called = ask.answer("--title", title, some_text, "audience_title")
    like = ask.answer("--attributes", attributes_, attributes, "attributes", default="") or {}
    did = ask.answer("--events", events, _words, "events", default="") or ()
    span = ask.answer("--within", within, duration, "within", default="30d") if did else "30d"
    less = ask.answer(
        "--without",
        without,
        lambda text: one_of(known, "audience")(text) if text else "",
        "without",
        default="",
        known=", ".join(known),
    )
    if not like and not did:
        ask.missing.append("--attributes` or `--events")
    if not ask.terminal:
        ask.refuse_missing()
    if not like and not did:
        raise UsageError("nobody was described", "name an attribute or an event")
    assert name and called  # noqa: S101, PT018 - nothing is missing
    answers = AudienceAnswers(
        title=called, attributes=like, events=did, within=span or "30d", without=less or None
    )
    click.echo(write_audience(session.root, name, answers))
    note(f"next: pushform audience {name} --count")
    return 0


@command.command("template")
@click.argument("id_", metavar="[ID]", required=False)
@_title
@click.option(
    "--text",
    "texts",
    nargs=3,
    multiple=True,
    metavar="LOCALE TITLE BODY",
    help="One locale's words.",
)
@click.option("--universal", help="kakao, sms: where the same words are used, too.")
@_language
@options.workspace
def new_template(
    id_: str | None,
    title: str | None,
    texts: tuple[tuple[str, str, str], ...],
    universal: str | None,
    language: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Write a template: its languages, and title and text in each of them."""
    from engine.cli.asking import some_of, some_text
    from engine.model.channel import Channel
    from engine.workspace.drafts import TemplateAnswers, write_template

    session, ask = _begin("new template", directory, environment, as_of, language)
    name = _ask_id(session, ask, id_, "template")
    called = ask.answer("--title", title, some_text, "template_title")
    words = {_locale(locale): (some_text(t), some_text(b)) for locale, t, b in texts}
    if not words and ask.terminal:
        words = _ask_texts(ask, session.workspace.locale)
    elif not words:
        ask.missing.append("--text")
    check = some_of(("kakao", "sms"), "channel", least=0)
    same = ask.answer("--universal", universal, check, "universal", default="") or ()
    ask.refuse_missing()
    assert name and called  # noqa: S101, PT018 - nothing is missing
    answers = TemplateAnswers(
        title=called, texts=words, universal=tuple(Channel(channel) for channel in same)
    )
    click.echo(write_template(session.root, name, answers, ask.language))
    note(f"next: name it in a campaign: `message: {{template: {name}}}`")
    return 0


def _begin(
    name: str, directory: Path, environment: str | None, as_of: str | None, language: str | None
) -> tuple[Session, Questions]:
    from engine.app.session import open_session
    from engine.cli.asking import Questions, language_of

    session = open_session(directory, environment, as_of)
    return session, Questions(name, language_of(language, session.workspace), [])


def _ask_id(session: Session, ask: Questions, given: str | None, kind: str) -> str | None:
    from engine.workspace.copy_campaign import check_free
    from engine.workspace.schemas import Kind

    def check(text: str) -> str:
        check_free(session.root, Kind(kind), text)
        return text

    return ask.answer("ID", given, check, "id")


def _ask_texts(ask: Questions, locale: str) -> dict[str, tuple[str, str]]:
    from engine.cli.asking import some_text

    found: dict[str, tuple[str, str]] = {}
    locales = ask.answer(
        "--text", None, lambda text: tuple(map(_locale, _words(text))), "locales", default=locale
    )
    for name in locales or ():
        title = ask.answer("--text", None, some_text, "text_title", locale=name)
        body = ask.answer("--text", None, some_text, "text_body", locale=name)
        found[name] = (title or "", body or "")
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def _locale(text: str) -> str:
    import re

    from engine.kernel.errors import UsageError

    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise UsageError(f"`{text}` is no locale", "write one like `ko`, `en` or `zh-Hant`")
    return text
