"""`./run` sets itself up once: at the same time, after a kill, in odd folders. With a Python that
only pretends to install."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

import pytest

from helpers.paths import REPOSITORY

pytestmark = pytest.mark.skipif(os.name != "posix", reason="./run is for POSIX systems")

PYTHON = """#!/bin/sh
echo "$$ $*" >> "$LOG"
case "$*" in
    "-c import sysconfig"*) dirname "$(dirname "$0")" ;;
    "-c "*) exit 0 ;;
    "-m venv "*)
        mkdir -p "$3/bin"
        cp "$0" "$3/bin/new" && mv "$3/bin/new" "$3/bin/python"
        [ "${STOP:-}" = venv ] && sleep 60
        touch "$3/has-pip" ;;
    "-m pip --version") [ -e "$(dirname "$0")/../has-pip" ] ;;
    "-m pip install"*)
        [ "${STOP:-}" = install ] && sleep 60
        sleep 0.3 ;;
    "-m helpers"*) echo "ran $3" ;;
esac
"""


@pytest.fixture(params=["plain", "my course קורס"], ids=["plain", "Hebrew"])
def fresh(request, tmp_path):
    """A fresh copy of what `./run` needs; a folder of commands with nothing but that Python."""
    copy, commands = tmp_path / request.param, tmp_path / "bin"
    copy.mkdir()
    commands.mkdir()
    for name in ("run", "requirements.txt", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, copy / name)
    for name in (
        "sh",
        "cat",
        "cp",
        "dirname",
        "cksum",
        "ln",
        "readlink",
        "rm",
        "mkdir",
        "sleep",
        "grep",
    ):
        (commands / name).symlink_to(shutil.which(name))
    (commands / "touch").symlink_to(shutil.which("touch"))
    (commands / "mv").symlink_to(shutil.which("mv"))
    (commands / "python3").write_text(PYTHON)
    (commands / "python3").chmod(0o755)
    return copy


def start(fresh, **environment) -> subprocess.Popen:
    environment = {
        "PATH": str(fresh.parent / "bin"),
        "LOG": str(fresh.parent / "log"),
        **environment,
    }
    return subprocess.Popen(
        [fresh / "run", "lesson"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Behind a shell's `&` SIGINT is ignored, and children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def ended_well(process) -> None:
    out, errors = process.communicate(timeout=30)
    assert process.returncode == 0 and out == "ran lesson\n", errors


def log(fresh) -> list[str]:
    return (fresh.parent / "log").read_text().splitlines()


def installs(fresh) -> int:
    return sum(" -m pip install" in line for line in log(fresh))


def test_once(fresh):
    ended_well(start(fresh))
    ended_well(start(fresh))
    assert installs(fresh) == 1 and not (fresh / ".venv.lock").is_symlink()
    (fresh / "requirements.txt").write_text("other\n")
    ended_well(start(fresh))
    assert installs(fresh) == 2


def test_many_at_once_install_once(fresh, faults):
    started = [start(fresh) for _ in range(faults.amount(4, 10))]
    for process in started:
        with faults.one(process.pid):
            ended_well(process)
    assert installs(fresh) == 1 and not (fresh / ".venv.lock").is_symlink()


def begun(fresh, point) -> bool:
    """Whether half of the environment is there, or the installation has begun."""
    if point == "venv":
        return (fresh / ".venv" / "bin" / "python").exists()
    return (fresh.parent / "log").exists() and "-m pip install" in log(fresh)[-1]


def test_set_up_killed_half_way(fresh, faults):
    for point in ("venv", "install"):
        for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            shutil.rmtree(fresh / ".venv", ignore_errors=True)
            with faults.one(f"{point}, {how.name}"):
                process = start(fresh, STOP=point)
                end = time.monotonic() + 20
                while time.monotonic() < end and not begun(fresh, point):
                    time.sleep(0.02)
                end = time.monotonic() + 20
                while process.poll() is None and time.monotonic() < end:
                    os.killpg(process.pid, how)  # again: dash misses one while it starts a command
                    time.sleep(0.1)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # what it had started and left
                process.communicate(timeout=20)
                assert process.returncode != 0 and not (fresh / ".venv" / "installed").exists()
                (fresh.parent / "log").unlink()
                ended_well(start(fresh))
                assert installs(fresh) == 1 and (fresh / ".venv" / "has-pip").exists()


@pytest.fixture
def read_only(fresh):
    """The copy cannot be written, not even by root."""
    if os.geteuid():
        fresh.chmod(0o555)
        yield fresh
        fresh.chmod(0o755)
        return
    options = (["--bind", fresh, fresh], ["-o", "remount,ro,bind", fresh])
    try:
        if any(subprocess.run(["mount", *o], capture_output=True).returncode for o in options):
            pytest.skip("nothing can be mounted here")
        yield fresh
    finally:
        subprocess.run(["umount", fresh], capture_output=True)


def test_a_read_only_copy(read_only):
    process = start(read_only)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1 and "COURSE_VENV" in errors.splitlines()[-1], errors
    venv = read_only.parent / "elsewhere" / "venv"
    ended_well(start(read_only, COURSE_VENV=str(venv)))
    assert (venv / "course.pth").read_text() == f"{read_only}\n"
    assert (venv / "requirements.txt").read_text().count("\n-e") == 0


def test_no_python(fresh):
    (fresh.parent / "bin" / "python3").unlink()
    process = start(fresh)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1 and "python.org/downloads" in errors.splitlines()[-1]
