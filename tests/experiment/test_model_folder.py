"""A run's model as a folder with a card, and such a folder as a run again."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch
from transformers import BertModel

from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.records import read_object, write_record
from recdesk.core.tensors import load_tensors, save_tensors
from recdesk.data.importing import ImportResult
from recdesk.experiment.model_folder import export_model, import_model
from recdesk.experiment.open_model import open_model
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """A finished run; look, don't change."""
    workspace = Workspace(tmp_path_factory.mktemp("models") / "workspace")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    found = execute(
        workspace.create_run("chain", small_config(epochs=1), "leave-one-out"), Control(), lambda _event: None
    )
    assert found.state == "finished", found.reason
    return found


@pytest.fixture(scope="module")
def exported(run: Run, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("folder") / "model"
    assert export_model(run, folder, "cc-by-4.0") == []
    return folder


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(exported, tmp_path / "copy"))


@pytest.fixture
def target(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "target")
    workspace.add_dataset(ImportResult(replace(chain_dataset(), name="Ring"), [], pd.DataFrame()))
    return workspace


def lists(run: Run) -> list[list[tuple[str, float]]]:
    model = open_model(run)
    return [[(r.item_id, r.score) for r in model.top_n(model.dataset.histories().row(user))] for user in range(5)]


def renew(folder: Path, **about) -> None:
    """Make the checksums those of the files as they are."""
    from recdesk.core.records import checksums

    path = folder / "recdesk-model.json"
    write_record(path, {**read_object(path), "files": checksums(folder, without=["README.md", path.name]), **about})


def test_a_folder_becomes_a_run_that_recommends_the_same(run: Run, exported: Path, target: Workspace):
    found, notes = import_model(target, exported)
    assert lists(found) == lists(run) and notes == []
    assert (found.state, found.kind, found.split, found.dataset_name) == ("finished", run.kind, run.split, "Ring")
    assert (found.metrics, found.protocol, found.config) == (run.metrics, run.protocol, run.config)
    assert found.reason == f"Imported from a folder; it was run {run.id}." and not found.problems


def test_transformers_opens_the_bert_in_it(run: Run, exported: Path):
    bert = BertModel.from_pretrained(exported)
    table = load_tensors(exported / "model.safetensors")[0]["bert.embeddings.word_embeddings.weight"]
    assert torch.equal(bert.embeddings.word_embeddings.weight, table)
    items = pd.read_csv(exported / "items.csv", dtype="str")
    assert list(items["item_id"]) == list(chain_dataset().item_ids) and items["title"][0] == "标题 1, “no. 1”"


def test_the_card_tells_data_protocol_figures_with_intervals_and_licence(run: Run, exported: Path):
    card = (exported / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlibrary_name: recdesk\nlicense: cc-by-4.0\n") and "  - bert-causal\n" in card
    assert "trained on “chain”" in card and run.dataset_hash[:16] in card and run.protocol["hash"] in card
    assert f"{run.metrics['test']['ndcg@10']:.4f}" in card and "95" in card and "recdesk import-model" in card
    assert "under the licence cc-by-4.0" in card and "user-0" not in card
    files = [path for path in exported.rglob("*") if path.is_file()]
    assert len(files) == 9 and not [path for path in files if b"user-0" in path.read_bytes()]


def test_other_histories_of_the_same_items_leave_the_figures_out(exported: Path, tmp_path: Path, run: Run):
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(ImportResult(replace(chain_dataset(seed=9), name="Newer"), [], pd.DataFrame()))
    found, notes = import_model(workspace, exported)
    assert found.dataset_name == "Newer" and not found.metrics and not found.protocol
    assert notes[0].startswith("“Newer” has the same items, but other histories")
    assert len(open_model(found).top_n([1, 2, 3])) == 10


def test_a_catalogue_that_does_not_fit_is_refused(exported: Path, tmp_path: Path):
    workspace = Workspace(tmp_path / "workspace")
    with pytest.raises(UsageError, match="No dataset here has the 40 items of “chain”"):
        import_model(workspace, exported)
    workspace.add_dataset(ImportResult(replace(chain_dataset(n_items=41), name="More"), [], pd.DataFrame()))
    with pytest.raises(DataError, match="1 of its items are new to the model, 0 are missing"):
        import_model(workspace, exported, "More")
    for name in ("One", "Two"):
        workspace.add_dataset(ImportResult(replace(chain_dataset(seed=len(name)), name=name), [], pd.DataFrame()))
    workspace.add_dataset(ImportResult(replace(chain_dataset(seed=8), name="Three"), [], pd.DataFrame()))
    with pytest.raises(UsageError, match="These datasets have the items of the model"):
        import_model(workspace, exported)
    assert not workspace.runs()


def refuse(target: Workspace, folder: Path, match: str) -> RecdeskError:
    with pytest.raises(RecdeskError, match=match) as caught:
        import_model(target, folder)
    assert not list((target.folder / "runs").iterdir())
    return caught.value


def test_damaged_files_are_refused(folder: Path, target: Workspace):
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:-7])
    refuse(target, folder, "is damaged: its checksum is another")
    renew(folder)
    refuse(target, folder, "is damaged or cut short")
    (folder / "items.csv").unlink()
    refuse(target, folder, "items.csv” is missing")


