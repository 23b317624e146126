"""Killed and resumed against never killed: `python -m tests.benchmarks.kill [--kills 20] [--kinds bert-causal …]`.

Each run is carried out in a process of its own that is killed for good at a random moment (whatever it does then:
starting, stepping, evaluating, saving), resumed and killed once more, then resumed to its end. Its weights, losses,
evaluations and metrics must equal those of a run that was never killed, bit for bit. All steps of the method are killed
with `--kinds text-bert --set encoder=scratch encoder_steps=60 fine_tune=whole`.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from recdesk.core.tensors import load_tensors
from recdesk.data.example import make_example
from recdesk.data.importing import ImportResult
from recdesk.monitor.events import Evaluated, Step
from recdesk.training.config import KINDS, make_config
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace

_CARRY_OUT = (
    "import sys; from pathlib import Path; from recdesk.training import loop; loop.CHECKPOINT_SECONDS = 0.2;"
    "from recdesk.workspace.runs import Run; from recdesk.experiment.pipeline import execute;"
    "from recdesk.monitor.control import Control;"
    "execute(Run.read(Path(sys.argv[1])), Control(), lambda event: None, resume=True)"
)


def main() -> None:
    """Kill, resume, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    parser.add_argument("--set", nargs="*", default=[], help="key=value")
    arguments = parser.parse_args()
    settings = dict(entry.split("=", 1) for entry in arguments.set)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "workspace")
        name = workspace.add_dataset(ImportResult(make_example(), [], pd.DataFrame()))
        for kind in arguments.kinds:
            compare(workspace, name, kind, arguments.kills, settings)


def compare(workspace: Workspace, dataset: str, kind: str, kills: int, settings: dict[str, str]) -> None:
    """One line for a kind; `negatives` so that learning by rows is in it."""
    usual = {"max_length": 20} if kind == "two-tower" else {"hidden": 32, "max_length": 20, "negatives": 256}
    config = make_config(kind, **{"epochs": 8, **usual, **settings})
    whole = workspace.create_run(dataset, config, "leave-one-out")
    begun = time.perf_counter()
    carry_out(whole, None)
    lasted = time.perf_counter() - begun
    rng, moments, same = random.Random(0), [], 0
    for _ in range(kills):
        run = workspace.create_run(dataset, config, "leave-one-out")
        for _ in range(2):
            moment = rng.uniform(0.2, 0.9) * lasted
            carry_out(run, moment)
            moments.append((moment, len([e for e in events_of(run) if isinstance(e, Step)])))
            workspace.runs()  # notices that the process is gone
        carry_out(run, None)
        same += record(run) == record(whole)
    reached = ", ".join(f"{moment:.1f} s: {step}" for moment, step in moments)
    print(f"{kind}: {same} of {kills} runs, each killed twice, equal the one never killed")
    print(f"  killed after (seconds: steps done by then): {reached}", flush=True)


def carry_out(run: Run, seconds: float | None) -> None:
    """In a process of its own; killed after so many seconds."""
    if Run.read(run.folder).state == "finished":
        return
    with subprocess.Popen([sys.executable, "-c", _CARRY_OUT, str(run.folder)]) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def record(run: Run) -> tuple[object, ...]:
    """All that must be equal: weights, losses, evaluations, metrics."""
    weights = {
        name: value.numpy().tobytes() for name, value in load_tensors(run.best_folder / "model.safetensors")[0].items()
    }
    run = Run.read(run.folder)
    events = events_of(run)
    losses = [(e.step, e.loss) for e in events if isinstance(e, Step)]
    evaluations = [(e.epoch, e.loss, tuple(sorted(e.metrics.items()))) for e in events if isinstance(e, Evaluated)]
    return weights, losses, evaluations, run.metrics


if __name__ == "__main__":
    main()
