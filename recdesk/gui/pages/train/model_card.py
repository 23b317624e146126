"""Choice of the kind of model to train."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.cards import Card
from recdesk.training.config import DEFAULT_KIND, KINDS


class ModelCard(Card):
    """A choice for each kind of model: what it is for, then its name.

    Signals:
        chosen: the kind that was chosen.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Model"))
        words = {
            "bert-causal": self.tr("Next item, best per minute"),
            "bert4rec": self.tr("Masked items, the classic"),
            "hybrid": self.tr("Texts and ids, where texts exist"),
            "text-bert": self.tr("Texts alone, for new items"),
            "two-tower": self.tr("A text BERT, to compare"),
        }
        self._group = QButtonGroup(self)
        self.choices: dict[str, ModelChoice] = {}
        for kind in KINDS:
            choice = self.choices[kind] = ModelChoice(words.get(kind, kind), kind)
            choice.setChecked(kind == DEFAULT_KIND)
            choice.clicked.connect(lambda _checked=False, kind=kind: self.chosen.emit(kind))
            self._group.addButton(choice)
            self.body.addWidget(choice)

    def kind(self) -> str:
        """The chosen kind."""
        return next(kind for kind, choice in self.choices.items() if choice.isChecked())

    def choose(self, kind: str) -> None:
        """Choose a kind."""
        self.choices[kind].setChecked(True)


class ModelChoice(QAbstractButton):
    """A framed title with a second line; frame, bar and background mark the chosen one."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(180, 48)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame and both lines."""
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isChecked()
        painter.setPen(QPen(roles.accent if lit else roles.line, 1))
        painter.setBrush(roles.raised if self.isChecked() else roles.card)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        if self.isChecked():
            painter.setPen(QPen(roles.accent, 3))
            painter.drawLine(2, 12, 2, self.height() - 12)
        enabled = self.isEnabled()
        painter.setPen(roles.text if enabled else roles.secondary)
        painter.setFont(theme.font("strong"))
        painter.drawText(self.rect().adjusted(14, 6, -8, -24), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setPen(roles.secondary)
        painter.setFont(theme.font("small"))
        words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width() - 24)
        painter.drawText(self.rect().adjusted(14, 24, -8, -5), Qt.AlignmentFlag.AlignVCenter, words)
