"""How a file is written: what was found, to be corrected."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QFormLayout, QWidget

from recdesk.data.files.csv_records import BLANK_RUN
from recdesk.data.files.dialect import (
    FORMS,
    LONGEST_SEPARATOR,
    MAX_LEADING,
    SEPARATORS,
    SESSION_FORMS,
    TABLE_FORMS,
    TEXT_FORMS,
)
from recdesk.data.files.encodings import ENCODINGS
from recdesk.gui.pages.data.draft import ImportDraft, Part
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.choice_box import ChoiceBox
from recdesk.gui.widgets.form_label import FormLabel, narrow
from recdesk.gui.widgets.link_button import LinkButton
from recdesk.gui.widgets.number_box import WholeBox
from recdesk.gui.widgets.text_box import SuggestBox

if TYPE_CHECKING:
    from recdesk.data.files.dialect import Dialect

_RARE = ("quote", "escape", "skip")
_APPLIES = {
    "encoding": TEXT_FORMS,
    "separator": ("delimited", *SESSION_FORMS),
    "header": ("delimited", "xlsx"),
    "quote": ("delimited",),
    "escape": ("delimited",),
    "skip": ("delimited", *SESSION_FORMS, "xlsx"),
}
"""Forms to which a part of a dialect applies."""


class ReadingCard(Card):
    """Form, encoding, separator and the like of the file that the preview shows; each only where it applies."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Reading"))
        self._draft = draft
        self._part: Part = "interactions"
        self._again = Chip(self.tr("Guess again"))
        self._again.clicked.connect(lambda: draft.guess_again(self._part))
        self.more = LinkButton(self.tr("More ›"))
        for button in (self._again, self.more):
            self.head.addWidget(button)
        self.form, self.table = ChoiceBox(), ChoiceBox()
        self.encoding = SuggestBox([(name.upper(), name) for name in ENCODINGS])
        self.separator = SuggestBox([(name, mark) for mark, name in _separators().items()])
        self.quote = SuggestBox([('"', '"'), ("'", "'"), (self.tr("none"), "")])
        self.escape = SuggestBox([(self.tr("doubled quote"), ""), ("\\", "\\")])
        self.header = QCheckBox(self.tr("First line has the names"))
        self.header.setAccessibleName(self.header.text())
        self.skip = WholeBox(minimum=0, maximum=100 * MAX_LEADING)
        self._build()
        draft.changed.connect(self.refresh)

    def show_part(self, part: Part) -> None:
        """Correct this file's reading."""
        self._part = part
        self.refresh()

    def refresh(self) -> None:
        """Show what is in force, and only what applies."""
        preview = self._draft.previews.get(self._part) or self._draft.previews.get("interactions")
        if preview is None:
            return
        dialect = preview.dialect
        self._offer_forms(dialect.form)
        self._offer_tables(dialect, preview.tables)
        for name, box in self._boxes.items():
            rare = name in _RARE and not self.more.isChecked()
            self._form.setRowVisible(box, dialect.form in _APPLIES[name] and not rare)
        self.more.setVisible(dialect.form in _APPLIES["skip"])
        for box, value in (
            (self.encoding, dialect.encoding),
            (self.separator, dialect.separator),
            (self.quote, dialect.quote),
            (self.escape, dialect.escape),
        ):
            with QSignalBlocker(box):
                box.setValue(value)
        with QSignalBlocker(self.skip):
            self.skip.setValue(dialect.skip)
        self.header.setChecked(dialect.header)
        self._again.setVisible(self._draft.given(self._part))

    def _build(self) -> None:
        form = self._form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        self._boxes: dict[str, QWidget] = {}
        rows: tuple[tuple[str, str, QWidget], ...] = (
            ("", self.tr("Form"), self.form),
            ("", self.tr("Table"), self.table),
            ("encoding", self.tr("Encoding"), self.encoding),
            ("separator", self.tr("Separator"), self.separator),
            ("quote", self.tr("Quote"), self.quote),
            ("escape", self.tr("Escape"), self.escape),
            ("skip", self.tr("Lines skipped"), self.skip),
        )
        for name, label, box in rows:
            box.setAccessibleName(label)
            form.addRow(FormLabel(label, box), narrow(box))
            if name:
                self._boxes[name] = box
            if name == "separator":
                form.addRow(self.header)
                self._boxes["header"] = self.header
        words = self.tr("Choose one, or write the text itself: {count} characters at most.")
        self.separator.setToolTip(words.format(count=LONGEST_SEPARATOR))
        self.escape.setToolTip(self.tr("What stands before a quote that is part of a text."))
        self.skip.setToolTip(self.tr("Lines above the names, or above the first row."))
        self.body.addLayout(form)
        self.more.toggled.connect(self._more)
        self.form.activated.connect(lambda: self._say(form=self.form.currentData()))
        self.table.activated.connect(self._table_chosen)
        self.header.clicked.connect(lambda on: self._say(header=on))
        self.skip.editingFinished.connect(lambda: self._say(skip=self.skip.value()))
        for name in ("encoding", "separator", "quote", "escape"):
            box = self._boxes[name]
            assert isinstance(box, SuggestBox)
            box.activated.connect(lambda _at, name=name: self._typed(name))
            line = box.lineEdit()
            assert line is not None
            line.editingFinished.connect(lambda name=name: self._typed(name))

    def _more(self, on: bool) -> None:
        self.more.setText(self.tr("Less ‹") if on else self.tr("More ›"))
        self.refresh()

    def _typed(self, name: str) -> None:
        box = self._boxes[name]
        assert isinstance(box, SuggestBox)
        self._say(**{name: box.value().lower() if name == "encoding" else box.value()})

    def _say(self, **given: object) -> None:
        """Pass on what a person said, if it is news."""
        preview = self._draft.previews.get(self._part)
        if preview is not None and any(getattr(preview.dialect, name) != value for name, value in given.items()):
            self._draft.set_dialect(self._part, **given)

    def _table_chosen(self) -> None:
        preview = self._draft.previews[self._part]
        name = "table" if preview.dialect.form in TABLE_FORMS else "member"
        self._say(**{name: self.table.currentData()})

    def _offer_forms(self, form: str) -> None:
        titles = form_titles()
        choices = TEXT_FORMS if form in TEXT_FORMS else (form,)
        _offer(self.form, [(titles[name], name) for name in FORMS if name in choices], form)
        self.form.setEnabled(len(choices) > 1)

    def _offer_tables(self, dialect: "Dialect", tables: Sequence[str]) -> None:
        current = dialect.table if dialect.form in TABLE_FORMS else dialect.member
        self._form.setRowVisible(self.table, len(tables) > 1)
        _offer(self.table, [(name, name) for name in tables], current)


def form_titles() -> dict[str, str]:
    """What the forms of files are called."""
    translate = QCoreApplication.translate
    return {
        "delimited": translate("Forms", "Rows of columns"),
        "sessions": translate("Forms", "A user, then items"),
        "baskets": translate("Forms", "Items only"),
        "parquet": "Parquet",
        "jsonl": translate("Forms", "JSON lines"),
        "json": translate("Forms", "JSON array"),
        "xlsx": "Excel",
        "sqlite": "SQLite",
        "duckdb": "DuckDB",
    }


def _separators() -> dict[str, str]:
    translate = QCoreApplication.translate
    names = {
        ",": translate("Separators", "comma"),
        "\t": translate("Separators", "tab"),
        ";": translate("Separators", "semicolon"),
        "|": translate("Separators", "bar"),
        " ": translate("Separators", "blank"),
        BLANK_RUN: translate("Separators", "blanks"),
    }
    return {mark: names.get(mark, mark) for mark in SEPARATORS}


def _offer(box: ChoiceBox, choices: Sequence[tuple[str, str]], current: str) -> None:
    with QSignalBlocker(box):
        box.clear()
        for title, value in choices:
            box.addItem(title, value)
        box.setCurrentIndex(max(box.findData(current), 0))
