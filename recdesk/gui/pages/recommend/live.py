"""The model of the Recommend page, used in jobs."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import DataError
from recdesk.core.task import Task
from recdesk.data.histories import Histories, History
from recdesk.gui.pages.recommend.export_dialog import Export
from recdesk.gui.pages.recommend.history import ChangedPerson
from recdesk.gui.pages.recommend.item_dialogs import matching
from recdesk.gui.pages.recommend.user_columns import UserColumns
from recdesk.gui.preload_torch import preload_torch
from recdesk.recommend.edited_histories import history_of
from recdesk.recommend.rules import NO_RULES, Rules

if TYPE_CHECKING:
    from recdesk.data.splitting import Split
    from recdesk.evaluation.results import Results
    from recdesk.experiment.sharded_export import ShardedExport
    from recdesk.recommend.attention import Attention
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.explanations import Explanation, SmallestSet
    from recdesk.recommend.export_options import Exported, ExportOptions
    from recdesk.recommend.item_facts import ItemFacts
    from recdesk.recommend.query import Recommendation
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.text_queries import NewItem
    from recdesk.recommend.words import WordEffects
    from recdesk.workspace.runs import Run
    from recdesk.workspace.workspace import Workspace

_RANKS_REMEMBERED = 1000
COST_PEOPLE = 300
"""People on whom the cost of rules is measured while one looks."""


@dataclass(frozen=True)
class Request:
    """What to recommend: plain values that are safe to hand to a job.

    Attributes:
        history: up to the moment that is asked about.
        edited: it or the moment differ from the data, whose item codes are `original`.
        n, exclude_seen, filter, wish, rules: see `LiveModel.top_n`.
    """

    history: History
    edited: bool
    original: tuple[int, ...]
    n: int
    exclude_seen: bool
    filter: str
    wish: str = ""
    rules: Rules = NO_RULES


@dataclass(frozen=True)
class Answer:
    """Recommendations, ranks before the edits by item code (None without edits), milliseconds, the number of items that
    pass the filter, and sentences: what of the rules has no effect, and why the list is short under them."""

    items: "list[Recommendation]"
    before: dict[int, int] | None
    milliseconds: float
    n_matching: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A run's model, the list of its users, the items that were added to the run, oldest first, the stored edits of
    people's histories (see `History.records`), the stored rules, whether words explain what it recommends and it
    attends to items, and the identity of its dataset (see `identity_of`)."""

    model: "LiveModel"
    users: UserColumns
    added: "list[NewItem]"
    edits: list[dict[str, Any]]
    rules: list[Rules]
    has_words: bool = False
    attends: bool = False
    identity: str = ""


def load(run: "Run", workspace: "Workspace") -> Opened:
    """Open a run's model, prepare the list of its users, and read the edits of its dataset."""
    preload_torch()
    from recdesk.data.manifest import identity_of
    from recdesk.experiment.open_model import added_items, open_model
    from recdesk.experiment.run_data import NO_DATASET
    from recdesk.recommend.attention import attends
    from recdesk.recommend.words import reads_words
    from recdesk.workspace.run_dataset import stored_dataset
    from recdesk.workspace.runs import Run

    run = Run.read(run.folder)
    model = open_model(run)
    added = added_items(run) if model.takes_new_items else []
    edits = workspace.edits(run.dataset_name)
    users, has_words = (
        UserColumns.of(model.dataset, _measured(run, model)),
        model.reader is not None and reads_words(model.model),
    )
    identity = identity_of(stored_dataset(run, *NO_DATASET)[1])
    return Opened(model, users, added, edits, workspace.rules(), has_words, attends(model.model), identity)


def _measured(run: "Run", model: "LiveModel") -> "tuple[Results, NDArray[np.int64]] | None":
    """Ranks of the people measured, and rows of their held-out items; None for runs that kept none, or damaged ones."""
    from recdesk.experiment.run_figures import part_of, split_of
    from recdesk.workspace.run_results import load_results

    part = part_of(run)
    try:
        results = load_results(run, model.dataset.n_users, model.dataset.n_items).get(part)
    except DataError:
        return None
    return None if results is None else (results, split_of(run, model.dataset).targets(part))


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
    rules = model.bind(request.rules)
    items = model.top_n(request.history, request.n, request.exclude_seen, allowed, request.wish, rules)
    taken = 1000 * (time.perf_counter() - begun)
    before = None
    if request.edited or request.wish:
        history = Histories.of([request.original])
        ranked, _ = model.ranked(history, _RANKS_REMEMBERED, request.exclude_seen, allowed, rules=rules)
        before = {int(code): rank for rank, code in enumerate(ranked[0], 1) if code}
    notes = [] if request.rules.empty else [*rules.notes, _shortfall(model, request, rules, len(items), allowed)]
    n_matching = model.dataset.n_items if allowed is None else int(allowed.sum())
    return Answer(items, before, taken, n_matching, tuple(filter(None, notes)))


def _shortfall(
    model: "LiveModel", request: Request, rules: "BoundRules", found: int, allowed: NDArray[np.bool_] | None
) -> str:
    """Why a list is short under rules, "" where it is not."""
    candidates = model.candidates(request.history, request.exclude_seen, rules, allowed)
    return rules.shortfall(request.n, found, candidates)


