"""Refusals of the system as libraries in Rust tell them: a number in a text."""

import contextlib
import errno
import os
import re
from collections.abc import Iterator

_WINDOWS = {112: errno.ENOSPC, 39: errno.ENOSPC, 5: errno.EACCES, 19: errno.EROFS, 2: errno.ENOENT, 3: errno.ENOENT}


@contextlib.contextmanager
def as_os_errors() -> Iterator[None]:
    """Turn what safetensors and tokenizers raise when the system refuses to write into an OSError."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:  # tokenizers has no class of its own for it
        said = re.search(r"os error (\d+)", str(error), re.IGNORECASE)
        if said is None:
            raise
        number = int(said[1])
        if os.name == "nt":
            number = _WINDOWS.get(number, errno.EIO)
        raise OSError(number, os.strerror(number)) from error
