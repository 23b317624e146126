"""What a package, `name.recdesk`, is made of: its list of contents, and which files of datasets and runs go into it."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from recdesk.core.records import Record
from recdesk.workspace.edits import FILE as EDITS
from recdesk.workspace.runs import Run

FORMAT = 1
ENDINGS = (".json", ".jsonl", ".npy", ".npz", ".parquet", ".csv", ".txt", ".safetensors")
"""Of all files in a package: tables, arrays, texts, weights. Nothing among them is code or is unpickled."""
CONTENTS = "recdesk.json"
RULES = "rules.json"
MODEL_PARTS = ("checkpoints", "encoder", "text.safetensors", "start.safetensors", "added-items.json")
"""Files and folders of a run that hold what it learned, or are of use with that only."""
PEOPLE_FILES = (EDITS,)
"""Files of a dataset that hold what was changed in histories, and people who were made up."""
CACHED = ("map.npz",)
"""Files of a run that are made again when they are missing: `run_map.MAP`, whose module needs torch."""


class PackedFile(Record):
    """Size in bytes and SHA-256 of a file."""

    size: int = Field(ge=0)
    sha256: str


class PackedDataset(Record):
    """A dataset that runs were trained on; `folder` is its name in the workspace that it comes from."""

    folder: str
    title: str
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    packed: bool
    pseudonyms: bool = False


class PackedRun(Record):
    """A run."""

    id: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,119}$")
    dataset_hash: str


class Contents(Record):
    """Schema of `recdesk.json`; `files` are all the others."""

    format: int
    recdesk: str
    models: bool
    people: bool
    datasets: list[PackedDataset]
    runs: list[PackedRun]
    files: dict[str, PackedFile]


def dataset_part(content_hash: str) -> str:
    """Folder of a dataset in a package."""
    return f"datasets/{content_hash[:32]}"


def run_part(run_id: str) -> str:
    """Folder of a run in a package."""
    return f"runs/{run_id}"


def dataset_files(folder: Path, with_people: bool, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """Names and paths of the files of a dataset that are packed.

    Args:
        folder: of the dataset.
        with_people: whether `PEOPLE_FILES` are.
        left_out: gets the names of files that no package holds.
    """
    for name, path in _files(folder, left_out):
        if with_people or name not in PEOPLE_FILES:
            yield name, path


def run_files(run: Run, with_model: bool, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """Names and paths of the files of a run that are packed: not `CACHED`, and checkpoints to go on from unless it is
    finished.

    Args:
        run: the run.
        with_model: whether `MODEL_PARTS` are.
        left_out: see `dataset_files`.
    """
    for name, path in _files(run.folder, left_out):
        part = name.partition("/")[0]
        needed = not name.startswith("checkpoints/") or name.startswith("checkpoints/best/") or run.resumable
        if needed and name not in CACHED and (with_model or part not in MODEL_PARTS):
            yield name, path


def _files(folder: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            continue
        if any(part.startswith(".") for part in name.split("/")):  # locks and unfinished files
            continue
        if path.is_symlink() or not name.endswith(ENDINGS):
            left_out.append(f"{folder.name}/{name}")
        else:
            yield name, path
