"""A run on disk: its settings, what it said, what came of it."""

import contextlib
import platform
import secrets
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout
from pydantic import Field

from recdesk import __version__
from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.files import PRIVATE_FILE, new_folder
from recdesk.core.records import Record, read_object, read_record, write_record
from recdesk.data.splitting import SplitKind
from recdesk.evaluation.measured import Measured
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import Event, Finished, read_events, without_repeats
from recdesk.training.config import RunConfig, config_from_dict

FORMAT = 1
AT_WORK = ("running", "paused")
RESUMABLE = ("queued", "stopped", "failed", "interrupted")
State = Literal["queued", "running", "paused", "finished", "stopped", "failed", "interrupted"]
ABOUT, CONFIG, PROTOCOL, METRICS, EVENTS = "run.json", "config.json", "protocol.json", "metrics.json", "events.jsonl"
MODEL, ADDED_ITEMS = "checkpoints/best/model.safetensors", "added-items.json"
LASTING = (EVENTS, PROTOCOL, METRICS, MODEL, ADDED_ITEMS)
"""Files that a run which has ended does not lose by itself."""
LOST = "Put it back from a copy, or move the run's folder elsewhere and start a new run."
MADE_AGAIN = "“recdesk evaluate” measures the run again; its model is not touched."


class About(Record):
    """Schema of `run.json`; `has` are names of files that must be in the folder."""

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
    seconds: float = 0.0
    reason: str = ""
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


class Notes(Record):
    """Of `metrics.json`: the leakage report and what the person should know."""

    leakage: dict[str, float | None] = Field(default_factory=dict)
    warnings: list[str] = Field(default_factory=list)
    measured: dict[str, dict[str, int]] = Field(default_factory=dict)


class Metrics(Record):
    """Schema of `metrics.json`; see `Run`."""

    metrics: dict[str, dict[str, float]] = Field(default_factory=dict)
    baselines: dict[str, dict[str, dict[str, float]]] = Field(default_factory=dict)
    comparisons: dict[str, dict[str, float]] = Field(default_factory=dict)
    notes: Notes = Field(default_factory=Notes)


