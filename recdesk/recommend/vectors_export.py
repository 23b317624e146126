"""What a model has learned, as files for other programs: similar items of each item, vectors of items and of users."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.files import writing_to
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.safe_csv import write_table
from recdesk.models.base import VectorRecommender
from recdesk.recommend.export_forms import FileForm, rows_to
from recdesk.recommend.nearest import SimilarItems
from recdesk.recommend.similar import require_vectors

if TYPE_CHECKING:
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.recommender import LiveModel

VECTOR_ENDINGS = (".parquet", ".npy")
OWNER = "of_item_id"
"""Column of the item whose neighbours a row is about."""
_TOGETHER = 4096


def export_learned(
    what: str, model: "LiveModel", path: Path, n: int, task: Task = UNWATCHED, rules: "BoundRules | None" = None
) -> int:
    """Write similar items or vectors; gives the number of rows.

    Args:
        what: of `WHAT`, but recommendations.
        model, path, n, task, rules: see `export_similar`; n and rules are for similar items alone.

    Raises:
        RecdeskError: see the function for each.
    """
    if what == "similar":
        return export_similar(model, path, n, task, rules=rules)
    if what == "item-vectors":
        return export_item_vectors(model, path, task)
    return export_user_vectors(model, path, task)


def export_similar(
    model: "LiveModel",
    path: Path,
    n: int = 10,
    task: Task = UNWATCHED,
    form: FileForm | None = None,
    rules: "BoundRules | None" = None,
) -> int:
    """Write the n nearest items of every item by the cosine of the model's vectors; gives the number of rows.

    Columns: of_item_id, rank, item_id, title, score. Only items that the rules allow are neighbours.

    Raises:
        CancelledError: it was cancelled; an earlier file is untouched.
        UsageError: the model has no item vectors, or the ending of the name is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    task, dataset = task.named(Message("job.export")), model.dataset
    nearest = SimilarItems(require_vectors(model.model))
    ids, written = dataset.item_ids.to_numpy(dtype=object), 0
    usual = form or FileForm()
    owned = FileForm(usual.columns, usual.separator, usual.mark, usual.raw_ids, OWNER)
    allowed = None if rules is None else rules.allowed
    with rows_to(path, dataset, owned) as rows:
        for begin in range(0, dataset.n_items, _TOGETHER):
            end = min(begin + _TOGETHER, dataset.n_items)
            part = task.part(begin / dataset.n_items, end / dataset.n_items, f"{begin:,} of {dataset.n_items:,} items")
            found = nearest.of(np.arange(begin + 1, end + 1), n, allowed, part)
            rows.add(ids[begin:end], found.codes, found.cosines)
            written += int((found.codes > 0).sum())
        task.check()
    return written


def export_item_vectors(model: "LiveModel", path: Path, task: Task = UNWATCHED) -> int:
    """Write the vectors with which the model scores items; gives their number. See `_write_vectors`.

    Raises:
        UsageError: the model has none, or the ending of the name is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    vectors = require_vectors(model.model)
    blocks = (vectors[begin : begin + _TOGETHER] for begin in range(0, len(vectors), _TOGETHER))
    return _write_vectors(path, "item_id", model.dataset.item_ids, blocks, vectors.shape[1], task)


def export_user_vectors(model: "LiveModel", path: Path, task: Task = UNWATCHED) -> int:
    """Write the vector of every user after everything known of them; gives their number. See `_write_vectors`.

    Raises:
        CancelledError: it was cancelled; an earlier file is untouched.
        UsageError: the model does not encode histories as vectors, or the ending of the name is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    encoder, histories = model.model, model.dataset.histories()
    if not isinstance(encoder, VectorRecommender):
        raise UsageError(Message("steer.no-user-vectors"), Message("steer.other-model"))

    def blocks() -> Iterator[NDArray[np.float32]]:
        for begin in range(0, len(histories), 256):
            with torch.inference_mode():
                yield encoder.user_vectors(histories[begin : begin + 256]).float().cpu().numpy()

    width = next(blocks()).shape[1] if len(histories) else 0
    return _write_vectors(path, "user_id", model.dataset.user_ids, blocks(), width, task)


def _write_vectors(
    path: Path, name: str, ids: pd.Index, blocks: Iterator[NDArray[np.float32]], width: int, task: Task
) -> int:
    """Write vectors, float32: as Parquet with the columns `name` and "vector", or as a NumPy array [n, width], whose
    ids are in the same order in a CSV beside it (`vectors.ids.csv` for `vectors.npy`)."""
    task = task.named(Message("job.export"))
    if path.suffix.lower() not in VECTOR_ENDINGS:
        raise UsageError(
            Message("export.form-unknown", extension=path.suffix),
            Message("export.vectors-endings", extensions=", ".join(VECTOR_ENDINGS)),
        )
    done = 0
    if path.suffix.lower() == ".parquet":
        schema = pa.schema([(name, pa.string()), ("vector", pa.list_(pa.float32(), width))])
        with writing_to(path, "wb") as stream, pq.ParquetWriter(stream, schema) as writer:
            for block in blocks:
                task.step(done / max(len(ids), 1))
                vectors = pa.FixedSizeListArray.from_arrays(pa.array(block.ravel(), pa.float32()), width)
                own = pa.array(ids[done : done + len(block)].to_numpy(dtype=object), pa.string())
                writer.write_batch(pa.record_batch([own, vectors], schema=schema))
                done += len(block)
        return done
    with writing_to(path, "wb") as stream:
        header = {"descr": "<f4", "fortran_order": False, "shape": (len(ids), width)}
        np.lib.format.write_array_header_1_0(stream, header)
        for block in blocks:
            task.step(done / max(len(ids), 1))
            stream.write(np.ascontiguousarray(block, "<f4").tobytes())
            done += len(block)
    write_table(path.with_suffix(".ids.csv"), [name], ([one] for one in ids))
    return done
