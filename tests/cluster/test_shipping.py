"""What cannot be sent to a cluster is said before anything is sent."""

from pathlib import Path

import pytest

from recdesk.cluster import connection, shipping
from recdesk.cluster.connection import connection_to
from recdesk.cluster.folder_store import FolderStore
from recdesk.cluster.shipping import check_shippable
from recdesk.core.errors import RecdeskError
from recdesk.core.task import Task
from recdesk.text.sources import Source
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead, here
from tests.workspace.conftest import small_config


def refused(workspace: Workspace, place: ClusterRecord, kind: str = "bert-causal", **values) -> str:
    """Why a run cannot be sent; "" if it can."""
    run = workspace.create_run("chain", small_config(kind, **values), "leave-one-out", cluster=place)
    try:
        check_shippable(run, connection_to(place, again=True))
    except RecdeskError as error:
        assert error.suggestion
        return error.sentence
    return ""


def test_a_cluster_says_what_is_there(head: FakeHead, place: ClusterRecord):
    found = connection_to(place)
    assert (found.ray, found.cpus, found.gpus, found.most_cpus) == ("2.60.0", 2, 0, 2)
    assert found.nodes[0].reaches and found.differing() == [] and found.problems() == []
    assert list((Path(place.storage) / "jobs").iterdir()) == []  # nothing is left behind
    asked = len(head.jobs)
    assert connection_to(place) is found and len(head.jobs) == asked
    head.session = "session_2"
    assert connection_to(place) is not found


def test_versions_that_differ_are_named(head: FakeHead, place: ClusterRecord, workspace: Workspace):
    head.node = {"versions": here(torch="1.0", numpy="2.9")}
    notes = connection_to(place, again=True).differing()
    assert [note.values["name"] for note in notes] == ["torch", "numpy"] and "1.0 on the cluster" in notes[0]
    assert refused(workspace, place) == ""
    head.node = {"versions": here(recdesk="0.0.1")}
    assert "has recdesk 0.0.1, here it is" in refused(workspace, place)
    head.node = {"versions": {}}
    assert "has recdesk –" in refused(workspace, place)
    head.node = {"reaches": False}
    assert "cannot write to" in refused(workspace, place)


def test_what_the_machines_lack_is_told(head: FakeHead, place: ClusterRecord, workspace: Workspace):
    assert "more than 2" in refused(workspace, place.model_copy(update={"cpus": 3}))
    assert refused(workspace, place, workers=2) == ""
    assert "want 3 CPUs together, and the cluster has 2" in refused(workspace, place, workers=3)
    config = small_config().model_copy(update={"device": "cuda"})
    run = workspace.create_run("chain", config, "leave-one-out", cluster=place)
    with pytest.raises(RecdeskError, match="has no GPU"):
        check_shippable(run, connection_to(place))
    head.node = {"gpus": 1.0}
    two = small_config(workers=2).model_copy(update={"device": "cuda"})
    run = workspace.create_run("chain", two, "leave-one-out", cluster=place)
    with pytest.raises(RecdeskError, match="Each of 2 workers needs a GPU of its own, and the cluster has 1"):
        check_shippable(run, connection_to(place, again=True))
    head.node = {"memory": 1000}
    assert "about 0.0 GB of memory for its item table" in refused(workspace, place)
    head.node = {"packaged": False}
    assert "installed either here or on the machine" in refused(workspace, place, "text-bert", encoder="auto")


def test_an_encoder_in_a_folder_must_be_in_the_storage(
    head: FakeHead, place: ClusterRecord, workspace: Workspace, monkeypatch, tmp_path: Path
):
    source = shipping.find_source("scratch", tmp_path)

    def found(wanted: str, _downloads: Path):
        folder = Path(wanted)
        return Source("folder", folder.name, folder) if folder.is_absolute() else source

    monkeypatch.setattr(shipping, "find_source", found)
    outside, inside = tmp_path / "encoder", Path(place.storage) / "encoder"
    said = refused(workspace, place, "text-bert", encoder=str(outside))
    assert (
        said == f"The text encoder “{outside}” is not in the storage {place.storage}, where the cluster could read it."
    )
    assert refused(workspace, place, "text-bert", encoder=str(inside)) == ""


def test_a_storage_that_is_full_or_not_writable_or_a_workspace_is_told(
    head: FakeHead, place: ClusterRecord, workspace: Workspace, monkeypatch, tmp_path: Path
):
    monkeypatch.setattr(FolderStore, "free", lambda self: 1000)
    assert "has 0.0 GB free" in refused(workspace, place)
    monkeypatch.undo()
    inside = place.model_copy(update={"storage": str(workspace.folder)})
    assert "is a workspace of recdesk" in refused(workspace, inside)
    gone = place.model_copy(update={"storage": str(tmp_path / "no" / "such" / "folder")})
    assert "no/such" in refused(workspace, gone).replace("\\", "/")
    (tmp_path / "file").write_text("")
    assert refused(workspace, place.model_copy(update={"storage": str(tmp_path / "file")}))


def test_a_test_of_the_connection_can_be_cancelled(head: FakeHead, place: ClusterRecord, monkeypatch):
    stops = iter([False, True])
    with pytest.raises(RecdeskError, match="cancelled"):
        connection_to(place, Task(cancelled=lambda: next(stops, True)), again=True)


def test_a_cluster_whose_job_ends_without_an_answer_is_explained(head: FakeHead, place: ClusterRecord, monkeypatch):
    for log, said in (
        ("/bin/sh: 1: python: No module named recdesk", "not installed"),
        ("Error: No such command 'cluster-look'.", "an older one"),
        ("recdesk cluster-look: Got unexpected extra argument (recdesk-look-1)", "an older one"),
        ("FileNotFoundError", "cannot reach the storage"),
    ):
        monkeypatch.setattr(connection.Head, "log", lambda self, submission, log=log: log)
        monkeypatch.setattr(FakeHead, "_carry_out", lambda self, *words: self.jobs.update({words[-1]: "FAILED"}))
        with pytest.raises(RecdeskError, match=said):
            connection_to(place, again=True)
