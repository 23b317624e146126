"""Actions around commands: copying the one of the page, and the script of the session."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from recdesk.core.files import writing_to
from recdesk.gui import theme
from recdesk.gui.actions import ActionSpec, no_command
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.widgets.files import ask_for_file
from recdesk.gui.widgets.text import Paragraph


class CommandActions(QObject):
    """Registers these actions.

    Args:
        session: whose script it is.
        window: over which dialogs stand.
        words: of the command of the current page; None where there is none.
        copy: copies words as a command line.
    """

    def __init__(
        self,
        session: Session,
        window: QWidget,
        words: Callable[[], list[str] | None],
        copy: Callable[[list[str] | None], object],
    ) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        for spec in (
            ActionSpec(
                "window.copy-command",
                self.tr("Copy as command"),
                lambda: copy(words()),
                "Ctrl+Shift+C",
                "Edit",
                lambda: words() is not None,
                words,
                no_command("later"),
            ),
            ActionSpec(
                "window.script",
                self.tr("Session script…"),
                self.show_script,
                menu="File",
                reason=no_command("window"),
            ),
        ):
            session.actions.add(spec)

    def show_script(self) -> None:
        """Show what was done as a shell script, to copy or to save."""
        dialog = ScriptDialog(self._session, self._window)
        dialog.exec()
        dialog.deleteLater()


class ScriptDialog(QDialog):
    """The script of the session.

    Attributes:
        view: its text.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(self.tr("Session script"))
        self.resize(760, 460)
        explained = self.tr("What you did in this window, as a shell script that does the same. It is saved only here.")
        self.view = QPlainTextEdit(session.script.text())
        self.view.setReadOnly(True)
        self.view.setFont(theme.font("small", tabular=True))
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setAccessibleName(self.windowTitle())
        buttons = QDialogButtonBox()
        copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        save = buttons.addButton(self.tr("Save…"), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.view.toPlainText()))
        save.clicked.connect(self._ask)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (Paragraph(explained, "body", "secondary"), self.view, buttons):
            layout.addWidget(widget)

    def save_to(self, path: Path) -> None:
        """Write the script, in a job."""
        content = self.view.toPlainText().encode()

        def work(_context: JobContext) -> None:
            with writing_to(path, "wb") as stream:
                stream.write(content)

        done = self.tr("Saved to {file}").format(file=path)
        self._session.jobs.run(
            self.tr("Saving {file}").format(file=path.name), work, lambda _: self._session.status_changed.emit(done)
        )

    def _ask(self) -> None:
        path = ask_for_file(self, self.tr("Save"), "recdesk-session.sh")
        if path is not None:
            self.save_to(path)
