"""Speed of what reads texts: `python -m tests.benchmarks.texts FOLDER [--rounds 5]`.

Prints, on one dataset with texts (such as MovieLens' folder): the time of a training epoch of `text-bert` and `hybrid`
as a multiple of `bert-causal`'s, one epoch of each in turn; and texts a second of the packaged encoder beside
sentence-transformers with the same weights, where that is installed (`pip install sentence-transformers`), in turn too,
with how far their vectors are apart.
"""

import argparse
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recdesk.data.splitting import Split, make_split
from recdesk.text.encoder import Encoder
from recdesk.text.item_texts import item_texts
from recdesk.text.sources import packaged_folder
from recdesk.training.checkpoints import Progress
from recdesk.training.config import BertConfig, TextConfig, make_config
from recdesk.training.loop import take_step
from recdesk.training.train_step import DecoderStep
from tests.benchmarks.quality import dataset, read_texts

KINDS = ("bert-causal", "text-bert", "hybrid")


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    data = dataset(arguments.data)
    epochs(make_split(data), arguments.rounds)
    encoding(item_texts(data), arguments.rounds)


def epochs(split: Split, rounds: int) -> None:
    """Seconds of an epoch of each kind, the kinds in turn."""
    steppers = {kind: prepared(split, kind) for kind in KINDS}
    spent: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for turn in range(rounds + 1):
        for kind, stepper in steppers.items():
            seconds = timed(lambda stepper=stepper, turn=turn: epoch(stepper, turn))  # type: ignore[misc]
            if turn:  # the first sets things up
                spent[kind].append(seconds)
    for kind in KINDS:
        ratios = [mine / base for mine, base in zip(spent[kind], spent["bert-causal"], strict=True)]
        print(
            f"epoch of {kind:12} {statistics.median(spent[kind]):6.2f} s   {statistics.median(ratios):.2f} times "
            f"bert-causal ({min(ratios):.2f}–{max(ratios):.2f})",
            flush=True,
        )


def prepared(split: Split, kind: str) -> DecoderStep:
    """Ready to learn; item vectors are made once, as step 2 does."""
    config = make_config(kind)
    assert isinstance(config, BertConfig)
    if not isinstance(config, TextConfig):
        return DecoderStep(split, config)
    with tempfile.TemporaryDirectory() as folder:
        return DecoderStep(split, config, read_texts(split, config, Path(folder)).vectors)


def epoch(stepper: DecoderStep, number: int) -> None:
    """One pass over the data."""
    progress = Progress(epoch=number)
    stepper.model.train()
    for windows in stepper.batches.plan(number):
        take_step(stepper, windows, progress, lambda event: None)
        progress.step, progress.batch = progress.step + 1, progress.batch + 1


def encoding(texts: list[str], rounds: int) -> None:
    """Texts a second, ours and theirs in turn."""
    folder = packaged_folder()
    if folder is None:
        print("The packaged encoder is not installed: encoding was not measured.")
        return
    encoder = Encoder.load(folder)
    readers: dict[str, Callable[[], NDArray[np.float32]]] = {"recdesk": lambda: encoder.encode(texts)}
    if importlib.util.find_spec("sentence_transformers") is not None:
        from sentence_transformers import SentenceTransformer

        theirs = SentenceTransformer(str(folder), device="cpu")
        readers["sentence-transformers"] = lambda: theirs.encode(texts)
    else:
        print("sentence-transformers is not installed: ours is measured alone.")
    found = {}
    for name, read in readers.items():
        seconds = []
        for _ in range(rounds):
            begun = time.perf_counter()
            found[name] = read()
            seconds.append(time.perf_counter() - begun)
        print(f"{name:22} {len(texts) / statistics.median(seconds):6.0f} texts/s", flush=True)
    if len(found) > 1:
        ours, others = found.values()
        print(f"vectors differ by at most {np.abs(ours - others).max():.1e}")


def timed(work: Callable[[], None]) -> float:
    """Seconds that something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
