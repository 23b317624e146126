"""A run as it stood at one look."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recdesk.core.errors import RecdeskError
from recdesk.core.records import Record
from recdesk.data.splitting import SplitKind
from recdesk.evaluation.measured import Measured
from recdesk.training.config import RunConfig
from recdesk.workspace.runs import RESUMABLE, Run

if TYPE_CHECKING:
    from recdesk.workspace.workspace import Workspace


@dataclass(frozen=True)
class RunSnapshot:
    """The values of a `Run`, under the same names, each of its files read once; asking for one reads nothing.

    Attributes:
        config: None where it cannot be read.
        problems: why settings, protocol or figures cannot be read, which are empty then.
    """

    folder: Path
    id: str
    state: str
    created: datetime
    dataset_name: str
    dataset_title: str
    dataset_hash: str
    synthetic: str
    ceiling: float | None
    kind: str
    study: str
    trial: int
    seconds: float
    reason: str
    split: SplitKind
    has_model: bool
    config: RunConfig | None
    protocol: dict[str, Any]
    metrics: dict[str, dict[str, float]]
    baselines: dict[str, dict[str, dict[str, float]]]
    comparisons: dict[str, dict[str, float]]
    notes: dict[str, Any]
    problems: tuple[RecdeskError, ...]

    @property
    def resumable(self) -> bool:
        """It can go on from where it was."""
        return self.state in RESUMABLE

    @property
    def measured(self) -> Measured | None:
        """Whom its figures are of, on test where there is such; None where that is not known."""
        return Measured.read(self.notes, "test" if "test" in self.metrics else "validation")

    @classmethod
    def of(cls, folder: Path) -> "RunSnapshot":
        """Read a run's folder.

        Raises:
            RecdeskError: it is no run, is damaged, or was written by a newer recdesk.
        """
        run, problems = _ReadOnce(folder), list[RecdeskError]()
        config: RunConfig | None = None
        try:
            config = run.config
        except RecdeskError as error:
            problems.append(error)
        return cls(
            folder=run.folder,
            id=run.id,
            state=run.state,
            created=run.created,
            dataset_name=run.dataset_name,
            dataset_title=run.dataset_title,
            dataset_hash=run.dataset_hash,
            synthetic=run.synthetic,
            ceiling=run.ceiling,
            kind=run.kind,
            study=run.study,
            trial=run.trial,
            seconds=run.seconds,
            reason=run.reason,
            split=run.split,
            has_model=run.has_model,
            config=config,
            protocol=run.protocol,
            metrics=run.metrics,
            baselines=run.baselines,
            comparisons=run.comparisons,
            notes=run.notes,
            problems=tuple({error.sentence: error for error in [*problems, *run.damages()]}.values()),
        )


def snapshots(workspace: "Workspace", damaged: list[RecdeskError] | None = None) -> list[RunSnapshot]:
    """Of all runs, newest first; damaged ones are left out and, where it is given, told in `damaged`.

    Raises:
        StorageError: the workspace is gone.
    """
    found = []
    for run in workspace.runs(damaged):
        try:
            found.append(RunSnapshot.of(run.folder))
        except RecdeskError as error:
            if damaged is not None:
                damaged.append(error)
    return found


def is_run(workspace: "Workspace", run_id: str) -> bool:
    """There is a run of exactly this id, and it can be read."""
    try:
        return bool(run_id) and bool(Run(workspace.folder / "runs" / run_id))
    except RecdeskError:
        return False


class _ReadOnce(Run):
    """A run whose files are read at the first question about them."""

    def __init__(self, folder: Path) -> None:
        self._known: dict[str, dict[str, Any]] = {}
        super().__init__(folder)

    def _about(self) -> dict[str, Any]:
        if "run.json" not in self._known:
            self._known["run.json"] = super()._about()
        return self._known["run.json"]

    def _read_made(self, name: str, schema: type[Record]) -> dict[str, Any]:
        if name not in self._known:
            self._known[name] = super()._read_made(name, schema)
        return self._known[name]
