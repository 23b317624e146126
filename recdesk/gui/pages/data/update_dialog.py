"""What a newer file changes of a dataset, before it takes its place."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from recdesk.gui.core_words import core
from recdesk.gui.pages.data.report_card import report_sentences
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.data.importing import ImportResult


class UpdateDialog(QDialog):
    """New and gone users, items and interactions; rows rejected and dropped; then the choice.

    Args:
        title: the dataset's.
        result: what was read.
        runs: how many runs keep the older version.
        stays: what is still kept of people who left; "" for nothing.
    """

    def __init__(self, title: str, result: "ImportResult", runs: int, parent: QWidget, stays: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Update dataset"))
        self.setMinimumWidth(520)
        report = result.dataset.report
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(Text(self.tr("Replace “{title}”?").format(title=title), "card"))
        self.lines: list[Text] = []
        for sentence in _changes(report):
            self._add(layout, core(sentence), "body", "text")
        for tone, sentence in report_sentences({**report, "notes": _other_notes(report)}):
            self._add(layout, sentence, "small", "secondary" if tone == "text" else tone)
        if runs:
            words = self.tr("Runs trained on it keep the older version: {count}.").format(count=runs)
            self._add(layout, words, "small", "secondary")
        if stays:
            self._add(layout, core(stays), "small", "warning")
        buttons = QDialogButtonBox()
        self.replace = buttons.addButton(self.tr("Replace"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.keep = buttons.addButton(self.tr("Keep the old one"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addSpacing(8)
        layout.addWidget(buttons)

    def sentences(self) -> list[str]:
        """What the dialog says."""
        return [line.text() for line in self.lines]

    def _add(self, layout: QVBoxLayout, sentence: str, font: str, tone: str) -> None:
        line = Text(sentence, "small" if font == "small" else "body", tone, wrap=True)
        self.lines.append(line)
        layout.addWidget(line)


def _changes(report: dict[str, object]) -> list[str]:
    from recdesk.data.updating import Changes

    return Changes(**report["changes"]).sentences  # type: ignore[arg-type]


def _other_notes(report: dict[str, object]) -> list[object]:
    said = _changes(report)
    return [note for note in report["notes"] if note not in said]  # type: ignore[attr-defined]
