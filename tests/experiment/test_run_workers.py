"""Runs that several workers train: the same figures each time, whatever ends a worker."""

import os
import signal
import threading
from typing import Any

import psutil
import pytest
import torch

from recdesk.core.errors import UsageError
from recdesk.experiment.pipeline import execute
from recdesk.experiment.run_workers import ProcessFollowers, follow_run, leading
from recdesk.monitor.control import Control
from recdesk.monitor.events import Evaluated, Event, Failed, Finished, Step
from recdesk.training.plan import ResolvedPlan, Softmax
from recdesk.training.workers import Rendezvous, listen
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config


class ThreadFollowers:
    """Workers that are threads of this process."""

    threads = 0

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []

    def start(self, run: Run, count: int) -> tuple[Any, Rendezvous]:
        """Each follows."""
        store, rendezvous = listen("127.0.0.1", count)
        for rank in range(1, rendezvous.count):
            self._threads.append(threading.Thread(target=follow_run, args=(run.folder, rendezvous, rank)))
            self._threads[-1].start()
        return store, rendezvous

    def check(self) -> None:
        """They do not end."""

    explain = check

    def end(self) -> None:
        """They end with the leader."""
        for thread in self._threads:
            thread.join()


def listening(pid: int) -> list[str]:
    """Addresses on which a process listens."""
    return [each.laddr.ip for each in psutil.Process(pid).net_connections("tcp") if each.status == psutil.CONN_LISTEN]


def run_of(workspace: Workspace, **values) -> Run:
    return workspace.create_run("chain", small_config(**values), "leave-one-out")


def figures(run: Run) -> tuple[dict[int, float], list[dict[str, float]]]:
    """Loss of each step, and the validation figures."""
    events = events_of(run)
    losses = {event.step: event.loss for event in events if isinstance(event, Step)}
    return losses, [event.metrics for event in events if isinstance(event, Evaluated)]


def trained(workspace: Workspace, **values) -> Run:
    return execute(run_of(workspace, **values), Control(), lambda _event: None, followers=ThreadFollowers())


def test_without_dropout_two_workers_come_to_what_one_does(workspace: Workspace):
    one, two = (trained(workspace, dropout=0.0, workers=count) for count in (1, 2))
    assert one.state == two.state == "finished" and two.config.model_dump()["workers"] == 2
    losses = [[event.loss for event in events_of(run) if isinstance(event, Step)] for run in (one, two)]
    assert len(losses[0]) > 10
    assert losses[1] == pytest.approx(losses[0], rel=1e-3)
    assert two.metrics["test"]["ndcg@10"] == pytest.approx(one.metrics["test"]["ndcg@10"], abs=0.03)


def test_a_stopped_run_of_two_workers_goes_on_exactly(workspace: Workspace):
    whole = trained(workspace, workers=2)
    run, control = run_of(workspace, workers=2), Control()

    def stop(event: Event) -> None:
        if isinstance(event, Step) and event.step == 5:
            control.stop()

    stopped = execute(run, control, stop, followers=ThreadFollowers())
    assert stopped.state == "stopped"
    resumed = execute(stopped, Control(), lambda _event: None, resume=True, followers=ThreadFollowers())
    assert resumed.state == "finished"
    assert figures(resumed) == figures(whole) and len(figures(whole)[0]) > 10
    assert resumed.metrics == whole.metrics


def test_a_run_that_was_stopped_before_all_workers_came_is_kept(workspace: Workspace):
    run, control = run_of(workspace, workers=2), Control()

    class Absent(ThreadFollowers):
        def start(self, run: Run, count: int) -> tuple[Any, Rendezvous]:
            control.stop()
            return listen("127.0.0.1", count)

    assert execute(run, control, lambda _event: None, followers=Absent()).state == "stopped"


def test_more_workers_than_gpus_are_refused(workspace: Workspace, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    softmax = Softmax("full", 0, 0)
    plan = ResolvedPlan("cuda", "float32", 100, 1, 16, 0.0, softmax, 1, 1, 1)
    run = run_of(workspace, workers=2)
    with pytest.raises(UsageError) as refused, leading(run, plan, None, Control()):
        pass
    assert refused.value.sentence == "Each of 2 workers needs a GPU of its own, and this computer has 1."


@pytest.mark.slow
def test_a_killed_worker_is_told_and_the_run_goes_on_exactly(workspace: Workspace):
    whole = execute(run_of(workspace, workers=2), Control(), lambda _event: None)
    assert whole.state == "finished"
    followers, seen = ProcessFollowers(2), list[Event]()

    def kill(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Step) and event.step == 5:
            (process,) = followers._processes
            assert process.pid is not None
            open_to = [*listening(os.getpid()), *listening(process.pid)]
            assert open_to and set(open_to) <= {"127.0.0.1", "::1"}  # nobody else can reach them
            os.kill(process.pid, signal.SIGKILL)

    failed = execute(run_of(workspace, workers=2), Control(), kill, followers=followers)
    assert failed.state == "failed" and isinstance(seen[-1], Failed)
    assert "process ended abruptly" in seen[-1].sentence and "signal 9" in seen[-1].sentence
    done: list[Event] = []
    resumed = execute(failed, Control(), done.append, resume=True)
    assert isinstance(done[-1], Finished) and resumed.metrics == whole.metrics
    assert figures(resumed) == figures(whole)
