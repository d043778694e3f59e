from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.ports import Ledger
from tests.state.world import BACKENDS, Backend


@pytest.fixture(params=sorted(BACKENDS))
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    made = BACKENDS[request.param](tmp_path)
    yield made
    for ledger in made.opened:
        ledger.close()


@pytest.fixture
def ledger(backend: Backend) -> Ledger:
    return backend.open()[0]


@pytest.fixture
def other(backend: Backend, ledger: Ledger) -> Ledger:
    """A second process's view of the same state."""
    return backend.open()[0]
