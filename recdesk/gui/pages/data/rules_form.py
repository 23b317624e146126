"""The controls of the rules: a row for each of them, made from their declarations."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from recdesk.data.cleaning.rules import Rule, Rules
from recdesk.gui.pages.data.rule_inputs import DayBox, EventsBox
from recdesk.gui.widgets.inputs import ChoiceBox, FloatBox, WholeBox

MOST = 10**9


def rule_words(text: str) -> str:
    """A title, tip or choice that is declared with a rule or a part of the dialect, in the language of the window."""
    return QCoreApplication.translate("RulesForm", text)


@dataclass(frozen=True)
class RuleRow:
    """A rule in the form.

    Attributes:
        name: the attribute of `Rules`.
        rule: its declaration.
        control: the input of its value.
    """

    name: str
    rule: Rule
    control: QWidget

    @property
    def title(self) -> str:
        """Title of the rule."""
        return rule_words(self.rule.title)

    @property
    def rare(self) -> bool:
        """Whether it is shown under “More rules” only."""
        return self.rule.rare

    @property
    def value(self) -> Any:
        """The value in the control."""
        control = self.control
        if isinstance(control, QComboBox):
            return control.currentData()
        if isinstance(control, QCheckBox):
            return control.isChecked()
        if isinstance(control, FloatBox | WholeBox):
            return control.number()
        assert isinstance(control, DayBox | EventsBox)
        return control.value()

    def show_value(self, value: Any) -> None:
        """Show a value without emitting a signal."""
        control = self.control
        control.blockSignals(True)
        if isinstance(control, QComboBox):
            control.setCurrentIndex(control.findData(value))
        elif isinstance(control, QCheckBox):
            control.setChecked(value)
        elif isinstance(control, FloatBox | WholeBox):
            control.set_number(value)
        elif isinstance(control, DayBox | EventsBox):
            control.set_value(value)
        control.blockSignals(False)


class RulesForm(QObject):
    """Values of the rules in controls.

    Args:
        parent: of this object; the controls get the parent of the layout that they are added to.
        rules: the class that declares them.

    Signals:
        changed: the user changed a value.
        refused: the error of an invalid text.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, parent: QObject, rules: type[Rules] = Rules) -> None:
        super().__init__(parent)
        declared = sorted(rules.declared().items(), key=lambda entry: entry[1].row)
        self.rows = [RuleRow(name, rule, self._control(rule)) for name, rule in declared]

    def values(self) -> dict[str, Any]:
        """Values of the rules by name."""
        return {row.name: row.value for row in self.rows}

    def set_rules(self, rules: Rules) -> None:
        """Show these rules."""
        for row in self.rows:
            row.show_value(getattr(rules, row.name))

    def row(self, name: str) -> RuleRow:
        """A rule's row."""
        return next(row for row in self.rows if row.name == name)

    def control(self, name: str) -> Any:
        """A rule's control."""
        return self.row(name).control

    def _control(self, rule: Rule) -> QWidget:
        control = self._control_of_kind(rule)
        control.setAccessibleName(rule_words(rule.title))
        control.setToolTip(rule_words(rule.tip))
        return control

    def _control_of_kind(self, rule: Rule) -> QWidget:
        match rule.kind:
            case "switch":
                switch = QCheckBox(rule_words(rule.caption))
                switch.clicked.connect(self.changed)
                return switch
            case "choice":
                choices = ChoiceBox()
                for value, title in rule.choices.items():
                    choices.addItem(rule_words(title), value)
                choices.activated.connect(self.changed)
                return choices
            case "names":
                events = EventsBox()
                events.value_changed.connect(self.changed)
                return events
            case "first moment" | "last moment":
                day = DayBox(end=rule.kind == "last moment")
                day.value_changed.connect(self.changed)
                day.refused.connect(self.refused)
                return day
        number = self._count() if rule.kind == "count" else FloatBox(-1e9, 1e9, none_text=self.tr("none"))
        number.setKeyboardTracking(False)
        number.valueChanged.connect(self.changed)
        return number

    def _count(self) -> WholeBox:
        box = WholeBox(minimum=0, maximum=MOST)
        box.setSpecialValueText(self.tr("off"))
        return box
