"""The browser of the tests that look at pages, and how it is asked what it shows.

Without Playwright or Chromium those tests are skipped.
"""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.async_api")
expect = playwright.expect

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
in_chromium = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]
"""The marks of a file whose tests drive the browser."""


@contextlib.asynccontextmanager
async def browser() -> AsyncIterator[Any]:
    """A running browser, for the event loop it is started in."""
    async with playwright.async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield running
        await running.close()
