import pytest
import torch

from recdesk.training import devices


@pytest.mark.parametrize(
    ("can", "narrow"), [({"avx512_bf16": True}, True), ({"amx_bf16": True}, True), ({"avx512_f": True}, False)]
)
def test_products_are_narrow_where_the_kind_of_processor_gains_by_it(can, narrow, monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: can, raising=False)
    assert devices.narrow_products(torch.device("cpu"), devices.NARROW_FROM) is narrow
    assert not devices.narrow_products(torch.device("cuda"), 1024)
    assert not devices.narrow_products(torch.device("cpu"), devices.NARROW_FROM - 1)


def test_products_stay_wide_where_torch_cannot_tell(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not devices.narrow_products(torch.device("cpu"), devices.NARROW_FROM)


@pytest.mark.parametrize(
    ("error", "memory"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: not enough memory: 8 bytes"), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 61440000 bytes."), True),
        (RuntimeError("could not create a primitive"), True),
        (RuntimeError("unable to mmap 29172696 bytes from file <a>: Cannot allocate memory (12)"), True),
        (OSError(12, "Cannot allocate memory"), True),
        (OSError(28, "No space left on device"), False),
        (RuntimeError("MPS backend out of memory (MPS allocated: 17.95 GB, max allowed: 18.13 GB)."), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_what_says_that_memory_ran_out_is_known_on_every_device(error: Exception, memory: bool):
    assert devices.is_out_of_memory(error) is memory


@pytest.mark.parametrize(("asked", "threads"), [("1", 1), ("3", 3), ("", 2), ("0", 2), ("many", 2)])
def test_who_says_how_many_threads_there_may_be_gets_no_more(asked: str, threads: int, monkeypatch):
    chosen: list[int] = []
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    monkeypatch.setattr(devices.psutil, "cpu_count", lambda logical: 2)
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    devices.prepare(torch.device("cpu"))
    assert chosen == [threads]
