"""After an unclean end: which run was interrupted, when and how far, with *Resume* and *Not now*."""

import math

from PySide6.QtCore import QObject

from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.starting import resume_run
from recdesk.gui.widgets.notice import Notice
from recdesk.workspace.interruptions import Interruption, interruptions, leave


class InterruptedRuns(QObject):
    """Looks for interrupted runs in a job, and asks about the newest of them.

    Attributes:
        notice: what asks; its owner places it.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._found: list[Interruption] = []
        self.notice = Notice(self.tr("Interrupted runs"))
        self.resume_button = self.notice.add_button(self.tr("Resume"), self.resume, primary=True)
        self.leave_button = self.notice.add_button(self.tr("Not now"), self.leave)
        self.leave_button.setToolTip(self.tr("It stays under Runs as interrupted and can be resumed there"))
        session.training.state_changed.connect(self._state_changed)
        session.runs_changed.connect(self._look_again)

    def look(self) -> None:
        """Look for interrupted runs; a window that only reads can resume none and does not ask."""
        if self._session.read_only:
            return
        store = self._session.workspace.run_store

        def work(_context: JobContext) -> list[Interruption]:
            return interruptions(store)

        title = self.tr("Reading runs")
        self._session.jobs.run(title, work, self._show, lambda _error: None, visible=False, replaces="runs.interrupted")

    def resume(self) -> None:
        """Resume the newest one on the Train page; the others stay as they are."""
        if self._found and self._session.training.state == "idle":
            self._session.go("train")
            resume_run(self._session, self._found[0].run)
            self.notice.hide()

    def leave(self) -> None:
        """Leave them interrupted, and do not ask about them again."""
        store, runs = self._session.workspace.run_store, [found.run for found in self._found]
        self.notice.hide()

        def work(_context: JobContext) -> None:
            leave(store, runs)

        self._session.jobs.run(self.tr("Leaving interrupted runs"), work, visible=False, replaces="runs.leave")

    def _look_again(self) -> None:
        if not self.notice.isHidden():
            self.look()

    def _state_changed(self, state: str) -> None:
        if state != "idle":
            self.notice.hide()

    def _show(self, found: list[Interruption]) -> None:
        self._found = found
        if not found or self._session.training.state != "idle":
            self.notice.hide()
            return
        newest = found[0]
        sentence = self.tr("{run} was interrupted on {time}, {far}.").format(
            run=words.run_title(newest.run), time=words.moment(newest.time), far=self._far(newest)
        )
        more = self.tr(
            "recdesk ended while it trained. Resume goes on from its last checkpoint; what came after it is repeated."
        )
        if len(found) > 1:
            more = words.together(more, self.tr("Also interrupted, see Runs: {n} more.").format(n=len(found) - 1))
        self.notice.say(sentence, more)

    def _far(self, interruption: Interruption) -> str:
        if not interruption.epochs:
            return self.tr("before its first training step")
        return self.tr("in epoch {n} of at most {most}").format(
            n=min(math.floor(interruption.epochs) + 1, interruption.most), most=interruption.most
        )
