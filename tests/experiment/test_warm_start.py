"""A trained model over texts moves to another catalogue."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import UsageError
from recdesk.core.files import read_json
from recdesk.core.tensors import MODEL_FILE, load_tensors
from recdesk.data.dataset import Dataset
from recdesk.data.importing import ImportResult
from recdesk.experiment.open_model import add_new_item, open_model
from recdesk.experiment.pipeline import UNTRAINED, execute
from recdesk.experiment.warm_start import settings_from, text_paths_of
from recdesk.models.text_bert import TextBert
from recdesk.monitor.control import Control
from recdesk.monitor.events import BaselineScored, Event, Failed, StageStarted, Step
from recdesk.training import masked_language, text_stages
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config

SETTINGS = {
    "encoder": "scratch", "encoder_steps": 20, "epochs": 3, "text_width": 16, "text_tokens": 24, "correction": 0.0,
    "hidden": 16, "layers": 1, "heads": 2, "max_length": 12,
}  # fmt: skip


def renumbered(dataset: Dataset) -> Dataset:
    """The same items and histories under other ids and codes, in another order."""
    order = np.random.default_rng(3).permutation(dataset.n_items)
    code = np.empty(dataset.n_items + 1, np.int32)
    code[order + 1] = np.arange(1, dataset.n_items + 1)
    return replace(
        dataset,
        name="elsewhere",
        item_ids=pd.Index([f"other-{i}" for i in range(dataset.n_items)], dtype="str"),
        items=code[dataset.items],
        item_features=dataset.item_features.iloc[order].reset_index(drop=True),
    )


def carry_out(run: Run, seen: list[Event] | None = None, control: Control | None = None, resume: bool = False) -> Run:
    events = [] if seen is None else seen
    run = execute(run, control or Control(), events.append, resume)
    failed = [event for event in events if isinstance(event, Failed)]
    assert not failed, failed
    return run


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a `text-bert` run on “chain”, and with “elsewhere”: the same items under other ids."""
    workspace = Workspace(tmp_path_factory.mktemp("origin") / "workspace")
    for dataset in (chain_dataset(), renumbered(chain_dataset())):
        workspace.add_dataset(ImportResult(dataset, [], pd.DataFrame()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_stages, "SCRATCH_WIDTH", 32)
        patch.setattr(text_stages, "SCRATCH_LAYERS", 1)
        patch.setattr(masked_language, "STEP_TOKENS", 256)
        patch.setattr(masked_language, "MEASURED", 64)
        carry_out(workspace.create_run("chain", small_config("text-bert", **SETTINGS), "leave-one-out"))
    return workspace.folder


@pytest.fixture
def workspace(origin: Path, tmp_path: Path) -> Workspace:
    """A copy of it, to work in."""
    return Workspace(shutil.copytree(origin, tmp_path / "workspace"))


@pytest.fixture
def trained(workspace: Workspace) -> Run:
    """The run in it."""
    return workspace.run("last")


@pytest.mark.slow
def test_as_it_is_it_recommends_elsewhere_what_it_recommended_here(trained: Run, workspace: Workspace):
    moved = carry_out(workspace.create_run("elsewhere", settings_from(trained, epochs=0), "leave-one-out"))
    here, there = open_model(trained), open_model(moved)
    here.model.bias.data.zero_()  # one learned how popular things are, the other counted it
    there.model.bias.data.zero_()
    for user in (0, 7, 31):
        titles = [[line.title for line in live.top_n(live.dataset.histories().row(user), 5)] for live in (here, there)]
        assert titles[0] == titles[1]
    assert moved.reason == "Taken over as it is; nothing was learned here."
    untrained = moved.baselines[UNTRAINED]["test"]
    assert {name: moved.metrics["test"][name] for name in untrained} == untrained


def test_both_figures_are_told_before_learning_and_after(trained: Run, workspace: Workspace):
    seen: list[Event] = []
    moved = carry_out(workspace.create_run("elsewhere", settings_from(trained, epochs=2), "leave-one-out"), seen)
    stages = [event.stage for event in seen if isinstance(event, StageStarted)]
    assert stages == ["preparing", "baselines", "start", "texts", "vectors", "training", "testing"]
    told = {event.name: event.metrics for event in seen if isinstance(event, BaselineScored)}
    assert told[UNTRAINED] == moved.baselines[UNTRAINED]
    assert set(moved.metrics) == {"train", "validation", "test"}
    assert moved.metrics["test"] != told[UNTRAINED]["test"]


def test_what_belongs_to_no_item_is_the_start_and_nothing_of_an_item(trained: Run, workspace: Workspace):
    moved = carry_out(workspace.create_run("elsewhere", settings_from(trained, epochs=0), "leave-one-out"))
    before, _ = load_tensors(trained.best_folder / MODEL_FILE)
    after, _ = load_tensors(moved.best_folder / MODEL_FILE)
    shared = TextBert.of_no_item(before)
    assert len(shared) > 20
    for name, value in shared.items():
        assert value.equal(after[name]), name
    assert not after["bert.embeddings.word_embeddings.weight"].any()


@pytest.mark.slow
def test_the_new_run_needs_the_old_one_no_more(trained: Run, workspace: Workspace):
    control = Control()
    moved = workspace.create_run("elsewhere", settings_from(trained, epochs=3), "leave-one-out")

    def stop_soon(event: Event) -> None:
        if isinstance(event, Step) and event.step == 2:
            control.stop()

    moved = execute(moved, control, stop_soon)
    assert moved.state == "stopped"
    shutil.rmtree(trained.folder)
    moved = carry_out(moved, resume=True)
    assert moved.state == "finished"
    live = open_model(moved)
    assert live.search("标题 7", 3)[0].title.startswith("标题")


@pytest.mark.slow
def test_a_fine_tuned_encoder_goes_along(workspace: Workspace, trained: Run):
    tuned = settings_from(trained, fine_tune="whole", fine_tune_epochs=1, epochs=1)
    source = carry_out(workspace.create_run("chain", tuned, "leave-one-out"))
    moved = carry_out(
        workspace.create_run("elsewhere", settings_from(source, epochs=0, fine_tune="off"), "leave-one-out")
    )
    vectors = [open_model(run).text_reader().side.vectors(["标题 3"]) for run in (source, moved)]
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)
    assert read_json(text_paths_of(moved).facts)["own"]


