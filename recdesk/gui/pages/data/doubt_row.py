"""The question which of two readings of the columns is right, with a button for each."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.messages import translated
from recdesk.gui.pages.data.column_roles import role_titles
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.data.columns.guess import Doubt, Reading


class DoubtRow(QWidget):
    """The first doubt that is open: its question, and the readings with their evidence; gone once it is answered."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self._draft = draft
        self._shown: Doubt | None = None
        self.question = Text("", "strong", "warning", wrap=True)
        self.answers: list[Chip] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 4, 0, 0)
        self._rows.setSpacing(theme.GAP // 2)
        self._rows.addWidget(self.question)
        self._lines: list[QWidget] = []
        self.hide()
        draft.changed.connect(self.refresh)

    @property
    def asks(self) -> bool:
        """Whether a doubt is open."""
        return self._shown is not None

    def refresh(self) -> None:
        """Show the doubt that is open now."""
        doubt = next(iter(self._draft.open_doubts()), None)
        if doubt is self._shown:
            return
        self._shown = doubt
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines, self.answers = [], []
        if doubt is not None:
            titles = role_titles()
            roles = " / ".join(titles[role] for role in doubt.readings[0].columns)
            self.question.setText(self.tr("Not sure which column is which ({roles}). Choose:").format(roles=roles))
            for reading in doubt.readings:
                self._add(reading, titles)

    def _add(self, reading: "Reading", titles: dict[str, str]) -> None:
        said = ", ".join(f"{titles[role]}: {column}" for role, column in reading.columns.items())
        chip = Chip(said)
        chip.clicked.connect(lambda: self._draft.change(**reading.columns))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(chip)
        row.addWidget(Text(translated(reading.evidence), "small", "secondary", wrap=True), 1)
        self._rows.addWidget(line)
        self._lines.append(line)
        self.answers.append(chip)
