"""Errors with a sentence and a suggestion for the user, and what errors of the operating system mean."""

import errno
import os
import re
from typing import Literal

from recdesk.core.messages import Message


class RecdeskError(Exception):
    """An error to show to the user.

    Attributes:
        sentence: what went wrong, with file, line, column and value where there are any.
        suggestion: what to do about it; may be empty.
        details: for a bug report: a traceback or the message of a library; may be empty.
    """

    def __init__(self, sentence: str, suggestion: str = "", details: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.suggestion = suggestion
        self.details = details

    def __str__(self) -> str:
        return f"{self.sentence} {self.suggestion}".strip()


class UsageError(RecdeskError):
    """The request is invalid (exit code 2 of the command line)."""


class LostWorkerError(RecdeskError):
    """One of the workers that train a run together ended, or its connection did."""


class DataError(RecdeskError):
    """A file or dataset cannot be used as it is."""


class MisfitError(DataError, UsageError):
    """The request does not match the file, such as a column that it does not have."""


class StorageError(RecdeskError):
    """A disk or folder cannot be written at the moment; trying again later may succeed."""


class CancelledError(RecdeskError):
    """The user cancelled the operation; nothing was changed."""

    def __init__(self, what: str = Message("job.operation")) -> None:
        super().__init__(Message("job.cancelled", what=what))


_NO_MEMORY = (
    "DefaultCPUAllocator",  # torch on the CPU: “not enough memory” or “can't allocate memory”
    "could not create a primitive",  # oneDNN
    "out of memory",  # torch on GPUs
    "_STATUS_ALLOC_FAILED",  # cuBLAS, cuDNN
    "Cannot allocate memory",  # ENOMEM in the message of a library
    os.strerror(errno.ENOMEM),  # the same in the user's language
)
_OF_WINDOWS = (8, 1455)
"""ERROR_NOT_ENOUGH_MEMORY and ERROR_COMMITMENT_LIMIT."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error of any library and device means that too little memory was free."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM or getattr(error, "winerror", 0) in _OF_WINDOWS
    if isinstance(error, RuntimeError):
        by_name = type(error).__name__ == "OutOfMemoryError"  # torch's, without importing torch
        return by_name or any(words in str(error) for words in _NO_MEMORY)
    return isinstance(error, MemoryError)


_GPU_LOST = ("CUDA error", "CUDA driver error", "cuDNN error", "CUBLAS_STATUS", "NVML", "HIP error", "MPS backend")
"""In messages of torch when a GPU, its driver or its connection fails."""


def is_gpu_lost(error: BaseException) -> bool:
    """Whether an error of torch means that a GPU no longer works for this process; not that its memory is full."""
    if not isinstance(error, RuntimeError) or is_out_of_memory(error):
        return False
    by_name = type(error).__name__ == "AcceleratorError"  # torch's, without importing torch
    return by_name or any(words in str(error) for words in _GPU_LOST)


Refusal = Literal[
    "full", "quota", "too large", "in use", "denied", "missing", "in the way", "too long", "bad name", "other"
]  # fmt: skip
"""Why the operating system refuses to write."""
NO_ROOM = ("full", "quota", "too large")

_BY_ERRNO: dict[int, Refusal] = {
    errno.ENOSPC: "full",
    getattr(errno, "EDQUOT", -1): "quota",
    errno.EFBIG: "too large",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "denied",
    errno.ENOENT: "missing",
    errno.EISDIR: "in the way",
    errno.ENOTDIR: "in the way",
    errno.EEXIST: "in the way",
    errno.ENAMETOOLONG: "too long",
    getattr(errno, "ETXTBSY", -1): "in use",
}
_BY_WINDOWS: dict[int, Refusal] = {
    39: "full",  # ERROR_HANDLE_DISK_FULL
    112: "full",  # ERROR_DISK_FULL
    1295: "quota",  # ERROR_DISK_QUOTA_EXCEEDED
    223: "too large",  # ERROR_FILE_TOO_LARGE
    32: "in use",  # ERROR_SHARING_VIOLATION
    33: "in use",  # ERROR_LOCK_VIOLATION
    1224: "in use",  # ERROR_USER_MAPPED_FILE
    5: "denied",  # ERROR_ACCESS_DENIED
    19: "denied",  # ERROR_WRITE_PROTECT
    2: "missing",  # ERROR_FILE_NOT_FOUND
    3: "missing",  # ERROR_PATH_NOT_FOUND
    80: "in the way",  # ERROR_FILE_EXISTS
    183: "in the way",  # ERROR_ALREADY_EXISTS
    206: "too long",  # ERROR_FILENAME_EXCED_RANGE, to which Python gives the number ENOENT
    123: "bad name",  # ERROR_INVALID_NAME
}
_WINDOWS = os.name == "nt"
_NUMBER = re.compile(r"(os error|winerror|errno)\W{1,4}(\d+)", re.IGNORECASE)
_FULL = re.compile(
    r"no space left|not enough space on the disk|disk is full|\d+ requested and \d+ written|max_temp_directory_size",
    re.IGNORECASE,
)
"""A full disk in messages of libraries that quote no error number; the last two are of NumPy and DuckDB."""


def refusal(error: BaseException) -> Refusal | None:
    """Why the operating system refused to write, from an OSError or from the message of a library (safetensors,
    tokenizers, DuckDB, Arrow, NumPy); None for an error of another kind."""
    if isinstance(error, OSError):
        by_number = _BY_WINDOWS.get(getattr(error, "winerror", None) or 0) or _BY_ERRNO.get(error.errno or 0)
        if by_number is not None:
            return by_number
    elif isinstance(error, RecdeskError):
        return None
    text = str(error)
    if _FULL.search(text):
        return "full"
    if found := _NUMBER.search(text):
        numbers = _BY_WINDOWS if _WINDOWS and found[1].lower() != "errno" else _BY_ERRNO
        return numbers.get(int(found[2]), "other")
    return "other" if isinstance(error, OSError) else None
