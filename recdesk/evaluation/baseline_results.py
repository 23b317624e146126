"""What a baseline was found to be worth, cached by split protocol."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recdesk.core.errors import RecdeskError
from recdesk.core.files import make_folder, replacing
from recdesk.core.refusals import explained
from recdesk.data.splitting import Split
from recdesk.evaluation.metrics import Ranks
from recdesk.evaluation.ranking import Part

CACHE_VERSION = 5


@dataclass(frozen=True)
class BaselineResult:
    """A baseline's outcome.

    Attributes:
        name: "most popular", "popular lately", "last item", "item-kNN", "EASE" or "implicit ALS".
        metrics: by part ("validation", "test"), then by metric.
        ranks: by part, for paired comparisons.
    """

    name: str
    metrics: dict[str, dict[str, float]]
    ranks: dict[str, Ranks]


def parts(split: Split) -> list[Part]:
    """Held-out parts of a split that have a target."""
    held_out: tuple[Part, ...] = ("validation", "test")
    return [part for part in held_out if (split.targets(part) >= 0).any()]


def file_of(name: str, split: Split, cache: Path) -> Path:
    """The file with the result of a baseline on a split."""
    return cache / f"baseline-{CACHE_VERSION}-{name.replace(' ', '-')}-{split.protocol.hash}.npz"


def remember(result: BaselineResult, split: Split, cache: Path) -> str:
    """Cache a result; return a sentence where that failed, else ""."""
    arrays = {"metrics": np.array(json.dumps(result.metrics))}
    for part, ranks in result.ranks.items():
        arrays[part] = np.stack([ranks.users, ranks.greater, ranks.equal])
    path = file_of(result.name, split, cache)
    try:
        with explained(cache):
            make_folder(cache)
        with replacing(path, "wb") as stream:
            np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    except RecdeskError as error:
        return error.sentence
    return ""


def remembered(name: str, split: Split, cache: Path | None) -> BaselineResult | None:
    """A cached result; None where there is none or it is damaged."""
    if cache is None:
        return None
    try:
        with np.load(file_of(name, split, cache), allow_pickle=False) as arrays:
            metrics = json.loads(str(arrays["metrics"]))
            result = BaselineResult(name, metrics, {part: Ranks(*arrays[part]) for part in metrics})
        return result if _fits(result, split) else None
    except Exception:
        return None


def _fits(result: BaselineResult, split: Split) -> bool:
    """Whether a cached result fits a split: the same parts, valid ranks of its users, metrics that follow from them."""
    if list(result.ranks) != parts(split):
        return False
    for part, ranks in result.ranks.items():
        numbers = (ranks.users, ranks.greater, ranks.equal)
        if any(array.dtype != np.int64 or array.min(initial=0) < 0 for array in numbers):
            return False
        if (split.targets(part)[ranks.users] < 0).any() or (np.diff(ranks.users) <= 0).any():  # type: ignore[arg-type]
            return False
        kept = result.metrics[part]
        if not all(math.isclose(kept[name], value, abs_tol=1e-9) for name, value in ranks.summary().items()):
            return False
    return True
