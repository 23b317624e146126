"""The map of a run's items, kept with the run: `map.npz`. A cache: what is missing, damaged or of other vectors is made
again."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import RecdeskError
from recdesk.core.files import replacing
from recdesk.core.messages import Message
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.recommend.item_map import ItemMap, make_map
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.similar import require_vectors
from recdesk.workspace.runs import Run

MAP = "map.npz"
VERSION = 1


def map_of(run: Run, model: LiveModel, seed: int = 0, task: Task = UNWATCHED, keep: bool = True) -> tuple[ItemMap, str]:
    """The map of a run's items: the kept one where it fits the vectors and the seed, else a new one.

    Args:
        run: whose folder keeps it.
        model: of the run.
        seed: see `make_map`.
        task: gets progress.
        keep: whether to write a new one.

    Returns:
        The map, and a sentence if it could not be kept; "" otherwise.

    Raises:
        CancelledError: it was cancelled.
        UsageError: the model has no item vectors, or none that is usable.
    """
    vectors = require_vectors(model.model)
    path, mark = run.folder / MAP, fingerprint(vectors, seed)
    kept = load_map(path, mark, len(vectors))
    if kept is not None:
        return kept, ""
    found = make_map(vectors, model.dataset.popularity, seed, task)
    task.check()
    try:
        if keep:
            save_map(path, mark, found)
    except RecdeskError as error:
        return found, Message("map.not-kept", error=error.sentence)
    return found, ""


def fingerprint(vectors: NDArray[np.float32], seed: int) -> str:
    """SHA-256 of what a map follows from."""
    digest = hashlib.sha256(f"recdesk map {VERSION} {seed} {vectors.shape}\0".encode())
    digest.update(np.ascontiguousarray(vectors).data)
    return digest.hexdigest()


def save_map(path: Path, mark: str, found: ItemMap) -> None:
    """Write a map with the fingerprint of its vectors, atomically.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    about = [mark, found.method, str(found.n_items), str(found.unusable), str(int(found.approximate))]
    with explained(path), replacing(path, "wb") as stream:
        np.savez(stream, about=np.array(about), codes=found.codes, xy=found.xy)


def load_map(path: Path, mark: str, n_items: int) -> ItemMap | None:
    """A map that `save_map` wrote; None where it is missing, damaged, or of other vectors."""
    try:
        with np.load(path, allow_pickle=False) as arrays:  # a zip: each member has its CRC
            mine, method, n, unusable, approximate = (str(text) for text in arrays["about"])
            codes, xy = arrays["codes"], arrays["xy"]
        if mine != mark or int(n) != n_items:
            return None
        found = ItemMap(codes, xy, n_items, int(unusable), method, approximate == "1")  # type: ignore[arg-type]
        return found if _fits(found) else None
    except Exception:  # whatever is wrong with a cache, it is made again
        return None


def _fits(found: ItemMap) -> bool:
    codes, xy = found.codes, found.xy
    shapes = codes.dtype == np.int64 and codes.ndim == 1 and xy.dtype == np.float32 and xy.shape == (len(codes), 2)
    if not shapes or not len(codes) or not np.isfinite(xy).all():
        return False
    return codes[0] >= 1 and codes[-1] <= found.n_items and bool((np.diff(codes) > 0).all())
