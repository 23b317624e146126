"""How a file is read: its form and dialect, and how its rows become interactions."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QFormLayout, QWidget

from recdesk.data.files.csv_records import BLANK_RUN
from recdesk.data.files.dialect import (
    FORMS,
    LONGEST_SEPARATOR,
    MAX_LEADING,
    SEPARATED_FORMS,
    SEPARATORS,
    TABLE_FORMS,
    TEXT_FORMS,
    Dialect,
)
from recdesk.data.files.encodings import ENCODINGS
from recdesk.gui.pages.data.draft import ImportDraft, Part
from recdesk.gui.pages.data.layout_rows import LayoutRows
from recdesk.gui.widgets.buttons import Chip, LinkButton
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel, SuggestBox, WholeBox, narrow

_RARE = ("quote", "escape", "skip")
_APPLIES = {
    "encoding": TEXT_FORMS,
    "separator": SEPARATED_FORMS,
    "header": ("delimited", "xlsx"),
    "quote": ("delimited", "grouped"),
    "escape": ("delimited", "grouped"),
    "skip": (*SEPARATED_FORMS, "xlsx"),
}
"""Forms of files to which a part of the dialect applies."""


class ReadingCard(Card):
    """Form and dialect of the file in the preview: encoding, separator, …; each part is shown only if it applies."""

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
        """Show and change how this file is read."""
        self._part = part
        self.refresh()

    def refresh(self) -> None:
        """Show the dialect, and only the parts that apply to the form."""
        preview = self._draft.previews.get(self._part) or self._draft.previews.get("interactions")
        if preview is None:
            return
        dialect = preview.dialect
        self._offer_forms(dialect.form)
        self._offer_tables(dialect, preview.tables)
        for name, box in self._boxes.items():
            rare = name in _RARE and not self.more.isChecked()
            self._form.setRowVisible(box, dialect.form in _APPLIES[name] and not rare)
        self.layout_rows.refresh(preview, self._part == "interactions", self.more.isChecked())
        self.more.setVisible(dialect.form in _APPLIES["skip"] or self._part == "interactions")
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
        self.layout_rows = LayoutRows(self._draft, form, self)
        self.layout_rows.chosen.connect(lambda given: self._set_dialect(**given))
        words = self.tr("Choose one, or write the text itself: {count} characters at most.")
        self.separator.setToolTip(words.format(count=LONGEST_SEPARATOR))
        self.escape.setToolTip(self.tr("What stands before a quote that is part of a text."))
        self.skip.setToolTip(self.tr("Lines above the names, or above the first row."))
        self.body.addLayout(form)
        self.more.toggled.connect(self._more)
        self.form.activated.connect(lambda: self._set_dialect(form=self.form.currentData()))
        self.table.activated.connect(self._table_chosen)
        self.header.clicked.connect(lambda on: self._set_dialect(header=on))
        self.skip.editingFinished.connect(lambda: self._set_dialect(skip=self.skip.value()))
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
        self._set_dialect(**{name: box.value().lower() if name == "encoding" else box.value()})

    def _set_dialect(self, **given: object) -> None:
        """Pass on values of the dialect, if they differ from those in use."""
        preview = self._draft.previews.get(self._part)
        if preview is not None and any(getattr(preview.dialect, name) != value for name, value in given.items()):
            self._draft.set_dialect(self._part, **given)

    def _table_chosen(self) -> None:
        preview = self._draft.previews[self._part]
        name = "table" if preview.dialect.form in TABLE_FORMS else "member"
        self._set_dialect(**{name: self.table.currentData()})

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
    """Titles of the forms of files."""
    translate = QCoreApplication.translate
    return {
        "delimited": translate("Forms", "Rows of columns"),
        "sessions": translate("Forms", "A user, then items"),
        "baskets": translate("Forms", "Items only"),
        "counted": translate("Forms", "A count, then items"),
        "grouped": translate("Forms", "An id above its rows"),
        "blocks": translate("Forms", "Blocks of key: value"),
        "libsvm": "libSVM",
        "libfm": "libFM",
        "mind": "MIND",
        "python": translate("Forms", "Python, a line each"),
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
