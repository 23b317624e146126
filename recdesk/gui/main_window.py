"""The main window: rail, pages, messages over them, status strip."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from recdesk.gui import words
from recdesk.gui.actions import ActionSpec, Menus, no_command
from recdesk.gui.cluster_runs import ClusterRuns
from recdesk.gui.command_actions import CommandActions
from recdesk.gui.command_lines import line
from recdesk.gui.field_shortcuts import FieldShortcuts
from recdesk.gui.finder import Finder
from recdesk.gui.interrupted import InterruptedRuns
from recdesk.gui.job_centre import JobCentre
from recdesk.gui.notifications import Notifications
from recdesk.gui.pages.base import Kept, Page
from recdesk.gui.pages.runs.run_files import RunFiles
from recdesk.gui.power import SleepGuard
from recdesk.gui.preload_pages import PagePreload
from recdesk.gui.remedies import Remedies
from recdesk.gui.session import Session
from recdesk.gui.status import StatusPresenter
from recdesk.gui.tour import Tour
from recdesk.gui.tray import Tray, without_tray
from recdesk.gui.widgets.command_palette import CommandPalette
from recdesk.gui.widgets.failure_panel import FailurePanel
from recdesk.gui.widgets.files import local_paths
from recdesk.gui.widgets.focus_ring import FocusRing
from recdesk.gui.widgets.notice import Notice
from recdesk.gui.widgets.overlay import Overlay
from recdesk.gui.widgets.rail import Rail
from recdesk.gui.widgets.status import StatusStrip
from recdesk.gui.window_actions import PageActions, ShellActions
from recdesk.gui.words import together
from recdesk.gui.workspace_actions import WorkspaceActions
from recdesk.gui.workspace_watch import WorkspaceWatch
from recdesk.workspace.runs import Run

PageFactory = Callable[[Session], Page]
CloseAnswer = Literal["stop", "wait", "tray", "stay"]


class MainWindow(QMainWindow):
    """Assembles the parts, and asks before it closes over a run or a job.

    Args:
        session: what the window works on.
        factories: create the pages, by key; a page is created when it is first entered.
        kept: of the window whose place it takes.
    """

    def __init__(
        self, session: Session, factories: dict[str, PageFactory] | None = None, kept: Kept | None = None
    ) -> None:
        super().__init__()
        self.session = session
        self.rail = Rail()
        self.stack = QStackedWidget()
        self.failures = FailurePanel(remedy=Remedies(session, self).of)
        self.interrupted, self.cluster_runs = InterruptedRuns(session, self), ClusterRuns(session, self)
        self.tour = Tour(session, self)
        self.run_files = RunFiles(session, self, self._chosen_runs)
        self.onlooker = Notice(self.tr("Read-only window"), "accent")
        self.onlooker.add_button(self.tr("Close"), self.onlooker.hide)
        self.strip = StatusStrip()
        self.pages: dict[str, Page] = {}
        self._kept_pages: dict[str, Kept] = {} if kept is None else kept["pages"]
        self._factories = factories or _factories()
        self._sleep = SleepGuard()
        self._preload: PagePreload | None = None
        self._closing = self._close_when_done = False
        self._assemble()
        self.palette_popup = CommandPalette(session.actions, self)
        self._finder = Finder(session, self)
        self.palette_popup.typed.connect(self._finder.look_later)
        self._finder.found.connect(self.palette_popup.add)
        PageActions(session, self.show_page, self.pages.get, self)
        ShellActions(session, self.palette_popup.open, self.close, self)
        CommandActions(session, self, self._page_words, self.copy_command)
        self.job_centre = JobCentre(session, self)
        self.tray = Tray(session, self)
        self.notifications = Notifications(session, self, self.tray)
        for spec in (
            ActionSpec("window.jobs", self.tr("What runs…"), self.job_centre.open, "Ctrl+J", "View"),
            ActionSpec("help.tour", self.tr("Tour of two minutes"), self.tour.start, menu="Help"),
        ):
            session.actions.add(replace(spec, reason=no_command("window")))
        self.strip.state_clicked.connect(self.job_centre.open)
        WorkspaceActions(session, self)
        self._menus = Menus(self, session.actions)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._field_shortcuts = FieldShortcuts(app, session.actions, self)
        self.focus_ring = FocusRing(app, self)
        self._status = StatusPresenter(session, self.strip, self)
        self._watch = WorkspaceWatch(session, self)
        self._connect()
        self._restore()
        self.interrupted.look()
        self.cluster_runs.look()
        if kept is not None:
            self._take(kept)

    def show_page(self, key: str) -> Page:
        """Show a page, creating it if need be, and store it as the last page."""
        if key not in self._factories:
            key = "data"
        page = self._page(key)
        self.stack.setCurrentWidget(page)
        self.rail.set_active(key)
        self.session.preferences.last_page = key
        page.entered()
        return page

    def kept(self) -> Kept:
        """What a person has set, and nothing else holds, for the window that takes this one's place."""
        return {
            "pages": {**self._kept_pages, **{key: page.kept() for key, page in self.pages.items()}},
            "failures": self.failures.errors,
            "tour": self.tour.kept(),
            "onlooker": not self.onlooker.isHidden(),
            "sleep": self._sleep,
            "closes": self._close_when_done,
            "began": self.notifications.began,
            "discarding": self.job_centre.discarding,
        }

    def retire(self) -> list[Page]:
        """Go without ending anything: another window has taken this one's place. Gives the pages whose own jobs still
        work, which are the caller's from now on; all else is deleted."""
        if self._preload is not None:
            self._preload.stop()
        self._watch.stop()
        self.tray.end()
        working = [page for page in self.pages.values() if self.session.jobs.of(page)]
        for page in working:
            self.stack.removeWidget(page)
            page.hide()
            page.setParent(None)
        self.hide()
        self.deleteLater()
        return working

    def preload(self) -> None:
        """Create the pages that have not been entered yet, a little later, so that the first visit is quick too."""
        if self._preload is None:
            self._preload = PagePreload(self.session, list(self._factories), self._page, self)

    def copy_command(self, words: list[str] | None, reason: str = "") -> None:
        """Copy a command line, and say so; None says that there is none, and why."""
        if words is None:
            self.session.status_changed.emit(together(self.tr("No command does this."), reason))
            return
        text = line(words, self.session.script.workspace)
        QApplication.clipboard().setText(text)
        self.session.status_changed.emit(self.tr("Copied: {command}").format(command=text))

    def _page_words(self) -> list[str] | None:
        page = self.stack.currentWidget()
        return page.command_words() if isinstance(page, Page) else None

    def end(self) -> None:
        """Close without asking, at a signal of the system or the terminal; the run is stopped and can be resumed."""
        self._closing = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if something runs; the window closes after the run has been stopped and stored."""
        running = self._running()
        if running and not self._closing:
            training = self.session.training
            kept = training.state != "idle" and not training.goes_on_elsewhere
            answer = ask_to_close(self, running, kept, self.tray.available())
            self._close_when_done = answer == "wait"
            if answer == "tray":
                QTimer.singleShot(0, self, self.tray.go)  # a window must not hide while it is asked to close
            if answer != "stop":
                event.ignore()
                return
        if self.session.training.state != "idle" and not self.session.training.goes_on_elsewhere:
            self._closing = True
            self.session.tuning.stop()
            self.session.training.stop()
            event.ignore()  # the window closes after the run has been stored
            return
        preferences = self.session.preferences
        preferences.set_state("geometry", self.saveGeometry())
        self.tray.end()
        self._sleep.release()
        if self._preload is not None:
            self._preload.stop()
        self.session.shutdown()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere, unless an import runs or nothing may be written."""
        if local_paths(event.mimeData()) and not self.session.read_only:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open dropped files of runs, and prepare an import of the others."""
        event.acceptProposedAction()
        others = self.session.take_files(local_paths(event.mimeData()))
        if others:
            self.show_page("data")
            self.session.files_dropped.emit(others)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the failure panel, unless the focused widget handles Escape itself."""
        if event.key() == Qt.Key.Key_Escape and self.failures.isVisible():
            self.failures.dismiss()
        else:
            super().keyPressEvent(event)

    def _page(self, key: str) -> Page:
        page = self.pages.get(key)
        if page is None:
            page = self.pages[key] = self._factories[key](self.session)
            self.stack.addWidget(page)
            if key in self._kept_pages:
                page.take(self._kept_pages.pop(key))
        return page

    def _chosen_runs(self) -> list[Run]:
        page = self.pages.get("runs")
        return page.chosen_runs() if page is not None else []

    def _assemble(self) -> None:
        self.setMinimumSize(960, 560)
        self.setAcceptDrops(True)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addWidget(self.strip)
        self.messages = Overlay(self.stack)
        starts = (self.interrupted.notice, self.cluster_runs.notice)
        for message in (self.run_files.notice, self.onlooker, self.tour.notice, *starts, self.failures):
            self.messages.add(message)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(right, 1)
        self.setCentralWidget(centre)
        self.rail.add("data", self.tr("Data"), "data")
        self.rail.add("train", self.tr("Train"), "train")
        self.rail.add("runs", self.tr("Runs"), "runs")
        self.rail.add("recommend", self.tr("Recommend"), "recommend")
        self.rail.add_space()
        self.rail.add("settings", self.tr("Settings"), "settings")

    def _connect(self) -> None:
        session = self.session
        self.rail.chosen.connect(self.show_page)
        session.page_requested.connect(self.show_page)
        session.failure.connect(self.failures.show_failure)
        session.passed.connect(self.failures.withdraw)
        session.training.state_changed.connect(self._training_changed)
        session.jobs.changed.connect(self._close_if_done)
        session.actions.changed.connect(self._name_palette_button)
        self.palette_popup.command_copied.connect(lambda spec: self.copy_command(spec.words(), spec.reason))
        session.copy_requested.connect(self.copy_command)
        self.strip.palette_button.clicked.connect(self.palette_popup.open)
        self._name_palette_button()

    def _restore(self) -> None:
        title = "recdesk"
        self.setWindowTitle(self.tr("{title} (read-only)").format(title=title) if self.session.read_only else title)
        if self.session.read_only:
            self.onlooker.say(
                self.tr("This window looks on: another recdesk window works with this workspace."),
                self.tr("It follows what happens there. To import or train, use the other one."),
            )
        if not self.restoreGeometry(self.session.preferences.state("geometry")):
            self.resize(1280, 800)
        self.show_page(self.session.preferences.last_page)

    def _take(self, kept: Kept) -> None:
        self._sleep, self._close_when_done = kept["sleep"], kept["closes"]
        self.notifications.began, self.job_centre.discarding = kept["began"], kept["discarding"]
        for error in kept["failures"]:
            self.failures.show_failure(error)
        self.tour.take(kept["tour"])
        self.onlooker.setVisible(kept["onlooker"])
        self._training_changed(self.session.training.state)

    def _training_changed(self, state: str) -> None:
        self.rail.set_mark("train", "" if state == "idle" else "paused" if state == "paused" else "running")
        if state == "idle":
            self._sleep.release()
            if self._closing:
                QTimer.singleShot(0, self.close)
            self._close_if_done()
        else:
            self._sleep.hold(self.tr("Training a model"))

    def _close_if_done(self) -> None:
        """Close now, if that was to wait for what runs."""
        if self._close_when_done and not self._running():
            self._close_when_done = False
            QTimer.singleShot(0, self.close)

    def _running(self) -> list[str]:
        """What ends with the window; a run on a cluster goes on there."""
        training = self.session.training
        named = []
        if training.state != "idle" and training.run is not None and not training.goes_on_elsewhere:
            named.append(self.tr("Training {run}").format(run=words.run_title(training.run)))
        return named + self.session.jobs.working()

    def _name_palette_button(self) -> None:
        shortcut = self.session.actions.shortcut("window.palette")
        self.strip.palette_button.setText(self.tr("{shortcut}  commands").format(shortcut=shortcut))
        self.strip.palette_button.setAccessibleName(self.tr("Commands"))


