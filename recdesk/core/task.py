"""Progress and cancelling of a long operation: one object, handed down to its innermost loop."""

import time
from collections.abc import Callable

from recdesk.core.errors import CancelledError
from recdesk.core.messages import Message

Report = Callable[[float, str], None]
"""Gets the share that is done, 0 to 1, and a sentence on what is being done."""

LOOK_SECONDS = 0.1
"""Between two looks whether a task that waits was cancelled."""


def _ignore(_share: float, _text: str) -> None:
    """Report nothing."""


class Task:
    """A long operation as its code sees it; made by whoever starts it, such as a job of the window or a command.

    Without arguments nothing is reported and nothing cancels. As thread-safe as what it is made of.

    Args:
        report: gets progress, as often as the work likes.
        cancelled: whether the result is no longer wanted; asked often, so it must be quick.
        what: is done, for the sentence that it was cancelled: "The import".
    """

    def __init__(
        self,
        report: Report = _ignore,
        cancelled: Callable[[], bool] = lambda: False,
        what: str = Message("job.operation"),
    ) -> None:
        self._report, self._cancelled, self._what = report, cancelled, what

    def report(self, share: float, text: str = "") -> None:
        """Say how far the work is.

        Args:
            share: that is done; what lies outside 0 to 1 is cut.
            text: what is being done, for a person.
        """
        self._report(min(max(share, 0.0), 1.0), text)

    @property
    def cancelled(self) -> bool:
        """Whether the result is no longer wanted."""
        return self._cancelled()

    def check(self) -> None:
        """Raise if the result is no longer wanted.

        Raises:
            CancelledError: it was cancelled.
        """
        if self.cancelled:
            raise CancelledError(self._what)

    def step(self, share: float, text: str = "") -> None:
        """`check`, then `report`."""
        self.check()
        self.report(share, text)

    def wait(self, seconds: float) -> None:
        """Let time pass, and notice within a fraction of a second that the result is no longer wanted.

        Raises:
            CancelledError: it was cancelled.
        """
        until = time.monotonic() + seconds
        self.check()
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_SECONDS))
            self.check()

    def named(self, what: str) -> "Task":
        """The same task under another name: "The import"."""
        return Task(self.report, self._cancelled, what)

    def reporting(self, report: Report) -> "Task":
        """The same task with a progress of its own."""
        return Task(report, self._cancelled, self._what)

    def silent(self) -> "Task":
        """The same task without progress."""
        return self.reporting(_ignore)

    def part(self, begin: float, end: float, text: str | None = None) -> "Task":
        """The task of a part of the work, whose shares 0 to 1 are `begin` to `end` of this one; cancelled with it.

        Args:
            begin, end: shares of this task.
            text: what is being done meanwhile, where the part does not say it itself.
        """

        def report(share: float, own: str) -> None:
            self.report(begin + share * (end - begin), own if text is None else text)

        return self.reporting(report)


UNWATCHED = Task()
"""Of a call that nobody watches or cancels: the default."""
