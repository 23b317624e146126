"""The commands that do what the buttons of the Train page do, as words, and titles that follow what is shown."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from recdesk.gui.command_lines import texts_words, train_words, tune_words
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.data.split_kinds import SplitKind
    from recdesk.gui.pages.train.repeat_box import RepeatBox
    from recdesk.gui.pages.train.settings_card import SettingsCard
    from recdesk.gui.pages.train.tuning import TuningPanel
    from recdesk.training.config import RunConfig


class PageWords:
    """Words for what is chosen on the page; None where nothing could be started with it."""

    def __init__(self, session: Session, settings: "SettingsCard", tuning: "TuningPanel", repeat: "RepeatBox") -> None:
        self._session, self._settings, self._tuning, self._repeat = session, settings, tuning, repeat

    def train(self) -> list[str] | None:
        """Of the start of a run, or of a group of seeds."""
        cluster = self._settings.where.cluster()
        return self._of(partial(train_words, repeat=self._repeat.value(), cluster=cluster))

    def queue(self) -> list[str] | None:
        """Of adding it to the queue."""
        words = self.train()
        return None if words is None else [*words, "--queue"]

    def tune(self) -> list[str] | None:
        """Of a search for settings."""
        return self._of(partial(tune_words, at_once=self._tuning.at_once, cluster=self._tuning.cluster))

    def texts(self) -> list[str] | None:
        """Of showing the item texts."""
        return self._of(texts_words)

    @staticmethod
    def preparing(now: bool) -> str:
        """Text of the button that begins, or ends, preparing the next run under a run."""
        return _tr("Back to this run") if now else _tr("Prepare the next run")

    @staticmethod
    def of_model(idle: bool, preparing: bool) -> str:
        """Title of the card of the model: whose it is."""
        if idle:
            return _tr("Model")
        return _tr("Model of the next run") if preparing else _tr("Model of this run")

    def _of(self, make: "Callable[[str, RunConfig, SplitKind], list[str]]") -> list[str] | None:
        name = self._session.dataset_name
        if name is None or not self._settings.form.is_valid():
            return None
        return make(name, self._settings.config(), self._settings.split_kind())


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainPage", text)
