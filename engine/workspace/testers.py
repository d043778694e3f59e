"""The testers' file: who gets test messages, where, and what they agreed to. It never stands in git.

A list, one person an item, in the shape of `schemas/testers.schema.json`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from engine.kernel.errors import UsageError
from engine.kernel.finding import Finding
from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.kernel.source import SourceFile
from engine.model.audience import Scalar
from engine.model.channel import Channel, Platform
from engine.model.delivery import Answer
from engine.model.message import Address
from engine.workspace.decode import decode
from engine.workspace.document import Data, parse_document
from engine.workspace.notes import Notes, name
from engine.workspace.positions import read_positions
from engine.workspace.suggest import did_you_mean
from engine.workspace.values import check_zone

_KEYS = ("name", "user_id", "locale", "country", "timezone", "addresses", "consent", "values")
_ANSWERS: Mapping[Data, Answer] = {
    "yes": Answer.YES,
    True: Answer.YES,
    "no": Answer.NO,
    False: Answer.NO,
}
_ADDRESS_KEYS: Mapping[str, tuple[str, ...]] = {
    "app": ("platform", "token", "fid"),
    "web": ("endpoint", "p256dh", "auth"),
}


@frozen
class TesterConsent:
    """What a tester agreed to on one channel. What is not written is unknown, and no consent."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    ad: Answer = Answer.UNKNOWN
    night: Answer = Answer.UNKNOWN


@frozen
class Tester:
    """One person of the testers' file.

    `user_id` leads to the person in the users source, whose values the messages then show. `values`
    are such values written here (`user.name`). `phone` is as written. `country` and `timezone` are
    None where the workspace's count.
    """

    __test__ = False  # not a test class, whatever pytest thinks of its name

    name: str
    user_id: str | None = None
    locale: str | None = None
    country: str | None = None
    timezone: str | None = None
    app: tuple[tuple[Platform, Address], ...] = ()
    web: tuple[Address, ...] = ()
    phone: str | None = None
    consent: Mapping[Channel, TesterConsent] = field(default_factory=dict)
    values: Mapping[str, Scalar] = field(default_factory=dict)


