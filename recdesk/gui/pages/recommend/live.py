"""The model of the Recommend page, used in jobs."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recdesk.core.task import Task
from recdesk.data.histories import Histories
from recdesk.gui.pages.recommend.export_dialog import Export
from recdesk.gui.pages.recommend.history import ChangedPerson
from recdesk.gui.pages.recommend.item_dialogs import matching
from recdesk.gui.pages.recommend.users_card import UserList
from recdesk.gui.preload_torch import preload_torch

if TYPE_CHECKING:
    from recdesk.recommend.export import Exported
    from recdesk.recommend.recommender import LiveModel, Recommendation
    from recdesk.recommend.text_queries import NewItem
    from recdesk.workspace.runs import Run
    from recdesk.workspace.workspace import Workspace

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
    """Recommendations, ranks before the edits by item code (None without edits), milliseconds, and the number of items
    that pass the filter."""

    items: "list[Recommendation]"
    before: dict[int, int] | None
    milliseconds: float
    n_matching: int


@dataclass(frozen=True)
class Opened:
    """A run's model, the list of its users, the items that were added to the run, oldest first, and the stored edits
    of people's histories (see `History.records`)."""

    model: "LiveModel"
    users: UserList
    added: "list[NewItem]"
    edits: list[dict[str, Any]]


def load(run: "Run", workspace: "Workspace") -> Opened:
    """Open a run's model, prepare the list of its users, and read the edits of its dataset."""
    preload_torch()
    from recdesk.experiment.open_model import added_items, open_model
    from recdesk.workspace.runs import Run

    run = Run.read(run.folder)
    model = open_model(run)
    added = added_items(run) if model.takes_new_items else []
    edits = workspace.edits(run.dataset_name)
    return Opened(model, UserList.of(model.dataset), added, edits)


def add_item(run: "Run", item_id: str, features: dict[str, str]) -> None:
    """Store a new item with a run."""
    from recdesk.experiment.open_model import add_new_item
    from recdesk.workspace.runs import Run

    add_new_item(Run.read(run.folder), item_id, features)


def change_item(run: "Run", item_id: str, features: dict[str, str] | None) -> None:
    """Replace the texts of an item that was added to a run; None to remove it."""
    from recdesk.experiment.open_model import change_new_item
    from recdesk.workspace.runs import Run

    change_new_item(Run.read(run.folder), item_id, features)


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
    return Answer(items, before, taken, model.dataset.n_items if allowed is None else int(allowed.sum()))


def write_export(model: "LiveModel", path: Path, export: Export, task: Task) -> "Exported":
    """Write recommendations as the page shows them."""
    from recdesk.recommend.export import EditedPerson, export_top_n

    def wish(person: ChangedPerson) -> str:
        return person.wish if model.reader is not None else ""

    edited = [EditedPerson(person.user, person.name, person.codes, wish(person)) for person in export.people]
    allowed = matching(model.dataset, export.filter)
    users = None if export.users is None else list(export.users)
    return export_top_n(model, path, export.n, users, export.exclude_seen, task, export.raw_ids, allowed, edited)
