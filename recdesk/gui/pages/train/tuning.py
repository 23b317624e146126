"""Hyperparameter search in the window: the best trials, those under way, and control of the study."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from recdesk.core.messages import Message, word
from recdesk.gui import theme, words
from recdesk.gui.command_lines import tune_words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.text import ElidedText, Text
from recdesk.training.config import RunConfig, config_from_dict
from recdesk.workspace.presets import Preset, save_preset
from recdesk.workspace.run_log import curves_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recdesk.data.split_kinds import SplitKind
    from recdesk.experiment.study import Study, TrialRow
    from recdesk.workspace.run_cluster import ClusterRecord
    from recdesk.workspace.runs import Run

_SHOWN = 6


class TuningCard(Card):
    """The best trials so far and the time left; not shown while there is no study.

    Signals:
        go_on: the study shown is to be resumed.
        follow: the curves of this trial are to be shown (a run's id); "" for the newest.
    """

    go_on = Signal()
    follow = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Finding good settings"))
        self.facts = Text("", "small", "secondary", wrap=True)
        self.body.addWidget(self.facts)
        self.caution = Text("", "small", "warning", wrap=True)
        self.caution.hide()
        self.body.addWidget(self.caution)
        self.lines = [ElidedText("", "small") for _ in range(_SHOWN)]
        for line in self.lines:
            line.setFixedHeight(20)
            self.body.addWidget(line)
        self.followed = ChoiceBox()
        self.followed.setAccessibleName(self.tr("Curves shown"))
        self.followed.setToolTip(self.tr("The trial whose curves are shown; pausing and stopping concern all."))
        self.followed.activated.connect(lambda _index: self.follow.emit(self.followed.currentData()))
        self.followed.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.followed.hide()
        self.body.addWidget(self.followed)
        self.button = QPushButton(self.tr("Go on looking"))
        self.button.setAccessibleName(self.button.text())
        self.button.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.button.clicked.connect(lambda: self.go_on.emit())
        self.body.addWidget(self.button)
        self.hide()

    def show_trials(self, rows: "list[TrialRow]", spent: float, minutes: float, active: bool, more: bool) -> None:
        """Show the best trials first.

        Args:
            rows: of all trials.
            spent: seconds of training so far.
            minutes: the time budget.
            active: whether it is under way.
            more: whether there is time left.
        """
        self.button.setVisible(more and not active)
        self.show()
        scored = [row for row in rows if row.ndcg is not None]
        over = bool(scored) and not active and not more
        self.set_title(self.tr("Good settings") if over else self.tr("Finding good settings"))
        trials = translated(Message("count.trials", count=len(rows)))
        facts = (
            self.tr("{trials} in {spent}; the settings of the best one are on the page.")
            if over
            else self.tr("{trials}, {spent} of {all} used")
        ).format(trials=trials, spent=words.duration(spent), all=words.duration(60 * minutes))
        self.facts.setText(facts)
        scored.sort(key=lambda row: (-(row.ndcg or 0.0), row.number))
        waiting = [row for row in rows if row.ndcg is None and row.active and active]
        shown = scored[: max(_SHOWN - len(waiting), 1)] + waiting
        for index, line in enumerate(self.lines):
            line.setVisible(index < len(shown))
            if index < len(shown):
                line.setText(self._line_text(shown[index], active))
                line.set_tone("accent" if index == 0 and scored else "text")

    def show_under_way(self, trials: "Sequence[Run]", chosen: str) -> None:
        """Offer the curves of trials that train at the same time; of one there is no choice.

        Args:
            trials: under way, oldest first.
            chosen: id of the one whose curves are shown; "" for the newest.
        """
        self.followed.setVisible(len(trials) > 1)
        self.followed.clear()
        newest = trials[-1].trial + 1 if trials else 0
        self.followed.addItem(self.tr("Curves of the newest trial, {n}").format(n=newest), "")
        for run in trials:
            self.followed.addItem(self.tr("Curves of trial {n}").format(n=run.trial + 1), run.id)
        self.followed.setCurrentIndex(max(self.followed.findData(chosen), 0))

    def show_caution(self, ndcg: float | None, baseline: tuple[str, float] | None) -> None:
        """Say so where the best trial is no better than the strongest baseline.

        Args:
            ndcg: validation NDCG@10 of the best trial; None for none.
            baseline: name and NDCG@10 of the strongest baseline on the same items; None for none.
        """
        below = ndcg is not None and baseline is not None and ndcg <= baseline[1]
        self.caution.setVisible(below)
        if ndcg is None or baseline is None or not below:
            return
        self.caution.setText(
            self.tr(
                "Not good yet: with {ndcg} the best trial is below {baseline} with {figure}, which learns in seconds. "
                "Look longer, or with another model."
            ).format(ndcg=f"{ndcg:.4f}", baseline=translated(word(baseline[0])), figure=f"{baseline[1]:.4f}")
        )

    def _line_text(self, row: "TrialRow", active: bool) -> str:
        settings = words.listed(f"{self._name(name)} {value}" for name, value in row.differing.items())
        settings = settings or self.tr("as at the start")
        reached = "–" if row.ndcg is None else f"{row.ndcg:.4f}"
        pattern = (
            self.tr("{ndcg} · trial {n}, training · {settings}")
            if row.active and active
            else self.tr("{ndcg} · trial {n} · {settings}")
        )
        return pattern.format(ndcg=reached, n=row.number + 1, settings=settings)

    def _name(self, name: str) -> str:
        from recdesk.training.config import KINDS

        fields = {key: field for kind in KINDS.values() for key, field in kind.model_fields.items()}
        return words.config_words(fields[name].title or name)


@dataclass(frozen=True)
class StudySnapshot:
    """The values of a study that the card shows.

    Attributes:
        study: the study.
        rows: of all trials.
        spent: seconds of training so far.
        settings: the best ones.
        best: id of the best run; "" for none yet.
        more: whether there is time left.
        ndcg: validation NDCG@10 of the best run; None for none yet.
        baseline: name and NDCG@10 of the strongest baseline on the same items; None if that is not known.
    """

    study: "Study"
    rows: "list[TrialRow]"
    spent: float
    settings: dict[str, object]
    best: str
    more: bool
    ndcg: float | None = None
    baseline: tuple[str, float] | None = None

    @classmethod
    def of(cls, study: "Study") -> "StudySnapshot":
        """Read it."""
        best = study.best()
        rows, settings = study.rows(), study.best_settings()
        spent, more = study.spent(), study.can_resume
        if best is None:
            return cls(study, rows, spent, settings, "", more)
        curves = curves_of(best)
        figures = {name: values["ndcg@10"] for name, values in curves.baselines.items() if "ndcg@10" in values}
        strongest = max(figures, key=lambda name: figures[name], default="")
        baseline = (strongest, figures[strongest]) if strongest else None
        return cls(study, rows, spent, settings, best.id, more, curves.best[2] if curves.best else None, baseline)


class TuningPanel(QObject):
    """Controls studies (hyperparameter search): shows the one under way, or an unfinished one of the chosen dataset.

    Signals:
        found: a study has ended: its best settings (a RunConfig) and its split (a SplitKind).
        stored: these settings have been written to the workspace's presets.

    Attributes:
        card: shows the trials.
    """

    found = Signal(object, str)
    stored = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.card = TuningCard()
        self._study: Study | None = None
        self._announced: tuple[str, int] | None = None
        session.tuning.changed.connect(self.show_study)
        session.dataset_changed.connect(self.show_study)
        session.training.trials_changed.connect(self._show_under_way)
        session.training.trials_over.connect(self._show_under_way)
        self.card.go_on.connect(self._go_on)
        self.card.follow.connect(session.training.follow)
        self._show_under_way()

    @property
    def at_once(self) -> int:
        """How many trials train at the same time."""
        return self._session.preferences.trials_at_once

    @property
    def cluster(self) -> "ClusterRecord | None":
        """Where new trials are trained; None for this computer."""
        preferences = self._session.preferences
        return preferences.cluster if preferences.trains_on_cluster else None

    def start(self, config: RunConfig, split: "SplitKind", minutes: float) -> None:
        """Create a study that begins with these settings, and run it."""
        workspace, name = self._session.workspace, self._session.dataset_name
        if name is None:
            return

        def work(_context: JobContext) -> "Study":
            from recdesk.experiment.study import create_study

            return create_study(workspace, name, config, split, minutes)

        def begin(study: "Study") -> None:
            self._session.script.add(tune_words(name, config, split, minutes, self.at_once, self.cluster))
            self._begin(study)

        self._session.jobs.run(self.tr("Preparing the search"), work, begin, replaces="tuning.create")

    def show_study(self) -> None:
        """Read the trials in a job and show them; emit `found` at the end of a study."""
        tuning, workspace, dataset = self._session.tuning, self._session.workspace, self._session.dataset_name
        study, active = tuning.study, tuning.active

        def work(_context: JobContext) -> StudySnapshot | None:
            from recdesk.experiment.study import studies

            shown = study if study is not None and study.dataset_name == dataset else None
            if shown is None:
                shown = next((s for s in studies(workspace) if s.dataset_name == dataset and s.can_resume), None)
            return None if shown is None else StudySnapshot.of(shown)

        def done(shown: StudySnapshot | None) -> None:
            self._show(shown, active)

        self._session.jobs.run(self.tr("Reading trials"), work, done, visible=False, replaces="tuning.rows")

    def _show(self, shown: StudySnapshot | None, active: bool) -> None:
        self._study = shown.study if shown is not None else None
        if shown is None:
            self.card.hide()
            return
        self.card.show_trials(shown.rows, shown.spent, shown.study.minutes, active, shown.more)
        self.card.show_caution(shown.ndcg, shown.baseline)
        over = shown.study is self._session.tuning.study and not active and bool(shown.best)
        if over and self._announced != (shown.study.id, len(shown.rows)):
            self._announced = (shown.study.id, len(shown.rows))
            self.found.emit(config_from_dict(shown.settings), shown.study.split)
            self._store(shown)
            self._session.choose_run(shown.best)

    def _store(self, shown: StudySnapshot) -> None:
        """Write the best settings to the workspace's presets, from which they can be chosen later."""
        study, config = shown.study, config_from_dict(shown.settings)
        preset = Preset(study.id, study.dataset_name, time.time(), study.split, shown.ndcg or 0.0, config)
        folder = self._session.workspace.folder

        def work(_context: JobContext) -> None:
            save_preset(folder, preset)

        self._session.jobs.run(
            self.tr("Storing the settings"), work, lambda _: self.stored.emit(), visible=False, replaces="presets.save"
        )

    def _begin(self, study: "Study") -> None:
        if self._session.training.state == "idle":
            self._session.tuning.start(study, self.at_once, self.cluster)

    def _go_on(self) -> None:
        ready = self._session.training.state == "idle" and not self._session.tuning.active
        if self._study is not None and ready and not self._session.read_only:
            self._session.tuning.start(self._study, self.at_once, self.cluster)

    def _show_under_way(self, _error: object = None) -> None:
        training = self._session.training
        self.card.show_under_way([trial.run for trial in training.trials.values()], training.chosen)
