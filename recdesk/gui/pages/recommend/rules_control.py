"""The rules of the Recommend page: those in use, the chip that says so, the dialog, and what is stored."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.live import CostMeter
from recdesk.gui.pages.recommend.rules_dialog import RulesDialog
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.text import plain_tooltip
from recdesk.recommend.rules import Rules, from_record, to_record
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel

_COST = "recommend.cost"
_MOST_KEPT = 10_000
"""Ids of items in rules that are kept over a restart; longer lists are stored under a name, or in a file."""


class RulesControl(QObject):
    """The rules in use, kept for each dataset, over a restart too.

    Signals:
        changed: other rules are in use.

    Attributes:
        rules: those in use.
        chip: says which; a click opens the dialog.
    """

    changed = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.rules = Rules()
        self.chip = Chip("")
        self.chip.clicked.connect(self.ask)
        self._stored: list[Rules] = []
        self._dataset = self._identity = ""  # before one is known, what is used is not stored
        self._model: LiveModel | None = None
        self._meter: CostMeter | None = None
        self._say()

    def open(self, run: Run, model: "LiveModel", stored: Sequence[Rules], identity: str = "") -> None:
        """Use this model; rules of another dataset, told by its `identity`, are put away."""
        self._stored, self._model = list(stored), model
        self._meter = CostMeter(run, model)
        if (self._dataset, self._identity) != (run.dataset_name, identity):
            self._dataset, self._identity = run.dataset_name, identity
            self.rules = self._last_used(set(map(str, model.dataset.item_features.columns)))
        self._say()

    def _last_used(self, features: set[str]) -> Rules:
        stored = self._session.preferences.rules(self._session.workspace.folder, self._dataset, self._identity)
        try:
            rules = from_record(stored) if stored else Rules()
        except (ValueError, TypeError, RecdeskError):  # of a newer recdesk, or damaged
            return Rules()
        if rules.fitting(features) != rules:
            said = self.tr("Rules about features that the items do not have any more are not used.")
            self._session.status_changed.emit(said)
        return rules.fitting(features)

    def ask(self) -> None:
        """Open the dialog."""
        if self._model is None:
            return
        features = [str(name) for name in self._model.dataset.item_features.columns]
        dialog = RulesDialog(features, self._stored, self.rules, self._read_file, self._window, self._title)
        dialog.show_stored(self._stored)
        dialog.cost_wanted.connect(lambda rules: self._measure(rules, dialog))
        dialog.save_wanted.connect(lambda rules: self._save(rules, dialog))
        dialog.remove_wanted.connect(lambda name: self._remove(name, dialog))
        accepted, rules = dialog.exec(), dialog.rules()
        self._session.jobs.drop(_COST)
        dialog.deleteLater()
        if accepted:
            self.use(rules)

    def use(self, rules: Rules) -> None:
        """Use these from now on."""
        if rules != self.rules:
            self.rules = rules
            if self._dataset:
                few = len(rules.allow or ()) + len(rules.block) <= _MOST_KEPT
                stored = to_record(rules) if few else {}
                folder = self._session.workspace.folder
                self._session.preferences.set_rules(folder, self._dataset, stored, self._identity)
            self._say()
            self.changed.emit()

    def block(self, *item_ids: str) -> None:
        """Never recommend some items, to anybody."""
        self.use(self.rules.with_rules(Rules(block=item_ids)))
        titles = words.listed([self._title(item_id) for item_id in item_ids])
        said = self.tr("Not recommended on this page any more: {titles}. To undo it, open the rules above the list.")
        self._session.status_changed.emit(said.format(titles=titles))

    def _title(self, item_id: str) -> str:
        """Title of an item; its id where the data do not have it."""
        dataset = None if self._model is None else self._model.dataset
        if dataset is None or item_id not in dataset.item_ids:
            return item_id
        return str(dataset.titles[dataset.item_ids.get_loc(item_id)])

    def _measure(self, rules: Rules, dialog: RulesDialog) -> None:
        meter = self._meter
        if meter is not None:
            self._session.jobs.run(
                self.tr("Measuring what rules cost"),
                lambda context: meter.cost(rules, context),
                lambda found: dialog.show_cost(translated(found)),
                dialog.show_problem,
                visible=False,
                replaces=_COST,
            )

    def _save(self, rules: Rules, dialog: RulesDialog) -> None:
        workspace = self._session.workspace
        self._change(dialog, lambda: workspace.save_rules(rules))

    def _remove(self, name: str, dialog: RulesDialog) -> None:
        from recdesk.workspace.rules import remove_rules

        folder = self._session.workspace.folder
        self._change(dialog, lambda: remove_rules(folder, name))

    def _change(self, dialog: RulesDialog, work: Callable[[], None]) -> None:
        workspace = self._session.workspace

        def carry_out() -> list[Rules]:
            work()
            return workspace.rules()

        def done(stored: list[Rules]) -> None:
            self._stored = stored
            dialog.show_stored(stored)

        self._session.jobs.run(
            self.tr("Storing rules"), lambda _context: carry_out(), done, dialog.show_problem, visible=False
        )

    def _read_file(self, path: Path, done: Callable[[tuple[str, ...]], None]) -> None:
        from recdesk.recommend.user_list import read_item_list

        title = self.tr("Reading {file}").format(file=path.name)
        self._session.jobs.run(title, lambda _context: read_item_list(path), done)

    def _say(self) -> None:
        sentences = [translated(sentence) for sentence in self.rules.sentences]
        count = translated(Message("steer.rules", count=len(sentences)))
        self.chip.setText((self.rules.name or count) if sentences else self.tr("rules…"))
        self.chip.set_tone("accent" if sentences else "secondary")
        tip = self.tr("Which items may be recommended, how varied lists are, how popular")
        self.chip.setToolTip(plain_tooltip("\n".join(sentences) or tip))
        self.chip.setEnabled(self._model is not None)
