import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from recdesk.core.errors import CancelledError, RecdeskError, UsageError
from recdesk.core.parallel import TRIES, Processes, fitting, fix_products
from recdesk.core.task import UNWATCHED, Task


class Heard:
    """What a watch heard."""

    def __init__(self) -> None:
        self.results: dict[int, object] = {}
        self.shares: list[tuple[int, float]] = []
        self.again: list[int] = []

    def moved(self, number: int, share: float) -> None:
        self.shares.append((number, share))

    def done(self, number: int, result: object) -> None:
        assert number not in self.results
        self.results[number] = result

    def lost(self, number: int) -> None:
        self.again.append(number)


def squared(job: int, number: int, task: Task) -> tuple[int, int]:
    task.report(0.5)
    return job + number * number, os.getpid()


def killed_once(job: Path, number: int, task: Task) -> int:
    mark = job / f"{number}.txt"
    if number == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def killed(job: None, number: int, task: Task) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refused(job: str, number: int, task: Task) -> None:
    raise UsageError(job, "Do it differently.")


def broken(job: None, number: int, task: Task) -> None:
    raise ZeroDivisionError("nobody foresaw it")


def slept(job: Path, number: int, task: Task) -> None:
    (job / f"{os.getpid()}.pid").touch()
    time.sleep(60)


def test_each_part_is_computed_once_by_so_many_processes():
    heard = Heard()
    Processes(2).run_all(squared, 100, range(7), heard, UNWATCHED)
    assert {number: result[0] for number, result in heard.results.items()} == {n: 100 + n * n for n in range(7)}
    pids = {result[1] for result in heard.results.values()}
    assert len(pids) == 2 and os.getpid() not in pids
    assert heard.shares and {share for _, share in heard.shares} == {0.5} and heard.again == []


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_a_part_whose_process_was_killed_is_computed_again(tmp_path: Path):
    heard = Heard()
    Processes(1).run_all(killed_once, tmp_path, range(3), heard, UNWATCHED)
    assert heard.results == {0: 0, 1: 1, 2: 2} and heard.again == [1]


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_a_part_at_which_processes_end_again_and_again_fails_with_a_sentence():
    heard = Heard()
    with pytest.raises(RecdeskError, match=r"3 processes ended abruptly .* \(signal 9\)") as caught:
        Processes(1).run_all(killed, None, [5], heard, UNWATCHED)
    assert heard.again == [5] * (TRIES - 1) and "fewer processes" in caught.value.suggestion


@pytest.mark.parametrize(
    ("work", "job", "kind", "words"),
    [
        (refused, "That cannot be.", UsageError, "That cannot be. Do it differently."),
        (broken, None, RecdeskError, "A process failed in a way that recdesk did not foresee (ZeroDivisionError)."),
    ],
)
def test_the_error_of_a_part_is_raised(work: Callable[..., object], job: object, kind: type[RecdeskError], words: str):
    with pytest.raises(RecdeskError) as caught:
        Processes(1).run_all(work, job, [0], Heard(), UNWATCHED)
    assert type(caught.value) is kind and str(caught.value) == words
    assert work is refused or "nobody foresaw it" in caught.value.details


def test_cancelling_ends_the_processes_within_a_second(tmp_path: Path):
    asked = [0.0]

    def cancelled() -> bool:
        if not asked[0] and list(tmp_path.iterdir()):
            asked[0] = time.monotonic()
        return bool(asked[0])

    with pytest.raises(CancelledError):
        Processes(1).run_all(slept, tmp_path, [0], Heard(), Task(cancelled=cancelled))
    assert time.monotonic() - asked[0] < 1
    assert not psutil.pid_exists(int(next(tmp_path.iterdir()).stem))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_processes_end_with_the_one_that_was_killed(tmp_path: Path):
    line = (
        "from pathlib import Path; from recdesk.core.parallel import Processes; from recdesk.core.task import Task;"
        "from tests.core import test_parallel as t;"
        f"Processes(1).run_all(t.slept, Path({str(tmp_path)!r}), [0], t.Heard(), Task())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", line], env=environment) as made:
        _wait(lambda: bool(list(tmp_path.iterdir())))
        made.kill()
    pid = int(next(tmp_path.iterdir()).stem)
    _wait(lambda: not psutil.pid_exists(pid))


def _wait(until: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not until():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_as_many_processes_fit_as_memory_and_cores_allow(monkeypatch):
    monkeypatch.setattr("recdesk.core.parallel.usable_cores", lambda: 8)
    monkeypatch.setattr("recdesk.core.parallel.available_memory", lambda: 10 << 30)
    assert fitting(1 << 30, 100) == 8 and fitting(1 << 30, 3) == 3
    assert fitting(2 << 30, 100) == 4 and fitting(50 << 30, 100) == 1
    assert [Processes(count).threads for count in (1, 3, 16)] == [8, 2, 1]


def test_products_are_fixed_only_before_torch_is_there(monkeypatch):
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setitem(sys.modules, "torch", sys)
    fix_products()
    assert os.environ == {}
    monkeypatch.delitem(sys.modules, "torch")
    fix_products()
    assert os.environ == {"MKL_CBWR": "AUTO,STRICT"}
