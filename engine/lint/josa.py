"""The Korean particle that fits a name within a message."""

from __future__ import annotations

from engine.message.particles import with_particle


def josa(word: object, pair: str) -> str:
    """Return the particle of `pair` (`은/는`) that fits the sound of `word`, without the word.

    For words that stand in quotes: f"`{name}`{josa(name, '은/는')}". Both forms where nobody can tell.
    """
    text = str(word)
    return with_particle(text, pair)[len(text) :]
