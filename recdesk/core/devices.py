"""Devices to compute on: choice, precision, threads and memory."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import torch

from recdesk.core.errors import UsageError
from recdesk.core.machine import usable_cores
from recdesk.core.messages import Message

CPU = torch.device("cpu")


def choose_device(name: str = "auto") -> torch.device:
    """The device "cpu", "cuda" or "mps"; for "auto" the first available of cuda, mps, cpu.

    Raises:
        UsageError: it is unknown or not available.
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
    """The device for inference with a model trained on the device `name`: the same if available, else as for "auto".

    Never an Apple GPU: torch aborts the process when two threads use it at once (pytorch#197805), as inference during
    training would.
    """
    try:
        device = choose_device(name)
    except UsageError:
        device = choose_device()
    return torch.device("cpu") if device.type == "mps" else device


def to_device(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Copy a CPU tensor to a device; on CUDA asynchronously, from pinned memory. Not on MPS, which may read the memory
    after it was freed (pytorch#189690)."""
    if device.type in ("cpu", "mps"):
        return tensor.to(device)
    return (tensor.pin_memory() if device.type == "cuda" else tensor).to(device, non_blocking=True)


def prepare(device: torch.device) -> None:
    """Process-wide settings for fast training: TF32 on CUDA; threads and allocator on the CPU. Idempotent."""
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")  # TF32
        return
    threads = os.environ.get("OMP_NUM_THREADS", "")
    torch.set_num_threads(int(threads) if threads.isdigit() and int(threads) else usable_cores())
    _keep_freed_memory()


FEW_ROWS = 16
"""Rows below which products on the CPU go other ways, whose last bits depend on the number of threads."""


@dataclass
class _Threads:
    """Threads of this process as one of several side by side, and of one that works alone; 0 where it does."""

    shared: int = 0
    alone: int = 0


_threads = _Threads()


def share_cores(threads: int) -> None:
    """Compute in this process, one of several that work side by side, with so many threads; 0 changes nothing. Results
    stay what they are in a process that works alone, see `threads_for`."""
    if threads:
        _threads.alone = _threads.alone or torch.get_num_threads()
        _threads.shared = threads
        torch.set_num_threads(threads)


@contextlib.contextmanager
def shared_cores(threads: int) -> Iterator[None]:
    """`share_cores` inside the block; after it the process works alone again."""
    before = torch.get_num_threads()
    share_cores(threads)
    try:
        yield
    finally:
        if threads:
            _threads.alone = _threads.shared = 0
            torch.set_num_threads(before)


@contextlib.contextmanager
def all_cores() -> Iterator[None]:
    """Compute with as many threads as a process takes that works alone, while the others of this machine wait."""
    if not _threads.alone:
        yield
        return
    torch.set_num_threads(_threads.alone)
    try:
        yield
    finally:
        torch.set_num_threads(_threads.shared)


@contextlib.contextmanager
def threads_for(rows: int) -> Iterator[None]:
    """Compute on a batch of so many rows: few of them with as many threads as a process takes that works alone."""
    with all_cores() if rows < FEW_ROWS else contextlib.nullcontext():
        yield


def autocast(device: torch.device) -> contextlib.AbstractContextManager[Any]:
    """A context with bfloat16 autocast on GPUs that support it; elsewhere it does nothing."""
    return torch.autocast("cuda", dtype=torch.bfloat16) if _autocasts(device) else contextlib.nullcontext()


def _autocasts(device: torch.device) -> bool:
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def training_precision(device: torch.device, width: int) -> Literal["float32", "bfloat16 matmul", "bfloat16 autocast"]:
    """Precision of matmuls in training, for a model of a width."""
    if _autocasts(device):
        return "bfloat16 autocast"
    return "bfloat16 matmul" if gains_by_bf16(device, width) else "float32"


BF16_FROM_WIDTH = 64
"""Model width from which bfloat16 matmuls on the CPU save more time than oneDNN's compilation for each shape costs."""


def gains_by_bf16(device: torch.device, width: int) -> bool:
    """Whether bfloat16 matmuls are faster than float32 on this CPU for a model of a width. Decided by CPU features, not
    by a measurement, so that two runs with one seed are identical.

    Measured on an AMD EPYC (Zen 4): 2.3 times as fast for matrices of 1024 × 1024.
    """
    if device.type != "cpu" or width < BF16_FROM_WIDTH:
        return False  # for a GPU see `autocast`
    features: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(features.get("avx512_bf16") or features.get("amx_bf16"))


STEPS_IN_FLIGHT = 20
"""Training steps queued on a GPU before their losses are read."""


def should_synchronize(device: torch.device, in_flight: int) -> bool:
    """Whether to read the losses of `in_flight` steps now. Reading makes a GPU wait, so there it is done for many steps
    at once."""
    return device.type == "cpu" or in_flight >= STEPS_IN_FLIGHT


def describe(device: torch.device) -> str:
    """Name of a device for the user, such as "CPU, 8 cores"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU (MPS)"
    cores = torch.get_num_threads()
    return f"CPU, {cores} core{'s' if cores != 1 else ''}"


def gpu_memory() -> int | None:
    """Bytes that this process has reserved on an NVIDIA GPU; None while it uses none. That of an Apple GPU
    is memory of the process."""
    return int(torch.cuda.memory_reserved()) if torch.cuda.is_initialized() else None


def release_memory(device: torch.device) -> None:
    """Release memory that torch (GPUs) or glibc (CPU) caches, before another attempt that needs less."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    elif sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def release_all_memory() -> None:
    """Release the memory that torch caches on every device, and that glibc caches."""
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    release_memory(CPU)


def _keep_freed_memory() -> None:
    """Make glibc keep freed large blocks: page faults of allocating them again cost a third of a training step."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        m_trim_threshold, m_top_pad, m_mmap_threshold = -1, -2, -3
        mallopt(m_mmap_threshold, 1 << 30)
        mallopt(m_trim_threshold, 2**31 - 1)
        mallopt(m_top_pad, 64 << 20)
