"""Lints the corpus and counts, per rule, what it found against what the facts say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from engine.kernel.finding import Finding
from engine.kernel.instant import parse_instant
from engine.kernel.origin import Origin
from engine.lint.catalog import RULES
from engine.lint.context import LintContext, Sample, compose_samples
from engine.lint.run import find
from engine.message.cp949 import foreign_characters
from engine.message.limits import SMS_BYTES
from engine.model.channel import Channel
from engine.model.channel_settings import SmsFormat
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign
from engine.model.vendor import SavedFacts, VendorFacts
from engine.workspace.read import read_workspace
from tests.lint.corpus_entries import CORPUS, Entry, grouped, read_entries, text_of, write_group

AS_OF = "2026-11-20T10:00:00+09:00"
CATALOG = frozenset(rule.META.id for rule in RULES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one rule did: ids of entries that it was right about, missed, and was wrong about.

    `elsewhere` are those that it leaves to a rule which the facts name as well (`instead`).
    """

    rule: str
    hits: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def recall(self) -> float:
        """Of the entries that the facts name, the share that was found; 1 where there is none."""
        found = len(self.hits) + len(self.elsewhere)
        return found / (found + len(self.missed)) if found or self.missed else 1.0

    @property
    def precision(self) -> float:
        """Of the entries that it names, the share that the facts name; 1 where it names none."""
        named = len(self.hits) + len(self.wrong)
        return len(self.hits) / named if named else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How findings are counted.

    The rules; beside which other rules a finding is no mistake (`overlaps`), under which other ids
    a mistake is found as well (`instead`), on which channels nothing is settled; the disagreements
    (rule, entry) that are the rules' and known, with why.
    """

    rules: tuple[str, ...]
    overlaps: Mapping[str, frozenset[str]]
    instead: Mapping[str, frozenset[str]]
    unsettled: frozenset[tuple[str, str]]
    not_shown: Mapping[str, str]
    known: Mapping[tuple[str, str], str]
    least_recall: float
    least_precision: float

    def counts(self, rule: str, entry: Entry) -> bool:
        """Tell whether a finding of `rule` that `entry` does not expect is a mistake of the rule."""
        overlaps = self.overlaps.get(rule, frozenset()) & entry.expect
        return (
            not overlaps and rule not in entry.may and (rule, entry.channel) not in self.unsettled
        )


@cache
def read_judged() -> Judged:
    """Return how the corpus is counted, as `corpus/judged.yaml` says."""
    written: Mapping[str, Any] = yaml.safe_load((CORPUS / "judged.yaml").read_text("utf-8"))
    overlaps: dict[str, frozenset[str]] = {}
    for row in written["overlaps"]:
        overlaps[row["rule"]] = overlaps.get(row["rule"], frozenset()) | set(row["beside"])
    pairs = {(row["rule"], channel) for row in written["unsettled"] for channel in row["channels"]}
    return Judged(
        rules=tuple(written["judged"]),
        overlaps=overlaps,
        instead={row["rule"]: frozenset(row["found_as"]) for row in written["instead"]},
        unsettled=frozenset(pairs),
        not_shown=written["not_shown"],
        known={(row["rule"], entry): row["why"] for row in written["known"] for entry in row["of"]},
        least_recall=written["least"]["recall"],
        least_precision=written["least"]["precision"],
    )


@cache
def lint_corpus() -> Mapping[str, tuple[Finding, ...]]:
    """Return per entry of the corpus everything that reading and all rules find in it."""
    return lint_entries(read_entries())


def lint_entries(entries: Iterable[Entry]) -> Mapping[str, tuple[Finding, ...]]:
    """Return per entry everything that reading and all rules find in it, before it is merged."""
    found: dict[str, tuple[Finding, ...]] = {}
    with TemporaryDirectory() as folder:
        for number, (workspace, group) in enumerate(grouped(entries)):
            root = write_group(Path(folder) / str(number), workspace, group)
            found |= _lint_group(root, group)
    return found


def score(entries: Collection[Entry], found: Mapping[str, Iterable[Finding]]) -> list[Score]:
    """Return what each judged rule did on `entries`, in the order of `judged.yaml`."""
    rules = {id_: {finding.rule for finding in findings} for id_, findings in found.items()}
    return [_score_of(rule, entries, rules) for rule in read_judged().rules]


def _score_of(rule: str, entries: Iterable[Entry], found: Mapping[str, set[str]]) -> Score:
    judged = read_judged()
    hits, elsewhere, missed, wrong = [], [], [], []
    for entry in entries:
        if rule in entry.expect and rule in found[entry.id]:
            hits.append(entry.id)
        elif rule in entry.expect and judged.instead.get(rule, frozenset()) & found[entry.id]:
            elsewhere.append(entry.id)
        elif rule in entry.expect:
            missed.append(entry.id)
        elif rule in found[entry.id] and judged.counts(rule, entry):
            wrong.append(entry.id)
    return Score(
        rule=rule,
        hits=tuple(hits),
        elsewhere=tuple(elsewhere),
        missed=tuple(missed),
        wrong=tuple(wrong),
    )


def _lint_group(root: Path, entries: list[Entry]) -> dict[str, tuple[Finding, ...]]:
    loaded = read_workspace(root, None)
    assert loaded.workspace is not None, loaded.findings
    context = LintContext(
        workspace=loaded.workspace,
        campaigns=loaded.resolved,
        written=loaded.campaigns,
        audiences=loaded.audiences,
        templates=loaded.templates,
        as_of=parse_instant(AS_OF),
        sources=loaded.sources,
        vendor=_vendor(entries[0].raw.get("registered")),
        texts=_texts({entry.id: entry for entry in entries if entry.shown}),
    )
    findings = [*loaded.findings, *find(context, RULES)]
    return {
        entry.id: tuple(finding for finding in findings if _is_about(finding, entry, len(entries)))
        for entry in entries
    }


def _vendor(registered: list[str] | None) -> dict[str, SavedFacts]:
    """Return what the vendor said when it was last asked for the numbers that it has registered."""
    if registered is None:
        return {}
    facts = VendorFacts(senders=tuple(number.replace("-", "") for number in registered))
    return {"production": SavedFacts(as_of=parse_instant(AS_OF), facts=facts)}


def _is_about(finding: Finding, entry: Entry, shared_by: int) -> bool:
    """Tell whose finding it is: one about pushform.yaml is an entry's that has it for itself."""
    if finding.campaign is not None:
        return finding.campaign == entry.id
    file = finding.at.file
    return shared_by == 1 if file == "pushform.yaml" else Path(file).stem == entry.id


