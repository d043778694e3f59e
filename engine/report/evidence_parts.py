"""The members of an evidence pack besides the ledger: what was said, under which law, by whose word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.kernel.digest import Plain, canonical
from engine.kernel.instant import format_instant
from engine.model.deployment import Deployed, Revision

APPROVALS, CAMPAIGN, LAW, MANIFEST = "approvals.json", "campaign.json", "law.json", "manifest.json"
MESSAGES, README, REPORT, RULES, SENDING = (
    "messages.txt",
    "README.txt",
    "report.json",
    "rules.json",
    "sending.json",
)
MEMBERS = (README, APPROVALS, CAMPAIGN, LAW, MANIFEST, MESSAGES, REPORT, RULES, SENDING)
MANIFEST_KIND = "evidence-manifest"

READ_ME = """\
What was sent, when, to how many, on which consent, under which rules, and who approved it.

messages.txt    every message as it was rendered with sample values (for people)
campaign.json   the campaign as it was applied: sources of all texts, audience, schedule, samples;
                its SHA-256 is the `content_digest` in approvals.json
approvals.json  every apply: the digest that was approved, commit, who, when
rules.json      what each rule came to when it was applied, with its provision on the day of sending
law.json        all rules and all provisions in force from then to the planned end of what was
                applied; its SHA-256 is `book` in rules.json
sending.json    the frozen audience and its waves
report.json     the books, in counts
ledger/         one line per delivery, sorted by channel and address; people and addresses are keyed
                hashes, which are personal data all the same
manifest.json   size and SHA-256 of every other file, and the root of the hash tree over the rows

Check it:  pushform verify PACK --digest sha256:…      (needs no workspace, no state, no network)
Without pushform: `sha256sum` of every file must be what manifest.json says. The root of the rows is
the Merkle Tree Hash of RFC 6962 section 2.1 with SHA-256 over the lines of ledger/*.jsonl in order,
each without its line feed.
"""


def campaign_bytes(revision: Revision) -> bytes:
    """Return what a revision's content digest covers, as the very bytes that it covers."""
    return canonical({k: v for k, v in revision.stored.items() if k != "observed"})


def approvals_plain(revisions: Sequence[Revision]) -> Plain:
    """Return every apply. `before` is the content digest that it was approved to start from."""
    before: str | None = None
    found = []
    for revision in revisions:
        found.append(
            {
                "number": revision.number,
                "serial": revision.serial,
                "digest": revision.digest,
                "content_digest": revision.content_digest,
                "before": before,
                "applied_at": format_instant(revision.applied_at),
                "commit": revision.commit,
                "approved_by": revision.approved_by,
                "sent": revision.sent,
            }
        )
        before = revision.content_digest
    return {"kind": "approvals", "approvals": found}


def rules_plain(revision: Revision, law: Plain | None) -> Plain:
    """Return what each rule came to at the apply of `revision`; none where nothing was kept of it."""
    kept = revision.stored.get("observed", {}).get("law")
    if kept is None or law is None:
        return {"kind": "rules", "recorded": False, "rules": []}
    return {
        "kind": "rules",
        "recorded": True,
        "revision": revision.number,
        "as_of": kept["as_of"],
        "book": kept["book"],
        "jurisdictions": kept["jurisdictions"],
        "rules": [
            {**rule, "outcome": _outcome(rule, kept)}
            for rule in law["rules"]
            if _is_meant(rule, law["rules"], kept.get("on"))
        ],
    }


def _is_meant(rule: Mapping[str, Plain], rules: Sequence[Plain], on: str | None) -> bool:
    """Tell whether `rule` rests on the row of the day of sending, where the law has it with several."""
    same = [other for other in rules if other["rule"] == rule["rule"]]
    if on is None or len(same) == 1:
        return True
    begun = [one for one in same if one["since"] is not None and one["since"] <= on]
    return rule is (begun[-1] if begun else same[0])


def _outcome(rule: Mapping[str, Plain], kept: Mapping[str, Plain]) -> str:
    for outcome in ("reported", "ignored"):
        if rule["rule"] in kept[outcome]:
            return outcome
    # A region's rule is about the country that it lies in: nobody knows who lives where.
    countries = {place.partition("-")[0] for place in rule["jurisdictions"]}
    return "passed" if not countries or countries & set(kept["jurisdictions"]) else "not_applicable"


def sending_plain(deployed: Deployed) -> Plain:
    """Return the frozen audience in counts, and its waves by shard."""
    snapshot = deployed.snapshot
    if snapshot is None:
        raise ValueError(f"campaign `{deployed.id}` has no snapshot")
    return {
        "kind": "sending",
        "due_at": format_instant(deployed.due_at),
        "evaluated_at": format_instant(snapshot.evaluated_at),
        "ended_at": format_instant(deployed.ended_at) if deployed.ended_at else None,
        "cancelled_at": format_instant(deployed.cancelled_at) if deployed.cancelled_at else None,
        "users": snapshot.users,
        "users_without_address": snapshot.users_without_address,
        "users_defaulted_zone": snapshot.users_defaulted_zone,
        "shards": [
            {
                "number": shard.number,
                "due_at": format_instant(shard.due_at),
                "targets": shard.rows,
                "digest": shard.digest,
                "alternative": shard.alternative,
                "step": shard.step,
            }
            for shard in snapshot.shards
        ],
    }


def messages_text(stored: Plain) -> str:
    """Return the rendered samples of a stored campaign for people to read."""
    return "\n".join(_messages(stored)) + "\n"


def _messages(stored: Plain) -> Iterator[str]:
    yield f"{stored['campaign'].get('title') or stored['campaign']['id']}"
    yield "Rendered with sample values; {{ … }} of the sources are in campaign.json."
    words = [sample for sample in stored["samples"] if "missing" not in sample]
    where = ("channel", "locale", "jurisdiction", "variant")
    for sample in sorted(words, key=lambda s: ([str(s[name]) for name in where], canonical(s))):
        yield ""
        yield "== " + " · ".join(str(sample[name]) for name in where)
        for key, value in sorted(sample.items()):
            if key not in where and value not in (None, "", []):
                yield f"{key}:"
                yield from (f"  | {line}" for line in _lines(value))
    missing = len(stored["samples"]) - len(words)
    if missing:
        yield ""
        yield f"No message for {missing} combinations of channel, locale, jurisdiction and variant."


def _lines(value: Plain) -> list[str]:
    if isinstance(value, str):
        return value.split("\n")
    return canonical(value).decode().split("\n")
