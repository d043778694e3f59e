"""`pushform copy`: start a campaign from one that there is, without what must be decided anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from engine.kernel.errors import BlockedError, UsageError
from engine.kernel.frozen import frozen
from engine.model.campaign import Campaign
from engine.model.channel import Channel, ProviderSettings
from engine.model.channel_settings import KakaoSettings, SmsSettings
from engine.workspace.amended import Amended, amend
from engine.workspace.build_audience import EVERYONE
from engine.workspace.files import FOLDERS, FolderTree
from engine.workspace.fmt import write_whole
from engine.workspace.overlay import SANDBOX
from engine.workspace.read import Loaded
from engine.workspace.schemas import Kind
from engine.workspace.suggest import did_you_mean
from engine.workspace.values import parse_phone

DECIDED_ANEW = ("schedule", "acknowledge", "urgent", "cancelled")
"""Keys that a copy does not take over: when, what was lifted, why it was urgent or called off."""

_ID = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")


@frozen
class Copied:
    """What was written where, and what a person should know about it."""

    path: str
    warnings: tuple[str, ...]


def copy_campaign(
    loaded: Loaded,
    root: Path,
    source: str,
    target: str,
    *,
    only_unsent: bool = False,
    profile: str | None = None,
    sender: str | None = None,
) -> Copied:
    """Write the campaign `target` beside `source`: a draft with `copied_from`, comments kept.

    With `only_unsent` it leaves out whom `source` reached, or may have reached. `profile` and
    `sender` replace the Kakao profile and the SMS number. Raises UsageError for ids that are not
    there, are taken or cannot be, and BlockedError (exit 4) where the profile or number is not
    registered any more.
    """
    campaign = _find(loaded, source)
    path = campaign.origin.file
    new = str(PurePosixPath(path).with_name(f"{target}.yaml"))
    check_free(root, Kind.CAMPAIGN, target)
    file = loaded.sources.get(path)
    opened = amend(file.text, Kind.CAMPAIGN, path.count("/")) if file else None
    # A name that leads nowhere can be copied, and put right in the copy.
    if opened is None or any(f.at.file == path and f.rule != "reference" for f in loaded.findings):
        raise UsageError(f"`{path}` has mistakes", f"`pushform lint {path}` shows them")
    _amend(opened, campaign, target)
    _put_sender(opened, loaded, campaign, profile, sender)
    if only_unsent:
        _leave_out_reached(opened, campaign)
    write_whole(root / new, opened.text())
    return Copied(path=new, warnings=_warnings(campaign, opened, only_unsent=only_unsent))


def check_id(name: str) -> None:
    """Raise UsageError where `name` can be no id."""
    if not _ID.fullmatch(name) or len(name) > 64:
        raise UsageError(
            f"`{name}` cannot be an id",
            "use small letters, digits and `-`, at most 64, like `chuseok-sale`",
        )


def check_free(root: Path, kind: Kind, name: str) -> None:
    """Raise UsageError where `name` can be no id, or another file of its kind has it."""
    check_id(name)
    if kind is Kind.AUDIENCE and name == EVERYONE:
        raise UsageError(f"`{EVERYONE}` is built in: it means all people", "choose another id")
    for path in FolderTree(root).list():
        if FOLDERS[path.split("/", 1)[0]] is kind and PurePosixPath(path).stem == name:
            raise UsageError(
                f"the {kind} `{name}` is there already: `{path}`",
                "nothing is overwritten: choose another id",
            )


def _find(loaded: Loaded, source: str) -> Campaign:
    campaign = loaded.campaigns.get(source)
    if campaign is None:
        raise UsageError(
            f"there is no campaign `{source}`", did_you_mean(source, tuple(loaded.campaigns))
        )
    return campaign


def _amend(opened: Amended, campaign: Campaign, target: str) -> None:
    opened.remove(*DECIDED_ANEW)
    opened.put("id", target)
    opened.put("draft", True)
    opened.put("copied_from", campaign.id)


ACTIVE = "active"


def _put_sender(
    opened: Amended,
    loaded: Loaded,
    campaign: Campaign,
    profile: str | None,
    sender: str | None,
) -> None:
    providers = loaded.workspace.channels if loaded.workspace else {}
    kakao = campaign.channels.get(Channel.KAKAO)
    if isinstance(kakao, KakaoSettings):
        known = registered_profiles(providers)
        _refuse_sleeping(providers, kakao.profile if profile is None else profile, known)
        _check(f"the Kakao profile `{kakao.profile}`", kakao.profile, profile, known, "--profile")
        if profile is not None:
            opened.put_inside(("channels", "kakao"), "profile", profile)
    elif profile is not None:
        raise UsageError(f"`{campaign.id}` does not use kakao", "leave --profile out")
    sms = campaign.channels.get(Channel.SMS)
    if isinstance(sms, SmsSettings):
        number = _digits(sender) if sender is not None else None
        numbers = registered_senders(providers)
        _check(f"the SMS number `{sms.from_}`", sms.from_, number, numbers, "--from")
        if number is not None:
            opened.put_inside(("channels", "sms"), "from", number)
    elif sender is not None:
        raise UsageError(f"`{campaign.id}` does not use sms", "leave --from out")


def registered_profiles(providers: Mapping[Channel, ProviderSettings]) -> tuple[str, ...] | None:
    """Return the active Kakao profiles of pushform.yaml; None in a sandbox that lists none."""
    known = _registered(providers.get(Channel.KAKAO), "profiles")
    if known is None:
        return None
    return tuple(name for name in known if _status(providers, name) == ACTIVE)


def _status(providers: Mapping[Channel, ProviderSettings], profile: str) -> str:
    """Return what pushform.yaml says of a profile: active where it says nothing."""
    provider = providers.get(Channel.KAKAO)
    profiles = provider.options.get("profiles") if provider else None
    written = profiles.get(profile) if isinstance(profiles, Mapping) else None
    return str(written.get("status", ACTIVE)) if isinstance(written, Mapping) else ACTIVE


def _refuse_sleeping(
    providers: Mapping[Channel, ProviderSettings], profile: str, known: tuple[str, ...] | None
) -> None:
    """Raise BlockedError for a profile that is dormant, blocked or disconnected."""
    status = _status(providers, profile)
    if status == ACTIVE:
        return
    offers = ", ".join(f"`--profile {name}`" for name in known or ())
    raise BlockedError(
        f"the Kakao profile `{profile}` is {status}",
        f"choose one that is active: {offers}" if offers else "wake it in the vendor's console",
    )


def registered_senders(providers: Mapping[Channel, ProviderSettings]) -> tuple[str, ...] | None:
    """Return the SMS numbers of pushform.yaml, digits only; None in a sandbox that lists none."""
    return _registered(providers.get(Channel.SMS), "senders")


def _registered(provider: ProviderSettings | None, key: str) -> tuple[str, ...] | None:
    if provider is None:
        return ()
    listed = provider.options.get(key)
    known = tuple(map(str, listed)) if isinstance(listed, Mapping | tuple) else ()
    return None if not known and provider.provider == SANDBOX else known


def _check(
    what: str, old: str | None, new: str | None, known: tuple[str, ...] | None, option: str
) -> None:
    """Refuse what is not registered: the one that was written, or the one that replaces it."""
    chosen = new if new is not None else old
    if known is None or chosen in known or (chosen is None and known):
        return
    offers = ", ".join(f"`{option} {name}`" for name in known)
    hint = f"choose one that is: {offers}" if known else "register one in pushform.yaml first"
    if new is not None:
        raise UsageError(f"`{option} {new}` is not registered in pushform.yaml", hint)
    if old is None:
        raise BlockedError(f"no sender is registered in pushform.yaml for `{option}`", hint)
    raise BlockedError(f"{what} is no longer registered in pushform.yaml", hint)


def _digits(number: str) -> str:
    try:
        return parse_phone(number)
    except ValueError as error:
        raise UsageError(f"--from: {error}") from None


def _leave_out_reached(opened: Amended, campaign: Campaign) -> None:
    """Leave out whom the other campaign reached, may have reached, or kept for comparison."""
    outcomes = ["sent", "unknown"]
    if campaign.experiment.holdout:
        outcomes.append("held_out")
    opened.append(
        "exclude", *({"campaign": campaign.id, "outcome": outcome} for outcome in outcomes)
    )


def _warnings(campaign: Campaign, opened: Amended, *, only_unsent: bool) -> tuple[str, ...]:
    if only_unsent or "message" not in opened.data:
        return ()
    use = opened.data["message"]
    which = f"template `{use['template']}`" if "template" in use else "the same words"
    warning = (
        f"its text is still that of `{campaign.id}` ({which}): who got that one would read the "
        "same again; change `message`, or pass --only-unsent to leave them out"
    )
    return (warning,)
