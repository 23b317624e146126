"""Fast CPU dropout with a random generator of its own: one random byte per element; torch's took 10 % of a step."""

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn


class RandomLayer(nn.Module):
    """Base of dropout layers.

    Attributes:
        p: the probability.
        generator: to draw from, on the input's device; None for torch's global one, which all threads share.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.generator: torch.Generator | None = None

    def extra_repr(self) -> str:
        """For `print(model)`."""
        return f"p={self.p:.3f}"


class RowDropout(RandomLayer):
    """Drops out whole rows; the others are not scaled."""

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as `x`, float [n, width]."""
        if not self.training or not self.p:
            return x
        return x * (torch.rand(len(x), 1, device=x.device, generator=self.generator) >= self.p)


class ByteDropout(RandomLayer):
    """Dropout (Srivastava et al. 2014) with one random byte per element on a CPU.

    The probability is rounded to a 256th; kept elements are scaled by the rounded one, so the mean stays exact. On a
    GPU torch draws in full precision.

    Attributes:
        asked: the probability before rounding.
    """

    def __init__(self, p: float) -> None:
        super().__init__(round(256 * p) / 256)
        self.asked = p
        self.threshold = round(256 * p)

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as `x`."""
        if not self.training or not self.threshold:
            return x
        if x.device.type != "cpu":
            if self.generator is None:
                return nn.functional.dropout(x, self.p)
            return x * torch.empty_like(x).bernoulli_(1 - self.p, generator=self.generator).div_(1 - self.p)
        words = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), None, generator=self.generator)
        kept = words.view(torch.uint8)[: x.numel()].view(x.shape) >= self.threshold
        return x * kept.to(x.dtype).mul_(256 / (256 - self.threshold))


def use_byte_dropout(module: nn.Module) -> None:
    """Replace every `nn.Dropout` inside a module."""
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout):
            setattr(module, name, ByteDropout(child.p).train(child.training))
        else:
            use_byte_dropout(child)


def use_plain_dropout(module: nn.Module) -> None:
    """The inverse of `use_byte_dropout`."""
    for name, child in module.named_children():
        if isinstance(child, ByteDropout):
            setattr(module, name, nn.Dropout(child.asked))
        else:
            use_plain_dropout(child)


def draw_from(module: nn.Module, generator: torch.Generator) -> None:
    """Let all dropout inside a module draw from a generator."""
    use_byte_dropout(module)  # torch's own layer draws from the global generator only
    for child in module.modules():
        if isinstance(child, RandomLayer):
            child.generator = generator


Context = contextlib.AbstractContextManager[None]


def same_dropout_again(module: nn.Module) -> tuple[Context, Context]:
    """Contexts of a forward pass that begins now and of its recomputation, with equal dropout; for `context_fn` of
    `torch.utils.checkpoint`."""
    own = {child.generator for child in module.modules() if isinstance(child, RandomLayer)}
    return contextlib.nullcontext(), _at(
        {generator: generator.get_state() for generator in own if generator is not None}
    )


@contextlib.contextmanager
def _at(states: dict[torch.Generator, Tensor]) -> Iterator[None]:
    """Generators have earlier states inside the block, their own again after it."""
    before = {generator: generator.get_state() for generator in states}
    for generator, state in states.items():
        generator.set_state(state)
    try:
        yield
    finally:
        for generator, state in before.items():
            generator.set_state(state)


def drops(module: nn.Module) -> bool:
    """Whether a module has dropout with a positive probability."""
    return any(child.p > 0 for child in module.modules() if isinstance(child, (nn.Dropout, RandomLayer)))


def without_dropout(module: nn.Module) -> None:
    """Set all dropout inside a module to zero."""
    for child in module.modules():
        if isinstance(child, (nn.Dropout, RandomLayer)):
            child.p = 0.0
        if isinstance(child, ByteDropout):
            child.threshold = 0
