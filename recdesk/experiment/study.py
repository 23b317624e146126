"""Finding good settings: a study is a series of runs like any other, proposed by what the earlier ones reached."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field

from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.files import new_folder
from recdesk.core.messages import Message
from recdesk.core.records import Record, fitting, read_object, write_record
from recdesk.data.dataset import Dataset
from recdesk.data.splitting import SplitKind
from recdesk.data.store import describe
from recdesk.monitor.events import Evaluated, Event
from recdesk.training.config import WIDTH, Bert4RecConfig, BertConfig, RunConfig, TextConfig, config_from_dict
from recdesk.training.plan import choose_dropout, choose_hidden
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    import optuna

    from recdesk.workspace.workspace import Workspace

FORMAT = 1
SHARE = 0.1
"""Of the budget that a trial may take; those that are given up early leave time for more of them."""
RUNGS = 10
"""Moments in a trial's time at which it is compared with the others."""
WARM_UP = 2
"""Rungs before which none is given up, and trials that are never given up."""
LEAST = 0.2
"""Of a trial's time: with less than that left, no other is begun."""
LOST = Message("study.start-new-keep-trials")
GIVEN_UP = Message("study.trial-given-up")


class StudyFile(Record):
    """Schema of `study.json`."""

    dataset: str
    split: SplitKind
    minutes: float = Field(gt=0, lt=1e6)
    base: dict[str, Any]
    longest: int = Field(ge=0)
    dropout: float = Field(ge=0, lt=1)
    hidden: int = Field(WIDTH, ge=1)


@dataclass(frozen=True)
class TrialRow:
    """What a list shows of a trial.

    Attributes:
        number: from 0.
        ndcg: best validation NDCG@10 so far; None before the first evaluation.
        differing: settings in which it differs from the first trial.
    """

    number: int
    ndcg: float | None
    differing: dict[str, Any]


@dataclass(frozen=True)
class _Reached:
    """What the log of a trial says: best validation NDCG@10 (-1 for none), seconds of training, best at each rung."""

    best: float
    seconds: float
    rungs: dict[int, float]


