"""Ranks and lists of the people measured, kept with a run: `results.npz`."""

import numpy as np

from recdesk.core.errors import DataError
from recdesk.core.files import replacing
from recdesk.core.messages import Message
from recdesk.core.records import damaged
from recdesk.core.refusals import explained
from recdesk.evaluation.metrics import Ranks
from recdesk.evaluation.results import Results
from recdesk.workspace.runs import EVALUATE_AGAIN, RESULTS, Run

VERSION = 1


def save_results(run: Run, results: dict[str, Results]) -> None:
    """Write the results by part ("validation", "test"), atomically.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    path = run.folder / RESULTS
    arrays = {"version": np.array(VERSION)}
    for part, result in results.items():
        ranks = result.ranks
        arrays[f"{part} ranks"] = np.stack([ranks.users, ranks.greater, ranks.equal])
        arrays[f"{part} lists"] = result.lists
    with explained(path), replacing(path, "wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]


def load_results(run: Run, n_users: int, n_items: int) -> dict[str, Results]:
    """The results by part; {} for a run that kept none, as those of older versions.

    Args:
        run: the run.
        n_users, n_items: size of its dataset.

    Raises:
        DataError: the file is missing or damaged.
    """
    path = run.folder / RESULTS
    if not path.exists():
        if RESULTS in run.has:
            raise DataError(Message("record.missing", path=path), EVALUATE_AGAIN)
        return {}
    try:
        with np.load(path, allow_pickle=False) as arrays:  # a zip: each member has its CRC
            parts = [name.removesuffix(" ranks") for name in arrays.files if name.endswith(" ranks")]
            found = {
                part: Results(Ranks(*arrays[f"{part} ranks"]), arrays[f"{part} lists"].astype(np.int32))
                for part in parts
            }
    except Exception as error:
        raise damaged(path, str(error), EVALUATE_AGAIN) from error
    if not all(result.fits(n_users, n_items) for result in found.values()):
        raise damaged(path, Message("record.other-content"), EVALUATE_AGAIN)
    return found
