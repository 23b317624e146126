"""Saving models with weights to a folder and loading them."""

from abc import abstractmethod
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self, TypeVar

import torch
from torch import Tensor, nn

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.records import damaged, read_object, validated, write_record
from recdesk.core.tensors import MODEL_FILE, load_tensors, save_tensors
from recdesk.models.base import Recommender
from recdesk.text.seeding import Seeded

FORMAT = 1


class SavedModel(nn.Module, Recommender):
    """A recommender around a BERT, saved as `transformers` does: `config.json` of the BERT with our sizes in it, and
    all weights in `model.safetensors`.

    Attributes:
        bert: the BERT.
        bias: float [n_items], added to the items' scores.
        shape: our sizes, a frozen dataclass.
    """

    bert: Any
    bias: nn.Parameter
    shape: Any

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.bias.device

    @property
    def on_gpu(self) -> bool:
        """The weights are on a GPU."""
        return bool(self.device.type != "cpu")

    @property
    @abstractmethod
    def item_table(self) -> nn.Parameter:
        """The weights with a row for each item, which may be trained row by row."""

    def save(self, folder: Path) -> None:
        """Write `config.json` and `model.safetensors`, loadable with `BertModel.from_pretrained`."""
        self.save_config(folder)
        self.save_weights(folder / MODEL_FILE, {})

    def save_config(self, folder: Path) -> None:
        """Write `config.json` of the BERT, with our sizes in it."""
        ours = {"format": FORMAT, "kind": self.kind, **asdict(self.shape)}
        write_record(folder / "config.json", {**self.bert_config, "recdesk": ours})

    @property
    @abstractmethod
    def bert_config(self) -> dict[str, Any]:
        """The `config.json` with which `transformers.BertModel` opens the BERT."""

    def save_weights(self, path: Path, about: dict[str, Any]) -> None:
        """Write all weights to one file, replaced atomically, with `about` in its header."""
        save_tensors(path, self.state_dict(), {"format": FORMAT, "kind": self.kind, **about})

    @classmethod
    @abstractmethod
    def empty(cls, folder: Path) -> Self:
        """A model of the sizes in a folder's `config.json`, without its weights.

        Raises:
            RecdeskError: see `read_shape`.
        """

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Build from `config.json` and fill from `model.safetensors`; in evaluation mode."""
        try:
            with Seeded(0):  # no draw from the global generator for weights that are overwritten
                model = cls.empty(folder)
        except (ArithmeticError, ValueError, TypeError, RuntimeError, MemoryError) as error:  # sizes that cannot be
            raise damaged(folder / "config.json", str(error)) from error
        weights, about = load_tensors(folder / MODEL_FILE)
        if about.get("kind") != cls.kind:
            raise RecdeskError(
                Message("record.model-other-kind", path=folder, kind=about.get("kind"), expected=cls.kind)
            )
        model.fill(weights, folder / MODEL_FILE)
        return model.eval()

    def fill(self, weights: dict[str, Tensor], source: Path) -> None:
        """Load weights; `source` is named in the error.

        Raises:
            RecdeskError: they do not fit this model's sizes.
        """
        try:
            self.load_state_dict(weights)
        except RuntimeError as error:
            raise RecdeskError(Message("record.model-misfit", path=source), details=str(error)) from error


ShapeKind = TypeVar("ShapeKind")


def read_shape(folder: Path, kind: type[ShapeKind]) -> ShapeKind:
    """Our sizes in a model folder's `config.json`.

    Raises:
        RecdeskError: it is missing, damaged, foreign, or of a newer format.
    """
    values = {key: value for key, value in our_part(folder).items() if key not in ("format", "kind")}
    return validated(values, kind, folder / "config.json")


def our_part(folder: Path) -> dict[str, Any]:
    """recdesk's part of a model folder's `config.json`: "format", "kind" and the sizes.

    Raises:
        RecdeskError: see `read_shape`.
    """
    path = folder / "config.json"
    ours = read_object(path).get("recdesk")
    if not isinstance(ours, dict):
        raise RecdeskError(Message("record.not-a-model", path=folder), Message("run.choose-folder"))
    format_there = ours.get("format", 0)
    if not isinstance(format_there, int) or format_there > FORMAT:
        raise RecdeskError(Message("record.newer", path=folder), Message("record.update-recdesk"))
    return ours
