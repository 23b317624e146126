"""Quality against baselines: `python -m tests.benchmarks.quality FOLDER_OR_FILE [--minutes 3] [--seeds 3]`.

Leave-one-out, whole catalogue ranked, seen items removed. Takes MovieLens' folder, or any file that recdesk reads;
`example` is the built-in example. With `--split new-items` each seed hides another tenth of the items. With
`--set fine_tune=…` the figures after step 3 stand in a line of their own.
"""

import argparse
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scipy.stats

from recdesk.data.dataset import Dataset
from recdesk.data.example import make_example
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import propose
from recdesk.data.split_kinds import SPLIT_KINDS
from recdesk.data.splitting import Split, make_split
from recdesk.evaluation.baselines import score_baselines
from recdesk.evaluation.ranking import evaluate
from recdesk.models.base import Recommender
from recdesk.models.baselines.similar_texts import SimilarTexts
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, StageStarted
from recdesk.recommend.recommender import MODELS
from recdesk.text.text_paths import TextPaths
from recdesk.training.config import KINDS, RunConfig, TextConfig, make_config
from recdesk.training.fit import fit
from recdesk.training.text_stages import Prepared, prepare_texts

SHOWN = ("ndcg@10", "recall@10", "accuracy@1")


def main() -> None:
    """Print the baselines, then each model over all seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    parser.add_argument("--preset", default="Balanced")
    parser.add_argument("--split", choices=SPLIT_KINDS, default="leave-one-out")
    parser.add_argument("--epochs", type=int, help="train for so many instead of for some minutes")
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument("--set", nargs="*", default=[], help="key=value")
    arguments = parser.parse_args()
    data = dataset(arguments.data)
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    seconds: dict[str, float] = defaultdict(float)
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        split = make_split(data, arguments.split, seed=seed if arguments.split == "new-items" else 0)
        first = seed == arguments.first_seed or arguments.split == "new-items"
        if first and not arguments.no_baselines:
            for baseline in score_baselines(split):
                found[baseline.name].append(baseline.metrics["test"])
        for kind in arguments.kinds:
            for name, figures, spent in after_each_step(split, wanted(arguments, kind, seed)):
                found[name].append(figures)
                seconds[name] += spent
                print(f"  seed {seed}", end="  ")
                say(name, [figures], spent)
    for name, entries in found.items():
        say(name, entries, seconds[name] / len(entries))


def wanted(arguments: argparse.Namespace, kind: str, seed: int) -> RunConfig:
    """The settings of a run."""
    limit: dict[str, Any] = {"minutes": arguments.minutes}
    if arguments.epochs:
        limit = {"epochs": arguments.epochs, "patience": 1000}
    fields = KINDS[kind].model_fields
    more = dict(pair.split("=", 1) for pair in arguments.set)
    more = {name: value for name, value in more.items() if name in fields}
    return make_config(kind, arguments.preset, seed=seed, **limit, **more)


def after_each_step(split: Split, config: RunConfig) -> Iterator[tuple[str, dict[str, float], float]]:
    """Name, test figures and seconds after each step of the method that the settings ask for."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        texts = None
        if isinstance(config, TextConfig):
            texts = read_texts(split, config, folder)
            yield f"{config.kind}: texts alone", figures_of(SimilarTexts(texts.vectors), split, False), 0.0
        decoder: list[dict[str, float]] = []

        def heard(event: Event) -> None:
            if isinstance(event, StageStarted) and event.stage == "fine-tuning":
                decoder.append(figures_of(MODELS[config.kind].load(folder / "checkpoints" / "best"), split))

        outcome = fit(split, config, folder, heard, Control(), texts=texts)
        if decoder:
            yield f"{config.kind}: decoder", decoder[0], 0.0
        yield config.kind, figures_of(outcome.model, split), outcome.seconds


def figures_of(model: Recommender, split: Split, with_loss: bool = True) -> dict[str, float]:
    """Test figures."""
    result = evaluate(model, split, "test", with_loss=with_loss)
    assert result is not None
    return result.ranks.summary()


def read_texts(split: Split, config: TextConfig, folder: Path) -> Prepared:
    """Steps 1 and 2; an encoder's vectors are kept for the next seed."""
    text_paths = TextPaths(folder, Path(tempfile.gettempdir()) / "recdesk-quality", folder)
    prepared = prepare_texts(split, config, text_paths, lambda event: None, Control(), resume=False)
    assert prepared is not None
    return prepared


def say(name: str, figures: list[dict[str, float]], seconds: float) -> None:
    """One line: the mean over seeds and its 95 % interval (Student's t)."""
    parts = []
    for key in SHOWN:
        values = [entry[key] for entry in figures]
        text = f"{key} {statistics.mean(values):.4f}"
        if len(values) > 1:
            error = statistics.stdev(values) / len(values) ** 0.5
            text += f" ± {scipy.stats.t.ppf(0.975, len(values) - 1) * error:.4f} ({min(values):.4f}–{max(values):.4f})"
        parts.append(text)
    print(f"{name:24}", "  ".join(parts), f"  {seconds:.0f} s" if seconds else "", flush=True)


def dataset(name: str) -> Dataset:
    """The example, a folder, or a file."""
    if name == "example":
        return make_example()
    path = Path(name)
    plan = propose([path]) if path.is_dir() else ImportPlan(path)
    return import_files(plan).dataset


if __name__ == "__main__":
    main()
