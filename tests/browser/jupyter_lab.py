"""JupyterLab as a student sees it: started, a notebook opened, all cells run."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lab:
    """A running JupyterLab. url: its address. folder: where its notebooks are."""

    def __init__(self, url: str, folder: Path):
        self.url, self.folder = url, folder

    def open(self, page, notebook: str) -> None:
        """Open a notebook and wait for its kernel."""
        page.goto(f"{self.url}/lab/tree/{notebook}?reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        page.wait_for_function(f"{CURRENT}?.sessionContext?.session?.kernel?.status === 'idle'")

    def run_all(self, page, minutes: float) -> None:
        """Run All Cells, by the menu, and wait until the last one has ended."""
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        end = time.monotonic() + 60 * minutes
        while (left := page.evaluate(UNFINISHED)) and time.monotonic() < end:
            assert not page.query_selector(".jp-Dialog"), page.inner_text(".jp-Dialog")
            assert not page.evaluate(ERRORS), page.evaluate(ERRORS)
            page.wait_for_timeout(500)
        assert not left, f"{left} cells had not ended after {minutes} minutes"
        assert not page.evaluate(ERRORS), page.evaluate(ERRORS)
        assert not page.query_selector(".jp-Dialog")


CONTRAST = """element => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => { const [r, g, b] = numbers(colour).map(c => c / 255)
        .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    let behind = element;
    const clear = e => { const c = numbers(getComputedStyle(e).backgroundColor);
        return c.length === 4 && c[3] < 0.99; };
    while (behind.parentElement && clear(behind)) behind = behind.parentElement;
    const [a, b] = [light(getComputedStyle(element).color),
        light(getComputedStyle(behind).backgroundColor)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05); }"""
"""How much an element's text stands out from what is behind it, from 1 to 21 (WCAG 2)."""

CURRENT = "window.jupyterapp?.shell?.currentWidget"
CODE = f"[...{CURRENT}.content.widgets].filter(c => c.model.type === 'code')"
UNFINISHED = f"""() => {CODE}.filter(c => c.model.sharedModel.getSource().trim() &&
    (c.model.executionCount === null || c.model.executionState === 'running')).length"""
ERRORS = f"""() => {CODE}.flatMap(c => c.model.outputs.toJSON())
    .filter(o => o.output_type === 'error').map(o => `${{o.ename}}: ${{o.evalue}}`)"""

_SETTINGS = {
    # no questions about news, no look for updates
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    # all cells are on the page, also those that nobody has scrolled to
    "notebook-extension/tracker": {"windowingMode": "none"},
}


@contextmanager
def running(home: Path) -> Iterator[Lab]:
    """JupyterLab with a folder of its own and nobody's settings, answering on this machine only."""
    folder = home / "notebooks"
    folder.mkdir()
    for name, values in _SETTINGS.items():
        settings = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(json.dumps(values))
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "COURSE_DATA": str(home / "course"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    log = (home / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], env=environment, stdout=log, stderr=log
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, home / "log")
        yield Lab(url, folder)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _wait(url: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 240
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                f"{url}/api", timeout=2
            )
            return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(log.read_text())
