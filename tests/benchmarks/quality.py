"""Quality against baselines: `python -m tests.benchmarks.quality FOLDER_OR_FILE [--minutes 3] [--seeds 3]`.

Leave-one-out, whole catalogue ranked, seen items removed. Takes MovieLens' folder, or any file that recdesk reads;
`example` is the built-in example.
"""

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

from recdesk.data.dataset import Dataset
from recdesk.data.example import make_example
from recdesk.data.importing import ImportPlan, import_files, propose
from recdesk.data.splitting import SPLIT_KINDS, Split, make_split
from recdesk.models.similar_texts import SimilarTexts
from recdesk.training.baselines import score_baselines
from recdesk.training.config import KINDS, TextConfig, make_config
from recdesk.training.control import Control
from recdesk.training.evaluation import evaluate
from recdesk.training.loop import fit
from recdesk.training.text_stages import Places, Prepared, prepare_texts

SHOWN = ("ndcg@10", "recall@10", "accuracy@1")


def main() -> None:
    """Print the baselines, then each model over all seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    parser.add_argument("--preset", default="Balanced")
    parser.add_argument("--split", choices=SPLIT_KINDS, default="leave-one-out")
    parser.add_argument("--epochs", type=int, help="train for so many instead of for some minutes")
    parser.add_argument("--set", nargs="*", default=[], help="key=value")
    arguments = parser.parse_args()
    split = make_split(dataset(arguments.data), arguments.split)
    for result in score_baselines(split):
        say(result.name, [result.metrics["test"]], 0.0)
    for kind in arguments.kinds:
        found, seconds = [], 0.0
        for seed in range(arguments.seeds):
            limit: dict[str, Any] = {"minutes": arguments.minutes}
            if arguments.epochs:
                limit = {"epochs": arguments.epochs, "patience": 1000}
            more = dict(pair.split("=", 1) for pair in arguments.set)
            config = make_config(kind, arguments.preset, seed=seed, **limit, **more)
            with tempfile.TemporaryDirectory() as folder:
                texts = read_texts(split, config, Path(folder)) if isinstance(config, TextConfig) else None
                outcome = fit(split, config, Path(folder), lambda event: None, Control(), texts=texts)
            result = evaluate(outcome.model, split, "test")
            assert result is not None
            found.append(result.ranks.summary())
            seconds += outcome.seconds
        say(kind, found, seconds / arguments.seeds)


def read_texts(split: Split, config: TextConfig, folder: Path) -> Prepared:
    """Steps 1 and 2, and how good texts are by themselves; an encoder's vectors are kept for the next seed."""
    places = Places(folder, Path(tempfile.gettempdir()) / "recdesk-quality", folder)
    prepared = prepare_texts(split, config, places, lambda event: None, Control(), resume=False)
    assert prepared is not None
    alone = evaluate(SimilarTexts(prepared.vectors), split, "test", with_loss=False)
    assert alone is not None
    say(SimilarTexts.kind, [alone.ranks.summary()], 0.0)
    return prepared


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
