"""Settings that searches found good, in `presets.json` of a workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.data.split_kinds import SplitKind
from recdesk.training.config import RunConfig, config_from_dict
from recdesk.workspace.folders import collect_errors, folder_lock

FILE = "presets.json"
FORMAT = 1
MOST = 50
"""The oldest presets above this number are removed."""
ADVICE = Message("record.restore-copy")


class _Entry(Record):
    study: str
    dataset: str
    created: float = Field(ge=0, le=2**35)
    split: SplitKind
    ndcg: float
    config: dict[str, Any]


class _File(Record):
    format: int
    presets: list[_Entry]


@dataclass(frozen=True)
class Preset:
    """Settings that a study found.

    Attributes:
        study: id of the study; a later result of the same study replaces it.
        dataset: folder name of the dataset.
        created: epoch seconds.
        split: how the data was split.
        ndcg: validation NDCG@10 of the best trial.
        config: the settings.
    """

    study: str
    dataset: str
    created: float
    split: SplitKind
    ndcg: float
    config: RunConfig


def load_presets(workspace: Path, unusable: list[RecdeskError] | None = None) -> list[Preset]:
    """The presets of a workspace, newest first.

    Args:
        workspace: its folder.
        unusable: gets the errors of presets with settings of another version, which are left out.

    Raises:
        DataError: the file is damaged.
    """
    found: list[Preset] = []
    for entry in _entries(workspace):
        with collect_errors(unusable):
            found.append(_preset(entry, workspace / FILE))
    return sorted(found, key=lambda preset: -preset.created)


def save_preset(workspace: Path, preset: Preset) -> None:
    """Add a preset, or replace the one of the same study.

    Raises:
        DataError: the file is damaged; it stays as it is.
        StorageError: it cannot be written.
    """
    values = {**vars(preset), "config": preset.config.model_dump()}
    with folder_lock(workspace):
        others = [entry for entry in _entries(workspace) if entry["study"] != preset.study]
        kept = sorted([values, *others], key=lambda entry: -entry["created"])[:MOST]
        write_record(workspace / FILE, {"format": FORMAT, "presets": kept})


def _entries(workspace: Path) -> Sequence[dict[str, Any]]:
    path = workspace / FILE
    if not path.exists():
        return []
    entries: list[dict[str, Any]] = read_record(path, _File, ADVICE, FORMAT)["presets"]
    return entries


def _preset(entry: dict[str, Any], path: Path) -> Preset:
    try:
        values = {name: entry[name] for name in ("study", "dataset", "created", "split", "ndcg")}
        return Preset(**values, config=config_from_dict(entry["config"]))
    except UsageError as error:
        reason = Message("record.unusable", path=path, reason=error.sentence)
        raise DataError(reason, error.suggestion or ADVICE) from error
