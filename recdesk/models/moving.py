"""Tensors on their way to a device."""

import torch
from torch import Tensor


def moved(tensor: Tensor, device: torch.device) -> Tensor:
    """A tensor of the processor's on a device, without waiting for the copy where that is safe: Apple's driver reads
    the memory later without holding on to it (pytorch#189690)."""
    if device.type in ("cpu", "mps"):
        return tensor.to(device)
    return (tensor.pin_memory() if device.type == "cuda" else tensor).to(device, non_blocking=True)
