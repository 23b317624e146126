"""What a run says, line by line: with levels, and found by what is typed."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from recdesk.gui import theme
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Kept
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.monitor.events import (
    CheckpointSaved,
    Evaluated,
    Event,
    Failed,
    Finished,
    Resumed,
    StageStarted,
    StateChanged,
    Warned,
)

Level = Literal["detail", "step", "warning"]
LEVELS: tuple[Level, ...] = ("detail", "step", "warning")
"""From the least grave on; what is shown is of a level or a graver one."""
_MOST_LINES = 2000


@dataclass(frozen=True)
class Line:
    """A line of the log.

    Attributes:
        level: see `LEVELS`.
        text: the sentence.
        event: what it tells.
    """

    level: Level
    text: str
    event: Event

    def __str__(self) -> str:
        return f"{time.strftime('%H:%M:%S', time.localtime(self.event.time))}  {self.text}"


class LogCard(Card):
    """Lines on stages, evaluations, warnings, checkpoints and the end of the run, each with its time.

    Attributes:
        level: the least grave level that is shown.
        search: letters that a line must have.
        view: the lines.
    """

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Messages"))
        self._lines: deque[Line] = deque(maxlen=_MOST_LINES)
        self.level = ChoiceBox()
        titles: dict[Level, str] = {
            "detail": self.tr("everything"),
            "step": self.tr("stages and warnings"),
            "warning": self.tr("warnings only"),
        }
        for level in LEVELS:
            self.level.addItem(titles[level], level)
        self.level.setCurrentIndex(1)
        self.level.setAccessibleName(self.tr("Level of the messages"))
        self.level.currentIndexChanged.connect(self._show)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("find in messages"))
        self.search.setAccessibleName(self.tr("Find in messages"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._show)
        for control, width in ((self.search, 180), (self.level, 170)):
            control.setFixedSize(width, theme.DENSE_CONTROL_HEIGHT)
            self.head.addWidget(control)
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setMaximumBlockCount(_MOST_LINES)
        self.view.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.view.setFont(theme.font("small", tabular=True))
        self.view.setAccessibleName(self.tr("Messages"))
        self.body.addWidget(self.view, 1)

    def clear(self) -> None:
        """Empty the log."""
        self._lines.clear()
        self.view.clear()

    def add(self, events: list[Event]) -> None:
        """Append a line for each event that matters."""
        for event in events:
            told = self._told(event)
            if told is not None:
                line = Line(*told, event)
                self._lines.append(line)
                if self._wanted(line):
                    self.view.appendPlainText(str(line))

    @property
    def events(self) -> list[Event]:
        """The events that the lines tell."""
        return [line.event for line in self._lines]

    def last_stage(self) -> StageStarted | None:
        """The stage that began last; None before the first."""
        return next((event for event in reversed(self.events) if isinstance(event, StageStarted)), None)

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {"events": self.events, "level": self.level.currentIndex(), "search": self.search.text()}

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.level.setCurrentIndex(kept["level"])
        self.search.setText(kept["search"])
        self.add(kept["events"])

    def _show(self, *_: object) -> None:
        self.view.setPlainText("\n".join(str(line) for line in self._lines if self._wanted(line)))
        self.view.verticalScrollBar().setValue(self.view.verticalScrollBar().maximum())

    def _wanted(self, line: Line) -> bool:
        grave = LEVELS.index(line.level) >= LEVELS.index(self.level.currentData())
        return grave and self.search.text().casefold().strip() in line.text.casefold()

    def _told(self, event: Event) -> tuple[Level, str] | None:
        match event:
            case StageStarted():
                return "step", translated(event.note)
            case Warned():
                return "warning", self.tr("Note: {sentence}").format(sentence=translated(event.sentence))
            case Resumed():
                return "step", self.tr("Goes on from step {step}.").format(step=f"{event.step:,}")
            case StateChanged(state="paused"):
                return "step", self.tr("Paused.")
            case CheckpointSaved():
                return "detail", self.tr("Kept at step {step}.").format(step=f"{event.step:,}")
            case Evaluated():
                return "detail", self._evaluated(event)
            case Finished():
                return "step", translated(event.reason)
            case Failed():
                return "warning", translated(event.sentence)
        return None

    def _evaluated(self, event: Evaluated) -> str:
        value = f"{event.metrics.get('ndcg@10', float('nan')):.4f}"
        said = self.tr("Epoch {epoch}: NDCG@10 {value}, the best so far.") if event.best else ""
        return (said or self.tr("Epoch {epoch}: NDCG@10 {value}.")).format(epoch=event.epoch, value=value)
