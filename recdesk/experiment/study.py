"""Hyperparameter search: a study is a series of runs (trials) whose settings Optuna proposes from earlier trials."""

import contextlib
import secrets
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout
from pydantic import Field

from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.files import PRIVATE_FILE, new_folder
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_object, validated, write_record
from recdesk.core.refusals import explained
from recdesk.data.dataset import Dataset
from recdesk.data.manifest import describe
from recdesk.data.split_kinds import SplitKind
from recdesk.experiment.search import Search, search_space
from recdesk.monitor.events import Evaluated, Event
from recdesk.training.config import WIDTH, BertConfig, RunConfig, config_from_dict
from recdesk.training.plan import choose_dropout, choose_hidden
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import ACTIVE, Run

if TYPE_CHECKING:
    from recdesk.workspace.run_cluster import ClusterRecord
    from recdesk.workspace.workspace import Workspace

FORMAT = 1
TRIAL_SHARE = 0.1
"""Share of the study's time that a trial may take. As some are pruned, there may be more trials than its inverse."""
RUNGS = 10
"""Number of moments, evenly spaced over a trial's time, at which it is compared with the others."""
MIN_TRIAL_SHARE = 0.2
"""No trial is begun when less than this share of a trial's time is left."""
NEW_STUDY_ADVICE = Message("study.start-new-keep-trials")
PRUNED = Message("study.trial-given-up")


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
    """An entry of the list of trials.

    Attributes:
        number: from 0.
        ndcg: best validation NDCG@10 so far; None before the first evaluation.
        differing: settings that differ from those of the first trial.
        active: whether it is under way, or about to begin.
    """

    number: int
    ndcg: float | None
    differing: dict[str, Any]
    active: bool = False


@dataclass(frozen=True)
class _TrialProgress:
    """Progress of a trial by its log.

    Attributes:
        best: best validation NDCG@10; -1 for none.
        seconds: of training.
        rungs: best validation NDCG@10 so far at each rung reached, from rung 1.
    """

    best: float
    seconds: float
    rungs: dict[int, float]


