"""A cell that is stopped by hand leaves the kernel usable, and the next run correct."""

import os
import queue
import time

import pytest
from conftest import REPOSITORY

FIRST = """
import dataclasses
import numpy as np
from helpers.{framework} import adversarial, features, ideal, loading, networks, training
from helpers.data import fetching, load
from helpers.data.decoding import as_float, decode_many
photographs = load(source="drawn", per_class=24, progress=False)
body = networks.backbone()
network = networks.load()
options = dict(precision="float32", progress=False)

def download():
    return len(list(fetching.fetch("cats-vs-dogs-small", progress=False).folder.rglob("*.jpg")))

def extract(folder, copies=1):
    everything = photographs.subset(list(range(len(photographs))) * copies)
    if copies > 1:
        digests = tuple(f"{{n:032x}}" for n in range(len(everything)))
        everything = dataclasses.replace(everything, digests=digests)
    return features.extract(body, everything, folder=folder, batch_size=4, **options)

found = extract("{folder}/first")

def train(epochs):
    head = networks.head_of(networks.classifier(body, 2))
    batches = loading.feature_batches(found, photographs.labels, shuffle=True)
    history = training.fit(head, batches, batches, epochs=epochs, progress=False)
    return history.train_loss

def paint(steps):
    recipe = ideal.recipes.RECIPES["best"].but(steps=steps, batch=1)
    return ideal.paint(network, "tabby", recipe, size=64, progress=False).pictures

def attack(steps):
    pictures = as_float(decode_many(photographs.paths[-2:], 64))
    return adversarial.attack(network, pictures, "tabby", steps=steps, progress=False)
"""
STEPS = {  # what is stopped, and what is run before and after it
    "extraction of features": ('extract("{folder}/new", 400)', 'extract("{folder}/again{n}")'),
    "training": ("train(100_000)", "train(2)"),
    "ideal picture": ("paint(100_000)", "paint(2)"),
    "attack": ("attack(100_000)", "attack(2)"),
}


class Kernel:
    """A notebook's kernel: run code, stop it."""

    def __init__(self, environment):
        from jupyter_client.manager import start_new_kernel

        environment = {**os.environ, **environment}
        self.manager, self.client = start_new_kernel(
            kernel_name="python3", env=environment, cwd=str(REPOSITORY / "notebooks")
        )

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code, stop_after=None, timeout=120):
        """Returns what was printed, the error's name or None, and the seconds after the stop."""
        self.client.execute(code)
        printed, error, stopped = "", None, None
        start = time.monotonic()
        while time.monotonic() - start < timeout:
            if stop_after is not None and stopped is None and time.monotonic() - start > stop_after:
                self.manager.interrupt_kernel()
                stopped = time.monotonic()
            try:
                message = self.client.get_iopub_msg(timeout=0.05)
            except queue.Empty:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                printed += content["text"]
            elif kind == "error":
                error = content["ename"] + ": " + content["evalue"]
            elif kind == "status" and content["execution_state"] == "idle":
                return printed, error, time.monotonic() - (stopped or start)
        raise AssertionError(f"{code} did not end within {timeout} seconds")


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(REPOSITORY / "tests" / "data"))
    import loopback

    server = loopback.Loopback()
    server.serve({loopback.ZIP: loopback.zipped(loopback.small_files(padding=3_000_000))})
    started = Kernel(
        {
            "COURSE_DATA": str(tmp_path / "data"),
            "COURSE_MIRROR": server.url,
            "NO_PROXY": "127.0.0.1",
            "JUPYTER_PREFER_ENV_PATH": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
    )
    started.server = server
    yield started
    started.close()
    server.close()


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_cells_stopped_by_hand(framework, kernel, tmp_path, faults):
    _, error, _ = kernel.run(FIRST.format(framework=framework, folder=tmp_path))
    assert error is None, error
    kernel.server.pause = 0.05
    with faults.one("download"):
        _, error, _ = kernel.run("print(download())", stop_after=1)
        assert error and error.startswith("KeyboardInterrupt"), error
        assert not (tmp_path / "data" / "cats-vs-dogs-small").exists()
        kernel.server.pause = 0
        printed, error, _ = kernel.run("print(download())")
        assert error is None and printed.strip() == "16", (printed, error)
    for name, (long, short) in STEPS.items():
        before = short.format(folder=tmp_path, n=1)
        _, error, _ = kernel.run(f"before = {before}")
        assert error is None, error
        for number in range(faults.amount(1, 4)):
            with faults.one(name):
                _, error, seconds = kernel.run(
                    long.format(folder=tmp_path), stop_after=0.7 + 0.3 * number
                )
                assert error and error.startswith("KeyboardInterrupt"), error
                assert seconds < 20
                after = short.format(folder=tmp_path, n=number + 2)
                _, error, _ = kernel.run(
                    f"np.testing.assert_allclose({after}, before, rtol=1e-4, atol=1e-4)"
                )
                assert error is None, error
