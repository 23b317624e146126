"""Where a training step's time goes: `python -m tests.benchmarks.arithmetic [--shape ml1m] [--kinds bert-causal]`.

Counts the multiplications of some steps on generated data (see `shapes`), times the same steps, and compares with the
fastest float32 product of two matrices that this computer was seen to make; then lists what took longest.
Processors that multiply bfloat16 faster do so in training; `--wide` keeps them to float32.
"""

import argparse
import time

import torch
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from recdesk.core import devices
from recdesk.data.splitting import make_split
from recdesk.training.checkpoints import Progress
from recdesk.training.config import ID_KINDS, make_config
from recdesk.training.fit import train_step_of
from recdesk.training.loop import take_step
from recdesk.training.train_step import DecoderStep
from tests.benchmarks.shapes import SHAPES, generated

STEPS, ROUNDS, LISTED = 20, 5, 12


def main() -> None:
    """Measure each kind and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=SHAPES, default="ml1m")
    parser.add_argument("--kinds", nargs="+", default=list(ID_KINDS))
    parser.add_argument("--wide", action="store_true", help="multiply float32 only")
    arguments = parser.parse_args()
    users, items, mean, length = SHAPES[arguments.shape]
    split = make_split(generated(users, items, mean))
    if arguments.wide:
        devices.gains_by_bf16 = lambda device, width: False
    for kind in arguments.kinds:
        stepper = train_step_of(split, make_config(kind, max_length=length), None)
        assert isinstance(stepper, DecoderStep)
        measure(kind, stepper)


def measure(kind: str, stepper: DecoderStep) -> None:
    """Count, time, profile."""
    stepper.model.train()
    run(stepper)  # what is set up once
    bf16, stepper.objective.bf16 = stepper.objective.bf16, True  # float32 adds products in place, uncounted
    with FlopCounterMode(display=False) as counter:
        tokens = run(stepper)
    stepper.objective.bf16 = bf16
    operations = counter.get_total_flops()
    peaks, seconds = [], []
    for _ in range(ROUNDS):  # in turn: this computer may be faster at one time than at another
        peaks.append(peak())
        begun = time.perf_counter()
        run(stepper)
        seconds.append(time.perf_counter() - begun)
    best, highest = min(seconds), max(peaks)
    print(
        f"{kind}: {tokens / best:,.0f} real tokens/s, {1000 * best / STEPS:.1f} ms/step (best of {ROUNDS}), "
        f"{operations / tokens / 1e6:.2f} million operations a token, {operations / best / 1e9:.0f} of "
        f"{highest / 1e9:.0f} GFLOP/s = {operations / best / highest:.0%} of the float32 peak; products of "
        f"{'bfloat16' if stepper.objective.bf16 else 'float32'}"
    )
    with profile(activities=[ProfilerActivity.CPU]) as seen:
        run(stepper)
    events = sorted(seen.key_averages(), key=lambda event: -event.self_cpu_time_total)
    whole = sum(event.self_cpu_time_total for event in events)
    for event in events[:LISTED]:
        print(f"  {event.self_cpu_time_total / whole:6.1%}  {event.key}")


def run(stepper: DecoderStep) -> int:
    """The first steps of an epoch; real items read."""
    plan, progress, tokens = stepper.batches.plan(0), Progress(), 0
    for index in range(STEPS):
        loss, _, read = take_step(stepper, plan[index % len(plan)], progress, lambda event: None)
        loss.item()
        progress.step += 1
        tokens += read
    return tokens


def peak() -> float:
    """Operations a second of a float32 product of matrices."""
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    best = float("inf")
    for _ in range(10):
        begun = time.perf_counter()
        torch.mm(a, b)
        best = min(best, time.perf_counter() - begun)
    return 2 * 1024**3 / best


if __name__ == "__main__":
    main()