@dataclass(frozen=True)
class ItemRequest:
    """Which item to look at, for whom.

    Attributes:
        history: of the person.
        exclude_seen, wish, rules: as in `Request`.
        code: of the item; 0 for none yet.
    """

    history: History
    exclude_seen: bool
    wish: str
    rules: Rules
    code: int = 0

    def of(self, code: int) -> "ItemRequest":
        """The same for an item."""
        return replace(self, code=code)


@dataclass(frozen=True)
class ItemLook:
    """An item, those like it ([] where the model has no vectors), and where it stands for a person: rank and score, or
    why it has none."""

    facts: "ItemFacts"
    similar: "list[Recommendation]"
    rank: int | None
    score: float
    seen: bool
    allowed: bool


def look_at_item(model: "LiveModel", request: ItemRequest, n_similar: int = 20) -> ItemLook:
    """Gather what an item's page shows."""
    from recdesk.recommend.item_facts import item_facts
    from recdesk.recommend.similar import item_vectors

    code, rules = request.code, model.bind(request.rules)
    similar = [] if item_vectors(model.model) is None else model.similar(code, n_similar)
    allowed = rules.allowed is None or bool(rules.allowed[code - 1])
    seen, rank, score = code in request.history.items, None, 0.0
    if allowed and not (seen and request.exclude_seen) and (len(request.history) or request.wish):
        rank, score = model.place(request.history, code, request.exclude_seen, request.wish, rules)
    return ItemLook(item_facts(model.dataset, code), similar, rank, score, seen, allowed)


def explained(model: "LiveModel", request: ItemRequest, n: int) -> "tuple[Explanation, SmallestSet | None]":
    """Why an item is recommended, and the fewest items of the history without which it is not among the first n."""
    how = (request.exclude_seen, request.wish, None, model.bind(request.rules))
    return model.explain(request.history, request.code, *how), model.necessary(request.history, request.code, n, *how)


def attention_to(model: "LiveModel", request: ItemRequest) -> "Attention":
    """What the model attends to; see `attention`."""
    from recdesk.recommend.attention import attention

    return attention(model, request.history, request.code)


def words_of(model: "LiveModel", request: ItemRequest, task: Task) -> "WordEffects":
    """Which words carry an item; see `word_effects`."""
    from recdesk.recommend.words import word_effects

    return word_effects(model, request.history, request.code, task)


class CostMeter:
    """Measures what rules cost a run, on one sample of people.

    Args:
        run: with held-out items.
        model: of the run.
    """

    def __init__(self, run: "Run", model: "LiveModel") -> None:
        self._run, self._model = run, model
        self._split: Split | None = None

    def cost(self, rules: Rules, task: Task) -> str:
        """A sentence.

        Raises:
            UsageError: the rules do not fit the dataset, or no item meets them.
            CancelledError: it was cancelled.
        """
        from recdesk.data.splitting import make_split
        from recdesk.experiment.run_data import dataset_of
        from recdesk.recommend.rules_cost import rules_cost

        bound = self._model.bind(rules)
        bound.require_items()
        split = self._split = self._split or make_split(dataset_of(self._run), self._run.split)
        return rules_cost(self._model, split, bound, COST_PEOPLE, task=task).sentence


def write_export(model: "LiveModel", path: Path, export: Export, task: Task) -> "Exported":
    """Write recommendations as the page shows them, or what the model has learned of items and users."""
    from recdesk.recommend.export import export_top_n
    from recdesk.recommend.export_options import Exported
    from recdesk.recommend.vectors_export import export_learned

    rules = model.bind(export.rules)
    rules.require_items()
    if export.what != "recommendations":
        return Exported(export_learned(export.what, model, path, export.n, task, rules), n=export.n)
    asked = _options(model, export)
    return export_top_n(
        model, path, asked.n, asked.users, asked.exclude_seen, task, asked.form, asked.allowed, asked.edited, rules,
        as_of=asked.as_of,
    )  # fmt: skip


def write_files(run: "Run", model: "LiveModel", folder: Path, export: Export, task: Task) -> "ShardedExport":
    """Write recommendations as the page shows them into several files, computed here or on a cluster."""
    from recdesk.cluster.export_engine import OnCluster, take_over
    from recdesk.experiment.sharded_export import export_in_shards

    model.bind(export.rules).require_items()
    if export.cluster is None:
        take_over(folder)
    engine = None if export.cluster is None else OnCluster(export.cluster)
    options = _options(model, export)
    return export_in_shards(run, model.dataset, folder, export.files, options, engine=engine, task=task)


def _options(model: "LiveModel", export: Export) -> "ExportOptions":
    from recdesk.recommend.bound_rules import people_meeting
    from recdesk.recommend.export_options import EditedPerson, ExportOptions

    def wish(person: ChangedPerson) -> str:
        return person.wish if model.reader is not None else ""

    def history(person: ChangedPerson) -> History:
        return history_of(person.entries, model.dataset) if person.entries else History.of(person.codes)

    edited = [EditedPerson(person.user, person.name, history(person), wish(person)) for person in export.people]
    users = None if export.users is None else list(export.users)
    if export.condition:
        users = people_meeting(model.dataset, export.condition, users)
    return ExportOptions(
        ending=export.ending,
        n=export.n,
        users=None if users is None else np.asarray(users, np.int64),
        exclude_seen=export.exclude_seen,
        form=export.form,
        allowed=matching(model.dataset, export.filter),
        edited=edited,
        rules=export.rules,
        as_of=export.moment,
    )
