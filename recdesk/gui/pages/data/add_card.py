"""Where data comes in: drop, open, the built-in example, files of lately."""

from itertools import islice
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from recdesk.data.files.compression import ENDINGS, PACKED_ENDINGS
from recdesk.gui import resources, theme
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.data.recent_button import RecentButton
from recdesk.gui.session import Session
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.drop_zone import DropZone
from recdesk.gui.widgets.primary_button import PrimaryButton
from recdesk.gui.widgets.text import Text

_RECENT = 4
_PATTERNS = " ".join(f"*{ending}" for ending in (*ENDINGS, *PACKED_ENDINGS))


class AddCard(Card):
    """Ways to add data.

    Signals:
        chosen: files or folders to import (a list of paths).
        example: the built-in example in "en" or "zh".
    """

    chosen = Signal(list)
    example = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Add data"))
        self._session = session
        self.zone = DropZone(self.tr("Drop files here"))
        self.zone.dropped.connect(self.chosen)
        self._fill_zone()
        self.body.addWidget(self.zone)
        self.body.addSpacing(4)
        self.body.addWidget(Text(self.tr("Built-in example (synthetic)"), "small", "secondary"))
        examples = QHBoxLayout()
        examples.setSpacing(8)
        self.english = self._button(self.tr("English"), lambda: self.example.emit("en"))
        self.chinese = self._button("中文", lambda: self.example.emit("zh"))
        examples.addWidget(self.english)
        examples.addWidget(self.chinese)
        self.body.addLayout(examples)
        self._recent_title = Text(self.tr("Recent files"), "small", "secondary")
        self.body.addSpacing(4)
        self.body.addWidget(self._recent_title)
        self._recent_title.hide()
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        self.body.addLayout(self._recent)
        self.body.addStretch(1)
        self.refresh()

    def refresh(self) -> None:
        """Show the files of lately that are still there; a job looks, as the drive that they are on may be slow."""
        imports = self._session.preferences.recent_imports

        def work(_context: JobContext) -> list[tuple[Path, ...]]:
            there = (paths for paths in imports if all(path.exists() for path in paths))
            return list(islice(there, _RECENT))

        self._session.jobs.run(
            self.tr("Looking for recent files"), work, self._show_recent, visible=False, replaces="data.recent"
        )

    def _show_recent(self, imports: list[tuple[Path, ...]]) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._recent_title.setVisible(bool(imports))
        for paths in imports:
            button = RecentButton(paths)
            button.clicked.connect(lambda _checked=False, paths=paths: self.chosen.emit(list(paths)))
            self._recent.addWidget(button)

    def ask_for_files(self) -> None:
        """Let the person choose files."""
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Open interactions (and items)"),
            "",
            self.tr("Data files ({patterns})").format(patterns=_PATTERNS) + ";;" + self.tr("All files (*)"),
        )
        if names:
            self.chosen.emit([Path(name) for name in names])

    def set_busy(self, busy: bool) -> None:
        """Take nothing while something is being added."""
        for widget in (self.zone, self.english, self.chinese):
            widget.setEnabled(not busy)

    def _fill_zone(self) -> None:
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.theme().changed.connect(self._colour)
        self._colour()
        words = Text(self.tr("Drop ratings and items here"), "strong", wrap=True)
        more = Text(
            self.tr("CSV and the like, Excel, Parquet, JSON, SQLite, DuckDB, also zipped; or a folder"),
            "small",
            "secondary",
            wrap=True,
        )
        self.zone.body.addStretch(1)
        for part in (self._icon, words, more):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.zone.body.addWidget(part)
        self.open_button = PrimaryButton(self.tr("Open file…"))
        self.open_button.setAccessibleName(self.open_button.text())
        self.open_button.clicked.connect(self.ask_for_files)
        self.zone.body.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.zone.body.addStretch(1)

    def _colour(self) -> None:
        self._icon.setPixmap(resources.pixmap("drop", theme.roles().secondary, 28))

    def _button(self, text: str, callback: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.clicked.connect(callback)
        return button
