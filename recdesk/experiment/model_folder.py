"""A run's model as a folder in the form of the Hugging Face hub, with a card; and such a folder as a run again.

README.md            the card
config.json, model.safetensors
                     the model; `transformers.BertModel.from_pretrained` opens the BERT in it
items.csv            item_id and title, in the order of the item codes 1, 2, …
recdesk-model.json   what run it was, of which data, with checksums of all other files but the card
recdesk/             settings, protocol, metrics and environment of the run
text/                of models over texts: template, whitening, and the encoder if the run trained it
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import Field

from recdesk.core.errors import DataError, UsageError
from recdesk.core.files import new_folder
from recdesk.core.messages import Message
from recdesk.core.records import Record, check_files, checksums, damaged, read_record, write_record
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.tensors import MODEL_FILE
from recdesk.data.dataset import Dataset
from recdesk.data.manifest import describe
from recdesk.data.planning import is_folder
from recdesk.data.split_kinds import SplitKind
from recdesk.data.store import load_dataset
from recdesk.experiment.items_file import ITEMS, catalogue, write_items
from recdesk.experiment.model_card import model_card
from recdesk.experiment.onnx_folder import ABOUT as ONNX_ABOUT
from recdesk.experiment.onnx_folder import CARD
from recdesk.experiment.run_data import dataset_of
from recdesk.text.text_paths import TextPaths
from recdesk.training.config import TextSourceConfig, config_from_dict
from recdesk.workspace.folders import folder_lock
from recdesk.workspace.runs import CONFIG, METRICS, MODEL, PROTOCOL, RUN_FILE, Run, read_run_record
from recdesk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel

FORMAT = 1
ABOUT = "recdesk-model.json"
RECORDS = (CONFIG, PROTOCOL, METRICS, "environment.json")
TEXTS = ("text.json", "text.safetensors", "encoder")
ADVICE = Message("model-folder.download-again")
MOST_ROWS_SHOWN = 3


class About(Record):
    """Schema of `recdesk-model.json`."""

    format: int
    run: str
    kind: str
    split: SplitKind
    dataset_title: str
    dataset_hash: str
    synthetic: str = ""
    ceiling: float | None = None
    seconds: float = 0.0
    license: str
    items: int = Field(ge=1)
    files: dict[str, str]


def export_model(run: Run, folder: Path, license_name: str = "", task: Task = UNWATCHED) -> list[str]:
    """Write the model of a run as a new folder; returns notes on what does not travel.

    Args:
        run: with a model.
        folder: that does not exist yet.
        license_name: for the card, such as "apache-2.0"; "" for none stated.
        task: gets progress.

    Raises:
        UsageError: there is no model, or the folder exists.
        RecdeskError: the data is gone, or a file is damaged.
        CancelledError: it was cancelled; no folder is there then.
        StorageError: the folder cannot be written.
    """
    task = task.named(Message("job.export"))
    run.require_model()
    with explained(folder):
        if folder.exists():
            raise UsageError(Message("model-folder.exists", folder=folder), Message("model-folder.name-new"))
    dataset = dataset_of(run)
    card = model_card(run, license_name, task.part(0.0, 0.6))
    with new_folder(folder) as made, explained(folder / ABOUT):
        for source, target in _sources(run, made):
            task.check()
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        write_items(dataset, made / ITEMS)
        (made / CARD).write_text(card, encoding="utf-8")
        task.step(0.8, Message("word.done"))
        write_record(made / ABOUT, _about(run, dataset, license_name, made))
    task.report(1.0, Message("word.done"))
    return _notes(run)


def _sources(run: Run, made: Path) -> Iterator[tuple[Path, Path]]:
    """Files of a run, and where they go."""
    for name in ("config.json", MODEL_FILE):
        yield run.best_folder / name, made / name
    for name in RECORDS:
        if (run.folder / name).exists():
            yield run.folder / name, made / "recdesk" / name
    for name in TEXTS if isinstance(run.config, TextSourceConfig) else ():
        paths = [run.folder / name] if (run.folder / name).is_file() else sorted((run.folder / name).glob("*"))
        for path in paths:
            yield path, made / "text" / path.relative_to(run.folder)


def _about(run: Run, dataset: Dataset, license_name: str, made: Path) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "run": run.id,
        "kind": run.kind,
        "split": run.split,
        "dataset_title": run.dataset_title,
        "dataset_hash": run.dataset_hash,
        "synthetic": run.synthetic,
        "ceiling": run.ceiling,
        "seconds": run.seconds,
        "license": license_name,
        "items": dataset.n_items,
        "files": checksums(made, without=[CARD]),
    }


def _notes(run: Run) -> list[str]:
    from recdesk.core.records import read_object

    notes: list[str] = []
    if run.has_added_items:
        notes.append(Message("model-folder.added-items-stay"))
    if isinstance(run.config, TextSourceConfig) and not (facts := read_object(run.folder / "text.json")).get("own"):
        notes.append(Message("package.encoder-stays", run=run.id, name=str(facts.get("name"))))
    return notes


def import_model(
    workspace: Workspace, folder: Path, dataset_name: str = "", task: Task = UNWATCHED
) -> tuple[Run, list[str]]:
    """Add the model in a folder to a workspace as a finished run; returns it, and notes.

    Args:
        workspace: where the data is.
        folder: as `export_model` writes it.
        dataset_name: of the data to recommend from; "" for that of the folder, or the only one with its items.
        task: gets progress.

    Raises:
        UsageError: no dataset has these items, or several have.
        DataError: the folder is no model of recdesk, is damaged, or does not fit the data.
        CancelledError: it was cancelled; nothing was added.
        StorageError: the workspace cannot be written.
    """
    from recdesk.recommend.recommender import LiveModel

    task = task.named(Message("job.import"))
    about = _read(folder)
    ids = _item_ids(folder, about)
    task.step(0.2)
    name = _dataset_for(workspace, about, ids, dataset_name)
    source = workspace.dataset_folder(name)
    dataset = load_dataset(source)
    _check_items(dataset, ids)
    task.step(0.4, Message("model-folder.opening"))
    _check_size(folder, about)
    LiveModel.open(folder, dataset, "cpu")
    facts = describe(source)
    run = _add(workspace, folder, about, facts, name, task)
    notes: list[str] = []
    if facts["hash"] != about.dataset_hash:
        notes.append(Message("model-folder.other-data", name=str(facts["name"]), run=run.id))
    task.report(1.0, Message("word.done"))
    return run, notes


def open_model_folder(folder: Path) -> "tuple[About, LiveModel]":
    """The model in a folder by itself: with its items, ids and titles, and with nobody's history.

    Raises:
        DataError: the folder is no model of recdesk, or damaged.
    """
    from recdesk.recommend.recommender import LiveModel

    about = _read(folder)
    _check_size(folder, about)
    dataset = catalogue(folder / ITEMS, about.dataset_title, about.items, ADVICE)
    return about, LiveModel.open(folder, dataset)


def _read(folder: Path) -> About:
    """What a folder says of itself, and that its files are whole.

    Raises:
        DataError: it is no model of recdesk, or damaged.
    """
    if not is_folder(folder):
        raise DataError(Message("model-folder.no-folder", folder=folder), Message("package.check-name"))
    if (folder / ONNX_ABOUT).exists():
        raise UsageError(Message("onnx.is-no-run", folder=folder), Message("onnx.to-import"))
    if not (folder / MODEL_FILE).exists() and (unsafe := _unsafe(folder)):
        raise DataError(
            Message("model-folder.unsafe-weights", folder=folder, name=unsafe), Message("encoder.take-safetensors")
        )
    if not (folder / ABOUT).exists():
        raise DataError(
            Message("model-folder.not-ours", folder=folder, name=ABOUT), Message("model-folder.choose-ours")
        )
    about = About(**read_record(folder / ABOUT, About, ADVICE, FORMAT))
    for name in ("config.json", MODEL_FILE, ITEMS, f"recdesk/{CONFIG}"):
        if name not in about.files:
            raise DataError(Message("record.missing", path=folder / name), ADVICE)
    if any(not _is_inside(name) for name in about.files):
        raise damaged(folder / ABOUT, Message("record.other-content"), ADVICE)
    check_files(folder, about.files, ADVICE)
    return about


def _is_inside(name: str) -> bool:
    """Whether a path is one of those that `export_model` writes."""
    parts = name.split("/")
    known = parts[0] in ("config.json", MODEL_FILE, ITEMS) and len(parts) == 1
    return known or (
        parts[0] in ("recdesk", "text") and 2 <= len(parts) <= 4 and ".." not in parts and "\\" not in name
    )


def _unsafe(folder: Path) -> str:
    """Name of a file of weights that would have to be unpickled; "" for none."""
    found = [path.name for ending in ("*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt") for path in folder.glob(ending)]
    return min(found, default="")


def _item_ids(folder: Path, about: About) -> list[str]:
    """Item ids in the order of the model's codes."""
    try:
        frame = pd.read_csv(folder / ITEMS, dtype="str", keep_default_na=False, usecols=["item_id"])
    except (ValueError, OSError) as error:
        raise damaged(folder / ITEMS, str(error), ADVICE) from error
    ids = [str(each) for each in frame["item_id"]]
    if len(ids) != about.items or len(set(ids)) != len(ids):
        raise damaged(folder / ITEMS, Message("record.other-content"), ADVICE)
    return ids


