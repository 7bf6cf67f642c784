"""Where a submission runs: how far it is kept from everything else, and how much it may take."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.paths import REPOSITORY

INSIDE = Path(__file__).with_name("inside.py")
USER = 64_000
"""A user id that owns nothing: who grades as root runs submissions as this user."""

PROCESSES = 400
"""Processes and threads a submission may have at once."""

LARGEST_FILE = 256 * 2**20
"""Bytes of the largest file a submission may write."""

DIES_WITH_ITS_PARENT = ("setpriv", "--pdeathsig=KILL")
"""Before a command: a grader that is killed leaves nothing running. Becoming another user
forgets it, so it stands on both sides of the wall."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/etc", "/sys")


@dataclass(frozen=True)
class Isolation:
    """level: "user" (name spaces, and a user that owns nothing), "spaces" (name spaces) or
    "limits" (time and memory only). text: a sentence that says what that means."""

    level: str
    text: str


_TEXTS = {
    "user": "Submissions run without network, as a user that owns nothing, and see only Python, "
    "the course's helpers and a folder of their own.",
    "spaces": "Submissions run without network and see only Python, the course's helpers and a "
    "folder of their own.",
    "limits": "This system does not let the grader wall submissions off: they run with your "
    "rights and limits of time and memory only, and could read your files, hidden tests too.",
}


@cache
def isolation() -> Isolation:
    """The best this system allows, found by trying."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    for level in ("user", "spaces") if root else ("spaces",):
        if not all(map(shutil.which, ("unshare", "mount", "pivot_root", "setpriv"))):
            break
        with tempfile.TemporaryDirectory(prefix="grade-") as folder:
            tried = command(
                [sys.executable, "-c", "import helpers"], Path(folder), level, 4 * 2**30
            )
            try:
                done = subprocess.run(tried, capture_output=True, timeout=60)
            except (OSError, subprocess.SubprocessError):
                continue
            if done.returncode == 0:
                return Isolation(level, _TEXTS[level])
    return Isolation("limits", _TEXTS["limits"])


def command(words: list[str], folder: Path, level: str, memory: int) -> list[str]:
    """The command line that runs `words` in `folder`, walled off. memory: bytes of address space
    that one process may reserve, on top of what the frameworks reserve."""
    about = {
        "folder": str(folder),
        "environment": _environment(folder, level),
        "limits": {
            "RLIMIT_DATA": memory,
            "RLIMIT_FSIZE": LARGEST_FILE,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 1024,
        },
    }
    if level == "limits":
        return [sys.executable, str(INSIDE), json.dumps(about), "--", *words]
    if level == "user":
        about["limits"]["RLIMIT_NPROC"] = PROCESSES
        give(folder)
    root = folder / "wall"
    root.mkdir(exist_ok=True)
    readable = [path for path in _SYSTEM if os.path.lexists(path)]
    known = (sys.prefix, sys.base_prefix, *sys.path, str(REPOSITORY / "helpers"))
    for path in map(os.path.abspath, filter(None, known)):
        inside_course = Path(path) == REPOSITORY or REPOSITORY in Path(path).parents
        allowed = path.startswith((sys.prefix, str(REPOSITORY / "helpers")))
        if os.path.isdir(path) and (allowed or not inside_course):
            readable.append(path)
    about |= {
        "root": str(root),
        "readable": _outermost(readable),
        "writable": str(folder),
        "user": USER if level == "user" else 0,
    }
    spaces = [*DIES_WITH_ITS_PARENT, "unshare", "--mount", "--net", "--pid", "--ipc", "--uts"]
    spaces += ["--fork", "--kill-child"]
    spaces += ["--user", "--map-root-user"] if level == "spaces" else []
    return [*spaces, sys.executable, "-I", str(INSIDE), json.dumps(about), "--", *words]


def give(folder: Path) -> None:
    """Make a folder, and all in it, the property of the user who owns nothing else."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, USER, USER, follow_symlinks=False)


def _outermost(paths: list[str]) -> list[str]:
    """Paths without those that are inside another one."""
    kept: list[str] = []
    for path in sorted(set(paths), key=len):
        if not any(path == k or path.startswith(k.rstrip("/") + "/") for k in kept):
            kept.append(path)
    return kept


def _environment(folder: Path, level: str) -> dict[str, str]:
    """What a submission's process is told: nothing of the instructor's environment."""
    told = {
        "PATH": os.defpath if os.name != "nt" else os.environ.get("PATH", ""),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "COURSE_DATA": str(folder / "data"),
        "IPYTHONDIR": str(folder / ".ipython"),
        "MPLCONFIGDIR": str(folder / ".matplotlib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "OMP_NUM_THREADS": "1",  # the arrays are small: more threads would wait for each other
        "TF_NUM_INTRAOP_THREADS": "1",
    }
    if level == "limits":
        told |= {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
        told |= {"JPY_PARENT_PID": str(os.getpid())} if os.name == "posix" else {}  # ends with it
        told |= {k: os.environ[k] for k in ("SYSTEMROOT", "TEMP", "TMP") if k in os.environ}
    return told
