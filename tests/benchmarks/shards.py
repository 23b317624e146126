"""Everybody's recommendations in several files: `python -m tests.benchmarks.shards [--people 100000] [--items 54542]`.

`recdesk export` of a `bert-causal` with drawn weights, as a process: in one piece, and in shards by one and two
processes; people a second, processor time of all processes together, peak of memory of each. The merged file is
compared with the one piece, byte by byte. Then an export in shards is killed again and again (kill -9 of the command,
or of one of its processes) and repeated until it is finished. Last, from what was measured here and with a large
catalogue, what 10^8 people would take on 16, 64 and 256 such cores, and what is the wall.
"""

import argparse
import hashlib
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from recdesk.core.parallel import MKL_MODE
from tests.benchmarks.shapes import generated
from tests.serving.making import drawn_run, workspace_with

ROOT = Path(__file__).resolve().parents[2]
LOOK_SECONDS = 0.1
ALL_PEOPLE = 10**8
CORES = (16, 64, 256)


@dataclass(frozen=True)
class Spent:
    """What a command took.

    Attributes:
        seconds: from start to end.
        cpu: seconds of processor time of all its processes.
        peaks: bytes of memory of the command and of each process that it started, at their peaks.
    """

    seconds: float
    cpu: float
    peaks: list[int]

    def said(self, name: str, people: int) -> str:
        """A line."""
        memory = " + ".join(f"{peak / 2**20:,.0f}" for peak in self.peaks)
        rate = people / self.seconds
        return f"{name:34} {self.seconds:7.1f} s  {rate:8,.0f} people/s  {self.cpu:7.1f} s of CPU  {memory} MB"


MODE = {**os.environ, "MKL_CBWR": MKL_MODE}
"""For the one piece too: the mode that exports in parts ask for."""


def run(words: list[str]) -> Spent:
    """Run recdesk with these words."""
    begun, before = time.perf_counter(), _cpu()
    peaks: dict[int, int] = {}
    with subprocess.Popen(
        [sys.executable, "-m", "recdesk", *words], cwd=ROOT, env=MODE, stdout=subprocess.DEVNULL
    ) as made:
        while made.poll() is None:
            _look(made.pid, peaks)
            time.sleep(LOOK_SECONDS)
    if made.returncode:
        raise SystemExit(f"recdesk {' '.join(words)} ended with {made.returncode}")
    return Spent(time.perf_counter() - begun, _cpu() - before, list(peaks.values()))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _look(pid: int, peaks: dict[int, int]) -> None:
    """Note the memory of a process and of those it computes with."""
    try:
        found = [psutil.Process(pid), *_workers(pid)]
        for process in found:
            peaks[process.pid] = max(peaks.get(process.pid, 0), process.memory_info().rss)
    except psutil.Error:  # it has just ended
        return


def _workers(pid: int) -> list[psutil.Process]:
    children = psutil.Process(pid).children()
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


@dataclass(frozen=True)
class Room:
    """A workspace with a run."""

    folder: Path
    run_id: str
    people: int

    def words(self, out: Path, *more: object, people: Path | None = None) -> list[str]:
        """Words of an export."""
        some = [] if people is None else ["--users", str(people)]
        words = ["export", self.run_id, "--out", str(out), *some, "--workspace", str(self.folder / "ws")]
        return [*words, *map(str, more)]


