"""The model is exchanged while requests go on."""

import shutil
import threading
from pathlib import Path

import pytest

from recdesk.api import exported_folder
from recdesk.core.errors import UsageError
from recdesk.experiment.model_folder import export_model
from recdesk.experiment.open_model import open_model
from recdesk.recommend.rules import Rules
from recdesk.serving.served import Exchange, FolderSource, RunSource, SavedRules
from recdesk.workspace.promotion import PROMOTED, promote, promoted
from recdesk.workspace.runs import MODEL, Run
from recdesk.workspace.workspace import Workspace
from tests.data.making import write
from tests.serving.making import drawn_run, workspace_with
from tests.serving.running import serving


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_with(tmp_path / "ws")


@pytest.fixture
def runs(workspace: Workspace) -> list[Run]:
    """Two runs with different models; the first is promoted."""
    made = [drawn_run(workspace, seed) for seed in range(2)]
    promote(made[0])
    return made


def test_a_promoted_run_is_remembered_and_one_without_a_model_is_refused(workspace: Workspace, runs: list[Run]):
    assert promoted(workspace.folder) == runs[0].id
    (runs[1].folder / MODEL).unlink()
    with pytest.raises(Exception, match="missing"):
        promote(workspace.run(runs[1].id))
    assert promoted(workspace.folder) == runs[0].id
    (workspace.folder / PROMOTED).unlink()
    with pytest.raises(UsageError, match="No run has been promoted yet"):
        RunSource(workspace, "promoted")


def test_no_request_is_dropped_when_another_run_is_promoted(workspace: Workspace, runs: list[Run]):
    alone = {run.id: [] for run in runs}
    for run in runs:
        with serving(workspace, run.id) as client:
            alone[run.id] = client.recommend(history=["001"])["items"]
    assert alone[runs[0].id] != alone[runs[1].id]
    with serving(workspace, "promoted") as client:
        answers: list[tuple[str, list]] = []
        failures: list[object] = []
        ended = threading.Event()

        def ask() -> None:
            while not ended.is_set():
                status, answer = client.ask("/v1/recommend", {"history": ["001"]})
                (answers if status == 200 else failures).append((answer.get("run", ""), answer.get("items")))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for run in (runs[1], runs[0], runs[1]):
            promote(run)
            client.exchange.look()
            asked = len(answers)
            while len(answers) < asked + 12:
                assert any(thread.is_alive() for thread in threads)
        ended.set()
        for thread in threads:
            thread.join()
    assert failures == [] and {run for run, _ in answers} == set(alone)
    assert all([item["item_id"] for item in items] == [i["item_id"] for i in alone[run]] for run, items in answers)


def test_a_promotion_while_a_model_is_opened_is_seen_by_the_next_look(
    workspace: Workspace, runs: list[Run], monkeypatch: pytest.MonkeyPatch
):
    def open_slowly(run: Run):
        model = open_model(run)
        if run.id == runs[0].id:
            promote(runs[1])  # before this one answers
        return model

    monkeypatch.setattr("recdesk.experiment.open_model.open_model", open_slowly)
    exchange = Exchange(RunSource(workspace, "promoted"))
    assert exchange.served.run == runs[0].id
    exchange.look()
    assert exchange.served.run == runs[1].id


def test_a_run_that_cannot_be_opened_leaves_the_one_that_answers(workspace: Workspace, runs: list[Run]):
    exchange = Exchange(RunSource(workspace, "promoted"))
    before = exchange.served
    promote(runs[1])
    path = runs[1].folder / MODEL
    path.write_bytes(path.read_bytes()[:100])
    exchange.look()
    assert exchange.served is before and "model.safetensors" in exchange.problem
    promote(runs[0])
    exchange.look()
    assert exchange.served.run == runs[0].id and exchange.problem == ""


def test_histories_of_today_are_read_after_an_update_of_the_dataset(tmp_path: Path):
    from recdesk.data.importing import import_files
    from recdesk.data.plan import ImportPlan

    rows = [f"u{n % 6},i{n * 5 % 9},{n}" for n in range(48)]
    workspace = Workspace(tmp_path / "ws")
    head = "user,item,time\n"
    workspace.add_dataset(import_files(ImportPlan(write(tmp_path / "old.csv", head + "\n".join(rows)), name="b")))
    run = drawn_run(workspace, dataset="b")
    exchange = Exchange(RunSource(workspace, run.id))
    seen: list[str] = []
    exchange._exchanged = lambda served: seen.append(served.model.live.note)
    exchange.look()
    assert seen == [] and "u9" not in exchange.served.model.live.dataset.user_ids
    newer = write(tmp_path / "new.csv", head + "\n".join([*rows, "u9,i1,100", "u9,i2,101"]))
    workspace.update_dataset("b", newer)
    exchange.look()
    assert "u9" in exchange.served.model.live.dataset.user_ids and "was updated after" in seen[0]


def test_stored_rules_are_those_of_now(workspace: Workspace):
    workspace.save_rules(Rules(name="shop", block=("001",)))
    saved = SavedRules(workspace.folder)
    assert saved.named("shop").block == ("001",)
    workspace.save_rules(Rules(name="shop", block=("001", "002")))
    assert saved.named("shop").block == ("001", "002")
    with pytest.raises(UsageError, match="There are no rules “gone”"):
        saved.named("gone")


def test_rules_that_do_not_fit_the_items_are_told_at_the_start(workspace: Workspace, runs: list[Run]):
    workspace.save_rules(Rules(name="weights", cap_feature="weight", cap=1))
    with pytest.raises(UsageError, match="There is no column “weight”"):
        Exchange(RunSource(workspace, "last", "weights"))


def test_an_exported_folder_answers_without_a_workspace_and_is_exchanged_when_it_is_written_again(
    workspace: Workspace, runs: list[Run], tmp_path: Path
):
    export_model(runs[0], tmp_path / "model")
    exchange = Exchange(FolderSource(tmp_path / "model"))
    before = exchange.served
    assert (before.run, before.kind, before.metrics) == (runs[0].id, "bert-causal", {})
    exchange.look()
    assert exchange.served is before
    shutil.rmtree(tmp_path / "model")
    export_model(runs[1], tmp_path / "model")
    exchange.look()
    assert exchange.served.run == runs[1].id
    with pytest.raises(UsageError, match="stand in a workspace"):
        exchange.source.named("shop")
    assert exported_folder(str(tmp_path / "model")) == tmp_path / "model" and exported_folder("last") is None
