"""The tour: two minutes on the built-in example in the window itself, from data to recommendations."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from recdesk.gui import words
from recdesk.gui.session import Session
from recdesk.gui.starting import add_example, begin_run
from recdesk.gui.training_controller import Ready, ready
from recdesk.gui.widgets.notice import Notice
from recdesk.training.config import make_config

MINUTES = 1.0
"""Time limit of its training, which the person may watch."""


@dataclass(frozen=True)
class Stop:
    """A stop of the tour.

    Attributes:
        page: that it is about.
        sentence, more: what is to be seen there.
        act: done when the person goes on from here.
        forward: text of the button that does.
    """

    page: str
    sentence: str
    more: str
    act: Callable[[], object] | None = None
    forward: str = ""


class Tour(QObject):
    """Leads from stop to stop; it can be left at each of them, and what it made stays.

    Attributes:
        notice: what it says; its owner places it.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._at = -1
        self.notice = Notice(self.tr("Tour"), "accent")
        self.next_button = self.notice.add_button(self.tr("Next"), self.go_on, primary=True)
        self.end_button = self.notice.add_button(self.tr("End the tour"), self.end)

    @property
    def at(self) -> int:
        """Number of the stop; -1 while there is no tour."""
        return self._at

    def kept(self) -> tuple[int, bool]:
        """Where it is, and whether it is offered, for `take`."""
        return self._at, self._at < 0 and not self.notice.isHidden()

    def take(self, kept: tuple[int, bool]) -> None:
        """Go on where another one was."""
        self._at, offered = kept
        if offered:
            self._offer()
        elif self._at >= 0:
            self._show()

    def offer(self) -> None:
        """Offer the tour once, to a person who has no data yet."""
        if self._session.read_only or self._session.preferences.tour_offered:
            return
        self._session.preferences.tour_offered = True
        self._offer()

    def _offer(self) -> None:
        self.next_button.setText(self.tr("Take the tour"))
        self.end_button.setText(self.tr("No, thanks"))
        self.end_button.show()
        said = self.tr("It can be taken at any time from Help.")
        self.notice.say(self.tr("New here? A tour of two minutes shows everything on a made-up example."), said)

    def start(self) -> None:
        """Begin at the first stop."""
        self._at = 0
        self._show()

    def go_on(self) -> None:
        """Do what belongs to this stop, and go to the next one."""
        stops = self.stops()
        if self._at >= 0 and (act := stops[self._at].act) is not None:
            act()
        self._at += 1
        if self._at < len(stops):
            self._show()
        else:
            self.end()

    def end(self) -> None:
        """Leave the tour."""
        self._at = -1
        self.notice.hide()

    def stops(self) -> list[Stop]:
        """All of them."""
        return [
            Stop(
                "data",
                self.tr("It begins with data: who took what, and when."),
                self.tr("Files can be dropped anywhere on the window. Here a made-up example is added."),
                self._add,
                self.tr("Add the example"),
            ),
            Stop(
                "data",
                self.tr("The numbers say how large and how sound the data are."),
                self.tr("Likely problems are named here, before they spoil a model."),
            ),
            Stop(
                "train",
                self.tr("A model learns what people take next."),
                self.tr("The suggested settings are good ones. Training takes a minute at most and can be stopped."),
                self._train,
                self.tr("Train for a minute"),
            ),
            Stop(
                "train",
                self.tr("The upper curve falls while the model learns; the lower one shows how good it is."),
                self.tr("Dashed lines are simple recommenders: a model is worth something where it is above them."),
            ),
            Stop(
                "runs",
                self.tr("Each run stays here, with its figures."),
                self.tr("Choose two, and the page says whether one is really better."),
            ),
            Stop(
                "recommend",
                self.tr("Choose a person: their history stands beside what is recommended to them."),
                self.tr("Click a recommendation to see why. Take an item out with ×, and the list changes."),
            ),
            Stop(
                "recommend",
                self.tr("That is all. Export… writes recommendations for everybody."),
                self.tr("The example stays until you remove it. Each term is explained under Help, Glossary."),
                forward=self.tr("Done"),
            ),
        ]

    def _show(self) -> None:
        stops = self.stops()
        stop = stops[self._at]
        self._session.go(stop.page)
        self.next_button.setText(stop.forward or self.tr("Next"))
        self.end_button.setText(self.tr("End the tour"))
        self.end_button.setVisible(self._at + 1 < len(stops))
        count = self.tr("{n} of {all}").format(n=self._at + 1, all=len(stops))
        self.notice.say(f"{count} · {stop.sentence}", stop.more)

    def _add(self) -> None:
        language = "zh" if words.example_language() == "zh" else "en"
        add_example(self._session, language, self._session.choose_dataset)  # type: ignore[arg-type]

    def _train(self) -> None:
        """Train on the dataset that is chosen, unless something is trained already."""
        session, name = self._session, self._session.dataset_name
        if name is None or session.training.state != "idle" or session.tuning.active:
            return

        def made() -> Ready:
            return ready(session.workspace.create_run(name, make_config(minutes=MINUTES), "leave-one-out").folder)

        begin_run(session, made)
