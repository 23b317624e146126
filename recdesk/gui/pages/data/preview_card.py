"""What the file looks like as recdesk reads it."""

from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QTableView

from recdesk.gui.core_words import core
from recdesk.gui.pages.data.draft import ImportDraft, Part, role_titles
from recdesk.gui.pages.data.preview_model import PreviewModel
from recdesk.gui.pages.data.role_header import RoleHeader
from recdesk.gui.widgets.calm_table import calm
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text

_ROW_HEIGHT = 26


class PreviewCard(Card):
    """The first rows, with the role of each column on its head; one chip a file."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Preview"))
        self._draft = draft
        self.part: Part = "interactions"
        self.model = PreviewModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.header = RoleHeader(self._role_of, role_titles(), ("",), self.table)
        self.table.setHorizontalHeader(self.header)
        calm(self.table, self.tr("Preview"))
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.table.setMinimumHeight(54 + 5 * _ROW_HEIGHT)
        self.header.role_chosen.connect(self._role_chosen)
        self.chips: dict[Part, Chip] = {}
        group = QButtonGroup(self)
        for part in ("interactions", "items"):
            chip = self.chips[part] = Chip("", checkable=True)
            chip.setAccessibleName(self.tr("Preview"))
            chip.clicked.connect(lambda _checked=False, part=part: self.show_part(part))
            group.addButton(chip)
            self.head.addWidget(chip)
        self._notes = Text("", "small", "secondary", wrap=True)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._notes)
        draft.changed.connect(self.refresh)

    def show_part(self, part: Part) -> None:
        """Show this file."""
        self.part = part
        self.refresh()

    def set_fixed(self, fixed: bool) -> None:
        """Let the roles be looked at only."""
        self.header.setSectionsClickable(not fixed)
        self.header.setContextMenuPolicy(
            Qt.ContextMenuPolicy.NoContextMenu if fixed else Qt.ContextMenuPolicy.DefaultContextMenu
        )

    def refresh(self) -> None:
        """Show the previews as they are now."""
        if self.part not in self._draft.previews:
            self.part = "interactions"
        for part, chip in self.chips.items():
            preview = self._draft.previews.get(part)
            chip.setVisible(preview is not None and len(self._draft.previews) > 1)
            chip.setChecked(part == self.part)
            if preview is not None:
                chip.setText(Path(preview.path).name)
        preview = self._draft.previews.get(self.part)
        if preview is None:
            return
        self.header.set_choices((*self._draft.roles_of(self.part), ""))
        self.set_title(self.tr("Preview of {file}").format(file=Path(preview.path).name))
        self.model.show(preview)
        self.table.resizeColumnsToContents()
        rows = self.tr("the first {count} rows").format(count=len(preview.rows))
        size = QLocale().formattedDataSize(preview.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        self._notes.setText("\n".join([f"{rows} · {size}", *map(core, preview.notes)]))

    def _column(self, number: int) -> str:
        return self._draft.previews[self.part].columns[number]

    def _role_of(self, number: int) -> str:
        return self._draft.column_role(self.part, self._column(number))

    def _role_chosen(self, number: int, role: str) -> None:
        self._draft.set_column_role(self.part, self._column(number), role)