def _dataset_for(workspace: Workspace, about: About, ids: list[str], wanted: str) -> str:
    """Folder name of the dataset to recommend from."""
    if wanted:
        return workspace.dataset_folder(wanted).name
    known = workspace.datasets()
    same = [info.name for info in known if info.facts["hash"] == about.dataset_hash]
    if same:
        return same[0]
    sized = [info.name for info in known if info.facts["items"] == about.items]
    fitting = [name for name in sized if list(workspace.dataset(name).item_ids) == ids]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(f"“{name}”" for name in fitting)
        raise UsageError(Message("model-folder.several-fit", names=names), Message("model-folder.name-dataset"))
    raise UsageError(
        Message("model-folder.none-fits", count=about.items, name=about.dataset_title),
        Message("model-folder.import-data-first"),
    )


def _check_items(dataset: Dataset, ids: list[str]) -> None:
    """Raise unless the items of a dataset are those of a model, in the same order."""
    own = list(dataset.item_ids)
    if own == ids:
        return
    unknown, missing = sorted(set(own) - set(ids)), sorted(set(ids) - set(own))
    shown = ", ".join((unknown or missing)[:MOST_ROWS_SHOWN]) or f"{own[0]}, {ids[0]}"
    raise DataError(
        Message(
            "model-folder.other-items", name=dataset.name, unknown=len(unknown), missing=len(missing), examples=shown
        ),
        Message("model-folder.same-data"),
    )