def test_a_text_bert_can_become_a_hybrid(trained: Run, workspace: Workspace):
    moved = carry_out(
        workspace.create_run("elsewhere", settings_from(trained, kind="hybrid", epochs=1), "leave-one-out")
    )
    assert moved.kind == "hybrid" and moved.has_model


def test_what_cannot_be_a_start_is_refused_in_words(trained: Run, workspace: Workspace):
    ids = workspace.create_run("chain", small_config("bert-causal"), "leave-one-out")
    with pytest.raises(UsageError, match="only text-bert and hybrid can move"):
        settings_from(ids)
    fresh = workspace.create_run("chain", small_config("text-bert", **SETTINGS), "leave-one-out")
    with pytest.raises(UsageError, match="has no model yet"):
        settings_from(fresh)
    with pytest.raises(UsageError, match=r"“hidden” is 32, but the run .* has 16"):
        settings_from(trained, hidden=32)


def test_a_layer_of_its_own_takes_no_new_items_and_does_not_move(trained: Run, workspace: Workspace):
    run = carry_out(workspace.create_run("chain", settings_from(trained, output="linear", epochs=1), "leave-one-out"))
    assert not open_model(run).takes_new_items
    with pytest.raises(UsageError, match="only the items that it was trained with"):
        add_new_item(run, "new", {"title": "标题 99"})
    with pytest.raises(UsageError, match="cannot move to another catalogue"):
        settings_from(run)


def test_a_start_that_is_gone_fails_with_a_sentence(trained: Run, workspace: Workspace):
    moved = workspace.create_run("elsewhere", settings_from(trained, epochs=1), "leave-one-out")
    shutil.rmtree(trained.folder)
    seen: list[Event] = []
    moved = execute(moved, Control(), seen.append)
    assert isinstance(seen[-1], Failed)
    assert seen[-1].sentence == f"There is no run “{trained.id}” to start from any more."
    assert moved.state == "failed"
