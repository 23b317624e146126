"""The dialog of rules: what may be recommended, how varied lists are, and what that costs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel, WholeBox
from recdesk.gui.widgets.text import ElidedText, Paragraph, Text
from recdesk.recommend.rules import CONDITION_KINDS, Condition, Rules, condition_of

_WAIT_MS = 400
"""After the last change, before its cost is measured."""
_STEP = 5
_SHOWN = 8


class IdsRow(QWidget):
    """A list of ids from a file: how many there are, and chips to read another and to forget them.

    Signals:
        file_wanted: read a file.
        changed: other ids.
    """

    file_wanted = Signal()
    changed = Signal()

    def __init__(self, name: str, none: str, title: Callable[[str], str]) -> None:
        super().__init__()
        self._none, self._title = none, title
        self.ids: tuple[str, ...] | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.words = ElidedText("", "body", "secondary")
        self.file = Chip(self.tr("from file…"))
        self.file.setAccessibleName(self.tr("{name}: from file").format(name=name))
        self.file.setToolTip(self.tr("A file with one item id a line, or with a column of them"))
        self.file.clicked.connect(self.file_wanted)
        self.forget = Chip(self.tr("clear"))
        self.forget.setAccessibleName(self.tr("{name}: clear").format(name=name))
        self.forget.clicked.connect(lambda: self.set_ids(None))
        layout.addWidget(self.words, 1)
        layout.addWidget(self.forget)
        layout.addWidget(self.file)
        self.set_ids(None)

    def set_ids(self, ids: tuple[str, ...] | None) -> None:
        """Show these; None for none."""
        self.ids = ids
        shown = words.listed([self._title(each) for each in (ids or ())[:_SHOWN]])
        shown += "…" if len(ids or ()) > _SHOWN else ""
        self.words.setText(f"{len(ids):,}: {shown}" if ids else self._none)
        self.forget.setVisible(bool(ids))
        self.changed.emit()


class StrengthRow(QWidget):
    """A slider from 0 to 100 % with its figure.

    Signals:
        changed: another value.
    """

    changed = Signal()

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100 // _STEP)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(tip)
        self.figure = Text("0 %", "body", "secondary", tabular=True)
        self.figure.setMinimumWidth(self.figure.fontMetrics().horizontalAdvance("100 %"))
        self.slider.valueChanged.connect(self._moved)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.figure)

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.slider.value() * _STEP / 100

    def set_share(self, share: float) -> None:
        """Move to a share."""
        self.slider.setValue(round(100 * share / _STEP))

    def _moved(self, value: int) -> None:
        self.figure.setText(f"{value * _STEP} %")
        self.changed.emit()


class ConditionsBox(QWidget):
    """Conditions as chips, and a line to add one.

    Signals:
        changed: others.
    """

    changed = Signal()

    def __init__(self, features: Sequence[str]) -> None:
        super().__init__()
        self.conditions: tuple[Condition, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self._chips = QVBoxLayout()
        self._chips.setSpacing(4)
        layout.addLayout(self._chips)
        line = QHBoxLayout()
        line.setSpacing(6)
        self.feature = ChoiceBox()
        self.feature.setAccessibleName(self.tr("Feature"))
        self.feature.addItem(self.tr("any text"), "")
        for name in features:
            self.feature.addItem(name, name)
        self.kind = ChoiceBox()
        self.kind.setAccessibleName(self.tr("Condition"))
        self.value = QLineEdit()
        self.value.setAccessibleName(self.tr("Value of the condition"))
        self.value.returnPressed.connect(self.add)
        self.plus = Chip(self.tr("add"))
        self.plus.clicked.connect(self.add)
        self.feature.currentIndexChanged.connect(self._offer_kinds)
        self.kind.currentIndexChanged.connect(self._say_form)
        for widget, stretch in ((self.feature, 2), (self.kind, 2), (self.value, 3), (self.plus, 0)):
            line.addWidget(widget, stretch)
        layout.addLayout(line)
        self.problem = Text("", "small", "bad", wrap=True)
        self.problem.hide()
        layout.addWidget(self.problem)
        self._offer_kinds()

    def set_conditions(self, conditions: Sequence[Condition]) -> None:
        """Show these."""
        self.conditions = tuple(conditions)
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for condition in self.conditions:
            text = translated(Rules(conditions=(condition,)).sentences[0])
            chip = Chip(f"{text} ×")
            chip.setAccessibleName(self.tr("Remove: {condition}").format(condition=text))
            chip.clicked.connect(lambda _on=False, gone=condition: self._remove(gone))
            self._chips.addWidget(chip)
        self.changed.emit()

    def add(self) -> None:
        """Add what the line says, or say what is wrong with it."""
        try:
            condition = condition_of(self.feature.currentData(), self.kind.currentData(), self.value.text())
        except UsageError as error:
            self._say(words.together(translated(error.sentence), translated(error.suggestion)))
            return
        self._say("")
        self.value.clear()
        self.set_conditions((*self.conditions, condition))

    def _remove(self, condition: Condition) -> None:
        self.set_conditions([other for other in self.conditions if other != condition])

    def _offer_kinds(self) -> None:
        names = {
            "contains": self.tr("contains"),
            "one of": self.tr("is one of"),
            "at least": self.tr("at least"),
            "at most": self.tr("at most"),
            "between": self.tr("between"),
        }
        with QSignalBlocker(self.kind):
            self.kind.clear()
            for kind in CONDITION_KINDS if self.feature.currentData() else CONDITION_KINDS[:1]:
                self.kind.addItem(names[kind], kind)
        self._say_form()

    def _say_form(self) -> None:
        forms = {"one of": self.tr("Comedy, Drama"), "between": self.tr("1990 and 1999"), "contains": self.tr("text")}
        self.value.setPlaceholderText(forms.get(self.kind.currentData(), self.tr("number")))

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))


class RulesDialog(QDialog):
    """Edits rules; says what they cost.

    Signals:
        cost_wanted: measure what these Rules cost; `show_cost` or `show_problem` answers.
        save_wanted: store these Rules.
        remove_wanted: delete the stored rules of this name.

    Args:
        features: columns of the items.
        stored: rules that are stored.
        rules: those in use.
        read_file: reads ids from a path, then calls back.
        title: of the item with an id.
    """

    cost_wanted = Signal(object)
    save_wanted = Signal(object)
    remove_wanted = Signal(str)

    def __init__(
        self,
        features: Sequence[str],
        stored: Sequence[Rules],
        rules: Rules,
        read_file: Callable[[Path, Callable[[tuple[str, ...]], None]], None],
        parent: QWidget | None = None,
        title: Callable[[str], str] = str,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self.setWindowTitle(self.tr("Rules before ranking"))
        self.setMinimumWidth(620)
        self._features, self._stored, self._read_file = list(features), list(stored), read_file
        self._later = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._later.timeout.connect(self._ask_cost)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(self._head())
        layout.addLayout(self._form())
        self.cost = Paragraph("", "body", "secondary")
        layout.addWidget(self.cost)
        layout.addWidget(self._ends())
        self.show_rules(rules)
        for signal in self._signals():
            signal.connect(self._changed)
        self._changed()

    def rules(self) -> Rules:
        """What is set."""
        return Rules(
            name=self.name.text().strip(),
            allow=self.allow.ids,
            block=self.block.ids or (),
            conditions=self.conditions.conditions,
            cap=self.cap.value(),
            cap_feature=self.cap_feature.currentText() if self.cap.value() else "",
            spread=self.spread.value(),
            spread_feature=self.spread_feature.currentText() if self.spread.value() else "",
            diversity=self.diversity.share,
            diversity_feature=self.by.currentData() or "",
            damping=self.damping.share,
        )

    def show_rules(self, rules: Rules) -> None:
        """Set everything as these have it."""
        self.name.setText(rules.name)
        self.allow.set_ids(rules.allow)
        self.block.set_ids(rules.block or None)
        self.conditions.set_conditions(rules.conditions)
        self.cap.setValue(rules.cap)
        self.cap_feature.setCurrentText(rules.cap_feature or self._usual())
        self.spread.setValue(rules.spread)
        self.spread_feature.setCurrentText(rules.spread_feature or self._usual())
        self.diversity.set_share(rules.diversity)
        self.by.setCurrentIndex(max(self.by.findData(rules.diversity_feature), 0))
        self.damping.set_share(rules.damping)
        self.stored_box.setCurrentIndex(max(self.stored_box.findData(rules.name), 0))

    def show_stored(self, stored: Sequence[Rules]) -> None:
        """List these as stored."""
        self._stored = list(stored)
        with QSignalBlocker(self.stored_box):
            self.stored_box.clear()
            self.stored_box.addItem(self.tr("stored rules…"), "")
            for rules in self._stored:
                self.stored_box.addItem(rules.name, rules.name)
            self.stored_box.setCurrentIndex(max(self.stored_box.findData(self.name.text().strip()), 0))
        self._enable()

    def show_cost(self, sentence: str) -> None:
        """Say what the rules cost."""
        self._say(sentence, "secondary")

    def show_problem(self, error: RecdeskError) -> None:
        """Say why that is not known."""
        self._say(words.together(translated(error.sentence), translated(error.suggestion)), "bad")

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.stored_box = ChoiceBox()
        self.stored_box.setAccessibleName(self.tr("Stored rules"))
        self.stored_box.activated.connect(self._take)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("name, to store them"))
        self.name.setAccessibleName(self.tr("Name of the rules"))
        self.name.textChanged.connect(self._enable)
        self.save, self.remove = Chip(self.tr("store")), Chip(self.tr("remove"), tone="warning")
        self.save.clicked.connect(lambda: self.save_wanted.emit(self.rules()))
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.name.text().strip()))
        row.addWidget(self.stored_box, 1)
        row.addWidget(self.name, 1)
        row.addWidget(self.save)
        row.addWidget(self.remove)
        return row

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.allow = IdsRow(self.tr("Only these items"), self.tr("all items"), self._title)
        self.block = IdsRow(self.tr("Never these items"), self.tr("none"), self._title)
        for row in (self.allow, self.block):
            row.file_wanted.connect(lambda row=row: self._ask_file(row))
        self.conditions = ConditionsBox(self._features)
        self.cap, self.cap_feature, cap_row = self._count(self.tr("no limit"), self.tr("At most of the same"))
        self.spread, self.spread_feature, spread_row = self._count(self.tr("any number"), self.tr("At least different"))
        self.diversity = StrengthRow(
            self.tr("Diversity"), self.tr("How much an item that is unlike the others of the list is preferred")
        )
        self.by = ChoiceBox()
        self.by.setAccessibleName(self.tr("Diversity by"))
        self.by.addItem(self.tr("as the model sees them"), "")
        for name in self._features:
            self.by.addItem(name, name)
        self.diversity.layout().addWidget(self.by)  # type: ignore[union-attr]
        self.damping = StrengthRow(
            self.tr("Lower popular items"), self.tr("How much is taken off the scores of items that many have taken")
        )
        form.addRow(FormLabel(self.tr("Only these items")), self.allow)
        form.addRow(FormLabel(self.tr("Never these items")), self.block)
        form.addRow(FormLabel(self.tr("Only items that")), self.conditions)
        form.addRow(FormLabel(self.tr("At most of the same")), cap_row)
        form.addRow(FormLabel(self.tr("At least different")), spread_row)
        form.addRow(FormLabel(self.tr("Diversity")), self.diversity)
        form.addRow(FormLabel(self.tr("Lower popular items")), self.damping)
        return form

    def _count(self, none: str, name: str) -> tuple[WholeBox, ChoiceBox, QWidget]:
        """A number of items or categories, and the feature that it is about."""
        number, feature, row = WholeBox(), ChoiceBox(), QWidget()
        number.setRange(0, 1000)
        number.setSpecialValueText(none)
        number.setAccessibleName(name)
        number.setMinimumHeight(theme.CONTROL_HEIGHT)
        feature.addItems(self._features)
        feature.setAccessibleName(self.tr("{name}: feature").format(name=name))
        for box in (number, feature):
            box.setEnabled(bool(self._features))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(number, 1)
        layout.addWidget(feature, 2)
        return number, feature, row

    def _ends(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.use = buttons.addButton(self.tr("Use these rules"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.none = buttons.addButton(self.tr("No rules"), QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.none.clicked.connect(lambda: self.show_rules(Rules()))
        return buttons

    def _signals(self) -> list[SignalInstance]:
        """Of everything that changes what the rules do."""
        rows = [self.allow.changed, self.block.changed, self.conditions.changed]
        rows += [self.diversity.changed, self.damping.changed, self.cap.valueChanged, self.spread.valueChanged]
        return rows + [box.currentIndexChanged for box in (self.cap_feature, self.spread_feature, self.by)]

    def _usual(self) -> str:
        """The feature that stands first: one that is no title."""
        return self._features[min(1, len(self._features) - 1)] if self._features else ""

    def _take(self, index: int) -> None:
        name = self.stored_box.itemData(index)
        found = next((rules for rules in self._stored if rules.name == name), None)
        if found is not None:
            self.show_rules(found)

    def _ask_file(self, row: IdsRow) -> None:
        path, _filter = QFileDialog.getOpenFileName(self, self.tr("Item ids"))
        if path:
            self._read_file(Path(path), row.set_ids)

    def _changed(self, *_: object) -> None:
        self._enable()
        self._say("" if self._bare().empty else self.tr("Measuring what this costs…"), "secondary")
        self._later.start()

    def _bare(self) -> Rules:
        return replace(self.rules(), name="")

    def _ask_cost(self) -> None:
        if not self._bare().empty:
            self.cost_wanted.emit(self.rules())

    def _enable(self) -> None:
        named, name = bool(self.name.text().strip()), self.name.text().strip()
        self.save.setEnabled(named and not self._bare().empty)
        self.remove.setEnabled(any(rules.name == name for rules in self._stored))

    def _say(self, sentence: str, tone: str) -> None:
        self.cost.setText(sentence)
        self.cost.set_tone(tone)
