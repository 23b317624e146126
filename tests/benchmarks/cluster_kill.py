"""Kills during runs on a cluster: `python -m tests.benchmarks.cluster_kill [--kills 20] [--seed 0] [--objects]`.

A Ray cluster of this machine trains one run after the other, each followed by a `recdesk resume` of its own. At random
steps something is killed for good: the worker, the job that has it train, the process that follows the run (the
window's part), the connection to the head, or the head with everything on it, after which a new one starts. Every run
must finish, with the weights, losses of each step and metrics of one that was trained here, none lost and none doubled.
With `--objects` the storage is an object store of this machine instead of a folder, and the runs are longer, as what
they write is seen a second later.
"""

import argparse
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import psutil

from recdesk.cluster.place import place_of
from recdesk.core.tensors import load_tensors
from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.monitor.events import Step
from recdesk.training.config import RunConfig
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import MODEL, Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.object_server import KEYS, ObjectServer
from tests.cluster.proxy import Proxy
from tests.cluster.ray_here import ROOT, RayHere, free_port, ray_here
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config

KINDS = ("worker", "job", "follower", "connection", "head")
EPOCHS, KILLS_A_RUN = 60, 2
RUN_SECONDS, LOOK_SECONDS = 240.0, 0.05


def main() -> None:
    """Kill, wait, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--objects", action="store_true")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"  # as a worker with one CPU
    chance, killed, wrong, runs = random.Random(arguments.seed), Counter[str](), 0, 0
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        times = 10 if arguments.objects else 1
        workspace, config = Workspace(Path(folder) / "ws"), small_config(epochs=times * EPOCHS, patience=times * EPOCHS)
        storage = stack.enter_context(objects(Path(folder))) if arguments.objects else str(Path(folder) / "storage")
        workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
        here = execute(workspace.create_run("chain", config, "leave-one-out"), Control(), lambda _event: None)
        cluster = stack.enter_context(contextlib.closing(Cluster()))
        while killed.total() < arguments.kills:
            plan = [chance.choice(KINDS) for _ in range(min(KILLS_A_RUN, arguments.kills - killed.total()))]
            at = sorted(chance.sample(range(5, times * 100), len(plan)))
            run = one_run(workspace, config, storage, cluster, list(zip(at, plan, strict=True)))
            killed.update(plan)
            runs += 1
            fault = difference(run, here)
            wrong += bool(fault)
            told = ", ".join(f"{kind} at step {step}" for step, kind in zip(at, plan, strict=True))
            print(f"{run.id}: {told}: {fault or 'equal'}", flush=True)
    print(f"{killed.total()} kills {dict(killed)} in {runs} runs: {runs - wrong} as never killed, {wrong} not")


@contextlib.contextmanager
def objects(folder: Path) -> Iterator[str]:
    """Address of a storage of objects, which processes that are started from now on can read and write."""
    os.environ.update(KEYS, RECDESK_SCRATCH=str(folder / "scratch"))
    with contextlib.closing(ObjectServer()) as server:
        yield server.new_bucket()


class Cluster:
    """A head on this machine behind a connection that can be cut; another one starts on its port when it is killed."""

    def __init__(self) -> None:
        self._port = free_port()
        self._stack = contextlib.ExitStack()
        self.ray: RayHere = self._stack.enter_context(ray_here(self._port))
        self.proxy = Proxy(self._port)

    @property
    def address(self) -> str:
        """Of the job server, through the connection."""
        return f"http://127.0.0.1:{self.proxy.port}"

    def kill_head(self) -> None:
        """Kill everything, and start anew."""
        for process in self.ray.processes():
            with contextlib.suppress(psutil.Error):
                process.kill()
        self._stack.close()
        self.ray = self._stack.enter_context(ray_here(self._port))

    def close(self) -> None:
        """End it."""
        self.proxy.close()
        self._stack.close()


def one_run(
    workspace: Workspace, config: RunConfig, storage: str, cluster: Cluster, plan: list[tuple[int, str]]
) -> Run:
    """The run as it is left in the end; `plan`: from which step on what is killed."""
    place = place_of(cluster.address, storage, cpus=1)
    run = workspace.create_run("chain", config, "leave-one-out", cluster=place)
    follower, deadline = followed(run), time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        if follower.poll() is not None:
            if Run.read(run.folder).state == "finished":
                break
            follower = followed(run)
        if plan and reached(run) >= plan[0][0]:
            kill(plan.pop(0)[1], cluster, follower)
        time.sleep(LOOK_SECONDS)
    follower.kill()
    follower.wait()
    return Run.read(run.folder)


def kill(kind: str, cluster: Cluster, follower: subprocess.Popen[bytes]) -> None:
    """Kill something for good."""
    if kind == "head":
        cluster.kill_head()
    elif kind == "connection":
        cluster.proxy.sever()
        time.sleep(2)
        cluster.proxy.mend()
    elif kind == "follower":
        follower.kill()
        follower.wait()
    else:
        for process in cluster.ray.workers() if kind == "worker" else cluster.ray.drivers():
            with contextlib.suppress(psutil.Error):
                process.kill()


def followed(run: Run) -> subprocess.Popen[bytes]:
    """A process that sends the run, or follows it again."""
    words = [sys.executable, "-m", "recdesk", "resume", run.id, "--workspace", str(run.workspace)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def reached(run: Run) -> int:
    """Steps that this side knows of."""
    return max((event.step for event in events_of(run) if isinstance(event, Step)), default=0)


def difference(run: Run, here: Run) -> str:
    """How a run differs from the one trained here; "" if it does not."""
    if run.state != "finished":
        return f"it is {run.state}: {run.reason}"
    steps = [[(event.step, event.loss) for event in events_of(each) if isinstance(event, Step)] for each in (run, here)]
    if steps[0] != steps[1]:
        return f"{len(steps[0])} steps instead of {len(steps[1])}, or other losses"
    ours, theirs = load_tensors(run.folder / MODEL)[0], load_tensors(here.folder / MODEL)[0]
    if ours.keys() != theirs.keys() or any((ours[name] != theirs[name]).any() for name in ours):
        return "other weights"
    return "" if run.metrics == here.metrics else "other metrics"


if __name__ == "__main__":
    main()
