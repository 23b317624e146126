"""How the files are read: separator, head, encoding."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout

from recdesk.data.dialect import SEPARATORS
from recdesk.data.encodings import ENCODINGS
from recdesk.gui.pages.data.draft import ImportDraft, Part
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.choice_box import ChoiceBox
from recdesk.gui.widgets.form_label import FormLabel, narrow


class ReadingCard(Card):
    """What was guessed of the file that the preview shows, to be corrected."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Reading"))
        self._draft = draft
        self._part: Part = "interactions"
        self.separator = ChoiceBox()
        names = {
            ",": self.tr("comma"),
            "\t": self.tr("tab"),
            ";": self.tr("semicolon"),
            "|": self.tr("bar"),
            " ": self.tr("blank"),
        }
        for separator in SEPARATORS:
            self.separator.addItem(names.get(separator, separator), separator)
        self.encoding = ChoiceBox()
        for encoding in ENCODINGS:
            self.encoding.addItem(encoding.upper(), encoding)
        self.header = QCheckBox(self.tr("First line has the names"))
        self.header.setAccessibleName(self.header.text())
        self._guess = Chip(self.tr("Guess again"))
        self.head.addWidget(self._guess)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        for label, box in ((self.tr("Separator"), self.separator), (self.tr("Encoding"), self.encoding)):
            box.setAccessibleName(label)
            narrow(box)
            box.activated.connect(self._apply)
            form.addRow(FormLabel(label, box), box)
        form.addRow(self.header)
        self._form = form
        self.body.addLayout(form)
        self.body.addStretch(1)
        self.header.clicked.connect(self._apply)
        self._guess.clicked.connect(lambda: draft.set_dialect(self._part, None))
        draft.changed.connect(self.refresh)

    def show_part(self, part: Part) -> None:
        """Correct this file's reading."""
        self._part = part
        self.refresh()

    def refresh(self) -> None:
        """Show what is in force; formats that need no separator hide the card."""
        preview = self._draft.previews.get(self._part) or self._draft.previews.get("interactions")
        dialect = preview.dialect if preview is not None else None
        self.setVisible(dialect is not None and dialect.form != "parquet")
        if dialect is None:
            return
        delimited = dialect.form == "delimited"
        self._form.setRowVisible(self.separator, delimited)
        self.header.setVisible(delimited)
        _choose(self.separator, dialect.separator)
        _choose(self.encoding, dialect.encoding)
        self.header.setChecked(dialect.header)

    def _apply(self) -> None:
        dialect = self._draft.previews[self._part].dialect
        if dialect is not None:
            self._draft.set_dialect(
                self._part,
                replace(
                    dialect,
                    separator=self.separator.currentData(),
                    encoding=self.encoding.currentData(),
                    header=self.header.isChecked(),
                ),
            )


def _choose(box: QComboBox, value: str) -> None:
    """Choose a value, adding it when it is none of the usual ones."""
    if box.findData(value) < 0:
        box.addItem(value, value)
    box.setCurrentIndex(box.findData(value))
