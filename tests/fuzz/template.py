"""A small whole workspace for the cases that need one: a dataset, a run over ids, one over texts with an added item."""

import random
from pathlib import Path
from unittest import mock

from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.experiment.open_model import add_new_item
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.training import masked_language, text_stages
from recdesk.training.config import make_config
from recdesk.workspace.workspace import Workspace

SMALL = {"hidden": 16, "layers": 1, "max_length": 8, "epochs": 1, "device": "cpu", "seed": 3}
TEXTS = {"encoder": "scratch", "encoder_steps": 4, "text_width": 16, "text_tokens": 16}


def make_template(folder: Path) -> Path:
    """Build it; returns its folder."""
    rng = random.Random(0)
    lines = ["user,item,rating,time,device"]
    for n in range(600):
        lines.append(f"u{n % 40:02},i{rng.randrange(30):02},{rng.randint(1, 5)},{1_700_000_000 + n * 97},phone")
    (folder / "ratings.csv").write_text("\n".join([*lines, "u01,,3,1700000000,phone"]) + "\n")
    items = [f"i{n:02},Title of {n},{'odd' if n % 2 else 'even'}" for n in range(32)]
    (folder / "items.csv").write_text("\n".join(["item,title,genre", *items]) + "\n")
    workspace = Workspace(folder / "workspace")
    plan = ImportPlan(folder / "ratings.csv", folder / "items.csv", name="Shop", keep_columns=True)
    name = workspace.add_dataset(import_files(plan))
    _run(workspace, name, "bert-causal")
    small = {"SCRATCH_WIDTH": 32, "SCRATCH_LAYERS": 1}
    with mock.patch.multiple(text_stages, **small), mock.patch.multiple(masked_language, STEP_TOKENS=256, MEASURED=64):
        texts = _run(workspace, name, "text-bert", **TEXTS)
    add_new_item(workspace.run(texts), "new-1", {"title": "A new one", "genre": "odd"})
    return workspace.folder


def _run(workspace: Workspace, dataset: str, kind: str, **more: object) -> str:
    settings = {key: value for key, value in SMALL.items() if kind != "text-bert" or key != "hidden"}
    run = workspace.create_run(dataset, make_config(kind, **{**settings, **more}), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert run.state == "finished", run.reason
    return run.id