class Run:
    """A run folder. Values are read when asked for, so another process's progress is seen."""

    def __init__(self, folder: Path) -> None:
        """Open it.

        Raises:
            RecdeskError: it is no run, is damaged, or was written by a newer recdesk.
        """
        self.folder = folder
        self.id = folder.name
        self._about()

    def _about(self) -> dict[str, Any]:
        return read_record(self.folder / ABOUT, About, LOST, FORMAT, f"Run “{self.id}”")

    def _made(self, name: str, schema: type[Record]) -> dict[str, Any]:
        """What a run writes while it is carried out; {} before, and where it is damaged, which `damages` tells."""
        with contextlib.suppress(RecdeskError):
            return self._read_made(name, schema)
        return {}

    def _read_made(self, name: str, schema: type[Record]) -> dict[str, Any]:
        path = self.folder / name
        if not path.exists() and name not in self._about().get("has", []):
            return {}
        return read_record(path, schema, MADE_AGAIN)

    def say_damages(self) -> list[str]:
        """As `damages`, with the lines of its log that are left out, in words."""
        said = [str(error) for error in self.damages()]
        try:
            lines = self._log()[1]
        except RecdeskError as error:
            return [*said, str(error)]
        if lines:
            said.append(f"{lines:,} lines of “{self.folder / EVENTS}” are damaged and left out of the curves.")
        return said

    def damages(self) -> list[RecdeskError]:
        """What is wrong with the files that its figures stand in: these are shown as if there were none."""
        found = []
        for name, schema in ((PROTOCOL, ProtocolFile), (METRICS, Metrics)):
            try:
                self._read_made(name, schema)
            except RecdeskError as error:
                found.append(error)
        return found

    def having(self, *names: str) -> list[str]:
        """Value of "has" in `run.json` with more files: one of these that is missing is a damage, not a run without."""
        return list(dict.fromkeys([*self._about().get("has", []), *names]))

    @property
    def state(self) -> str:
        """queued, running, paused, finished, stopped, failed or interrupted."""
        return str(self._about()["state"])

    def set_state(self, state: str, **more: Any) -> None:
        """Change the state, and other values of `run.json` with it, in one step."""
        write_record(self.folder / ABOUT, {**self._about(), "state": state, **more})

    @property
    def created(self) -> datetime:
        """When it was set up, local time."""
        return datetime.fromtimestamp(self._about()["created"])

    @property
    def dataset_name(self) -> str:
        """Folder name of its dataset."""
        return str(self._about()["dataset"])

    @property
    def dataset_title(self) -> str:
        """What the person called the dataset then."""
        return str(self._about()["dataset_title"])

    @property
    def dataset_hash(self) -> str:
        """Content hash of the dataset then."""
        return str(self._about()["dataset_hash"])

    @property
    def synthetic(self) -> str:
        """What to say wherever figures of generated data are shown; "" for real data."""
        return str(self._about().get("synthetic", ""))

    @property
    def ceiling(self) -> float | None:
        """The best top-1 accuracy there can be on generated data."""
        value = self._about().get("ceiling")
        return None if value is None else float(value)

    @property
    def kind(self) -> str:
        """Model family."""
        return str(self._about()["kind"])

    @property
    def study(self) -> str:
        """Id of the study that it is a trial of; "" for none."""
        return str(self._about().get("study", ""))

    @property
    def trial(self) -> int:
        """Number of the trial in its study, from 0; -1 outside of one."""
        return int(self._about().get("trial", -1))

    @property
    def seconds(self) -> float:
        """Training time so far."""
        return float(self._about().get("seconds", 0.0))

    @property
    def reason(self) -> str:
        """Why it ended, in words; "" before."""
        return str(self._about().get("reason", ""))

    @property
    def config(self) -> RunConfig:
        """Its settings."""
        path = self.folder / CONFIG
        try:
            return config_from_dict(read_object(path, LOST))
        except UsageError as error:  # of a recdesk with other settings
            raise DataError(f"“{path}” cannot be used: {error.sentence}", error.suggestion or LOST) from error

    @property
    def split(self) -> SplitKind:
        """How its data is cut."""
        kind: SplitKind = self._about()["split"]
        return kind

    @property
    def protocol(self) -> dict[str, Any]:
        """What decides the meaning of its figures, with "hash"; {} before it started; see `damages`."""
        return self._made(PROTOCOL, ProtocolFile)

    @property
    def metrics(self) -> dict[str, dict[str, float]]:
        """By part (train, validation, test), then metric; {} before the end; see `damages`."""
        return dict(self._made(METRICS, Metrics).get("metrics", {}))

    @property
    def baselines(self) -> dict[str, dict[str, dict[str, float]]]:
        """By name, then as `metrics`."""
        return dict(self._made(METRICS, Metrics).get("baselines", {}))

    @property
    def comparisons(self) -> dict[str, dict[str, float]]:
        """By baseline: "difference" of NDCG@10 in its favour with "low" and "high", a confidence interval paired over
        users; "family" of them hold together with 95 %. Older runs have no family: each holds by itself."""
        return dict(self._made(METRICS, Metrics).get("comparisons", {}))

    @property
    def notes(self) -> dict[str, Any]:
        """The leakage report and "warnings"."""
        return dict(self._made(METRICS, Metrics).get("notes", {}))

    @property
    def has_added_items(self) -> bool:
        """New items were added to it; their file is there, or should be."""
        return ADDED_ITEMS in self._about().get("has", [])

    @property
    def measured(self) -> Measured | None:
        """Whom its figures are of, on test where there is such; None where that is not known."""
        return Measured.read(self.notes, "test" if "test" in self.metrics else "validation")

    @property
    def best_folder(self) -> Path:
        """Folder of the model to use."""
        return self.folder / "checkpoints" / "best"

    @property
    def has_model(self) -> bool:
        """There is a model to recommend with."""
        return (self.folder / MODEL).exists()

    @property
    def resumable(self) -> bool:
        """It can go on from where it was."""
        return self.state in RESUMABLE

    @property
    def title(self) -> str:
        """For lists: "bert-causal · 24 Nov 14:02"."""
        created = self.created
        return f"{self.kind} · {created.day} {created:%b %H:%M}"

    def events(self) -> list[Event]:
        """All it said, as if it had never been interrupted.

        Raises:
            DataError: the log cannot be read, or is gone.
        """
        return self._log()[0]

    def _log(self) -> tuple[list[Event], int]:
        """Its events, and how many lines of the log are damaged."""
        path, damaged, about = self.folder / EVENTS, list[str](), self._about()
        if not path.exists() and EVENTS in about.get("has", []):
            raise DataError(f"“{path}” is missing.", "Its curves are lost; its model and figures are not.")
        events = without_repeats(read_events(path, damaged.append))
        ended = about["state"] == "finished" and EVENTS in about.get("has", [])
        cut = ended and not damaged and not any(isinstance(event, Finished) for event in events[-1:])
        return events, len(damaged) + cut

    def curves(self) -> RunCurves:
        """Its curves.

        Raises:
            DataError: see `events`.
        """
        curves = RunCurves()
        events, curves.damaged_lines = self._log()
        for event in events:
            curves.add(event)
        return curves

    def lock(self) -> FileLock:
        """Held by whoever carries the run out; it goes when that process goes, however it ends."""
        return lock_of(self.folder)

    def check_alive(self) -> None:
        """Mark a run as interrupted that says it is at work when nobody holds its lock."""
        if self.state not in AT_WORK:
            return
        lock = self.lock()
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            return
        try:
            if self.state in AT_WORK:
                self.set_state("interrupted", reason="The program ended while it was at work.")
        except RecdeskError:
            pass  # a workspace that cannot be written shows the state it finds
        finally:
            lock.release()

    def require_model(self) -> None:
        """Raise if there is nothing to recommend with.

        Raises:
            UsageError: it was never trained so far.
            DataError: its model is gone.
        """
        if not self.has_model and MODEL in self._about().get("has", []):
            raise DataError(f"“{self.folder / MODEL}” is missing.", LOST)
        if not self.has_model:
            raise UsageError(
                f"Run {self.id} is {self.state} and has no model yet.", "Train it first, or choose another run."
            )


