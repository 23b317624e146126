"""What goes wrong with the run under way, told as failures of the session and withdrawn when it no longer applies."""

from typing import Protocol

from PySide6.QtCore import QObject

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui.training_controller import TrainingController
from recdesk.monitor.events import Event, Failed, StateChanged, Warned


class Teller(Protocol):
    """Where failures are told: the session."""

    def fail(self, error: RecdeskError) -> None:
        """Show a failure."""

    def pass_over(self, error: RecdeskError) -> None:
        """Stop showing it."""


class RunFailures(QObject):
    """Tells that the run failed, or that it waits for its disk; the latter until it goes on or ends, the former until
    another run is under way."""

    def __init__(self, training: TrainingController, teller: Teller, parent: QObject) -> None:
        super().__init__(parent)
        self._teller, self._training = teller, training
        self._failed: RecdeskError | None = None
        self._waits: RecdeskError | None = None
        training.events.connect(self._on_events)
        training.state_changed.connect(self._state_changed)

    def _on_events(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Failed) and not self._training.has_trials:  # of several trials it is told at the end
                self._failed = RecdeskError(event.sentence, event.suggestion, event.details)
                self._teller.fail(self._failed)
            elif isinstance(event, Warned) and event.urgent:
                self._waits = RecdeskError(event.sentence)
                self._teller.fail(self._waits)
            elif isinstance(event, Warned) and event.about == "disk":
                self._teller.fail(RecdeskError(event.sentence, Message("run.free-space")))
            elif isinstance(event, StateChanged) and event.state == "running":
                self._goes_on()

    def _state_changed(self, state: str) -> None:
        if state == "running" and self._failed is not None:
            self._teller.pass_over(self._failed)
            self._failed = None
        if state == "idle":
            self._goes_on()

    def _goes_on(self) -> None:
        if self._waits is not None:
            self._teller.pass_over(self._waits)
            self._waits = None
