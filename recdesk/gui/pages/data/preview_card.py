"""The preview of a file as recdesk reads it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPen, QTextCharFormat, QTextLayout, QTextLine
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QStyle, QStyleOptionViewItem, QTableView

from recdesk.core.messages import Message
from recdesk.data.files.csv_records import BLANK_RUN
from recdesk.data.files.dialect import SEPARATED_FORMS
from recdesk.data.files.normalized import LOST
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.pages.data.column_roles import ColumnRoles, RoleHeader, role_titles
from recdesk.gui.pages.data.doubt_row import DoubtRow
from recdesk.gui.pages.data.draft import PARTS, ImportDraft, Part
from recdesk.gui.pages.data.times_row import TimesRow
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.table_style import TableDelegate, style_table
from recdesk.gui.widgets.text import ElidedText, Text, plain_tooltip

if TYPE_CHECKING:
    from recdesk.data.planning import Preview

_Index = QModelIndex | QPersistentModelIndex
_LONGEST, _LONGEST_TIP = 300, 2000
"""Most characters of a cell, and of its tooltip: more would cost time and could not be seen."""
_CONTROL_SYMBOLS = {"\n": "↵", "\r": "", "\t": "⇥", "\0": "␀", "\x1f": "␟"}
_SEPARATOR_SYMBOLS = {"\t": "⇥", " ": "␣", BLANK_RUN: "␣␣"}
_SIGN_ROOM = 8
_ROW_HEIGHT = 26
_WIDEST = 280
_MEASURED = 60
"""Columns that are fitted to their content, and rows that are measured for it."""


class PreviewModel(QAbstractTableModel):
    """Cells as they are in the file."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: list[str] = []
        self._rows: list[list[str]] = []

    def show(self, preview: "Preview") -> None:
        """Show this preview."""
        self.beginResetModel()
        self._columns, self._rows = list(preview.columns), list(preview.rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Rows of the preview."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Columns of the file."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell; a row may be shorter than the header. The tooltip explains undecodable bytes."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rows[index.row()]
        text = str(row[index.column()]) if index.column() < len(row) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        text = text[:_LONGEST_TIP]
        if LOST in text:
            text = self.tr("{text}\nFramed: bytes that do not fit the encoding.").format(text=text)
        return plain_tooltip(text)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section]
        return None


