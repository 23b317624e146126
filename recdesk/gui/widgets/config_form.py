"""The form of a run's settings, made from their declaration."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from recdesk.core.errors import UsageError
from recdesk.gui import theme, words
from recdesk.gui.widgets.buttons import LinkButton
from recdesk.gui.widgets.inputs import ChoiceBox, FloatBox, FormLabel, SuggestBox, TextBox, WholeBox, narrow
from recdesk.gui.widgets.text import Text
from recdesk.training.config import RunConfig, config_from_dict

LABEL_WIDTH = 108
_ABOVE = 1e-12


class ConfigForm(QWidget):
    """A row for every field of a config; the advanced ones behind a button.

    Signals:
        changed: a value was edited or set.
    """

    changed = Signal()

    def __init__(
        self, config: RunConfig, translated: Callable[[str], str] = lambda text: text, first: Sequence[str] = ()
    ) -> None:
        """Make the rows of `config`'s kind and show its values.

        Args:
            config: what to show.
            translated: translates titles and descriptions.
            first: fields to show above all others, where the kind has them.
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
        self._basic, self._advanced = _grid(), QWidget()
        self._advanced_grid = _grid(self._advanced)
        layout.addLayout(self._basic)
        self.more = LinkButton()
        self.more.toggled.connect(self._show_advanced)
        layout.addWidget(self.more)
        layout.addWidget(self._advanced)
        self._problem = Text("", "small", "bad", wrap=True)
        self._problem.hide()
        layout.addWidget(self._problem)
        self._add_rows(first)
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
        for grid in (self._basic, self._advanced_grid):
            index = grid.indexOf(self._editors[name])
            if index >= 0:
                row = grid.getItemPosition(index)[0]  # type: ignore[index]
                grid.addWidget(widget, row + 1, 0, 1, 2)

    def _add_rows(self, first: Sequence[str]) -> None:
        fields = self._kind.model_fields
        for name in dict.fromkeys([*(name for name in first if name in fields), *fields]):
            field = fields[name]
            if name == "kind":
                continue
            extra = field.json_schema_extra
            advanced = isinstance(extra, dict) and bool(extra.get("advanced"))
            none = self.tr("automatic") if isinstance(extra, dict) and extra.get("automatic") else self.tr("no limit")
            suggestions = extra.get("suggestions", []) if isinstance(extra, dict) else []
            bounds, step = _bounds(field.metadata), _step(field.metadata)
            editor = _editor(field.annotation, bounds, step, none, suggestions)  # type: ignore[arg-type]
            editor.setToolTip(self._translated(field.description or ""))
            editor.setAccessibleDescription(self._translated(field.description or ""))
            self._editors[name] = editor
            self._labels[name] = FormLabel(self._title(name), editor)
            self._labels[name].setToolTip(self._translated(field.description or ""))
            _add(self._advanced_grid if advanced else self._basic, self._labels[name], editor)
            _connect(editor, self._edited)

    def _edited(self, *_: object) -> None:
        differing = self._differing_names()
        for name, label in self._labels.items():
            label.set_tone("warning" if name in differing else "secondary")
        try:
            self.config()
        except UsageError as error:
            self._problem.setText(self._translated(error.sentence))
            self._problem.show()
        else:
            self._problem.hide()
        self.changed.emit()

    def _differing_names(self) -> list[str]:
        return [name for name, value in self.values().items() if value != getattr(self._default, name)]

    def _title(self, name: str) -> str:
        return self._translated(self._kind.model_fields[name].title or name)

    def _show_advanced(self, shown: bool) -> None:
        self._advanced.setVisible(shown)
        self.more.setText(self.tr("Fewer settings ‹") if shown else self.tr("More settings ›"))
        self.more.setAccessibleName(self.more.text())


def _grid(parent: QWidget | None = None) -> QGridLayout:
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, LABEL_WIDTH)
    return grid


def _add(grid: QGridLayout, label: QWidget, editor: QWidget) -> None:
    row = 2 * (grid.count() // 2)  # between two rows is room for `put_below`
    grid.addWidget(label, row, 0)
    grid.addWidget(narrow(editor), row, 1)


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
