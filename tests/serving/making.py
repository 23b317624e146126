"""A workspace with a run whose weights are drawn: quick to make, and all that serving asks of a model."""

from pathlib import Path

import pandas as pd
import torch

from recdesk.data.dataset import Dataset
from recdesk.data.importing import ImportResult
from recdesk.models.bert import BertCausal, Shape
from recdesk.workspace.runs import MODEL, Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config


def workspace_with(folder: Path, dataset: Dataset | None = None) -> Workspace:
    """A workspace with the dataset "chain", or another one."""
    workspace = Workspace(folder)
    workspace.add_dataset(ImportResult(dataset or chain_dataset(), [], pd.DataFrame()))
    return workspace


def drawn_run(
    workspace: Workspace, seed: int = 0, dataset: str = "chain", hidden: int = 16, layers: int = 1, max_length: int = 10
) -> Run:
    """A finished run with a model of drawn weights."""
    run = workspace.create_run(dataset, small_config(), "leave-one-out")
    n_items = workspace.dataset(dataset).n_items
    model = drawn(n_items, seed, hidden, layers, max_length)
    run.best_folder.mkdir(parents=True)
    model.save(run.best_folder)
    workspace.run_store.set_state(run, "finished", written=[MODEL])
    return workspace.run(run.id)


def drawn(n_items: int, seed: int = 0, hidden: int = 16, layers: int = 1, max_length: int = 10) -> BertCausal:
    """A model of drawn weights."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = BertCausal(Shape(n_items, max_length, hidden, layers, 2))
        torch.nn.init.normal_(model.item_table)
    return model.eval()
