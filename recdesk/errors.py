"""Failures a person can act on."""

import errno
import os


class RecdeskError(Exception):
    """A failure said in plain words.

    Attributes:
        sentence: what went wrong, naming file, line, column and value where there are any.
        suggestion: what to do about it; may be empty.
        details: text for a report (a traceback, a library's own message); may be empty.
    """

    def __init__(self, sentence: str, suggestion: str = "", details: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.suggestion = suggestion
        self.details = details

    def __str__(self) -> str:
        return f"{self.sentence} {self.suggestion}".strip()


class UsageError(RecdeskError):
    """The request itself cannot be carried out as given (the command line exits with 2)."""


class DataError(RecdeskError):
    """A file or dataset cannot be used as it is."""


class MisfitError(DataError, UsageError):
    """What was asked for does not fit the file, such as a column that it does not have."""


class StorageError(RecdeskError):
    """A disk or folder cannot be written just now; it may be again."""


class CancelledError(RecdeskError):
    """The person cancelled; nothing was changed."""

    def __init__(self, what: str = "The operation") -> None:
        super().__init__(f"{what} was cancelled; nothing was changed.")


_NO_MEMORY = (
    "DefaultCPUAllocator",  # torch on a processor: “not enough memory” or “can't allocate memory”
    "could not create a primitive",  # oneDNN's way to say it
    "out of memory",  # graphics processors
    "_STATUS_ALLOC_FAILED",  # the libraries that multiply on Nvidia's
    "Cannot allocate memory",  # the system, told by a library
    os.strerror(errno.ENOMEM),  # the same in the person's language
)
_OF_WINDOWS = (8, 1455)
"""ERROR_NOT_ENOUGH_MEMORY and ERROR_COMMITMENT_LIMIT."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a failure, of whatever library and device, means that less memory at once would do."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM or getattr(error, "winerror", 0) in _OF_WINDOWS
    if isinstance(error, RuntimeError):
        by_name = type(error).__name__ == "OutOfMemoryError"  # torch's, which need not be loaded here
        return by_name or any(words in str(error) for words in _NO_MEMORY)
    return isinstance(error, MemoryError)
