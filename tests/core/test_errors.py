import errno
import os

import pytest
import torch

from recdesk.core.errors import is_out_of_memory


@pytest.mark.parametrize(
    ("error", "memory"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: not enough memory: 8 bytes"), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 61440000 bytes."), True),
        (OSError(0, "The paging file is too small", None, 1455) if os.name == "nt" else MemoryError(), True),
        (RuntimeError(os.strerror(errno.ENOMEM)), True),
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
    assert is_out_of_memory(error) is memory
