"""A text encoder from the hub: looked up and downloaded only when a button is pressed."""

import os
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError, UsageError
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
_LOOK, _FETCH = "train.hub.look", "train.hub.fetch"
_END_SECONDS = 5.0


class HubDialog(QDialog):
    """A name, what would be downloaded, and the download with its progress; accepted when it is complete.

    Attributes:
        model_id: of the encoder that was downloaded.
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
        self.said = Text("", "small", "secondary", wrap=True)
        self.said.setMinimumHeight(48)  # three lines: what is said there changes while the dialog is open
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        for widget in (self.facts, self.line, self.said):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(self._ends())
        self.finished.connect(self._leave)
        self._refresh()

    def look_up(self) -> None:
        """Ask the hub for revision and size of the model."""
        name = self.name.text().strip()
        if not name or self._job is not None:
            return
        self._offer = None
        folder = self._folder

        def work(context: JobContext) -> "tuple[Offer, int]":
            from recdesk.text import hub

            offer = context.abandonable(lambda: hub.look_up(name))
            return offer, hub.begun(offer, folder)

        self._say(self.tr("Asking the hub…"))
        self._session.jobs.run(
            self.tr("Looking up {name}").format(name=name), work, self._found, self._failed, replaces=_LOOK
        )
        self._refresh()

    def download(self) -> None:
        """Download what was looked up, going on where an earlier attempt stopped."""
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
        job = self._session.jobs.run(
            self.tr("Downloading {name}").format(name=offer.model_id), work, self._done, self._broken, replaces=_FETCH
        )
        self._job = job
        job.progressed.connect(self._show_progress)
        self._say(self.tr("Connecting…"))
        self._refresh()

    def cancel(self) -> None:
        """Stop the download; the part that is there stays for the next attempt."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._say(self.tr("Cancelled. What came is kept: a later download goes on from there."))
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
        facts = self.tr("{name} · {size} in {n} files · revision {revision}").format(
            name=offer.model_id, size=words.size(offer.bytes), n=len(offer.files), revision=offer.revision[:12]
        )
        self.facts.setText(facts)
        kept = self.tr("{size} of it are here from an earlier download, which goes on.").format(size=words.size(here))
        self._say(kept if here else "")
        if self._session.read_only:
            self._say(self.tr("Another window has this workspace open; download it there."))
        self._refresh()

    def _failed(self, error: RecdeskError) -> None:
        self.said.setText(words.together(translated(error.sentence), translated(error.suggestion)))
        self.said.set_tone("bad")
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
        self._say(f"{translated(sentence)} · {amount}")

    def _done(self, _folder: "Path") -> None:
        assert self._offer is not None
        self._job, self.model_id = None, self._offer.model_id
        self.accept()

    def _renamed(self) -> None:
        self._session.jobs.drop(_LOOK)
        self._offer = None
        self.facts.setText("")
        self._say("")
        self._refresh()

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.set_tone("secondary")

    def _refresh(self) -> None:
        busy = self._job is not None
        self.name.setEnabled(not busy)
        self.look_button.setEnabled(not busy and bool(self.name.text().strip()))
        self.download_button.setVisible(self._offer is not None and not busy)
        self.download_button.setEnabled(not self._session.read_only)
        self.cancel_button.setVisible(busy)
        self.line.setVisible(busy)

    def _leave(self) -> None:
        self._session.jobs.drop(_LOOK)
        if self._job is not None:
            self._job.cancel()
            self._job = None
