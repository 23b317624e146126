"""What the file looks like as recdesk reads it."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QTableView

from recdesk.data.files.dialect import SESSION_FORMS
from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.pages.data.columns import ColumnRoles, role_titles
from recdesk.gui.pages.data.draft import PARTS, ImportDraft, Part
from recdesk.gui.pages.data.preview_delegate import PreviewDelegate
from recdesk.gui.pages.data.preview_model import PreviewModel
from recdesk.gui.pages.data.role_header import RoleHeader
from recdesk.gui.pages.data.times_row import TimesRow
from recdesk.gui.session import Session
from recdesk.gui.widgets.calm_table import calm
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import ElidedText, Text

_ROW_HEIGHT = 26
_WIDEST = 280
_MEASURED = 60
"""Columns whose width follows what is in them, and rows that are looked at for it."""


class PreviewCard(Card):
    """The first rows, with the role of each column on its head; one chip a file; how times are read.

    Signals:
        part_changed: another file is shown.
    """

    part_changed = Signal(str)

    def __init__(self, session: Session, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Preview"))
        self._draft = draft
        self.part: Part = "interactions"
        self.roles = ColumnRoles(draft)
        self.model = PreviewModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.header = RoleHeader(self.roles, self.table)
        self.table.setHorizontalHeader(self.header)
        calm(self.table, self.tr("Preview"))
        self.header.setAccessibleName(self.tr("Columns"))
        self.header.setResizeContentsPrecision(_MEASURED)
        self.delegate = PreviewDelegate(self.table)
        self.table.setItemDelegate(self.delegate)
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.table.setMinimumHeight(54 + 4 * _ROW_HEIGHT)
        self.header.role_chosen.connect(self._role_chosen)
        self.chips: dict[Part, Chip] = {}
        group = QButtonGroup(self)
        for part in PARTS:
            chip = self.chips[part] = Chip("–", checkable=True)
            chip.clicked.connect(lambda _checked=False, part=part: self.show_part(part))
            group.addButton(chip)
            self.head.addWidget(chip)
        self.missing = Text("", "strong", "bad", wrap=True)
        self._facts = ElidedText("", "small", "secondary")
        self._notes = Text("", "small", "secondary", wrap=True)
        self.times = TimesRow(session, draft)
        self.body.addWidget(self.table, 1)
        self.body.setSpacing(6)
        for line in (self.missing, self.times, self._facts, self._notes):
            self.body.addWidget(line)
        self._read: list[str] | None = None
        draft.changed.connect(self.refresh)

    def show_read(self, notes: list[str] | None) -> None:
        """What reading the whole file found takes the place of what its beginning told of times; None: not read."""
        self._read = notes
        if self.part in self._draft.previews:
            self._show_words()

    def show_part(self, part: Part) -> None:
        """Show this file."""
        self.part = part
        self.refresh()
        self.part_changed.emit(self.part)

    def set_fixed(self, fixed: bool) -> None:
        """Let the roles be looked at only."""
        self.header.setSectionsClickable(not fixed)
        self.header.setContextMenuPolicy(
            Qt.ContextMenuPolicy.NoContextMenu if fixed else Qt.ContextMenuPolicy.DefaultContextMenu
        )
        self.times.setEnabled(not fixed)

    def refresh(self) -> None:
        """Show the previews as they are now."""
        if self.part not in self._draft.previews:
            self.part = "interactions"
        for part, chip in self.chips.items():
            look = self._draft.previews.get(part)
            chip.setVisible(look is not None and len(self._draft.previews) > 1)
            chip.setChecked(part == self.part)
            if look is not None:
                chip.setText(look.dialect.member.rpartition("/")[2] or look.path.name)
        preview = self._draft.previews.get(self.part)
        if preview is None:
            return
        self.set_title(self.tr("Preview of {file}").format(file=preview.path.name))
        self.model.show(preview)
        dialect = preview.dialect
        self.delegate.set_separator(dialect.separator if dialect.form in ("delimited", *SESSION_FORMS) else "")
        self.header.set_part(self.part)
        for column in range(min(self.model.columnCount(), _MEASURED)):
            self.table.resizeColumnToContents(column)
            self.table.setColumnWidth(column, min(self.table.columnWidth(column), _WIDEST))
        self.times.setVisible(self.part == "interactions" and self.times.has_times)
        self._show_words()

    def _show_words(self) -> None:
        preview = self._draft.previews[self.part]
        names = [role_titles()[role] for role in self._draft.missing()]
        self.missing.setText(self.tr("Choose a column for: {roles}").format(roles=words.listed(names)))
        self.missing.setVisible(bool(names))
        size = QLocale().formattedDataSize(preview.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        facts = [self.tr("the first {count} rows").format(count=len(preview.rows)), size]
        notes = list(preview.notes)
        if self.part == "interactions" and self._read is not None:
            early = preview.times.notes if preview.times is not None else []
            notes = [*(note for note in notes if note not in early), *self._read]
        told = list(map(core, notes))
        self._facts.setText(" · ".join(facts))
        self._notes.setText("\n".join(told))
        self._notes.setVisible(bool(told))

    def _column(self, number: int) -> str:
        return self._draft.previews[self.part].columns[number]

    def _role_chosen(self, number: int, role: str) -> None:
        self.roles.set_role(self.part, self._column(number), role)
