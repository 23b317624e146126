from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from recdesk.cluster import object_store
from recdesk.cluster.place import place_of
from recdesk.data.importing import ImportResult
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead, asked_often
from tests.cluster.object_server import KEYS, ObjectServer


@pytest.fixture
def workspace(tmp_path: Path, chain) -> Workspace:
    """A workspace with the dataset "chain" in it."""
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    return workspace


@pytest.fixture
def head(monkeypatch) -> Iterator[FakeHead]:
    """A head that answers at once, and is asked often."""
    yield from asked_often(monkeypatch)


@pytest.fixture
def place(head: FakeHead, tmp_path: Path) -> ClusterRecord:
    """A cluster of that head, with a storage."""
    return place_of(head.address, str(tmp_path / "storage"), cpus=1)


@pytest.fixture(scope="session")
def object_server() -> Iterator[ObjectServer]:
    """An object store of this process."""
    pytest.importorskip("moto", reason="needs an object store: pip install “moto[server]”")
    server = ObjectServer()
    yield server
    server.close()


@pytest.fixture
def object_address(object_server: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of an empty storage there; machines that bring something from it have a folder of the test."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("RECDESK_SCRATCH", str(tmp_path / "scratch"))
    monkeypatch.setattr(object_store.ObjectStore, "interval", 0.05)
    yield object_server.new_bucket()
    object_server.silent = False
