"""`recdesk split`."""

from pathlib import Path

import pandas as pd
import pytest

from recdesk.data.importing import ImportResult
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk
from tests.conftest import chain_dataset


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = Workspace(tmp_path / "ws")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    return workspace.folder


def test_a_split_is_written_and_checked(workspace: Path, tmp_path: Path):
    told = recdesk("split", "chain", "--kind", "time", "--out", tmp_path / "s", "--workspace", workspace)
    assert {file["part"] for file in told["files"]} == {"train", "validation", "test", "other"}
    test = pd.read_csv(tmp_path / "s" / "test.csv", dtype=str)
    assert len(test) == next(file["rows"] for file in told["files"] if file["part"] == "test")
    again = recdesk("split", "chain", "--check", tmp_path / "s", "--workspace", workspace)
    assert again["hash"] == told["hash"]
    as_parquet = recdesk(
        "split", "chain", "--kind", "time", "--form", "parquet", "--out", tmp_path / "p", "--workspace", workspace
    )
    assert as_parquet["hash"] == told["hash"]
    with (tmp_path / "s" / "train.csv").open("a") as stream:
        stream.write('"x","y",1,2\n')
    refused = recdesk("split", "chain", "--check", tmp_path / "s", "--workspace", workspace, code=1)
    assert refused["error"].endswith("train.csv” is missing, or not as it was written.")


def test_what_cannot_be_written_is_refused(workspace: Path, tmp_path: Path):
    for arguments, said in (
        ((), "Give one of --out and --check."),
        (("--out", tmp_path / "s", "--kind", "half"), "There is no split “half”."),
        (("--out", tmp_path / "s", "--form", "xlsx"), "Split files cannot be written as “xlsx”."),
        (("--out", tmp_path), f"“{tmp_path}” is there already."),
    ):
        assert recdesk("split", "chain", *arguments, "--workspace", workspace, code=2)["error"] == said
    assert not (tmp_path / "s").exists()
