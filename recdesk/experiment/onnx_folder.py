"""A run's model as a folder with ONNX, which answers without torch; and such a folder opened.

README.md           the card, with how near its lists are to those of the run
config.json, model.onnx, vectors.safetensors
                    see `recdesk.models.onnx_reader`
items.csv           item_id and title, in the order of the item codes 1, 2, …
recdesk-onnx.json   what run it was, of which data, what the comparison gave, checksums of all other files but the card
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from recdesk.core.errors import UsageError
from recdesk.core.files import new_folder
from recdesk.core.messages import Message
from recdesk.core.records import Record, check_files, checksums, damaged, read_record, write_record
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.experiment.items_file import ITEMS, catalogue, write_items

if TYPE_CHECKING:  # opening a folder must not wait for torch
    from recdesk.experiment.model_card import CardForm
    from recdesk.experiment.onnx_parity import Parity
    from recdesk.recommend.onnx_model import OnnxModel
    from recdesk.workspace.runs import Run

FORMAT = 1
ABOUT, CARD = "recdesk-onnx.json", "README.md"
FILES = ("config.json", "model.onnx", "vectors.safetensors", ITEMS)
ADVICE = Message("onnx.again")
USE = """import recdesk.api

model = recdesk.api.load("FOLDER")
for item in model.recommend(history=["ID", "ID"], n=10):
    print(item.rank, item.item_id, item.title, item.score)"""


class OnnxAbout(Record):
    """Schema of `recdesk-onnx.json`."""

    format: int
    run: str
    kind: str
    dataset_title: str
    dataset_hash: str
    license: str
    items: int = Field(ge=1)
    int8: bool
    parity: dict[str, float | int | bool]
    files: dict[str, str]


@dataclass(frozen=True)
class OnnxExport:
    """What was written.

    Attributes:
        parity: its lists beside those of the run.
        notes: sentences on what does not travel.
    """

    parity: "Parity"
    notes: tuple[str, ...] = ()


def export_onnx(
    run: "Run", folder: Path, license_name: str = "", int8: bool = False, task: Task = UNWATCHED
) -> OnnxExport:
    """Write the model of a run as a new folder with ONNX, and compare its lists with those of the run.

    Args:
        run: with a model that reads histories of items.
        folder: that does not exist yet.
        license_name: for the card, such as "apache-2.0"; "" for none stated.
        int8: quantise the reader's weights to 8 bits.
        task: gets progress.

    Raises:
        UsageError: there is no model or one of another kind, the folder exists, or a library is not installed.
        RecdeskError: the data is gone, or a file is damaged.
        CancelledError: it was cancelled; no folder is there then.
        StorageError: the folder cannot be written.
    """
    from recdesk.experiment.model_card import model_card
    from recdesk.experiment.onnx_parity import compare
    from recdesk.experiment.run_data import dataset_of
    from recdesk.experiment.run_figures import split_of
    from recdesk.models.onnx_export import require_exporter, write_onnx
    from recdesk.models.onnx_reader import OnnxReader
    from recdesk.recommend.onnx_model import OnnxModel
    from recdesk.recommend.recommender import LiveModel

    task = task.named(Message("job.export"))
    require_exporter()
    run.require_model()
    with explained(folder):
        if folder.exists():
            raise UsageError(Message("model-folder.exists", folder=folder), Message("model-folder.name-new"))
    dataset = dataset_of(run)
    model: Any = LiveModel.open(run.best_folder, dataset, "cpu").model
    with new_folder(folder) as made, explained(folder / ABOUT):
        write_onnx(model, made, int8, task.part(0.0, 0.4))
        task.step(0.4, Message("onnx.comparing"))
        parity = compare(model, OnnxModel(OnnxReader(made), dataset), split_of(run, dataset), task.part(0.4, 0.7))
        write_items(dataset, made / ITEMS)
        card = model_card(run, license_name, task.part(0.7, 1.0), card_form(run, parity))
        (made / CARD).write_text(card, encoding="utf-8")
        write_record(made / ABOUT, _about(run, dataset, license_name, parity, made))
    task.report(1.0, Message("word.done"))
    return OnnxExport(parity, tuple(_notes(run)))


def card_form(run: "Run", parity: "Parity") -> "CardForm":
    """What the card says of this form."""
    from recdesk.experiment.model_card import CardForm
    from recdesk.experiment.report.blocks import Bullets, Code, Heading, paragraph

    tags = ("onnx", "int8") if parity.int8 else ("onnx",)
    more = (Heading(2, Message("onnx.parity")), Bullets(tuple(parity.sentences)))
    use = (paragraph(Message("onnx.files"), Message("onnx.data-types")), Code(USE))
    return CardForm(Message("onnx.title", kind=run.kind, name=run.dataset_title), "onnxruntime", tags, use, more)


def _about(run: "Run", dataset: Dataset, license_name: str, parity: "Parity", made: Path) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "run": run.id,
        "kind": run.kind,
        "dataset_title": run.dataset_title,
        "dataset_hash": run.dataset_hash,
        "license": license_name,
        "items": dataset.n_items,
        "int8": parity.int8,
        "parity": asdict(parity),
        "files": checksums(made, without=[CARD]),
    }


def _notes(run: "Run") -> list[str]:
    from recdesk.training.config import TextSourceConfig

    notes: list[str] = []
    if run.has_added_items:
        notes.append(Message("model-folder.added-items-stay"))
    if isinstance(run.config, TextSourceConfig):
        notes.append(Message("onnx.words-stay"))
    return notes


def open_onnx_folder(folder: Path, threads: int = 0) -> "tuple[OnnxAbout, OnnxModel]":
    """The model in a folder by itself: with its items, ids and titles, and with nobody's history.

    Args:
        folder: as `export_onnx` wrote it.
        threads: that compute; 0 for as many as there are processors.

    Raises:
        UsageError: onnxruntime is not installed.
        DataError: the folder is no such model, or damaged.
    """
    from recdesk.models.onnx_reader import OnnxReader
    from recdesk.recommend.onnx_model import OnnxModel

    about = OnnxAbout(**read_record(folder / ABOUT, OnnxAbout, ADVICE, FORMAT))
    if set(about.files) != set(FILES):
        raise damaged(folder / ABOUT, Message("record.other-content"), ADVICE)
    check_files(folder, about.files, ADVICE)
    reader = OnnxReader(folder, threads, ADVICE)
    return about, OnnxModel(reader, catalogue(folder / ITEMS, about.dataset_title, about.items, ADVICE))
