"""Desired × deployed, without people: which campaigns change, how, and which may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.kernel.finding import Finding, Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Origin
from engine.model.deployment import TERMINAL_STATUSES, Deployed, Status
from engine.model.plan import Action, Category
from engine.model.stored import METADATA_KEYS, content_digest
from engine.plan.content import (
    Desired,
    differing_categories,
)

FILE_CANCEL = "file"
"""How the reason of a cancel begins that came from the files and not from an operator."""

IMMUTABLE = "campaign-immutable"
IMMUTABLE_TITLE = "what was sent stays what it was"
IMMUTABLE_PAGE = f"""# {IMMUTABLE}

severity    error
rests on    what the plan compares (no comment can ignore it)

## What
A campaign whose audience was chosen changes in title, purpose, owner and kpi only. An id that an
operator cancelled does not come back.

## Why
People got these words under this id. Another text under it would make the report, the ledger and
every `campaign:` condition tell of something that nobody was sent.

## Fix
Undo the edit, or copy the campaign to a file with a new id and change that one: `pushform copy`."""

IMMUTABLE_TITLE_KO = "보낸 것은 그대로 남습니다"
IMMUTABLE_PAGE_KO = f"""# {IMMUTABLE}

severity    error
rests on    what the plan compares (no comment can ignore it)

{IMMUTABLE_TITLE_KO}.

