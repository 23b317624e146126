"""The key of a dataset's pseudonyms: whether it is there, and how it is deleted."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.data.dataset import Dataset
from recdesk.gui.core_words import core
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text

_KEY = "data.key"


class KeyLine(QWidget):
    """A sentence on the pseudonyms, with a button that deletes their key; hidden where user ids are as they were."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._name = ""
        self.sentence = Text("", "small", "secondary", wrap=True)
        self.delete = Chip(self.tr("Delete the key…"))
        self.delete.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.delete)
        self.hide()

    def show_dataset(self, dataset: Dataset | None, name: str | None) -> None:
        """Say how it is with this dataset, as soon as a job has looked for the key."""
        key = str(dataset.rules.get("pseudonyms") or "") if dataset is not None else ""
        self._name, workspace = name or "", self._session.workspace
        self._session.jobs.drop(_KEY)
        self.hide()
        if key:
            self._look(lambda: workspace.has_key(name or ""))

    def _look(self, look: Callable[[], bool]) -> None:
        title = self.tr("Looking for the key")
        self._session.jobs.run(title, lambda _context: look(), self._say, visible=False, replaces=_KEY)

    def _say(self, there: bool) -> None:
        self.show()
        self.sentence.setText(
            self.tr("User ids are pseudonyms; the key to them lies in the workspace.")
            if there
            else self.tr("User ids are pseudonyms; their key was deleted, and ids lead nobody back.")
        )
        self.delete.setVisible(there and not self._session.read_only)

    def _ask(self) -> None:
        if not ask_to_delete(self, self._name):
            return
        self.forget(self._name)

    def forget(self, name: str) -> None:
        """Delete the key of a dataset, in a job that first looks for other ways back; those are told."""
        workspace = self._session.workspace
        self.delete.setEnabled(False)

        def work(context: JobContext) -> list[str]:
            ways = workspace.ways_back(name, context)
            workspace.forget_key(name)
            return ways

        # It was confirmed: no other job takes its place
        job = self._session.jobs.run(self.tr("Deleting a key"), work, lambda ways: self._told(name, ways))
        job.ended.connect(lambda _state: self.delete.setEnabled(True))

    def _told(self, name: str, ways: list[str]) -> None:
        if name == self._name:
            self.show_dataset(self._session.dataset, name)
        if ways:
            self._session.fail(
                RecdeskError(
                    self.tr("The key is deleted, but other things in the workspace still tell who is who."),
                    "\n".join(map(core, ways)) + "\n" + self.tr("Settings show what is kept, and delete it."),
                )
            )


def ask_to_delete(parent: QWidget, title: str) -> bool:
    """Ask before a key is deleted for good."""
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setWindowTitle("recdesk")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(translate("KeyLine", "Delete the key of “{title}”?").format(title=title))
    box.setInformativeText(
        translate(
            "KeyLine",
            "After that no list of ids tells who is behind a pseudonym, and the dataset cannot be updated from a newer "
            "file. Who knows what somebody took, and when, may still know them by it. This cannot be undone. Copies of "
            "the workspace still hold the key.",
        )
    )
    delete = box.addButton(translate("KeyLine", "Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(translate("KeyLine", "Keep the key"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    return box.clickedButton() is delete
