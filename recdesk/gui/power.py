"""Keeps the computer awake during training, where the system supports it; nothing here raises."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys

_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x80000000, 0x00000001


class SleepGuard:
    """Prevents sleep between `hold` and `release`; the display may still turn off."""

    def __init__(self) -> None:
        self._helper: subprocess.Popen[bytes] | None = None
        self.held = False

    def hold(self, reason: str) -> None:
        """Prevent sleep from now on."""
        if self.held:
            return
        self.held = True
        if sys.platform == "win32":
            _windows_state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED)
            return
        command = _command(reason)
        if command:
            with contextlib.suppress(OSError):
                self._helper = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )

    def release(self) -> None:
        """Sleep is allowed again."""
        if not self.held:
            return
        self.held = False
        if sys.platform == "win32":
            _windows_state(_ES_CONTINUOUS)
        if self._helper is not None:
            self._helper.terminate()
            self._helper.wait()
            self._helper = None


def _command(reason: str) -> list[str]:
    """A command that prevents sleep while it runs and ends with this process; [] for none."""
    if sys.platform == "darwin" and shutil.which("caffeinate"):
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if sys.platform.startswith("linux") and shutil.which("systemd-inhibit"):
        waiting = ["tail", "--pid", str(os.getpid()), "-f", "/dev/null"]
        return ["systemd-inhibit", "--what=sleep:idle", "--who=recdesk", f"--why={reason}", "--mode=block", *waiting]
    return []


def _windows_state(flags: int) -> None:
    with contextlib.suppress(AttributeError, OSError):
        ctypes.windll.kernel32.SetThreadExecutionState(flags)  # type: ignore[attr-defined]
