"""Whose day of KakaoTalk messages a started campaign counted towards."""

from __future__ import annotations

from datetime import datetime

from engine.kernel.frozen import frozen
from engine.model.channel_settings import KakaoProduct


@frozen
class KakaoAccount:
    """What a vendor counts a day's KakaoTalk messages by: the profile (of pushform.yaml) and product."""

    profile: str
    product: KakaoProduct


@frozen
class Begun:
    """A started campaign on KakaoTalk, as its report has it: also where its file is gone."""

    account: KakaoAccount
    due_at: datetime
