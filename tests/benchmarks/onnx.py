"""A model as ONNX beside the run that it was exported from:
`python -m tests.benchmarks.onnx [--items 54542] [--run FOLDER]`.

Of a `bert-causal` of drawn weights, or of the run in a folder: seconds of the export, size on disk, how its lists
compare with those of the run (float and 8-bit weights), seconds from the start of a process to its first answer, and
milliseconds to read one history and thirty-two of them. With `--search`: the ten best of vectors that were drawn, found
by bounds and by scoring all items, for catalogues of 10⁴ to 10⁶ items (CPU time of one thread).
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from recdesk.api import load
from recdesk.data.histories import Histories
from recdesk.experiment.onnx_folder import export_onnx, open_onnx_folder
from recdesk.recommend.exact_search import ExactSearch
from recdesk.recommend.highest import top
from recdesk.workspace.runs import Run
from tests.benchmarks.rules import median
from tests.benchmarks.serving import LENGTH, catalogue
from tests.serving.making import drawn_run, workspace_with

FIRST = "import sys, recdesk.api; m = recdesk.api.load(sys.argv[1]); list(m.recommend(history=m.item_ids[:200]))"


def first_answer(folder: Path, times: int = 5) -> float:
    """Seconds of a process that opens a folder and answers once, the median."""
    return median(lambda: subprocess.run([sys.executable, "-c", FIRST, str(folder)], check=True), times) / 1000


def drawn(folder: Path, n_items: int, hidden: int) -> Run:
    """A run with weights that are drawn."""
    workspace = workspace_with(folder, catalogue(n_items))
    return drawn_run(workspace, 0, "drawn", hidden=hidden, layers=2, max_length=LENGTH)


def measure(run: Run, folder: Path) -> None:
    """Export, compare, open."""
    print(f"run: first answer {first_answer(run.folder):.2f} s", flush=True)
    model = load(run.folder)
    read(lambda histories: model.by_ids.live.model.user_vectors(histories), model.by_ids.live.dataset.n_items)
    for int8 in (False, True):
        name = "int8" if int8 else "float32"
        begun = time.perf_counter()
        made = export_onnx(run, folder / name, int8=int8)
        taken = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in (folder / name).iterdir()) / 2**20
        print(f"{name}: exported in {taken:.1f} s, {size:.1f} MB", *made.parity.sentences, sep="\n  ", flush=True)
        print(f"  first answer {first_answer(folder / name):.2f} s", flush=True)
        about, opened = open_onnx_folder(folder / name)
        read(opened.reader.queries, about.items)


def read(queries, n_items: int) -> None:
    """Milliseconds to read one history and several."""
    rng = np.random.default_rng(0)
    one, many = (Histories.of(rng.integers(1, n_items + 1, (count, LENGTH))) for count in (1, 32))
    alone, together = median(lambda: queries(one), 101), median(lambda: queries(many), 21)
    print(f"  a history of {LENGTH} read in {alone:.2f} ms, 32 together in {together:.1f} ms", flush=True)


def search(n_items: int, width: int, decay: float, many: int = 32) -> None:
    """The ten best by bounds and by scoring all, of vectors that are drawn: with a decay their length lies in few
    directions, as that of trained ones."""
    rng, none = np.random.default_rng(0), np.empty(0, np.int64)
    spectrum, turned = np.arange(1, width + 1) ** -decay, np.linalg.qr(rng.normal(size=(width, width)))[0]
    vectors = ((rng.normal(size=(n_items, width)) * spectrum) @ turned).astype(np.float32)
    queries = ((rng.normal(size=(many, width)) * spectrum) @ turned).astype(np.float32)
    bias = (0.3 * rng.normal(size=n_items)).astype(np.float32)
    found = ExactSearch(vectors, bias)

    def searched(some: np.ndarray) -> np.ndarray:
        return np.array([rows for rows, _ in found.best(some, [10] * len(some), [none] * len(some))])

    def scored(some: np.ndarray) -> np.ndarray:
        return top(some @ vectors.T + bias, 10)[1]

    one, every, together, all_together = (
        processor_ms(partial(work, some)) for some in (queries[:1], queries) for work in (searched, scored)
    )
    same = (searched(queries) == scored(queries)).mean()
    print(f"{n_items:>9,} × {width}, decay {decay}: one {one:.2f} ms (all items {every:.2f}),", end=" ")
    print(f"{many} together {together:.1f} ms ({all_together:.1f}), the same {same:.1%}", flush=True)


def processor_ms(work: Callable[[], object], times: int = 7) -> float:
    """Milliseconds of the processor in this thread, the median."""
    taken = []
    for _ in range(times + 1):
        begun = time.thread_time()
        work()
        taken.append(1000 * (time.thread_time() - begun))
    return float(np.median(taken[1:]))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=54_542)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--run", type=Path, help="folder of a finished run in the place of one with drawn weights")
    parser.add_argument("--search", action="store_true", help="only the search among many items, with one thread")
    given = parser.parse_args()
    if given.search:
        with threadpool_limits(1):
            for n_items, width in ((10_000, 64), (54_542, 128), (100_000, 64), (1_000_000, 64)):
                for decay in (0.0, 0.7):
                    search(n_items, width, decay)
        return
    with tempfile.TemporaryDirectory() as folder:
        run = Run.read(given.run) if given.run else drawn(Path(folder) / "ws", given.items, given.hidden)
        measure(run, Path(folder))


if __name__ == "__main__":
    main()
