"""The window's server: `recdesk serve promoted` in a process of its own, which ends with the window."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from recdesk.gui import words
from recdesk.gui.jobs import Job, JobContext, Jobs

if TYPE_CHECKING:
    from recdesk.gui.session_script import SessionScript
    from recdesk.workspace.runs import Run
    from recdesk.workspace.workspace import Workspace

_KEY = "serving"


@dataclass(frozen=True)
class ServeChoice:
    """How a server is to be started.

    Attributes:
        port: 0 for any free one.
        rules: name of rules that hold for every request; "" for none.
        token: that other machines must send to be answered; "" where only this machine may ask.
    """

    port: int = 8000
    rules: str = ""
    token: str = field(default="", repr=False)

    @property
    def words(self) -> list[str]:
        """Arguments of `recdesk serve`, without the token."""
        given = ["promoted", "--port", str(self.port)]
        given += ["--rules", self.rules] if self.rules else []
        return given + (["--host", "0.0.0.0"] if self.token else [])


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(18)


class ServingController(QObject):
    """Starts and stops the server, and exchanges its model.

    Signals:
        changed: it was started, answers, said something new, or ended.

    Attributes:
        run: the run that answers, or is to; None while there is no server.
        choice: how it was started.
        address: where it answers; "" before it does.
        statistics: what it said last, see `recdesk.serving.statistics.Statistics`.
    """

    changed = Signal()
    _heard = Signal(object)

    def __init__(
        self, workspace: "Workspace", jobs: Jobs, script: "SessionScript", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._jobs, self._script = workspace, jobs, script
        self._job: Job[None] | None = None
        self._only = threading.Lock()
        self.run: Run | None = None
        self.choice = ServeChoice()
        self.address = ""
        self.statistics: Mapping[str, float] = {}
        self._heard.connect(self._listen)

    @property
    def active(self) -> bool:
        """Whether there is a server, or one is starting."""
        return self._job is not None

    def start(self, run: "Run", choice: ServeChoice) -> None:
        """Promote a run and start a server that answers with it. Only while there is none."""
        assert not self.active, "a server runs already"
        self.run, self.choice, self.address, self.statistics = run, choice, "", {}
        folder, heard, only = self._workspace.folder, self._heard, self._only

        def work(context: JobContext) -> None:
            from recdesk.serving.child import serve_in_child
            from recdesk.workspace.promotion import promote

            promote(run)
            arguments = [*choice.words, "--workspace", str(folder)]
            with only:  # the one before it may be ending yet
                serve_in_child(arguments, heard.emit, lambda: context.cancelled, choice.token)

        title = self.tr("Serving {run}").format(run=words.run_title(run))
        self._job = self._jobs.run(title, work, replaces=_KEY)
        self._job.ended.connect(self._ended)
        self._script.add(["promote", run.id])
        self._script.add_note(f"A server ran: recdesk serve {' '.join(choice.words)}")
        self.changed.emit()

    def exchange(self, run: "Run") -> None:
        """Let another run answer; no request is lost."""
        from recdesk.workspace.promotion import promote

        def done(_nothing: None) -> None:
            self.run = run
            self._script.add(["promote", run.id])
            self.changed.emit()

        title = self.tr("Promoting {run}").format(run=words.run_title(run))
        self._jobs.run(title, lambda _context: promote(run), done, replaces="serving.promote")

    def stop(self) -> None:
        """End the server, once it has answered what is under way."""
        if self._job is not None:
            self._job.cancel()

    def _listen(self, said: Mapping[str, Any]) -> None:
        if not self.active:
            return
        self.address = str(said.get("address", self.address))
        self.statistics = said.get("statistics", self.statistics)
        self.changed.emit()

    def _ended(self, _state: str) -> None:
        self._job, self.run, self.address, self.statistics = None, None, "", {}
        self.changed.emit()
