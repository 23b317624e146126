"""Works that a process may die in: each is begun or gone on with by the same call, whatever an earlier one left."""

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd

from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.monitor.events import EncoderStep, Epoch, Evaluated, Step
from recdesk.training.config import make_config
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset

SMALL = {"max_length": 6, "epochs": 2, "device": "cpu", "seed": 3}
BACKBONE = {"hidden": 8, "layers": 1, "heads": 1}
TEXTS = {"encoder": "scratch", "encoder_steps": 2, "text_tokens": 8}
RUNS: dict[str, dict[str, Any]] = {
    "bert-causal": {**SMALL, **BACKBONE},
    "bert4rec": {**SMALL, **BACKBONE, "epochs": 6, "patience": 1},
    "hybrid": {**SMALL, **BACKBONE, **TEXTS, "text_width": 8},
    "text-bert": {
        **SMALL, **BACKBONE, **TEXTS, "text_width": 8, "fine_tune": "low-rank", "fine_tune_epochs": 1,
    },
    "two-tower": {**SMALL, **TEXTS, "user_tokens": 16, "cuts": 2},
}  # fmt: skip
HEAD = "user,item,rating,time\n"
OLD = HEAD + "".join(f"u{n % 5},i{n % 7},{n % 5},{n}\n" for n in range(40))
NEW = OLD + "u9,i1,5,100\nu9,i8,5,101\n"


def make_small() -> None:
    """Tiny encoders and steps, a checkpoint after each step, intervals of few resamples."""
    from functools import partial

    import torch

    from recdesk.evaluation import metrics
    from recdesk.training import loop, masked_language, text_stages

    metrics.bootstrap = partial(metrics.bootstrap, resamples=20)

    torch.set_num_threads(1)
    text_stages.SCRATCH_WIDTH, text_stages.SCRATCH_LAYERS = 32, 1
    masked_language.STEP_TOKENS, masked_language.MEASURED = 64, 8
    loop.CHECKPOINT_SECONDS = 0.0


class Scenario:
    """A work on a folder; `kind` is one of `KINDS`."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def prepare(self, folder: Path) -> None:
        """What is there before the work begins."""
        if self.kind in ("update", "import"):
            (folder / "old.csv").write_text(OLD, encoding="utf-8")
            (folder / "new.csv").write_text(NEW, encoding="utf-8")
        workspace = Workspace(folder / "workspace")
        if self.kind == "update":
            workspace.add_dataset(import_files(ImportPlan(folder / "old.csv", name="shop")))
        elif self.kind != "import":
            workspace.add_dataset(ImportResult(chain_dataset(12, 10, 6), [], pd.DataFrame()))
        if self.kind == "export":
            (folder / "out").mkdir()
            run = workspace.create_run("chain", make_config("bert-causal", **RUNS["bert-causal"]), "leave-one-out")
            run = execute(run, Control(), lambda event: None)
        elif self.kind in RUNS:
            from recdesk.data.splitting import make_split
            from recdesk.evaluation.baselines import score_baselines

            if self.kind != "bert-causal":  # their files are tried there
                score_baselines(make_split(workspace.dataset("chain")), workspace.cache)

    def work(self, folder: Path) -> None:
        """Begin, or go on with what was begun; at the end all is done."""
        workspace = Workspace(folder / "workspace")
        if self.kind == "import":
            if not workspace.datasets():
                workspace.add_dataset(import_files(ImportPlan(folder / "old.csv", name="shop")))
        elif self.kind == "update":
            if workspace.dataset("shop").n_users < 6:
                workspace.update_dataset("shop", folder / "new.csv")
        elif self.kind == "export":
            from recdesk.experiment.open_model import open_model
            from recdesk.recommend.export import export_top_n

            export_top_n(open_model(workspace.runs()[0]), folder / "out" / "top.csv", 3)
        elif self.kind == "study":
            _study(workspace)
        else:
            runs = workspace.runs()
            config = make_config(self.kind, **RUNS[self.kind])
            _carry_out(runs[0] if runs else workspace.create_run("chain", config, "leave-one-out"))

    def result(self, folder: Path) -> dict[str, Any]:
        """What must not depend on whether somebody died."""
        workspace = Workspace(folder / "workspace")
        if self.kind == "export":
            return {"csv": hashlib.sha256((folder / "out" / "top.csv").read_bytes()).hexdigest()}
        if self.kind in ("import", "update"):
            dataset = workspace.dataset("shop")
            return {
                "datasets": len(workspace.datasets()),
                "hash": dataset.content_hash,
                "rows": dataset.n_interactions,
                "changes": dataset.report.get("changes"),
                "notes": dataset.report.get("notes"),
                "health": str(workspace.health("shop").to_dict()),
            }
        return {str(number): _of_run(run) for number, run in enumerate(sorted(workspace.runs(), key=lambda r: r.trial))}


def _carry_out(run: Run) -> None:
    if run.state != "finished":
        run = execute(run, Control(), lambda event: None, resume=run.state != "queued")
    assert run.state == "finished", run.reason


def _study(workspace: Workspace) -> None:
    from recdesk.experiment.study import create_study, studies

    known = studies(workspace)
    base = make_config("text-bert", **{**SMALL, **BACKBONE, **TEXTS, "text_width": 8, "epochs": 1})
    study = known[0] if known else create_study(workspace, "chain", base, "leave-one-out", 1000.0)
    while len(study.runs()) < 3 or any(run.state != "finished" for run in study.runs()):
        run = study.next_run()
        assert run is not None
        _carry_out(run)
    study.write_best()


def _of_run(run: Run) -> dict[str, Any]:
    steps: dict[str, Any] = {}
    for event in events_of(run):
        if isinstance(event, EncoderStep):
            steps[f"encoder {event.done}"] = event.loss  # one that was taken again replaces the earlier
    events = [event for event in events_of(run) if isinstance(event, Step | Epoch | Evaluated)]
    return {
        "weights": weights(run.best_folder / "model.safetensors"),
        "encoder": weights(run.folder / "encoder" / "model.safetensors"),
        "whitening": weights(run.folder / "text.safetensors"),
        "metrics": str(run.metrics),
        "baselines": str(run.baselines),
        "comparisons": str(run.comparisons),
        "settings": str({**run.config.model_dump(), "minutes": None}),
        "reason": run.reason,
        "events": len(events),
        "losses": [(event.kind, event.step, event.loss) for event in events],
        "encoder steps": steps,
    }


def weights(path: Path) -> str:
    """SHA-256 of tensors; "" where there is no file."""
    from safetensors.torch import load_file

    if not path.exists():
        return ""
    digest = hashlib.sha256()
    for name, tensor in sorted(load_file(path).items()):
        digest.update(name.encode() + tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


KINDS = (*RUNS, "study", "update", "import", "export")