대상이 정해진 캠페인은 `title`, `purpose`, `owner`, `kpi`만 바꿀 수 있고, 운영자가 취소한 id는
되돌아오지 않습니다. 사람들은 이 id로 이 글을 받았습니다. 다른 글을 같은 id로 두면 보고서와 장부,
`campaign:` 조건이 아무도 받지 않은 것을 말하게 됩니다. 고친 내용을 되돌리거나, 새 id의 파일로
복사해서 고치세요: `pushform copy`."""

FindDeployed = Callable[[str], Deployed | None]


@frozen
class Move:
    """What would happen to one campaign."""

    campaign: str
    action: Action
    categories: tuple[Category, ...] = ()
    desired: Desired | None = None
    deployed: Deployed | None = None
    reason: str | None = None


@frozen
class Diff:
    """All moves by id, and what the files want but may not have."""

    moves: tuple[Move, ...]
    findings: tuple[Finding, ...]

    @property
    def changed(self) -> frozenset[str]:
        """The campaigns whose content, audience, timing, reach or law is new."""
        return frozenset(
            move.campaign
            for move in self.moves
            if move.action in (Action.CREATE, Action.UPDATE, Action.RESCHEDULE)
            and move.categories != (Category.METADATA,)
        )


def diff(
    desired: Mapping[str, Desired],
    *,
    stopped: Mapping[str, str],
    known: frozenset[str],
    deployed: Mapping[str, tuple[Status, str]],
    find_deployed: FindDeployed,
) -> Diff:
    """Compare what the files want with what is deployed.

    `stopped` are campaigns that are in the files but must not run (cancelled, or draft), with the
    reason; `known` every id that the files hold, also of campaigns with mistakes: those are neither
    changed nor cancelled. `deployed` gives (status, content digest) per id; `find_deployed` reads one
    whole, and is only called where something differs.
    """
    moves: list[Move] = []
    findings: list[Finding] = []
    for id_ in sorted({*desired, *stopped, *deployed}):
        there = deployed.get(id_)
        if id_ in desired:
            move = _put(desired[id_], there, find_deployed, findings.append)
        elif there is None or there[0] in TERMINAL_STATUSES:
            move = Move(campaign=id_, action=Action.NONE, reason=stopped.get(id_))
        elif id_ in known and id_ not in stopped:
            move = Move(campaign=id_, action=Action.NONE, reason="the file has mistakes")
        else:
            reason = stopped.get(id_, "the file was deleted")
            move = Move(
                campaign=id_,
                action=Action.CANCEL,
                categories=(Category.CANCEL,),
                deployed=find_deployed(id_),
                reason=f"{FILE_CANCEL}: {reason}",
            )
        moves.append(move)
    return Diff(moves=tuple(moves), findings=tuple(findings))


def _put(
    desired: Desired,
    there: tuple[Status, str] | None,
    find_deployed: FindDeployed,
    report: Callable[[Finding], None],
) -> Move:
    id_ = desired.campaign.id
    if there is None:
        return _created(desired, None)
    status, content = there
    if content == desired.content_digest and status is not Status.CANCELLED:
        return Move(campaign=id_, action=Action.NONE, desired=desired)
    deployed = find_deployed(id_)
    if deployed is None:  # offline: the reports tell that it is deployed, not what
        return replace(_created(desired, None), action=Action.UPDATE)
    if status is Status.CANCELLED:
        return _after_cancel(desired, deployed, report)
    categories = differing_categories(deployed.stored, desired.stored)
    if deployed.snapshot is not None:
        return _after_snapshot(desired, deployed, categories, report)
    if not categories:
        return Move(campaign=id_, action=Action.NONE, desired=desired, deployed=deployed)
    action = Action.RESCHEDULE if categories == (Category.TIMING,) else Action.UPDATE
    return Move(
        campaign=id_, action=action, categories=categories, desired=desired, deployed=deployed
    )


def _created(desired: Desired, deployed: Deployed | None) -> Move:
    every = tuple(
        category for category in Category if category not in (Category.CANCEL, Category.METADATA)
    )
    return Move(
        campaign=desired.campaign.id,
        action=Action.CREATE,
        categories=every,
        desired=desired,
        deployed=deployed,
    )


def _after_cancel(desired: Desired, deployed: Deployed, report: Callable[[Finding], None]) -> Move:
    id_ = desired.campaign.id
    by_file = (deployed.reason or "").startswith(FILE_CANCEL)
    if by_file and deployed.snapshot is None:
        return _created(desired, deployed)
    if deployed.content_digest != desired.content_digest:
        report(
            _immutable(
                desired,
                f"campaign `{id_}` was cancelled ({deployed.reason or 'by an operator'}); "
                "that is final for its id",
            )
        )
    return Move(
        campaign=id_,
        action=Action.NONE,
        desired=desired,
        deployed=deployed,
        reason=f"cancelled: {deployed.reason or 'by an operator'}",
    )


def _after_snapshot(
    desired: Desired,
    deployed: Deployed,
    categories: tuple[Category, ...],
    report: Callable[[Finding], None],
) -> Move:
    """Only metadata may change once people were chosen; shared files may, but without effect."""
    id_ = desired.campaign.id
    same_file = deployed.stored["observed"]["written"] == desired.stored["observed"]["written"]
    if same_file and Category.METADATA not in categories:
        return Move(campaign=id_, action=Action.NONE, desired=desired, deployed=deployed)
    if not same_file:
        names = ", ".join(c for c in categories if c is not Category.METADATA) or "its file"
        report(
            _immutable(
                desired,
                f"campaign `{id_}` is already {deployed.status}: {names} cannot change any more",
            )
        )
        return Move(campaign=id_, action=Action.NONE, desired=desired, deployed=deployed)
    return Move(
        campaign=id_,
        action=Action.UPDATE,
        categories=(Category.METADATA,),
        desired=_with_metadata_only(desired, deployed),
        deployed=deployed,
    )


def _with_metadata_only(desired: Desired, deployed: Deployed) -> Desired:
    """Return the deployed content with the file's metadata: what may be written after a snapshot."""
    campaign = dict(deployed.stored["campaign"])
    wanted = desired.stored["campaign"]
    for key in METADATA_KEYS:
        campaign.pop(key, None)
        if key in wanted:
            campaign[key] = wanted[key]
    stored = {**deployed.stored, "campaign": campaign}
    return Desired(campaign=desired.campaign, stored=stored, content_digest=content_digest(stored))


def _immutable(desired: Desired, message: str) -> Finding:
    return Finding(
        rule=IMMUTABLE,
        severity=Severity.ERROR,
        message=message,
        hint="copy the campaign to a file with a new id and change that one",
        at=_origin(desired),
        campaign=desired.campaign.id,
    )


def _origin(desired: Desired) -> Origin:
    return desired.campaign.origin if desired.campaign.written else NOWHERE
