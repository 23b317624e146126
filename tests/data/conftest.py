"""Files for the tests of the data layer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.files import foreign, isolated, limits
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from tests.conftest import SHARED


@pytest.fixture(scope="session")
def beauty_file() -> Path:
    """Amazon Beauty, where the machine has it."""
    path = SHARED / "beauty.txt.gz"
    if not path.is_file():
        pytest.skip("needs Amazon Beauty beside the project (../shared/data/beauty.txt.gz)")
    return path


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file: `write("name", "text", encoding="gb18030")`, or bytes."""

    def _write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return _write


def read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do here what a process of its own does, so that it heeds what a test changes."""

    def call(
        name: str,
        shown: str,
        size: int,
        arguments: dict[str, Any],
        task: Task = UNWATCHED,
    ) -> Any:
        answer = foreign.answer({"call": name, "arguments": arguments}, lambda message: None)
        return isolated.result_of(json.loads(json.dumps(answer)), shown, limits.memory_for(size))

    monkeypatch.setattr(isolated, "call", call)


def read(path: Path, **options: object) -> ImportResult:
    """Import with a plan's options, checking that the report accounts for every row."""
    result = import_files(ImportPlan(path, **options))  # type: ignore[arg-type]
    report = result.dataset.report
    assert report["read"] == report["kept"] + sum(report["rejected"].values()) + sum(report["dropped"].values())
    assert report["kept"] == result.dataset.n_interactions
    return result


def pairs(dataset: Dataset) -> list[tuple[str, str]]:
    """(user id, item id) of every row, in the dataset's order."""
    users = dataset.user_ids.repeat(list(dataset.offsets[1:] - dataset.offsets[:-1]))
    return list(zip(users, dataset.item_ids[dataset.items - 1], strict=True))
