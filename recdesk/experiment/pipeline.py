"""Executes a run from data to metrics."""

import contextlib
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import Timeout

from recdesk.core.errors import DataError, RecdeskError, UsageError, is_out_of_memory
from recdesk.core.files import PRIVATE_FILE, explained
from recdesk.core.messages import Message
from recdesk.core.records import write_record
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.splitting import Split, leakage, make_split
from recdesk.data.store import load_dataset
from recdesk.evaluation.measured import Measured, measured_parts
from recdesk.experiment.warm_start import start_of, text_places
from recdesk.monitor.control import Control
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
from recdesk.training.config import RunConfig, TextConfig, TextSourceConfig
from recdesk.workspace.replacing import folder_with
from recdesk.workspace.run_store import RunStore, lock_of
from recdesk.workspace.runs import EVENTS, LASTING, METRICS, PROTOCOL, Run, environment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recdesk.evaluation.baselines import BaselineResult
    from recdesk.evaluation.ranking import Part
    from recdesk.text.text_paths import TextPaths
    from recdesk.training.plan import ResolvedPlan
    from recdesk.training.recommender_stage import Outcome
    from recdesk.training.text_stages import Prepared

UNTRAINED = Message("word.untrained")
"""What a model that starts from another run's is called before it has learned from this catalogue."""
TRAIN_SAMPLE = 2000
"""Users whose last training item is predicted for the figure on training data."""


def execute(run: Run, control: Control, emit: Emit, resume: bool = False) -> Run:
    """Execute a run from data to metrics in the calling thread; gives the run as it is then.

    Everything is kept in the run's folder: events as they happen, the state, metrics at the end. A failure is an event
    and a state, never an exception.

    Args:
        run: which.
        control: pauses and stops it, from any thread.
        emit: gets the events in order; the last one is `Finished` or `Failed`.
        resume: go on from the last checkpoint.
    """
    try:
        with _held(run):
            run = Run.read(run.folder)
            if run.state == "finished":  # before its log is opened, which ends with that
                raise UsageError(Message("run.finished", run=run.id), Message("run.start-from-settings"))
            with _log(run, emit) as log:
                _Execution(run, control, log).run(resume)
    except RecdeskError as error:  # the run could not even be entered
        emit(Failed(sentence=error.sentence, suggestion=error.suggestion, details=error.details))
    finally:
        _release_memory()
    with contextlib.suppress(RecdeskError):  # its drive may be gone
        return Run.read(run.folder)
    return run


def _release_memory() -> None:
    """Give back what the run held, where it came to compute at all; a device that failed may refuse even that."""
    devices = sys.modules.get("recdesk.core.devices")
    if devices is not None:
        with contextlib.suppress(RuntimeError):
            devices.release_all_memory()


@contextlib.contextmanager
def _held(run: Run) -> Iterator[None]:
    """Hold the run's lock, by which others see that it is alive."""
    lock = lock_of(run.folder)
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
    """Keep each event in `events.jsonl`, then pass it on. A torn last line of a killed run is closed first."""
    path = run.folder / EVENTS
    with explained(path):
        stream = _log_stream(path)
        waiting = bytearray()

        def write() -> None:
            nonlocal stream
            with contextlib.suppress(OSError):  # a full disk, or one that is gone: what waits is written later
                try:
                    del waiting[: stream.write(waiting) or 0]
                except OSError:  # of a drive that went and came back the old stream is dead
                    dead, stream = stream, _log_stream(path)
                    with contextlib.suppress(OSError):
                        dead.close()
                    del waiting[: stream.write(waiting) or 0]

        def keep(event: Event) -> None:
            if is_kept(event):
                waiting.extend(to_line(event).encode())
                write()  # at once: a checkpoint of a step must never be on disk without what was said of the step
            emit(event)

        try:
            yield keep
        finally:
            write()
            with contextlib.suppress(OSError):
                stream.close()


