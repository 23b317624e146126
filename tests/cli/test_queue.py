"""The command queue."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recdesk.cli.options import given_settings, values_of_file
from recdesk.core.errors import UsageError
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk
from tests.workspace.conftest import workspace  # noqa: F401

SETTINGS = {"hidden": 16, "layers": 1, "max_length": 10, "epochs": 1, "device": "cpu"}


def written(folder: Path, runs: list[dict], name: str = "night.json") -> Path:
    path = folder / name
    path.write_text(json.dumps({"dataset": "chain", **SETTINGS, "runs": runs}))
    return path


@pytest.mark.slow
def test_runs_are_trained_one_after_the_other_and_one_that_fails_stops_no_other(
    workspace: Workspace,  # noqa: F811
    tmp_path: Path,
):
    file = written(tmp_path, [{"name": "first"}, {"model": "text-bert", "encoder": "/no/folder"}, {"seed": 7}])
    told = recdesk("queue", file, "--workspace", workspace.folder)
    assert [(run["name"], run["state"]) for run in told["runs"]] == [
        ("first", "finished"), ("", "failed"), ("", "finished"),
    ]  # fmt: skip
    assert "ndcg@10" in told["runs"][0]["metrics"]["test"] and told["runs"][1]["reason"]
    assert (told["waiting"], told["stopped"]) == ([], False)
    assert recdesk("queue", "--workspace", workspace.folder)["runs"] == told["runs"]


def test_after_a_kill_the_same_command_goes_on_without_doubling(workspace: Workspace, tmp_path: Path):  # noqa: F811
    file = written(tmp_path, [{"name": "first"}, {"name": "second"}])
    from recdesk.cli.console import Output
    from recdesk.cli.queue import _add

    _add(workspace, file, "", Output(as_json=True))
    first = workspace.queue.next()
    assert first is not None
    workspace.run_store.set_state(first, "running")  # as a killed process leaves it
    told = recdesk("queue", file, "--workspace", workspace.folder)
    assert [(run["name"], run["state"]) for run in told["runs"]] == [("first", "finished"), ("second", "finished")]
    assert told["runs"][0]["run"] == first.id and len(workspace.runs()) == 2


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_a_killed_queue_goes_on(workspace: Workspace, tmp_path: Path):  # noqa: F811
    file = written(tmp_path, [{"epochs": 200, "patience": 200}, {"epochs": 1}])
    command = [sys.executable, "-m", "recdesk", "queue", str(file), "--workspace", str(workspace.folder)]
    process = subprocess.Popen(command)
    until = time.monotonic() + 120
    while not any((run.folder / "checkpoints" / "last").exists() for run in workspace.runs()):
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [run.state for run in workspace.queue.waiting()] == ["interrupted", "queued"]
    told = recdesk("queue", file, "--workspace", workspace.folder)
    assert [run["state"] for run in told["runs"]] == ["finished", "finished"] and len(workspace.runs()) == 2


def test_settings_are_read_from_yaml_and_toml_too(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("kind: bert-causal\nhidden: 32\n")
    (tmp_path / "a.toml").write_text('kind = "bert-causal"\nhidden = 32\n')
    assert given_settings(tmp_path / "a.yaml") == given_settings(tmp_path / "a.toml") == {
        "kind": "bert-causal", "hidden": 32,
    }  # fmt: skip
    (tmp_path / "b.yml").write_text("runs:\n  - hidden: 32\n  - hidden: 64\n")
    (tmp_path / "b.toml").write_text("[[runs]]\nhidden = 32\n[[runs]]\nhidden = 64\n")
    assert values_of_file(tmp_path / "b.yml") == values_of_file(tmp_path / "b.toml")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "a: [1", "line 1"),
        ("a.yaml", "!!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ("a.yaml", "a: &a [*a]", "holds no settings|“kind”|no list"),
        ("a.toml", "a = = 1", "line 1"),
        ("a.toml", b"\xff\xfe", "holds no settings"),
        ("a.json", "[1", "line 1"),
    ],
)
def test_files_that_cannot_be_read_are_named(tmp_path: Path, name: str, text: str | bytes, said: str):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(UsageError, match=said):
        from recdesk.experiment.queue_file import wanted_runs

        wanted_runs(values_of_file(path), "chain")
