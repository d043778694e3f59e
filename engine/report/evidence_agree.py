"""What the members of an evidence pack say of each other: one campaign, one apply, one set of books."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from engine.kernel.digest import Plain, canonical, digest, digest_bytes
from engine.kernel.frozen import frozen
from engine.report import evidence_parts as parts
from engine.report.evidence_books import contradiction
from engine.report.evidence_rows import Tally

_MISSHAPEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a JSON value of another shape than expected may come to."""


@frozen
class Problem:
    """What is wrong with a pack. `member` is the file in it (None: the container as a whole)."""

    member: str | None
    message: str


def disagreements(
    small: Mapping[str, bytes], manifest: Mapping[str, Plain], tally: Tally
) -> Iterator[Problem]:
    """Yield what the members say otherwise than each other. Hashes of all of them are right."""
    needed = set(parts.MEMBERS) - {parts.LAW}
    if needed - set(small):
        yield from (
            Problem(member=name, message="is missing") for name in sorted(needed - set(small))
        )
        return
    try:
        report, rules = read_object(small[parts.REPORT]), read_object(small[parts.RULES])
        yield from _same_campaign(small, report, manifest)
        yield from _approved(read_object(small[parts.APPROVALS])["approvals"], manifest)
        law = small.get(parts.LAW)
        if rules["recorded"] and (law is None or rules["book"] != digest_bytes(law)):
            yield Problem(member=parts.LAW, message="is not the law that rules.json names")
        line = contradiction(report, tally)
        if line is not None:
            yield Problem(member=parts.REPORT, message=f"counts otherwise than the rows do: {line}")
    except _MISSHAPEN as error:
        yield Problem(
            member=None, message=f"a member is not of its shape ({type(error).__name__}: {error})"
        )


def _same_campaign(
    small: Mapping[str, bytes], report: Mapping[str, Plain], manifest: Mapping[str, Plain]
) -> Iterator[Problem]:
    if digest_bytes(small[parts.CAMPAIGN]) != manifest["content_digest"]:
        yield Problem(member=parts.CAMPAIGN, message="is not the campaign of `content_digest`")
        return
    stored = read_object(small[parts.CAMPAIGN])
    if canonical(stored) != small[parts.CAMPAIGN]:
        yield Problem(member=parts.CAMPAIGN, message="is not canonical JSON")
    if parts.messages_text(stored).encode() != small[parts.MESSAGES]:
        yield Problem(member=parts.MESSAGES, message="is not what campaign.json renders to")
    for key in ("environment", "campaign", "status", "lineage"):
        if report[key] != manifest[key]:
            yield Problem(
                member=parts.REPORT,
                message=f"`{key}` is `{report[key]}`, in manifest.json `{manifest[key]}`",
            )


def _approved(
    approvals: Sequence[Mapping[str, Plain]], manifest: Mapping[str, Plain]
) -> Iterator[Problem]:
    """Yield the applies whose digest does not cover what they wrote; one of them was sent."""
    sent = [apply for apply in approvals if apply["sent"]]
    same = ("digest", "content_digest", "commit")
    if len(sent) != 1 or any(sent[0][key] != manifest[key] for key in same):
        yield Problem(member=parts.APPROVALS, message="does not name the apply that was sent")
    before = None
    for apply in approvals:
        if apply["before"] != before or apply["digest"] not in _approvable(apply, manifest):
            yield Problem(
                member=parts.APPROVALS,
                message=f"the digest of apply {apply['number']} does not cover what it wrote",
            )
        before = apply["content_digest"]


def _approvable(apply: Mapping[str, Plain], manifest: Mapping[str, Plain]) -> Iterator[str]:
    """Yield the digests that a plan gives to putting this content, and to cancelling it."""
    for action, after in (("put", apply["content_digest"]), ("cancel", None)):
        yield digest(
            {
                "environment": manifest["environment"],
                "campaign": manifest["campaign"],
                "action": action,
                "before": apply["before"],
                "after": after,
            }
        )


def read_object(data: bytes) -> Mapping[str, Plain]:
    """Return a JSON object; an empty one where it is none."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return plain if isinstance(plain, dict) else {}
