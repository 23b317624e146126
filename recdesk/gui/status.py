"""The contents of the status strip."""

from collections import deque

import psutil
from PySide6.QtCore import QLocale, QObject, QTimer

from recdesk.core.machine import usable_cores
from recdesk.core.messages import Message
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.status import StatusStrip
from recdesk.monitor.events import Event, Plan, StateChanged, Step

_REFRESH_MS = 2000
_WINDOW_SECONDS = 5.0


class Throughput:
    """Interactions a second over the last seconds of training time."""

    def __init__(self) -> None:
        self._steps: deque[Step] = deque()

    def add(self, step: Step) -> None:
        """Take a step into account; one with an earlier time (of a resumed run) resets the average."""
        if self._steps and step.seconds < self._steps[-1].seconds:
            self._steps.clear()
        self._steps.append(step)
        while len(self._steps) > 2 and step.seconds - self._steps[0].seconds > _WINDOW_SECONDS:
            self._steps.popleft()

    def value(self) -> float:
        """Interactions a second; 0 before there are two steps."""
        if len(self._steps) < 2:
            return 0.0
        seconds = self._steps[-1].seconds - self._steps[0].seconds
        tokens = sum(step.tokens for step in self._steps) - self._steps[0].tokens
        return tokens / seconds if seconds > 0 else 0.0


class StatusPresenter(QObject):
    """Shows the state of the session in the status strip."""

    def __init__(self, session: Session, strip: StatusStrip, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._strip = strip
        self._process = psutil.Process()
        self._device = self.tr("CPU {cores}").format(cores=translated(Message("count.cores", count=usable_cores())))
        self._throughput = Throughput()
        plan = None if session.training.run is None else session.training.curves.plan
        if plan is not None:
            self._device = _device_name(plan.device) or self._device
        session.training.state_changed.connect(self._state_changed)
        session.training.events.connect(self._on_events)
        for change in (session.jobs.changed, session.queue.changed):
            change.connect(self._show_state)
        session.dataset_changed.connect(self._show_dataset)
        session.status_changed.connect(strip.set_note)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._show_machine)
        self._timer.start()
        self._show_state()
        self._show_dataset()
        self._show_machine()

    def _state_changed(self, state: str) -> None:
        if state == "idle":
            self._throughput = Throughput()
            self._strip.set_speed("")
        self._show_state()

    def _on_events(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Step):
                self._throughput.add(event)
            elif isinstance(event, StateChanged):
                self._show_state()
            elif isinstance(event, Plan):
                self._device = _device_name(event.device) or self._device
                self._show_machine()
        speed = self._throughput.value()
        training = self._session.training
        if training.waits:
            self._strip.set_speed("")
        elif speed and training.state == "running":
            figure = QLocale().toString(round(speed))
            self._strip.set_speed(self.tr("{figure} interactions/s").format(figure=figure))

    def _show_state(self) -> None:
        training, jobs = self._session.training.state, self._session.jobs.active()
        if self._session.training.waits:
            self._strip.set_state("warning", self.tr("waiting for the disk"))
        elif training != "idle":
            words = {"running": self.tr("training"), "paused": self.tr("paused"), "stopping": self.tr("stopping…")}
            self._strip.set_state("good" if training == "running" else "secondary", words[training])
        elif jobs:
            self._strip.set_state("accent", jobs[0] if len(jobs) == 1 else self.tr("%n jobs", "", len(jobs)))
        elif self._session.read_only:
            self._strip.set_state("secondary", self.tr("read-only"))
        elif waiting := len(self._session.queue.waiting):
            self._strip.set_state("idle", self.tr("idle, %n in the queue", "", waiting))
        else:
            self._strip.set_state("idle", self.tr("idle"))

    def _show_dataset(self) -> None:
        dataset = self._session.dataset
        self._strip.set_dataset(dataset.name if dataset is not None else self._session.dataset_name or "")

    def _show_machine(self) -> None:
        memory = self._process.memory_info().rss / 1e9
        self._strip.set_machine(f"{self._device} · {QLocale().toString(memory, 'f', 1)} GB")


def _device_name(device: str) -> str:
    """The name of a GPU; "" for the CPU, whose cores are shown instead."""
    return "" if device.casefold().startswith("cpu") else device
