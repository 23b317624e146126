"""`recdesk serve` in a process of its own, as the window starts it: what it says, and its end."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message, known

PARENT = "RECDESK_SERVE_PARENT"
"""In the environment of the child: the id of the process without which it ends."""
COMMAND = (sys.executable, "-m", "recdesk", "serve")
LOOK_SECONDS = 0.1
END_SECONDS = 10.0
AREAS = ("serve", "promote", "run", "steer", "record")
"""Of the catalogue, in which the child's sentences are looked up again."""


def serve_in_child(
    words: Sequence[str],
    said: Callable[[Mapping[str, Any]], object],
    cancelled: Callable[[], bool],
    token: str = "",
) -> None:
    """Serve until it is cancelled.

    Args:
        words: arguments of `recdesk serve`, without --json and --token.
        said: gets each object that it says: "address" and "run", and "statistics" about once a second.
        cancelled: asked ten times a second.
        token: that clients must send; it does not stand in the command line, which others may read.

    Raises:
        RecdeskError: it could not be started, or ended by itself.
    """
    environment = {**os.environ, PARENT: str(os.getpid()), "PYTHONUTF8": "1"}
    environment.pop("RECDESK_TOKEN", None)
    if token:
        environment["RECDESK_TOKEN"] = token
    child = subprocess.Popen(
        [*COMMAND, *words, "--json"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(child, lines), name="serve", daemon=True).start()
    try:
        _follow(lines, said, cancelled)
    finally:
        _end(child)


def left_alone() -> bool:
    """Whether this process is a child whose parent is gone."""
    parent = os.environ.get(PARENT, "")
    if not parent.isdecimal():
        return False
    if os.name == "posix":
        return os.getppid() != int(parent)
    import psutil

    return not psutil.pid_exists(int(parent))


def _read(child: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str | None]") -> None:
    assert child.stdout is not None
    for line in child.stdout:
        lines.put(line)
    lines.put(None)


def _follow(
    lines: "queue.SimpleQueue[str | None]", said: Callable[[Mapping[str, Any]], object], cancelled: Callable[[], bool]
) -> None:
    """Hand on what is said until it is cancelled.

    Raises:
        RecdeskError: the child ended.
    """
    last: dict[str, Any] = {}
    while not cancelled():
        try:
            line = lines.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            continue
        if line is None:
            raise _why(last)
        last = json.loads(line)
        said(last)


def _why(last: Mapping[str, Any]) -> RecdeskError:
    """The error of a child that ended, from the last that it said."""
    if "error" in last:
        return UsageError(_message(str(last["error"])), _message(str(last.get("suggestion", ""))))
    return RecdeskError(Message("serve.ended"), Message("serve.start-again"))


def _message(text: str) -> str:
    """The message whose English this is, so that it can be translated; the text itself where there is none."""
    return next((found for area in AREAS if isinstance(found := known(text, area), Message)), text)


def _end(child: "subprocess.Popen[str]") -> None:
    """Have it answer what is under way, then end; not asked twice."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    child.wait()
