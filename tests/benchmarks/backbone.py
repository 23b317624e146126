"""What the backbone costs: `python -m tests.benchmarks.backbone [--width 64] [--layers 2] [--rounds 15]`.

Forward and backward of the backbone alone (no loss over items) on batches of 16 histories of 200 items, in turn:
`transformers.BertModel` (float32 and autocast), ours in float32, under torch's autocast, with its own bfloat16
functions, and with torch's dropout in place of random bytes; then reading without gradients. Times are of the CPU in
this process on one thread, medians over the rounds, so that other processes disturb little.
"""

import argparse
import contextlib
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from recdesk.models.bf16 import use_bf16
from recdesk.models.transformer import Sizes, Transformer

ROWS, LENGTH = 16, 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    sizes = Sizes(1000, LENGTH, arguments.width, arguments.layers, 2, 0.2)
    x = torch.randn(ROWS, LENGTH, arguments.width)
    positions = torch.arange(LENGTH).expand(ROWS, -1)
    autocast = lambda: torch.autocast("cpu", dtype=torch.bfloat16)  # noqa: E731
    theirs, ours, low = _bert(sizes), Transformer(sizes), Transformer(sizes)
    plain_dropout = _with_torch_dropout(Transformer(sizes))
    use_bf16(low)
    nothing = contextlib.nullcontext
    print("training, forward and backward")
    _compare(
        {
            "BertModel, float32": lambda: _trained(lambda: _theirs(theirs, x, positions), nothing),
            "BertModel, autocast": lambda: _trained(lambda: _theirs(theirs, x, positions), autocast),
            "ours, float32": lambda: _trained(lambda: ours(x, positions, None, True), nothing),
            "ours, autocast": lambda: _trained(lambda: ours(x, positions, None, True), autocast),
            "ours, own bfloat16": lambda: _trained(lambda: low(x, positions, None, True), nothing),
            "ours, float32, torch's dropout": lambda: _trained(
                lambda: plain_dropout(x, positions, None, True), nothing
            ),
        },
        arguments.rounds,
    )
    print("reading 64 histories, no gradients")
    theirs, ours, many = theirs.eval(), ours.eval(), x.repeat(4, 1, 1)
    more = torch.arange(LENGTH).expand(len(many), -1)
    last = torch.arange(len(many)) * LENGTH + LENGTH - 1
    _compare(
        {
            "BertModel": lambda: _read(lambda: _theirs(theirs, many, more)),
            "ours": lambda: _read(lambda: ours(many, more, None, True)),
            "ours, last position": lambda: _read(lambda: ours.at(many, more, None, True, last, True)),
        },
        arguments.rounds,
    )


def _bert(sizes: Sizes) -> Any:
    from transformers import BertConfig, BertModel

    values = {name: value for name, value in sizes.as_bert(True).items() if name not in ("architectures", "model_type")}
    return BertModel(BertConfig(**values, attn_implementation="sdpa"), add_pooling_layer=False).train()


def _theirs(bert: Any, x: Tensor, positions: Tensor) -> Tensor:
    found: Tensor = bert(inputs_embeds=x, position_ids=positions).last_hidden_state
    return found


def _with_torch_dropout(model: Transformer) -> Transformer:
    for module in model.modules():
        if hasattr(module, "dropout"):
            module.dropout = nn.Dropout(model.sizes.dropout)  # type: ignore[assignment]
    return model


def _trained(forward: Callable[[], Tensor], context: Callable[[], Any]) -> None:
    with context():
        out = forward()
    out.float().pow(2).sum().backward()


def _read(forward: Callable[[], Tensor]) -> None:
    with torch.inference_mode():
        forward()


def _compare(works: dict[str, Callable[[], None]], rounds: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 2):
        for name, work in works.items():
            begun = time.process_time()
            work()
            if turn >= 2:  # the first ones compile kernels
                times[name].append(time.process_time() - begun)
    first = statistics.median(next(iter(times.values())))
    for name, found in times.items():
        middle = statistics.median(found)
        print(f"  {name:32} {1000 * middle:7.1f} ms  {middle / first:.2f}", flush=True)


if __name__ == "__main__":
    main()
