"""A cache on disk of encoded texts."""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from recdesk.core.errors import RecdeskError
from recdesk.core.files import make_folder, replacing_file
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.text.encoder import Encoder

MOST = 2_000_000
"""Maximum number of vectors in a file; beyond it only those of the last call are kept."""


class VectorCache:
    """A file of vectors for each encoder, by `Encoder.fingerprint`.

    A damaged file counts as empty. Cached vectors equal the encoded ones bit for bit.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def encode(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        task: Task = UNWATCHED,
        warn: Callable[[str], None] = lambda sentence: None,
    ) -> NDArray[np.float32]:
        """As `Encoder.encode`, but only texts that are not in the cache are encoded; they are added to it.

        Args:
            encoder: encodes the new texts.
            texts, task: see `Encoder.encode`.
            warn: called with a sentence if the vectors cannot be saved; they are returned all the same.

        Raises:
            CancelledError: it was cancelled; nothing was saved.
        """
        path = self.folder / f"{encoder.fingerprint[:32]}.safetensors"
        asked = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        known, vectors = _read(path, encoder.width)
        row_of = {digest: row for row, digest in enumerate(known)}
        missing = dict.fromkeys(digest for digest in asked if digest not in row_of)
        if missing:
            by_digest = dict(zip(asked, texts, strict=True))
            new = encoder.encode([by_digest[digest] for digest in missing], task)
            known, vectors = [*known, *missing], np.concatenate([vectors, new])
            row_of = {digest: row for row, digest in enumerate(known)}
            if len(known) > MOST:
                known = list(dict.fromkeys(asked))
                vectors = vectors[[row_of[digest] for digest in known]]
                row_of = {digest: row for row, digest in enumerate(known)}
            try:
                _write(path, known, vectors)
            except RecdeskError as error:
                warn(Message("encoder.vectors-not-kept", error=error.sentence))
        return vectors[[row_of[digest] for digest in asked]] if asked else vectors[:0]


def _read(path: Path, width: int) -> tuple[list[bytes], NDArray[np.float32]]:
    try:
        with safe_open(path, framework="np") as file:
            digests, vectors = file.get_tensor("digests"), file.get_tensor("vectors")
            checksum = (file.metadata() or {}).get("checksum")
    except (OSError, SafetensorError, ValueError, TypeError):
        return [], np.empty((0, width), np.float32)
    sound = digests.ndim == 2 and digests.shape[1] == 32 and vectors.shape == (len(digests), width)
    sound = sound and digests.dtype == np.uint8 and vectors.dtype == np.float32
    if not sound or checksum not in (None, _checksum(digests, vectors)):  # an older recdesk kept none
        return [], np.empty((0, width), np.float32)
    return [row.tobytes() for row in digests], vectors


def _checksum(digests: NDArray[np.uint8], vectors: NDArray[np.float32]) -> str:
    """CRC-32 of all bytes."""
    return f"{zlib.crc32(vectors.data.cast('B'), zlib.crc32(digests.data.cast('B'))):08x}" if len(digests) else ""


def _write(path: Path, digests: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
    table = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 32)
    tensors = {"digests": torch.from_numpy(table.copy()), "vectors": torch.from_numpy(vectors)}
    make_folder(path.parent)
    with replacing_file(path) as part:
        save_file(tensors, part, {"checksum": _checksum(table, vectors)})
