"""The commands that do what the buttons of the Train page do, as words."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

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

    def _of(self, make: "Callable[[str, RunConfig, SplitKind], list[str]]") -> list[str] | None:
        name = self._session.dataset_name
        if name is None or not self._settings.form.is_valid():
            return None
        return make(name, self._settings.config(), self._settings.split_kind())