def _check_size(folder: Path, about: About) -> None:
    """Refuse sizes that the file of weights cannot have, before memory is taken for them."""
    from recdesk.models.persistence import our_part

    shape, size = our_part(folder), (folder / MODEL_FILE).stat().st_size
    width, items = shape.get("hidden"), shape.get("n_items")
    if not isinstance(width, int) or items != about.items or not 0 < width * max(about.items, width) <= size:
        raise DataError(Message("record.model-misfit", path=folder / MODEL_FILE), ADVICE)


def _add(workspace: Workspace, folder: Path, about: About, facts: dict[str, Any], dataset_name: str, task: Task) -> Run:
    """Add the run, complete or not at all."""
    from recdesk.core.records import read_object

    same_data = facts["hash"] == about.dataset_hash
    config = config_from_dict(read_object(folder / "recdesk" / CONFIG, ADVICE))
    records = [name for name in RECORDS[1:] if same_data or name not in (PROTOCOL, METRICS)]

    def fill(target: Path) -> None:
        (target / "checkpoints" / "best").mkdir(parents=True)
        for name in ("config.json", MODEL_FILE):
            shutil.copyfile(folder / name, target / "checkpoints" / "best" / name)
        for name in records:
            if f"recdesk/{name}" in about.files:
                shutil.copyfile(folder / "recdesk" / name, target / name)
        for name in about.files:
            if name.startswith("text/"):
                path = target / name.removeprefix("text/")
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, path)
        has = [name for name in (PROTOCOL, METRICS, MODEL) if (target / name).exists()]
        reason = Message("model-folder.imported", run=about.run)
        ended = {"state": "finished", "reason": reason, "seconds": about.seconds, "has": has}
        write_record(target / RUN_FILE, {**read_run_record(target), **ended})
        task.step(0.8)
        _check_texts(target, config, workspace)

    with folder_lock(workspace.folder):
        return workspace.run_store.create(dataset_name, facts, config, about.split, fill=fill)


def _check_texts(run: Path, config: Any, workspace: Workspace) -> None:
    """Raise if a model over texts lacks what reads them."""
    if isinstance(config, TextSourceConfig):
        from recdesk.text.text_side import load_whitening, read_facts

        paths = TextPaths(run, workspace.cache, workspace.folder / "encoders")
        facts = read_facts(paths)
        load_whitening(paths)
        if facts["own"] and not paths.encoder.is_dir():
            raise DataError(Message("record.missing", path=paths.encoder), ADVICE)
