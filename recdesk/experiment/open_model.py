"""Opening a run's model for recommending, with items added to it and the newest histories of its dataset."""

from typing import TYPE_CHECKING

from filelock import FileLock

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import PRIVATE_FILE
from recdesk.core.messages import Message
from recdesk.core.refusals import explained
from recdesk.data.dataset import Dataset
from recdesk.data.manifest import describe
from recdesk.data.store import load_dataset
from recdesk.experiment.run_data import dataset_of
from recdesk.experiment.warm_start import text_paths_of
from recdesk.training.config import TextSourceConfig
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import ADDED_ITEMS, Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.text_queries import NewItem


def open_model(run: Run) -> "LiveModel":
    """Load a run's best model and its dataset, with the histories of the newest version of the dataset.

    Raises:
        RecdeskError: there is no model, it is damaged, or the dataset was removed or is damaged.
    """
    from recdesk.recommend.recommender import LiveModel

    live = _open_as_trained(run)
    dataset, note = with_newest_histories(run, live.dataset)
    return LiveModel(live.model, dataset, live.reader, note) if note else live


def _open_as_trained(run: Run) -> "LiveModel":
    """Load the model with the dataset that it was trained on, and the items added since."""
    return _open(run, None)


def _open(run: Run, added: "list[NewItem] | None") -> "LiveModel":
    """Load the model with the dataset that it was trained on and these items; None for those that were added."""
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.text_queries import TextIndex, kept_items, with_new_items

    run.require_model()
    live = LiveModel.open(run.best_folder, dataset_of(run), run.config.device)
    if not isinstance(run.config, TextSourceConfig):
        return live
    text_paths = text_paths_of(run)
    reader = TextIndex(live.model, live.dataset, text_paths)
    added = kept_items(text_paths, run.has_added_items) if added is None else added
    if not added:
        return LiveModel(live.model, live.dataset, reader)
    model, dataset = with_new_items(live.model, live.dataset, added, reader.side)
    reader.model, reader.dataset = model, dataset
    return LiveModel(model, dataset, reader)


def newer_version(run: Run) -> Dataset | None:
    """The newer version of a run's dataset; None if it was not updated since the run began.

    Raises:
        DataError: it is damaged.
    """
    folder = run.workspace / "datasets" / run.dataset_name
    if not folder.is_dir() or describe(folder)["hash"] == run.dataset_hash:
        return None
    newer = load_dataset(folder)
    return newer if newer.report.get("updates") else None  # otherwise another dataset has this name now


def with_newest_histories(run: Run, dataset: Dataset) -> tuple[Dataset, str]:
    """A run's dataset with users and histories of its newest version, so that no user is recommended an item that they
    have taken since.

    Returns:
        The dataset and a note on the update; the same dataset and "" if there was none.

    Raises:
        DataError: the newest version is damaged.
    """
    newer = newer_version(run)
    if newer is None:
        return dataset, ""
    from recdesk.data.updating import with_histories_of

    joined, unknown = with_histories_of(dataset, newer)
    lacks = Message("recommend.items-unknown", count=unknown) if unknown else Message("recommend.nothing-learned")
    return joined, (Message("recommend.dataset-updated", name=newer.name, gap=lacks))


def outdated_note(run: Run) -> str:
    """A note for a run's metrics if its dataset was updated since; "" if not."""
    try:
        newer = newer_version(run)
    except RecdeskError as error:
        return error.sentence
    return "" if newer is None else Message("figures.older-than-dataset", name=newer.name)


def added_items(run: Run) -> "list[NewItem]":
    """New items that were added to a run, oldest first.

    Raises:
        DataError: their file is damaged or missing.
    """
    from recdesk.recommend.text_queries import kept_items

    return kept_items(text_paths_of(run), True) if run.has_added_items else []


def change_new_item(run: Run, item_id: str, features: dict[str, str] | None) -> None:
    """Replace the texts of an item that was added to a run, or remove it.

    Args:
        run: with a model that reads texts.
        item_id: of the added item.
        features: its texts, by column of the items; None to remove it.

    Raises:
        RecdeskError: no such item was added, or the item has no text that the model reads.
    """
    from recdesk.recommend.text_queries import NewItem, with_new_items, write_items

    lock = FileLock(run.folder / ".items.lock", mode=PRIVATE_FILE)
    with explained(run.folder / ADDED_ITEMS), lock:
        items = added_items(run)
        if item_id not in [item.item_id for item in items]:
            raise UsageError(Message("item.not-added", item=item_id, run=run.id))
        if features is None:
            write_items(text_paths_of(run), [item for item in items if item.item_id != item_id])
            return
        new = NewItem(item_id, features)
        live = _open(run, [])
        reader = live.text_reader()
        with_new_items(reader.model, live.dataset, [new], reader.side)  # raises if the item cannot be read
        write_items(text_paths_of(run), [new if item.item_id == item_id else item for item in items])


def add_new_item(run: Run, item_id: str, features: dict[str, str]) -> int:
    """Store a new item, which no user has taken yet, with a run; returns the new number of items.

    Args:
        run: with a model that reads texts.
        item_id: of the new item.
        features: its texts, by column of the items.

    Raises:
        RecdeskError: the id is empty or in use, the item has no text that the model reads, or the model reads no texts.
    """
    from recdesk.recommend.text_queries import NewItem, keep_item, with_new_items

    lock = FileLock(run.folder / ".items.lock", mode=PRIVATE_FILE)
    with explained(run.folder / ADDED_ITEMS), lock:  # of two concurrent additions one would be lost
        live = _open_as_trained(run)
        reader, new = live.text_reader(), NewItem(item_id, features)
        with_new_items(reader.model, live.dataset, [new], reader.side)  # raises if the item cannot be read
        keep_item(text_paths_of(run), new, live.dataset)
    RunStore.of(run).note_written(run, ADDED_ITEMS)
    return live.dataset.n_items + 1
