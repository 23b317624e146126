"""Which run a model over texts starts from."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from recdesk.core.errors import RecdeskError
from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.widgets.config_form import ConfigForm
from recdesk.gui.widgets.text import Text
from recdesk.gui.widgets.text_box import SuggestBox
from recdesk.training.config import START_SIZES, TextConfig

if TYPE_CHECKING:
    from recdesk.workspace.snapshot import RunSnapshot

_WAIT_MS = 250
_LIST, _ABOUT = "train.starts", "train.start"
FIELD = "start_from"


class StartChoice(QObject):
    """Fills the box with the runs over texts that there are, and takes over the sizes of the chosen one.

    Signals:
        listed: the box offers what there is.
        shown: what the chosen run is has been said.
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
        """Serve this form from now on; None where the model cannot start from another."""
        self._later.stop()
        self._session.jobs.drop(_ABOUT)
        self._form = self.facts = None
        if form is None or FIELD not in form.fields():
            return
        self._form, self.facts = form, Text("", "small", "secondary", wrap=True)
        self.facts.hide()
        form.put_below(FIELD, self.facts)
        self._looked = ""
        form.changed.connect(self._changed)
        self.refresh()

    def refresh(self) -> None:
        """See which runs there are by now."""
        if self._form is not None:
            self._session.jobs.run(
                self.tr("Looking for runs over texts"), self._runs, self._offer, visible=False, replaces=_LIST
            )

    def _changed(self) -> None:
        if self._form is not None and self._box().value() != self._looked:
            self._later.start()

    def _box(self) -> SuggestBox:
        assert self._form is not None
        box = self._form.editor(FIELD)
        assert isinstance(box, SuggestBox)
        return box

    def _runs(self, _context: JobContext) -> "list[RunSnapshot]":

        return [run for run in self._session.workspace.runs() if run.has_model and isinstance(run.config, TextConfig)]

    def _offer(self, runs: "list[RunSnapshot]") -> None:
        if self._form is None:
            return
        names = [(f"{words.run_title(run)} · {run.dataset_title}", run.id) for run in runs]
        self._box().offer([(words.choice(""), ""), *names])
        self.listed.emit()

    def _look(self) -> None:
        wanted = self._looked = "" if self._form is None else self._box().value()
        if not wanted:
            self._say("")
            return

        def work(_context: JobContext) -> TextConfig:
            from recdesk.experiment.warm_start import start_settings

            return start_settings(self._session.workspace.run(wanted))

        title = self.tr("Looking at the run to start from")
        self._session.jobs.run(title, work, self._take_over, self._show_problem, visible=False, replaces=_ABOUT)

    def _take_over(self, config: TextConfig) -> None:
        if self._form is None:
            return
        self._form.set_values({name: getattr(config, name) for name in START_SIZES})
        self._say(self.tr("Its sizes and its encoder are taken over; “Epochs at most” 0 uses it as it is."))

    def _show_problem(self, error: RecdeskError) -> None:
        self._say(words.together(core(error.sentence), core(error.suggestion)), "bad")

    def _say(self, sentence: str, tone: str = "secondary") -> None:
        if self.facts is not None:
            self.facts.setText(sentence)
            self.facts.set_tone(tone)
            self.facts.setVisible(bool(sentence))
        self.shown.emit()
