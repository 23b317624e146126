"""Which text encoder: what can be chosen, and what the chosen one is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.train.hub_dialog import HubDialog
from recdesk.gui.session import Session
from recdesk.gui.widgets.config_form import ConfigForm
from recdesk.gui.widgets.text import Text
from recdesk.gui.widgets.text_box import SuggestBox
from recdesk.text.lengths import suited_to
from recdesk.text.sources import HUB_NAME, find_source, packaged_folder

if TYPE_CHECKING:
    from recdesk.text.folders import FolderFacts

_WAIT_MS = 250
_LIST, _ABOUT = "train.encoders", "train.encoder"
_SIMPLE = ("auto", "packaged", "scratch")


@dataclass(frozen=True)
class Known:
    """What is known of an encoder: its name, and its sizes; None for one that is trained here, with the share of the
    catalogue's pieces that the packaged one does not know where that is why."""

    name: str
    facts: "FolderFacts | None"
    unknown: float = 0.0


class EncoderChoice(QObject):
    """Fills the encoder's box with what is on this computer and ways to get another, and says what the chosen one is.

    Attributes:
        facts: what the chosen one is; None where the model reads no texts.
        damaged: which downloads are left out of the box; None where the model reads no texts.

    Signals:
        listed: the box offers what there is.
    """

    listed = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._window = session, parent
        self._downloads = session.workspace.folder / "encoders"
        self._box: SuggestBox | None = None
        self.facts: Text | None = None
        self.damaged: Text | None = None
        self._later = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._later.timeout.connect(self._look)
        session.dataset_changed.connect(self._later.start)

    def attach(self, form: ConfigForm | None) -> None:
        """Serve this form from now on; None where the model reads no texts."""
        self._later.stop()
        self._session.jobs.drop(_ABOUT)
        self._box = self.facts = self.damaged = None
        if form is None:
            return
        box = form.editor("encoder")
        assert isinstance(box, SuggestBox)
        self._box, self.facts = box, Text("", "small", "secondary", wrap=True)
        self.damaged = Text("", "small", "warning", wrap=True)
        self.damaged.hide()
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.facts)
        column.addWidget(self.damaged)
        form.put_below("encoder", below)
        box.value_changed.connect(lambda _value: self._later.start())
        self._list()
        self._later.start()

    def refresh(self) -> None:
        """See what is on this computer by now."""
        if self._box is not None:
            self._list()

    def choose_folder(self) -> None:
        """Ask for a folder with an encoder."""
        title = self.tr("Folder of a text encoder (with config.json)")
        folder = QFileDialog.getExistingDirectory(self._window, title)
        if folder and self._box is not None:
            self._box.setValue(folder)

    def choose_model(self) -> None:
        """Ask for a model of the hub, and download it."""
        written = self._box.value() if self._box is not None else ""
        name = written if written not in _SIMPLE and HUB_NAME.fullmatch(written) else ""
        dialog = HubDialog(self._session, name, self._window)
        dialog.exec()
        if dialog.model_id and self._box is not None:
            self._list()
            self._box.setValue(dialog.model_id)
            self._later.start()  # it may have been written there before it was downloaded
        dialog.deleteLater()

    def _list(self) -> None:
        folder = self._downloads

        def work(_context: JobContext) -> tuple[bool, list[str], list[RecdeskError]]:
            from recdesk.text.hub import downloaded

            damaged: list[RecdeskError] = []
            names = list(dict.fromkeys(name for name, _, _ in downloaded(folder, damaged)))
            return packaged_folder() is not None, names, damaged

        self._session.jobs.run(self.tr("Looking for encoders"), work, self._offer, visible=False, replaces=_LIST)

    def _offer(self, found: tuple[bool, list[str], list[RecdeskError]]) -> None:
        if self._box is None or self.damaged is None:
            return
        packaged, names, damaged = found
        simple = [name for name in _SIMPLE if name != "packaged" or packaged]
        choices = [*((words.choice(name), name) for name in simple), *((name, name) for name in names)]
        actions = [(self.tr("A folder…"), self.choose_folder), (self.tr("From the hub…"), self.choose_model)]
        self._box.offer(choices, actions)
        told = [words.together(core(error.sentence), core(error.suggestion)) for error in damaged]
        self.damaged.setText("\n".join(told))
        self.damaged.setVisible(bool(told))
        self.listed.emit()

    def _look(self) -> None:
        if self._box is None:
            return
        wanted, downloads, dataset = self._box.value(), self._downloads, self._session.dataset

        def work(context: JobContext) -> Known:
            from recdesk.text.folders import check_folder

            source, unknown = find_source(wanted, downloads), 0.0
            if wanted == "auto" and dataset is not None:
                source, unknown = suited_to(dataset, wanted, downloads, context.is_cancelled)
            return Known(source.name, None if source.folder is None else check_folder(source.folder), unknown)

        self._session.jobs.run(
            self.tr("Looking at the encoder"), work, self._show, self._show_problem, visible=False, replaces=_ABOUT
        )

    def _show(self, known: Known) -> None:
        facts = known.facts
        if facts is None:
            here = self.tr("A small BERT learns the words of this catalogue here, from nothing.")
            lacks = self.tr("The packaged encoder does not know {share} of the pieces of these texts.")
            why = lacks.format(share=words.percent(known.unknown)) if known.unknown else ""
            self._say(words.together(why, here))
            return
        said = self.tr("{name}: {layers} layers, {width} wide, reads up to {most} pieces, {size}")
        self._say(
            said.format(
                name=words.encoder(known.name), layers=facts.layers, width=facts.width, most=facts.most_tokens,
                size=words.size(facts.bytes),
            )
        )  # fmt: skip

    def _show_problem(self, error: RecdeskError) -> None:
        self._say(words.together(core(error.sentence), core(error.suggestion)), "bad")

    def _say(self, sentence: str, tone: str = "secondary") -> None:
        if self.facts is not None:
            self.facts.setText(sentence)
            self.facts.set_tone(tone)
