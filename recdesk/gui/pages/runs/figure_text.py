"""Figures with their intervals and raised footnote numbers as text, and where notes are read."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from recdesk.evaluation.figures import Figure, gain_of
from recdesk.gui import theme
from recdesk.gui.messages import translated

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_GAINS = {"ndcg": "NDCG", "recall": "Recall", "mrr": "MRR"}


class Footnotes:
    """Numbers notes in the order of their first use."""

    def __init__(self) -> None:
        self._notes: dict[str, int] = {}

    def marks(self, notes: Iterable[str]) -> str:
        """The numbers of notes, raised, such as "¹ ²"; "" for none."""
        return " ".join(_raised(self._notes.setdefault(note, len(self._notes) + 1)) for note in notes)

    def text(self) -> str:
        """A line for each note."""
        return "\n".join(f"{_raised(number)} {translated(note)}" for note, number in self._notes.items())


def _raised(number: int) -> str:
    return "".join(_RAISED[int(digit)] for digit in str(number))


class Notes(QPlainTextEdit):
    """Sentences to read and copy, which scroll where they are many; hidden while there are none."""

    def __init__(self, name: str, height: int = 74) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setFont(theme.font("small"))
        self.setAccessibleName(name)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def say(self, *sentences: str) -> None:
        """Show these, a line each; empty ones are left out."""
        self.setPlainText("\n".join(filter(None, sentences)))
        self.setVisible(bool(self.toPlainText()))


def figure_text(figure: Figure | None, footnotes: Footnotes) -> str:
    """Such as "0.0401 (0.032–0.050)¹"; a dash for no figure."""
    if figure is None:
        return "–"
    digits = 4 if abs(figure.value) < 10 else 1
    text, less = f"{figure.value:.{digits}f}", max(digits - 1, 1)
    if figure.low is not None and figure.high is not None:
        text += f" ({figure.low:.{less}f}–{figure.high:.{less}f})"
    return text + footnotes.marks(figure.notes)


def figure_title(name: str) -> str:
    """Title of a metric."""

    translate = QCoreApplication.translate
    of_lists = {
        "coverage@10": translate("FigureTitles", "Coverage"),
        "gini@10": translate("FigureTitles", "Concentration (Gini)"),
        "novelty@10": translate("FigureTitles", "Novelty (bits)"),
        "popularity@10": translate("FigureTitles", "Popularity of what is shown"),
        "popularity lift@10": translate("FigureTitles", "Popularity bias"),
        "diversity@10": translate("FigureTitles", "Diversity within a list"),
        "calibration@10": translate("FigureTitles", "Miscalibration of categories"),
        "future@10": translate("FigureTitles", "Items not there yet"),
        "debiased ndcg@10": translate("FigureTitles", "Debiased NDCG@10"),
        "accuracy@1": "Accuracy@1",
    }
    if name in of_lists:
        return of_lists[name]
    gain, cutoff = gain_of(name)
    return f"{_GAINS[gain]}@{cutoff}"


def figure_meaning(name: str) -> str:
    """What a metric of the lists means; "" for those that are the field's own."""

    translate = QCoreApplication.translate
    return {
        "coverage@10": translate("FigureTitles", "Share of the catalogue that is shown to at least one person."),
        "gini@10": translate("FigureTitles", "0: all items are shown equally often; 1: one takes all places."),
        "novelty@10": translate("FigureTitles", "Mean self-information of what is shown: less popular is more."),
        "popularity@10": translate("FigureTitles", "Mean number of training interactions of an item that is shown."),
        "popularity lift@10": translate("FigureTitles", "How much more popular than their own history lists are."),
        "diversity@10": translate("FigureTitles", "Mean distance of a list's items: 0 alike, 1 nothing in common."),
        "calibration@10": translate("FigureTitles", "How far its categories are from the history's: 0 the same (KL)."),
        "future@10": translate("FigureTitles", "Share of a list that nobody had taken yet at that time."),
        "debiased ndcg@10": translate("FigureTitles", "NDCG@10 in which unpopular held-out items count more."),
    }.get(name, "")
