from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from recdesk.cluster.place import place_of
from recdesk.data.importing import ImportResult
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead, asked_often


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
