"""The choice of a preset: those of the program, and those that searches found for the chosen dataset."""

from datetime import datetime

from PySide6.QtCore import QObject, QSignalBlocker, Signal

from recdesk.core.errors import RecdeskError
from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.base import Kept
from recdesk.gui.session import Session
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.training.config import DEFAULT_PRESET, PRESETS, RunConfig, make_config
from recdesk.workspace.presets import Preset, load_presets


class PresetChoice(QObject):
    """Fills a box with the presets for a kind of model.

    Signals:
        chosen: another preset was chosen.
        arrived: the preset that was asked for before it was known is shown now.

    Attributes:
        box: the choice.
    """

    chosen = Signal()
    arrived = Signal()

    def __init__(self, session: Session, kind: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._kind = session, kind
        self._stored: list[Preset] = []
        self._said = False  # that some cannot be used
        self._awaited = ""  # a preset that is not known yet
        self.box = ChoiceBox()
        self._fill()
        self.box.currentIndexChanged.connect(self._chosen)
        session.dataset_changed.connect(self.refresh)

    def set_kind(self, kind: str) -> None:
        """Offer the presets for another kind of model; a preset that does not fit it gives way to the default."""
        self._kind, self._awaited = kind, ""
        self._fill()

    @property
    def key(self) -> str:
        """Of the chosen preset, or of the one that will be shown once it is read."""
        return self._awaited or str(self.box.currentData())

    def show(self, key: str) -> None:
        """Show a preset as the chosen one; one that a search found may not be read yet."""
        if self.box.findData(key) < 0:
            self._awaited = key
            return
        self._awaited = ""
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.findData(key))

    def found(self) -> Preset | None:
        """The chosen preset, if a search found it."""
        return next((preset for preset in self._stored if preset.study == self.box.currentData()), None)

    def config(self) -> RunConfig:
        """The settings of the chosen preset."""
        found = self.found()
        return make_config(self._kind, str(self.box.currentData())) if found is None else found.config

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {"stored": self._stored, "said": self._said, "chosen": self.key}

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self._stored, self._said = kept["stored"], kept["said"]
        self._fill()
        self.show(kept["chosen"])

    def refresh(self) -> None:
        """Read the stored presets in a job."""
        folder = self._session.workspace.folder

        def work(_context: JobContext) -> tuple[list[Preset], list[RecdeskError]]:
            unusable: list[RecdeskError] = []
            return load_presets(folder, unusable), unusable

        self._session.jobs.run(self.tr("Reading presets"), work, self._read, visible=False, replaces="presets.read")

    def _read(self, read: tuple[list[Preset], list[RecdeskError]]) -> None:
        self._stored, unusable = read
        self._fill()
        if self._session.dataset_name is not None:  # of none, or of another dataset, there is no such preset
            self._awaited = ""
        if unusable and not self._said:
            self._said = True
            self._session.fail(unusable[0])

    def _chosen(self) -> None:
        self._awaited = ""
        self.chosen.emit()

    def _fill(self) -> None:
        """Fill the box; the chosen preset stays chosen, or one that was awaited is, and the form stays as it is."""
        before = self.box.currentData() or DEFAULT_PRESET
        names = {
            "Quick look": self.tr("Quick look"),
            "Balanced": self.tr("Balanced"),
            "Best quality": self.tr("Best quality"),
        }
        with QSignalBlocker(self.box):
            self.box.clear()
            for name in PRESETS:
                self.box.addItem(names.get(name, name), name)
            for preset in self._stored:
                if preset.dataset == self._session.dataset_name and preset.config.model_dump()["kind"] == self._kind:
                    when = words.moment(datetime.fromtimestamp(preset.created))
                    self.box.addItem(self.tr("Found {time}").format(time=when), preset.study)
            at = self.box.findData(before)
            self.box.setCurrentIndex(at if at >= 0 else self.box.findData(DEFAULT_PRESET))
        if self._awaited and self.box.findData(self._awaited) >= 0:
            self.show(self._awaited)
            self.arrived.emit()
