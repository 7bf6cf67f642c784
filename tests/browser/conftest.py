"""A real browser: Debian's Chromium, driven by Playwright, and JupyterLab to open in it.

Chromium is installed with apt-get where that is possible; else these tests are skipped. Pictures
of what was seen are kept in `data/screenshots`.
"""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from jupyter_lab import running

from helpers.paths import REPOSITORY

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = REPOSITORY / "data" / "screenshots"


@cache
def chromium() -> str | None:
    """The browser's program; installed first where it is missing and that is allowed."""
    if not _found() and shutil.which("apt-get") and os.geteuid() == 0:
        for command in ("apt-get update -qq", "apt-get install -y -qq chromium"):
            subprocess.run(command.split(), capture_output=True, timeout=400)
    return _found()


def _found() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser():
    program = chromium()
    if program is None:
        pytest.skip("no Chromium here, and it cannot be installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    """A page as large as a projector shows; it keeps what was asked of the network."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(90_000)
    opened = context.new_page()
    yield opened
    context.close()


@pytest.fixture(scope="session")
def shoot():
    """Keep a picture of a page, or of a part of it: shoot(what, name)."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def keep(what, name: str) -> Path:
        path = SCREENSHOTS / f"{name}.png"
        what.screenshot(path=path)
        return path

    return keep


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """JupyterLab with a folder of its own."""
    with running(tmp_path_factory.mktemp("lab")) as started:
        yield started
