"""What a trained model needs to read new texts: the run's encoder and whitening, loaded again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.records import Record, check_files, damaged, fitting, read_object
from recdesk.core.tensors import MODEL_FILE, load_tensors
from recdesk.text.encoder import Encoder
from recdesk.text.folders import OURS
from recdesk.text.sources import find_source
from recdesk.text.text_paths import TextPaths
from recdesk.text.vector_cache import VectorCache
from recdesk.text.whitening import Whitening

FORMAT = 1
LOST = "Put it back from a copy, or start a new run; the model of this one can still be used without new texts."
ENCODER_PREFIX = "encoder."
"""Of the names of a fine-tuned encoder's weights in a model's file."""


class TextFacts(Record):
    """Schema of `text.json`: how items become texts, and which encoder reads them. `own`: it lies in the run's folder.
    `parts` are checksums of the files of one that does not."""

    template: str
    wanted: str
    own: bool
    name: str
    origin: str = ""
    revision: str = ""
    fingerprint: str
    most_tokens: int = Field(ge=1)
    parts: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class TextSide:
    """What turns a text into what a model over texts reads.

    Attributes:
        encoder: texts to vectors.
        whitening: fitted to the catalogue.
        template: features to texts.
    """

    encoder: Encoder
    whitening: Whitening
    template: str

    def vectors(self, texts: list[str], cache: VectorCache | None = None, **told: Any) -> NDArray[np.float32]:
        """Whitened vectors, float32 [n, kept]; zeros where there is no text."""
        encoded = self.encoder.encode(texts, **told) if cache is None else cache.encode(self.encoder, texts, **told)
        whitened = self.whitening.apply(encoded)
        whitened[[not text for text in texts]] = 0.0
        return whitened


def load_side(text_paths: TextPaths) -> TextSide:
    """The text side of a run, to read new texts with.

    Raises:
        RecdeskError: its encoder is gone, or is not the one any more that the run used.
    """
    facts = read_facts(text_paths)
    whitening = load_whitening(text_paths)
    encoder = load_encoder(text_paths)
    tuned = tuned_encoder(text_paths.run / "checkpoints" / "best")
    if tuned:
        encoder.bert.load_state_dict(tuned)
    return TextSide(encoder, whitening, str(facts["template"]))


def load_encoder(text_paths: TextPaths) -> Encoder:
    """The encoder of a run: its own, or the one that it names.

    Raises:
        RecdeskError: see `load_side`.
    """
    facts = read_facts(text_paths)
    if facts["own"]:
        if text_paths.encoder.is_dir() and not (text_paths.encoder / OURS).exists():
            raise DataError(f"“{text_paths.encoder / OURS}” is missing.", LOST)
        return Encoder.load(text_paths.encoder, facts["most_tokens"], facts["name"])
    source = find_source(facts["wanted"], text_paths.downloads)
    assert source.folder is not None
    changed = DataError(
        f"The text encoder “{source.name}” in “{source.folder}” is not the one any more that this run used.",
        "Put the earlier files back, or start a new run.",
    )
    try:
        check_files(source.folder, facts.get("parts", {}))
    except RecdeskError as error:
        changed.details = error.sentence
        raise changed from error
    encoder = Encoder.load(source.folder, facts["most_tokens"], source.name)
    if encoder.fingerprint != facts["fingerprint"]:
        raise changed
    return encoder


def read_facts(text_paths: TextPaths) -> dict[str, Any]:
    """What the run's texts are made with; see `TextFacts`.

    Raises:
        RecdeskError: the file is missing, damaged, or of another version.
    """
    facts = read_object(text_paths.facts, LOST)
    if facts.get("format") != FORMAT:
        raise RecdeskError(f"“{text_paths.facts}” was written by another version of recdesk.", "Start a new run.")
    fitting(facts, TextFacts, text_paths.facts, LOST)
    return facts


def tuned_encoder(folder: Path) -> dict[str, Tensor]:
    """Weights of the encoder's BERT that were fine-tuned with the model in a folder; {} for none.

    Raises:
        RecdeskError: the file is missing or damaged.
    """
    weights, _ = load_tensors(folder / MODEL_FILE)
    return {
        name.removeprefix(ENCODER_PREFIX): value for name, value in weights.items() if name.startswith(ENCODER_PREFIX)
    }


def load_whitening(text_paths: TextPaths) -> Whitening:
    """The fitted map of a run.

    Raises:
        RecdeskError: the file is missing or damaged.
    """
    arrays, _ = load_tensors(text_paths.whitening)
    if missing := {"mean", "matrix"} - set(arrays):
        raise damaged(text_paths.whitening, f"it lacks {', '.join(sorted(missing))}", LOST)
    return Whitening(arrays["mean"].numpy(), arrays["matrix"].numpy())
