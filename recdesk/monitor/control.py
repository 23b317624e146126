"""How a person's pause, resume and stop reach a training loop."""

import signal
import threading


class Control:
    """Thread-safe switches; the loop looks at them at every step."""

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._stop = threading.Event()
        self._hurry = threading.Event()

    def pause(self) -> None:
        """Wait before the next step."""
        self._running.clear()

    def resume(self) -> None:
        """Go on."""
        self._running.set()

    def stop(self) -> None:
        """End after the current step, keeping everything. Ends a pause too. A second call skips the final figures."""
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()
        self._running.set()

    def wait_for_stop(self, seconds: float) -> bool:
        """Wait at most so long; whether a stop was asked for."""
        return self._stop.wait(seconds)

    @property
    def stopped(self) -> bool:
        """A stop was asked for."""
        return self._stop.is_set()

    @property
    def hurried(self) -> bool:
        """A stop was asked for twice."""
        return self._hurry.is_set()

    @property
    def paused(self) -> bool:
        """A pause is in force."""
        return not self._running.is_set()

    def wait_while_paused(self) -> None:
        """Block until nothing holds the loop back."""
        self._running.wait()


def ending_signals() -> list[int]:
    """Signals that ask a program to end: Ctrl+C, a polite kill, and a terminal that is closed (Windows sends SIGBREAK
    then), unless that is to be ignored, as `nohup` has it."""
    found: list[int] = [signal.SIGINT, signal.SIGTERM]
    for name in ("SIGHUP", "SIGBREAK"):
        number: int | None = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            found.append(number)
    return found
