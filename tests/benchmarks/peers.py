"""Beside RecTools' BERT4Rec in one run: `python -m tests.benchmarks.peers --python PYTHON [--shape beauty]`.

PYTHON is an interpreter of an environment that has `rectools[torch]`. Both train on the same generated interactions
(see `shapes`), each in a process of its own with all cores: hidden 64, 2 layers, 2 heads, full settings of their own
otherwise, batches of 128 histories. Printed: milliseconds a step, real tokens a second, peak of memory, the ratios; and
with `--top N` how long the N best unseen items of everybody take, ranked and written to a CSV file (`--people` limits).
RecTools is given glibc's settings that keep freed memory, which recdesk sets for itself; its first step is not
counted. Of recdesk the second half of 80 steps is, as for most of a training: there, each new length of histories once
takes a moment. `--own-steps` lets recdesk take steps of its own size.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from recdesk.data.splitting import make_split
from tests.benchmarks.shapes import SHAPES, generated

_RECTOOLS = """
import json, resource, sys, time, warnings
warnings.filterwarnings("ignore")
import pandas as pd, torch
from pytorch_lightning import Callback, Trainer, seed_everything
from rectools.dataset import Dataset
from rectools.models import BERT4RecModel
path, length, steps, top, people, out = sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6]
seed_everything(0)
times = []
class Clock(Callback):
    def on_train_batch_start(self, *a): self.begun = time.perf_counter()
    def on_train_batch_end(self, trainer, module, outputs, batch, index):
        times.append((time.perf_counter() - self.begun, int((batch["x"] != 0).sum())))
def trainer(**_):
    return Trainer(max_steps=steps + 1, accelerator="cpu", logger=False, enable_checkpointing=False,
                   enable_progress_bar=False, enable_model_summary=False, callbacks=[Clock()])
frame = pd.read_csv(path)
frame["datetime"] = pd.to_datetime(frame["datetime"], unit="s")
frame["weight"] = 1.0
model = BERT4RecModel(n_factors=64, n_blocks=2, n_heads=2, session_max_len=length, batch_size=128, mask_prob=0.2,
                      dropout_rate=0.2, lr=1e-3, loss="softmax", get_trainer_func=trainer, dataloader_num_workers=0)
