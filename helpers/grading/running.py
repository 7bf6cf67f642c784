"""Run a notebook cell by cell in a kernel that may hang, die, flood or fork."""

import contextlib
import queue
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import write_connection_file

from helpers.grading import sandbox

_DONE = "application/vnd.transfer-learning-course.done"
_READY = 90
"""Seconds a kernel may take to begin."""

_RESTARTS = 3
"""How often a submission whose kernel died begins again, without the cell that killed it."""


@dataclass(frozen=True)
class Limits:
    """cell, total: seconds for one cell and for all. memory: bytes that all processes of a
    submission may use. processes: how many it may have. output: bytes kept of a cell's outputs;
    ten times as many stop the cell."""

    cell: float = 60
    total: float = 600
    memory: int = 4 * 2**30
    processes: int = 64
    output: int = 2**20


@dataclass
class Run:
    """notebook: with outputs. notes: what went wrong, a sentence each. seconds: for all cells;
    slowest: for one."""

    notebook: nbformat.NotebookNode
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    slowest: float = 0.0


def run(notebook: nbformat.NotebookNode, folder: Path, limits: Limits) -> Run:
    """Run all cells; an error in one does not stop the next. The notebook takes the outputs.

    folder: an empty folder with a short path, for the submission alone. Where a kernel dies, a
    new one runs everything again but the cell that killed it.
    """
    done, started = Run(notebook), time.monotonic()
    fatal: set[int] = set()
    while True:
        left = started + limits.total - time.monotonic()
        died = _attempt(done, folder, limits, fatal, time.monotonic() + left)
        if died is None or len(fatal) >= _RESTARTS or left <= 0:
            break
        fatal.add(died)
    done.seconds = time.monotonic() - started
    return done


def _attempt(done: Run, folder: Path, limits: Limits, fatal: set[int], deadline: float):
    """One kernel's life. Returns the position of the cell it died in, None if it lived."""
    cells = [(i, c) for i, c in enumerate(done.notebook.cells) if c.cell_type == "code"]
    with Kernel(folder, limits) as kernel:
        broken = None if kernel.ready() else "The kernel did not begin."
        for position, (i, cell) in enumerate(cells):
            if i in fatal:
                continue  # its outputs say what happened
            if broken is None and time.monotonic() > deadline:
                broken = f"The notebook took longer than {limits.total:.0f} seconds."
                done.notes.append(broken)
            if broken:
                cell.outputs = [_stopped(broken)]
                continue
            began = time.monotonic()
            cell.outputs, said = kernel.execute(cell.source, min(deadline, began + limits.cell))
            done.slowest = max(done.slowest, time.monotonic() - began)
            if said:
                name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {i + 1}"
                done.notes.append(f"{name}: {said}")
            if not kernel.alive:
                for _, other in cells[position + 1 :]:
                    other.outputs = [_stopped("The kernel died before this cell.")]
                return i
    return None


def _stopped(text: str):
    return nbformat.v4.new_output("error", ename="Stopped", evalue=text, traceback=[text])