@frozen
class Testers:
    """The people of a testers' file, and what is wrong with it."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    people: tuple[Tester, ...]
    findings: tuple[Finding, ...]
    source: SourceFile


def read_testers(root: Path, path: str) -> Testers:
    """Read the testers' file at `path`, relative to the workspace `root`.

    Raises UsageError where there is none.
    """
    try:
        raw = (root / path).read_bytes()
    except OSError as error:
        raise UsageError(
            f"the testers' file `{path}` cannot be read: {error.strerror}",
            "write it as `pushform schema testers` describes; it must not be committed",
        ) from error
    text, finding = decode(raw, path)
    source = SourceFile(path, text, read_positions)
    if finding is not None:
        return Testers(people=(), findings=(finding,), source=source)
    document = parse_document(text, path)
    notes = Notes(findings=list(document.findings))
    people = _people(document.data, Origin(path), notes) if document.data is not None else ()
    return Testers(people=people, findings=tuple(notes.findings), source=source)


def choose_testers(
    people: Collection[Tester], names: Collection[str], *, everyone: bool
) -> tuple[Tester, ...]:
    """Return the testers called `names`, or all. Raises UsageError for a name that is not there."""
    if everyone:
        return tuple(people)
    known = {tester.name: tester for tester in people}
    for wanted in names:
        if wanted not in known:
            raise UsageError(f"there is no tester `{wanted}`", did_you_mean(wanted, tuple(known)))
    return tuple(known[wanted] for wanted in dict.fromkeys(names))


def _people(data: Data, at: Origin, notes: Notes) -> tuple[Tester, ...]:
    if not isinstance(data, list):
        notes.value("the testers' file is no list", at, "begin every person with `- name: …`")
        return ()
    people: list[Tester] = []
    for index, item in enumerate(data):
        tester = _tester(item, at / index, notes)
        if tester is None:
            continue
        if any(tester.name == other.name for other in people):
            notes.value(f"the name `{tester.name}` is taken", at / index / "name", "choose another")
        people.append(tester)
    return tuple(people)


def _tester(item: Data, at: Origin, notes: Notes) -> Tester | None:
    raw = _mapping(item, at, _KEYS, notes)
    called = _text(raw, "name", at, notes)
    if called is None:
        if isinstance(item, dict) and not item.get("name"):
            notes.value("a tester has no `name`", at, "write `name:`; --to names people by it")
        return None
    zone = _text(raw, "timezone", at, notes)
    if zone is not None:
        check_zone(zone, at / "timezone", notes)
    at_addresses = at / "addresses"
    addresses = _mapping(raw.get("addresses", {}), at_addresses, ("app", "web", "phone"), notes)
    return Tester(
        name=called,
        user_id=_text(raw, "user_id", at, notes),
        locale=_text(raw, "locale", at, notes),
        country=_text(raw, "country", at, notes),
        timezone=zone,
        app=tuple(
            found
            for one, here in _several(addresses, "app", at_addresses)
            if (found := _app(one, here, notes)) is not None
        ),
        web=tuple(
            browser
            for one, here in _several(addresses, "web", at_addresses)
            if (browser := _web(one, here, notes)) is not None
        ),
        phone=_text(addresses, "phone", at_addresses, notes),
        consent=_consents(raw.get("consent", {}), at / "consent", notes),
        values=_values(raw.get("values", {}), at / "values", notes),
    )


def _app(raw: Data, at: Origin, notes: Notes) -> tuple[Platform, Address] | None:
    device = _mapping(raw, at, _ADDRESS_KEYS["app"], notes)
    platform = device.get("platform")
    if platform not in (Platform.ANDROID, Platform.IOS):
        notes.value(f"`{name(at)}` has no platform", at, "write `platform: android` or `ios`")
        return None
    token, fid = _text(device, "token", at, notes), _text(device, "fid", at, notes)
    if (token is None) == (fid is None):
        notes.value(f"`{name(at)}` needs a `token` or a `fid`", at, "write one of the two")
        return None
    address = Address(kind="fcm_token" if token else "fcm_fid", value=token or fid or "")
    return Platform(platform), address


def _web(raw: Data, at: Origin, notes: Notes) -> Address | None:
    browser = _mapping(raw, at, _ADDRESS_KEYS["web"], notes)
    found = {key: _text(browser, key, at, notes) for key in _ADDRESS_KEYS["web"]}
    lacking = [f"`{key}`" for key, value in found.items() if value is None]
    if lacking:
        notes.value(f"`{name(at)}` lacks {', '.join(lacking)}", at, "copy the whole subscription")
        return None
    keys = {"p256dh": found["p256dh"] or "", "auth": found["auth"] or ""}
    return Address(kind="webpush", value=found["endpoint"] or "", keys=keys)


def _consents(raw: Data, at: Origin, notes: Notes) -> Mapping[Channel, TesterConsent]:
    channels = _mapping(raw, at, tuple(Channel), notes)
    return {Channel(key): _consent(value, at / key, notes) for key, value in channels.items()}


def _consent(raw: Data, at: Origin, notes: Notes) -> TesterConsent:
    if not isinstance(raw, dict):
        return TesterConsent(ad=_answer(raw, at, notes))
    kinds = _mapping(raw, at, ("ad", "night"), notes)
    return TesterConsent(**{key: _answer(value, at / key, notes) for key, value in kinds.items()})


def _answer(raw: Data, at: Origin, notes: Notes) -> Answer:
    found = _ANSWERS.get(raw) if isinstance(raw, bool | str) else None
    if found is None:
        notes.value(f"`{name(at)}` is neither yes nor no", at, "write `yes` or `no`")
    return found or Answer.UNKNOWN


def _values(raw: Data, at: Origin, notes: Notes) -> Mapping[str, Scalar]:
    if not isinstance(raw, dict):
        notes.value(f"`{name(at)}` is no mapping", at, "write for example `user.name: 민지`")
        return {}
    for key, value in raw.items():
        if not key.startswith(("user.", "derived.")) or not isinstance(
            value, str | int | float | bool
        ):
            hint = "write for example `user.name: 민지`"
            notes.value(f"`{key}` is no value of a person", at / key, hint)
    return {key: value for key, value in raw.items() if isinstance(value, str | int | float | bool)}


def _several(raw: Mapping[str, Data], key: str, at: Origin) -> list[tuple[Data, Origin]]:
    """Return one address or a list of them with their places; none where nothing is written."""
    value = raw.get(key)
    if isinstance(value, list):
        return [(one, at / key / index) for index, one in enumerate(value)]
    return [] if value is None else [(value, at / key)]


def _mapping(raw: Data, at: Origin, known: Collection[str], notes: Notes) -> Mapping[str, Any]:
    """Return the known keys of `raw`, noting all others."""
    if not isinstance(raw, dict):
        notes.value(f"`{name(at)}` is no mapping", at, f"its keys are {', '.join(known)}")
        return {}
    for key in raw:
        if key not in known:
            hint = did_you_mean(key, known)
            notes.add("schema", f"there is no key `{key}` here", at / key, hint, key=True)
    return {key: value for key, value in raw.items() if key in known}


def _text(raw: Mapping[str, Data], key: str, at: Origin, notes: Notes) -> str | None:
    value = raw.get(key)
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    notes.value(f"`{name(at / key)}` is no text", at / key, "put it in quotes")
    return None
