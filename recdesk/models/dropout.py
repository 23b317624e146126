"""Dropout from a random generator of its own, which costs little: on a CPU, drawing it well took a tenth of a step."""

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn


class RandomLayer(nn.Module):
    """A layer that drops something out in training.

    Attributes:
        p: the probability.
        chance: the generator that it draws from, on the device of what it reads; None for torch's global one, from
            which every thread of the process draws.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.generator: torch.Generator | None = None

    def extra_repr(self) -> str:
        """For `print(model)`."""
        return f"p={self.p:.3f}"


class RowDropout(RandomLayer):
    """Drops whole rows out; the others are not scaled."""

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as `x`, float [n, width]."""
        if not self.training or not self.p:
            return x
        return x * (torch.rand(len(x), 1, device=x.device, generator=self.generator) >= self.p)


class ByteDropout(RandomLayer):
    """Dropout (Srivastava et al. 2014) that spends one random byte a number.

    The probability is rounded to a 256th; what is kept is scaled by the rounded one, so the mean stays exact. On a GPU
    torch draws each number in full.

    Attributes:
        asked: the probability before it was rounded.
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
    """Let all dropout inside a module draw from a generator that nobody else draws from."""
    use_byte_dropout(module)  # torch's own layer knows only the global generator
    for child in module.modules():
        if isinstance(child, RandomLayer):
            child.generator = generator


Context = contextlib.AbstractContextManager[None]


def same_dropout_again(module: nn.Module) -> tuple[Context, Context]:
    """Contexts of a computation that begins now, and of its repetition, which drops out the same; for `context_fn` of
    `torch.utils.checkpoint`."""
    own = {child.generator for child in module.modules() if isinstance(child, RandomLayer)}
    return contextlib.nullcontext(), _at(
        {generator: generator.get_state() for generator in own if generator is not None}
    )


@contextlib.contextmanager
def _at(states: dict[torch.Generator, Tensor]) -> Iterator[None]:
    """Generators stand at earlier states inside the block, where they stood before after it."""
    before = {generator: generator.get_state() for generator in states}
    for generator, state in states.items():
        generator.set_state(state)
    try:
        yield
    finally:
        for generator, state in before.items():
            generator.set_state(state)


def drops(module: nn.Module) -> bool:
    """Something inside a module is dropped out while it learns."""
    return any(child.p > 0 for child in module.modules() if isinstance(child, (nn.Dropout, RandomLayer)))


def without_dropout(module: nn.Module) -> None:
    """Let nothing inside a module be dropped out any more."""
    for child in module.modules():
        if isinstance(child, (nn.Dropout, RandomLayer)):
            child.p = 0.0
        if isinstance(child, ByteDropout):
            child.threshold = 0
