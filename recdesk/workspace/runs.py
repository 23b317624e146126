"""A snapshot of a run: its settings, state and metrics when its folder was read."""

import platform
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from recdesk import __version__
from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.messages import Message, word
from recdesk.core.records import Record, read_object, read_record
from recdesk.data.split_kinds import SplitKind
from recdesk.training.config import RunConfig, config_from_dict
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_labels import Labels, read_labels

if TYPE_CHECKING:
    from recdesk.evaluation.measured import Measured

FORMAT = 1
ACTIVE = ("running", "paused")
RESUMABLE = ("queued", "stopped", "failed", "interrupted")
State = Literal["queued", "running", "paused", "finished", "stopped", "failed", "interrupted"]
RUN_FILE, CONFIG, PROTOCOL, METRICS, EVENTS = "run.json", "config.json", "protocol.json", "metrics.json", "events.jsonl"
TEXT_LOG = "log.txt"
MODEL, ADDED_ITEMS = "checkpoints/best/model.safetensors", "added-items.json"
RESULTS = "results.npz"
LASTING = (EVENTS, PROTOCOL, METRICS, RESULTS, MODEL, ADDED_ITEMS)
"""Files that a run must have once it has written them."""
RESTORE = Message("record.restore-or-move-run")
EVALUATE_AGAIN = Message("record.evaluate-again")


class RunRecord(Record):
    """Schema of `run.json`; `has` names the files of `LASTING` that the run has written; for the others see `Run`."""

    format: int
    state: State
    created: float = Field(ge=0, le=2**35)
    kind: str
    dataset: str
    dataset_title: str
    dataset_hash: str
    split: SplitKind
    synthetic: str = ""
    ceiling: float | None = None
    study: str = ""
    trial: int = -1
    group: str = ""
    group_size: int = Field(0, ge=0)
    seconds: float = 0.0
    reason: str = ""
    left: bool = False
    model_left_out: bool = False
    reproduces: str = ""
    cluster: ClusterRecord | None = None
    has: list[str] = Field(default_factory=list)


class ProtocolFile(Record):
    """Schema of `protocol.json`."""

    dataset_hash: str
    split: SplitKind
    ties: str
    seen: str
    candidates: str
    max_users: int | None = None
    seed: int
    hash: str
    moment: str = "unknown"


class Notes(Record):
    """Schema of "notes" in `metrics.json`: the leakage report, warnings, and counts of the users measured."""

    leakage: dict[str, float | None] = Field(default_factory=dict)
    warnings: list[str] = Field(default_factory=list)
    measured: dict[str, dict[str, int]] = Field(default_factory=dict)


class Metrics(Record):
    """Schema of `metrics.json`; see `Run`."""

    metrics: dict[str, dict[str, float]] = Field(default_factory=dict)
    baselines: dict[str, dict[str, dict[str, float]]] = Field(default_factory=dict)
    comparisons: dict[str, dict[str, float]] = Field(default_factory=dict)
    notes: Notes = Field(default_factory=Notes)


