"""A study in the terminal whose trials train at the same time."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from recdesk.cli import tune
from recdesk.cli.console import Output
from recdesk.cli.tune import carry_out_study
from recdesk.cluster import runner
from recdesk.experiment.study import Study, create_study
from recdesk.monitor.events import Evaluated, Step
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.experiment.test_trials import Trained
from tests.workspace.conftest import small_config, workspace  # noqa: F401

SET = ["--set", "hidden=16", "--set", "layers=1", "--set", "max_length=10", "--set", "epochs=100000", "--set",
       "patience=1000", "--set", "device=cpu"]  # fmt: skip


def test_lines_say_which_trial_where_several_train_at_the_same_time(workspace: Workspace, monkeypatch, capsys):  # noqa: F811
    monkeypatch.setattr(runner, "executor", lambda _count: Trained())
    for count, begins in ((1, "  epoch 10:"), (2, "  Trial 2: epoch 10:")):
        study = create_study(workspace, "chain", small_config(), "leave-one-out", 0.3)
        carry_out_study(study, Output(as_json=False), count)
        said = capsys.readouterr().out.splitlines()
        assert any(line.startswith(begins) for line in said), said
        assert any(line.startswith("Trial 2: validation NDCG@10 0.1000 · finished · ") for line in said), said
        assert said[-1].startswith("Train longer with it: recdesk train chain --config")


def test_a_stopped_study_says_how_it_goes_on():
    place = ClusterRecord(address="http://head:8265", storage="/mnt/my storage", cpus=2)
    assert tune._options(1, None) == ""
    assert tune._options(4, None) == " --at-once 4"
    assert tune._options(2, place) == (
        " --at-once 2 --on http://head:8265 --storage '/mnt/my storage' --cpus 2"
    )  # fmt: skip


def started(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "recdesk", "tune", *arguments, "--workspace", str(folder), "--json"]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


def until(ready: Callable[[], bool], process: "subprocess.Popen[str] | None" = None) -> None:
    limit = time.monotonic() + 180
    while not ready():
        assert time.monotonic() < limit
        assert process is None or process.poll() is None, process.stderr.read() if process.stderr else ""
        time.sleep(0.05)


def evaluations(run: Run) -> int:
    return sum(isinstance(event, Evaluated) for event in events_of(run))


def trial_processes(process: "subprocess.Popen[str]") -> dict[int, str]:
    """Ids of the runs whose log a process of the command has open."""
    found = {}
    for child in psutil.Process(process.pid).children():
        for opened in child.open_files():
            if opened.path.endswith("events.jsonl"):
                found[child.pid] = Path(opened.path).parent.name
    return found


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C is sent as a POSIX signal")
def test_killed_at_any_moment_it_goes_on_with_every_trial(workspace: Workspace):  # noqa: F811
    process = started(workspace.folder, "chain", "--minutes", "60", "--at-once", "2", *SET)
    until(lambda: [evaluations(run) > 1 for run in workspace.runs()] == [True, True], process)
    two = {run.id for run in workspace.runs()}
    assert {run.state for run in workspace.runs()} == {"running"}
    pid, name = next(iter(trial_processes(process).items()))
    before = evaluations(workspace.run(name))
    os.kill(pid, signal.SIGKILL)  # a trial's process: another one goes on
    until(lambda: evaluations(workspace.run(name)) > before + 1, process)
    theirs = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    process.kill()  # the command: the processes of the trials end with it
    process.communicate(timeout=60)
    until(lambda: not any(map(psutil.pid_exists, theirs)))
    assert {run.state for run in workspace.runs()} == {"interrupted"} and {run.id for run in workspace.runs()} == two

    reached = {run.id: evaluations(run) for run in workspace.runs()}
    process = started(workspace.folder, "last", "--resume", "--at-once", "2")
    until(lambda: all(evaluations(run) > reached[run.id] + 1 for run in workspace.runs()), process)
    asked = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and time.monotonic() - asked < 10, err
    stopped = json.loads(out.strip().splitlines()[-1])
    assert stopped["state"] == "stopped" and [trial["state"] for trial in stopped["trials"]] == ["stopped"] * 2
    assert {trial["run"] for trial in stopped["trials"]} == two and stopped["best"] in two
    assert "--resume --at-once 2" in err and "  Trial 1: epoch " in err and "  Trial 2: epoch " in err
    for run in workspace.runs():
        steps = [event.step for event in events_of(run) if isinstance(event, Step)]
        assert steps == list(range(1, len(steps) + 1))  # none twice, none lost
    (study,) = (Study(workspace, path) for path in (workspace.folder / "studies").iterdir())
    assert [run.trial for run in study.runs()] == [0, 1] and study.can_resume
