"""`./run bench`: the course's speed beside that of usual tutorial code, in one run.

Each framework runs in a process of its own and their repetitions take turns, so that what else the
machine does meets all alike: read the ratios, not the seconds.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from helpers.data.decoding import threads
from helpers.errors import CourseError
from helpers.files import replacing
from helpers.lessons import notebooks
from helpers.paths import REPOSITORY, data_folder
from helpers.precision import resolve

FRAMEWORKS = {"pytorch": "PyTorch", "tensorflow": "TensorFlow"}
SCRIPTS = REPOSITORY / "tests" / "benchmarks"
STORED = SCRIPTS / "bench.json"
"""What the README quotes, measured with `./run bench --output` and this path."""
RATIOS = (  # a row's name, what is divided by what: seconds of the second over those of the first
    ("features: course / tutorial", "course", "tutorial"),
    ("features, float32: course / tutorial", "course, float32", "tutorial"),
    ("features: course / forward only", "course", "forward only"),
    ("features, float32: course / forward only", "course, float32", "forward only, float32"),
    ("features / float32 limit", "course", "forward only, float32"),
    ("five epochs: course / tutorial", "five epochs, course", "five epochs, tutorial"),
    (
        "five epochs: course, features stored / tutorial",
        "five epochs, features stored",
        "five epochs, tutorial",
    ),
    ("attack: course / foolbox", "attack, course", "attack, foolbox"),
)
QUOTED = {
    "tutorial": ("course", "tutorial"),
    "limit": ("course", "forward only"),
    "five_epochs": ("five epochs, course", "five epochs, tutorial"),
    "five_epochs_again": ("five epochs, features stored", "five epochs, tutorial"),
    "attack": ("attack, course", "attack, foolbox"),
}
"""Ratios by the names that pages ask for: what is divided by what, as in `RATIOS`."""
TWINS = ("course", "five epochs, course", "attack, course", "ideal picture")
LESSONS = ("TransferLearning", "AdversarialCat", "TrainingTricks")
COUNTED = ("course", "tutorial", "forward only")  # each of these looks at every photograph once


class Bench:
    """One framework's process, see tests/benchmarks/server.py."""

    def __init__(self, framework: str, photographs: int):
        self.complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in `close`
        self.process = subprocess.Popen(
            [sys.executable, SCRIPTS / f"with_{framework}.py", str(photographs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.complaints,
            text=True,
        )
        self.contenders: list[str] = self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.complaints.seek(0)
            why = self.complaints.read().strip().splitlines() or ["it ended"]
            raise CourseError(f"A benchmark stopped ({why[-1]}): mend it and run again.")
        return json.loads(line)

    def run(self, contender: str) -> dict:
        print(contender, file=self.process.stdin, flush=True)
        return self._answer()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.complaints.close()


def main(arguments: Sequence[str]) -> int:
    """Measure, print a table, write JSON. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few pictures, once: does it run?")
    parser.add_argument("--photographs", type=int, default=256, help="how many (default 256)")
    parser.add_argument("--repetitions", type=int, default=5, help="of each (default 5)")
    parser.add_argument(
        "--without", nargs="*", default=[], help="words; rows with them are left out"
    )
    parser.add_argument("--growth", type=int, nargs="*", default=[500, 5000, 25000])
    parser.add_argument("-o", "--output", type=Path, default=data_folder() / "bench.json")
    asked = parser.parse_args(arguments)
    if asked.quick:
        asked.photographs, asked.repetitions, asked.growth = 8, 1, [8]
        asked.without = ["tutorial", "attack", "ideal", "five", "float32"]
    measured = measure(asked.photographs, asked.repetitions, asked.without)
    measured["growth"] = growth(asked.growth)
    measured["starts"] = starts([] if asked.quick else notebooks())
    measured["machine"] = machine()
    print(table(measured))
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    with replacing(asked.output) as temporary:
        Path(temporary).write_text(json.dumps(measured, indent=1), encoding="utf-8")
    print(f"\nAll numbers: {asked.output}")
    return 0


def measure(photographs: int, repetitions: int, without: Sequence[str] = ()) -> dict:
    """Run everything `repetitions` times in turns, after one run that does not count.

    Returns photographs, precision and runs: framework, contender, list of what each run said.
    """
    runs = {framework: defaultdict(list) for framework in FRAMEWORKS}
    benches = {}
    try:
        for framework in FRAMEWORKS:
            benches[framework] = Bench(framework, photographs)
        for repetition in range(repetitions + 1):
            for contender in benches["pytorch"].contenders:
                if any(word in contender for word in without):
                    continue
                for framework, bench in benches.items():
                    if contender in bench.contenders:
                        said = bench.run(contender)
                        if repetition:
                            runs[framework][contender].append(said)
            print(f"repetition {repetition} of {repetitions}", file=sys.stderr)
    finally:
        for bench in benches.values():
            bench.close()
    return {"photographs": photographs, "precision": resolve("auto"), "runs": runs}


def growth(counts: Sequence[int]) -> dict:
    """Time per picture and peak memory for so many drawn pictures, by framework."""
    if not counts:
        return {}
    sys.path.insert(0, str(SCRIPTS))
    from growth import draw

    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder), max(counts), min(50, max(counts)))
        return {
            framework: [_script("growth.py", framework, count, folder) for count in counts]
            for framework in FRAMEWORKS
        }


def starts(paths: Sequence[Path]) -> dict:
    """Seconds until the neutral rooms are imported, and until each notebook shows something."""
    found = {"neutral": _script("starts.py", "neutral")["seconds"]}
    return found | {path.stem: _script("starts.py", path)["seconds"] for path in paths}


def machine() -> dict:
    """What was measured on."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration, IndexError):
        name = platform.processor() or platform.machine()
    return {"processor": name, "cores": threads(), "python": platform.python_version()}


def table(measured: dict) -> str:
    """The ratios as Markdown: median (smallest to largest)."""
    runs, about = measured["runs"], measured["machine"]
    rows = [("", *FRAMEWORKS.values())]
    for contender in COUNTED:
        row = [f"{contender}, photographs a second"]
        for framework in FRAMEWORKS:
            seconds = [run["seconds"] for run in runs[framework].get(contender, ())]
            row.append(_spread([measured["photographs"] / s for s in seconds]))
        rows.append(row)
    for name, ours, theirs in RATIOS:
        row = [f"{name}, times as fast"]
        for framework in FRAMEWORKS:
            pair = (runs[framework].get(ours, ()), runs[framework].get(theirs, ()))
            row.append(_spread(_ratios(*pair)))
        rows.append(row)
    for name in TWINS:
        pair = (runs["pytorch"].get(name, ()), runs["tensorflow"].get(name, ()))
        rows.append((f"twins, {name}: time of TensorFlow / PyTorch", _spread(_ratios(*pair)), ""))
    for name in ("cosine", "accuracy", "success"):
        for contender in runs["pytorch"]:
            said = [[run.get(name) for run in runs[f].get(contender, ())] for f in FRAMEWORKS]
            cells = ["" if None in s or not s else f"{min(s):.4f}" for s in said]
            rows.append((f"{name}: {contender}", *cells))
    for grown in zip(*measured["growth"].values(), strict=True):
        cells = [f"{g['milliseconds']:.1f} ms each, {g['memory_mb']} MB" for g in grown]
        rows.append((f"{grown[0]['pictures']} drawn pictures", *cells))
    name = "compiling the network"
    cells = (_spread([run["seconds"] for run in runs[f].get(name, ())]) for f in FRAMEWORKS)
    rows.append((f"{name}, seconds", *cells))
    for name in LESSONS:
        seconds = [measured["starts"].get(name + suffix) for suffix in ("PyTorch", "TF")]
        cells = (f"{s:.1f}" if s else "" for s in seconds)
        rows.append((f"first output of {name}, seconds after it is opened", *cells))
    head = f"{about['processor']}, {about['cores']} cores, {measured['precision']}"
    rows = [row for row in rows if any(row[1:])]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(
        [f"{head}; median (smallest to largest)\n", lines[0], "|---|---|---|", *lines[1:]]
    )


def quoted(measured: dict) -> dict:
    """What the README quotes: machine, cores, photographs, repetitions, and by framework medians.

    measured: as `--output` wrote it. Of `COUNTED` photographs a second, of `QUOTED` ratios, of
    growth the milliseconds a picture and the peak memory in MB, by number of pictures; `starts` as
    it is.
    """
    found = {**measured["machine"], "photographs": measured["photographs"]}
    found["starts"] = measured["starts"]
    for framework, runs in measured["runs"].items():
        found["repetitions"] = len(runs["course"])
        found[framework] = {
            "a_second": {
                name.replace(" ", "_"): statistics.median(
                    measured["photographs"] / run["seconds"] for run in runs[name]
                )
                for name in COUNTED
            },
            "times": {
                name: statistics.median(_ratios(runs[ours], runs[theirs]))
                for name, (ours, theirs) in QUOTED.items()
                if ours in runs and theirs in runs
            },
            "growth": {
                str(grown["pictures"]): {key: grown[key] for key in ("milliseconds", "memory_mb")}
                for grown in measured["growth"][framework]
            },
        }
    return found


def _ratios(ours, theirs) -> list[float]:
    """Of each repetition by itself, since its runs met the same machine."""
    return [b["seconds"] / a["seconds"] for a, b in zip(ours, theirs, strict=False)]


def _spread(values: Sequence[float]) -> str:
    if not values:
        return ""
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def _script(name: str, *words) -> dict:
    command = [sys.executable, str(SCRIPTS / name), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it ended"])[-1]
        raise CourseError(f"The benchmark {name} stopped ({why}): mend it and run again.")
    return json.loads(done.stdout.splitlines()[-1])