def room(folder: Path, people: int, items: int, given: argparse.Namespace) -> Room:
    """A workspace with a run of drawn weights."""
    folder.mkdir()
    length = max(given.length, 2 * items // people)  # each item is in some history
    workspace = workspace_with(folder / "ws", generated(people, items, length))
    sizes = {"hidden": given.hidden, "layers": given.layers, "max_length": given.reads}
    found = drawn_run(workspace, 0, "generated", **sizes)
    (folder / "few.txt").write_text("\n".join(map(str, range(max(people // 10, 1)))), encoding="utf-8")
    return Room(folder, found.id, people)


def equal(one: Path, other: Path) -> bool:
    """Whether two files have the same bytes."""
    return _digest(one) == _digest(other)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def compare(made: Room, shards: int, repeats: int) -> tuple[Spent, Spent]:
    """One piece against shards, printed; the one piece of everybody, and of a tenth."""
    one = made.folder / "one.csv"
    whole = run(made.words(one))
    print(whole.said("one piece", made.people), flush=True)
    few = run(made.words(made.folder / "few.csv", people=made.folder / "few.txt"))
    print(few.said("one piece of a tenth", made.people // 10), flush=True)
    for at_once, _ in itertools.product((1, 2), range(repeats)):
        folder, merged = made.folder / "parts", made.folder / "merged.csv"
        spent = run(made.words(folder, "--shards", shards, "--at-once", at_once, "--merge", merged))
        print(spent.said(f"{shards} shards, {at_once} at once, merged", made.people), flush=True)
        more = 100 * (spent.cpu / whole.cpu - 1)
        print(f"{'':34} {more:+.1f} % CPU; bytes equal: {equal(one, merged)}", flush=True)
        shutil.rmtree(folder)
        merged.unlink()
    return whole, few


def kill_again_and_again(made: Room, shards: int, kills: int) -> None:
    """Kill an export so many times while its files come to be, in turn as a whole and one of its processes; printed."""
    folder, merged, begun = made.folder / "killed", made.folder / "merged.csv", time.perf_counter()
    words = made.words(folder, "--shards", shards, "--at-once", 2, "--merge", merged)
    command = _started(words)
    for number in range(kills):
        while command.poll() is None and len(list(folder.glob("part-*"))) <= number * shards // (kills + 1):
            time.sleep(LOOK_SECONDS)
        if number % 2:
            for worker in _workers(command.pid)[:1]:
                worker.kill()
        else:
            command.kill()
            command.wait()
            command = _started(words)
        there = len(list(folder.glob("part-*")))
        what = "a process" if number % 2 else "the command"
        print(f"kill {number + 1}, of {what}: {there} of {shards} files are there", flush=True)
    command.wait()
    spent = time.perf_counter() - begun
    print(f"goes on and ends: {spent:.1f} s in all; bytes equal: {equal(made.folder / 'one.csv', merged)}", flush=True)


def _started(words: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "recdesk", *words], cwd=ROOT, stdout=subprocess.DEVNULL)


def project(name: str, made: Room, whole: Spent, few: Spent, disk: float) -> None:
    """What all people would take, from the difference of two measurements; printed as a table."""
    some = made.people - made.people // 10
    each = (whole.cpu - few.cpu) / some
    start = max(whole.cpu - each * made.people, 0.0)
    size = (made.folder / "one.csv").stat().st_size / made.people * ALL_PEOPLE
    written, memory = size / disk / 3600, max(whole.peaks) / 2**30
    print(
        f"\n{ALL_PEOPLE:,} people, {name}: {1 / each:,.0f} people a second and core, {start:.1f} s to start", flush=True
    )
    print(f"CSV of {size / 2**30:,.0f} GB; one disk as here writes it in {written:.2f} h", flush=True)
    print("| cores | computing | memory | the wall |\n|---|---|---|---|", flush=True)
    for cores in CORES:
        hours = (each * ALL_PEOPLE / cores + start) / 3600
        wall = "scoring" if hours > written else "one disk: give shards several"
        print(f"| {cores} | {hours:.2f} h | {cores * memory:,.0f} GB | {wall} |", flush=True)


def disk_rate(folder: Path, size: int = 2**28) -> float:
    """Bytes a second that reach the disk."""
    block, begun = os.urandom(2**22), time.perf_counter()
    with (folder / "disk").open("wb") as stream:
        for _ in range(size // len(block)):
            stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
    (folder / "disk").unlink()
    return size / (time.perf_counter() - begun)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=54_542)
    parser.add_argument("--length", type=int, default=9, help="mean of the histories")
    parser.add_argument("--reads", type=int, default=50, help="items of a history that are read")
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--shards", type=int, default=16)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--large-items", type=int, default=10**6, help="0: without the large catalogue")
    parser.add_argument("--large-people", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = room(folder / "usual", given.people, given.items, given)
        print(f"{given.people:,} people, {given.items:,} items, {given.hidden} wide, {given.layers} layers", flush=True)
        whole, few = compare(made, given.shards, given.repeats)
        kill_again_and_again(made, given.shards, given.kills)
        disk = disk_rate(folder)
        project(f"{given.items:,} items", made, whole, few, disk)
        if given.large_items:
            large = room(folder / "large", given.large_people, given.large_items, given)
            whole = run(large.words(large.folder / "one.csv"))
            few = run(large.words(large.folder / "few.csv", people=large.folder / "few.txt"))
            project(f"{given.large_items:,} items", large, whole, few, disk)


if __name__ == "__main__":
    main()
