"""Dropout whose chance costs little: on a processor, drawing it well took a tenth of a training step."""

import torch
from torch import Tensor, nn


class ByteDropout(nn.Module):
    """Dropout (Srivastava et al. 2014) that spends one random byte a number.

    The probability is rounded to a 256th; what is kept is scaled by the rounded one, so the mean stays exact. On a
    graphics processor torch's own fused dropout is used.

    Attributes:
        asked: the probability before it was rounded.
        chance: where the bytes come from; None for torch's generator, from which every thread of the process draws.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.asked = p
        self.threshold = round(256 * p)
        self.p = self.threshold / 256
        self.chance: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as `x`."""
        if not self.training or not self.threshold:
            return x
        if x.device.type != "cpu":
            return nn.functional.dropout(x, self.p)
        words = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), None, generator=self.chance)
        kept = words.view(torch.uint8)[: x.numel()].view(x.shape) >= self.threshold
        return x * kept.to(x.dtype).mul_(256 / (256 - self.threshold))

    def extra_repr(self) -> str:
        """For `print(model)`."""
        return f"p={self.p:.3f}"


def use_byte_dropout(module: nn.Module) -> None:
    """Replace every `nn.Dropout` inside a module."""
    for name, child in module.named_children():
        if isinstance(child, nn.Dropout):
            setattr(module, name, ByteDropout(child.p))
        else:
            use_byte_dropout(child)


def use_plain_dropout(module: nn.Module) -> None:
    """The inverse of `use_byte_dropout`."""
    for name, child in module.named_children():
        if isinstance(child, ByteDropout):
            setattr(module, name, nn.Dropout(child.asked))
        else:
            use_plain_dropout(child)


def draw_from(module: nn.Module, chance: torch.Generator) -> None:
    """Let every `ByteDropout` inside a module draw from a generator that nobody else draws from."""
    for child in module.modules():
        if isinstance(child, ByteDropout):
            child.chance = chance


def drops(module: nn.Module) -> bool:
    """Something inside a module is blanked by chance while it learns."""
    return any(child.p > 0 for child in module.modules() if isinstance(child, (nn.Dropout, ByteDropout)))


def without_dropout(module: nn.Module) -> None:
    """Let nothing inside a module be blanked any more."""
    for child in module.modules():
        if isinstance(child, (nn.Dropout, ByteDropout)):
            child.p = 0.0
        if isinstance(child, ByteDropout):
            child.threshold = 0
