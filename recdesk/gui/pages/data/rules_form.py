"""The controls of the rules: one for each attribute of `Rules`."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from recdesk.data.cleaning.rules import DUPLICATES, Rules
from recdesk.gui.pages.data.rule_inputs import DayBox, EventsBox
from recdesk.gui.widgets.inputs import ChoiceBox, FloatBox, WholeBox

MOST = 10**9


@dataclass(frozen=True)
class RuleRow:
    """A rule in the form.

    Attributes:
        name: the attribute of `Rules`.
        title: what it leaves out.
        control: where its value is given.
        tip: what it does, in a sentence.
        rare: stands under “More rules”.
    """

    name: str
    title: str
    control: QWidget
    tip: str
    rare: bool = False


class RulesForm(QObject):
    """Values of the rules in controls.

    Signals:
        changed: a person changed a value.
        refused: an error that says why what was written cannot be.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rating = FloatBox(-1e9, 1e9, none_text=self.tr("none"))
        self.duplicates = ChoiceBox()
        self.core, self.least_user, self.least_item = (self._bound() for _ in range(3))
        self.robots = self._bound()
        self.since, self.until = DayBox(), DayBox(end=True)
        self.events = EventsBox()
        self.normalise = QCheckBox(self.tr("one form of Unicode (NFC)"))
        titles = (self.tr("exact copies"), self.tr("all but the first"), self.tr("all but the last"), self.tr("none"))
        for title, value in zip(titles, DUPLICATES, strict=True):
            self.duplicates.addItem(title, value)
        self.rows = self._rows()
        self._connect()

    def values(self) -> dict[str, Any]:
        """The rules as they stand in the form."""
        return {
            "min_rating": self.rating.number(),
            "duplicates": self.duplicates.currentData(),
            "k_core": self.core.value(),
            "since": self.since.value(),
            "until": self.until.value(),
            "events": self.events.value(),
            "max_user": self.robots.value(),
            "min_user": self.least_user.value(),
            "min_item": self.least_item.value(),
            "normalise_ids": self.normalise.isChecked(),
        }

    def set_rules(self, rules: Rules) -> None:
        """Show these rules."""
        for row in self.rows:
            row.control.blockSignals(True)
        self.rating.set_number(rules.min_rating)
        self.duplicates.setCurrentIndex(self.duplicates.findData(rules.duplicates))
        for box, value in (
            (self.core, rules.k_core),
            (self.robots, rules.max_user),
            (self.least_user, rules.min_user),
            (self.least_item, rules.min_item),
        ):
            box.setValue(value)
        self.since.set_value(rules.since)
        self.until.set_value(rules.until)
        self.events.set_value(rules.events)
        self.normalise.setChecked(rules.normalise_ids)
        for row in self.rows:
            row.control.blockSignals(False)

    def row(self, name: str) -> RuleRow:
        """A rule's row."""
        return next(row for row in self.rows if row.name == name)

    def _bound(self) -> WholeBox:
        box = WholeBox(minimum=0, maximum=MOST)
        box.setSpecialValueText(self.tr("off"))
        box.setKeyboardTracking(False)
        return box

    def _rows(self) -> list[RuleRow]:
        rows = [
            RuleRow(
                "min_rating",
                self.tr("Ratings below"),
                self.rating,
                self.tr("Ratings that say somebody did not like it."),
            ),
            RuleRow(
                "duplicates",
                self.tr("Repeats"),
                self.duplicates,
                self.tr("When a user took the same item more than once."),
            ),
            RuleRow(
                "k_core",
                self.tr("Users and items with fewer than"),
                self.core,
                self.tr("Repeated until every user and every item that is left has as many interactions (k-core)."),
            ),
            RuleRow(
                "min_user",
                self.tr("Users with fewer than"),
                self.least_user,
                self.tr("The same for users alone."),
                True,
            ),
            RuleRow(
                "min_item",
                self.tr("Items with fewer than"),
                self.least_item,
                self.tr("The same for items alone."),
                True,
            ),
            RuleRow(
                "max_user",
                self.tr("Users with more than"),
                self.robots,
                self.tr("Who has so many may be a robot."),
                True,
            ),
            RuleRow("since", self.tr("Days before"), self.since, self.tr("The first day that stays."), True),
            RuleRow("until", self.tr("Days after"), self.until, self.tr("The last day that stays."), True),
            RuleRow("events", self.tr("Events other than"), self.events, self.tr("Types of events that stay."), True),
            RuleRow(
                "normalise_ids",
                self.tr("Ids in"),
                self.normalise,
                self.tr("Ids that look the same but are written with other bytes become one. Off, ids stay exactly."),
                True,
            ),
        ]
        for row in rows:
            row.control.setAccessibleName(row.title)
            row.control.setToolTip(row.tip)
        return rows

    def _connect(self) -> None:
        self.rating.setKeyboardTracking(False)
        for box in (self.core, self.robots, self.least_user, self.least_item, self.rating):
            box.valueChanged.connect(self.changed)
        self.duplicates.activated.connect(self.changed)
        self.events.value_changed.connect(self.changed)
        self.normalise.clicked.connect(self.changed)
        for day in (self.since, self.until):
            day.value_changed.connect(self.changed)
            day.refused.connect(self.refused)
