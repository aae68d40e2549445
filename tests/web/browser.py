"""A real Chromium, the one that npm brings, with a Chinese font: nothing has to be installed on the machine."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from deploy.local import web
from tests.web import fonts

_MODULES = web.WEB / "node_modules"
_UNPACKED = _MODULES / ".browser"


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    """Builds the pages where they are not built yet, and starts the browser."""
    font = _prepared()
    environment: dict[str, str | float | bool] = {
        **os.environ,
        "FONTCONFIG_FILE": str(font),
        "LD_LIBRARY_PATH": str(_UNPACKED / "al2023" / "lib"),
    }
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_UNPACKED / "chromium",
            args=["--no-sandbox"],  # where tests run as root, and load our own pages only
            env=environment,
        )
        yield browser
        await browser.close()


def _prepared() -> Path:
    """The settings of the font, once everything is there."""
    web.build()
    if not _UNPACKED.exists():
        command = [sys.executable, "-m", "deploy.local.web", "run", "browser", str(_UNPACKED)]
        subprocess.run(command, check=True, capture_output=True)
    return fonts.install(_MODULES / "@fontsource" / "noto-sans-sc", _MODULES / ".fonts")