dataset = Dataset.construct(frame)
model.fit(dataset)
counted = times[1:]
spent = sorted(t for t, _ in counted)[len(counted) // 2]
found = {"ms": 1000 * spent, "tokens": sum(n for _, n in counted) / sum(t for t, _ in counted),
         "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
if top:
    users = frame["user_id"].unique()[:people]
    begun = time.perf_counter()
    best = model.recommend(users=users, dataset=dataset, k=top, filter_viewed=True)
    ranked = time.perf_counter() - begun
    best.to_csv(out, index=False)
    found |= {"ranked": len(users) / ranked, "written": len(users) / (time.perf_counter() - begun), "rows": len(best)}
print(json.dumps(found))
"""

_RECDESK = """
import json, resource, sys, time
from itertools import islice
from pathlib import Path
import numpy as np
from tests.benchmarks.shapes import SHAPES, generated
from recdesk.data.splitting import make_split
from recdesk.recommend.export import export_top_n
from recdesk.recommend.recommender import LiveModel
from recdesk.training.checkpoints import Progress
from recdesk.training.config import make_config
from recdesk.training.loop import take_step
from recdesk.training.train_step import DecoderStep
shape, kind, steps, top, people = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
own = sys.argv[7] == "own"
users, items, mean, length = SHAPES[shape]
split = make_split(generated(users, items, mean))
rows = np.minimum(split.train_ends - split.dataset.offsets[:-1] - 1, length).mean()
config = make_config(kind, hidden=64, max_length=length, batch_tokens=0 if own else int(128 * rows))
stepper, progress, spent = DecoderStep(split, config), Progress(), []
plans = (windows for epoch in range(1000) for windows in stepper.batches.plan(epoch))
for windows in islice(plans, steps):
    begun = time.perf_counter()
    loss, _, tokens = take_step(stepper, windows, progress, lambda event: None)
    spent.append((time.perf_counter() - begun, tokens))
    progress.step += 1
    progress.batch += 1
counted = spent[len(spent) // 2 :]
found = {"ms": 1000 * sorted(t for t, _ in counted)[len(counted) // 2],
         "tokens": sum(n for _, n in counted) / sum(t for t, _ in counted),
         "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
if top:
    live = LiveModel(stepper.model.eval(), split.dataset)
    users = np.arange(min(people, split.dataset.n_users))
    live.ranked(split.dataset.histories()[users[:512]], top)
    begun = time.perf_counter()
    live.ranked(split.dataset.histories()[users], top)
    ranked = time.perf_counter() - begun
    begun = time.perf_counter()
    rows = export_top_n(live, Path(sys.argv[6]), top, users).rows
    found |= {"ranked": len(users) / ranked, "written": len(users) / (time.perf_counter() - begun), "rows": rows}
print(json.dumps(found))
"""


def main() -> None:
    """Measure both, print both and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    parser.add_argument("--shape", choices=("ml1m", "beauty"), default="beauty")
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--top", type=int, default=0, metavar="N")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--own-steps", action="store_true")
    arguments = parser.parse_args()
    users, items, mean, length = SHAPES[arguments.shape]
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "interactions.csv", str(Path(folder) / "top.csv")
        ranking = [str(arguments.top), str(arguments.people), out]
        _write(generated(users, items, mean), path)
        for _ in range(arguments.repeat):
            theirs = _run([arguments.python, "-c", _RECTOOLS, str(path), str(length), str(arguments.steps), *ranking])
            _say("RecTools BERT4Rec", theirs)
            for kind in ("bert4rec", "bert-causal"):
                size = "own" if arguments.own_steps else "same"
                ours = _run([sys.executable, "-c", _RECDESK, arguments.shape, kind, "80", *ranking, size])
                _say(f"recdesk {kind}", ours)
                print(
                    f"  a step {theirs['ms'] / ours['ms']:.0f} times as fast, {ours['tokens'] / theirs['tokens']:.0f} "
                    f"times the tokens a second, {ours['peak'] / theirs['peak']:.2f} of the memory",
                    flush=True,
                )
                if arguments.top:
                    print(
                        f"  ranked {ours['ranked'] / theirs['ranked']:.1f}, ranked and written "
                        f"{ours['written'] / theirs['written']:.1f} times as many people/s",
                        flush=True,
                    )


def _write(dataset, path: Path) -> None:
    """The training part as RecTools reads it."""
    split = make_split(dataset)
    starts, ends = dataset.offsets[:-1], split.train_ends
    rows = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
    users = np.repeat(np.arange(dataset.n_users), ends - starts)
    frame = pd.DataFrame({"user_id": users, "item_id": dataset.items[rows], "datetime": dataset.times[rows]})
    frame.to_csv(path, index=False)


def _run(command: list[str]) -> dict[str, float]:
    kept = {
        "MALLOC_MMAP_THRESHOLD_": str(2**30),
        "MALLOC_TRIM_THRESHOLD_": str(2**31 - 1),
        "MALLOC_TOP_PAD_": "67108864",
    }
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **kept})
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def _say(name: str, found: dict[str, float]) -> None:
    peak = f"{found['peak'] / 2**30:.2f} GB"
    print(f"{name:20} {found['ms']:,.0f} ms a step, {found['tokens']:,.0f} real tokens/s, peak {peak}", flush=True)
    if "ranked" in found:
        print(
            f"{'':20} ranked for {found['ranked']:,.0f} people/s, written too {found['written']:,.0f} people/s, "
            f"{found['rows']:,.0f} rows",
            flush=True,
        )


if __name__ == "__main__":
    main()
