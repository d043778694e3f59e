"""Writing `reports/<environment>/…`: whole files or none, the same bytes for the same ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.kernel.errors import ExitCode, MismatchError, UnavailableError
from engine.kernel.instant import parse_instant
from engine.model.begun import Begun, KakaoAccount
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct
from engine.model.deployment import StateIdentity, Status
from engine.model.report import Report
from engine.report.as_json import dump, report_document
from engine.report.as_markdown import report_markdown
from engine.report.chart import report_svg


def report_folder(root: Path, environment: str, campaign: str) -> Path:
    """Return where a campaign's report is kept."""
    return root / "reports" / environment / campaign


def write_report(root: Path, report: Report, timezone: str) -> Path:
    """Write report.json, report.md and report.svg; return the folder."""
    folder = report_folder(root, report.environment, report.campaign)
    write_file(folder / "report.json", dump(report_document(report, ExitCode.OK)))
    write_file(folder / "report.md", report_markdown(report, timezone))
    write_file(folder / "report.svg", report_svg(report))
    return folder


def write_identity(root: Path, environment: str, identity: StateIdentity) -> None:
    """Write `reports/<environment>/state.json`: what a lost or rolled-back state is known by."""
    plain = {"kind": "state", "lineage": identity.lineage, "serial": identity.serial}
    write_file(root / "reports" / environment / "state.json", dump(plain))


def read_identity(root: Path, environment: str) -> StateIdentity | None:
    """Return the identity that git remembers, None if there is none. Raises MismatchError."""
    path = root / "reports" / environment / "state.json"
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return StateIdentity(lineage=str(plain["lineage"]), serial=int(plain["serial"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MismatchError(
            f"`{path.relative_to(root)}` cannot be read: {type(error).__name__}",
            "restore it from git: it tells whether the state is the right one",
        ) from error


def read_statuses(root: Path, environment: str) -> dict[str, tuple[Status, str]]:
    """Return (status, content digest) per campaign as the committed reports have them."""
    found = {}
    for path, plain in _reports(root, environment):
        try:
            found[str(plain["campaign"])] = (Status(plain["status"]), str(plain["content_digest"]))
        except (ValueError, KeyError, TypeError) as error:
            raise _unreadable(path, root, error) from error
    return found


def reported_campaigns(root: Path, *environments: str) -> frozenset[str]:
    """Return the campaigns that a report of any of the environments says were started."""
    return frozenset(
        id_
        for environment in environments
        for id_, (status, _) in read_statuses(root, environment).items()
        if status is not Status.READY
    )


def counted_messages(root: Path, environment: str, channel: Channel) -> dict[str, int]:
    """Return how many messages of `channel` every started campaign came to, as the reports have it.

    Those that were sent, may have been, or wait for their turn. Raises MismatchError.
    """
    found = {}
    for path, plain in _reports(root, environment):
        try:
            if Status(plain["status"]) is Status.READY:
                continue
            lines = [line for line in plain.get("lines", ()) if line["channel"] == channel]
            found[str(plain["campaign"])] = sum(
                int(line[outcome]) for line in lines for outcome in ("sent", "unknown", "pending")
            )
        except (ValueError, KeyError, TypeError) as error:
            raise _unreadable(path, root, error) from error
    return found


def begun_on_kakao(root: Path, environment: str) -> dict[str, Begun]:
    """Return the started campaigns whose reports name their KakaoTalk profile. Raises MismatchError.

    Reports of earlier versions name none.
    """
    found = {}
    for path, plain in _reports(root, environment):
        try:
            own = plain.get("kakao")
            if own is None or Status(plain["status"]) is Status.READY:
                continue
            account = KakaoAccount(
                profile=str(own["profile"]), product=KakaoProduct(own["product"])
            )
            due_at = parse_instant(plain["due_at"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unreadable(path, root, error) from error
        found[str(plain["campaign"])] = Begun(account=account, due_at=due_at)
    return found


def report_paths(root: Path, environment: str) -> list[Path]:
    """Return the reports that there are, by campaign."""
    return sorted((root / "reports" / environment).glob("*/report.json"))


def _reports(root: Path, environment: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in report_paths(root, environment):
        try:
            yield path, json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise _unreadable(path, root, error) from error


def _unreadable(path: Path, root: Path, error: Exception) -> MismatchError:
    return MismatchError(
        f"`{path.relative_to(root).as_posix()}` cannot be read: {type(error).__name__}",
        "restore it from git, or write it again with `pushform report`",
    )


def write_file(path: Path, text: str) -> None:
    """Write all of `text` or nothing. Raises UnavailableError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise UnavailableError(
            f"`{path}` cannot be written: {error.strerror or error}",
            "the ledger has everything: `pushform report` writes it again",
        ) from error
