"""A run on disk: its settings, what it said, what came of it."""

import platform
import secrets
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from recdesk import __version__
from recdesk.data.splitting import SplitKind
from recdesk.errors import RecdeskError, UsageError
from recdesk.files import new_folder, read_json, write_json
from recdesk.training.config import RunConfig, config_from_dict
from recdesk.training.curves import RunCurves
from recdesk.training.events import Event, read_events, without_repeats
from recdesk.training.measured import Measured

FORMAT = 1
AT_WORK = ("running", "paused")
RESUMABLE = ("queued", "stopped", "failed", "interrupted")


class Run:
    """A run folder. Values are read when asked for, so another process's progress is seen."""

    def __init__(self, folder: Path) -> None:
        """Open it.

        Raises:
            RecdeskError: it is no run, is damaged, or was written by a newer recdesk.
        """
        self.folder = folder
        self.id = folder.name
        about = self._about()
        if not isinstance(about.get("format"), int) or about["format"] > FORMAT:
            raise RecdeskError(f"Run “{self.id}” was written by a newer recdesk.", "Update recdesk, then try again.")

    def _about(self) -> dict[str, Any]:
        values = read_json(self.folder / "run.json")
        if not isinstance(values, dict):
            raise RecdeskError(f"“{self.folder / 'run.json'}” is damaged.")
        return values

    def _optional(self, name: str) -> dict[str, Any]:
        path = self.folder / name
        return dict(read_json(path)) if path.exists() else {}

    @property
    def state(self) -> str:
        """queued, running, paused, finished, stopped, failed or interrupted."""
        return str(self._about()["state"])

    def set_state(self, state: str, **more: Any) -> None:
        """Change the state, and other values of `run.json` with it, in one step."""
        write_json(self.folder / "run.json", {**self._about(), "state": state, **more})

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
        return config_from_dict(read_json(self.folder / "config.json"))

    @property
    def split(self) -> SplitKind:
        """How its data is cut."""
        kind: SplitKind = self._about()["split"]
        return kind

    @property
    def protocol(self) -> dict[str, Any]:
        """What decides the meaning of its figures, with "hash"; {} before it started."""
        return self._optional("protocol.json")

    @property
    def metrics(self) -> dict[str, dict[str, float]]:
        """By part (train, validation, test), then metric; {} before the end."""
        return dict(self._optional("metrics.json").get("metrics", {}))

    @property
    def baselines(self) -> dict[str, dict[str, dict[str, float]]]:
        """By name, then as `metrics`."""
        return dict(self._optional("metrics.json").get("baselines", {}))

    @property
    def comparisons(self) -> dict[str, dict[str, float]]:
        """By baseline: "difference" of NDCG@10 in its favour with "low" and "high", a confidence interval paired over
        users; "family" of them hold together with 95 %. Older runs have no family: each holds by itself."""
        return dict(self._optional("metrics.json").get("comparisons", {}))

    @property
    def notes(self) -> dict[str, Any]:
        """The leakage report and "warnings"."""
        return dict(self._optional("metrics.json").get("notes", {}))

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
        return (self.best_folder / "model.safetensors").exists()

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
        """All it said, as if it had never been interrupted."""
        return without_repeats(read_events(self.folder / "events.jsonl"))

    def curves(self) -> RunCurves:
        """Its curves."""
        curves = RunCurves()
        for event in self.events():
            curves.add(event)
        return curves

    def lock(self) -> FileLock:
        """Held by whoever carries the run out; it goes when that process goes, however it ends."""
        return FileLock(self.folder / ".run.lock")

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
        """
        if not self.has_model:
            raise UsageError(
                f"Run {self.id} is {self.state} and has no model yet.", "Train it first, or choose another run."
            )


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
        write_json(folder / "run.json", about)
        write_json(folder / "config.json", config.model_dump())
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
