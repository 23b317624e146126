"""Pause, resume and stop of a run, from any thread."""

import signal
import threading


class Control:
    """Thread-safe switches that the training loop reads at every step."""

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._stop = threading.Event()
        self._hurry = threading.Event()

    def pause(self) -> None:
        """Make the loop wait before its next step."""
        self._running.clear()

    def resume(self) -> None:
        """End a pause."""
        self._running.set()

    def stop(self) -> None:
        """End the run after the current step, with a checkpoint. A second call skips the final metrics."""
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()
        self._running.set()

    def wait_for_stop(self, seconds: float) -> bool:
        """Block until a stop is requested, at most so long; return whether it was."""
        return self._stop.wait(seconds)

    @property
    def stopped(self) -> bool:
        """A stop was requested."""
        return self._stop.is_set()

    @property
    def hurried(self) -> bool:
        """A stop was requested twice."""
        return self._hurry.is_set()

    @property
    def paused(self) -> bool:
        """A pause is in force."""
        return not self._running.is_set()

    def wait_while_paused(self) -> None:
        """Block while paused."""
        self._running.wait()


def ending_signals() -> list[int]:
    """Signals that request the program's end: SIGINT, SIGTERM, and SIGHUP (SIGBREAK on Windows) unless it is ignored,
    as under `nohup`."""
    found: list[int] = [signal.SIGINT, signal.SIGTERM]
    for name in ("SIGHUP", "SIGBREAK"):
        number: int | None = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            found.append(number)
    return found
