"""What is printed about an evidence pack: for people, and as JSON in the shapes of `schemas/`."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.digest import Plain
from engine.kernel.document import document
from engine.kernel.errors import ExitCode
from engine.report.evidence import Evidence
from engine.report.evidence_check import Verdict

PERSONAL = (
    "the evidence names people and addresses by keyed hashes, which are still personal data: it is "
    "readable by you only; keep it out of git, and delete it when nobody can ask for it any more"
)


def evidence_document(evidence: Evidence, environment: str, as_of: datetime) -> Plain:
    """Return `pushform report --evidence` in the shape of `schemas/evidence.schema.json`."""
    return document(
        "evidence",
        as_of=as_of,
        environment=environment,
        exit_code=ExitCode.OK,
        body={
            "pack": evidence.pack,
            "campaign": evidence.campaign,
            "status": evidence.status,
            "digest": evidence.digest,
            "bytes": evidence.size,
            "rows": evidence.rows,
            "root": evidence.root,
            "recorded": evidence.recorded,
        },
    )


def evidence_text(evidence: Evidence) -> str:
    """Return what was written, with the digest to write down."""
    lines = [
        f"evidence  {evidence.pack}  {evidence.size:,} bytes, {evidence.rows:,} rows",
        f"digest    {evidence.digest}",
        f"root      {evidence.root}",
        "          write the digest down where it cannot be changed, e.g. in a commit;",
        f"          pushform verify {evidence.pack} --digest {evidence.digest}",
    ]
    if not evidence.recorded:
        lines.append(
            "          what the rules came to is not in it: an older version applied this campaign"
        )
    return "\n".join(lines) + "\n"


def verdict_document(verdict: Verdict, pack: str, expected: str | None) -> Plain:
    """Return `pushform verify` in the shape of `schemas/verify.schema.json`."""
    about = verdict.about
    return document(
        "verify",
        as_of=None,
        environment=about.get("environment"),
        exit_code=verdict_code(verdict),
        body={
            "pack": pack,
            "valid": not verdict.problems,
            "compared": expected is not None,
            "digest": verdict.digest,
            "bytes": verdict.size,
            **{
                key: about.get(key)
                for key in ("campaign", "status", "content_digest", "commit", "lineage")
            },
            "rows": verdict.rows,
            "root": verdict.root,
            "problems": [
                {"member": problem.member, "message": problem.message}
                for problem in verdict.problems
            ],
        },
    )


def verdict_code(verdict: Verdict) -> ExitCode:
    """Return 0 for a sound pack, else 5."""
    return ExitCode.MISMATCH if verdict.problems else ExitCode.OK


def verdict_text(verdict: Verdict, pack: str, expected: str | None) -> str:
    """Return what a check came to, one line per problem."""
    if verdict.problems:
        lines = [f"{pack} is NOT what was written:"]
        lines += [f"  {problem.member or pack}: {problem.message}" for problem in verdict.problems]
        return "\n".join(lines) + "\n"
    about = verdict.about
    what = f"{about['campaign']} in {about['environment']}, {about['status']}"
    lines = [
        f"{pack} is whole: {what}, {verdict.rows:,} rows",
        f"digest    {verdict.digest}",
        f"root      {verdict.root}",
        f"content   {about['content_digest']}",
        f"commit    {about['commit'] or '–'}",
    ]
    if expected is None:
        lines.append(
            "It agrees with itself. Whether it is the one that was made, only `--digest` can tell."
        )
    return "\n".join(lines) + "\n"
