"""The model of the Recommend page, used in jobs."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recdesk.data.histories import Histories
from recdesk.gui.pages.recommend.item_dialogs import matching
from recdesk.gui.pages.recommend.users_card import UserList
from recdesk.gui.preload_torch import preload_torch

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel, Recommendation
    from recdesk.workspace.runs import Run

_RANKS_REMEMBERED = 1000


@dataclass(frozen=True)
class Request:
    """What to recommend: plain values that are safe to hand to a job."""

    codes: tuple[int, ...]
    original: tuple[int, ...]
    n: int
    exclude_seen: bool
    filter: str
    wish: str = ""


@dataclass(frozen=True)
class Answer:
    """Recommendations, ranks before the edits by item code (None without edits), and milliseconds."""

    items: "list[Recommendation]"
    before: dict[int, int] | None
    milliseconds: float


def load(run: "Run") -> "tuple[LiveModel, UserList]":
    """Open a run's model, and prepare the list of its users."""
    preload_torch()
    from recdesk.experiment.open_model import open_model
    from recdesk.workspace.runs import Run

    model = open_model(Run.read(run.folder))
    return model, UserList.of(model.dataset)


def add_item(run: "Run", item_id: str, features: dict[str, str]) -> None:
    """Store a new item with a run."""
    from recdesk.experiment.open_model import add_new_item
    from recdesk.workspace.runs import Run

    add_new_item(Run.read(run.folder), item_id, features)


def answer(model: "LiveModel", request: Request) -> Answer:
    """Score and rank the catalogue."""
    allowed: NDArray[np.bool_] | None = matching(model.dataset, request.filter)
    begun = time.perf_counter()
    items = model.top_n(request.codes, request.n, request.exclude_seen, allowed, request.wish)
    taken = 1000 * (time.perf_counter() - begun)
    before = None
    if request.codes != request.original or request.wish:
        history = Histories.of([request.original])
        ranked, _ = model.ranked(history, _RANKS_REMEMBERED, request.exclude_seen, allowed)
        before = {int(code): rank for rank, code in enumerate(ranked[0], 1) if code}
    return Answer(items, before, taken)
