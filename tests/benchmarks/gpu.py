"""What only a GPU can tell, in one script of at most a quarter of an hour: `python -m tests.benchmarks.gpu`.

1. The tests that need CUDA. 2. Step sizes: interactions/s and memory of bare training steps by size, on which
`training.plan.GPU_STEP_TOKENS` rests. 3. Training, evaluating and ranking everybody for some seconds, by kind and
shape (see `shapes`). 4. The same run on CPU and GPU: losses of the first steps and the metrics of an epoch.
`--device cpu --steps 2 --seconds 2` tries the script itself where there is no GPU.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from recdesk.core.devices import describe
from recdesk.data.splitting import Split, make_split
from recdesk.evaluation.ranking import evaluate
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Step
from recdesk.training.checkpoints import Progress
from recdesk.training.config import ID_KINDS, make_config
from recdesk.training.fit import fit, train_step_of
from recdesk.training.loop import take_step
from recdesk.training.train_step import DecoderStep
from tests.benchmarks.shapes import SHAPES, generated
from tests.benchmarks.speed import measure
from tests.conftest import chain_dataset

SIZES = (3_200, 8_192, 16_384, 32_768, 65_536, 131_072)
NEEDED = 2
"""Steps before those that are timed."""


def main() -> None:
    """Measure all and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=["ml1m", "beauty"])
    arguments = parser.parse_args()
    print(describe(torch.device(arguments.device)), flush=True)
    if arguments.device == "cuda":
        tests = ["-m", "pytest", "-q", "-o", "addopts=", "-k", "cuda or gpu", "tests"]
        subprocess.run([sys.executable, *tests], check=False)
    for shape in arguments.shapes:
        users, items, mean, length = SHAPES[shape]
        split = make_split(generated(users, items, mean))
        for kind in ID_KINDS:
            step_sizes(split, shape, kind, length, arguments)
        for kind in ID_KINDS:
            print(shape, end=" ")
            measure(kind, split, length, arguments.seconds, arguments.device)
    compare(arguments.device)


def step_sizes(split: Split, shape: str, kind: str, length: int, arguments: argparse.Namespace) -> None:
    """Bare steps of each size."""
    for size in SIZES:
        config = make_config(kind, max_length=length, batch_tokens=size, device=arguments.device)
        step = train_step_of(split, config, None)
        assert isinstance(step, DecoderStep)
        step.model.train()
        tokens, seconds = steps(step, arguments.steps)
        print(
            f"{shape} {kind} steps of {size:,}: {tokens / seconds:,.0f} interactions/s, "
            f"{1000 * seconds / arguments.steps:.1f} ms a step, {memory(arguments.device)}",
            flush=True,
        )
        del step
        forget(arguments.device)


def steps(step: DecoderStep, count: int) -> tuple[int, float]:
    """Interactions and seconds of so many steps, after some that are not timed."""
    plan, progress = step.plan(0), Progress()
    tokens, begun = 0, time.perf_counter()
    for number in range(NEEDED + count):
        if number == NEEDED:
            wait(step.device)
            tokens, begun = 0, time.perf_counter()
        tokens += take_step(step, plan[number % len(plan)], progress, lambda event: None)[2]
        progress.step += 1
    wait(step.device)
    return tokens, time.perf_counter() - begun


def compare(device: str) -> None:
    """The first losses and the metrics of an epoch, on the CPU and on the device."""
    split = make_split(chain_dataset(n_users=400))
    for kind in ID_KINDS:
        for where in ("cpu", device):
            losses: list[float] = []

            def heard(event: Event, losses: list[float] = losses) -> None:
                if isinstance(event, Step):
                    losses.append(event.loss)

            with tempfile.TemporaryDirectory() as folder:
                outcome = fit(split, make_config(kind, epochs=1, device=where), Path(folder), heard, Control())
                found = evaluate(outcome.model, split, "test")
            assert found is not None
            shown = ", ".join(f"{loss:.5f}" for loss in losses[:4])
            print(f"{kind} on {where}: losses {shown}; NDCG@10 {found.ranks.summary()['ndcg@10']:.4f}", flush=True)


def wait(device: torch.device) -> None:
    """Until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize()


def memory(device: str) -> str:
    """The peak since it was forgotten."""
    return f"peak {torch.cuda.max_memory_allocated() / 2**30:.2f} GB" if device == "cuda" else "memory not measured"


def forget(device: str) -> None:
    """Free what is cached, and the peak."""
    if device == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


if __name__ == "__main__":
    main()
