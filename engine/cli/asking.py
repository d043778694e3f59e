"""Asking what `pushform new` needs to know, and what counts as an answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import click

from engine.cli.question_words import WORDS
from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.kernel.instant import (
    LocalKind,
    find_zone,
    format_duration,
    local_kind,
    parse_duration,
    parse_local,
    resolve_local,
)
from engine.law.book import hours
from engine.law.lead import LEAD
from engine.law.windows import AD_WINDOW, Closed, window_at
from engine.model.channel import Channel
from engine.model.legal import MessageType
from engine.model.workspace import Workspace
from engine.workspace.suggest import did_you_mean

T = TypeVar("T")


def language_of(wanted: str | None, workspace: Workspace) -> str:
    """Return `ko` or `en`: what was asked for, else what the workspace's locale suggests."""
    return wanted or ("ko" if workspace.locale.partition("-")[0] == "ko" else "en")


@dataclass(slots=True)
class Questions:
    """Answers come from options first, then from the terminal; without one they are missing."""

    command: str
    language: str
    missing: list[str]

    @property
    def terminal(self) -> bool:
        return sys.stdin.isatty()

    def answer(
        self,
        option: str,
        given: str | None,
        check: Callable[[str], T],
        word: str,
        *,
        default: str | None = None,
        **fill: str,
    ) -> T | None:
        """Return what `check` makes of the answer; None where nobody can be asked.

        A wrong option is refused at once (UsageError); a wrong answer is asked for again.
        """
        if given is not None:
            return check(given)
        if not self.terminal:
            if default is not None:
                return check(default)
            self.missing.append(option)
            return None
        while True:
            text = click.prompt(
                WORDS[self.language][word].format(**fill),
                default=default,
                show_default=bool(default),
            )
            try:
                return check(text.strip())
            except UsageError as error:
                click.echo(error.message + (f" ({error.hint})" if error.hint else ""))

    def refuse_missing(self) -> None:
        """Raise UsageError where an answer is missing, naming every option."""
        if self.missing:
            named = ", ".join(f"`{option}`" for option in self.missing)
            raise UsageError(
                f"`{self.command}` needs {named}", "on a terminal it asks for them instead"
            )


def some_text(text: str) -> str:
    """Return `text`. Raises UsageError if it says nothing."""
    if not text.strip():
        raise UsageError("an empty answer says nothing", "write a few words")
    return text.strip()


def one_of(known: Collection[str], what: str) -> Callable[[str], str]:
    """Return a check that takes one of `known`."""

    def check(text: str) -> str:
        if text not in known:
            raise UsageError(f"there is no {what} `{text}`", did_you_mean(text, known))
        return text

    return check


def some_of(
    known: Collection[str], what: str, *, least: int = 1
) -> Callable[[str], tuple[str, ...]]:
    """Return a check that takes several of `known`, separated by commas or blanks."""

    def check(text: str) -> tuple[str, ...]:
        words = text.replace(",", " ").split()
        if len(words) < least:
            raise UsageError(f"no {what} is named", did_you_mean("", known))
        return tuple(dict.fromkeys(one_of(known, what)(word) for word in words))

    return check


def duration(text: str) -> str:
    """Return `text` if it is a duration like `30d`. Raises UsageError."""
    try:
        parse_duration(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return text


def attributes(text: str) -> dict[str, list[str]]:
    """Return `country=KR grade=gold,vip` as values by name. Raises UsageError."""
    found: dict[str, list[str]] = {}
    for pair in text.split():
        name, equals, values = pair.partition("=")
        listed = [value for value in values.split(",") if value]
        if not (name and equals and listed):
            raise UsageError(f"`{pair}` is no attribute with a value", "write `country=KR`")
        found[name] = listed
    return found


@frozen(kw_only=False)
class SendTime:
    """Judges when an advertisement or a notice may be sent, as seen from `now`."""

    workspace: Workspace
    zone_name: str | None
    now: datetime
    advertising: bool
    channels: tuple[Channel, ...]

    @property
    def zone(self) -> str:
        """The zone in which the time is written; recipients' zones are judged as the workspace's."""
        named = self.zone_name
        return self.workspace.timezone if named in (None, "recipient") else str(named)

    def hints(self, language: str) -> dict[str, str]:
        """Return what the question says about lead and window."""
        zone = find_zone(self.zone) or UTC
        earliest = (self.now + LEAD).astimezone(zone)
        window = ""
        if self.advertising:
            opens, closes = hours(AD_WINDOW, self.workspace.country, earliest.date())
            window = WORDS[language]["window"].format(
                opens=opens.isoformat("minutes"), closes=closes.isoformat("minutes")
            )
        return {
            "zone": self.zone,
            "lead": format_duration(LEAD),
            "earliest": earliest.strftime("%Y-%m-%d %H:%M"),
            "window": window,
        }

    def check(self, text: str) -> str:
        """Return `text` if a campaign may be sent then. Raises UsageError that says why not."""
        try:
            local = parse_local(text)
        except ValueError as error:
            raise UsageError(str(error)) from None
        zone = find_zone(self.zone)
        if zone is None:
            raise UsageError(f"there is no time zone `{self.zone}`", "write one like `Asia/Seoul`")
        if local.tzinfo is not None:
            raise UsageError(f"`{text}` has an offset", "leave it out: --timezone says where")
        if local_kind(local, zone) is LocalKind.GAP:
            raise UsageError(f"`{text}` does not exist in {self.zone}: clocks are set forward then")
        due = resolve_local(local, zone)
        if due < self.now + LEAD:
            earliest = self.hints("en")["earliest"]
            raise UsageError(
                f"`{text}` is too soon: a send needs {format_duration(LEAD)} of lead",
                f"the earliest time is {earliest} in {self.zone}",
            )
        self._check_window(text, due)
        return text

    def _check_window(self, text: str, due: datetime) -> None:
        brand = self.advertising and Channel.KAKAO in self.channels
        window = window_at(
            due,
            advertising=self.advertising,
            brand=brand,
            jurisdiction=self.workspace.country,
            zone=self.zone,
        )
        if isinstance(window, Closed):
            opens = window.opens_at
            when = opens.astimezone(find_zone(self.zone)) if opens else None
            raise UsageError(
                f"`{text}` lies outside the hours in which advertisements may be sent",
                f"the next time is {when:%Y-%m-%d %H:%M} in {self.zone}" if when else None,
            )


def message_type(text: str) -> MessageType:
    """Return the type of a message. Raises UsageError."""
    return MessageType(one_of([str(known) for known in MessageType], "type")(text))
