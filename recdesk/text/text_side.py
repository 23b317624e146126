"""The text encoder and whitening of a run, loaded to encode new texts."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.messages import Message
from recdesk.core.records import Record, check_files, damaged, read_object, validated
from recdesk.core.tensors import MODEL_FILE, load_tensors
from recdesk.text.encoder import Encoder
from recdesk.text.folders import OURS
from recdesk.text.sources import find_source
from recdesk.text.text_paths import TextPaths
from recdesk.text.vector_cache import VectorCache
from recdesk.text.whitening import Whitening

FORMAT = 1
LOST = Message("record.restore-or-new-run")
ENCODER_PREFIX = "encoder."
"""Of the names of a fine-tuned encoder's weights in a model's file."""


class TextFacts(Record):
    """Schema of `text.json`: the template, and which encoder reads the texts.

    Attributes:
        template: of the items' texts.
        wanted: the encoder, as `find_source` takes it.
        own: the encoder is in the run's folder.
        name, origin, revision: of the encoder, see `Source`.
        fingerprint: see `Encoder.fingerprint`.
        most_tokens: maximum sequence length.
        parts: checksums of the files of an encoder outside the run's folder.
    """

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
    """Turns texts into the vectors that a model over texts reads.

    Attributes:
        encoder: from texts to vectors.
        whitening: fitted to the catalogue's vectors.
        template: from features to texts.
    """

    encoder: Encoder
    whitening: Whitening
    template: str

    def vectors(self, texts: list[str], cache: VectorCache | None = None, **options: Any) -> NDArray[np.float32]:
        """Whitened vectors, float32 [n, kept]; zeros for an empty text. `options` as `Encoder.encode` takes them."""
        encode = self.encoder.encode if cache is None else partial(cache.encode, self.encoder)
        whitened = self.whitening.apply(encode(texts, **options))
        whitened[[not text for text in texts]] = 0.0
        return whitened


def load_side(text_paths: TextPaths) -> TextSide:
    """Load the encoder, fine-tuned weights included, and the whitening of a run.

    Raises:
        RecdeskError: the encoder is missing, or is no longer the one that the run used.
    """
    facts = read_facts(text_paths)
    whitening = load_whitening(text_paths)
    encoder = load_encoder(text_paths)
    tuned = tuned_encoder(text_paths.run / "checkpoints" / "best")
    if tuned:
        encoder.bert.load_state_dict(tuned)
    return TextSide(encoder, whitening, str(facts["template"]))


def load_encoder(text_paths: TextPaths) -> Encoder:
    """Load the encoder of a run: its own, or the one that it names.

    Raises:
        RecdeskError: see `load_side`.
    """
    facts = read_facts(text_paths)
    if facts["own"]:
        if text_paths.encoder.is_dir() and not (text_paths.encoder / OURS).exists():
            raise DataError(Message("record.missing", path=text_paths.encoder / OURS), LOST)
        return Encoder.load(text_paths.encoder, facts["most_tokens"], facts["name"])
    source = find_source(facts["wanted"], text_paths.downloads)
    assert source.folder is not None
    changed = DataError(
        Message("encoder.changed-since-run", name=source.name, folder=source.folder),
        Message("encoder.restore-or-new-run"),
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
    """Read `text.json`; see `TextFacts`.

    Raises:
        RecdeskError: the file is missing, damaged, or of another version.
    """
    facts = read_object(text_paths.facts, LOST)
    if facts.get("format") != FORMAT:
        raise RecdeskError(Message("record.other-version", path=text_paths.facts), Message("run.start-new"))
    validated(facts, TextFacts, text_paths.facts, LOST)
    return facts


def tuned_encoder(folder: Path) -> dict[str, Tensor]:
    """State dict of the encoder's BERT that was fine-tuned with the model in a folder; {} where it was not.

    Raises:
        RecdeskError: the file is missing or damaged.
    """
    weights, _ = load_tensors(folder / MODEL_FILE)
    return {
        name.removeprefix(ENCODER_PREFIX): value for name, value in weights.items() if name.startswith(ENCODER_PREFIX)
    }


def load_whitening(text_paths: TextPaths) -> Whitening:
    """Load the fitted whitening of a run.

    Raises:
        RecdeskError: the file is missing or damaged.
    """
    arrays, _ = load_tensors(text_paths.whitening)
    if missing := {"mean", "matrix"} - set(arrays):
        raise damaged(text_paths.whitening, f"it lacks {', '.join(sorted(missing))}", LOST)
    return Whitening(arrays["mean"].numpy(), arrays["matrix"].numpy())
