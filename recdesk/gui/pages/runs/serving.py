"""Serving the chosen run, and what is shown of the server on the Runs page."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Command
from recdesk.gui.pages.runs.serve_dialog import ServeDialog
from recdesk.gui.serving_controller import ServeChoice
from recdesk.gui.session import Session
from recdesk.gui.widgets.notice import Notice
from recdesk.workspace.runs import ACTIVE, Run


class RunServing(QObject):
    """Asks how to serve, and shows the server while there is one.

    Args:
        session: the shared state.
        parent: over which dialogs stand.
        chosen: gives the chosen run.

    Attributes:
        notice: address, rate and latencies; its owner places it.
    """

    def __init__(self, session: Session, parent: QWidget, chosen: Callable[[], Run | None]) -> None:
        super().__init__(parent)
        self._session, self._parent, self._chosen = session, parent, chosen
        self.notice = Notice(self.tr("Server"), "good")
        self.copy_button = self.notice.add_button(self.tr("Copy address"), self._copy)
        self.page_button = self.notice.add_button(self.tr("Open its page"), self._open)
        self.token_button = self.notice.add_button(self.tr("Copy token"), self._copy_token)
        self.stop_button = self.notice.add_button(self.tr("Stop"), session.serving.stop)
        session.serving.changed.connect(self._show)
        self._show()

    def commands(self) -> dict[str, Command]:
        """By id of the action."""
        serving = self._session.serving
        return {
            "runs.serve": Command(self.serve, self.possible, self._words),
            "runs.serve-stop": Command(serving.stop, lambda: serving.active),
        }

    def possible(self) -> bool:
        """Whether the chosen run can be served, and does not answer already."""
        run, serving = self._chosen(), self._session.serving
        if run is None or not run.has_model or run.state in ACTIVE or self._session.read_only:
            return False
        return serving.run is None or serving.run.id != run.id

    def serve(self) -> None:
        """Start a server after asking how; where one runs, let the chosen run answer."""
        run, session = self._chosen(), self._session
        if run is None or not self.possible():
            return
        if session.serving.active:
            session.serving.exchange(run)
            return
        workspace = session.workspace
        session.jobs.run(
            self.tr("Reading rules"),
            lambda _context: [rules.name for rules in workspace.rules()],
            lambda names: self._ask(run, names),
            visible=False,
        )

    def start(self, run: Run, choice: ServeChoice) -> None:
        """Start a server."""
        self._session.preferences.serving_port = choice.port
        self._session.serving.start(run, choice)

    def _ask(self, run: Run, rules: list[str]) -> None:
        dialog = ServeDialog(run, rules, self._session.preferences.serving_port, self._parent)
        accepted, choice = dialog.exec(), dialog.choice
        dialog.deleteLater()
        if accepted and not self._session.serving.active:
            self.start(run, choice)

    def _show(self) -> None:
        serving = self._session.serving
        if serving.run is None:
            self.notice.hide()
            return
        title, answers = words.run_title(serving.run), bool(serving.address)
        self.copy_button.setEnabled(answers)
        self.page_button.setEnabled(answers)
        self.token_button.setVisible(bool(serving.choice.token))
        if not answers:
            self.notice.say(self.tr("The server of {run} starts…").format(run=title))
            return
        said = self.tr("{run} answers at {address}").format(run=title, address=serving.address)
        self.notice.say(said, self._figures())

    def _figures(self) -> str:
        """What was answered lately."""
        known = self._session.serving.statistics
        if not known.get("requests"):
            return self.tr("Nobody has asked yet.")
        requests = translated(Message("count.requests", count=int(known["requests"])))
        count = self.tr("{requests} so far").format(requests=requests)
        if not known.get("per_second"):
            return count
        lately = self.tr("{rate} requests a second; half of the answers took at most {p50} ms, 99 % at most {p99} ms")
        rate, p50, p99 = (_figure(known[name]) for name in ("per_second", "p50_ms", "p99_ms"))
        return f"{lately.format(rate=rate, p50=p50, p99=p99)} · {count}"

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._session.serving.address)
        self._session.status_changed.emit(self.tr("Copied: {address}").format(address=self._session.serving.address))

    def _copy_token(self) -> None:
        QApplication.clipboard().setText(self._session.serving.choice.token)
        self._session.status_changed.emit(self.tr("The token is copied."))

    def _open(self) -> None:
        port = QUrl(self._session.serving.address).port()
        QDesktopServices.openUrl(QUrl(f"http://127.0.0.1:{port}"))

    def _words(self) -> list[str] | None:
        run = self._chosen()
        return ["serve", run.id] if run is not None and run.has_model else None


def _figure(value: float) -> str:
    """A rate or a latency."""
    return QLocale().toString(float(value), "f", 1 if value < 100 else 0)
