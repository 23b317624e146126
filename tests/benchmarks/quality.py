"""Quality against baselines: `python -m tests.benchmarks.quality FOLDER_OR_FILE [--minutes 3] [--seeds 3]`.

Leave-one-out, whole catalogue ranked, seen items removed. Takes MovieLens' folder, or any file that recdesk reads;
`example` is the built-in example.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from recdesk.data.dataset import Dataset
from recdesk.data.example import make_example
from recdesk.data.importing import ImportPlan, import_files, propose
from recdesk.data.splitting import make_split
from recdesk.training.baselines import score_baselines
from recdesk.training.config import KINDS, make_config
from recdesk.training.control import Control
from recdesk.training.evaluation import evaluate
from recdesk.training.loop import fit

SHOWN = ("ndcg@10", "recall@10", "accuracy@1")


def main() -> None:
    """Print the baselines, then each model over all seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    parser.add_argument("--preset", default="Balanced")
    arguments = parser.parse_args()
    split = make_split(dataset(arguments.data))
    for result in score_baselines(split):
        say(result.name, [result.metrics["test"]], 0.0)
    for kind in arguments.kinds:
        found, seconds = [], 0.0
        for seed in range(arguments.seeds):
            config = make_config(kind, arguments.preset, minutes=arguments.minutes, seed=seed)
            with tempfile.TemporaryDirectory() as folder:
                outcome = fit(split, config, Path(folder), lambda event: None, Control())
            result = evaluate(outcome.model, split, "test")
            assert result is not None
            found.append(result.ranks.summary())
            seconds += outcome.seconds
        say(kind, found, seconds / arguments.seeds)


def say(name: str, figures: list[dict[str, float]], seconds: float) -> None:
    """One line: the mean over seeds and the range."""
    parts = []
    for key in SHOWN:
        values = [entry[key] for entry in figures]
        spread = f" ({min(values):.4f}–{max(values):.4f})" if len(values) > 1 else ""
        parts.append(f"{key} {statistics.mean(values):.4f}{spread}")
    print(f"{name:14}", "  ".join(parts), f"  {seconds:.0f} s" if seconds else "", flush=True)


def dataset(name: str) -> Dataset:
    """The example, a folder, or a file."""
    if name == "example":
        return make_example()
    path = Path(name)
    plan = propose([path]) if path.is_dir() else ImportPlan(path)
    return import_files(plan).dataset


if __name__ == "__main__":
    main()