class Study:
    """A folder with what was asked for; the trials are the runs that name it, so nothing else must be kept.

    Killed at any moment, it is made again from its runs: an interrupted trial goes on from its checkpoint.
    """

    def __init__(self, workspace: "Workspace", folder: Path) -> None:
        """Open it.

        Raises:
            RecdeskError: it is none, damaged, or written by a newer recdesk.
        """
        self.workspace, self.folder, self.id = workspace, folder, folder.name
        path = folder / "study.json"
        about = read_object(path, LOST, newest=FORMAT, newer=Message("record.study-newer", study=self.id))
        if not isinstance(about.get("format"), int):
            raise RecdeskError(Message("study.not-a-study", path=folder), Message("study.start-new-one"))
        fitting(about, StudyFile, path, LOST)
        self.dataset_name, self.split = str(about["dataset"]), about["split"]
        self.minutes = float(about["minutes"])
        try:
            self.base = config_from_dict(about["base"])
        except UsageError as error:  # of a recdesk with other settings
            raise DataError(
                Message("record.unusable", path=path, reason=error.sentence), error.suggestion or LOST
            ) from error
        self._about = about
        self._trial: optuna.trial.Trial | None = None
        self._reported, self._best = 0, -1.0
        self._read: dict[tuple[str, int], _Reached] = {}

    @property
    def _hidden(self) -> int:
        """Vector size that the trials begin with; older studies say it in their settings alone."""
        return int(getattr(self.base, "hidden", None) or self._about.get("hidden", WIDTH))

    @property
    def trial_minutes(self) -> float:
        """Training time of a trial at most."""
        return self.minutes * SHARE

    def runs(self) -> list[Run]:
        """Its trials, first to last."""
        return sorted((run for run in self.workspace.runs() if run.study == self.id), key=lambda run: run.trial)

    def best(self) -> Run | None:
        """The trial with the best validation NDCG@10 so far."""
        scored = [run for run in self.runs() if self._reached(run).best >= 0]
        return max(scored, key=lambda run: (self._reached(run).best, -run.trial)) if scored else None

    def best_settings(self) -> dict[str, Any]:
        """Those of the best trial without its time limit; where the study began while there is none."""
        best = self.best()
        config = self.base if best is None else best.config
        return {**config.model_dump(), "minutes": self.base.minutes}

    def write_best(self) -> Path:
        """Keep the best settings in a file that `recdesk train --config` reads."""
        path = self.folder / "best.json"
        write_record(path, self.best_settings())
        return path

    def rows(self) -> list[TrialRow]:
        """Every trial so far."""
        reached = ((run, self._reached(run).best) for run in self.runs())
        return [TrialRow(run.trial, best if best >= 0 else None, self.differing(run)) for run, best in reached]

    def spent(self) -> float:
        """Seconds of training so far, over all trials."""
        return sum(max(run.seconds, self._reached(run).seconds) for run in self.runs())

    @property
    def can_go_on(self) -> bool:
        """A trial waits to be resumed, or there is time for another."""
        waiting = any(_unfinished(run) for run in self.runs())
        return waiting or self.minutes - self.spent() / 60 >= LEAST * self.trial_minutes

    def next_run(self) -> Run | None:
        """The trial to carry out now (resume it unless it is queued); None when the time is used up.

        Raises:
            RecdeskError: the dataset is gone or another one by now, or the workspace cannot be written.
        """
        runs = self.runs()
        study = self._told(runs)
        unfinished = [run for run in runs if _unfinished(run)]
        if unfinished:
            self._ask(study, unfinished[0].config)
            for event in events_of(unfinished[0]):
                self.hear(event)
            return unfinished[0]
        left = self.minutes - self.spent() / 60
        if left < LEAST * self.trial_minutes:
            return None
        facts = describe(self.workspace.dataset_folder(self.dataset_name))
        if runs and facts["hash"] != runs[0].dataset_hash:
            raise UsageError(
                Message("study.dataset-updated", name=facts["name"], study=self.id),
                Message("study.start-new"),
            )
        config = self.base if not runs else None
        config = self._ask(study, config).model_copy(update={"minutes": min(self.trial_minutes, left)})
        return self.workspace.create_run(self.dataset_name, config, self.split, study=self.id, trial=len(runs))

    def hear(self, event: Event) -> bool:
        """Follow the trial under way; True when it should be given up (stop it twice, then tell `give_up`)."""
        if not isinstance(event, Evaluated) or self._trial is None:
            return False
        self._best = max(self._best, event.metrics["ndcg@10"])
        rung = self._rung(event)
        while self._reported < rung:
            self._reported += 1
            self._trial.report(self._best, self._reported)
        return rung > 0 and self._trial.should_prune()

    def give_up(self, run: Run) -> Run:
        """Mark a trial as ended because others were better; gives it as it is then."""
        self.workspace.run_store.set_state(run, "stopped", reason=GIVEN_UP)
        return Run.read(run.folder)

    @property
    def space(self) -> Mapping[str, Any]:
        """What is varied, and how far."""
        return search_space(self.base, self._about["longest"], self._hidden)

    def differing(self, run: Run) -> dict[str, Any]:
        """Settings in which a trial differs from where the study began, time limits aside."""
        ours, theirs = self.base.model_dump(), run.config.model_dump()
        if theirs.get("hidden") == self._hidden:
            theirs["hidden"] = ours["hidden"]  # what “automatic” stands for
        return {name: value for name, value in theirs.items() if value != ours[name] and name != "minutes"}

    def _ask(self, study: "optuna.Study", config: RunConfig | None) -> RunConfig:
        """Begin a trial with a config, or with one that the earlier trials suggest."""
        if config is not None:
            study.enqueue_trial(self._point(config))
        self._trial, self._reported, self._best = study.ask(dict(self.space)), 0, -1.0
        return config or config_from_dict({**self.base.model_dump(), **_tidy(self._trial.params)})

    def _told(self, runs: list[Run]) -> "optuna.Study":
        """An Optuna study that knows what ended trials reached. Kept in memory only: the runs are the record."""
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        study = optuna.create_study(
            direction="maximize",
            sampler=optuna.samplers.TPESampler(seed=len(runs), n_startup_trials=5),
            pruner=optuna.pruners.MedianPruner(n_startup_trials=WARM_UP, n_warmup_steps=WARM_UP),
        )
        for run in runs:
            reached = self._reached(run)
            if reached.best < 0 or _unfinished(run):
                continue
            state = optuna.trial.TrialState.PRUNED if run.reason == GIVEN_UP else optuna.trial.TrialState.COMPLETE
            study.add_trial(
                optuna.create_trial(
                    state=state,
                    value=reached.best,
                    params=self._point(run.config),
                    distributions=dict(self.space),
                    intermediate_values=reached.rungs,
                )
            )
        return study

    def _rung(self, event: Evaluated) -> int:
        """The last moment of comparison that an evaluation has reached; 0 before the first."""
        return min(int(event.seconds / (60 * self.trial_minutes) * RUNGS), RUNGS)

    def _reached(self, run: Run) -> _Reached:
        """Read a trial's log, once for what stands in it."""
        path = run.folder / "events.jsonl"
        key = run.id, path.stat().st_size if path.exists() else 0
        if key not in self._read:
            best, seconds, rungs = -1.0, 0.0, dict[int, float]()
            for event in events_of(run):
                seconds = max(seconds, getattr(event, "seconds", 0.0))
                if isinstance(event, Evaluated):
                    best = max(best, event.metrics["ndcg@10"])
                    rungs |= dict.fromkeys(range(len(rungs) + 1, self._rung(event) + 1), best)
            self._read[key] = _Reached(best, seconds, rungs)
        return self._read[key]

    def _point(self, config: RunConfig) -> dict[str, Any]:
        """A config as a point of the space."""
        values = config.model_dump()
        if config.dropout is None:
            values["dropout"] = self._about["dropout"]
        if isinstance(config, BertConfig) and config.hidden is None:
            values["hidden"] = self._hidden
        point = {name: values[name] for name in self.space}
        for name, within in self.space.items():
            if hasattr(within, "low"):
                point[name] = min(max(point[name], within.low), within.high)
        return point


