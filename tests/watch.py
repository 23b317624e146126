"""Which files of a folder are touched, and on which thread."""

import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path


class Watch:
    """Notes what is asked of the files in a folder: every audited event (open, listdir, rename, …) and every stat."""

    def __init__(self, folder: Path, thread: int | None) -> None:
        self.folder, self.thread = str(folder), thread
        self.seen: list[tuple[str, str]] = []

    def see(self, event: str, *arguments: object) -> None:
        if self.thread not in (None, threading.get_ident()) or event == "import":
            return
        paths = [os.fspath(one) for one in arguments if isinstance(one, str | os.PathLike)]
        for path in paths:
            if str(path).startswith(self.folder):
                where = [
                    f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_stack() if "gui" in f.filename
                ]
                self.seen.append((f"{event} {str(path).removeprefix(self.folder)}", " < ".join(where[-3:])))


_watches: list[Watch] = []
_hooked: list[bool] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    for watch in _watches:
        watch.see(event, *arguments)


def listen() -> None:
    """Hear what is audited from now on; it cannot be undone, and costs nothing while nothing is watched."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)


def heard(name: str) -> Callable[..., object]:
    """A function of `os` that says what it is asked, in place of the genuine one."""
    genuine = getattr(os, name)

    def asked(path: object, *arguments: object, **more: object) -> object:
        _hook(f"os.{name}", (path,))
        return genuine(path, *arguments, **more)

    return asked


def forget() -> None:
    """Watch no more."""
    _watches.clear()


def begin(folder: Path, thread: int | None) -> Watch:
    """Watch a folder."""
    _watches.append(Watch(folder, thread))
    return _watches[-1]
