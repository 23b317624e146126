"""The form of a run's settings, made from their declaration."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QToolButton, QVBoxLayout, QWidget

from recdesk.core.errors import UsageError
from recdesk.gui import theme, words
from recdesk.gui.widgets.buttons import LinkButton
from recdesk.gui.widgets.inputs import ChoiceBox, FloatBox, FormLabel, SuggestBox, TextBox, WholeBox, narrow
from recdesk.gui.widgets.text import Text, plain_tooltip
from recdesk.training.config import COST_TIME, COST_TIME_AND_MEMORY, GROUPS, RunConfig, config_from_dict

LABEL_WIDTH, RESET_WIDTH = 108, 18
_ABOVE = 1e-12


class ConfigForm(QWidget):
    """A row for every field of a config, in groups; the advanced ones appear with a button.

    The label of a setting that differs from its default is coloured, and a button beside it brings the default back.

    Signals:
        changed: a value was edited or set.
    """

    changed = Signal()

    def __init__(self, config: RunConfig, translated: Callable[[str], str] = lambda text: text) -> None:
        """Make the rows of `config`'s kind and show its values.

        Args:
            config: what to show.
            translated: translates titles and descriptions.
        """
        super().__init__()
        self._translated = translated
        self._kind = type(config)
        self._default = config
        self._editors: dict[str, QWidget] = {}
        self._labels: dict[str, FormLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._rows = _grid()
        layout.addLayout(self._rows)
        self._headings: dict[GroupHeading, list[str]] = {}
        self._advanced: dict[str, bool] = {}
        self._resets: dict[str, ResetButton] = {}
        self._below: dict[str, list[QWidget]] = {}
        self.more = LinkButton()
        self.more.toggled.connect(self._show_advanced)
        layout.addWidget(self.more)
        self._problem = Text("", "small", "bad", wrap=True)
        self._problem.hide()
        layout.addWidget(self._problem)
        self._add_rows()
        self._show_advanced(False)
        self.set_config(config)

    def fields(self) -> list[str]:
        """Names of the fields that have a row."""
        return list(self._editors)

    def editor(self, name: str) -> QWidget:
        """The control of a field."""
        return self._editors[name]

    def values(self) -> dict[str, Any]:
        """Values by field."""
        return {name: _read(editor) for name, editor in self._editors.items()}

    def config(self) -> RunConfig:
        """The settings.

        Raises:
            UsageError: the values are not a valid configuration; the form shows the same sentence.
        """
        kind = self._kind.model_fields["kind"].default
        return config_from_dict({"kind": kind, **self.values()})

    def set_config(self, config: RunConfig) -> None:
        """Show settings of the same kind."""
        self.set_values({name: getattr(config, name) for name in self._editors})

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show some settings; the others stay."""
        for name, value in values.items():
            with QSignalBlocker(editor := self._editors[name]):
                _write(editor, value)
        self._edited()

    def set_default(self, config: RunConfig) -> None:
        """Mark settings that differ from these."""
        self._default = config
        self._edited()

    def differing(self) -> list[str]:
        """Titles of the fields that differ from the default."""
        return [self._title(name) for name in self._differing_names()]

    def is_valid(self) -> bool:
        """Whether the values are a valid configuration."""
        try:
            self.config()
        except UsageError:
            return False
        return True

    def put_below(self, name: str, widget: QWidget) -> None:
        """Put a widget below the row of a field; it is deleted with the form."""
        row = self._rows.getItemPosition(self._rows.indexOf(self._editors[name]))[0]  # type: ignore[index]
        self._rows.addWidget(widget, row + 1, 0, 1, 3)
        self._below.setdefault(name, []).append(widget)
        self._show_advanced(self.more.isChecked())

    def reset(self, name: str) -> None:
        """Bring the default of a field back."""
        self.set_values({name: getattr(self._default, name)})

    def reset_button(self, name: str) -> "ResetButton":
        """The button that brings the default of a field back."""
        return self._resets[name]

    def _add_rows(self) -> None:
        fields, row = self._kind.model_fields, 0
        grouped = {name for names in GROUPS.values() for name in names}
        rest = tuple(name for name in fields if name not in grouped and name != "kind")
        titles = {
            "reading": self.tr("What it reads"),
            "size": self.tr("Size"),
            "learning": self.tr("Learning"),
            "stopping": self.tr("Stopping"),
            "computing": self.tr("Computing"),
        }
        for group, names in GROUPS.items():
            wanted = [name for name in (names + rest if group == "learning" else names) if name in fields]
            heading = GroupHeading(titles[group], first=row == 0)
            self._headings[heading] = wanted
            self._rows.addWidget(heading, row, 0, 1, 3)
            row += 1
            for name in wanted:
                self._add_row(name, row)
                row += 2  # between two rows is room for `put_below`

    def _add_row(self, name: str, row: int) -> None:
        field = self._kind.model_fields[name]
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        self._advanced[name] = bool(extra.get("advanced"))
        none = self.tr("automatic") if extra.get("automatic") else self.tr("no limit")
        bounds, step = _bounds(field.metadata), _step(field.metadata)
        suggestions = extra.get("suggestions", [])
        editor = _editor(field.annotation, bounds, step, none, suggestions)  # type: ignore[arg-type]
        label = self._labels[name] = FormLabel(self._title(name), editor)
        reset = self._resets[name] = ResetButton(self._title(name))
        reset.clicked.connect(lambda: self.reset(name))
        self._editors[name] = editor
        self._explain(name, bounds, none)
        self._rows.addWidget(label, row, 0)
        self._rows.addWidget(narrow(editor), row, 1)
        self._rows.addWidget(reset, row, 2)
        _connect(editor, self._edited)

    def _explain(self, name: str, bounds: tuple[float, float], none: str) -> None:
        """Say where the setting stands what it is, its default and range, and what more of it costs."""
        field, default = self._kind.model_fields[name], getattr(self._default, name)
        lines = [self._translated(field.description or "")]
        said = (
            none if default is None else words.setting(field, default) if isinstance(default, str) else f"{default:,}"
        )
        lines.append(self.tr("Default: {value}.").format(value=said or none))
        if _is_number(field.annotation):
            low, high = (f"{bound:,.6g}" for bound in bounds)
            lines.append(self.tr("From {low} to {high}.").format(low=low, high=high))
        if name in COST_TIME_AND_MEMORY:
            lines.append(self.tr("More of it costs time and memory."))
        elif name in COST_TIME:
            lines.append(self.tr("More of it costs time."))
        for widget in (self._editors[name], self._labels[name]):
            widget.setToolTip(plain_tooltip("\n".join(lines)))
        self._editors[name].setAccessibleDescription(words.together(*lines))

    def _edited(self, *_: object) -> None:
        differing = self._differing_names()
        for name, label in self._labels.items():
            label.set_tone("warning" if name in differing else "secondary")
            self._resets[name].set_shown(name in differing)
        self._show_problem()
        self.changed.emit()

    def _show_problem(self) -> None:
        """Say what keeps the values from being a valid configuration, with the titles of the fields, and mark those."""
        try:
            self.config()
        except UsageError as error:
            said = self._translated(error.sentence)
            for name, label in self._labels.items():
                if f"“{name}”" in said:
                    said = said.replace(f"“{name}”", f"“{self._title(name)}”")
                    label.set_tone("bad")
            self._problem.setText(said)
        else:
            self._problem.setText("")
        self._problem.setVisible(bool(self._problem.text()))

    def problem(self) -> str:
        """Why the values are no valid configuration; "" if they are one."""
        return self._problem.text()

    def _differing_names(self) -> list[str]:
        return [name for name, value in self.values().items() if value != getattr(self._default, name)]

    def _title(self, name: str) -> str:
        return self._translated(self._kind.model_fields[name].title or name)

    def _show_advanced(self, shown: bool) -> None:
        for name, editor in self._editors.items():
            visible = shown or not self._advanced[name]
            for widget in (editor, self._labels[name], self._resets[name], *self._below.get(name, [])):
                widget.setVisible(visible)
        for heading, names in self._headings.items():
            heading.setVisible(any(shown or not self._advanced[name] for name in names))
        self.more.setText(self.tr("Fewer settings ‹") if shown else self.tr("More settings ›"))
        self.more.setAccessibleName(self.more.text())