def create_study(workspace: "Workspace", dataset_name: str, base: RunConfig, split: SplitKind, minutes: float) -> Study:
    """A new study in the workspace.

    Args:
        workspace: where runs go.
        dataset_name: folder name or title of the dataset.
        base: the first trial; what is not varied stays as in it.
        split: how the data is cut; trials are compared on its validation part, the test part decides nothing.
        minutes: training time over all trials.

    Raises:
        UsageError: there is no such dataset, or no time.
    """
    if not 0 < minutes < 1e6:
        raise UsageError(Message("study.no-time", count=minutes), Message("settings.give-positive"))
    folder = workspace.dataset_folder(dataset_name)
    dataset = workspace.dataset(folder.name)
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
    longest, dropout = _of_data(dataset, base)
    hidden = choose_hidden(base, dataset.n_items) if isinstance(base, BertConfig) else WIDTH
    about = {
        "format": FORMAT,
        "dataset": folder.name,
        "split": split,
        "minutes": minutes,
        "base": base.model_dump(),
        "longest": longest,
        "dropout": dropout,
        "hidden": hidden,
        "created": time.time(),
    }
    studies = workspace.folder / "studies"
    with new_folder(studies / name) as made:
        write_record(made / "study.json", about)
    return Study(workspace, studies / name)


def studies(workspace: "Workspace", damaged: list[RecdeskError] | None = None) -> list[Study]:
    """All studies, newest first; damaged ones are left out, and told to `damaged`."""
    found = []
    for folder in sorted((workspace.folder / "studies").glob("[!.]*"), reverse=True):
        try:
            found.append(Study(workspace, folder))
        except RecdeskError as error:
            if damaged is not None:
                damaged.append(error)
    return found


def find_study(workspace: "Workspace", study_id: str) -> Study:
    """A study by its id; "last" is the newest.

    Raises:
        UsageError: there is none.
    """
    known = studies(workspace)
    for study in known:
        if study_id in (study.id, "last"):
            return study
    for folder in (workspace.folder / "studies").glob("[!.]*"):
        if folder.name == study_id:
            return Study(workspace, folder)  # says what is wrong with it
    names = ", ".join(study.id for study in known[:5])
    raise UsageError(
        Message("study.not-found", study=study_id),
        Message("run.newest-are", names=names) if names else Message("study.start-one"),
    )


def search_space(base: RunConfig, longest: int, hidden: int = WIDTH) -> dict[str, Any]:
    """What is varied: by name, an Optuna distribution.

    Args:
        base: of the kind of model that is tuned.
        longest: of the histories, which bounds how many items it is worth reading.
        hidden: the vector size of `base`, what “automatic” stands for among them.
    """
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    lengths = [n for n in (20, 50, 100, 200) if n < 2 * longest] or [20]
    space: dict[str, Any] = {
        "learning_rate": FloatDistribution(3e-4, 4e-3, log=True),
        "dropout": FloatDistribution(0.05, 0.65),
        "weight_decay": FloatDistribution(1e-3, 0.3, log=True),
        "label_smoothing": FloatDistribution(0.0, 0.2),
        "max_length": CategoricalDistribution(sorted({*lengths, base.max_length})),
    }
    if isinstance(base, TextConfig) and base.start_from:
        del space["max_length"]  # its sizes are those of the run that it starts from
    elif isinstance(base, BertConfig):
        space["hidden"] = CategoricalDistribution(sorted({32, 64, 128, hidden}))
        space["layers"] = IntDistribution(1, max(3, base.layers))
    if isinstance(base, Bert4RecConfig):
        space["mask_probability"] = FloatDistribution(0.15, 0.7)
        space["mask_last_probability"] = FloatDistribution(0.0, 0.6)
    return space


def _of_data(dataset: Dataset, base: RunConfig) -> tuple[int, float]:
    """The longest history, and the dropout that “automatic” stands for."""
    longest = int(np.diff(dataset.offsets).max(initial=1))
    predictions = max(dataset.n_interactions - 3 * dataset.n_users, 1)
    return longest, choose_dropout(base, predictions, dataset.n_users)


def _unfinished(run: Run) -> bool:
    return run.resumable and run.state != "failed" and run.reason != GIVEN_UP


def _tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Three digits are enough for a setting that a person reads."""
    return {name: float(f"{value:.3g}") if isinstance(value, float) else value for name, value in values.items()}
