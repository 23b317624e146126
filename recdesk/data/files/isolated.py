"""Readers of workbooks and databases in a process of their own: on a file made to harm, foreign code can abort or take
all memory. Requests and answers are JSON, tables pass as Arrow files; nothing is unpickled."""

import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from recdesk.core.errors import DataError, MisfitError, RecdeskError, StorageError
from recdesk.core.messages import Message, restored
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.files import limits

START = "from recdesk.data.files.foreign import serve; serve()"
LOOK_SECONDS = 0.05
"""Interval between checks of the process's memory and of cancellation."""
FRESH_BYTES = 2**28
IDLE_SECONDS = 30.0
"""Seconds after which an idle process ends: a preview and an import make several calls."""
KINDS = {kind.__name__: kind for kind in (RecdeskError, DataError, MisfitError, StorageError)}
"""Failures as an answer names them."""


def call(
    name: str,
    shown: str,
    size: int,
    arguments: dict[str, Any],
    task: Task = UNWATCHED,
) -> Any:
    """Run `foreign.CALLS[name]` in the reader process and return its result.

    Args:
        name: of the call.
        shown: the file's name for people.
        size: its bytes; they bound the memory that may be taken.
        arguments: of the call.
        task: gets the share that is done; cancelling it ends the process.

    Raises:
        DataError: the file cannot be read; or the reader ended abruptly, hung, or took too much memory.
        RecdeskError: what it holds could not be written (a StorageError where the disk is full).
        CancelledError: it was cancelled.
    """
    memory = limits.memory_for(size)
    waited = _idle.take()
    reader = waited or _Reader()
    try:
        reader.send({"call": name, "memory": memory, "arguments": arguments})
        answer = reader.answer(shown, memory, task)
    except _AbruptEndError as error:
        reader.end()
        if waited is None:
            raise DataError(error.sentence, error.suggestion, error.details) from None
        return call(name, shown, size, arguments, task)  # it may have been ended while it waited
    except BaseException:
        reader.end()
        raise
    _idle.keep(reader)
    return result_of(answer, shown, memory)


class _AbruptEndError(DataError):
    """The process is gone."""


def result_of(answer: dict[str, Any], shown: str, memory: int) -> Any:
    """The result in an answer.

    Raises:
        DataError: it is a failure.
        RecdeskError: it is one of writing, of the class that the answer names.
    """
    if "memory" in answer:
        raise limits.too_much_memory(shown, memory)
    if "failure" in answer:
        raise KINDS.get(answer["kind"], DataError)(*restored(answer["failure"], answer["messages"]))
    return answer["result"]


class _Reader:
    """The reader process; it serves one request at a time."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed in `end`
        # no module is taken from the folder that the program happens to be started in
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put(b"")

    def send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended, which `answer` reports
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def answer(self, shown: str, memory: int, task: Task) -> dict[str, Any]:
        """The first message that is no progress report; raises as `call` does."""
        heard = time.monotonic()
        while True:
            task.check()
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=LOOK_SECONDS)
                if not line:
                    raise self._ended(shown, memory)
                message: dict[str, Any] = json.loads(line)
                if "share" not in message:
                    return message
                heard = time.monotonic()
                task.report(message["share"])
            with contextlib.suppress(psutil.Error):  # it has ended, which is reported above
                if self._memory() > memory:
                    raise limits.too_much_memory(shown, memory)
            if time.monotonic() - heard > limits.SILENCE:
                raise DataError(
                    Message("file.reading-stuck", name=shown, seconds=limits.SILENCE),
                    Message("file.save-csv-or-parquet"),
                )

    def _ended(self, shown: str, memory: int) -> _AbruptEndError:
        code = self._process.wait()
        self._errors.seek(max(self._errors.seek(0, os.SEEK_END) - 4000, 0))
        printed = self._errors.read().decode(errors="replace")
        if (
            "memory allocation of" in printed or code == -9
        ):  # the words of Rust's standard library; the system's refusal
            refusal = limits.too_much_memory(shown, memory)
            return _AbruptEndError(refusal.sentence, refusal.suggestion, printed)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return _AbruptEndError(
            Message("file.reader-crashed", name=shown, exit=how),
            Message("file.damaged-save-again"),
            printed,
        )

    def is_fresh(self) -> bool:
        """It is there, and holds no more memory than it began with, or little."""
        with contextlib.suppress(psutil.Error):
            return self._process.poll() is None and self._memory() < FRESH_BYTES
        return False

    def _memory(self) -> int:
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def end(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._errors):
            with contextlib.suppress(OSError):  # what was not sent cannot be
                assert stream is not None
                stream.close()


class _Idle:
    """Keeps one idle reader process for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reader: _Reader | None = None
        self._timer: threading.Timer | None = None

    def take(self) -> _Reader | None:
        with self._lock:
            reader, self._reader = self._reader, None
            if self._timer is not None:
                self._timer.cancel()
        if reader is not None and not reader.is_fresh():
            reader.end()
            return None
        return reader

    def keep(self, reader: _Reader) -> None:
        with self._lock:
            spare, self._reader = (reader, self._reader) if self._reader else (None, reader)
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(IDLE_SECONDS, self.close)
            self._timer.daemon = True
            self._timer.start()
        if spare is not None:
            spare.end()

    def close(self) -> None:
        if (reader := self.take()) is not None:
            reader.end()


_idle = _Idle()
atexit.register(_idle.close)


def size_of(path: Path) -> int:
    """Bytes of a file; 0 where it is gone, which is reported when it is read."""
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0
