"""What is said before a start: the estimate for the settings shown, and the pace that a few steps have."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from recdesk.gui.pages.train.estimate_card import EstimateCard, free_disk
from recdesk.gui.pages.train.pace import Pace
from recdesk.gui.pages.train.repeat_box import RepeatBox
from recdesk.gui.pages.train.resolution_check import ResolutionCheck
from recdesk.gui.pages.train.settings_card import SettingsCard
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset


class Estimates:
    """Fills the card that says what a run would take.

    Args:
        session: its workspace has the disk.
        parts: settings, number of seeds, and the card.
        pace, resolution: measure.
        can_start: whether a run could start now: while another one trains, nothing is measured.
    """

    def __init__(
        self,
        session: Session,
        parts: tuple[SettingsCard, RepeatBox, EstimateCard],
        pace: Pace,
        resolution: ResolutionCheck,
        can_start: Callable[[], bool],
    ) -> None:
        self._session, self._pace, self._resolution, self._can_start = session, pace, resolution, can_start
        self._settings, self._repeat, self._card = parts
        self._card.pace_requested.connect(self._measure)
        pace.begun.connect(self._card.show_measuring)
        pace.measured.connect(self._card.show_pace)

    def show(self, dataset: "Dataset") -> None:
        """Show the estimate, and measure the time of an epoch a little later unless it is known for these settings."""
        config, split = self._settings.config(), self._settings.split_kind()
        more = self._resolution.checks(dataset, split)
        self._card.repeat = self._repeat.value()
        self._card.show_estimate(dataset, config, split, free_disk(self._session.workspace.folder), more)
        known = self._pace.known(dataset, config)
        self._card.measure.setVisible(self._can_start())
        if known is not None:
            self._card.show_pace(known)
        elif self._settings.isVisible() and self._can_start():
            self._pace.measure_later(dataset, split, config)

    def _measure(self) -> None:
        dataset = self._session.dataset
        if dataset is not None and self._can_start() and self._settings.form.is_valid():
            self._pace.measure(wanted=(dataset, self._settings.split_kind(), self._settings.config()))
