"""What the run said, line by line."""

import time

from PySide6.QtWidgets import QPlainTextEdit

from recdesk.gui import theme
from recdesk.gui.core_words import core
from recdesk.gui.widgets.card import Card
from recdesk.monitor.events import CheckpointSaved, Event, Failed, Finished, Resumed, StageStarted, Warned

_MOST_LINES = 500


class LogCard(Card):
    """Stages, warnings, checkpoints and the end, with the time of each."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Messages"))
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setMaximumBlockCount(_MOST_LINES)
        self.view.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.view.setFont(theme.font("small", tabular=True))
        self.view.setAccessibleName(self.tr("Messages"))
        self.body.addWidget(self.view, 1)

    def clear(self) -> None:
        """Begin a new log."""
        self.view.clear()

    def add(self, events: list[Event]) -> None:
        """Write down what matters."""
        for event in events:
            words = self._words(event)
            if words:
                self.view.appendPlainText(f"{time.strftime('%H:%M:%S', time.localtime(event.time))}  {words}")

    def _words(self, event: Event) -> str:
        match event:
            case StageStarted():
                return core(event.note)
            case Warned():
                return self.tr("Note: {sentence}").format(sentence=core(event.sentence))
            case Resumed():
                return self.tr("Goes on from step {step}.").format(step=f"{event.step:,}")
            case CheckpointSaved():
                return self.tr("Kept at step {step}.").format(step=f"{event.step:,}")
            case Finished():
                return core(event.reason)
            case Failed():
                return core(event.sentence)
        return ""
