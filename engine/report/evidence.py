"""An evidence pack: everything that can be proven about one campaign, in one file of fixed bytes.

`docs/evidence.md` says what is in it and how anybody can check it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from engine import __version__
from engine.kernel.digest import Plain, canonical, digest_bytes
from engine.kernel.document import FORMAT_VERSION
from engine.kernel.errors import (
    ExitCode,
    LockedError,
    MismatchError,
    UsageError,
)
from engine.kernel.frozen import frozen
from engine.model.deployment import TERMINAL_STATUSES, Deployed, Revision
from engine.model.ports import Ledger
from engine.model.report import Report
from engine.report import evidence_parts as parts
from engine.report.as_json import dump, report_document
from engine.report.evidence_books import contradiction
from engine.report.evidence_file import Hashing, new_file
from engine.report.evidence_rows import (
    BYTES_OF_SHARD,
    ROWS_OF_SHARD,
    Tally,
    dimensions_of,
    row_line,
)
from engine.report.evidence_tree import HashTree
from engine.report.evidence_zip import PackWriter

LEDGER = "ledger/"
"""The folder of the rows; whatever sorts before it is written before it."""


@frozen
class Evidence:
    """A pack that was written: its name, its digest (of the whole file), its bytes, its rows' root.

    `recorded` tells whether it says what each rule came to: applies of older versions kept nothing.
    """

    pack: str
    campaign: str
    status: str
    digest: str
    size: int
    rows: int
    root: str
    recorded: bool


def write_evidence(ledger: Ledger, deployed: Deployed, report: Report, path: Path) -> Evidence:
    """Write the pack of a campaign to `path` (mode 0600): the same state gives the same bytes.

    `report` is the campaign's, from the same ledger. Raises UsageError where nothing was sent yet or
    the file is there already, LockedError while deliveries are being settled, MismatchError where the
    state was tampered with, UnavailableError where the file cannot be written.
    """
    if deployed.snapshot is None:
        over = deployed.status in TERMINAL_STATUSES
        raise UsageError(
            f"nothing of campaign `{deployed.id}` was sent: it is `{deployed.status}`",
            "it ended before its first wave, and its report says why"
            if over
            else "there is evidence from the first wave on; `pushform status` says when that is",
        )
    revisions = ledger.revisions(deployed.id)
    sent = next((revision for revision in revisions if revision.sent), None)
    if sent is None:
        raise MismatchError(
            f"the state no longer has the revision of `{deployed.id}` that was sent",
            "restore the state from a backup",
        )
    law = _law_of(ledger, sent)
    small = {
        **_members(deployed, sent, law),
        parts.APPROVALS: _file(parts.approvals_plain(revisions)),
        parts.REPORT: _file(report_document(report, ExitCode.OK)),
    }
    about = _about(report, sent)
    with new_file(path) as file:
        out = Hashing(file)
        tree = _write(PackWriter(out), small, about, _lines(ledger, deployed.id, revisions, report))
    return Evidence(
        pack=path.name,
        campaign=deployed.id,
        status=deployed.status.value,
        digest="sha256:" + out.hash.hexdigest(),
        size=out.size,
        rows=tree.rows,
        root=tree.root(),
        recorded=law is not None,
    )


def _law_of(ledger: Ledger, sent: Revision) -> Plain:
    """Return the law that the apply was judged by, None where an older version kept none."""
    kept = sent.stored.get("observed", {}).get("law")
    if kept is None:
        return None
    law = ledger.find_law(kept["book"])
    if law is None:
        raise MismatchError(
            f"the state no longer has the law `{kept['book']}` that the campaign was judged by",
            "restore the state from a backup",
        )
    return law


def _members(deployed: Deployed, sent: Revision, law: Plain) -> dict[str, bytes]:
    content = parts.campaign_bytes(sent)
    if digest_bytes(content) != sent.content_digest:
        raise MismatchError(
            f"the stored campaign `{deployed.id}` is not the one that was approved",
            "restore the state from a backup: evidence of this one would be wrong",
        )
    return {
        parts.README: parts.READ_ME.encode(),
        parts.CAMPAIGN: content,
        parts.MESSAGES: parts.messages_text(sent.stored).encode(),
        parts.RULES: _file(parts.rules_plain(sent, law)),
        parts.SENDING: _file(parts.sending_plain(deployed)),
        **({} if law is None else {parts.LAW: canonical(law)}),
    }


def _about(report: Report, sent: Revision) -> Mapping[str, Plain]:
    """Return what the manifest says of the campaign."""
    return {
        "environment": report.environment,
        "campaign": report.campaign,
        "status": report.status.value,
        "digest": sent.digest,
        "content_digest": sent.content_digest,
        "commit": sent.commit,
        "lineage": report.lineage,
    }


def _lines(
    ledger: Ledger, campaign: str, revisions: Sequence[Revision], report: Report
) -> Iterator[bytes]:
    """Yield the rows in the order of their key. Raises LockedError unless they make up the books."""
    numbers: dict[str, int] = {}
    for revision in revisions:
        numbers.setdefault(revision.content_digest, revision.number)
        numbers.setdefault(revision.digest, revision.number)
    tally: Tally = Counter()
    for some in ledger.deliveries(campaign):
        for row in some:
            tally[dimensions_of(row)] += 1
            yield row_line(row, numbers)
    if contradiction(report_document(report, ExitCode.OK), tally):
        raise LockedError(
            f"deliveries of `{campaign}` were settled while its ledger was read",
            "it is being sent: write the evidence when it has ended, or halt it first",
        )


def _write(
    pack: PackWriter,
    small: Mapping[str, bytes],
    about: Mapping[str, Plain],
    lines: Iterable[bytes],
) -> HashTree:
    """Write all members in the order of their names; the manifest comes right after the rows."""
    members = {name: _listed(name, data) for name, data in small.items()}
    for name in sorted(name for name in small if name < LEDGER):
        pack.add(name, small[name])
    tree = HashTree()
    for number, shard in enumerate(_shards(lines, tree), start=1):
        name = shard_name(number)
        members[name] = _listed(name, shard)
        pack.add(name, shard)
    manifest = {
        "kind": parts.MANIFEST_KIND,
        "format_version": FORMAT_VERSION,
        "tool_version": __version__,
        **about,
        "ledger": {"rows": tree.rows, "root": tree.root()},
        "members": [members[name] for name in sorted(members)],
    }
    for name, data in sorted({**small, parts.MANIFEST: _file(manifest)}.items()):
        if name > LEDGER:
            pack.add(name, data)
    pack.close()
    return tree


def shard_name(number: int) -> str:
    """Return the name of the shard `number` (from 1) of the rows."""
    return f"{LEDGER}{number:06d}.jsonl"


def _shards(lines: Iterable[bytes], tree: HashTree) -> Iterator[bytes]:
    """Cut the rows into shards, each line with its line feed, and add them to the tree."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        if held and (len(held) == ROWS_OF_SHARD or size + len(line) >= BYTES_OF_SHARD):
            yield b"".join(held)
            held, size = [], 0
        tree.add(line)
        held.append(line + b"\n")
        size += len(line) + 1
    if held:
        yield b"".join(held)


def _listed(name: str, data: bytes) -> Plain:
    return {"name": name, "bytes": len(data), "sha256": sha256(data).hexdigest()}


def _file(plain: Plain) -> bytes:
    return dump(plain).encode()