def lock_of(run: Path) -> FileLock:
    """See `Run.lock`; also of a run that is damaged."""
    return FileLock(run / ".run.lock", mode=PRIVATE_FILE)


def needed_hashes(runs: Path) -> set[str] | None:
    """Content hashes of the datasets that some run was made on, also one whose settings are damaged.

    None where that cannot be said, because a run is damaged or of a newer recdesk: every version may be needed then.
    """
    try:
        folders = [path for path in runs.iterdir() if path.is_dir() and not path.name.startswith(".")]
        return {Run(folder).dataset_hash for folder in folders}
    except (OSError, RecdeskError):
        return None


def create_run(
    runs: Path, dataset_name: str, facts: dict[str, Any], config: RunConfig, split: SplitKind, **more: Any
) -> Run:
    """Make a run folder, queued.

    Args:
        runs: the workspace's folder of runs.
        dataset_name: folder name of the dataset.
        facts: its manifest.
        config: the settings.
        split: how to cut the data.
        more: further values of `run.json`: study and trial.
    """
    now = time.time()
    kind = str(config.model_dump()["kind"])
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    name = f"{stamp}-{kind}-{secrets.token_hex(2)}"
    about = {
        "format": FORMAT,
        "state": "queued",
        "created": now,
        "kind": kind,
        "dataset": dataset_name,
        "dataset_title": facts["name"],
        "dataset_hash": facts["hash"],
        "synthetic": facts.get("synthetic", ""),
        "ceiling": facts.get("ceiling"),
        "split": split,
        **more,
    }
    with new_folder(runs / name) as folder:
        write_record(folder / ABOUT, about)
        write_record(folder / CONFIG, config.model_dump())
    return Run(runs / name)


def environment() -> dict[str, Any]:
    """What a figure may depend on besides settings and data."""
    from importlib.metadata import version

    names = ("torch", "transformers", "numpy", "pandas", "duckdb")
    return {
        "recdesk": __version__,
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "machine": platform.machine(),
        **{name: version(name) for name in names},
    }
