"""A workspace as recdesk wrote it in November 2026, before its modules moved: it opens, recommends and resumes."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open

from recdesk.core.messages import Message
from recdesk.experiment.open_model import open_model
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.workspace.run_log import curves_of, events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace

ARCHIVE = Path(__file__).with_name("workspace-2026-11.zip")
FINISHED = ["bert-causal", "bert4rec", "text-bert", "hybrid", "two-tower"]
STOPPED = ["bert-causal-stopped", "text-bert-stopped"]
FIGURES = ("ndcg@10", "recall@10")


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    """What the recdesk that wrote it recommended, and what it learned after resuming."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        found: dict[str, Any] = json.loads(archive.read("expected.json"))
        return found


@pytest.fixture
def opened(tmp_path: Path) -> Workspace:
    """The workspace, unpacked."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path / "older")
    return Workspace(tmp_path / "older")


def weights_of(run: Run) -> str:
    digest = hashlib.sha256()
    with safe_open(run.best_folder / "model.safetensors", framework="pt") as file:
        for name in sorted(file.keys()):
            tensor = file.get_tensor(name).contiguous()
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
            digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def test_datasets_and_runs_are_listed_without_a_complaint(opened: Workspace, expected):
    damaged: list[Any] = []
    runs = opened.runs(damaged)
    assert {run.id for run in runs} == {entry["run"] for entry in expected.values()}
    assert [info.name for info in opened.datasets(damaged)] == [opened.run(runs[0].id).dataset_name]
    assert damaged == []
    assert opened.dataset(runs[0].dataset_name).checked().n_interactions == 400
    health = opened.health(runs[0].dataset_name)
    assert health.problems and all(problem for problem in health.problems)


@pytest.mark.parametrize("kind", FINISHED)
def test_a_finished_run_recommends_what_it_recommended(kind: str, opened: Workspace, expected):
    run = opened.run(expected[kind]["run"])
    model = open_model(run)
    people = model.dataset
    lines = model.top_n(people.histories().row(people.user_code("u01")).tolist(), 10)
    assert [[line.item_id, line.title] for line in lines] == [entry[:2] for entry in expected[kind]["items"]]
    assert [line.score for line in lines] == pytest.approx([entry[2] for entry in expected[kind]["items"]], abs=2e-3)
    assert run.reason and not isinstance(run.reason, Message)
    assert len(list(events_of(run))) > 5 and curves_of(run).finished is not None


@pytest.mark.parametrize("kind", STOPPED)
def test_a_stopped_run_resumes_to_what_it_would_have_been(kind: str, opened: Workspace, expected):
    run = opened.run(expected[kind]["run"])
    assert run.state == "stopped"
    ended = execute(run, Control(), lambda event: None, resume=True)
    assert ended.state == "finished", ended.reason
    measured = {part: {name: values[name] for name in FIGURES} for part, values in ended.metrics.items()}
    wanted = expected[kind]["metrics"]
    for part, values in measured.items():
        assert values == pytest.approx({name: wanted[part][name] for name in values}, abs=1e-6)