def _log_stream(path: Path) -> FileIO:
    """To append to; after a kill in the middle of a line the next one begins anew."""
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
    def __init__(self, run: Run, control: Control, emit: Emit) -> None:
        self.held, self.control, self.emit_to = run, control, emit
        self.store = RunStore.of(run)
        self.warnings: list[str] = list(run.notes.get("warnings", []))
        self.measured: dict[str, Measured] = {}
        self.resolved: ResolvedPlan | None = None

    def emit(self, event: Event) -> None:
        """Pass an event on, keeping what it says about the run."""
        if isinstance(event, Warned):
            self.warnings.append(event.sentence)
        if isinstance(event, StateChanged):
            with contextlib.suppress(RecdeskError, OSError):  # the folder may be full, or gone for now
                self.store.set_state(self.held, event.state, [EVENTS])
        if not isinstance(event, (Step, EncoderStep, StageProgress)):
            log = self.held.folder / "log.txt"
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
            failed = _as_event(error)
            with contextlib.suppress(RecdeskError):
                self.store.set_failed(self.held, failed.sentence)
            with contextlib.suppress(OSError):
                self.emit(failed)

    def _work(self, resume: bool) -> None:
        from recdesk.training.fit import fit
        from recdesk.training.plan import resolve

        run, config = self.held, self.held.config
        self.emit(StageStarted(stage="preparing", note=Message("run.loading-dataset", name=run.dataset_title)))
        split = self._split()
        _refuse_early(split, config)
        self.resolved = resolve(split, config)
        self._keep("environment.json", {**environment(), "plan": self.resolved.to_dict()})
        baselines = self._baselines(split)
        texts = None
        if isinstance(config, TextSourceConfig):
            texts = self._texts(split, config, resume, baselines)
            if texts is None:
                return
        outcome = fit(split, config, run.folder, self.emit, self.control, resume, texts, self.resolved)
        self._finish(split, outcome, baselines)

    def _keep(self, name: str, values: dict[str, Any]) -> None:
        """Write a file of the run."""
        self._written(lambda: write_record(self.held.folder / name, values))

    def _written(self, write: Callable[[], None]) -> None:
        """Write, as soon as the disk lets it."""
        from recdesk.training.waiting import written

        written(write, self.emit, self.control)

    def _texts(
        self, split: Split, config: TextSourceConfig, resume: bool, baselines: "list[BaselineResult]"
    ) -> "Prepared | None":
        """Steps 1 and 2 of the method, and how far texts get by themselves; None when they were stopped."""
        from recdesk.evaluation.baselines import attempted
        from recdesk.experiment.warm_start import with_start
        from recdesk.models.baselines.similar_texts import SimilarTexts
        from recdesk.training.fit import train_step_of
        from recdesk.training.text_stages import prepare_texts, starts

        text_paths = text_places(self.held)
        if isinstance(config, TextConfig) and config.start_from:
            self._take_over(split, config, text_paths)
        prepared = prepare_texts(split, config, text_paths, self.emit, self.control, resume)
        if prepared is None:
            reason = Message("run.stopped-while-reading")
            self._written(lambda: self.store.set_state(self.held, "stopped", reason=reason))
            self.emit(Finished(state="stopped", reason=reason, seconds=0.0, metrics={}))
            return None
        beside: dict[str, Any] = {SimilarTexts.kind: SimilarTexts(prepared.vectors)}
        if starts(config):
            prepared = with_start(prepared, text_paths)
            beside[UNTRAINED] = train_step_of(split, config, prepared, self.resolved).model.eval()
        wanted = Task(cancelled=lambda: self.control.stopped)
        for name, model in beside.items():
            result = attempted(name, lambda model=model: model, split, self._warn, wanted)  # type: ignore[misc]
            if result is not None:
                baselines.append(result)
                self.emit(BaselineScored(name=result.name, metrics=result.metrics))
        return prepared

    def _take_over(self, split: Split, config: TextConfig, text_paths: "TextPaths") -> None:
        """Have all that the run needs of the one it starts from; done once."""
        from recdesk.experiment.warm_start import copy_start

        if not text_paths.facts.exists():
            self.emit(StageStarted(stage="start", note=Message("run.taking-over", run=config.start_from)))
            start = start_of(self.held.folder.parent, config)
            self._written(lambda: copy_start(start, text_paths, split.dataset, config.template))

    def _split(self) -> Split:
        run = self.held
        dataset = dataset_of(run).checked()
        split = make_split(dataset, run.split)
        self._keep(PROTOCOL, split.protocol.to_dict())
        self.measured = measured_parts(split)
        for sentence in self.measured["validation"].sentences:
            self.emit(Warned(sentence=sentence, about="figures"))
        return split

    def _baselines(self, split: Split) -> "list[BaselineResult]":
        from recdesk.evaluation.baselines import score_baselines
        from recdesk.monitor.progress import throttled

        self.emit(StageStarted(stage="baselines", note=Message("baseline.scoring")))
        return score_baselines(
            split,
            self.held.workspace / "cache",
            lambda result: self.emit(BaselineScored(name=result.name, metrics=result.metrics)),
            self._warn,
            Task(throttled("baselines", self.emit), lambda: self.control.stopped),
        )

    def _finish(self, split: Split, outcome: "Outcome", baselines: "list[BaselineResult]") -> None:
        metrics, comparisons = self._test(split, outcome, baselines)
        notes: dict[str, Any] = {
            "leakage": leakage(split),
            "measured": {part: counts.to_dict() for part, counts in self.measured.items()},
            "warnings": list(dict.fromkeys(self.warnings)),
        }
        results = {result.name: result.metrics for result in baselines}
        values = {"version": 1, "metrics": metrics, "baselines": results, "comparisons": comparisons, "notes": notes}
        self._keep(METRICS, _finite(values))
        ended = {"reason": outcome.reason, "seconds": outcome.seconds}
        there = [name for name in LASTING if (self.held.folder / name).exists()]
        self._written(lambda: self.store.set_state(self.held, outcome.state, there, **ended))
        self.emit(
            Finished(state=outcome.state, reason=outcome.reason, seconds=outcome.seconds, metrics=_finite(metrics))
        )

    def _test(
        self, split: Split, outcome: "Outcome", baselines: "list[BaselineResult]"
    ) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
        self.emit(StageStarted(stage="testing", note=Message("figures.ranking-catalogue")))
        from recdesk.evaluation.metrics import compare
        from recdesk.monitor.progress import throttled

        task = Task(throttled("testing", self.emit), lambda: self.control.hurried)
        ranks, metrics = measure(split, outcome.model, task)
        comparisons: dict[str, dict[str, float]] = {}
        if not ranks:
            self.emit(Warned(sentence=Message("figures.final-skipped")))
            return metrics, comparisons
        part = "test" if "test" in ranks else "validation"
        for result in baselines:
            comparisons[result.name] = compare(ranks[part], result.ranks[part], len(baselines))
        return metrics, comparisons


