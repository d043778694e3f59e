"""What an apply refuses before it looks at anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.pipeline.apply import apply_approved
from tests.plan.making import plan_of, wanted


def test_an_offline_plan_cannot_be_applied(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="an offline plan cannot be applied"):
        apply_approved(
            plan_of(wanted(), offline=True),
            (),
            ledger=None,  # type: ignore[arg-type]
            root=tmp_path,
            holder="ci",
            is_dead=lambda _: False,
            now=lambda: datetime(2026, 9, 20, tzinfo=UTC),
            approved_by=None,
            timezone="Asia/Seoul",
        )
