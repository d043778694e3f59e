"""NHN Cloud: KakaoTalk Bizmessage for kakao, the SMS service for sms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.channels.batching import BatchProvider
from engine.channels.callbacks import read_callbacks
from engine.channels.kakao_parts import refuse_friendtalk
from engine.channels.nhn_answer import refused_whole
from engine.channels.nhn_body import LISTS
from engine.channels.nhn_results import from_callbacks, look_up
from engine.channels.nhn_state import describe_kakao, describe_sms
from engine.channels.nhn_vendor import NhnVendor
from engine.channels.opening import Opening
from engine.channels.time_lists import TimeLists
from engine.model.outcome import Awaited, Outcome
from engine.model.ports import Provider
from engine.model.refusal import OptOut
from engine.model.vendor import VendorFacts

_REQUESTS = 20
"""At once. NHN allows 300 requests a second (429 above); 20 of 60 ms each are 333."""

_FIRST = 10
"""So many are risked until NHN has taken one: keys, profile, number and template are right then."""


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for. Raises UsageError if that is FriendTalk."""
    refuse_friendtalk(opening.settings)
    vendor = NhnVendor(opening.channel, opening.options, opening.settings.base_url)
    return NhnProvider(vendor, opening)


class NhnProvider(BatchProvider):
    """`provider: nhn`. Besides the vendor's options: `ca_file`, `timeout` (s), `proxy`, `results`."""

    def __init__(self, vendor: NhnVendor, opening: Opening) -> None:
        super().__init__(
            vendor,
            opening.options,
            opening.clock,
            requests=_REQUESTS,
            refused_whole=lambda answer: refused_whole(vendor.service, answer),
            first=_FIRST,
        )
        self._nhn = vendor
        self._times = TimeLists(opening.clock.monotonic)

    def look_up(self, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
        """Return what is final: from `results` (webhook bodies) first, then by asking NHN."""
        nhn = self._nhn
        bodies = read_callbacks(nhn.options.text("results"))
        found = dict(from_callbacks(nhn.service, bodies, awaited))
        left = [one for one in awaited if one.reference not in found]
        return found | dict(look_up(nhn.service, LISTS[nhn.service], nhn.get, left, self._times))

    def describe(self) -> VendorFacts:
        """Return profiles and templates (kakao) or sending numbers (sms)."""
        nhn = self._nhn
        if nhn.service == "kakao":
            return describe_kakao(nhn.get, nhn.sender_keys())
        return describe_sms(nhn.get)

    def opted_out(self, since: datetime | None) -> Sequence[OptOut]:
        """Return who called the channel's `unsubscribe_number`. Raises UsageError without one."""
        from engine.channels.nhn_opt_outs import opted_out

        return opted_out(self._nhn.get, self._nhn.free_number(), since, self._clock.now())
