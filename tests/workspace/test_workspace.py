import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from recdesk.core.errors import RecdeskError, StorageError, UsageError
from recdesk.data.importing import ImportResult
from recdesk.workspace.folders import safe_name, unused_name
from recdesk.workspace.run_log import curves_of, damages_of, events_of
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config


def test_a_dataset_comes_back_as_it_was(workspace: Workspace, chain):
    loaded = workspace.dataset("chain")
    assert loaded.content_hash == chain.content_hash
    assert loaded.titles.tolist() == chain.titles.tolist()
    assert [info.title for info in workspace.datasets()] == ["chain"]
    assert workspace.datasets()[0].facts["interactions"] == chain.n_interactions


def test_a_second_dataset_of_one_name_gets_a_number(workspace: Workspace, chain):
    assert workspace.add_dataset(ImportResult(chain, [], pd.DataFrame())) == "chain 2"
    assert {info.name for info in workspace.datasets()} == {"chain", "chain 2"}


def test_removed_things_go_to_the_trash(workspace: Workspace):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    workspace.remove_run(run.id)
    workspace.remove_dataset("chain")
    assert not workspace.runs() and not workspace.datasets()
    assert len(list((workspace.folder / "trash").iterdir())) == 2


def test_a_run_that_something_works_on_is_not_removed(workspace: Workspace):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    workspace.run_store.set_state(run, "stopped")
    with run_lock(run.folder), pytest.raises(UsageError, match="is at work"):  # it is about to be resumed
        workspace.remove_run(run.id)
    assert workspace.run(run.id).state == "stopped"
    workspace.remove_run(run.id)
    assert not workspace.runs()


def test_an_unknown_dataset_is_named_with_those_there_are(workspace: Workspace):
    with pytest.raises(UsageError, match="no dataset “movies”"):
        workspace.dataset("movies")
    with pytest.raises(UsageError, match=r"no dataset “\.\./runs”"):
        workspace.dataset("../runs")


def test_a_run_is_found_by_the_beginning_of_its_id(workspace: Workspace):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    assert workspace.run(run.id[:10]).id == run.id
    assert workspace.run("last").id == run.id
    with pytest.raises(UsageError, match="no run “nope”"):
        workspace.run("nope")


def test_only_one_window_writes(workspace: Workspace):
    other = Workspace(workspace.folder)
    assert workspace.lock()
    assert not other.lock()
    workspace.unlock()
    assert other.lock()
    other.unlock()


def test_the_folder_of_another_program_is_refused(tmp_path: Path):
    (tmp_path / "workspace.json").write_text("[]")
    with pytest.raises(RecdeskError, match="is not a workspace of recdesk"):
        Workspace(tmp_path)


def test_a_workspace_of_a_newer_version_is_refused(tmp_path: Path):
    (tmp_path / "workspace.json").write_text('{"format": 99}')
    with pytest.raises(RecdeskError, match="newer recdesk"):
        Workspace(tmp_path)


def test_a_file_where_the_workspace_should_be_gets_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(RecdeskError):
        Workspace(tmp_path / "file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the super-user may write everywhere")
def test_a_read_only_place_gets_a_sentence(tmp_path: Path):
    tmp_path.chmod(0o555)
    with pytest.raises(RecdeskError, match="cannot be written to"):
        Workspace(tmp_path / "workspace")


def test_a_place_that_refuses_writing_gets_a_sentence(tmp_path: Path, monkeypatch):
    def refuse(*_arguments, **_keywords):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(RecdeskError, match="cannot be written to"):
        Workspace(tmp_path / "workspace")