def ask_to_close(parent: QWidget, running: list[str], training: bool, tray: bool = False) -> CloseAnswer:
    """Ask what becomes of what runs when the window closes.

    Args:
        parent: the window.
        running: names of what runs.
        training: whether a run is among it, which can be kept.
        tray: whether the desktop has a tray.

    Returns:
        "stop": stop it and close; "tray": go on in the tray; "wait": close when it is done, which is offered where
        there is no tray; "stay": do not close.
    """
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("recdesk")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(translate("MainWindow", "Something is still running."))
    kept = translate("MainWindow", "A run that is stopped keeps what it has learned and can be resumed.")
    more = [kept] if training else []
    box.setInformativeText("\n\n".join(["\n".join(running), *more, *([] if tray else [without_tray()])]))
    stop_words = (
        translate("MainWindow", "Stop, keep and close") if training else translate("MainWindow", "Cancel and close")
    )
    stop = box.addButton(stop_words, QMessageBox.ButtonRole.DestructiveRole)
    in_tray = translate("MainWindow", "Keep running in the tray")
    when_done = translate("MainWindow", "Close when it is done")
    on = box.addButton(in_tray if tray else when_done, QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(translate("MainWindow", "Do not close"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return "stop" if clicked is stop else "stay" if clicked is not on else "tray" if tray else "wait"


def _factories() -> dict[str, PageFactory]:
    """Each page is imported when it is first entered, so that the window opens before plots are imported."""

    def data(session: Session) -> Page:
        from recdesk.gui.pages.data.page import DataPage

        return DataPage(session)

    def train(session: Session) -> Page:
        from recdesk.gui.pages.train.page import TrainPage

        return TrainPage(session)

    def runs(session: Session) -> Page:
        from recdesk.gui.pages.runs.page import RunsPage

        return RunsPage(session)

    def recommend(session: Session) -> Page:
        from recdesk.gui.pages.recommend.page import RecommendPage

        return RecommendPage(session)

    def settings(session: Session) -> Page:
        from recdesk.gui.pages.settings.page import SettingsPage

        return SettingsPage(session)

    return {"data": data, "train": train, "runs": runs, "recommend": recommend, "settings": settings}
