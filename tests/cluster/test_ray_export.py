"""Exports on a real Ray cluster on this machine: the bytes of this computer, whatever is killed meanwhile."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recdesk.workspace.runs import Run
from tests.cluster.ray_here import MISSING, ROOT, RayHere, ray_here
from tests.experiment.test_sharded_export import people
from tests.serving.making import drawn_run, workspace_with

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "there is Ray"),
    pytest.mark.timeout(600),
]
SHARDS = 9


@pytest.fixture(scope="module")
def ray() -> Iterator[RayHere]:
    with ray_here() as found:
        yield found


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    made = workspace_with(tmp_path_factory.mktemp("ray") / "ws", people(40_000, 1000))
    return drawn_run(made, dataset="people", hidden=32)


@pytest.fixture(scope="module")
def storage(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("storage")


@pytest.fixture(scope="module")
def whole(run: Run, tmp_path_factory) -> bytes:
    """The export of this computer, in one piece."""
    path = tmp_path_factory.mktemp("whole") / "one.csv"
    subprocess.run([*words(run), "--out", str(path)], check=True, env=environment())
    return path.read_bytes()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def words(run: Run) -> list[str]:
    return [sys.executable, "-m", "recdesk", "export", run.id, "--workspace", str(run.workspace)]


class Command:
    """The command of an export on the cluster, in a process of its own."""

    def __init__(self, ray: RayHere, run: Run, storage: Path, folder: Path) -> None:
        self.merged, self.folder = folder / "all.csv", folder / "parts"
        where = ["--on", ray.address, "--storage", str(storage)]
        more = ["--out", str(self.folder), "--shards", str(SHARDS), "--merge", str(self.merged), "--json"]
        self.words = [*words(run), *where, *more]

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self.words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, process: "subprocess.Popen[bytes] | None" = None) -> dict:
        said, errors = (process or self.start()).communicate(timeout=300)
        assert said, errors
        return json.loads(said.splitlines()[-1])

    @property
    def finished(self) -> int:
        return len(list(self.folder.glob("part-*")))


def until(ready: Callable[[], bool], seconds: float = 300.0) -> None:
    limit = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < limit
        time.sleep(0.02)


def at_work(ray: RayHere) -> list:
    """Processes that compute a shard now."""
    found = []
    for process in ray.processes():
        try:
            if process.cmdline()[:1] == ["ray::compute"]:
                found.append(process)
        except Exception:  # it has ended
            continue
    return found


def jobs(ray: RayHere) -> dict[str, str]:
    """Status of each job of an export, by its id."""
    with urllib.request.urlopen(f"{ray.address}/api/jobs/", timeout=10) as answer:
        found = json.loads(answer.read())
    named = {str(job["submission_id"]): str(job["status"]) for job in found}
    return {name: status for name, status in named.items() if name.startswith("recdesk-export")}


def test_killed_workers_cost_their_files_alone_and_the_bytes_are_those_of_this_computer(
    ray: RayHere, run: Run, storage: Path, tmp_path: Path, whole: bytes
):
    command = Command(ray, run, storage, tmp_path)
    process = command.start()
    until(lambda: command.finished > 0 and len(at_work(ray)) > 0)
    at_work(ray)[0].kill()
    found = command.finish(process)
    assert command.merged.read_bytes() == whole
    assert (found["shards"], found["processes_lost"], found["kept"], len(jobs(ray))) == (SHARDS, 1, 0, 1)
    assert not list((storage / "exports").iterdir()) and not list(command.folder.glob(".*"))


def test_a_command_that_is_killed_finds_its_job_again(
    ray: RayHere, run: Run, storage: Path, tmp_path: Path, whole: bytes
):
    before, command = set(jobs(ray)), Command(ray, run, storage, tmp_path)
    for number in range(2):
        with command.start() as process:
            until(lambda number=number: command.finished > 2 * number)  # type: ignore[misc]
            process.kill()
    found = command.finish()
    assert command.merged.read_bytes() == whole and found["processes_lost"] == 0
    assert len(set(jobs(ray)) - before) == 1


def test_a_cancelled_export_leaves_nothing_at_work_and_goes_on(
    ray: RayHere, run: Run, storage: Path, tmp_path: Path, whole: bytes
):
    before, command = set(jobs(ray)), Command(ray, run, storage, tmp_path)
    with command.start() as process:
        until(lambda: command.finished > 0)
        process.send_signal(signal.SIGINT)
        begun = time.monotonic()
        process.wait(30)
    assert time.monotonic() - begun < 10
    until(lambda: not at_work(ray) and "RUNNING" not in jobs(ray).values(), 15)
    kept = command.finished
    assert 0 < kept < SHARDS
    found = command.finish()
    assert command.merged.read_bytes() == whole and found["kept"] >= kept
    assert len(set(jobs(ray)) - before) == 2


def test_a_driver_that_is_killed_is_followed_by_another_one(
    ray: RayHere, run: Run, storage: Path, tmp_path: Path, whole: bytes
):
    command = Command(ray, run, storage, tmp_path)
    process = command.start()
    until(lambda: command.finished > 0)
    drivers = [each for each in ray.processes() if "cluster-export" in " ".join(each.cmdline())]
    for each in drivers:
        each.kill()
    command.finish(process)
    assert drivers and command.merged.read_bytes() == whole
