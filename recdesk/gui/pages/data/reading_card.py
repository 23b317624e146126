"""How the files are read: separator, head, encoding."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout

from recdesk.gui.pages.data.draft import ImportDraft, Part
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text

ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "latin-1")
_SEPARATORS = (",", "\t", ";", "|", " ", "::")


class ReadingCard(Card):
    """What was guessed of the file that the preview shows, to be corrected."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Reading"))
        self._draft = draft
        self._part: Part = "interactions"
        self.separator = QComboBox()
        names = (
            self.tr("comma"),
            self.tr("tab"),
            self.tr("semicolon"),
            self.tr("bar"),
            self.tr("blank"),
            "::",
        )
        for name, separator in zip(names, _SEPARATORS, strict=True):
            self.separator.addItem(name, separator)
        self.encoding = QComboBox()
        for encoding in ENCODINGS:
            self.encoding.addItem(encoding.upper(), encoding)
        self.header = QCheckBox(self.tr("The first line names the columns"))
        self.header.setAccessibleName(self.header.text())
        self._guess = Chip(self.tr("Guess again"))
        self.head.addWidget(self._guess)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        for label, box in ((self.tr("Separator"), self.separator), (self.tr("Encoding"), self.encoding)):
            box.setAccessibleName(label)
            box.activated.connect(self._apply)
            form.addRow(Text(label, "body", "secondary"), box)
        form.addRow(self.header)
        self.body.addLayout(form)
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
        self.setVisible(dialect is not None)
        if dialect is not None:
            _choose(self.separator, dialect.delimiter)
            _choose(self.encoding, dialect.encoding)
            self.header.setChecked(dialect.header)

    def _apply(self) -> None:
        dialect = self._draft.previews[self._part].dialect
        if dialect is not None:
            self._draft.set_dialect(
                self._part,
                replace(
                    dialect,
                    delimiter=self.separator.currentData(),
                    encoding=self.encoding.currentData(),
                    header=self.header.isChecked(),
                ),
            )


def _choose(box: QComboBox, value: str) -> None:
    """Choose a value, adding it when it is none of the usual ones."""
    if box.findData(value) < 0:
        box.addItem(value, value)
    box.setCurrentIndex(box.findData(value))
