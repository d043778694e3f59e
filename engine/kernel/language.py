"""The languages in which pushform speaks to people: English, and Korean for marketers."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """`--lang`; messages that have no Korean words are said in English."""

    EN = "en"
    KO = "ko"
