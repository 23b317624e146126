"""The item texts that the encoder reads: their template, edited with a live preview."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLineEdit, QMenu, QTextEdit, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.gui import theme, words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import FormLabel, WholeBox
from recdesk.gui.widgets.plots import LengthPlot
from recdesk.gui.widgets.text import Text
from recdesk.text.item_texts import default_template
from recdesk.text.lengths import ReadText, TextPreview, histogram, look_ahead
from recdesk.training.config import TextSourceConfig

if TYPE_CHECKING:
    from recdesk.gui.pages.train.settings_card import SettingsCard

_WAIT_MS = 300
_FOREIGN = 0.02
"""From this share of unknown tokens on, an encoder is likely to be made for another language."""
_KEY = "train.texts"


def see_texts(session: Session, settings: "SettingsCard", parent: QWidget) -> None:
    """Show the item texts as the encoder of these settings reads them, and take over the edited template."""
    dataset, config = session.dataset, settings.config()
    if dataset is None or not isinstance(config, TextSourceConfig):
        return
    dialog = TextsDialog(session, dataset, config, parent)
    if dialog.exec() and settings.isEnabled():
        settings.use_texts(dialog.template(), dialog.most.value())
    dialog.deleteLater()


class TextsView(QTextEdit):
    """Title, text (truncated parts are struck out) and tokens of some items."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Texts of some items"))
        self._shown: list[tuple[str, ReadText]] = []
        theme.theme().changed.connect(self._write)

    def show_texts(self, shown: Sequence[tuple[str, ReadText]]) -> None:
        """Show texts by title."""
        self._shown = list(shown)
        self._write()

    def _write(self) -> None:
        self.clear()
        cursor = self.textCursor()
        for row, (title, item) in enumerate(self._shown):
            self._line(cursor, not row, 14, (title, _format("strong")))
            cut = _format("body", "secondary")
            cut.setFontStrikeOut(True)
            self._line(
                cursor,
                False,
                3,
                (item.text[: item.read], _format("body")),
                (item.text[item.read : item.read + 600], cut),
            )
            self._line(cursor, False, 3, (" · ".join(item.pieces), _format("small", "secondary")))
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _line(self, cursor: QTextCursor, first: bool, above: int, *parts: tuple[str, QTextCharFormat]) -> None:
        """Insert a line as plain text, never as HTML."""
        if not first:
            cursor.insertBlock()
        block = QTextBlockFormat()
        block.setTopMargin(0 if first else above)
        cursor.setBlockFormat(block)
        for text, how in parts:
            cursor.insertText(text, how)


def _format(font: theme.FontName, tone: str = "text") -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(theme.font(font))
    made.setForeground(theme.roles().of(tone))
    return made


