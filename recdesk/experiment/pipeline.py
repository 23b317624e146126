"""Executes a run from data to metrics."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import Timeout

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import PRIVATE_FILE
from recdesk.core.messages import Message
from recdesk.core.records import write_record
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.splitting import Split, leakage
from recdesk.evaluation.measured import Measured, measured_parts
from recdesk.experiment.failures import as_event
from recdesk.experiment.run_baselines import RunBaselines
from recdesk.experiment.run_data import split_of
from recdesk.experiment.run_workers import Followers, leading
from recdesk.experiment.warm_start import start_of, text_paths_of
from recdesk.monitor.control import Control
from recdesk.monitor.disk_watch import DiskWatch
from recdesk.monitor.events import (
    BaselineScored,
    Emit,
    EncoderStep,
    Event,
    Failed,
    Finished,
    StageProgress,
    StageStarted,
    StateChanged,
    Step,
    Warned,
    is_kept,
    to_line,
)
from recdesk.monitor.load import LoadLog, LoadSampler
from recdesk.training.config import RunConfig, TextConfig, TextSourceConfig
from recdesk.workspace.run_results import save_results
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.runs import EVENTS, LASTING, METRICS, PROTOCOL, TEXT_LOG, Run, environment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recdesk.evaluation.baseline_results import BaselineResult
    from recdesk.evaluation.ranking import Part
    from recdesk.evaluation.results import Results
    from recdesk.text.text_paths import TextPaths
    from recdesk.training.plan import ResolvedPlan
    from recdesk.training.recommender_stage import Outcome
    from recdesk.training.text_stages import Prepared

UNTRAINED = Message("word.untrained")
"""Name among the baselines of a model that starts from another run, before it is trained on this dataset."""
TRAIN_SAMPLE = 2000
"""Number of users, drawn at random, on whom the metrics on training data are computed."""


def execute(run: Run, control: Control, emit: Emit, resume: bool = False, followers: Followers | None = None) -> Run:
    """Execute a run from data to metrics in the calling thread; returns its snapshot at the end.

    The run's folder gets the events as they happen, the state, and the metrics at the end. Failures become an event and
    a state, never an exception.

    Args:
        run: the run to execute.
        control: pauses and stops it, from any thread.
        emit: gets the events in order; the last one is `Finished` or `Failed`.
        resume: continue from the last checkpoint.
        followers: the workers beside this process, of a run with several; None for processes of this machine.
    """
    try:
        with locked(run):
            run = Run.read(run.folder)
            if run.state == "finished":  # before the log is opened, whose last event is Finished
                raise UsageError(Message("run.finished", run=run.id), Message("run.start-from-settings"))
            with _log(run, emit) as log:
                _Execution(run, control, log, followers).run(resume)
    except RecdeskError as error:  # the folder could not be locked, read or written
        emit(Failed(sentence=error.sentence, suggestion=error.suggestion, details=error.details))
    finally:
        _release_memory()
    with contextlib.suppress(RecdeskError):  # the drive may be disconnected
        return Run.read(run.folder)
    return run


def _release_memory() -> None:
    """Release memory that the run allocated, unless torch was never imported. A failed device may raise even here."""
    devices = sys.modules.get("recdesk.core.devices")
    if devices is not None:
        with contextlib.suppress(RuntimeError):
            devices.release_all_memory()


@contextlib.contextmanager
def locked(run: Run) -> Iterator[None]:
    """Hold the run's lock, which tells other processes that it is active.

    Raises:
        UsageError: another process holds it.
    """
    lock = run_lock(run.folder)
    with explained(run.folder / ".run.lock"):
        try:
            lock.acquire(timeout=0)
        except Timeout:  # an OSError too
            raise UsageError(Message("run.busy-elsewhere", run=run.id)) from None
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _log(run: Run, emit: Emit) -> Iterator[Emit]:
    """An `emit` that appends each event to `events.jsonl`, then passes it on."""
    path = run.folder / EVENTS
    with explained(path):
        stream = _log_stream(path)
        pending = bytearray()

        def write() -> None:
            nonlocal stream
            with contextlib.suppress(OSError):  # the disk is full or disconnected: written later
                try:
                    del pending[: stream.write(pending) or 0]
                except OSError:  # after a drive was disconnected its old stream stays invalid
                    invalid, stream = stream, _log_stream(path)
                    with contextlib.suppress(OSError):
                        invalid.close()
                    del pending[: stream.write(pending) or 0]

        def log(event: Event) -> None:
            if is_kept(event):
                pending.extend(to_line(event).encode())
                write()  # at once: no checkpoint of a step may be on disk without the events of the step
            emit(event)

        try:
            yield log
        finally:
            write()
            with contextlib.suppress(OSError):
                stream.close()


def _log_stream(path: Path) -> FileIO:
    """Open the log to append to it; a last line that a killed process left incomplete is ended first."""
    path.touch(PRIVATE_FILE)
    stream = path.open("a+b", buffering=0)
    try:
        if stream.tell():
            stream.seek(-1, 2)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
    except BaseException:
        stream.close()
        raise
    return stream


class _Execution:
    def __init__(self, run: Run, control: Control, emit: Emit, followers: Followers | None) -> None:
        self._run, self.control, self.followers = run, control, followers
        self.emit_to = DiskWatch(run.folder, LoadLog(emit, LoadSampler()))
        self.store = RunStore.of(run)
        self.warnings: list[str] = list(run.notes.get("warnings", []))
        self.measured: dict[str, Measured] = {}
        self.resolved: ResolvedPlan | None = None
        self.baselines: RunBaselines | None = None

    def emit(self, event: Event) -> None:
        """Pass an event on, after storing what it changes: warnings, the state, log.txt."""
        if isinstance(event, Warned):
            self.warnings.append(event.sentence)
        if isinstance(event, StateChanged):
            with contextlib.suppress(RecdeskError, OSError):  # the disk may be full or disconnected
                self.store.set_state(self._run, event.state, [EVENTS])
        if not isinstance(event, (Step, EncoderStep, StageProgress)):
            log = self._run.folder / TEXT_LOG
            with contextlib.suppress(OSError):
                log.touch(PRIVATE_FILE)
                with log.open("a", encoding="utf-8") as stream:
                    stream.write(to_line(event))
        self.emit_to(event)

    def _warn(self, sentence: str) -> None:
        self.emit(Warned(sentence=sentence))

    def run(self, resume: bool) -> None:
        try:
            self.emit(StateChanged(state="running"))
            self._work(resume)
        except Exception as error:
            failed = as_event(error)
            with contextlib.suppress(RecdeskError):
                self.store.set_failed(self._run, failed.sentence)
            with contextlib.suppress(OSError):
                self.emit(failed)

    def _work(self, resume: bool) -> None:
        import torch

        from recdesk.evaluation.baselines import in_order
        from recdesk.training.fit import fit
        from recdesk.training.plan import resolve

        run, config = self._run, self._run.config
        self.emit(StageStarted(stage="preparing", note=Message("run.loading-dataset", name=run.dataset_title)))
        split = self._split()
        _check_early(split, config)
        self.resolved = resolve(split, config)
        about = {**environment(), "threads": torch.get_num_threads(), "plan": self.resolved.to_dict()}
        self._write_record("environment.json", about)
        baselines = self.baselines = RunBaselines(split, run.workspace / "cache", self.emit, self._warn, self.control)
        baselines.begin()
        texts = None
        if isinstance(config, TextSourceConfig):
            texts = self._texts(split, config, resume, baselines.results)
            if texts is None:
                return
        with leading(run, self.resolved, texts, self.control, self.followers) as workers:
            outcome = fit(
                split, config, run.folder, self._emit_training, self.control, resume, texts, self.resolved, workers
            )
        baselines.finish()
        self._finish(split, outcome, in_order(baselines.results))

    def _emit_training(self, event: Event) -> None:
        self.emit(event)
        if self.baselines is not None:
            self.baselines.watch(event)

    def _write_record(self, name: str, values: dict[str, Any]) -> None:
        """Write a JSON file in the run's folder, see `_write_when_possible`."""
        self._write_when_possible(lambda: write_record(self._run.folder / name, values))

    def _write_when_possible(self, write: Callable[[], None]) -> None:
        """Call `write`; while the disk is full or disconnected, pause and try again."""
        from recdesk.training.waiting import written

        written(write, self.emit, self.control)

    def _texts(
        self, split: Split, config: TextSourceConfig, resume: bool, baselines: "list[BaselineResult]"
    ) -> "Prepared | None":
        """Steps 1 and 2 of the text method; None if they were stopped. Adds to `baselines` the recommender by similar
        texts and, if the run starts from another one, the untrained model."""
        from recdesk.evaluation.baselines import attempted
        from recdesk.experiment.warm_start import with_start
        from recdesk.models.baselines.similar_texts import SimilarTexts
        from recdesk.training.fit import train_step_of
        from recdesk.training.text_stages import prepare_texts, starts

        text_paths = text_paths_of(self._run)
        if isinstance(config, TextConfig) and config.start_from:
            self._copy_start(split, config, text_paths)
        prepared = prepare_texts(split, config, text_paths, self.emit, self.control, resume)
        if prepared is None:
            reason = Message("run.stopped-while-reading")
            self._write_when_possible(lambda: self.store.set_state(self._run, "stopped", reason=reason))
            self.emit(Finished(state="stopped", reason=reason, seconds=0.0, metrics={}))
            return None
        models: dict[str, Any] = {SimilarTexts.kind: SimilarTexts(prepared.vectors)}
        if starts(config):
            prepared = with_start(prepared, text_paths)
            models[UNTRAINED] = train_step_of(split, config, prepared, self.resolved).model.eval()
        task = Task(cancelled=lambda: self.control.stopped)
        for name, model in models.items():
            result = attempted(name, lambda model=model: model, split, self._warn, task)  # type: ignore[misc]
            if result is not None:
                baselines.append(result)
                self.emit(BaselineScored(name=result.name, metrics=result.metrics))
        return prepared

    def _copy_start(self, split: Split, config: TextConfig, text_paths: "TextPaths") -> None:
        """Copy what the run needs of the run that it starts from, unless that is done already."""
        from recdesk.experiment.warm_start import copy_start

        if not text_paths.facts.exists():
            self.emit(StageStarted(stage="start", note=Message("run.taking-over", run=config.start_from)))
            start = start_of(self._run.folder.parent, config)
            self._write_when_possible(lambda: copy_start(start, text_paths, split.dataset, config.template))

    def _split(self) -> Split:
        run = self._run
        split = split_of(run)
        if getattr(run.config, "times", "ignored") != "ignored" and split.dataset.times is None:
            self._warn(Message("run.no-times-to-read"))
        self._write_record(PROTOCOL, split.protocol.to_dict())
        self.measured = measured_parts(split)
        for sentence in self.measured["validation"].sentences:
            self.emit(Warned(sentence=sentence, about="figures"))
        return split

    def _finish(self, split: Split, outcome: "Outcome", baselines: "list[BaselineResult]") -> None:
        metrics, comparisons = self._test(split, outcome, baselines)
        notes: dict[str, Any] = {
            "leakage": leakage(split),
            "measured": {part: counts.to_dict() for part, counts in self.measured.items()},
            "warnings": list(dict.fromkeys(self.warnings)),
        }
        results = {result.name: result.metrics for result in baselines}
        values = {"version": 1, "metrics": metrics, "baselines": results, "comparisons": comparisons, "notes": notes}
        self._write_record(METRICS, _finite(values))
        ended = {"reason": outcome.reason, "seconds": outcome.seconds}
        there = [name for name in LASTING if (self._run.folder / name).exists()]
        self._write_when_possible(lambda: self.store.set_state(self._run, outcome.state, there, **ended))
        self.emit(
            Finished(state=outcome.state, reason=outcome.reason, seconds=outcome.seconds, metrics=_finite(metrics))
        )

    def _test(
        self, split: Split, outcome: "Outcome", baselines: "list[BaselineResult]"
    ) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
        self.emit(StageStarted(stage="testing", note=Message("figures.ranking-catalogue")))
        from recdesk.evaluation.metrics import compare
        from recdesk.evaluation.significance import holm
        from recdesk.monitor.progress import throttled

        task = Task(throttled("testing", self.emit), lambda: self.control.hurried)
        results, metrics = measure(split, outcome.model, task)
        comparisons: dict[str, dict[str, float]] = {}
        if not results:
            self.emit(Warned(sentence=Message("figures.final-skipped")))
            return metrics, comparisons
        self._write_when_possible(lambda: save_results(self._run, held_out(results)))
        part = "test" if "test" in results else "validation"
        for result in baselines:
            comparisons[result.name] = compare(results[part].ranks, result.ranks[part], len(baselines))
        adjusted = holm([values["p"] for values in comparisons.values()])
        for values, p in zip(comparisons.values(), adjusted, strict=True):
            values["p holm"] = p
        return metrics, comparisons


