"""SOLAPI (솔라피, CoolSMS): SMS, LMS and MMS, AlimTalk and Brand Message, up to 1,000 in a request.

Sending never asks for a later time and never for SOLAPI's own fallback. `allowDuplicates` stays off:
the ledger lets nobody get a campaign twice, and SOLAPI refuses the second copy of a number in a
request as well (status 1026).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.channels.batching import BatchProvider
from engine.channels.kakao_parts import refuse_friendtalk
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.solapi_vendor import SolapiVendor
from engine.channels.time_lists import TimeLists
from engine.kernel.errors import UnavailableError
from engine.model.channel import Channel
from engine.model.outcome import Awaited, Outcome
from engine.model.ports import Clock, Provider
from engine.model.refusal import OptOut
from engine.model.vendor import VendorFacts

FIRST = 10
"""So many are risked until SOLAPI has taken one: keys, clock, sender and template are right then."""

_REQUESTS = 4
_TIMEOUT_S = 30.0


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for. Raises UsageError for FriendTalk, which ended."""
    refuse_friendtalk(opening.settings)
    vendor = SolapiVendor(
        opening.channel,
        opening.options,
        base_url=opening.settings.base_url,
        new_salt=lambda: secrets.token_hex(16),
    )
    return SolapiProvider(vendor, opening.options, opening.clock, folder=opening.workspace)


class SolapiProvider(BatchProvider):
    """`provider: solapi`. More options: `results` (a file of callbacks), `ca_file`, `timeout`, `proxy`.

    A relative `results` begins at `folder`, the workspace's.
    """

    def __init__(
        self, vendor: SolapiVendor, options: Options, clock: Clock, *, folder: Path
    ) -> None:
        super().__init__(
            vendor,
            options,
            clock,
            requests=_REQUESTS,
            timeout_s=_TIMEOUT_S,
            # SOLAPI checks the form of all messages before it takes any (`ValidationError`).
            refused_whole=lambda answer: answer.status == 400,
            first=FIRST,
        )
        self._solapi = vendor
        self._folder = folder
        self._times = TimeLists(clock.monotonic)

    def look_up(self, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
        """Return by reference what is final: of `results` first, then by asking SOLAPI.

        Raises CredentialsError or ClockError, or UnavailableError where SOLAPI does not answer and
        `results` had nothing new either.
        """
        from engine.channels.callbacks import read_callbacks
        from engine.channels.solapi_results import look_up, match, reports_of

        results = self._options.text("results")
        bodies = read_callbacks(str(self._folder / results) if results else None)
        found = match(reports_of(bodies), awaited)
        left = [one for one in awaited if one.reference not in found]
        try:
            return {**found, **look_up(self._ask, left, self._times)} if left else found
        except UnavailableError:
            if found:
                return found
            raise

    def describe(self) -> VendorFacts:
        """Return sending numbers (sms), or profiles and templates (kakao), as SOLAPI has them now.

        Raises CredentialsError or ClockError, or UnavailableError where SOLAPI does not answer.
        """
        from engine.channels.solapi_results import read_profiles, read_senders, read_templates

        if self._solapi.channel is Channel.SMS:
            return VendorFacts(senders=read_senders(self._ask("/senderid/v1/numbers/active", {})))
        return VendorFacts(
            profiles=read_profiles(self._ask, self._solapi.profile_keys()),
            templates=read_templates(self._ask),
        )

    def opted_out(self, since: datetime | None) -> Sequence[OptOut]:
        """Return who called the account's 080 numbers. Raises as `describe` does."""
        from engine.channels.solapi_opt_outs import opted_out

        return opted_out(self._ask, since)

    def _ask(self, path: str, query: Mapping[str, str]) -> Any:
        from engine.channels.asking import ask

        now = self._clock.now()
        return ask(
            f"{self._solapi.base_url}{path}",
            vendor="solapi",
            headers=self._solapi.headers(now),
            params=query,
            ca_file=self._options.text("ca_file"),
            signed_at=now,
        )
