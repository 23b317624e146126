"""Sends a job and asks the head about it, in a thread of its own: the head may take long, or not answer at all."""

import threading
from collections.abc import Callable
from types import TracebackType

from recdesk.cluster.head import Head, SilentError
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.monitor.events import Event, Warned

SECONDS = 2.0
"""Between two questions."""
TELL_AFTER = 2
"""Questions in a row without an answer before that is told."""
SURE_AFTER = 2
"""Answers in a row that a job is over, before it counts as lost: the storage shows late that the run has ended."""


class HeadWatch:
    """Watches the job of a run. A job that the head does not know is sent, under the id that it has: at first, when an
    answer was lost, and when the head starts anew.

    Args:
        head: whom to ask.
        submission: id of the job as it is now.
        submit: sends it.

    Attributes:
        lost: the job is over, whatever became of the run.
        refused: why the head does not take the job; None while it does.
    """

    def __init__(self, head: Head, submission: Callable[[], str], submit: Callable[[], None]) -> None:
        self._head, self._submission, self._submit = head, submission, submit
        self.lost = False
        self.refused: RecdeskError | None = None
        self._ended = threading.Event()
        self._guard = threading.Lock()
        self._news: list[Event] = []
        self._unanswered = self._over = 0
        self._thread = threading.Thread(target=self._work, name="head of a cluster", daemon=True)

    def __enter__(self) -> "HeadWatch":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()

    def news(self) -> list[Event]:
        """What has been found since the last call."""
        with self._guard:
            found, self._news = self._news, []
        return found

    def watch_next(self) -> None:
        """Watch another job from now on."""
        self._over, self.lost = 0, False

    def _work(self) -> None:
        while not self._ended.is_set():
            if not self.lost:
                self._ask()
            self._ended.wait(SECONDS)

    def _ask(self) -> None:
        try:
            state = self._head.state(self._submission())
            if state == "absent":
                self._submit()
        except SilentError:
            self._unanswered += 1
            if self._unanswered == TELL_AFTER:
                self._tell(Message("cluster.head-vanished", address=self._head.address))
            return
        except RecdeskError as error:
            self.refused = error
            return
        if self._unanswered >= TELL_AFTER:
            self._tell(Message("cluster.head-back", address=self._head.address))
        self._unanswered = 0
        self._over = self._over + 1 if state == "ended" else 0
        self.lost = self._over >= SURE_AFTER

    def _tell(self, sentence: Message) -> None:
        with self._guard:
            self._news.append(Warned(sentence=sentence))
