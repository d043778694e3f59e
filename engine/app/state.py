"""Which state a session has, where it is, and its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.session import Session, make_private
from engine.workspace.options import open_option

if TYPE_CHECKING:
    from engine.model.ports import Ledger, Pace


def state_key(session: Session, url: str) -> bytes:
    """Return the key that hashes people and addresses. Raises CredentialsError or MismatchError."""
    from engine.state.open import key_from_text, load_or_make_key

    setting = session.workspace.state.key
    if setting is None:
        return load_or_make_key(session.hidden("key"), url, session.root)
    return key_from_text(open_option(setting, session.environ, "state.key", session.loaded.sources))


@contextmanager
def open_ledger(session: Session, *, create: bool) -> Iterator[tuple[Ledger, Pace, bytes]]:
    """Open the state of the session's environment, with its key."""
    from engine.state.open import open_state

    workspace = session.workspace
    url = _state_url(session)
    session.hidden()
    key = state_key(session, url)
    ledger, pace = open_state(
        url, workspace.environment, key, session.clock, create=create, root=session.root
    )
    try:
        yield ledger, pace, key
    finally:
        ledger.close()


def shards_folder(session: Session, campaign: str) -> Path:
    """Return where a campaign's shards are: beside the state, which outlives a CI's checkout."""
    from engine.state.open import state_path

    folder = state_path(_state_url(session), session.root).parent
    for part in ("snapshots", session.workspace.environment):
        folder /= part
        make_private(folder)
    return folder / campaign


def hygiene_file(session: Session, campaign: str) -> Path:
    """Return where the dead addresses that a campaign met are listed; never in git."""
    return session.hidden("hygiene", session.workspace.environment, f"{campaign}.csv")


def has_state(session: Session) -> bool:
    """Tell whether there is a state file for the session's environment."""
    from engine.state.open import state_exists

    return state_exists(_state_url(session), session.root)


def _state_url(session: Session) -> str:
    setting = session.workspace.state.url
    return open_option(setting, session.environ, "state.url", session.loaded.sources)
