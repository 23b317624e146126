"""What else there is to say of the chosen dataset: what its import did, or its shape; one of them at a time."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from recdesk.gui.pages.data.health_card import HealthCard
from recdesk.gui.pages.data.report_card import ReportCard
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip


class Details(QWidget):
    """Shows one of two cards; chips in the head of each lead to the other where both have something to say."""

    def __init__(self, report: ReportCard, health: HealthCard) -> None:
        super().__init__()
        self._report, self._health = report, health
        self._wanted: Card = report
        self.chips: dict[str, list[Chip]] = {"report": [], "shape": []}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for card in (report, health):
            layout.addWidget(card)
            for name, title, target in (("report", self.tr("Import"), report), ("shape", self.tr("Shape"), health)):
                chip = Chip(title, checkable=True)
                chip.clicked.connect(lambda _checked=False, target=target: self.show_card(target))
                chip.setChecked(target is card)
                self.chips[name].append(chip)
                card.head.addWidget(chip)
        report.changed.connect(self.refresh)
        health.changed.connect(self.refresh)
        self.refresh()

    def show_card(self, card: Card) -> None:
        """Show this one."""
        self._wanted = card
        self.refresh()

    def refresh(self) -> None:
        """Show what there is."""
        filled = [card for card in (self._report, self._health) if card.filled]
        shown = self._wanted if self._wanted in filled else next(iter(filled), None)
        for at, card in enumerate((self._report, self._health)):
            card.setVisible(card is shown)
            for name, target in (("report", self._report), ("shape", self._health)):
                self.chips[name][at].setChecked(target is card)
                self.chips[name][at].setVisible(len(filled) > 1)
        self.setVisible(shown is not None)
