"""Where to compute, and how to make the most of it."""

import contextlib
import ctypes
import os
import sys
from typing import Any, Literal

import torch

from recdesk.core.errors import UsageError
from recdesk.core.machine import usable_cores
from recdesk.core.messages import Message


def choose_device(name: str = "auto") -> torch.device:
    """The device asked for, or the best there is.

    Raises:
        UsageError: it is not there.
    """
    have_mps = torch.backends.mps.is_available()
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "mps" if have_mps else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise UsageError(Message("device.no-cuda"), Message("device.use-auto-or-cpu"))
    if name == "mps" and not have_mps:
        raise UsageError(Message("device.no-apple-gpu"), Message("device.use-auto-or-cpu"))
    if name not in ("cpu", "cuda", "mps"):
        raise UsageError(Message("device.unknown", name=name), Message("device.choose-one"))
    return torch.device(name)


def device_for_use(name: str) -> torch.device:
    """Where a model that was trained on a device is used: there if it is here, else the best there is.

    Never on Apple's GPUs: torch ends the whole process when two threads use one at once, and people look
    at recommendations while a model is trained (pytorch#197805).
    """
    try:
        device = choose_device(name)
    except UsageError:
        device = choose_device()
    return torch.device("cpu") if device.type == "mps" else device


def to_device(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """A CPU tensor on a device, without waiting for the copy where that is safe: Apple's driver reads the memory later
    without holding on to it (pytorch#189690)."""
    if device.type in ("cpu", "mps"):
        return tensor.to(device)
    return (tensor.pin_memory() if device.type == "cuda" else tensor).to(device, non_blocking=True)


def prepare(device: torch.device) -> None:
    """Process-wide settings that training pays for; calling it again changes nothing."""
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")  # TF32
        return
    asked = os.environ.get("OMP_NUM_THREADS", "")  # whoever sets it wants no more than that
    torch.set_num_threads(int(asked) if asked.isdigit() and int(asked) else usable_cores())
    _keep_freed_memory()


def autocast(device: torch.device) -> contextlib.AbstractContextManager[Any]:
    """bf16 arithmetic where the device has it."""
    return torch.autocast("cuda", dtype=torch.bfloat16) if _autocasts(device) else contextlib.nullcontext()


def _autocasts(device: torch.device) -> bool:
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def training_precision(device: torch.device, width: int) -> Literal["float32", "bfloat16 matmul", "bfloat16 autocast"]:
    """Of matmuls while a model of a width is trained."""
    if _autocasts(device):
        return "bfloat16 autocast"
    return "bfloat16 matmul" if gains_by_bf16(device, width) else "float32"


BF16_FROM_WIDTH = 64
"""Width of a model from which products of bfloat16 save more than making code for each of their shapes costs."""


def gains_by_bf16(device: torch.device, width: int) -> bool:
    """A processor multiplies bfloat16 faster than float32, and a model of such a width gains by it. It follows from the
    kind of processor, never from a clock: two runs of one seed are the same run.

    Measured on an AMD EPYC of Zen 4: matrices of 1024 × 1024 2.3 times as fast.
    """
    if device.type != "cpu" or width < BF16_FROM_WIDTH:
        return False  # for a GPU see `autocast`
    can: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(can.get("avx512_bf16") or can.get("amx_bf16"))


STEPS_IN_FLIGHT = 20


def is_time_to_ask(device: torch.device, in_flight: int) -> bool:
    """Whether the outcomes of so many steps are to be fetched: a GPU, which waits whenever it is asked,
    is asked for many together."""
    return device.type == "cpu" or in_flight >= STEPS_IN_FLIGHT


def describe(device: torch.device) -> str:
    """What a person calls the device."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU (MPS)"
    cores = torch.get_num_threads()
    return f"CPU, {cores} core{'s' if cores != 1 else ''}"


def release_memory(device: torch.device) -> None:
    """Give back what torch or glibc holds for later, before less is asked for."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    elif sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def release_all_memory() -> None:
    """Give back what torch holds on any device, and what glibc holds: nothing is computed for now."""
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    release_memory(torch.device("cpu"))


def _keep_freed_memory() -> None:
    """Tell glibc not to give big temporaries back to the system: faulting them in again costs a third of a step."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        m_trim_threshold, m_top_pad, m_mmap_threshold = -1, -2, -3
        mallopt(m_mmap_threshold, 1 << 30)
        mallopt(m_trim_threshold, 2**31 - 1)
        mallopt(m_top_pad, 64 << 20)
