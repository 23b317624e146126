"""The Train page."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from recdesk.core.errors import RecdeskError
from recdesk.data.split_kinds import SplitKind
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Command, Kept, Page
from recdesk.gui.pages.train.estimate_card import EstimateCard
from recdesk.gui.pages.train.estimates import Estimates
from recdesk.gui.pages.train.facts import facts, idle_sentence
from recdesk.gui.pages.train.form_memory import FormMemory
from recdesk.gui.pages.train.layout import log_chip, work_area
from recdesk.gui.pages.train.log_card import LogCard
from recdesk.gui.pages.train.model_card import ModelCard
from recdesk.gui.pages.train.pace import Pace
from recdesk.gui.pages.train.page_words import PageWords
from recdesk.gui.pages.train.plots import Plots, RunView, skips
from recdesk.gui.pages.train.progress_card import ProgressCard
from recdesk.gui.pages.train.repeat_box import RepeatBox
from recdesk.gui.pages.train.resolution_check import ResolutionCheck
from recdesk.gui.pages.train.settings_card import SettingsCard
from recdesk.gui.pages.train.texts_dialog import see_texts
from recdesk.gui.pages.train.tuning import TuningPanel
from recdesk.gui.pages.train.tuning_dialog import ask_minutes
from recdesk.gui.queue_controller import REPEATING
from recdesk.gui.session import Session
from recdesk.gui.starting import STARTING, begin_run, resume_run
from recdesk.gui.training_controller import ready
from recdesk.gui.widgets.cards import EmptyState
from recdesk.gui.widgets.text import plain_tooltip
from recdesk.monitor.curves import LEARNING, RunCurves
from recdesk.monitor.events import EncoderStep, Event, Finished, StageProgress, StageStarted
from recdesk.training.config import RunConfig
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import ACTIVE

if TYPE_CHECKING:
    from recdesk.workspace.runs import Run

_REDRAW_MS = 100
_CURVES = "train.curves"


class TrainPage(Page):
    """Choice of model and settings, starting, pausing and stopping a run, and its curves."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "train", "")
        self.head.place_facts_below()
        self.head.set_title(self.tr("Train"))
        self.setAccessibleName(self.tr("Train"))
        self.model = ModelCard()
        self.settings = SettingsCard(self.model.kind(), session)
        self.estimate = EstimateCard()
        self.tuning = TuningPanel(session, self)
        self.progress = ProgressCard()
        self.plots = Plots(session)
        self.loss, self.quality = self.plots.loss, self.plots.quality
        self.log = LogCard()
        self._shown, self._dirty = RunView(), False
        self.memory = FormMemory(session, self.settings, self.use_settings, self)
        self.pace, self.resolution = Pace(session, self), ResolutionCheck(session, self)
        self._redraw = QTimer(self, interval=_REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        self._buttons()
        shown = self.settings, self.repeat, self.estimate
        self._estimates = Estimates(session, shown, self.pace, self.resolution, self._can_start)
        self._words = PageWords(session, self.settings, self.tuning, self.repeat)
        self._assemble()
        self._connect()
        self._show_run(session.training.curves, session.training.run)
        self.memory.restore()
        if session.training.state != "idle" and session.training.run is not None:
            self.memory.lend(session.training.run)
        self.refresh()

    def entered(self) -> None:
        """Update everything, as another page may have started a run."""
        self.refresh()
        self.settings.refresh()
        self.tuning.show_study()
        self._show_chosen()
        self._draw()

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {
            **super().kept(),
            "settings": self.settings.kept(),
            "own settings": self.memory.own,
            "preparing": self.memory.preparing,
            "shown": self._shown,
            "plots": self.plots.kept(),
            "log": self.log.kept(),
            "log shown": self.log_chip.isChecked(),
            "repeat": self.repeat.value(),
            "pace": self.pace.measurements,
        }

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.model.choose(kept["settings"]["kind"])
        self.settings.take(kept["settings"])
        self.memory.own, self.memory.preparing = kept["own settings"], kept["preparing"]
        self.pace.measurements.update(kept["pace"])
        self._show(kept["shown"].again())
        self.plots.take(kept["plots"])
        self.log.take(kept["log"])
        self.log_chip.setChecked(kept["log shown"])
        self.repeat.setValue(kept["repeat"])
        stage = self.log.last_stage()
        if stage is not None and self.session.training.state != "idle" and stage.stage not in LEARNING:
            self.progress.show_stage(translated(stage.note))
        self.refresh()
        super().take(kept)

    def commands(self) -> Mapping[str, Command]:
        """See `Page.commands`."""
        words = self._words
        return {
            "train.start": Command(self.start, words=self.command_words),
            "train.tune": Command(self.find_settings, words=words.tune),
            "train.queue": Command(self.add_to_queue, words=words.queue),
            "train.texts": Command(self.see_texts, lambda: self.can_see_texts, words.texts),
        }

    def command_words(self) -> list[str] | None:
        """See `Page.command_words`: of the start of a run."""
        return self._words.train()

    def start(self) -> None:
        """Start a run with the settings shown."""
        workspace, name = self.session.workspace, self.session.dataset_name
        if not self._can_start() or name is None:
            return
        try:
            config, split = self.settings.config(), self.settings.split_kind()
        except RecdeskError as error:
            self.session.fail(error)
            return
        if not self.estimate.allows_start():
            return
        self.memory.preparing = False
        count, cluster = self.repeat.value(), self.settings.where.cluster()
        if count > 1:
            self.session.script.add(self._words.train() or [])
            job: Job[Any] = self.session.queue.add(name, config, split, count, begin=True, cluster=cluster)
        else:
            create = partial(workspace.create_run, name, config, split, cluster=cluster)
            job = begin_run(self.session, lambda: ready(create().folder))
        job.ended.connect(lambda _state: self.refresh())
        self.refresh()

    def resume_shown(self) -> None:
        """Resume the run whose curves are shown, from its last checkpoint."""
        run = self._shown.run
        if run is not None and run.resumable and self._can_start():
            resume_run(self.session, run)
            self.refresh()

    def find_settings(self) -> None:
        """Ask for a time budget, then search for good settings."""
        if self._can_start() and self.settings.form.is_valid():
            minutes = ask_minutes(self.model.kind(), self.session, self)
            self.settings.where.refresh()
            if minutes is not None:
                self.start_search(minutes)

    def start_search(self, minutes: float) -> None:
        """Start a study from the settings shown."""
        if self._can_start() and self.settings.form.is_valid():
            self.tuning.start(self.settings.config(), self.settings.split_kind(), minutes)

    @property
    def can_see_texts(self) -> bool:
        """Whether there are texts that the chosen model would read."""
        own = self.memory.is_own  # a template edited in the settings of a run would not stay
        return own and self.session.dataset is not None and self.settings.reads_texts and self.settings.form.is_valid()

    def see_texts(self) -> None:
        """Show the item texts as the encoder reads them, and take over the edited template."""
        if self.can_see_texts:
            see_texts(self.session, self.settings, self)

    def add_to_queue(self) -> None:
        """Add a run with the settings shown to the queue."""
        name = self.session.dataset_name
        if name is not None and self.settings.form.is_valid() and not self.session.read_only:
            settings = self.settings
            repeat, cluster = self.repeat.value(), settings.where.cluster()
            self.session.queue.add(name, settings.config(), settings.split_kind(), repeat, cluster=cluster)

    def _can_start(self) -> bool:
        session = self.session
        busy = session.training.state != "idle" or session.tuning.active
        busy = busy or session.jobs.at_work(STARTING) or session.jobs.at_work(REPEATING)
        return session.dataset_name is not None and not busy and not session.read_only

    def use_settings(self, config: RunConfig, split: SplitKind) -> None:
        """Use these settings for the next run."""
        self.model.choose(str(config.model_dump()["kind"]))
        self.settings.show_config(config, split)

    def prepare_next(self) -> None:
        """While a run is under way, show the person's own settings to line up the next run; or those of the run."""
        self.memory.prepare(not self.memory.preparing)
        self._dirty = True
        self.refresh()
        self._draw()

    def _tuning_changed(self) -> None:
        self.memory.give_back()
        self.refresh()

    def refresh(self) -> None:
        """Update buttons, facts and estimate."""
        state, dataset = self.session.training.state, self.session.dataset
        idle = state == "idle" and not self.session.tuning.active
        self._stack.setCurrentIndex(0 if dataset is None and idle else 1)
        done = idle and self._shown.is_model_of(self.session.training.run)
        self.start_button.setVisible(idle)
        self.start_button.setEnabled(
            dataset is not None
            and not self.session.read_only
            and not self.session.jobs.at_work(STARTING)
            and not self.session.jobs.at_work(REPEATING)
            and self.settings.form.is_valid()
        )
        self.start_button.setToolTip(plain_tooltip(self.settings.form.problem()))
        self.pause_button.setVisible(state == "running")
        self.resume_button.setVisible(state == "paused")
        self.stop_button.setVisible(not idle)
        self.stop_button.setText(self.tr("Skip final figures") if state == "stopping" else self.tr("Stop and keep"))
        shown = self._shown.run
        resumable = shown is not None and shown.resumable and shown.dataset_name == self.session.dataset_name
        self.continue_button.setVisible(idle and resumable)
        self.continue_button.setEnabled(self._can_start())
        self.continue_button.set_primary(resumable and not done)
        self.start_button.set_primary(not done and not resumable)
        self.queue_button.set_primary(not idle)
        self.tune_button.setVisible(idle)
        self.prepare_button.setVisible(not idle and not self.session.read_only)
        self.prepare_button.setText(self._words.preparing(self.memory.preparing))
        for control in (self.queue_button, self.repeat):
            control.setVisible(self.memory.is_own)
        for button in (self.tune_button, self.queue_button, self.repeat):
            button.setEnabled(self.start_button.isEnabled())
        self.recommend_button.setVisible(done)
        for card in (self.model, self.settings):
            card.setEnabled(self.memory.is_own)
        self.model.set_title(self._words.of_model(idle, self.memory.preparing))
        self.head.set_facts(facts(self.session, self._shown))
        if self.memory.is_own and dataset is not None and self.settings.form.is_valid():
            self.settings.set_with_times(dataset.times is not None)
            self._estimates.show(dataset)
        if self._shown.curves.plan is None and idle:
            self.progress.show_idle(idle_sentence(self._shown))
        self._show_steps()

    def _buttons(self) -> None:
        training = self.session.training
        self.pause_button = self.head.add_button(self.tr("Pause"), training.pause)
        self.resume_button = self.head.add_button(self.tr("Go on"), training.resume)
        self.stop_button = self.head.add_button(self.tr("Stop and keep"), self._stop)
        self.tune_button = self.head.add_button(self.tr("Find good settings…"), self.find_settings)
        self.prepare_button = self.head.add_button(PageWords.preparing(False), self.prepare_next)
        self.prepare_button.setToolTip(self.tr("Choose model and settings of another run, and add it to the queue"))
        self.continue_button = self.head.add_primary(self.tr("Resume this run"), self.resume_shown)
        self.continue_button.setToolTip(self.tr("Go on with the run shown, from its last checkpoint"))
        self.repeat = RepeatBox()
        self.head.add_widget(self.repeat)
        self.queue_button = self.head.add_primary(self.tr("Add to the queue"), self.add_to_queue)
        self.start_button = self.head.add_primary(self.tr("Start training"), self.start)
        self.recommend_button = self.head.add_button(self.tr("Recommendations ›"), self._recommend, primary=True)

    def _recommend(self) -> None:
        """Recommend with the run shown, even if another one is chosen."""
        assert self._shown.id is not None  # the button is there for a run that was trained here
        self.session.recommend_with(self._shown.id)

    def _stop(self) -> None:
        (self.session.tuning if self.session.tuning.active else self.session.training).stop()

    def _assemble(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState(
                self.tr("There is nothing to learn from yet. Add data first, or take the built-in example."),
                self.tr("Go to Data"),
                lambda: self.session.go("data"),
            )
        )
        cards = (self.tuning.card, self.model, self.settings, self.estimate)
        self._stack.addWidget(work_area(cards, self.progress, self.plots, self.log))
        self.body.addWidget(self._stack)
        self.log_chip = log_chip(self.log)
        self.progress.row.addWidget(self.log_chip)
        self.progress.row.addWidget(self.plots.load_chip)

    def _connect(self) -> None:
        session = self.session
        self.model.chosen.connect(self.settings.set_kind)
        changes = [self.settings.changed, self.repeat.valueChanged, self.resolution.found]
        for change in [*changes, session.dataset_changed]:
            change.connect(self.refresh)
        session.run_changed.connect(self._show_chosen)
        session.run_grew.connect(self._follow_elsewhere)
        session.runs_changed.connect(self._follow_elsewhere)
        session.settings_offered.connect(self.memory.offer)
        session.training.state_changed.connect(self._state_changed)
        session.training.events.connect(self._on_events)
        session.training.followed_changed.connect(self._show_followed)
        session.tuning.changed.connect(self._tuning_changed)
        session.queue.changed.connect(self.memory.give_back)
        self.tuning.found.connect(self.memory.offer)
        self.tuning.stored.connect(self.settings.presets.refresh)
        self.progress.steps.view_requested.connect(self.plots.show_view)
        self.settings.texts_requested.connect(self.see_texts)

    def _state_changed(self, state: str) -> None:
        if state == "running":  # it would slow the run down and be wrong
            self.pace.drop()
            self.estimate.show_pace(None)
        if state == "running" and self._shown.curves is not self.session.training.curves:
            self._show_followed()
            self.progress.show_idle(self.tr("Starting"))
        if state == "idle":
            if self._shown.curves is self.session.training.curves:
                self._shown = replace(self._shown, run=self.session.training.run)  # as it was left
            self._redraw.stop()
            self._dirty = True
            self._draw()
            self.memory.give_back()
        elif not self._redraw.isActive():
            self._redraw.start()
        self.refresh()

    def _show_followed(self) -> None:
        """Show the run under way, or the trial that is followed: what it said so far, its curves, its settings."""
        training = self.session.training
        self.session.jobs.drop(_CURVES)
        self.log.clear()
        self._show_run(training.curves, training.run)
        self.log.add(training.said)
        if training.run is not None:
            self.memory.lend(training.run)
        self.refresh()

    def _on_events(self, events: list[Event]) -> None:
        self._dirty = True
        self.log.add(events)
        for event in events:
            if isinstance(event, EncoderStep):
                self.progress.show_encoder(event)
            elif isinstance(event, StageStarted):
                self._follow(event)
            elif isinstance(event, StageProgress):
                self.progress.show_share(event.share)
            elif isinstance(event, Finished):
                self.head.set_facts(facts(self.session, self._shown))

    def _show_run(self, curves: RunCurves, run: "Run | None" = None) -> None:
        self._show(RunView.of(run, curves) if run is not None else RunView(curves=curves))

    def _show(self, shown: RunView) -> None:
        self._shown = shown
        self.plots.show_run(shown.curves)
        self._show_steps()
        self._dirty = True

    def _show_chosen(self) -> None:
        """While no run is under way, show the curves of the chosen one."""
        training, run_id, workspace = self.session.training, self.session.run_id, self.session.workspace
        self.session.jobs.drop(_CURVES)
        shown = self._shown.run
        own = self._shown.curves is training.curves
        stays = run_id == self._shown.id and (shown is None or own or shown.state not in ("queued", *ACTIVE))
        if training.state != "idle" or self.session.tuning.active or stays:
            return
        if run_id is None:
            self._show_ended(RunView())
            return
        if training.run is not None and training.run.id == run_id:
            self._show_ended(RunView.of(training.run, training.curves))
            return

        def work(_context: JobContext) -> RunView:
            run = workspace.run_store.current(run_id)
            return RunView.of(run, curves_of(run))

        self.session.jobs.run(
            self.tr("Reading runs"), work, self._show_ended, lambda _error: None, visible=False, replaces=_CURVES
        )

    def _follow_elsewhere(self) -> None:
        """Read the run shown again, where another process trains it."""
        shown, own = self._shown, self.session.training.curves
        if shown.id is not None and shown.id == self.session.run_id and shown.curves is not own:
            self._show_chosen()

    def _show_ended(self, shown: RunView) -> None:
        if self.session.training.state == "idle":
            self._show(shown)
            run = shown.run
            if run is not None and run.state == "interrupted" and not self.settings.form.differing():
                self.use_settings(run.config, run.split)  # with which it can be resumed
            self.refresh()
            self._draw()

    def _show_steps(self) -> None:
        """Show the steps of the run; without one, those of the settings."""
        skipped, line = self._shown.skips, self.progress.steps
        if self._shown.run is None and self.settings.form.is_valid():
            skipped = skips(self.settings.config())
        line.setVisible(skipped is not None)
        if skipped is not None:
            curves = self._shown.curves
            line.show_steps(curves.method.shown(skipped), len(curves.encoder) > 0)
            line.show_view(self.plots.view)

    def _follow(self, event: StageStarted) -> None:
        """Show a stage that begins, and its curves."""
        if event.stage not in LEARNING:
            self.progress.show_stage(translated(event.note))
        if event.stage in ("encoder", "training"):
            self.plots.show_view("encoder" if event.stage == "encoder" else "decoder")

    def _draw(self) -> None:
        """Update plots and figures, at most ten times a second and only while they are visible."""
        curves = self._shown.curves
        if not self._dirty or not self.isVisible():
            return
        self._dirty = False
        self.plots.refresh()
        self._show_steps()
        if curves.plan is not None:
            if not self.memory.is_own:
                self.estimate.show_plan(curves.plan)
            if len(curves.train_loss) and (curves.learning or self.session.training.state == "idle"):
                training, run = self.session.training, self._shown.run
                state: str = run.state if training.state == "idle" and run is not None else training.state
                self.progress.show_curves(curves, state, "" if curves is training.curves else self._shown.title)
