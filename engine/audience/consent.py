"""What a person agreed to on a channel, as SQL over the columns that the workspace maps."""

from __future__ import annotations

from engine.audience.columns import Table
from engine.audience.sql import answer_of, literal, trimmed
from engine.model.channel import Channel
from engine.model.workspace import ConsentColumns


def consent_columns(
    users: Table, channel: Channel, mapped: ConsentColumns, *, answered: bool = False
) -> dict[str, str]:
    """Return SQL over `u` for ad, night, service and the day of the confirmation, by column name.

    Unmapped: consent to ads is unknown, which never gets an ad; service is not refused.

    `answered`: who gave an answer that cannot be read counts as one who refused, not as one who was
    never asked, for whom a purchase could stand in.
    """

    def answer(column: str | None, unmapped: str) -> str:
        if column is None:
            return literal(unmapped)
        return answer_of(users.value("u", column).text)

    confirmed, ad = mapped.confirmed_at, answer(mapped.ad, "unknown")
    if answered and mapped.ad is not None:
        written = trimmed(users.value("u", mapped.ad).text)
        ad = f"CASE WHEN {ad} = 'unknown' AND {written} IS NOT NULL THEN 'no' ELSE {ad} END"
    return {
        f"{channel} ad": ad,
        f"{channel} night": answer(mapped.night, "unknown"),
        f"{channel} service": answer(mapped.service, "yes"),
        f"{channel} confirmed": "CAST(NULL AS VARCHAR)"
        if confirmed is None
        else f"nullif({users.value('u', confirmed).text}, '')",
    }
