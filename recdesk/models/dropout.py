"""Dropout whose chance costs little: on a processor, drawing it well took a tenth of a training step."""

import torch
from torch import Tensor, nn


class ByteDropout(nn.Module):
    """Dropout (Srivastava et al. 2014) that spends one random byte a number.

    The probability is rounded to a 256th; what is kept is scaled by the rounded one, so the mean stays exact. All
    chance comes from torch's generator. On a graphics processor torch's own fused dropout is used.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.threshold = round(256 * p)
        self.p = self.threshold / 256

    def forward(self, x: Tensor) -> Tensor:
        """Same shape as `x`."""
        if not self.training or not self.threshold:
            return x
        if x.device.type != "cpu":
            return nn.functional.dropout(x, self.p)
        words = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
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
