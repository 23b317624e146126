"""The question before a search for settings: for how long, how many trials at the same time, and where."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from recdesk.core.machine import usable_cores
from recdesk.experiment.study import TRIAL_SHARE
from recdesk.gui import theme, words
from recdesk.gui.pages.train.where_box import WhereBox
from recdesk.gui.session import Session
from recdesk.gui.widgets.inputs import WholeBox
from recdesk.gui.widgets.text import Text

MOST_ON_CLUSTER = 64


def ask_minutes(kind: str, session: Session, parent: QWidget) -> float | None:
    """The time budget of a study, as asked; None for no study. The other answers are remembered as preferences."""
    dialog = TuningDialog(kind, session, parent)
    minutes = dialog.minutes.value() if dialog.exec() else None
    if minutes is not None:
        session.preferences.trials_at_once = dialog.at_once.value()
    dialog.deleteLater()
    return minutes


class TuningDialog(QDialog):
    """Asks for the time budget of a study, and for how many of its trials train at the same time."""

    def __init__(self, kind: str, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find good settings"))
        self._session = session
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        self.minutes = self._box(1, 10_000, 30, self.tr("Minutes of training"))
        self.where = WhereBox(session)
        self.at_once = self._box(1, self._most(), session.preferences.trials_at_once, self.tr("Trials at once"))
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow(self.tr("Model"), Text(kind, "strong"))
        form.addRow(self.tr("Minutes of training"), self.minutes)
        if session.preferences.cluster is not None:
            self.where.setMinimumHeight(theme.CONTROL_HEIGHT)
            form.addRow(self.tr("Train on"), self.where)
        form.addRow(self.tr("Trials at once"), self.at_once)
        layout.addLayout(form)
        self.note = Text("", "small", "secondary", wrap=True)
        layout.addWidget(self.note)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Start looking"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        for box in (self.minutes, self.at_once):
            box.valueChanged.connect(self._explain)
        self.where.activated.connect(self._place_chosen)
        self._explain()
        self.setMinimumWidth(420)

    def _box(self, lowest: int, highest: int, value: int, name: str) -> WholeBox:
        box = WholeBox()
        box.setRange(lowest, highest)
        box.setValue(value)
        box.setMinimumHeight(theme.CONTROL_HEIGHT)
        box.setAccessibleName(name)
        return box

    def _most(self) -> int:
        return usable_cores() if self.where.cluster() is None else MOST_ON_CLUSTER

    def _place_chosen(self) -> None:
        self.at_once.setMaximum(self._most())
        self._explain()

    def _explain(self) -> None:
        trial = words.duration(60 * TRIAL_SHARE * self.minutes.value())
        said = self.tr(
            "The first trial takes the settings on the page, the others vary them by what was learned so far. Each "
            "trains for at most {time} and is given up early when it falls behind. They are compared on the "
            "validation part; every trial is a run that you find under Runs. The best settings end up on the page."
        ).format(time=trial)
        count = self.at_once.value()
        if count > 1 and self.where.cluster() is None:
            share = self.tr(
                "{count} trials share the cores of this computer, so each trains more slowly; the minutes are those of "
                "all of them together."
            )
            said = words.together(said, share.format(count=count))
        self.note.setText(said)
