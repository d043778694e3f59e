"""NAVER Cloud SENS: AlimTalk and Brand Message for kakao, SMS, LMS and MMS for sms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.channels.batching import BatchProvider
from engine.channels.callbacks import read_callbacks
from engine.channels.kakao_parts import refuse_friendtalk
from engine.channels.opening import Opening
from engine.channels.sens_results import describe_kakao, look_up, match, try_keys
from engine.channels.sens_vendor import SensVendor
from engine.model.channel import Channel
from engine.model.outcome import Awaited, Outcome
from engine.model.ports import Provider
from engine.model.refusal import OptOut
from engine.model.vendor import VendorFacts

_REQUESTS = 10
_FIRST = 10
"""So many are risked until SENS has taken one: keys, clock, channel and template are right then."""


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for. Raises UsageError if that is FriendTalk."""
    refuse_friendtalk(opening.settings)
    return SensProvider(SensVendor(opening), opening)


class SensProvider(BatchProvider):
    """`provider: sens`. Besides the vendor's options: `ca_file`, `timeout` (s), `proxy`, `results`."""

    def __init__(self, vendor: SensVendor, opening: Opening) -> None:
        super().__init__(
            vendor,
            opening.options,
            opening.clock,
            requests=_REQUESTS,
            # SENS checks the form of a request before it takes any of it.
            refused_whole=lambda answer: answer.status == 400,
            first=_FIRST,
        )
        self._sens = vendor

    def look_up(self, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
        """Return what is final: from `results` (rows of messages) first, then by asking SENS.

        Nobody can be asked about a hand-over without an answer: SENS keeps no reference of ours.
        """
        sens = self._sens
        rows = list(read_callbacks(sens.options.text("results")))
        products = ("sms",) if sens.channel is Channel.SMS else ("alimtalk", "brandmessage")
        found: dict[str, Outcome] = {}
        for product in products:
            found |= match(product, rows, sens.mark, awaited)
        left = [one for one in awaited if one.reference not in found]
        return found | dict(look_up(sens.get, sens.mark, left))

    def describe(self) -> VendorFacts:
        """Return channels and templates (kakao); of sms SENS lists nothing, so only keys are tried.

        Raises CredentialsError, ClockError or UnavailableError where SENS refuses.
        """
        if self._sens.channel is Channel.SMS:
            try_keys(self._sens.get)
            return VendorFacts()
        return describe_kakao(self._sens.get, self._sens.channel_ids())

    def opted_out(self, since: datetime | None) -> Sequence[OptOut]:
        """Return who called the service's 080 number. Raises as `describe` does."""
        from engine.channels.sens_opt_outs import opted_out

        return opted_out(self._sens.get, since)
