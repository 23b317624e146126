"""What several workers on this computer gain: `python -m tests.benchmarks.workers DATA [--workers 2] [--epochs 20]`.

For each seed the same run with one worker, on all cores, and with several, which share them: seconds of training, and
NDCG@10 on test. DATA is MovieLens' folder, any file that recdesk reads, or `example`.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

import pandas as pd

from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.training.config import make_config
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.benchmarks.quality import dataset


def main() -> None:
    """Train in turn and print a line a run, then the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--kind", default="bert-causal")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    data = dataset(arguments.data)
    found: dict[int, list[Run]] = {1: [], arguments.workers: []}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "workspace")
        name = workspace.add_dataset(ImportResult(data, [], pd.DataFrame()))
        for seed in range(arguments.seeds):
            for count, runs in found.items():
                config = make_config(
                    arguments.kind, seed=seed, workers=count, epochs=arguments.epochs, patience=1000
                )  # fmt: skip
                run = workspace.create_run(name, config, "leave-one-out")
                runs.append(execute(run, Control(), lambda _event: None))
                print(f"  seed {seed}  workers {count}  {runs[-1].seconds:6.1f} s  {quality(runs[-1]):.4f}", flush=True)
    base = statistics.mean(run.seconds for run in found[1])
    for count, runs in found.items():
        figures = [quality(run) for run in runs]
        seconds = statistics.mean(run.seconds for run in runs)
        print(
            f"{count} workers: {seconds:.1f} s of training ({seconds / base:.2f} of one's), NDCG@10 "
            f"{statistics.mean(figures):.4f} ({min(figures):.4f} to {max(figures):.4f})"
        )


def quality(run: Run) -> float:
    """NDCG@10 on test."""
    return run.metrics["test"]["ndcg@10"]


if __name__ == "__main__":
    main()
