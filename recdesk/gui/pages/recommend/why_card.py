"""Why an item is recommended."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from recdesk.core.messages import Message
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.buttons import LinkButton
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.tables import ArrayTable, Column, ScoreBarDelegate
from recdesk.gui.widgets.text import Paragraph, Text, plain_tooltip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from recdesk.recommend.explanations import Explanation, Reason, SmallestSet
    from recdesk.recommend.words import WordEffects

_BARS, _MORE = 3, 6
"""Rows in sight, and when all are asked for."""
_ROOMY = 800
"""Height of a window with room for a further line; in lower ones it unfolds with all reasons."""
_LONGEST_NAME, _LONGEST_IN_TOOLTIP = 60, 400
"""Characters of a title in the sentence, and in its tooltip."""


class WhyCard(Card):
    """Explains a recommendation by what its score and rank are when each item of the history is left out: a sentence,
    the items that carry it most, and all of them where asked for; of models over texts also the words.

    Signals:
        words_requested: find the words that carry what is shown.
    """

    words_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._reasons: Sequence[Reason] = ()
        self._rank = 0
        self._words: WordEffects | None = None
        self._words_note = ""
        self._further = ""
        self.sentence = Paragraph("", "strong")
        self.body.setSpacing(6)  # Chinese letters stand higher: with more the page would scroll in a window of 720
        self.body.addWidget(self.sentence)
        self.more = Paragraph("", "small", "secondary")
        self.more.hide()
        self.body.addWidget(self.more)
        self.table = ArrayTable(self.tr("What each item of the history does for it"), sortable=False)
        self.table.make_dense()
        self.table.horizontalHeader().hide()
        self._bars = ScoreBarDelegate(self.table)
        self.body.addWidget(self.table)
        self.body.addLayout(self._foot())
        self.body.addStretch(0)
        self.clear("")

    def clear(self, sentence: str) -> None:
        """Show a sentence and no table."""
        self.setAccessibleName(self.tr("Why"))
        self.sentence.setText(sentence)
        self.sentence.setToolTip("")
        self.more.hide()
        self._reasons = ()
        self._words = None
        self.all.setChecked(False)
        self.words.setChecked(False)
        self._list()

    def code(self, row: int) -> int:
        """Code of the item of a row; 0 for the wish in words."""
        return self._reasons[row].code if 0 <= row < len(self._reasons) and not self.words.isChecked() else 0

    def show_explanation(
        self,
        explanation: "Explanation",
        fewest: "SmallestSet | None" = None,
        n: int = 0,
        ratings: Sequence[float | None] = (),
    ) -> None:
        """Show one.

        Args:
            explanation: what each item of the history does for it.
            fewest: items of the history without which it would not be among the first n.
            n: length of the list.
            ratings: that the person gave to each item of the history: a reason may be one that they did not like.
        """
        explanation = rated(explanation, ratings)
        self.setAccessibleName(self.tr("Why {title}").format(title=explanation.title))
        text, whole = (because(explanation, longest) for longest in (_LONGEST_NAME, _LONGEST_IN_TOOLTIP))
        self.sentence.setText(text)
        self._reasons, self._rank, self._words = explanation.reasons, explanation.rank, None
        self._further = _further(explanation, fewest, n)
        self.sentence.setToolTip(plain_tooltip(f"{whole}\n{self._further}".strip()))
        if self.words.isChecked() and self.words.isVisibleTo(self):
            self.words_requested.emit()
        self._list()

    def offer_words(self, offered: bool) -> None:
        """Whether the model reads texts, so that words can be shown."""
        self._offered = offered
        self.words.setVisible(offered and bool(self._reasons))

    def show_words(self, found: "WordEffects | None", note: str = "") -> None:
        """Show the words that carry the recommendation, with a note on what they leave out; None for none yet."""
        self._words, self._words_note = found, note
        self._list()

    def _foot(self) -> QHBoxLayout:
        self.carries = Text(self.tr("■ adds to the score"), "small", "accent")
        self.lowers = Text(self.tr("■ lowers the score"), "small", "warning")
        self.ranks = Text(self.tr("rank with → without it"), "small", "secondary")
        self.all = LinkButton()
        self.all.toggled.connect(self._list)
        self.words = LinkButton(self.tr("words"))
        self.words.setToolTip(self.tr("Which words of the texts carry it, by integrated gradients; takes seconds"))
        self.words.toggled.connect(self._words_toggled)
        self._offered = False
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.carries)
        row.addWidget(self.lowers)
        row.addWidget(self.all)
        row.addWidget(self.words)
        row.addStretch(1)
        row.addWidget(self.ranks)
        return row

    def _words_toggled(self, on: bool) -> None:
        self.words.setText(self.tr("items") if on else self.tr("words"))
        if on and self._words is None and self._reasons:
            self.words_requested.emit()
        self._list()

    def _list(self) -> None:
        """Show the largest effects, or all: of words where they are asked for, else of items."""
        self.words.setVisible(self._offered and bool(self._reasons))
        if self.words.isChecked() and self._reasons:
            self._list_words()
            return
        self.more.setText(self._further if self._reasons else "")
        self._show_more()
        shown = self._reasons if self.all.isChecked() else self._reasons[:_BARS]
        effects = np.array([reason.effect for reason in shown])
        largest = float(np.abs(effects).max(initial=0.0)) or 1.0
        columns = [
            Column(self.tr("Item of the history"), [_named(reason) for reason in shown]),
            Column(self.tr("Adds"), effects, lambda e: f"{e:+.3f}", shares=effects / largest),
            Column(self.tr("Rank without it"), [f"{self._rank} → {reason.rank_without}" for reason in shown]),
        ]
        self._fill(columns, effects, (0, 148, 92))
        self.ranks.setText(self.tr("rank with → without it"))
        self.ranks.setToolTip("")
        self.ranks.setVisible(bool(shown))
        self.all.setVisible(len(self._reasons) > _BARS)
        count = translated(Message("recommend.all-reasons", count=len(self._reasons)))
        self.all.setText(self.tr("fewer") if self.all.isChecked() else count)

    def _list_words(self) -> None:
        """Show the words, summed over the texts, and how far they add up."""
        found = self._words
        summed = [] if found is None else found.summed()
        told = "" if found is None else words.together(translated(found.sentence), translated(self._words_note))
        self.more.setText(told)
        self._show_more()
        shown = summed if self.all.isChecked() else summed[:_BARS]
        effects = np.array([effect for _, effect, _ in shown])
        columns = [
            Column(self.tr("Word"), [word for word, _, _ in shown]),
            Column(
                self.tr("Adds"),
                effects,
                lambda e: f"{e:+.3f}",
                shares=effects / (float(np.abs(effects).max(initial=0.0)) or 1.0),
            ),
            Column(self.tr("In"), [words.listed(list(titles)) for _, _, titles in shown]),
        ]
        self._fill(columns, effects, (96, 120, 0))
        sums = self.tr("sum {total}, error {error}")
        self.ranks.setText(
            self.tr("Weighing words…")
            if found is None
            else sums.format(total=f"{found.total:+.3f}", error=f"{found.error:.1%}")
        )
        self.ranks.setToolTip(plain_tooltip(told))
        self.ranks.show()
        self.all.setVisible(len(summed) > _BARS)
        count = translated(Message("recommend.all-reasons", count=len(summed)))
        self.all.setText(self.tr("fewer") if self.all.isChecked() else count)

    def _fill(self, columns: list[Column], effects: "NDArray[np.float64]", widths: tuple[int, int, int]) -> None:
        """Show rows with bars in their second column, and what the colours of the bars mean."""
        shown = len(effects)
        self._bars.make_room([f"{effect:+.3f}" for effect in effects], theme.font("body", tabular=True))
        own = (widths[0], self._bars.number_width + widths[1], widths[2])
        self.table.set_columns(columns if shown else [], own if shown else ())
        self.table.setItemDelegateForColumn(1, self._bars)
        self.table.scrollToTop()
        least = self.table.verticalHeader().defaultSectionSize() * min(shown, _MORE if self.all.isChecked() else _BARS)
        self.table.setMinimumHeight(least)
        self.table.setMaximumHeight(16_777_215 if self.all.isChecked() else least)
        self.table.setVisible(bool(shown))
        self.carries.setVisible(bool((effects > 0).any()))
        self.lowers.setVisible(bool((effects < 0).any()))

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the height of the window: the card's own may stay as it is when the window becomes lower."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._show_more()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show as many lines as there is room for."""
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self._show_more()
        return super().eventFilter(watched, event)

    def _show_more(self) -> None:
        roomy = self.all.isChecked() or self.window().height() >= _ROOMY
        self.more.setVisible(bool(self._reasons) and bool(self.more.text()) and roomy)


