"""Ways to add data: drop or open files, the built-in example, recent files."""

from itertools import islice
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from recdesk.data.files.compression import ENDINGS, PACKED_ENDINGS
from recdesk.gui import resources, theme
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import PrimaryButton
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.files import DropZone
from recdesk.gui.widgets.text import Text, plain_tooltip

_RECENT = 4
_PATTERNS = " ".join(f"*{ending}" for ending in (*ENDINGS, *PACKED_ENDINGS))


class RecentButton(QAbstractButton):
    """Files of one recent import, by name and folder; the folder is elided first."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        super().__init__()
        self.paths = paths
        names = " + ".join(path.name for path in paths)
        self.setText(f"{names} · {paths[0].parent.name}")
        self.setToolTip(plain_tooltip("\n".join(str(path) for path in paths)))
        self.setAccessibleName(self.text())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One row, as wide as there is room."""
        return QSize(120, 30)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw icon and text."""
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.setPen(QPen(roles.line, 1))
            painter.setBrush(roles.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.drawPixmap(6, (self.height() - 16) // 2, resources.pixmap("file", roles.secondary))
        painter.setPen(roles.text if self.isEnabled() else roles.secondary)
        area = self.rect().adjusted(30, 0, -8, 0)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)


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
        """List recent files that still exist; a job checks, as their drive may be slow."""
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
        """Ask for files with a dialog."""
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Open interactions (and items)"),
            "",
            self.tr("Data files ({patterns})").format(patterns=_PATTERNS) + ";;" + self.tr("All files (*)"),
        )
        if names:
            self.chosen.emit([Path(name) for name in names])

    def set_busy(self, busy: bool) -> None:
        """Disable all inputs while something is being added."""
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
