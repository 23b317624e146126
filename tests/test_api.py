"""The Python interface: original ids in and out."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import recdesk.api
from recdesk.core.errors import UsageError
from recdesk.experiment.model_folder import export_model
from recdesk.experiment.open_model import open_model
from recdesk.recommend.rules import Rules
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.serving.making import drawn_run, workspace_with

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Workspace:
    made = workspace_with(tmp_path_factory.mktemp("api") / "ws")
    drawn_run(made)
    return made


@pytest.fixture(scope="module")
def run(workspace: Workspace) -> Run:
    return workspace.runs()[0]


@pytest.fixture(scope="module")
def model(workspace: Workspace) -> recdesk.api.Model:
    return recdesk.api.load("last", workspace.folder)


def ids(answer: recdesk.api.Answer) -> list[str]:
    return [item.item_id for item in answer]


def test_a_person_of_the_data_gets_the_list_of_the_command(model: recdesk.api.Model, run: Run):
    live = open_model(run)
    lines = live.top_n(live.dataset.histories().row(7), 5)
    answer = model.recommend(user="user-007", n=5)
    assert list(answer.items) == lines and answer.notes == () and len(answer) == 5
    assert (model.run, model.kind, model.dataset, model.note) == (run.id, "bert-causal", "chain", "")


def test_a_history_of_ids_is_read_in_its_order_and_unknown_ones_are_named(model: recdesk.api.Model):
    known = model.recommend(history=["004", "005"], n=3)
    answer = model.recommend(history=["gone", "004", "nowhere", "005"], n=3)
    assert ids(answer) == ids(known) != ids(model.recommend(history=["005", "004"], n=3))
    assert answer.unknown == ("gone", "nowhere")
    assert answer.notes == ("2 items of the history are not in “chain” and were left out: “gone”, “nowhere”.",)
    assert len(model.recommend(history=[], n=4)) == 4


def test_seen_items_come_back_where_they_are_wanted(model: recdesk.api.Model):
    history = ["001", "002", "003"]
    assert not set(ids(model.recommend(history=history, n=40))) & set(history)
    assert set(ids(model.recommend(history=history, n=40, exclude_seen=False))) == set(model.item_ids)
    answer = model.recommend(history=history, n=40)
    assert len(answer) == 37 and answer.notes == ("Only 37 items are not in the history.",)


def test_rules_hold_given_or_stored(model: recdesk.api.Model, workspace: Workspace):
    workspace.save_rules(Rules(name="without", block=("0031",)))
    odd = model.recommend(history=["001"], n=40, where=["genre one of odd"])
    assert {item.features["genre"] for item in odd} == {"odd"} and len(odd) == 19
    assert "0031" not in ids(model.recommend(history=["001"], n=40, rules="without", block=["002"]))
    assert "002" not in ids(model.recommend(history=["001"], n=40, rules="without", block=["002"]))
    assert ids(model.recommend(history=[], allow=["009"])) == ["009"]
    capped = model.recommend(history=[], n=9, rules=Rules(cap_feature="genre", cap=2))
    assert len(capped) == 4 and "at most 2 of the same genre" in capped.notes[0]


def test_a_history_may_be_that_of_a_moment_and_have_times(model: recdesk.api.Model):
    dataset = model.by_ids.live.dataset
    assert dataset.times is not None
    taken = [model.item_ids[code - 1] for code in dataset.histories().row(7)]
    times = dataset.times[: len(taken)].tolist()
    fourth = "1970-01-01 00:03:30"  # a person of the ring takes an item each minute
    before = model.recommend(history=taken[:4], n=5)
    assert ids(model.recommend(user="user-007", n=5, as_of=fourth)) == ids(before)
    assert ids(model.recommend(history=[*taken, "gone"], times=[*times, None], n=5, as_of=fourth)) == ids(before)
    nothing = model.recommend(user="user-007", as_of="1969-12-31")
    assert nothing.notes == ("Nothing of the history is known before 1969-12-31.",)
    for wrong, sentence in (([1], "The number of times"), ([2, 1], "go back")):
        with pytest.raises(UsageError, match=sentence):
            model.recommend(history=taken[:2], times=wrong)
    with pytest.raises(UsageError):
        model.recommend(user="user-007", as_of="some day")


def test_similar_items_are_the_nearest_vectors(model: recdesk.api.Model):
    vectors = model.vectors()
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = np.argsort(-unit @ unit[4])[1:4]
    answer = model.similar("005", 3)
    assert ids(answer) == [model.item_ids[index] for index in nearest]
    assert answer[0].score == pytest.approx(float(unit[nearest[0]] @ unit[4]), abs=1e-5)
    assert {item.features["genre"] for item in model.similar("005", 3, where=["genre contains even"])} == {"even"}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "There is nobody to recommend to."),
        ({"user": "user-001", "history": ["001"]}, "A user id and a history were given."),
        ({"user": "nobody"}, "No user “nobody” in “chain”."),
        ({"wish": "space opera"}, "This model knows items by their ids; it cannot read words."),
        ({"history": ["001"], "n": 0}, "A list of 0 items cannot be."),
        ({"history": ["001"], "rules": "gone"}, "There are no rules “gone”."),
        ({"history": ["001"], "where": ["weight >= 3"]}, "There is no column “weight”."),
        ({"history": ["001"], "allow": ["gone"]}, "No item meets the rules."),
    ],
)
def test_what_cannot_be_met_is_a_sentence_with_advice(model: recdesk.api.Model, asked: dict, sentence: str):
    with pytest.raises(UsageError) as caught:
        model.recommend(**asked)
    assert caught.value.sentence == sentence and caught.value.suggestion


def test_an_exported_folder_answers_without_a_workspace(run: Run, model: recdesk.api.Model, tmp_path: Path):
    export_model(run, tmp_path / "model")
    alone = recdesk.api.load(tmp_path / "model")
    assert alone.run == run.id and alone.item_ids == model.item_ids
    theirs, ours = alone.recommend(history=["004", "005"]), model.recommend(history=["004", "005"])
    assert [(item.item_id, item.title, item.score) for item in theirs] == [
        (item.item_id, item.title, item.score) for item in ours
    ]
    with pytest.raises(UsageError, match="No user “user-001”"):
        alone.recommend(user="user-001")
    with pytest.raises(UsageError, match="stand in a workspace"):
        alone.recommend(history=[], rules="without")


def test_a_runs_folder_is_opened_and_other_folders_are_told(run: Run, model: recdesk.api.Model, tmp_path: Path):
    assert ids(recdesk.api.load(run.folder).recommend(history=["004"])) == ids(model.recommend(history=["004"]))
    with pytest.raises(UsageError, match="no folder of a run or of a model"):
        recdesk.api.load(tmp_path)
    with pytest.raises(UsageError, match="There is no run “never”"):
        recdesk.api.load("never", run.workspace)


def test_importing_it_waits_for_no_large_library():
    code = "import sys, recdesk.api; print(*{'torch', 'pandas', 'pyarrow', 'duckdb', 'PySide6'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stdout.strip()) == (0, ""), said


def test_the_lines_of_the_page_work(workspace: Workspace, monkeypatch, capsys):
    page = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    lines = page.split("```python\n")[1].split("```")[0]
    assert len(lines.splitlines()) <= 12
    monkeypatch.setattr("recdesk.workspace.folders.default_folder", lambda: workspace.folder)
    exec(lines.replace('"42"', '"user-042"').replace('"4306"', '"004"'), {})
    said = capsys.readouterr().out
    assert len(said.splitlines()) >= 5 and "标题" in said