def _check_early(split: Split, config: RunConfig) -> None:
    """Check device and item texts before the baselines are scored, which can take minutes.

    Raises:
        UsageError: the device is not available, or the items lack the texts of the template.
    """
    from recdesk.core.devices import choose_device

    choose_device(config.device)
    if isinstance(config, TextSourceConfig):
        from recdesk.text.item_texts import wanted_template

        wanted_template(split.dataset, config.template)


def held_out(results: "dict[str, Results]") -> "dict[str, Results]":
    """Results without those on training data."""
    return {part: result for part, result in results.items() if part != "train"}


def measure(
    split: Split, model: Any, task: Task = UNWATCHED
) -> "tuple[dict[str, Results], dict[str, dict[str, float]]]":
    """Ranks, lists and metrics of a model on every held-out part and on training data, which shows overfitting.

    Returns:
        Results and metrics by part; both {} if the task was cancelled.
    """
    from recdesk.evaluation.baseline_results import parts
    from recdesk.evaluation.ranking import evaluate, figures
    from recdesk.evaluation.results import Results

    results: dict[str, Results] = {}
    metrics: dict[str, dict[str, float]] = {}
    people = {part: _measured(split, part) for part in (*parts(split), "train")}
    everybody, done = max(sum(map(len, people.values())), 1), 0
    for part, users in people.items():
        part_task = task.part(done / everybody, (done + len(users)) / everybody)
        done += len(users)
        evaluation = evaluate(model, split, part, users, with_lists=True, task=part_task)
        if evaluation is None:
            return {}, {}
        metrics[part] = figures(evaluation, split)
        results[part] = Results(evaluation.ranks, evaluation.lists.astype("int32"))
    return results, metrics


def _measured(split: Split, part: "Part") -> "NDArray[np.int64]":
    """Codes of the users with a target in a part, int64 [n]; of the training part a sample."""
    import numpy as np

    users = np.flatnonzero(split.targets(part) >= 0)
    if part == "train" and len(users) > TRAIN_SAMPLE:
        users = np.sort(np.random.default_rng(0).choice(users, TRAIN_SAMPLE, replace=False))
    return users


def _finite(value: Any) -> Any:
    """Nested metrics without NaN, which JSON does not support: metrics over no users are left out."""
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items() if entry == entry}
    return value
