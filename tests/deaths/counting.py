"""File-system operations below a folder, counted, and a process that dies at a chosen one."""

import functools
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

AUDITED = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
SHARED = ("files.py", "tensors.py", "waiting.py", "inventory.py")
ROOT = str(Path(__file__).resolve().parents[2] / "recdesk")


class Operations:
    """Counts what the process does below a folder: opening for writing, renaming, removing and making folders (as the
    interpreter's audit events tell), writing and syncing (whose functions are replaced). An operation that writes has
    two points to die at: before it, and when half of it is on disk.

    Args:
        folder: only what happens below it counts.
        die_at: number of the point to die at; None to count alone.
    """

    def __init__(self, folder: Path, die_at: int | None = None) -> None:
        self.folder, self.die_at = str(folder), die_at
        self.sites: list[str] = []
        """Of each point: what happens there, and which lines of recdesk led to it."""
        self._inside = False

    def install(self) -> None:
        """From here on it counts; for the rest of the process's life."""
        import safetensors.torch
        import transformers
        from pyarrow import parquet

        from recdesk.core import tensors
        from recdesk.text import vector_cache

        sys.addaudithook(self._hear)
        os.fsync = self._before("fsync", os.fsync)
        io.open = self._opening(io.open)
        os.fdopen = self._opening(os.fdopen)
        import builtins

        builtins.open = io.open
        for module in (safetensors.torch, tensors, vector_cache):
            module.save_file = self._native("save_file", module.save_file, 1)
        base = transformers.PreTrainedTokenizerFast
        base.save_pretrained = self._native("save_pretrained", base.save_pretrained, 1)
        model = transformers.PreTrainedModel
        model.save_pretrained = self._native("save_pretrained", model.save_pretrained, 1)
        parquet.write_table = self._native("write_table", parquet.write_table, 1)

    def point(self, what: str, half: Callable[[], None] | None = None) -> None:
        """The process may die here, leaving what `half` leaves."""
        if self._inside:
            return
        self._inside = True
        try:
            self.sites.append(f"{what} {_lines()}")
            if len(self.sites) - 1 == self.die_at:
                if half is not None:
                    half()
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            self._inside = False

    def _is_ours(self, path: Any) -> bool:
        if isinstance(path, int):
            try:
                path = Path(f"/proc/self/fd/{path}").readlink()
            except OSError:
                return False
        try:
            return os.fsdecode(path).startswith(self.folder)
        except TypeError:
            return False

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & WRITING and not isinstance(path, int) and self._is_ours(path):
                self.point("open")
        elif event in AUDITED and (self._is_ours(arguments[0]) or arguments[-1] not in (-1, None)):
            self.point(event)

    def _before(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def counted(handle: Any, *arguments: Any) -> Any:
            number = handle if isinstance(handle, int) else handle.fileno()
            if self._is_ours(number):
                self.point(name)
            return function(handle, *arguments)

        return counted

    def _native(self, name: str, function: Callable[..., Any], at: int) -> Callable[..., Any]:
        """A function of foreign code that writes files at a path, its argument number `at`."""

        @functools.wraps(function)
        def counted(*arguments: Any, **named: Any) -> Any:
            if not isinstance(arguments[at], str | Path) or not self._is_ours(arguments[at]):
                return function(*arguments, **named)
            path = Path(arguments[at])
            self.point(f"{name}")
            result = function(*arguments, **named)
            self.point(f"{name}, half of it", lambda: _halve(path))
            return result

        return counted

    def _opening(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def opened(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            stream = function(file, mode, *arguments, **named)
            if not set(mode) & set("wax+") or not self._is_ours(stream.fileno()):
                return stream
            return Stream(stream, self)

        return opened


class Stream:
    """A file that is written: what a buffer holds is lost with the process, what is flushed may be there by half."""

    def __init__(self, stream: Any, operations: Operations) -> None:
        self._stream, self._operations = stream, operations
        self._raw = isinstance(stream, io.RawIOBase)
        self._buffered = False

    def write(self, data: Any) -> Any:
        if not self._raw:
            self._buffered = True
            return self._stream.write(data)
        self._operations.point("write")
        self._operations.point("write, half of it", lambda: self._stream.write(bytes(data)[: len(data) // 2]))
        return self._stream.write(data)

    def flush(self) -> None:
        self._pass(self._stream.flush)

    def close(self) -> None:
        if not self._stream.closed:
            self._pass(self._stream.flush)
        self._stream.close()

    def _pass(self, flush: Callable[[], None]) -> None:
        if self._raw or not self._buffered:
            return flush()
        self._buffered = False
        number = self._stream.fileno()
        before = os.fstat(number).st_size
        self._operations.point("write")
        flush()
        after = os.fstat(number).st_size
        if after > before:
            self._operations.point("write, half of it", lambda: os.truncate(number, (before + after) // 2))
        return None

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    def __iter__(self) -> Any:
        return iter(self._stream)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _halve(path: Path) -> None:
    files = [path] if path.is_file() else [file for file in path.iterdir() if file.is_file()]
    last = max(files, key=lambda file: file.stat().st_mtime_ns)
    os.truncate(last, last.stat().st_size // 2)


def _lines() -> str:
    """The line of recdesk that is at work, and those that led there up to the first outside of what all share."""
    frames = [frame for frame in traceback.extract_stack(sys._getframe(2)) if frame.filename.startswith(ROOT)]
    found = []
    for frame in reversed(frames):
        found.append(f"{Path(frame.filename).name}:{frame.lineno}")
        if Path(frame.filename).name not in SHARED and frame.name != "<lambda>":
            break
    return " < ".join(found)