@dataclass(frozen=True)
class Run:
    """A snapshot of a run's folder, made by `read`; to follow an active run, read it again.

    Attributes:
        folder: of the run; its name is the run's id.
        state: when it was read.
        created: local time of creation.
        dataset_name: folder name of its dataset.
        dataset_title: name of the dataset given by the user.
        dataset_hash: content hash of the dataset.
        synthetic: note to show beside metrics of generated data; "" for real data.
        ceiling: the highest top-1 accuracy possible on generated data; None for real data.
        kind: model family.
        study: id of the study that it is a trial of; "" for none.
        trial: number of the trial in its study, from 0; -1 for none.
        group: id of the group of runs that differ from it in the seed only; "" for none.
        group_size: runs of that group; 0 for none.
        seconds: training time so far.
        reason: why it ended, a sentence; "" before the end.
        left: whether the user was told that it was interrupted, and left it so.
        split: how the data is split.
        model_left_out: whether it came in a package without its model.
        reproduces: id of the run that it is to reproduce; "" for none.
        has: names of the files that its folder must contain, see `LASTING`.
        has_model: whether there is a model to recommend with.
        config: its settings.
        protocol: the evaluation protocol, with "hash"; {} before it started.
        metrics: by part (train, validation, test), then metric; {} before the end.
        baselines: by name, then as `metrics`.
        comparisons: by baseline: "difference" of NDCG@10 (positive: the run is better) with "low" and "high", a paired
            confidence interval over users. The intervals of "family" comparisons hold simultaneously with 95 %
            (Bonferroni); older runs have no family, each of their intervals holds by itself.
        notes: the leakage report, "measured" and "warnings".
        labels: what a person says of it.
        problems: errors of reading protocol, metrics or labels, which are empty then.
    """

    folder: Path
    state: State
    created: datetime
    dataset_name: str
    dataset_title: str
    dataset_hash: str
    synthetic: str
    ceiling: float | None
    kind: str
    study: str
    trial: int
    group: str
    group_size: int
    seconds: float
    reason: str
    left: bool
    split: SplitKind
    model_left_out: bool
    reproduces: str
    cluster: ClusterRecord | None
    has: tuple[str, ...]
    has_model: bool
    config: RunConfig
    protocol: dict[str, Any]
    metrics: dict[str, dict[str, float]]
    baselines: dict[str, dict[str, dict[str, float]]]
    comparisons: dict[str, dict[str, float]]
    notes: dict[str, Any]
    labels: Labels
    problems: tuple[RecdeskError, ...]

    @classmethod
    def read(cls, folder: Path) -> "Run":
        """Read a run's folder.

        Raises:
            RecdeskError: it is not a run, its state or settings are damaged, or it was written by a newer recdesk.
        """
        about, config = read_run_record(folder), _read_config(folder)
        problems: list[RecdeskError] = []
        protocol = _read_result(folder / PROTOCOL, ProtocolFile, about, problems)
        measured = _read_result(folder / METRICS, Metrics, about, problems)
        return cls(
            folder=folder,
            state=about["state"],
            created=datetime.fromtimestamp(about["created"]),
            dataset_name=about["dataset"],
            dataset_title=about["dataset_title"],
            dataset_hash=about["dataset_hash"],
            synthetic=about.get("synthetic", ""),
            ceiling=about.get("ceiling"),
            kind=about["kind"],
            study=about.get("study", ""),
            trial=about.get("trial", -1),
            group=about.get("group", ""),
            group_size=about.get("group_size", 0),
            seconds=float(about.get("seconds", 0.0)),
            reason=about.get("reason", ""),
            left=about.get("left", False),
            split=about["split"],
            model_left_out=about.get("model_left_out", False),
            reproduces=about.get("reproduces", ""),
            cluster=ClusterRecord(**about["cluster"]) if about.get("cluster") else None,
            has=tuple(about.get("has", ())),
            has_model=(folder / MODEL).exists(),
            config=config,
            protocol=protocol,
            metrics=measured.get("metrics", {}),
            baselines=measured.get("baselines", {}),
            comparisons=measured.get("comparisons", {}),
            notes=measured.get("notes", {}),
            labels=_read_labels(folder, problems),
            problems=tuple(problems),
        )

    @property
    def id(self) -> str:
        """Name of its folder, unique in the workspace."""
        return self.folder.name

    @property
    def workspace(self) -> Path:
        """Folder of its workspace."""
        return self.folder.parent.parent

    @property
    def best_folder(self) -> Path:
        """Folder of the model with the best validation metric."""
        return self.folder / "checkpoints" / "best"

    @property
    def resumable(self) -> bool:
        """Whether it can be resumed from its last checkpoint, or followed where it goes on without this computer."""
        return self.state in RESUMABLE or (self.cluster is not None and self.state in ACTIVE)

    @property
    def has_added_items(self) -> bool:
        """Whether new items were added to it, so that their file must exist."""
        return ADDED_ITEMS in self.has

    @property
    def measured(self) -> "Measured | None":
        """Counts of the users that its metrics are computed on (test, or validation if there is no test); None for runs
        that did not store them."""
        from recdesk.evaluation.measured import Measured

        return Measured.read(self.notes, "test" if "test" in self.metrics else "validation")

    def require_model(self) -> None:
        """Check that there is a model to recommend with.

        Raises:
            UsageError: the run has not written a model yet.
            DataError: the model is missing.
        """
        if not self.has_model and MODEL in self.has:
            raise DataError(Message("record.missing", path=self.folder / MODEL), RESTORE)
        if not self.has_model and self.model_left_out:
            raise UsageError(Message("run.model-left-out", run=self.id), Message("run.get-model"))
        if not self.has_model:
            raise UsageError(
                Message("run.no-model-yet", run=self.id, state=word(self.state)), Message("run.train-or-choose")
            )


def read_run_record(folder: Path) -> dict[str, Any]:
    """The values of a run's `run.json`, see `RunRecord`.

    Raises:
        RecdeskError: it is missing, damaged, or was written by a newer recdesk.
    """
    return read_record(folder / RUN_FILE, RunRecord, RESTORE, FORMAT, Message("record.run-newer", run=folder.name))


def _read_config(folder: Path) -> RunConfig:
    path = folder / CONFIG
    try:
        return config_from_dict(read_object(path, RESTORE))
    except UsageError as error:  # written by a version with other settings
        raise DataError(
            Message("record.unusable", path=path, reason=error.sentence), error.suggestion or RESTORE
        ) from error


def _read_result(
    path: Path, schema: type[Record], about: dict[str, Any], problems: list[RecdeskError]
) -> dict[str, Any]:
    """A file that the run writes during execution; {} if it is not written yet, or damaged (then `problems` gets the
    error)."""
    if not path.exists() and path.name not in about.get("has", ()):
        return {}
    try:
        return read_record(path, schema, EVALUATE_AGAIN)
    except RecdeskError as error:
        problems.append(error)
        return {}


def _read_labels(folder: Path, problems: list[RecdeskError]) -> Labels:
    """The labels of a run; empty ones if they are damaged (then `problems` gets the error)."""
    try:
        return read_labels(folder)
    except RecdeskError as error:
        problems.append(error)
        return Labels()


def environment() -> dict[str, Any]:
    """Versions and platform that metrics may depend on."""
    from importlib.metadata import version

    names = ("torch", "transformers", "numpy", "pandas", "duckdb")
    return {
        "recdesk": __version__,
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "machine": platform.machine(),
        **{name: version(name) for name in names},
    }
