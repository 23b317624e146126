"""The glossary: each term of the window in a sentence or two, found by what is typed."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.text import Paragraph, Text

_WIDTH, _HEIGHT = 620, 560


class Glossary(QObject):
    """The terms in the language of the window."""

    def terms(self) -> list[tuple[str, str]]:
        """Terms with their meaning, in the order of a first reading: data, training, figures, recommending."""
        return [
            (
                self.tr("Interaction"),
                self.tr("One thing that one person did with one item: bought, watched, read or rated it."),
            ),
            (
                self.tr("History"),
                self.tr("All interactions of a person in the order of time. It is what a model reads."),
            ),
            (self.tr("Item"), self.tr("What is recommended: a film, a product, an article.")),
            (
                self.tr("Split"),
                self.tr("Which interactions are held out of training, so that the model can be measured on them."),
            ),
            (
                self.tr("Held-out item"),
                self.tr("What a person took next and the model has not seen: it should stand high."),
            ),
            (
                self.tr("Leakage"),
                self.tr("Training on what would not have been known yet. It makes figures too good."),
            ),
            (self.tr("Encoder"), self.tr("A BERT that turns texts into vectors.")),
            (self.tr("Decoder"), self.tr("A BERT over histories that predicts the next item.")),
            (
                self.tr("Vector"),
                self.tr("Numbers that stand for an item or a person; what is alike has vectors that are close."),
            ),
            (self.tr("Epoch"), self.tr("One pass over all training data.")),
            (
                self.tr("Step"),
                self.tr("One change of the weights, after a few thousand interactions."),
            ),
            (
                self.tr("Loss"),
                self.tr("How far predictions are from what happened; training makes it smaller."),
            ),
            (
                self.tr("Validation"),
                self.tr("Measuring during training, on items held out for that. It decides when to stop."),
            ),
            (
                self.tr("Patience"),
                self.tr("How many evaluations without improvement are waited for before training ends."),
            ),
            (
                self.tr("Overfitting"),
                self.tr("Learning by heart: the training loss falls while the validation loss rises."),
            ),
            (
                self.tr("Dropout"),
                self.tr("Leaving out random numbers in training, against overfitting."),
            ),
            (self.tr("Learning rate"), self.tr("How far each step changes the weights.")),
            (
                self.tr("Negatives"),
                self.tr("Items that the right one is compared with in a step."),
            ),
            (
                self.tr("Checkpoint"),
                self.tr("A copy of the model on disk. A run that is interrupted goes on from the last one."),
            ),
            (
                self.tr("NDCG@10"),
                self.tr(
                    "From 0 to 1: how high the held-out item stands among the first ten. The first place counts most."
                ),
            ),
            (
                self.tr("Recall@10"),
                self.tr("The share of people whose held-out item is among the first ten."),
            ),
            (
                self.tr("MRR"),
                self.tr("The mean of one divided by the place of the held-out item."),
            ),
            (
                self.tr("Coverage"),
                self.tr("The share of the catalogue that is recommended to anybody."),
            ),
            (self.tr("Novelty"), self.tr("How seldom the recommended items are taken in all.")),
            (
                self.tr("Confidence interval"),
                self.tr("The range in which a figure would lie for other people like these, 95 times of 100."),
            ),
            (
                self.tr("Baseline"),
                self.tr("A simple recommender, such as the most popular items, that a model should beat."),
            ),
            (
                self.tr("Most popular"),
                self.tr("A baseline: what most people took, the same for everybody."),
            ),
            (
                self.tr("Last item"),
                self.tr("A baseline: what others took right after the item that a person took last."),
            ),
            (
                self.tr("Item-kNN"),
                self.tr("A baseline: items taken by the same people as those of the history."),
            ),
            (
                self.tr("EASE"),
                self.tr("A linear baseline over items; it is hard to beat on dense data."),
            ),
            (
                self.tr("Rank"),
                self.tr("The place of an item among all that may be recommended; the first is the best."),
            ),
            (
                self.tr("p value"),
                self.tr(
                    "How often chance alone would make a difference as large; below 0.05 it is called a clear one."
                ),
            ),
            (
                self.tr("Score"),
                self.tr("A number by which a model orders items; only differences within one list mean something."),
            ),
            (
                self.tr("Top-N"),
                self.tr("The N items with the highest scores, usually without those already seen."),
            ),
            (
                self.tr("Study"),
                self.tr("A search for good settings: several short runs, called trials."),
            ),
            (
                self.tr("Workspace"),
                self.tr("The folder in which recdesk keeps datasets and runs."),
            ),
            (
                self.tr("Pseudonym"),
                self.tr("A made-up id that stands for a person's own; only the key leads back to it."),
            ),
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
        for term, meaning in Glossary().terms():
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
