"""Deal cases out to workers, watch their time and memory, say what went wrong.

`python -m tests.fuzz [--cases 2000] [--seed 0] [--only KIND …] [--case NUMBER]`
"""

import argparse
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from tests.fuzz.worker import KINDS, OF_WORKSPACES

LONGEST = 10.0
"""Seconds of the processor that a case may take; of the clock on an idle machine."""
PATIENCE = 6
"""How many times LONGEST by the clock a case may take on a busy machine, or blocked without using the processor."""
SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""Without these no command opens a window."""
START = 120.0
"""Seconds that a worker may take to set up."""
MOST_BYTES = 2 * 2**30
ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A process that carries out the cases of one kind; a new one is started where it dies or hangs."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._start()

    def _start(self) -> None:
        without = {name: value for name, value in os.environ.items() if name not in SCREEN}
        environment = {**without, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(self._process, self._answers), daemon=True).start()
        if not self._answer(START):
            raise RuntimeError(f"{' '.join(self._command)} does not start")

    @staticmethod
    def _read(process: "subprocess.Popen[str]", answers: "queue.Queue[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            answers.put(line)
        answers.put("")

    def _answer(self, seconds: float) -> str | None:
        """A line; "" where the process has ended, None where it has not answered in time."""
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            return None

    def _answer_to_case(self) -> str | None:
        """As `_answer`, on a clock that other processes of a busy machine do not advance."""
        before, end = self._processor_seconds(), time.monotonic() + PATIENCE * LONGEST
        while (answer := self._answer(LONGEST / 10)) is None:
            if self._processor_seconds() - before > LONGEST or time.monotonic() > end:
                return None
        return answer

    def _processor_seconds(self) -> float:
        """Of the worker and of all that it has started."""
        total = 0.0
        with contextlib.suppress(psutil.Error):
            worker = psutil.Process(self._process.pid)
            for process in (worker, *worker.children(recursive=True)):
                with contextlib.suppress(psutil.Error):  # it has ended meanwhile
                    total += sum(process.cpu_times()[:4])
        return total

    def case(self, number: int) -> dict[str, Any]:
        """What became of a case."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        answer = self._answer_to_case()
        if answer:
            verdict: dict[str, Any] = json.loads(answer)
            return verdict
        fault = f"no answer in {LONGEST:g} s" if answer is None else f"the process ended with {self._process.wait()}"
        self.close()
        self._start()
        return {"number": number, "outcome": "fault", "fault": fault, "seconds": LONGEST, "bytes": 0}

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


def fault_of(verdict: dict[str, Any]) -> str:
    """What was wrong with a case; "" for nothing."""
    if verdict["bytes"] > MOST_BYTES:
        return f"{verdict['bytes'] / 2**30:.1f} GB of memory"
    return str(verdict["fault"])


def tried(kind: str, numbers: Iterable[int], seed: int, template: "Future[Path]") -> list[dict[str, Any]]:
    """Verdicts on cases of one kind."""
    place = template.result() if kind in OF_WORKSPACES else Path()
    worker = Worker([sys.executable, "-m", "tests.fuzz.worker", kind, str(seed), str(place)])
    try:
        return [_case(worker, kind, number) for number in numbers]
    finally:
        worker.close()


def _case(worker: Worker, kind: str, number: int) -> dict[str, Any]:
    """Its verdict; a fault is printed at once, since many cases take hours."""
    verdict = worker.case(number)
    if fault := fault_of(verdict):
        print(f"  --only {kind} --case {number}: {fault}", flush=True)
    return verdict


def said(kind: str, verdicts: list[dict[str, Any]]) -> int:
    """Print a line for a kind; the number of its faults."""
    outcomes = Counter(verdict["outcome"] for verdict in verdicts)
    slowest, largest = (max(verdict[key] for verdict in verdicts) for key in ("seconds", "bytes"))
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
    print(
        f"{kind}: {len(verdicts):,} cases: {counts}; slowest {slowest:.1f} s, most memory {largest / 2**30:.2f} GB",
        flush=True,
    )
    return sum(bool(fault_of(verdict)) for verdict in verdicts)


def main() -> int:
    """1 where a case went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000, help="over all kinds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--case", type=int, help="one case alone")
    parser.add_argument("--side-by-side", type=int, default=os.cpu_count() or 1, help="processes")
    arguments = parser.parse_args()
    begun, faults = time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:
        template = beside.submit(_template, Path(folder), arguments.only)
        each = -(-arguments.cases // len(arguments.only))
        todo: queue.Queue[tuple[str, range]] = queue.Queue()
        for kind in arguments.only:
            numbers = range(each) if arguments.case is None else range(arguments.case, arguments.case + 1)
            for first in range(0, len(numbers), 500):
                todo.put((kind, numbers[first : first + 500]))
        done: dict[str, list[dict[str, Any]]] = {}
        _side_by_side(arguments.side_by_side, todo, arguments.seed, template, done)
        faults = sum(said(kind, done[kind]) for kind in arguments.only)
    count = sum(map(len, done.values()))
    print(f"{count - faults} passed, {faults} failed in {time.perf_counter() - begun:.0f} s")
    return 1 if faults else 0


def _template(folder: Path, kinds: list[str]) -> Path:
    """A workspace for the kinds that need one, made while others are at work."""
    if not set(kinds) & set(OF_WORKSPACES):
        return folder
    from tests.fuzz.template import make_template

    return make_template(folder)


def _side_by_side(
    processes: int,
    todo: "queue.Queue[tuple[str, range]]",
    seed: int,
    template: "Future[Path]",
    done: dict[str, list[dict[str, Any]]],
) -> None:
    lock, failures = threading.Lock(), []

    def work() -> None:
        try:
            while True:
                kind, numbers = todo.get_nowait()
                verdicts = tried(kind, numbers, seed, template)
                with lock:
                    done.setdefault(kind, []).extend(verdicts)
        except queue.Empty:
            return
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(max(processes, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


if __name__ == "__main__":
    sys.exit(main())
