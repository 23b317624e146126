"""Files of an encoder's folder: which there are, and checks before anything is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from safetensors import SafetensorError, safe_open

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import read_json
from recdesk.core.messages import Message
from recdesk.core.records import Record, check_files, file_checksum, read_object, read_record

WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
TOKENIZERS = ("tokenizer.json", "vocab.txt")
FILES = (
    "config.json", "tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json", "modules.json",
    "sentence_bert_config.json", "config_sentence_transformers.json", "1_Pooling/config.json", *WEIGHTS,
)  # fmt: skip
"""All files of an encoder, besides the shards of sharded weights."""
OURS, SOURCE = "recdesk.json", "recdesk-source.json"
"""Written last, by `Encoder.save` and by a download: a folder that has one is complete. Both hold checksums."""
AGAIN = Message("encoder.download-again")


class Kept(Record):
    """Schema of `OURS` and `SOURCE`."""

    checksums: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class FolderFacts:
    """Sizes of an encoder.

    Attributes:
        width: size of a vector.
        layers: transformer layers.
        most_tokens: maximum sequence length.
        bytes: size of the weights on disk.
    """

    width: int
    layers: int
    most_tokens: int
    bytes: int


def check_folder(folder: Path) -> FolderFacts:
    """Check that a folder holds a BERT with readable weights and a tokenizer.

    Raises:
        DataError: it does not; names the first problem.
    """
    if not folder.is_dir():
        raise DataError(Message("encoder.no-folder", name=folder), Message("encoder.choose-config-folder"))
    values = _config(folder)
    kind = values.get("model_type")
    if kind != "bert":
        raise DataError(
            Message("encoder.folder-not-bert", folder=folder, kind=kind),
            Message("encoder.choose-bert-example"),
        )
    if not any((folder / name).is_file() for name in WEIGHTS):
        if list(folder.glob("pytorch_model*.bin")):
            raise DataError(
                Message("encoder.folder-unsafe-weights", folder=folder),
                Message("encoder.take-safetensors"),
            )
        raise DataError(Message("encoder.no-weights", folder=folder), Message("encoder.download-whole"))
    if not any((folder / name).is_file() for name in TOKENIZERS):
        raise DataError(
            Message("encoder.no-tokenizer", folder=folder),
            Message("encoder.download-with-tokenizer"),
        )
    _check_weights(folder)
    try:
        positions = int(values["max_position_embeddings"])
        most = _sentence_length(folder) or positions
        size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
        return FolderFacts(int(values["hidden_size"]), int(values["num_hidden_layers"]), min(most, positions), size)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(Message("encoder.config-invalid", path=folder / "config.json", error=repr(error))) from error


def parts(folder: Path) -> dict[str, str]:
    """Checksums by name of an encoder's files; other files of its folder are ignored.

    Raises:
        DataError: one cannot be read; names it.
    """
    names = {*FILES, OURS, *(path.name for path in folder.glob("[!.]*.safetensors"))}
    return {name: _checksum(folder / name) for name in sorted(names) if (folder / name).is_file()}


def _checksum(path: Path) -> str:
    try:
        return file_checksum(path)
    except OSError as error:
        raise DataError(
            Message("record.unreadable", path=path, reason=error.strerror or error), Message("file.permit-or-copy")
        ) from error


def check_parts(folder: Path, only: Sequence[str] = ()) -> None:
    """Compare an encoder's files with the checksums written with them; one that has none passes.

    Args:
        folder: the encoder's.
        only: names of files to compare; () for all.

    Raises:
        DataError: a file is missing or damaged; names it.
    """
    for marker, advice in ((OURS, Message("run.start-new")), (SOURCE, AGAIN)):
        path = folder / marker
        if not path.exists():
            continue
        expected = read_record(path, Kept, advice).get("checksums", {})
        check_files(folder, {name: expected[name] for name in expected if not only or name in only}, advice)


def pooling_of(folder: Path) -> tuple[Literal["mean", "cls"], bool]:
    """Pooling and whether vectors are scaled to unit length, as recdesk or sentence-transformers wrote it; by default
    the mean, unscaled."""
    ours = read_object(folder / OURS, Message("run.start-new")) if (folder / OURS).exists() else {}
    if ours.get("pooling") in ("mean", "cls"):
        return ours["pooling"], bool(ours.get("unit"))
    modules = _optional_list(folder / "modules.json")
    kinds = [str(module.get("type", "")) for module in modules if isinstance(module, dict)]
    pooling = _optional(folder / "1_Pooling" / "config.json")
    cls = bool(pooling.get("pooling_mode_cls_token")) or pooling.get("pooling_mode") == "cls"
    return "cls" if cls else "mean", any(kind.endswith("Normalize") for kind in kinds)


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise DataError(
            Message("encoder.no-config", folder=folder),
            Message("encoder.choose-folder-itself"),
        )
    values = _if_there(path)
    if not isinstance(values, dict):
        raise DataError(Message("encoder.config-empty", path=path), AGAIN)
    return values


def _check_weights(folder: Path) -> None:
    for path in sorted(folder.glob("*.safetensors")):
        try:
            with safe_open(path, framework="np") as file:
                file.keys()
        except (SafetensorError, OSError) as error:
            raise DataError(Message("encoder.folder-damaged", folder=path), AGAIN, details=str(error)) from error


def _sentence_length(folder: Path) -> int | None:
    most = _optional(folder / "sentence_bert_config.json").get("max_seq_length")
    return int(most) if isinstance(most, int) and most > 2 else None


def _optional(path: Path) -> dict[str, Any]:
    values = _if_there(path)
    return values if isinstance(values, dict) else {}


def _optional_list(path: Path) -> list[Any]:
    values = _if_there(path)
    return values if isinstance(values, list) else []


def _if_there(path: Path) -> Any:
    """Content of a JSON file; None where there is none.

    Raises:
        DataError: it cannot be read: to go on without it would give other vectors.
    """
    if not path.exists():
        return None
    try:
        return read_json(path)
    except RecdeskError as error:
        raise DataError(error.sentence, AGAIN) from error
