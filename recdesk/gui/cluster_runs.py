"""Runs that go on on a cluster while nobody watches: looked after at the start, with an offer to follow one."""

from PySide6.QtCore import QObject

from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.starting import begin_run
from recdesk.gui.training_controller import ready
from recdesk.gui.widgets.notice import Notice
from recdesk.workspace.runs import ACTIVE, Run

_LOOK = "cluster.look"


class ClusterRuns(QObject):
    """Fetches what has ended on clusters, in a job, and offers to follow the newest run that has not.

    Attributes:
        notice: what offers it; its owner places it.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._found: list[Run] = []
        self.notice = Notice(self.tr("Runs on a cluster"), "accent")
        self.follow_button = self.notice.add_button(self.tr("Follow"), self.follow, primary=True)
        self.later_button = self.notice.add_button(self.tr("Later"), self.notice.hide)
        self.later_button.setToolTip(self.tr("It goes on there; Resume on the Runs page follows it"))
        session.training.state_changed.connect(self._state_changed)

    def look(self) -> None:
        """Look after them; a window that only reads does not."""
        if self._session.read_only:
            return
        store = self._session.workspace.run_store

        def work(_context: JobContext) -> tuple[list[Run], int]:
            active = store.on_clusters()
            if not active:
                return [], 0
            from recdesk.cluster.fetching import refresh  # with all that a run needs

            now = [refresh(run) for run in active]
            return [run for run in now if run.state in ACTIVE], sum(run.state not in ACTIVE for run in now)

        title = self.tr("Looking after runs on the cluster")
        self._session.jobs.run(title, work, self._show, lambda _error: None, visible=False, replaces=_LOOK)

    def follow(self) -> None:
        """Follow the newest one on the Train page."""
        if self._found and self._session.training.state == "idle":
            run = self._found[0]
            self._session.go("train")
            begin_run(self._session, lambda: ready(run.folder, resume=True))
            self.notice.hide()

    def _state_changed(self, state: str) -> None:
        if state != "idle":
            self.notice.hide()

    def _show(self, result: tuple[list[Run], int]) -> None:
        self._found, ended = result
        if ended:
            self._session.runs_changed.emit()
        if not self._found or self._session.training.state != "idle":
            return
        run = self._found[0]
        assert run.cluster is not None
        more = self.tr("Its curves are shown while it is followed.")
        if len(self._found) > 1:
            more = words.together(more, self.tr("Also on a cluster: {n} more.").format(n=len(self._found) - 1))
        sentence = self.tr("{run} goes on at {host}.").format(run=words.run_title(run), host=run.cluster.host)
        self.notice.say(sentence, more)
