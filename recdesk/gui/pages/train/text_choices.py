"""Settings of models over texts whose choices depend on the workspace: the encoder, and the run to start from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.train.hub_dialog import HubDialog
from recdesk.gui.session import Session
from recdesk.gui.widgets.config_form import ConfigForm
from recdesk.gui.widgets.inputs import SuggestBox
from recdesk.gui.widgets.text import Text
from recdesk.text.lengths import suited_to
from recdesk.text.sources import HUB_NAME, find_source, packaged_folder
from recdesk.training.config import START_SIZES, TextConfig

if TYPE_CHECKING:
    from recdesk.text.folders import FolderFacts
    from recdesk.workspace.runs import Run

_WAIT_MS = 250
_ENCODERS_JOB, _ENCODER_JOB = "train.encoders", "train.encoder"
_SIMPLE = ("auto", "packaged", "scratch")
_STARTS_JOB, _START_JOB = "train.starts", "train.start"
START_FIELD = "start_from"


@dataclass(frozen=True)
class KnownEncoder:
    """An encoder.

    Attributes:
        name: of the encoder.
        facts: its sizes; None for one that is trained from scratch.
        unknown: share of the catalogue's tokens unknown to the packaged encoder, where that is why it is not used.
    """

    name: str
    facts: "FolderFacts | None"
    unknown: float = 0.0


class EncoderChoice(QObject):
    """Fills the box of encoders with those on this computer and ways to get others, and describes the chosen one.

    Attributes:
        facts: description of the chosen one; None where the model reads no texts.
        damaged: names downloads that cannot be read; None where the model reads no texts.

    Signals:
        listed: the choices of the box have been updated.
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
        """Use the box of this form; None where the model reads no texts."""
        self._later.stop()
        self._session.jobs.drop(_ENCODER_JOB)
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
        """Look for encoders on this computer again."""
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

        self._session.jobs.run(
            self.tr("Looking for encoders"), work, self._offer, visible=False, replaces=_ENCODERS_JOB
        )

    def _offer(self, found: tuple[bool, list[str], list[RecdeskError]]) -> None:
        if self._box is None or self.damaged is None:
            return
        packaged, names, damaged = found
        simple = [name for name in _SIMPLE if name != "packaged" or packaged]
        choices = [*((words.choice(name), name) for name in simple), *((name, name) for name in names)]
        actions = [(self.tr("A folder…"), self.choose_folder), (self.tr("From the hub…"), self.choose_model)]
        self._box.offer(choices, actions)
        sentences = [words.together(translated(error.sentence), translated(error.suggestion)) for error in damaged]
        self.damaged.setText("\n".join(sentences))
        self.damaged.setVisible(bool(sentences))
        self.listed.emit()

    def _look(self) -> None:
        if self._box is None:
            return
        wanted, downloads, dataset = self._box.value(), self._downloads, self._session.dataset

        def work(context: JobContext) -> KnownEncoder:
            from recdesk.text.folders import check_folder

            source, unknown = find_source(wanted, downloads), 0.0
            if wanted == "auto" and dataset is not None:
                source, unknown = suited_to(dataset, wanted, downloads, context)
            return KnownEncoder(source.name, None if source.folder is None else check_folder(source.folder), unknown)

        self._session.jobs.run(
            self.tr("Looking at the encoder"),
            work,
            self._show,
            self._show_problem,
            visible=False,
            replaces=_ENCODER_JOB,
        )

    def _show(self, known: KnownEncoder) -> None:
        facts = known.facts
        if facts is None:
            here = self.tr("A small BERT learns the words of this catalogue here, from nothing.")
            lacks = self.tr("The packaged encoder does not know {share} of the tokens of these texts.")
            why = lacks.format(share=words.percent(known.unknown)) if known.unknown else ""
            self._show_message(words.together(why, here))
            return
        sentence = self.tr("{name}: {layers}, {width} wide, reads up to {tokens}, {size}")
        self._show_message(
            sentence.format(
                name=words.encoder(known.name),
                layers=translated(Message("count.layers", count=facts.layers)),
                width=facts.width,
                tokens=translated(Message("count.tokens", count=facts.most_tokens)),
                size=words.size(facts.bytes),
            )
        )

    def _show_problem(self, error: RecdeskError) -> None:
        self._show_message(words.together(translated(error.sentence), translated(error.suggestion)), "bad")

    def _show_message(self, sentence: str, tone: str = "secondary") -> None:
        if self.facts is not None:
            self.facts.setText(sentence)
            self.facts.set_tone(tone)


class StartChoice(QObject):
    """Fills the box of runs to start from with runs over texts, and copies the sizes of the chosen one to the form.

    Signals:
        listed: the choices of the box have been updated.
        shown: the chosen run has been described.
    """

    listed = Signal()
    shown = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._form: ConfigForm | None = None
        self.facts: Text | None = None
        self._looked = ""
        self._later = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._later.timeout.connect(self._look)

    def attach(self, form: ConfigForm | None) -> None:
        """Use the box of this form; None where the model cannot start from another."""
        self._later.stop()
        self._session.jobs.drop(_START_JOB)
        self._form = self.facts = None
        if form is None or START_FIELD not in form.fields():
            return
        self._form, self.facts = form, Text("", "small", "secondary", wrap=True)
        self.facts.hide()
        form.put_below(START_FIELD, self.facts)
        self._looked = ""
        form.changed.connect(self._changed)
        self.refresh()

    def refresh(self) -> None:
        """Look for runs again."""
        if self._form is not None:
            self._session.jobs.run(
                self.tr("Looking for runs over texts"), self._runs, self._offer, visible=False, replaces=_STARTS_JOB
            )

    def _changed(self) -> None:
        if self._form is not None and self._box().value() != self._looked:
            self._later.start()

    def _box(self) -> SuggestBox:
        assert self._form is not None
        box = self._form.editor(START_FIELD)
        assert isinstance(box, SuggestBox)
        return box

    def _runs(self, _context: JobContext) -> "list[Run]":
        return [run for run in self._session.workspace.runs() if run.has_model and isinstance(run.config, TextConfig)]

    def _offer(self, runs: "list[Run]") -> None:
        if self._form is None:
            return
        names = [(f"{words.run_title(run)} · {run.dataset_title}", run.id) for run in runs]
        self._box().offer([(words.choice(""), ""), *names])
        self.listed.emit()

    def _look(self) -> None:
        wanted = self._looked = "" if self._form is None else self._box().value()
        if not wanted:
            self._show_message("")
            return

        def work(_context: JobContext) -> TextConfig:
            from recdesk.experiment.warm_start import start_settings

            return start_settings(self._session.workspace.run(wanted))

        title = self.tr("Looking at the run to start from")
        self._session.jobs.run(title, work, self._take_over, self._show_problem, visible=False, replaces=_START_JOB)

    def _take_over(self, config: TextConfig) -> None:
        if self._form is None:
            return
        self._form.set_values({name: getattr(config, name) for name in START_SIZES})
        self._show_message(self.tr("Its sizes and its encoder are taken over; “Epochs at most” 0 uses it as it is."))

    def _show_problem(self, error: RecdeskError) -> None:
        self._show_message(words.together(translated(error.sentence), translated(error.suggestion)), "bad")

    def _show_message(self, sentence: str, tone: str = "secondary") -> None:
        if self.facts is not None:
            self.facts.setText(sentence)
            self.facts.set_tone(tone)
            self.facts.setVisible(bool(sentence))
        self.shown.emit()
