"""Training speed and evaluation's share: `python -m tests.benchmarks.speed [--shape ml1m] [--seconds 40]`.

Generated data: a dense set of ML-1M's shape (6,000 users, 3,400 items, mean history 160), a sparse one of Beauty's
(40,000 users, 54,500 items, mean history 9), one of ML-25M's (162,000 users, 59,000 items, mean history 150), or a
catalogue of a million items (500,000 users, mean history 40). Prints real tokens a second, milliseconds a step, how
long evaluation takes for each second of training, the share of time that is not training (setting up, saving and the
last evaluation with it), the peak of memory, and top-10 lists a second for (at most 20,000) users.
"""

import argparse
import tempfile
import time
from pathlib import Path

import psutil

from recdesk.data.splitting import Split, make_split
from recdesk.monitor.control import Control
from recdesk.monitor.events import Epoch, Evaluated, Event, Step
from recdesk.recommend.export import export_top_n
from recdesk.recommend.recommender import LiveModel
from recdesk.training.config import ID_KINDS, make_config
from recdesk.training.fit import fit
from tests.benchmarks.shapes import SHAPES, generated

MOST_USERS = 20_000


def main() -> None:
    """Train each kind for a while and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=SHAPES, default="ml1m")
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--kinds", nargs="+", default=list(ID_KINDS))
    arguments = parser.parse_args()
    users, items, mean, length = SHAPES[arguments.shape]
    data = generated(users, items, mean)
    split = make_split(data)
    for kind in arguments.kinds:
        measure(kind, split, length, arguments.seconds)


def measure(kind: str, split: Split, length: int, seconds: float, device: str = "auto") -> None:
    """Train, then rank for everybody."""
    steps: list[Step] = []
    evaluating, since = 0.0, 0.0

    def on_event(event: Event) -> None:
        nonlocal evaluating, since
        if isinstance(event, Step):
            steps.append(event)
            since = 0.0  # not every epoch ends with an evaluation
        elif isinstance(event, Epoch):
            since = time.perf_counter()
        elif isinstance(event, Evaluated) and since:
            evaluating, since = evaluating + time.perf_counter() - since, 0.0

    config = make_config(kind, max_length=length, minutes=seconds / 60, device=device)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        outcome = fit(split, config, Path(folder), on_event, Control())
        whole = time.perf_counter() - begun
        model = LiveModel(outcome.model, split.dataset)
        users = range(min(MOST_USERS, split.dataset.n_users, 2 * 10**9 // split.dataset.n_items))
        begun = time.perf_counter()
        export_top_n(model, Path(folder) / "top.csv", 10, users)
        ranking = time.perf_counter() - begun
    tokens = sum(step.tokens for step in steps)
    print(
        f"{kind:12} {tokens / outcome.seconds:,.0f} real tokens/s, {1000 * outcome.seconds / len(steps):.1f} ms/step, "
        f"evaluation {evaluating / outcome.seconds:.1%} of training time, "
        f"{1 - outcome.seconds / whole:.1%} of all time not training, peak {peak() / 2**30:.2f} GB, "
        f"top-10 to CSV for {len(users) / ranking:,.0f} users/s",
        flush=True,
    )


def peak() -> int:
    """Peak resident memory of this process."""
    import sys

    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