def _grid(parent: QWidget | None = None) -> QGridLayout:
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(6)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, LABEL_WIDTH)
    grid.setColumnMinimumWidth(2, RESET_WIDTH)
    return grid


class GroupHeading(Text):
    """Heading of a group of settings."""

    def __init__(self, title: str, first: bool) -> None:
        super().__init__(title, "strong")
        self.setContentsMargins(0, 0 if first else 6, 0, 0)


class ResetButton(QToolButton):
    """Brings the default of a setting back. Its room is kept while it is not shown, so that nothing moves."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setText("↺")
        self.setAutoRaise(True)
        self.setFixedSize(RESET_WIDTH, 24)
        self.setAccessibleName(self.tr("Back to the default: {setting}").format(setting=title))
        self.setToolTip(plain_tooltip(self.accessibleName()))
        self.set_shown(False)

    def sizeHint(self) -> QSize:
        """The sign alone, without the room that a style leaves around words."""
        return QSize(RESET_WIDTH, 24)

    def set_shown(self, shown: bool) -> None:
        """Show it; otherwise keep its room empty."""
        self.setEnabled(shown)
        self.setText("↺" if shown else "")


def _is_number(annotation: Any) -> bool:
    return any(kind in (annotation, *get_args(annotation)) for kind in (int, float))


def _bounds(metadata: list[Any]) -> tuple[float, float]:
    """Lowest and highest value that the metadata of a field allow."""
    rules = {name: getattr(rule, name) for rule in metadata for name in ("ge", "gt", "le", "lt") if hasattr(rule, name)}
    low = rules["gt"] + _ABOVE if "gt" in rules else rules.get("ge", 0.0)
    high = math.nextafter(rules["lt"], -math.inf) if "lt" in rules else rules.get("le", 1e9)
    return low, high


def _step(metadata: list[Any]) -> int:
    """The step that the metadata of a field demand (`multiple_of`), 1 for none."""
    return next((int(rule.multiple_of) for rule in metadata if hasattr(rule, "multiple_of")), 1)


def _editor(
    annotation: Any, bounds: tuple[float, float], step: int, none_text: str, suggestions: Sequence[str]
) -> QWidget:
    if annotation is str:
        return SuggestBox([(words.choice(text), text) for text in suggestions]) if suggestions else TextBox(none_text)
    choices = [choice for choice in get_args(annotation) if isinstance(choice, str)]
    if choices:
        box = ChoiceBox()
        for choice in choices:
            box.addItem(words.choice(choice), choice)
        return box
    optional = type(None) in get_args(annotation)
    if annotation is int or int in get_args(annotation):
        whole = WholeBox()
        whole.setRange(math.ceil(bounds[0]), math.floor(min(bounds[1], 2**31 - 1)))
        whole.setSingleStep(step)
        whole.setMinimumHeight(theme.CONTROL_HEIGHT)
        if optional:
            whole.let_empty(none_text)
        return whole
    return FloatBox(*bounds, none_text if optional else "")


def _read(editor: QWidget) -> Any:
    if isinstance(editor, QComboBox) and not isinstance(editor, SuggestBox):
        return editor.currentData()
    return editor.number() if isinstance(editor, (FloatBox, WholeBox)) else editor.value()  # type: ignore[attr-defined]


def _write(editor: QWidget, value: Any) -> None:
    if isinstance(editor, QComboBox) and not isinstance(editor, SuggestBox):
        editor.setCurrentIndex(editor.findData(value))
    elif isinstance(editor, (FloatBox, WholeBox)):
        editor.set_number(value)
    else:
        editor.setValue(value)  # type: ignore[attr-defined]


def _connect(editor: QWidget, slot: Callable[..., None]) -> None:
    if isinstance(editor, (TextBox, SuggestBox)):
        editor.value_changed.connect(slot)
    elif isinstance(editor, QComboBox):
        editor.currentIndexChanged.connect(slot)
    else:
        editor.valueChanged.connect(slot)  # type: ignore[attr-defined]
