"""The cleaning rules of an import, and how much they remove."""

from collections.abc import Mapping

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QGridLayout

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message, known
from recdesk.data.cleaning.rules import Rules
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.pages.data.reader import IntakeReader
from recdesk.gui.pages.data.rejects import RejectsDialog, rejects_of
from recdesk.gui.pages.data.rules_form import RulesForm
from recdesk.gui.widgets.buttons import Chip, LinkButton
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import FormLabel
from recdesk.gui.widgets.status import ProgressLine
from recdesk.gui.widgets.text import Text

_CONTROL_WIDTH = 168


class RulesCard(Card):
    """A row for each rule: its value, and the rows, users and items that it removes; below them what is left."""

    def __init__(self, draft: ImportDraft, reader: IntakeReader) -> None:
        super().__init__()
        self.set_title(self.tr("Leave out"))
        self._draft, self._reader = draft, reader
        self.form = RulesForm(self)
        self.more = LinkButton(self.tr("More rules ›"))
        self.left = Text("", "strong", wrap=True)
        self.message = Text("", "small", "secondary", wrap=True)
        self.line = ProgressLine(self.tr("Progress of reading"))
        self.stop = Chip(self.tr("Stop reading"))
        self.count = Chip(self.tr("Count what goes"))
        self.show_rejects = Chip(self.tr("Show rows that cannot be used"))
        self._counts: dict[str, list[Text]] = {}
        self._labels: dict[str, FormLabel] = {}
        self._build()
        self.form.changed.connect(self._apply)
        self.form.refused.connect(self._refused)
        self.more.toggled.connect(self.refresh)
        self.stop.clicked.connect(reader.stop)
        self.count.clicked.connect(reader.start)
        self.show_rejects.clicked.connect(self.open_rejects)
        reader.changed.connect(self.refresh)
        reader.progressed.connect(self._progress)
        draft.changed.connect(self.refresh)

    def reset(self) -> None:
        """Set all rules to their defaults, which remove exact duplicates only."""
        self.form.set_rules(Rules())
        self.more.setChecked(False)

    def counts(self, name: str) -> list[str]:
        """What a rule removes, as shown: rows, users, items."""
        return [text.text() for text in self._counts[name]]

    def open_rejects(self) -> None:
        """Show the rows that cannot be used."""
        if self._reader.intake is not None:
            RejectsDialog(rejects_of(self._reader.intake.rejects), self).open()

    def refresh(self) -> None:
        """Show which rules apply to the data, which are in use, and what they remove."""
        plan, reader = self._draft.plan, self._reader
        if plan is None:
            return
        on = list(plan.rules.steps.values())
        counted = self._counted(plan.rules) and reader.forecast
        effects = dict(zip(on, counted.effects, strict=True)) if counted else {}
        for row in self.form.rows:
            needs = row.rule.needs
            usable = not needs or bool(self._draft.role_column(needs)) or self._in_force(row.name)
            row.control.setEnabled(usable)
            effect = effects.get(row.name)
            counts = (effect.rows, effect.users, effect.items) if effect else ()
            self._show_counts(row.name, counts, pending=row.name in on and effect is None and reader.state == "reading")
            shown = not row.rare or self.more.isChecked()
            for part in (row.control, self._labels[row.name], *self._counts[row.name]):
                part.setVisible(shown)
        hidden = sum(row.rare and self._in_force(row.name) for row in self.form.rows)
        self.more.setText(self._more_words(hidden))
        if reader.intake is not None:
            self.form.control("events").offer(reader.intake.rows.event_counts)
        self._show_state()

    def _build(self) -> None:
        for chip in (self.show_rejects, self.stop, self.count):
            chip.hide()
            self.head.addWidget(chip)
        self.head.addWidget(self.more)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        for at, title in enumerate((self.tr("rows"), self.tr("users"), self.tr("items")), 2):
            head = Text(title, "small", "secondary")
            head.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(head, 0, at)
        for number, row in enumerate(self.form.rows, 1):
            label = self._labels[row.name] = FormLabel(row.title, row.control)
            row.control.setFixedWidth(_CONTROL_WIDTH)
            grid.addWidget(label, number, 0)
            grid.addWidget(row.control, number, 1)
            cells = self._counts[row.name] = [Text("", "body", tabular=True) for _ in range(3)]
            for at, cell in enumerate(cells, 2):
                cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(cell, number, at)
        for at in (2, 3, 4):
            grid.setColumnStretch(at, 1)
        self.body.addLayout(grid)
        for part in (self.line, self.left, self.message):
            self.body.addWidget(part)

    def _apply(self) -> None:
        if self._draft.plan is not None:
            self._draft.change(**self.form.values())

    def _refused(self, error: RecdeskError) -> None:
        self._show_message(words.together(translated(error.sentence), translated(error.suggestion)), "bad")

    def _counted(self, rules: Rules) -> bool:
        return self._reader.state == "read" and self._reader.counted == rules

    def _in_force(self, name: str) -> bool:
        plan = self._draft.plan
        return plan is not None and getattr(plan, name) != getattr(Rules(), name)

    def _more_words(self, hidden: int) -> str:
        if self.more.isChecked():
            return self.tr("Fewer rules ‹")
        return self.tr("More rules ({count} in use) ›").format(count=hidden) if hidden else self.tr("More rules ›")

    def _show_counts(self, name: str, counts: tuple[int, ...], pending: bool) -> None:
        for cell, count in zip(self._counts[name], counts or ("…" if pending else "",) * 3, strict=True):
            cell.setText(f"−{_figure(count)}" if isinstance(count, int) and count else str(count))
            cell.set_tone("text" if count else "secondary")

    def _show_state(self) -> None:
        reader = self._reader
        reading = reader.state == "reading"
        self.line.setVisible(reading)
        self.stop.setVisible(reading)
        self.count.setVisible(reader.state in ("stopped", "failed"))
        self.show_rejects.setVisible(reader.intake is not None and bool(reader.intake.rejects))
        self.left.setText(self._left_words())
        self.left.setVisible(bool(self.left.text()))
        if reader.error is not None:
            self._refused(reader.error)
        elif reader.state == "stopped":
            self._show_message(self.tr("What goes is not counted; the import reads the file."), "secondary")
        elif reader.intake is not None:
            self._show_message("\n".join(self._rejected(reader.intake.report.rejected)), "warning")
        elif not reading:
            self._show_message("", "secondary")

    def _left_words(self) -> str:
        forecast = self._reader.forecast
        if forecast is None:
            return ""
        return self.tr("{read} read, {rows} kept: {users}, {items}.").format(
            read=translated(Message("count.rows", count=forecast.read)),
            rows=_figure(forecast.rows),
            users=translated(Message("count.users", count=forecast.users)),
            items=translated(Message("count.items", count=forecast.items)),
        )

    def _rejected(self, counts: Mapping[str, int]) -> list[str]:
        template = self.tr("{count} cannot be used: {reason}")
        sentences = [
            template.format(count=_figure(count), reason=translated(known(reason, "reason")))
            for reason, count in counts.items()
        ]
        return [words.listed(sentences)] if sentences else []

    def _progress(self, share: float, sentence: str) -> None:
        self.line.set_value(share)
        self._show_message(translated(sentence), "secondary")

    def _show_message(self, sentence: str, tone: str) -> None:
        self.message.setText(sentence)
        self.message.set_tone(tone)
        self.message.setVisible(bool(sentence))


def _figure(value: int) -> str:
    return QLocale().toString(value)
