"""A crash file for the next start, and a log of uncaught exceptions."""

import contextlib
import faulthandler
import os
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO

import psutil

from recdesk.core.files import PRIVATE_FILE

_MAX_REPORT = 20_000


class CrashLog:
    """Writes the traceback of a fatal error (`faulthandler`) to `<folder>/crash-<pid>.txt`.

    The file stays empty unless the process crashes; a normal exit removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    def start(self) -> str:
        """Enable it; returns the report of an earlier crash or "". Does nothing if the folder cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            report = self._earlier()
            self._path().touch(PRIVATE_FILE)
            self._file = self._path().open("w", encoding="utf-8")
            faulthandler.enable(self._file)
        except OSError:
            return ""
        return report

    def end(self) -> None:
        """Remove the file, at a normal exit."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._path().unlink(missing_ok=True)
            self._file = None

    def _path(self) -> Path:
        return self._folder / f"crash-{os.getpid()}.txt"

    def _earlier(self) -> str:
        report = ""
        for path in sorted(self._folder.glob("crash-*.txt")):
            pid = path.stem.removeprefix("crash-")
            if pid.isdigit() and int(pid) != os.getpid() and psutil.pid_exists(int(pid)):
                continue
            report = path.read_text(encoding="utf-8", errors="replace")[:_MAX_REPORT] or report
            path.unlink()
        return report


def catch_everything(folder: Path, report: Callable[[BaseException], object]) -> Callable[[], None]:
    """Send uncaught exceptions of any thread to a log in `folder` and to `report`; returns a function to undo it."""
    before, before_thread = sys.excepthook, threading.excepthook

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, trace)
            return
        _log(folder, error)
        report(error)

    def caught_in_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            caught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def undo() -> None:
        sys.excepthook, threading.excepthook = before, before_thread

    sys.excepthook, threading.excepthook = caught, caught_in_thread
    return undo


def _log(folder: Path, error: BaseException) -> None:
    path = folder / "errors.txt"
    with contextlib.suppress(OSError):
        path.touch(PRIVATE_FILE)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"\n{datetime.now():%Y-%m-%d %H:%M:%S}\n{''.join(traceback.format_exception(error))}")
