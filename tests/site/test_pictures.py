"""Pictures of pages: a PNG per view, beside its page, for its owner only."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel.errors import UnavailableError
from engine.site.pictures import VIEWS, take_pictures
from tests.site.drawing import a_campaign, draw

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_pictures_are_taken_beside_the_pages(chromium_path: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(draw(a_campaign()).html, encoding="utf-8")
    taken = list(take_pictures([page], chromium_path, ("dark", "phone")))
    assert [path.name for path in taken] == [f"page.{view}.png" for view in ("dark", "phone")]
    for path, width in zip(taken, (VIEWS["dark"][0], VIEWS["phone"][0]), strict=True):
        data = path.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(data[16:20], "big") == width
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_browser_that_does_not_start_is_named(chromium_path: str, tmp_path: Path) -> None:
    assert chromium_path
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(UnavailableError, match=f"`{broken}` does not start"):
        list(take_pictures([tmp_path / "page.html"], str(broken)))
