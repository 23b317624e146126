"""Where everything is kept."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton

from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.text import Text


class WorkspaceCard(Card):
    """The workspace's folder, to open and to change."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Workspace"))
        self._session = session
        self._folder = Text(str(session.workspace.folder), "body", wrap=True)
        self._folder.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._folder.setAccessibleName(self.tr("Workspace folder"))
        self._note = Text(
            self.tr("Datasets, runs and models are plain files in this folder."), "small", "secondary", wrap=True
        )
        self.body.addWidget(self._folder)
        self.body.addWidget(self._note)
        row = QHBoxLayout()
        for text, callback in ((self.tr("Open folder"), self._open), (self.tr("Change…"), self._ask)):
            button = QPushButton(text)
            button.setAccessibleName(text)
            button.clicked.connect(callback)
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)

    def change(self, folder: Path) -> None:
        """Use another folder from the next start on, if a job finds that it can be a workspace."""

        def work(_context: JobContext) -> None:
            from recdesk.workspace.workspace import Workspace

            Workspace(folder)

        title = self.tr("Preparing the workspace")
        self._session.jobs.run(title, work, lambda _: self._changed(folder), replaces="settings.workspace")

    def _changed(self, folder: Path) -> None:
        self._session.preferences.workspace = folder
        self._note.setText(self.tr("From the next start recdesk works in “{folder}”.").format(folder=folder))
        self._note.set_tone("warning")

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.workspace.folder)))

    def _ask(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Workspace folder"), str(self._session.workspace.folder)
        )
        if chosen:
            self.change(Path(chosen))