class Study:
    """A study in a workspace. `study.json` has what was requested; the trials are the runs with the study's id.

    As there is no other state, a study can be resumed after a crash at any moment; an interrupted trial continues from
    its checkpoint.
    """

    def __init__(self, workspace: "Workspace", folder: Path) -> None:
        """Open a study's folder.

        Raises:
            RecdeskError: it is not a study, is damaged, or was written by a newer recdesk.
        """
        self.workspace, self.folder, self.id = workspace, folder, folder.name
        path = folder / "study.json"
        about = read_object(path, NEW_STUDY_ADVICE, newest=FORMAT, newer=Message("record.study-newer", study=self.id))
        if not isinstance(about.get("format"), int):
            raise RecdeskError(Message("study.not-a-study", path=folder), Message("study.start-new-one"))
        validated(about, StudyFile, path, NEW_STUDY_ADVICE)
        self.dataset_name, self.split = str(about["dataset"]), about["split"]
        self.minutes = float(about["minutes"])
        try:
            self.base = config_from_dict(about["base"])
        except UsageError as error:  # written by a version with other settings
            raise DataError(
                Message("record.unusable", path=path, reason=error.sentence), error.suggestion or NEW_STUDY_ADVICE
            ) from error
        self._about = about
        self._search: Search | None = None
        self._read: dict[tuple[str, int], _TrialProgress] = {}

    @property
    def _hidden(self) -> int:
        """Vector size of the first trial; older studies have it in their base settings only."""
        return int(getattr(self.base, "hidden", None) or self._about.get("hidden", WIDTH))

    @property
    def trial_minutes(self) -> float:
        """The time limit of a trial."""
        return self.minutes * TRIAL_SHARE

    def runs(self) -> list[Run]:
        """The trials, in order."""
        return sorted((run for run in self.workspace.runs() if run.study == self.id), key=lambda run: run.trial)

    def best(self) -> Run | None:
        """The trial with the best validation NDCG@10 so far."""
        scored = [run for run in self.runs() if self._progress_of(run).best >= 0]
        return max(scored, key=lambda run: (self._progress_of(run).best, -run.trial)) if scored else None

    def best_settings(self) -> dict[str, Any]:
        """Settings of the best trial with the time limit of the base; the base settings if no trial was evaluated."""
        best = self.best()
        config = self.base if best is None else best.config
        return {**config.model_dump(), "minutes": self.base.minutes}

    def write_best(self) -> Path:
        """Write the best settings to a file for `recdesk train --config`; returns its path."""
        path = self.folder / "best.json"
        write_record(path, self.best_settings())
        return path

    def rows(self) -> list[TrialRow]:
        """All trials so far, in order."""
        reached = ((run, self._progress_of(run).best) for run in self.runs())
        return [
            TrialRow(run.trial, best if best >= 0 else None, self.differing(run), run.state in ("queued", *ACTIVE))
            for run, best in reached
        ]

    def spent(self) -> float:
        """Seconds of training so far, over all trials."""
        return sum(self._seconds_of(run) for run in self.runs())

    @property
    def can_resume(self) -> bool:
        """Whether a trial can be resumed, or there is time for another."""
        waiting = any(_unfinished(run) for run in self.runs())
        return waiting or self.minutes - self.spent() / 60 >= MIN_TRIAL_SHARE * self.trial_minutes

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the study: nobody else carries it out meanwhile.

        Raises:
            UsageError: another process does.
        """
        path = self.folder / ".study.lock"
        lock = FileLock(path, mode=PRIVATE_FILE)
        with explained(path):
            try:
                lock.acquire(timeout=0)
            except Timeout:  # an OSError too
                raise UsageError(Message("study.busy", study=self.id), Message("study.stop-there")) from None
        try:
            yield
        finally:
            lock.release()

    def next_run(self, under_way: Collection[str] = (), cluster: "ClusterRecord | None" = None) -> Run | None:
        """The trial to execute next: an unfinished one to resume, or a new one, queued; None if the time is used up.

        Args:
            under_way: ids of trials that are executed now. What of the study's time they may still use is theirs.
            cluster: where a new trial is trained; None for this computer.

        Raises:
            RecdeskError: the dataset was removed or updated, or the workspace cannot be written.
        """
        runs = self.runs()
        search = self._search = self._search_of(runs, under_way)
        waiting = next((run for run in runs if _unfinished(run) and run.id not in under_way), None)
        if waiting is not None:
            reached = self._progress_of(waiting)
            search.add_running(waiting.id, self._point(waiting.config), reached.best, reached.rungs)
            return waiting
        left = self.minutes - (sum(map(self._seconds_of, runs)) + self._reserved(runs, under_way)) / 60
        if left < MIN_TRIAL_SHARE * self.trial_minutes:
            return None
        facts = describe(self.workspace.dataset_folder(self.dataset_name))
        if runs and facts["hash"] != runs[0].dataset_hash:
            raise UsageError(
                Message("study.dataset-updated", name=facts["name"], study=self.id),
                Message("study.start-new"),
            )
        config = config_from_dict({**self.base.model_dump(), **search.propose()}) if runs else self.base
        config = config.model_copy(update={"minutes": min(self.trial_minutes, left)})
        number = max((run.trial for run in runs), default=-1) + 1
        run = self.workspace.create_run(self.dataset_name, config, self.split, self.id, number, cluster)
        if runs:
            search.begin(run.id)
        else:
            search.add_running(run.id, self._point(config), -1.0, {})
        return run

    def should_prune(self, run: Run, event: Event) -> bool:
        """Record an event of a trial under way; True if the trial should be pruned: stop it twice, which skips the
        final evaluation, then call `mark_pruned`."""
        if not isinstance(event, Evaluated) or self._search is None:
            return False
        return self._search.falls_behind(run.id, self._rung_of(event), event.metrics["ndcg@10"])

    def mark_pruned(self, run: Run) -> Run:
        """Mark a stopped trial as pruned; returns its new snapshot."""
        self.workspace.run_store.set_state(run, "stopped", reason=PRUNED)
        return Run.read(run.folder)

    @property
    def space(self) -> Mapping[str, Any]:
        """The search space, see `search_space`."""
        return search_space(self.base, self._about["longest"], self._hidden)

    def differing(self, run: Run) -> dict[str, Any]:
        """Settings of a trial that differ from the base settings, without the time limit."""
        ours, theirs = self.base.model_dump(), run.config.model_dump()
        if theirs.get("hidden") == self._hidden:
            theirs["hidden"] = ours["hidden"]  # the base has None (automatic), which is resolved to this size
        return {name: value for name, value in theirs.items() if value != ours[name] and name != "minutes"}

    def _search_of(self, runs: Sequence[Run], under_way: Collection[str]) -> Search:
        """What the trials tell: the results of those that ended, and how far those are that are under way."""
        search = Search(self.space, seed=len(runs))
        for run in runs:
            reached = self._progress_of(run)
            if run.id in under_way:
                search.add_running(run.id, self._point(run.config), reached.best, reached.rungs)
            elif reached.best >= 0 and not _unfinished(run):
                search.add_ended(self._point(run.config), reached.best, reached.rungs, run.reason == PRUNED)
        return search

    def _seconds_of(self, run: Run) -> float:
        return max(run.seconds, self._progress_of(run).seconds)

    def _reserved(self, runs: Sequence[Run], under_way: Collection[str]) -> float:
        """Seconds that trials under way may still train."""
        limits = {run.id: 60 * (run.config.minutes or 0.0) - self._seconds_of(run) for run in runs}
        return sum(max(limits.get(name, 0.0), 0.0) for name in under_way)

    def _rung_of(self, event: Evaluated) -> int:
        """The last rung that a trial had reached at an evaluation, 1 to RUNGS; 0 for none."""
        return min(int(event.seconds / (60 * self.trial_minutes) * RUNGS), RUNGS)

    def _progress_of(self, run: Run) -> _TrialProgress:
        """Progress of a trial; its log is read again only if it has grown."""
        path = run.folder / "events.jsonl"
        key = run.id, path.stat().st_size if path.exists() else 0
        if key not in self._read:
            best, seconds, rungs = -1.0, 0.0, dict[int, float]()
            for event in events_of(run):
                seconds = max(seconds, getattr(event, "seconds", 0.0))
                if isinstance(event, Evaluated):
                    best = max(best, event.metrics["ndcg@10"])
                    rungs |= dict.fromkeys(range(len(rungs) + 1, self._rung_of(event) + 1), best)
            self._read[key] = _TrialProgress(best, seconds, rungs)
        return self._read[key]

    def _point(self, config: RunConfig) -> dict[str, Any]:
        """Settings as a point of the search space; numbers outside of it are clipped."""
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
    """Create a study.

    Args:
        workspace: that the trials become runs of.
        dataset_name: folder name or title of the dataset.
        base: settings of the first trial; settings outside the search space have these values in all trials.
        split: how the data is split; trials are compared on the validation part only.
        minutes: training time of all trials together.

    Raises:
        UsageError: there is no such dataset, or `minutes` is not positive.
    """
    if not 0 < minutes < 1e6:
        raise UsageError(Message("study.no-time", count=minutes), Message("settings.give-positive"))
    folder = workspace.dataset_folder(dataset_name)
    dataset = workspace.dataset(folder.name)
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
    longest, dropout = _longest_and_dropout(dataset, base)
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
    """All studies, newest first; `damaged` gets the errors of those that cannot be read, which are left out."""
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
            return Study(workspace, folder)  # raises the error that left it out of the list
    names = ", ".join(study.id for study in known[:5])
    raise UsageError(
        Message("study.not-found", study=study_id),
        Message("run.newest-are", names=names) if names else Message("study.start-one"),
    )


def _longest_and_dropout(dataset: Dataset, base: RunConfig) -> tuple[int, float]:
    """Length of the longest history, and the dropout with "automatic" resolved."""
    longest = int(np.diff(dataset.offsets).max(initial=1))
    predictions = max(dataset.n_interactions - 3 * dataset.n_users, 1)
    return longest, choose_dropout(base, predictions, dataset.n_users)


def _unfinished(run: Run) -> bool:
    return run.resumable and run.state != "failed" and run.reason != PRUNED
