"""A text encoder from the hub: looked up and downloaded only when a button is pressed."""

import os
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.gui import theme, words
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import PrimaryButton
from recdesk.gui.widgets.status import ProgressLine
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from recdesk.text.hub import Offer

_HUB = "https://huggingface.co"
_LOOK_UP, _DOWNLOAD = "train.hub.look", "train.hub.fetch"
_END_SECONDS = 5.0


class HubDialog(QDialog):
    """Input of a model name, the files to download, and the download with its progress; accepted when it is complete.

    Attributes:
        model_id: id of the downloaded encoder.
    """

    def __init__(self, session: Session, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Encoder from the hub"))
        self.setMinimumWidth(560)
        self._session, self._folder = session, session.workspace.folder / "encoders"
        self._offer: Offer | None = None
        self._job: Job[Path] | None = None
        self._over = threading.Event()
        self._over.set()
        self.model_id = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, 20, theme.MARGIN, 20)
        layout.setSpacing(12)
        host = os.environ.get("HF_ENDPOINT", _HUB).removeprefix("https://").rstrip("/")
        explanation = self.tr(
            "Any BERT with model.safetensors can be taken, such as BAAI/bge-small-zh-v1.5. Nothing is asked of {place} "
            "before you press a button, and nothing of your data is sent."
        )
        layout.addWidget(Text(explanation.format(place=host), "body", "secondary", wrap=True))
        layout.addLayout(self._name_row(name))
        self.facts = Text("", "body", wrap=True)
        self.line = ProgressLine(self.tr("Download"))
        self.line.hide()
        self.message = Text("", "small", "secondary", wrap=True)
        self.message.setMinimumHeight(48)  # three lines, so that a longer message moves nothing
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        for widget in (self.facts, self.line, self.message):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(self._ends())
        self.finished.connect(self._leave)
        self._refresh()

    def look_up(self) -> None:
        """Request revision and size of the model from the hub."""
        name = self.name.text().strip()
        if not name or self._job is not None:
            return
        self._offer = None
        folder = self._folder

        def work(context: JobContext) -> "tuple[Offer, int]":
            from recdesk.text import hub

            offer = context.abandonable(lambda: hub.look_up(name))
            return offer, hub.begun(offer, folder)

        self._show_message(self.tr("Asking the hub…"))
        self._session.jobs.run(
            self.tr("Looking up {name}").format(name=name), work, self._found, self._failed, replaces=_LOOK_UP
        )
        self._refresh()

    def download(self) -> None:
        """Download the model that was looked up, resuming an earlier attempt."""
        offer, folder = self._offer, self._folder
        if offer is None or self._job is not None:
            return
        before, over = self._over, threading.Event()

        def work(context: JobContext) -> "Path":
            from recdesk.text import hub

            before.wait(_END_SECONDS)  # a cancelled download closes its files within moments
            try:
                return hub.download(offer, folder, context)
            finally:
                over.set()

        self._over = over
        title = self.tr("Downloading {name}").format(name=offer.model_id)
        job = self._session.jobs.run(title, work, self._done, self._broken, replaces=_DOWNLOAD)
        self._job = job
        job.progressed.connect(self._show_progress)
        self._show_message(self.tr("Connecting…"))
        self._refresh()

    def cancel(self) -> None:
        """Cancel the download; a later attempt resumes it."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._show_message(self.tr("Cancelled. What came is kept: a later download goes on from there."))
            self._refresh()

    def _name_row(self, name: str) -> QHBoxLayout:
        self.name = QLineEdit(name)
        self.name.setPlaceholderText(self.tr("owner/name"))
        self.name.setAccessibleName(self.tr("Name of the model"))
        self.name.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.name.textChanged.connect(self._renamed)
        self.look_button = QPushButton(self.tr("Look up"))
        self.look_button.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.look_button.setDefault(True)
        self.look_button.clicked.connect(self.look_up)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.look_button)
        return row

    def _ends(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.cancel_button = QPushButton(self.tr("Cancel download"))
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self.download_button = PrimaryButton(self.tr("Download"))
        self.download_button.clicked.connect(self.download)
        for button in (self.cancel_button, self.close_button, self.download_button):
            button.setMinimumHeight(theme.CONTROL_HEIGHT)
            button.setAutoDefault(False)
            row.addWidget(button)
        return row

    def _found(self, found: "tuple[Offer, int]") -> None:
        offer, here = found
        self._offer = offer
        files = translated(Message("count.files", count=len(offer.files)))
        facts = self.tr("{name} · {size} in {files} · revision {revision}").format(
            name=offer.model_id, size=words.size(offer.bytes), files=files, revision=offer.revision[:12]
        )
        self.facts.setText(facts)
        kept = self.tr("{size} of it are here from an earlier download, which goes on.").format(size=words.size(here))
        self._show_message(kept if here else "")
        if self._session.read_only:
            self._show_message(self.tr("Another window has this workspace open; download it there."))
        self._refresh()

    def _failed(self, error: RecdeskError) -> None:
        self.message.setText(words.together(translated(error.sentence), translated(error.suggestion)))
        self.message.set_tone("bad")
        self._refresh()

    def _broken(self, error: RecdeskError) -> None:
        self._job = None
        if isinstance(error, UsageError):
            self._offer = None
        self._failed(error)

    def _show_progress(self, share: float, sentence: str) -> None:
        offer = self._offer
        if offer is None:
            return
        self.line.set_value(share)
        amount = self.tr("{here} of {all}").format(here=words.size(share * offer.bytes), all=words.size(offer.bytes))
        self._show_message(f"{translated(sentence)} · {amount}")

    def _done(self, _folder: "Path") -> None:
        assert self._offer is not None
        self._job, self.model_id = None, self._offer.model_id
        self.accept()

    def _renamed(self) -> None:
        self._session.jobs.drop(_LOOK_UP)
        self._offer = None
        self.facts.setText("")
        self._show_message("")
        self._refresh()

    def _show_message(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.set_tone("secondary")

    def _refresh(self) -> None:
        busy = self._job is not None
        self.name.setEnabled(not busy)
        self.look_button.setEnabled(not busy and bool(self.name.text().strip()))
        self.download_button.setVisible(self._offer is not None and not busy)
        self.download_button.setEnabled(not self._session.read_only)
        self.cancel_button.setVisible(busy)
        self.line.setVisible(busy)

    def _leave(self) -> None:
        self._session.jobs.drop(_LOOK_UP)
        if self._job is not None:
            self._job.cancel()
            self._job = None