class PreviewDelegate(TableDelegate):
    """Draws the separator faintly after each cell but the last, and a frame around bytes that could not be decoded."""

    def __init__(self, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self._sign = ""

    def set_separator(self, separator: str) -> None:
        """The separator between the cells of a row in the file; "" for none."""
        self._sign = _SEPARATOR_SYMBOLS.get(separator, separator)

    def displayText(self, value: object, _locale: object) -> str:
        """A text with symbols for control characters."""
        return _visible(str(value))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell, the separator behind it, and frames around lost characters."""
        last = index.column() == index.model().columnCount() - 1
        text = str(index.data() or "")
        room = QStyleOptionViewItem(option)
        if self._sign and not last:
            width = option.fontMetrics.horizontalAdvance(self._sign) + _SIGN_ROOM
            room.rect = option.rect.adjusted(0, 0, -width, 0)
            self._paint_sign(
                painter, QRect(option.rect.right() - width, option.rect.top(), width, option.rect.height())
            )
        if LOST in text:
            self._paint_lost(painter, room, _visible(text))
        else:
            super().paint(painter, room, index)

    def _paint_sign(self, painter: QPainter, area: QRect) -> None:
        painter.save()
        painter.setPen(theme.roles().secondary)
        painter.setFont(theme.font("small"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._sign)
        painter.restore()

    def _paint_lost(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        roles = theme.roles()
        area = option.rect.adjusted(6, 0, -4, 0)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        marks = []
        for at, character in enumerate(shown):
            if character == LOST:
                mark = QTextLayout.FormatRange()
                mark.start, mark.length = at, 1
                mark.format = QTextCharFormat()
                mark.format.setForeground(roles.bad)
                marks.append(mark)
        layout = QTextLayout(shown, option.font)
        layout.setFormats(marks)
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        painter.save()
        painter.setClipRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, roles.raised)
        top = area.top() + (area.height() - line.height()) / 2
        painter.setPen(roles.text)
        layout.draw(painter, QPointF(area.left(), top))
        painter.setPen(QPen(roles.bad, 1))
        for mark in marks:
            left, right = (_x(line, at) for at in (mark.start, mark.start + 1))
            painter.drawRect(QRectF(area.left() + left, top, max(right - left, 6.0), line.height() - 1))
        painter.restore()


def _visible(text: str) -> str:
    """A text with signs for what cannot be seen."""
    return "".join(_CONTROL_SYMBOLS.get(character, character) for character in text)


def _x(line: QTextLine, at: int) -> float:
    """Where a character begins."""
    found: object = line.cursorToX(at)  # a tuple (x, position) in PySide6, whatever its stubs say
    return float(found[0] if isinstance(found, tuple) else found)  # type: ignore[arg-type]


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
        style_table(self.table, self.tr("Preview"))
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
            chip = self.chips[part] = Chip("–", tab=True)
            chip.clicked.connect(lambda _checked=False, part=part: self.show_part(part))
            group.addButton(chip)
        self.head.addWidget(Segments(*self.chips.values()))
        self.missing = Text("", "strong", "bad", wrap=True)
        self._facts = ElidedText("", "small", "secondary")
        self._notes = Text("", "small", "secondary", wrap=True)
        self.doubt = DoubtRow(draft)
        self.times = TimesRow(session, draft)
        self.body.addWidget(self.table, 1)
        self.body.setSpacing(6)
        for line in (self.missing, self.doubt, self.times, self._facts, self._notes):
            self.body.addWidget(line)
        self._read: list[str] | None = None
        draft.changed.connect(self.refresh)

    def show_read(self, notes: list[str] | None) -> None:
        """Show notes from reading the whole file instead of those on times from its first rows; None: not read yet."""
        self._read = notes
        if self.part in self._draft.previews:
            self._show_words()

    def show_part(self, part: Part) -> None:
        """Show this file."""
        self.part = part
        self.refresh()
        self.part_changed.emit(self.part)

    def set_fixed(self, fixed: bool) -> None:
        """Make the roles read-only, or editable again."""
        self.header.setSectionsClickable(not fixed)
        self.header.setContextMenuPolicy(
            Qt.ContextMenuPolicy.NoContextMenu if fixed else Qt.ContextMenuPolicy.DefaultContextMenu
        )
        self.times.setEnabled(not fixed)
        self.doubt.setEnabled(not fixed)

    def refresh(self) -> None:
        """Show the previews as they are now."""
        if self.part not in self._draft.previews:
            self.part = "interactions"
        for part, chip in self.chips.items():
            preview = self._draft.previews.get(part)
            chip.setVisible(preview is not None and len(self._draft.previews) > 1)
            chip.setChecked(part == self.part)
            if preview is not None:
                chip.setText(preview.dialect.member.rpartition("/")[2] or preview.path.name)
        preview = self._draft.previews.get(self.part)
        if preview is None:
            return
        self.set_title(self.tr("Preview of {file}").format(file=preview.path.name))
        self.model.show(preview)
        dialect = preview.dialect
        self.delegate.set_separator(dialect.separator if dialect.form in SEPARATED_FORMS else "")
        self.header.set_part(self.part)
        for column in range(min(self.model.columnCount(), _MEASURED)):
            self.table.resizeColumnToContents(column)
            self.table.setColumnWidth(column, min(self.table.columnWidth(column), _WIDEST))
        self.doubt.setVisible(self.part == "interactions" and self.doubt.asks)
        self.times.setVisible(self.part == "interactions" and self.times.has_times)
        self._show_words()

    def _show_words(self) -> None:
        preview = self._draft.previews[self.part]
        names = [role_titles()[role] for role in self._draft.missing()]
        self.missing.setText(self.tr("Choose a column for: {roles}").format(roles=words.listed(names)))
        self.missing.setVisible(bool(names))
        size = QLocale().formattedDataSize(preview.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        rows = translated(Message("count.rows", count=len(preview.rows)))
        facts = [self.tr("the first {rows}").format(rows=rows), size]
        notes = list(preview.notes)
        plan = self._draft.plan
        if self.part == "interactions" and plan is not None and plan.more:
            facts.append(self.tr("the first of {count} files or tables").format(count=1 + len(plan.more)))
        if self.part == "interactions" and plan is not None and self._read is None:
            notes += plan.notes
        if self.part == "interactions" and self._read is not None:
            early = preview.times.notes if preview.times is not None else []
            notes = [*(note for note in notes if note not in early and note not in self._read), *self._read]
        sentences = list(map(translated, notes))
        self._facts.setText(" · ".join(facts))
        self._notes.setText("\n".join(sentences))
        self._notes.setVisible(bool(sentences))

    def _column(self, number: int) -> str:
        return self._draft.previews[self.part].columns[number]

    def _role_chosen(self, number: int, role: str) -> None:
        self.roles.set_role(self.part, self._column(number), role)