def _refuse_early(split: Split, config: RunConfig) -> None:
    """Say at once what would be found out when the baselines have been scored, which can take minutes.

    Raises:
        UsageError: the device is not there, or the items have no such texts.
    """
    from recdesk.core.devices import choose_device

    choose_device(config.device)
    if isinstance(config, TextSourceConfig):
        from recdesk.text.item_texts import wanted_template

        wanted_template(split.dataset, config.template)


def measure(split: Split, model: Any, task: Task = UNWATCHED) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """Ranks and figures of a model on every held-out part, and on what it trained on (accuracy of remembering).

    Both are empty when the task is cancelled.
    """
    from recdesk.evaluation.baselines import parts
    from recdesk.evaluation.ranking import evaluate, figures

    ranks: dict[str, Any] = {}
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
        ranks[part] = evaluation.ranks
    return ranks, metrics


def _measured(split: Split, part: "Part") -> "NDArray[np.int64]":
    """Everybody of a part, but only some of those trained on."""
    import numpy as np

    users = np.flatnonzero(split.targets(part) >= 0)
    if part == "train" and len(users) > TRAIN_SAMPLE:
        users = np.sort(np.random.default_rng(0).choice(users, TRAIN_SAMPLE, replace=False))
    return users


def _finite(value: Any) -> Any:
    """JSON knows no NaN: figures of nobody are left out."""
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items() if entry == entry}
    return value


def _as_event(error: Exception) -> Failed:
    if isinstance(error, RecdeskError):
        return Failed(sentence=error.sentence, suggestion=error.suggestion, details=error.details)
    logging.getLogger(__name__).debug("unexpected", exc_info=error)
    details = "".join(traceback.format_exception(error))
    if is_out_of_memory(error):
        return Failed(
            sentence=Message("run.out-of-memory"),
            suggestion=Message("run.free-memory-resume"),
            details=details,
        )
    if isinstance(error, OSError):
        return Failed(
            sentence=Message("run.system-refused", reason=error.strerror or error),
            suggestion=Message("run.check-disk-resume"),
            details=details,
        )
    return Failed(
        sentence=Message("run.unexpected-error", error=error),
        suggestion=Message("run.resume-with-details"),
        details=details,
    )


def dataset_of(run: Run) -> Dataset:
    """Load the dataset that a run belongs to.

    Raises:
        DataError: it is gone, damaged, or another one by now. After an update the run has its older version.
    """
    folder = folder_with(run.workspace, run.dataset_name, run.dataset_hash)
    if not folder.is_dir():
        raise DataError(
            Message("run.dataset-gone", name=run.dataset_title, run=run.id),
            Message("run.import-same-file"),
        )
    dataset = load_dataset(folder)
    if dataset.content_hash != run.dataset_hash:
        raise DataError(
            Message("run.dataset-other", name=run.dataset_title, run=run.id),
            Message("run.start-new-keep-old"),
        )
    return dataset
