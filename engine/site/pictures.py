"""Pictures of pages, taken with the system's Chromium through Playwright; nothing is downloaded.

Playwright is an extra and Chromium a package of the system: whoever wants no pictures needs neither.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.kernel.errors import UnavailableError, UsageError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_FLAGS = ("--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none")
_TALLEST = 16_384
"""Pixels that Chromium's compositor draws in one piece; a longer page is cut there."""

VIEWS: Mapping[str, tuple[int, str]] = {
    "light": (1280, "light"),
    "dark": (1280, "dark"),
    "phone": (390, "light"),
}
"""Width in CSS pixels and colour scheme of every picture."""


def find_browser() -> str:
    """Return the path of Chromium. Raises UsageError with what to install where a part is missing."""
    if find_spec("playwright") is None:
        raise UsageError(
            "pictures need Playwright, which is not installed", "pip install 'playwright>=1.49'"
        )
    for name in _BROWSERS:
        if found := shutil.which(name):
            return found
    raise UsageError(
        "pictures need Chromium, which is not installed",
        "apt-get install -y chromium fonts-noto-cjk fonts-noto-color-emoji",
    )


def take_pictures(
    pages: Sequence[Path], browser: str, views: Sequence[str] = ("light",)
) -> Iterator[Path]:
    """Take a picture of every page in every view and yield its path: `<page>.<view>.png` beside it.

    Pages are files; everything else is refused by the browser. Raises UnavailableError where
    Chromium does not start.
    """
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as tools:
        try:
            # Root has no user namespace of its own in most containers, and our pages run nothing
            # but our own script.
            chromium = tools.chromium.launch(
                executable_path=browser, args=list(_FLAGS), chromium_sandbox=False
            )
        except playwright.Error as error:
            first = str(error).strip().partition("\n")[0]
            raise UnavailableError(f"`{browser}` does not start: {first}") from error
        try:
            for view in views:
                for page in pages:
                    yield _take(chromium, page, view)
        finally:
            chromium.close()


def _take(chromium: Any, page: Path, view: str) -> Path:
    width, scheme = VIEWS[view]
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        device_scale_factor=1,
        offline=True,
        reduced_motion="reduce",
    )
    try:
        tab = context.new_page()
        tab.goto(page.resolve().as_uri())
        height = int(tab.evaluate("document.documentElement.scrollHeight"))
        target = page.with_name(f"{page.stem}.{view}.png")
        box = {"x": 0, "y": 0, "width": width, "height": min(height, _TALLEST)}
        tab.screenshot(path=str(target), full_page=True, clip=box)
        target.chmod(0o600)
        return target
    finally:
        context.close()
