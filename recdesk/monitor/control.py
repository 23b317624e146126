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
        self._leave = threading.Event()

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

    def leave(self) -> None:
        """Stop watching a run that goes on elsewhere; one that is trained here is stopped."""
        self._leave.set()
        if not self._stop.is_set():
            self.stop()

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
    def left(self) -> bool:
        """Nobody watches any more."""
        return self._leave.is_set()

    @property
    def paused(self) -> bool:
        """A pause is in force."""
        return not self._running.is_set()

    def wait_while_paused(self) -> None:
        """Block while paused."""
        self._running.wait()


class Controls(Control):
    """Pauses and stops several runs as one; each has a control of its own besides."""

    def __init__(self) -> None:
        super().__init__()
        self._members: list[Control] = []

    def member(self) -> Control:
        """The control of another run, which stands as this one does."""
        made = Control()
        self._members.append(made)
        if self.paused:
            made.pause()
        if self.stopped and not made.stopped:  # a signal may have stopped it just now
            made.stop()
        return made

    def release(self, member: Control) -> None:
        """Forget the control of a run that has ended."""
        self._members.remove(member)

    def pause(self) -> None:
        """Make those wait that are not being stopped."""
        super().pause()
        for member in list(self._members):
            if not member.stopped:
                member.pause()

    def resume(self) -> None:
        """See `Control.resume`."""
        super().resume()
        for member in list(self._members):
            member.resume()

    def stop(self) -> None:
        """See `Control.stop`."""
        super().stop()
        for member in list(self._members):
            member.stop()

    def leave(self) -> None:
        """See `Control.leave`."""
        self._leave.set()
        for member in list(self._members):
            member.leave()
        if not self.stopped:
            super().stop()


def ending_signals() -> list[int]:
    """Signals that request the program's end: SIGINT, SIGTERM, and SIGHUP (SIGBREAK on Windows) unless it is ignored,
    as under `nohup`."""
    found: list[int] = [signal.SIGINT, signal.SIGTERM]
    for name in ("SIGHUP", "SIGBREAK"):
        number: int | None = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            found.append(number)
    return found