class Kernel:
    """A kernel in a sandbox, and the connection to it. A context manager."""

    def __init__(self, folder: Path, limits: Limits):
        self.limits, self.folder = limits, folder
        self.alive = True
        self.log = None
        level = sandbox.isolation().level
        transport = "tcp" if sys.platform == "win32" else "ipc"
        file, _ = write_connection_file(
            str(folder / f"k{secrets.token_hex(2)}.json"),
            ip=str(folder / f"s{secrets.token_hex(2)}") if transport == "ipc" else "127.0.0.1",
            transport=transport,
            key=secrets.token_hex(16).encode(),
        )
        words = [sys.executable, "-m", "ipykernel_launcher", "-f", file]
        words += ["--HistoryManager.enabled=False"]
        command = sandbox.command(words, folder, level, limits.memory)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        context = zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, 64 * 2**20)  # a larger message never gets here
        self.client = BlockingKernelClient(context=context)
        self.client.load_connection_file(file)
        self.client.start_channels(hb=False)

    def __enter__(self) -> "Kernel":
        return self

    def __exit__(self, *_) -> None:
        self.kill()
        self.client.stop_channels()
        self.client.context.destroy(linger=0)

    def ready(self) -> bool:
        """Wait for the kernel. Returns whether it began."""
        deadline = time.monotonic() + _READY
        while time.monotonic() < deadline and self.process.poll() is None:
            self.client.kernel_info()
            with contextlib.suppress(queue.Empty):
                self.client.get_shell_msg(timeout=0.5)
                self.outputs_left()
                return True
        self.alive = False
        return False

    def outputs_left(self) -> None:
        """Forget what the kernel said before it was asked."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.client.get_iopub_msg(timeout=0.1)

    def execute(self, code: str, deadline: float) -> tuple[list, str]:
        """Run one cell. Returns its outputs, and what was wrong with it, in a few words."""
        token = secrets.token_hex(16)
        sign = f"__import__('IPython').display.display({{{_DONE!r}: {token!r}}}, raw=True)"
        message = self.client.execute(f"{code}\n{sign}", store_history=False, allow_stdin=False)
        outputs, size, said, reached = [], 0, "", False
        interrupted = looked = replied = 0.0
        while True:
            now = time.monotonic()
            if now - looked > 0.3:
                looked = now
                if (trouble := self._trouble()) and self.alive:
                    self.kill()
                    outputs.append(_stopped(trouble))
                    return outputs, trouble
            if not interrupted and (now > deadline or size > 10 * self.limits.output):
                said = "too much output" if now <= deadline else "out of time"
                self.interrupt()
                interrupted = now
            if interrupted and now - interrupted > 5:
                self.kill()
                outputs.append(_stopped(f"Stopped: {said}."))
                return outputs, said
            try:
                reply = self.client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                if not replied and self._replied(message):
                    replied = now
                if replied and now - replied > 3:  # a message too large broke the connection
                    said = "too much output"
                    self.kill()
                    outputs.append(_stopped(f"Stopped: {said}."))
                    return outputs, said
                continue
            except Exception:  # a message that is none
                continue
            if reply["parent_header"].get("msg_id") != message:
                continue
            kind, content = reply["msg_type"], reply["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind == "display_data" and content["data"].get(_DONE) == token:
                reached = True
                continue
            if kind in ("stream", "display_data", "execute_result", "error"):
                size += len(str(content))
                if size <= self.limits.output:
                    with contextlib.suppress(Exception):
                        outputs.append(nbformat.v4.output_from_msg(reply))
        if size > self.limits.output and not said:
            said = "too much output, not all of it was kept"
        failed = any(output.output_type == "error" for output in outputs)
        if interrupted:
            outputs.append(_stopped(f"Stopped: {said}."))
        elif not reached and not failed:
            outputs.append(_stopped("The cell did not reach its end."))
        return outputs, said

    def _replied(self, message: str) -> bool:
        with contextlib.suppress(queue.Empty):
            while True:
                reply = self.client.get_shell_msg(timeout=0)
                if reply["parent_header"].get("msg_id") == message:
                    return True
        return False

    def interrupt(self) -> None:
        """What the stop button does."""
        channel = self.client.control_channel
        channel.send(self.client.session.msg("interrupt_request", {}))

    def _trouble(self) -> str:
        """Why the kernel has to end, or that it has ended; empty where all is well."""
        if self.process.poll() is not None:
            return "the kernel died"
        found = [self.process.pid]
        with contextlib.suppress(psutil.Error):
            family = psutil.Process(self.process.pid).children(recursive=True)
            found += [p.pid for p in family]
            if len(family) > self.limits.processes:
                return f"more than {self.limits.processes} processes"
            used = 0
            for process in family:
                with contextlib.suppress(psutil.Error):
                    used += process.memory_info().rss
            if used > self.limits.memory:
                return f"more than {self.limits.memory / 2**30:.1f} GB of memory"
            inside = family[0] if len(family) else None
            if inside is not None and inside.status() == psutil.STATUS_ZOMBIE:
                return "the kernel died"
        return ""

    def kill(self) -> None:
        """End the kernel and all it began."""
        self.alive = False
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    process.kill()
        with contextlib.suppress(OSError):
            if hasattr(signal, "SIGKILL"):
                import os

                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=10)