def rated(explanation: "Explanation", ratings: Sequence[float | None]) -> "Explanation":
    """With the ratings of its reasons behind their titles."""
    reasons = []
    for reason in explanation.reasons:
        rating = ratings[reason.position] if reason.code and reason.position < len(ratings) else None
        title = reason.title if rating is None else f"{reason.title} {words.rating(rating)}"
        reasons.append(replace(reason, title=title))
    return replace(explanation, reasons=reasons)


def because(explanation: "Explanation", longest: int) -> str:
    """What carries a recommendation most, and what would be without it, as the figures say; titles are cut where they
    are longer than so many characters."""
    title, rank, first = _cut(explanation.title, longest), explanation.rank, explanation.main
    if first is None:
        return _tr("Nothing in the history speaks for {title} in particular.").format(title=title)
    if first.rank_without > rank:
        text = _tr("Because of {first}: without it, {title} would be number {without} instead of {rank}.")
    elif first.rank_without == rank:
        text = _tr("No single item explains {title}: leaving one out never moves it down. {first} adds most.")
    else:
        text = _tr("{first} adds most to the score of {title}, yet without it that would be number {without}.")
    values = {"first": _cut(_named(first), longest), "title": title}
    return text.format(**values, rank=f"{rank:,}", without=f"{first.rank_without:,}")


def _named(reason: "Reason") -> str:
    """The title of an item, or the wish in words."""
    return reason.title if reason.code else _tr("your words “{words}”").format(words=reason.title)


def _tr(text: str) -> str:
    return QCoreApplication.translate("WhyCard", text)


def _further(explanation: "Explanation", fewest: "SmallestSet | None", n: int) -> str:
    """The smallest set without which it would not be in the list, and what speaks most against it."""
    said = []
    if fewest is not None:
        titles = words.listed([_cut(title, _LONGEST_NAME) for title in fewest.titles])
        count, rank = len(fewest.titles), fewest.rank_without
        said.append(translated(Message("steer.smallest-set", count=count, titles=titles, n=n, rank=rank)))
    elif explanation.rank <= n:
        said.append(translated(Message("steer.no-smallest-set", n=n)))
    worst = explanation.against(fewest)
    if worst is not None:
        said.append(translated(Message("steer.against", title=_cut(worst.title, _LONGEST_NAME), effect=worst.effect)))
    return " ".join(said)


def _cut(title: str, longest: int) -> str:
    """A title with its middle left out where it is long."""
    half = longest // 2
    return title if len(title) <= longest else f"{title[:half].rstrip()} … {title[-half:].lstrip()}"
