"""The plots of the Train page: those of the recommender, or those of its text encoder."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.pages.train.encoder_accuracy_card import EncoderAccuracyCard
from recdesk.gui.pages.train.encoder_loss_card import EncoderLossCard
from recdesk.gui.pages.train.loss_card import LossCard
from recdesk.gui.pages.train.quality_card import QualityCard
from recdesk.gui.pages.train.steps_line import View
from recdesk.gui.session import Session
from recdesk.monitor.curves import RunCurves


class Plots(QStackedWidget):
    """Two cards over each other, of one step or of another.

    Attributes:
        view: whose curves are shown.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.view: View = "decoder"
        self.loss, self.quality = LossCard(session), QualityCard(session)
        self.encoder_loss, self.encoder_accuracy = EncoderLossCard(session), EncoderAccuracyCard(session)
        self._pages: dict[View, QWidget] = {
            "decoder": _above(self.loss, self.quality),
            "encoder": _above(self.encoder_loss, self.encoder_accuracy),
        }
        for page in self._pages.values():
            self.addWidget(page)

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run: of a run whose encoder is at it, its curves."""
        self.loss.show_run(curves)
        self.quality.show_run(curves)
        self.encoder_loss.show_run(curves.encoder)
        self.encoder_accuracy.show_run(curves.encoder)
        self.show_view("encoder" if curves.method.stage == "encoder" else "decoder")

    def show_view(self, view: View) -> None:
        """Show the curves of a step."""
        self.view = view
        self.setCurrentWidget(self._pages[view])
        self.refresh()

    def refresh(self) -> None:
        """Draw what has come."""
        if self.view == "encoder":
            self.encoder_loss.plot.refresh()
            self.encoder_accuracy.refresh()
        else:
            self.loss.plot.refresh()
            self.quality.refresh()


def _above(upper: QWidget, lower: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.GAP)
    column.addWidget(upper, 5)
    column.addWidget(lower, 4)
    return page
