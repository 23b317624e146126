"""Exports on a cluster whose storage is an object store: the bytes of this computer, and nothing left behind."""

from pathlib import Path

import numpy as np
import pytest

from recdesk.cluster.export_engine import take_over
from recdesk.cluster.place import place_of
from recdesk.cluster.storage import Storage
from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.experiment.sharded_export import dataset_for_use, export_in_shards
from recdesk.recommend.export_options import EditedPerson, ExportOptions
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead
from tests.cluster.object_server import ObjectServer
from tests.cluster.test_export_engine import OPTIONS, SHARDS, Engines, Slow, as_before, exported, local, run, slow
from tests.data.making import write
from tests.engines import Here
from tests.serving.making import drawn_run

__all__ = ["as_before", "run", "slow"]
pytestmark = pytest.mark.slow


@pytest.fixture
def place(head: FakeHead, object_address: str) -> ClusterRecord:
    return place_of(head.address, object_address, cpus=1)


@pytest.mark.parametrize("name", OPTIONS)
def test_the_files_are_those_of_this_computer_and_nothing_of_them_stays(
    place: ClusterRecord, run: Run, tmp_path: Path, name: str
):
    _, merged = exported(run, place, tmp_path / "parts", OPTIONS[name])
    assert merged == local(run, tmp_path, OPTIONS[name])
    store = Storage(place.storage).store
    assert (store.names("exports"), store.names("jobs")) == ([], [])
    assert not list((tmp_path / "scratch").rglob("part-*"))


def test_model_and_data_travel_once(place: ClusterRecord, run: Run, tmp_path: Path, object_server: ObjectServer):
    exported(run, place, tmp_path / "one", OPTIONS["csv"])
    object_server.requests.clear()
    exported(run, place, tmp_path / "two", OPTIONS["csv"])
    assert not [path for method, path in object_server.requests if method == "PUT" and "/models/" in path]
    assert not [path for method, path in object_server.requests if method == "PUT" and "/versions/" in path]
    assert not [path for method, path in object_server.requests if method == "GET" and path.endswith(".safetensors")]


def test_newer_histories_and_the_encoder_of_a_model_over_texts_travel_too(
    place: ClusterRecord, workspace: Workspace, text_workspace: Path, tmp_path: Path
):
    rows = [f"u{user},i{(user + step) % 9},{step}" for user in range(60) for step in range(5)]
    plan = ImportPlan(write(tmp_path / "old.csv", "user,item,time\n" + "\n".join(rows)), name="b")
    workspace.add_dataset(import_files(plan))
    of_b = drawn_run(workspace, dataset="b")
    rows += [f"u{user},i{user % 9},9" for user in range(70)]
    workspace.update_dataset("b", write(tmp_path / "newer.csv", "user,item,time\n" + "\n".join(rows)))
    made, merged = exported(of_b, place, tmp_path / "parts", OPTIONS["csv"])
    assert merged == local(of_b, tmp_path / "parts", OPTIONS["csv"]) and made.people == 70
    over_texts = Workspace(text_workspace).runs()[0]
    data, _ = dataset_for_use(over_texts)
    wishes = [EditedPerson(4, str(data.user_ids[4]), [1, 2], wish=str(data.titles[2]))]
    options = ExportOptions(n=3, users=np.arange(data.n_users), edited=wishes)
    _, merged = exported(over_texts, place, tmp_path / "texts", options)
    assert merged == local(over_texts, tmp_path, options)


def test_a_cancelled_export_goes_on_and_another_computer_may_take_it_over(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path, slow: Engines
):
    head.engine, folder = slow, tmp_path / "parts"

    def report(_share: float, text: str) -> None:
        pass

    with pytest.raises(CancelledError, match="files is finished and stay"):
        exported(run, place, folder, OPTIONS["csv"], Task(report, (folder / "part-00000.csv").exists))
    left = take_over(folder)
    Slow.go.set()  # one that is computed still is not brought
    head.close()
    assert left is not None and Storage(place.storage).store.names("exports") == []
    data, merged = dataset_for_use(run)[0], tmp_path / "merged.csv"
    made = export_in_shards(run, data, folder, SHARDS, OPTIONS["csv"], 0, Here(threads=1), merged)
    assert made.kept == 1 and merged.read_bytes() == local(run, tmp_path, OPTIONS["csv"])
