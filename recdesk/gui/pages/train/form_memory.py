"""What stands in the form of settings: it comes back after the runs whose settings are shown there, and after a
restart."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from recdesk.core.errors import UsageError
from recdesk.data.split_kinds import SplitKind
from recdesk.gui.pages.train.settings_card import SettingsCard
from recdesk.gui.session import Session
from recdesk.training.config import DEFAULT_PRESET, RunConfig, config_from_dict
from recdesk.workspace.runs import Run

Settings = tuple[RunConfig, SplitKind, str]
"""Settings of a run, its split, and the preset that was chosen."""


class FormMemory(QObject):
    """Keeps a person's own settings.

    Args:
        session: its preferences remember them, for each workspace.
        settings: the form.
        use: shows settings there.
        parent: lives at least as long.

    Attributes:
        own: the person's settings while those of a run are shown instead; None otherwise.
        preparing: whether the person's settings are shown while a run is under way, to line up the next one.
    """

    def __init__(
        self, session: Session, settings: SettingsCard, use: Callable[[RunConfig, SplitKind], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._use = session, settings, use
        self.own: Settings | None = None
        self.preparing = False
        settings.changed.connect(self._remember)

    @property
    def is_own(self) -> bool:
        """Whether what stands in the form is the person's, to be changed."""
        return self.preparing or self._idle()

    def prepare(self, on: bool) -> None:
        """Show the person's own settings while a run is under way, or those of the run again."""
        self.preparing = on
        run = self._session.training.run
        if on:
            self._show_own()
        elif run is not None:
            self.lend(run)

    def lend(self, run: Run) -> None:
        """Show the settings of a run, if it is under way; of one that has ended nothing would give them back. Not while
        the next one is prepared."""
        if self.is_own:
            return
        if self.own is None and self._settings.form.is_valid():
            self.own = self._settings.config(), self._settings.split_kind(), self._settings.presets.key
        self._use(run.config, run.split)

    def offer(self, config: RunConfig, split: SplitKind) -> None:
        """Take these as the person's own; while those of a run are shown, they come after it."""
        if self.own is None:
            self._use(config, split)
        else:
            self.own = config, split, self.own[2]
            self._session.status_changed.emit(self.tr("These settings are shown when the run has ended."))

    def give_back(self) -> None:
        """Show the person's own settings again, as soon as nothing is under way. Preparing goes on between two runs of
        the queue."""
        if self._idle():
            self.preparing = self.preparing and self._session.queue.active
            self._show_own()

    def _show_own(self) -> None:
        if self.own is not None:
            (config, split, preset), self.own = self.own, None
            self._use(config, split)
            self._settings.show_preset(preset)

    def restore(self) -> None:
        """Show the settings of the last time; those of a newer recdesk, or damaged ones, are forgotten."""
        stored = self._session.preferences.form(self._session.workspace.folder)
        split, preset = stored.pop("split", None), stored.pop("preset", None)
        try:
            if stored and split is not None:
                self._use(config_from_dict(stored), split)
                self._settings.show_preset(str(preset or DEFAULT_PRESET))
        except UsageError:
            pass

    def _remember(self) -> None:
        if self.own is None and self.is_own and self._settings.form.is_valid():
            more = {"split": self._settings.split_kind(), "preset": self._settings.presets.key}
            values = {**self._settings.config().model_dump(), **more}
            self._session.preferences.set_form(self._session.workspace.folder, values)

    def _idle(self) -> bool:
        return self._session.training.state == "idle" and not self._session.tuning.active