def test_a_full_disk_leaves_nothing_half_written(workspace: Workspace, chain, monkeypatch):
    def full(*_arguments, **_keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recdesk.data.store.pq.write_table", full)
    before = sorted(p.name for p in (workspace.folder / "datasets").iterdir())
    with pytest.raises(RecdeskError, match="is full"):
        workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    assert sorted(p.name for p in (workspace.folder / "datasets").iterdir()) == before


def test_a_damaged_dataset_or_run_does_not_hide_the_others(workspace: Workspace, chain):
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    (workspace.folder / "datasets" / "chain" / "manifest.json").write_text("{")
    assert [info.name for info in workspace.datasets()] == ["chain 2"]
    run = workspace.create_run("chain 2", small_config(), "leave-one-out")
    (workspace.folder / "runs" / "broken").mkdir()
    assert [found.id for found in workspace.runs()] == [run.id]
    other = workspace.create_run("chain 2", small_config(), "leave-one-out")
    (other.folder / "config.json").write_text('{"kind": "unknown"}')
    (run.folder / "metrics.json").write_text('{"metrics": {"test": {"ndcg@10": "0.5"}}}')
    damaged: list[RecdeskError] = []
    (run,) = workspace.runs(damaged)
    assert [info.name for info in workspace.datasets(damaged)] == ["chain 2"]
    for path in ("runs/broken/run.json", f"runs/{other.id}/config.json", f"runs/{run.id}/metrics.json"):
        assert sum(str(workspace.folder / path) in error.sentence for error in damaged) == 1
    assert [error.sentence[:32] for error in damaged if "manifest" in error.sentence] == [
        "The dataset “chain” is damaged: "
    ]
    assert len(damaged) == 4
    assert run.metrics == {} and len(run.problems) == 1
    with pytest.raises(RecdeskError, match=r"config\.json” cannot be used: The settings name no known model"):
        workspace.run(other.id)


def test_a_file_that_a_run_should_have_is_missed(workspace: Workspace):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    assert not run.problems and damages_of(run) == [] and events_of(run) == []
    store = RunStore.of(run)
    store.set_state(run, "finished", ["metrics.json", "events.jsonl", "checkpoints/best/model.safetensors"])
    store.set_state(run, "finished", ["added-items.json"])
    run = Run.read(run.folder)
    (error,) = run.problems
    assert error.sentence == f"“{run.folder / 'metrics.json'}” is missing." and run.metrics == {}
    with pytest.raises(RecdeskError, match=r"events\.jsonl” is missing"):
        curves_of(run)
    with pytest.raises(RecdeskError, match=r"model\.safetensors” is missing"):
        run.require_model()
    assert run.has_added_items


def test_a_damaged_key_is_not_taken_for_a_deleted_one(workspace: Workspace, chain):
    from recdesk.data.pseudonym_keys import key_name

    key = bytes(range(32))
    rules = {"pseudonyms": key_name(key)}
    workspace.add_dataset(ImportResult(replace(chain, name="secret", rules=rules), [], pd.DataFrame(), key=key))
    assert workspace.pseudonym("secret", "user-001") != "user-001"
    (path,) = workspace.keys.glob("*.key")
    path.write_text("00" * 32)
    with pytest.raises(RecdeskError, match="is damaged") as caught:
        workspace.pseudonym("secret", "user-001")
    assert str(path) in caught.value.sentence
    path.unlink()
    with pytest.raises(RecdeskError, match="was deleted"):
        workspace.pseudonym("secret", "user-001")


def test_a_run_says_what_it_was_set_up_with(workspace: Workspace, chain):
    config = small_config("bert4rec", seed=3)
    run = workspace.create_run("chain", config, "validation-only")
    assert (run.state, run.kind, run.split, run.dataset_title) == ("queued", "bert4rec", "validation-only", "chain")
    assert run.config == config
    assert run.dataset_hash == chain.content_hash
    assert run.metrics == {} and not run.has_model and run.resumable


def test_a_run_whose_process_is_gone_is_interrupted(workspace: Workspace):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    RunStore.of(run).set_state(run, "running")
    lock = run_lock(run.folder)
    lock.acquire()
    other_view = Workspace(workspace.folder)
    assert other_view.run(run.id).state in ("running", "interrupted")
    lock.release()
    assert workspace.runs()[0].state == "interrupted"


def test_names_are_safe_on_every_system_and_keep_their_letters():
    assert safe_name('a/b\\c:d*"e"') == "a b c d e"
    assert safe_name("  电影 评分.  ") == "电影 评分"
    assert safe_name("CON") == "CON_"
    assert safe_name("???") == "dataset"
    assert len(safe_name("x" * 300)) == 60


def test_a_name_is_unique_also_where_case_is_ignored(tmp_path: Path):
    (tmp_path / "Films").mkdir()
    assert unused_name(tmp_path, "films") == "films 2"


def test_nothing_in_a_workspace_is_a_pickle(workspace: Workspace):
    from recdesk.experiment.pipeline import execute
    from recdesk.monitor.control import Control

    run = workspace.create_run("chain", small_config(epochs=1), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    endings = {p.suffix for p in workspace.folder.rglob("*") if p.is_file()}
    assert endings <= {".json", ".jsonl", ".npy", ".npz", ".parquet", ".safetensors", ".txt", ".lock", ".csv"}
    for path in workspace.folder.rglob("*.npy"):
        assert b"'descr': '|O'" not in path.read_bytes()[:128]


def test_a_run_folder_alone_restores_everything_about_it(workspace: Workspace, tmp_path: Path):
    from recdesk.experiment.pipeline import execute
    from recdesk.monitor.control import Control

    run = workspace.create_run("chain", small_config(), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    copy = Run.read(shutil.copytree(run.folder, tmp_path / run.id))
    assert copy.config == run.config
    assert copy.metrics == run.metrics and copy.metrics["test"]
    assert copy.protocol["hash"] == run.protocol["hash"]
    assert len(curves_of(copy).train_loss) == len(curves_of(run).train_loss) > 0
    about = json.loads((copy.folder / "environment.json").read_text())
    assert about["torch"] and about["plan"]["device"] == "cpu"


def test_a_workspace_that_is_gone_gets_a_sentence(workspace: Workspace):
    workspace.folder.rename(workspace.folder.with_name("away"))
    for ask in (workspace.datasets, workspace.runs, lambda: workspace.run("last"), lambda: workspace.dataset("chain")):
        with pytest.raises(StorageError, match=r"does not exist \(any more\)"):
            ask()