def _texts(shown: Mapping[str, Entry]) -> Any:
    def texts(campaign: ResolvedCampaign, jurisdictions: Collection[str]) -> Iterable[Sample]:
        entry = shown.get(campaign.id)
        if entry is None:
            return compose_samples(campaign, jurisdictions)
        return [
            (replace(_as_shown(entry), jurisdiction=jurisdiction), _origin(campaign, entry))
            for jurisdiction in jurisdictions
        ]

    return texts


def _as_shown(entry: Entry) -> Message:
    text, channel = text_of(entry.raw), Channel(entry.channel)
    return Message(
        channel=channel,
        locale=entry.raw.get("locale", "ko"),
        jurisdiction="KR",
        variant="default",
        title=text.get("title"),
        body=text.get("body"),
        image=text.get("image"),
        sms_format=_format(text) if channel is Channel.SMS else None,
    )


def _format(text: Mapping[str, str]) -> SmsFormat:
    if "image" in text:
        return SmsFormat.MMS
    body = text.get("body", "")
    assert not foreign_characters(body), body
    short = "title" not in text and len(body.encode("cp949")) <= SMS_BYTES
    return SmsFormat.SMS if short else SmsFormat.LMS


def _origin(campaign: ResolvedCampaign, entry: Entry) -> Origin:
    locale = entry.raw.get("locale", "ko")
    text = campaign.variants[0].template.text(Channel(entry.channel), locale)
    return text.origin if text is not None else Origin(f"templates/{entry.id}.yaml")
