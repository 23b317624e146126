"""What `recdesk health` and `recdesk train` say of what data can show."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recdesk.__main__ import app
from recdesk.data.importing import ImportResult
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import SMALL, recdesk
from tests.conftest import chain_dataset


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    workspace = Workspace(tmp_path / "ws")
    workspace.add_dataset(ImportResult(chain_dataset(n_users=200), [], pd.DataFrame()))
    return workspace.folder


def test_health_says_whether_order_matters_and_what_can_be_told_apart(workspace: Path):
    told = recdesk("health", "chain", "--workspace", workspace)
    assert told["order"]["people"] == 200 and told["order"]["low"] > 0
    assert set(told["smallest_difference"]) == {"leave-one-out", "time"}
    smallest = told["smallest_difference"]["leave-one-out"]
    assert smallest["people"] == 200 and smallest["difference"] > 0
    assert recdesk("health", "chain", "--workspace", workspace) == told


@pytest.mark.slow
def test_train_says_before_it_begins_what_can_be_told_apart(workspace: Path):
    said = (
        CliRunner()
        .invoke(app, ["train", "chain", *SMALL, "--epochs", "1", "--device", "cpu", "--workspace", str(workspace)])
        .output
    )
    sentence = "With 200 people measured, two models must differ by about"
    assert said.index(sentence) < said.index("epoch 1")
