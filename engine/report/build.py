"""One campaign's report from what the ledger holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from engine.kernel.digest import Plain
from engine.model.begun import KakaoAccount
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.deployment import Deployed, Status
from engine.model.ports import Ledger
from engine.model.report import Books, Report
from engine.report.books import add_books, device_lines, settle_cancelled, user_books
from engine.report.progress import progress

REASON_WORDS = {
    "no_consent": "had not agreed to advertisements on this channel",
    "unknown_consent": "had no clear answer to whether they agree to advertisements",
    "no_night_consent": "had not agreed to advertisements at night",
    "service_off": "had switched this channel off",
    "suppressed": "were on the suppression list",
    "disabled": "were switched off on the device",
    "dead_address": "were known to be dead from an earlier send",
    "no_address": "had no address on any of the channels",
    "duplicate_address": "belonged to an address that somebody else had already been sent to",
    "minor": "belonged to people under 14",
    "cap": "would have exceeded the cap per person",
    "window": "had not started before the sending window closed",
    "missed": "came too late for their schedule",
    "cancelled": "were cancelled before they were sent",
    "missing_value": "lacked a value that the text needs",
    "no_text": "had no text in a locale of their chain",
    "not_preferred": "were not the preferred channel",
}
"""Why a target was skipped, as the end of the sentence `N deliveries …`."""


def build_report(ledger: Ledger, deployed: Deployed, environment: str, now: datetime) -> Report:
    """Return the report of `deployed` as the ledger has it at `now`."""
    campaign = deployed.stored["campaign"]
    alternatives = frozenset(campaign.get("alternative", {}).values())
    counts = ledger.counts(deployed.id)
    lines = device_lines(deployed.snapshot, counts, alternatives)
    user = user_books(deployed.snapshot, ledger.user_counts(deployed.id))
    if deployed.status is Status.CANCELLED:
        lines = tuple(replace(line, books=settle_cancelled(line.books)) for line in lines)
        user = settle_cancelled(user)
    device = add_books(lines)
    first, last = ledger.sent_between(deployed.id)
    awaited = ledger.count_awaited(deployed.id)
    bought = ledger.count_on_exception(deployed.id) if campaign.get("exception") else 0
    where = progress(deployed, ledger.stop_orders(), now)
    return Report(
        environment=environment,
        campaign=deployed.id,
        title=where.title,
        type=campaign["type"],
        status=deployed.status,
        reason=deployed.reason,
        halted=where.halted,
        next_due_at=where.next_due_at,
        blocked=where.blocked,
        next_step=where.next_step,
        digest=deployed.digest,
        content_digest=deployed.content_digest,
        commit=deployed.commit,
        due_at=deployed.due_at,
        schedule=_schedule(deployed),
        evaluated_at=deployed.snapshot.evaluated_at if deployed.snapshot else None,
        first_sent_at=first,
        last_sent_at=last,
        user=user,
        device=device,
        lines=lines,
        audience=user.targeted,
        send=device.sent,
        send_user=user.sent,
        retried_after_error=sum(count.retried for count in counts),
        explanation=tuple(_explain(user, device, awaited, bought)),
        lineage=ledger.identity().lineage,
        awaited=awaited,
        on_exception=bought,
        kakao=_kakao(campaign),
    )


def _kakao(campaign: Mapping[str, Plain]) -> KakaoAccount | None:
    """Return whose messages these are on KakaoTalk; what is stored leaves defaults out."""
    channels = campaign.get("channels")
    own = channels.get(Channel.KAKAO.value) if isinstance(channels, Mapping) else None
    if not isinstance(own, Mapping):
        return None
    usual = KakaoSettings()
    return KakaoAccount(
        profile=str(own.get("profile", usual.profile)),
        product=KakaoProduct(str(own.get("product", usual.product))),
    )


def _schedule(deployed: Deployed) -> str:
    schedule = deployed.stored["campaign"]["schedule"]
    zone = schedule.get("timezone") or deployed.stored["campaign"]["workspace_timezone"]
    at = schedule["at"].replace("T", " ")[:16]
    own_offset = datetime.fromisoformat(schedule["at"]).tzinfo is not None
    return str(schedule["at"]) if own_offset else f"{at} {zone}"


def _explain(user: Books, device: Books, awaited: int, bought: int) -> Iterator[str]:
    """Say in plain words why the audience is not the number of sends."""
    if user.targeted:
        yield (
            f"{user.targeted:,} people were in the audience; "
            f"{user.sent:,} of them got at least one message ({device.sent:,} deliveries)."
        )
    if user.skipped.get("no_address"):
        yield f"{user.skipped['no_address']:,} people {REASON_WORDS['no_address']}."
    if bought:
        yield (
            f"{bought:,} deliveries were sent without a consent because of a purchase in the last "
            "six months (제50조제1항제1호)."
        )
    if device.held_out:
        yield f"{device.held_out:,} deliveries were held out to measure the effect."
    for reason, n in device.skipped.items():
        yield f"{n:,} deliveries {REASON_WORDS.get(reason, reason)}."
    for reason, n in device.failed.items():
        yield f"{n:,} deliveries were refused for good ({reason})."
    if device.unknown:
        yield f"{device.unknown:,} deliveries got no answer: nobody knows whether they arrived."
    if awaited:
        yield (
            f"{awaited:,} deliveries were taken by a vendor that reports later: "
            "some of them may still be refused."
        )
    if device.pending:
        yield f"{device.pending:,} deliveries are still pending."
