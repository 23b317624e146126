"""The glossary: each term of the window in a sentence or two, found by what is typed."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.text import Paragraph, Text

_WIDTH, _HEIGHT = 620, 560


def terms() -> list[tuple[str, str]]:
    """Terms with their meaning, in the order of a first reading: data, training, figures, recommending."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Glossary", text)

    return [
        (tr("Interaction"), tr("One thing that one person did with one item: bought, watched, read or rated it.")),
        (tr("History"), tr("All interactions of a person in the order of time. It is what a model reads.")),
        (tr("Item"), tr("What is recommended: a film, a product, an article.")),
        (tr("Split"), tr("Which interactions are held out of training, so that the model can be measured on them.")),
        (tr("Held-out item"), tr("What a person took next and the model has not seen: it should stand high.")),
        (tr("Leakage"), tr("Training on what would not have been known yet. It makes figures too good.")),
        (tr("Encoder"), tr("A BERT that turns texts into vectors.")),
        (tr("Decoder"), tr("A BERT over histories that predicts the next item.")),
        (tr("Vector"), tr("Numbers that stand for an item or a person; what is alike has vectors that are close.")),
        (tr("Epoch"), tr("One pass over all training data.")),
        (tr("Step"), tr("One change of the weights, after a few thousand interactions.")),
        (tr("Loss"), tr("How far predictions are from what happened; training makes it smaller.")),
        (tr("Validation"), tr("Measuring during training, on items held out for that. It decides when to stop.")),
        (tr("Patience"), tr("How many evaluations without improvement are waited for before training ends.")),
        (tr("Overfitting"), tr("Learning by heart: the training loss falls while the validation loss rises.")),
        (tr("Dropout"), tr("Leaving out random numbers in training, against overfitting.")),
        (tr("Learning rate"), tr("How far each step changes the weights.")),
        (tr("Negatives"), tr("Items that the right one is compared with in a step.")),
        (tr("Checkpoint"), tr("A copy of the model on disk. A run that is interrupted goes on from the last one.")),
        (
            tr("NDCG@10"),
            tr("From 0 to 1: how high the held-out item stands among the first ten. The first place counts most."),
        ),
        (tr("Recall@10"), tr("The share of people whose held-out item is among the first ten.")),
        (tr("MRR"), tr("The mean of one divided by the place of the held-out item.")),
        (tr("Coverage"), tr("The share of the catalogue that is recommended to anybody.")),
        (tr("Novelty"), tr("How seldom the recommended items are taken in all.")),
        (
            tr("Confidence interval"),
            tr("The range in which a figure would lie for other people like these, 95 times of 100."),
        ),
        (tr("Baseline"), tr("A simple recommender, such as the most popular items, that a model should beat.")),
        (tr("EASE"), tr("A linear baseline over items; it is hard to beat on dense data.")),
        (tr("Score"), tr("A number by which a model orders items; only differences within one list mean something.")),
        (tr("Top-N"), tr("The N items with the highest scores, usually without those already seen.")),
        (tr("Study"), tr("A search for good settings: several short runs, called trials.")),
        (tr("Workspace"), tr("The folder in which recdesk keeps datasets and runs.")),
        (tr("Pseudonym"), tr("A made-up id that stands for a person's own; only the key leads back to it.")),
    ]


class GlossaryDialog(QDialog):
    """The terms, filtered by what is typed.

    Attributes:
        field: what to look for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Glossary"))
        self.resize(_WIDTH, _HEIGHT)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find a term"))
        self.field.setAccessibleName(self.tr("Find a term"))
        self.field.textChanged.connect(self._filter)
        self._nothing = Text(self.tr("No term has these letters."), "body", "secondary")
        self._entries: list[tuple[str, QWidget]] = []
        content = QWidget()
        column = QVBoxLayout(content)
        column.setSpacing(theme.GAP)
        for term, meaning in terms():
            column.addWidget(self._entry(term, meaning))
        column.addWidget(self._nothing)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(area)
        self._filter("")

    def shown(self) -> list[str]:
        """Terms in the list."""
        return [entry.accessibleName() for _text, entry in self._entries if not entry.isHidden()]

    def _entry(self, term: str, meaning: str) -> QWidget:
        entry = QWidget()
        entry.setAccessibleName(term)
        entry.setAccessibleDescription(meaning)
        column = QVBoxLayout(entry)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Text(term, "strong"))
        column.addWidget(Paragraph(meaning, "body", "secondary"))
        self._entries.append((f"{term} {meaning}".casefold(), entry))
        return entry

    def _filter(self, typed: str) -> None:
        wanted = typed.casefold().split()
        for text, entry in self._entries:
            entry.setVisible(all(word in text for word in wanted))
        self._nothing.setVisible(not self.shown())
