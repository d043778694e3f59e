"""The language of a command's reader."""

from __future__ import annotations

from engine.kernel.language import Language
from engine.kernel.speech import Speech


def speech(language: str) -> Speech:
    """Return how a command speaks `language` (`en` or `ko`, what `--lang` takes)."""
    from engine.cli.korean import KOREAN

    return Speech(Language(language), KOREAN)