class TextsDialog(QDialog):
    """Edits the template of item texts: three items, a histogram of lengths, and the share that is truncated."""

    def __init__(
        self, session: Session, dataset: Dataset, config: TextSourceConfig, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What the encoder reads"))
        self.resize(1000, 600)
        self._session, self._dataset, self._encoder = session, dataset, config.encoder
        self._usual = default_template(dataset)
        self._draw = 0
        self.preview: TextPreview | None = None
        self._later = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._later.timeout.connect(self._read_preview)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, 20, theme.MARGIN, 20)
        layout.setSpacing(theme.GAP)
        layout.addLayout(self._settings(config))
        cards = QHBoxLayout()
        cards.setSpacing(theme.GAP)
        cards.addWidget(self._texts_card(), 5)
        cards.addWidget(self._lengths_card(), 5)
        layout.addLayout(cards, 1)
        layout.addWidget(self._ends())
        self.finished.connect(self._leave)
        self._read_preview()

    def template(self) -> str:
        """The template as a setting; "" for the default one."""
        written = self.line.text().strip()
        return "" if written == self._usual else written

    def show_preview(self, preview: TextPreview) -> None:
        """Show a preview."""
        self.preview = preview
        titles = self._dataset.titles
        self.view.show_texts([(str(titles[item.code - 1]), item) for item in preview.shown])
        self.plot.show_lengths(*histogram(preview.lengths, preview.limit), preview.limit)
        self.facts.setText(self._summary(preview))
        self.facts.set_tone("text")
        self.use_button.setEnabled(True)

    def show_problem(self, error: RecdeskError) -> None:
        """Show why there is no preview."""
        self.preview = None
        self.facts.setText(words.together(translated(error.sentence), translated(error.suggestion)))
        self.facts.set_tone("bad")
        self.use_button.setEnabled(False)

    def _settings(self, config: TextSourceConfig) -> QVBoxLayout:
        self.line = QLineEdit(config.template or self._usual)
        self.line.setAccessibleName(self.tr("Item text"))
        self.line.setPlaceholderText(self._usual)
        self.line.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.line.setCursorPosition(0)
        self.line.textChanged.connect(lambda _text: self._later.start())
        self.insert = Chip(self.tr("+ column"))
        self.insert.setToolTip(self.tr("Put a column of the items into the text"))
        self.insert.clicked.connect(self._column_menu)
        self.usual = Chip(self.tr("usual text"))
        self.usual.setToolTip(self.tr("Every text column, the title first"))
        self.usual.clicked.connect(lambda: self.line.setText(self._usual))
        self.most = WholeBox()
        self.most.setRange(8, 512)
        self.most.setValue(config.text_tokens)
        self.most.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.most.setAccessibleName(self.tr("Tokens that are read"))
        self.most.valueChanged.connect(lambda _value: self._later.start())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(FormLabel(self.tr("Item text"), self.line))
        row.addWidget(self.line, 1)
        for widget in (self.insert, self.usual, FormLabel(self.tr("read up to"), self.most), self.most):
            row.addWidget(widget)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(row)
        explanation = self.tr(
            "Column names in curly braces stand for an item's values; a part between two semicolons is left out where "
            "its values are empty."
        )
        column.addWidget(Text(explanation, "small", "secondary", wrap=True))
        return column

    def _texts_card(self) -> Card:
        card = Card(self.tr("Three items"))
        self.others = Chip(self.tr("others"))
        self.others.setToolTip(self.tr("Show three other items"))
        self.others.clicked.connect(self._show_others)
        card.head.addWidget(self.others)
        self.view = TextsView()
        card.body.addWidget(self.view, 1)
        return card

    def _lengths_card(self) -> Card:
        card = Card(self.tr("Length of all texts, in tokens"))
        self.plot = LengthPlot(self.tr("Length of all texts, in tokens"))
        card.body.addWidget(self.plot, 1)
        self.facts = Text(self.tr("Looking…"), "body", "secondary", wrap=True)
        card.body.addWidget(self.facts)
        return card

    def _ends(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.use_button = buttons.addButton(self.tr("Use this text"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _read_preview(self) -> None:
        dataset, template, encoder = self._dataset, self.line.text().strip(), self._encoder
        most, draw, downloads = self.most.value(), self._draw, self._session.workspace.folder / "encoders"

        def work(context: JobContext) -> TextPreview:
            return look_ahead(dataset, template, encoder, most, downloads, draw, context)

        self._session.jobs.run(
            self.tr("Looking at the texts"), work, self.show_preview, self.show_problem, visible=False, replaces=_KEY
        )

    def _show_others(self) -> None:
        self._draw += 1
        self._read_preview()

    def _column_menu(self) -> None:
        menu = QMenu(self)
        for name in map(str, self._dataset.item_features.columns):
            if not set(";{}") & set(name):
                menu.addAction(name.replace("&", "&&"), partial(self._insert, name))
        menu.exec(self.insert.mapToGlobal(self.insert.rect().bottomLeft()))
        menu.deleteLater()

    def _insert(self, name: str) -> None:
        before = self.line.text()[: self.line.cursorPosition()].rstrip()
        self.line.insert(("; " if before and not before.endswith(";") else "") + f"{name}: {{{name}}}")

    def _summary(self, preview: TextPreview) -> str:
        count = len(preview.lengths)
        texts = translated(Message("count.texts", count=count))
        first = self.tr("{encoder} reads up to {tokens} of a text. Half have at most {middle}, the longest {longest}.")
        sentences = [
            first.format(
                encoder=words.encoder(preview.encoder),
                tokens=translated(Message("count.tokens", count=preview.limit)),
                middle=preview.middle,
                longest=f"{preview.longest:,}",
            )
        ]
        cut = round(preview.cut * count)
        if cut:
            sentence = self.tr("Longer and cut: {cut} of {texts} ({share}).")
            share = f"{preview.cut:.1%}" if preview.cut >= 0.001 else "< 0.1%"
            sentences.append(sentence.format(cut=f"{cut:,}", texts=texts, share=share))
        else:
            sentences.append(self.tr("Nothing is cut in {texts}.").format(texts=texts))
        if preview.measured < self._dataset.n_items:
            measured = translated(Message("count.items", count=preview.measured))
            sentences.append(self.tr("Measured on {items}.").format(items=measured))
        if preview.empty:
            sentences.append(translated(Message("text.items-empty", count=preview.empty)))
        if preview.unknown > _FOREIGN:
            foreign = self.tr(
                "{share} of the tokens are unknown to this encoder, which was made for other languages; one that is "
                "trained here knows them."
            )
            sentences.append(foreign.format(share=f"{preview.unknown:.0%}"))
        return words.together(*sentences)

    def _leave(self) -> None:
        self._later.stop()
        self._session.jobs.drop(_KEY)
