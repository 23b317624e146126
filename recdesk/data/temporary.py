"""Where copies of files stand while they are read."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def temporary_folder(base: Path | None = None) -> Iterator[Path]:
    """A folder, in `base` or the system's own place, that goes when the block ends."""
    with tempfile.TemporaryDirectory(prefix="recdesk-", dir=base, ignore_cleanup_errors=True) as folder:
        yield Path(folder)
