"""A browser for the tests that look at pages: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from typing import Any

import pytest

from engine.kernel.errors import UsageError
from engine.site.pictures import find_browser


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of Chromium. Without it the test is skipped, and fails where CI is set."""
    try:
        return find_browser()
    except UsageError as missing:
        reason = f"{missing.message}: {missing.hint}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Any]:
    """A running browser, closed after the module: one thread drives one at a time."""
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium_path, chromium_sandbox=False)
        yield browser
        browser.close()
