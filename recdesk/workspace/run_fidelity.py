"""How far a run's explanations can be trusted, kept with the run: `fidelity.json`. It can be measured again, so that a
damaged file, or one of an earlier state of the model, counts as none."""

from typing import Any

import numpy as np

from recdesk.core.errors import RecdeskError
from recdesk.core.records import Record, read_record, write_record
from recdesk.recommend.fidelity import STEPS, Fidelity
from recdesk.workspace.runs import Run

FILE = "fidelity.json"
FORMAT = 1
_CURVES = ("shares", "deletion", "deletion_random", "insertion", "insertion_random")
_GAINS = ("deletion_gain", "insertion_gain")


class _File(Record):
    format: int
    seconds: float
    people: int
    shares: list[float]
    deletion: list[float]
    deletion_random: list[float]
    insertion: list[float]
    insertion_random: list[float]
    deletion_gain: list[float]
    insertion_gain: list[float]


def save_fidelity(run: Run, found: Fidelity) -> None:
    """Write what was measured, atomically.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    values: dict[str, Any] = {"format": FORMAT, "seconds": float(run.seconds), "people": found.people}
    values |= {name: [float(value) for value in getattr(found, name)] for name in (*_CURVES, *_GAINS)}
    write_record(run.folder / FILE, values)


def load_fidelity(run: Run) -> Fidelity | None:
    """What was measured of the model as it is now; None if it was not, or the file is damaged."""
    path = run.folder / FILE
    if not path.exists():
        return None
    try:
        values = read_record(path, _File, newest=FORMAT)
    except RecdeskError:
        return None
    whole = all(len(values[name]) == STEPS + 1 for name in _CURVES) and all(len(values[name]) == 3 for name in _GAINS)
    if not whole or values["seconds"] != float(run.seconds):
        return None
    curves = [np.array(values[name], np.float64) for name in _CURVES]
    gains = [(float(a), float(b), float(c)) for a, b, c in (values[name] for name in _GAINS)]
    deletion, insertion = gains
    return Fidelity(curves[0], curves[1], curves[2], curves[3], curves[4], deletion, insertion, int(values["people"]))