def test_wrong_shapes_are_refused_before_memory_is_taken(folder: Path, target: Workspace):
    config = json.loads((folder / "config.json").read_text())
    for changes in ({"hidden": 10**6}, {"hidden": -1}, {"n_items": 10**9}, {"layers": 9}):
        values = {**config, "recdesk": {**config["recdesk"], **changes}}
        values.pop("checksum")
        write_record(folder / "config.json", values)
        renew(folder)
        refuse(target, folder, "does not belong to this model|is damaged")
    weights, about = load_tensors(folder / "model.safetensors")
    config.pop("checksum")
    write_record(folder / "config.json", config)
    save_tensors(folder / "model.safetensors", {**weights, "bias": torch.zeros(7)}, about)
    renew(folder)
    refuse(target, folder, "does not belong to this model")


def test_weights_that_would_be_unpickled_are_refused(folder: Path, target: Workspace):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    error = refuse(target, folder, "pytorch_model.bin, which could run code when it is opened")
    assert error.suggestion


def test_other_folders_are_refused(folder: Path, target: Workspace, tmp_path: Path):
    refuse(target, tmp_path / "none", "There is no folder")
    (tmp_path / "empty").mkdir()
    refuse(target, tmp_path / "empty", "is no model of recdesk")
    renew(folder, format=2)
    refuse(target, folder, "was written by a newer recdesk")
    renew(folder, format=1, files={"../../etc/passwd": "0", **read_object(folder / "recdesk-model.json")["files"]})
    refuse(target, folder, "is damaged: it holds something else")


def test_an_existing_folder_or_a_run_without_a_model_is_refused(run: Run, target: Workspace, tmp_path: Path):
    with pytest.raises(UsageError, match="is there already"):
        export_model(run, tmp_path)
    with pytest.raises(UsageError, match="has no model yet"):
        export_model(target.create_run("Ring", small_config(), "leave-one-out"), tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.slow  # trains an encoder
def test_a_model_over_texts_takes_its_encoder_along(text_workspace: Path, tmp_path: Path):
    source = Workspace(text_workspace)
    run = source.runs()[0]
    export_model(run, tmp_path / "model")
    target = Workspace(tmp_path / "target")
    shutil.copytree(text_workspace / "datasets", target.folder / "datasets", dirs_exist_ok=True)
    found, _ = import_model(target, tmp_path / "model")
    assert lists(found) == lists(run)
    wish = "a book about the sea"
    ours, theirs = (open_model(each).top_n([1, 2], wish=wish) for each in (run, found))
    assert [(r.item_id, r.score) for r in ours] == [(r.item_id, r.score) for r in theirs]


def test_a_folder_whose_name_cannot_be_is_refused_with_a_sentence(run: Run, tmp_path: Path):
    with pytest.raises(RecdeskError, match="too long a path"):
        export_model(run, tmp_path / ("x" * 300))
