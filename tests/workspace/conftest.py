from pathlib import Path

import pandas as pd
import pytest

from recdesk.data.importing import ImportResult
from recdesk.training.config import RunConfig, make_config
from recdesk.workspace.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, chain) -> Workspace:
    """A workspace with the dataset "chain" in it."""
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    return workspace


def small_config(kind: str = "bert-causal", **values) -> RunConfig:
    settings = {
        "hidden": 16,
        "layers": 1,
        "max_length": 10,
        "epochs": 4,
        "warmup_steps": 5,
        "learning_rate": 5e-3,
        "dropout": 0.2,
    }
    return make_config(kind, **{**settings, "device": "cpu", **values})
