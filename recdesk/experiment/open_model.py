"""A run's model, ready to recommend: with the items that were added to it, after what people have taken by now."""

from typing import TYPE_CHECKING

from filelock import FileLock

from recdesk.core.errors import RecdeskError
from recdesk.core.files import PRIVATE_FILE, explained
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.store import describe, load_dataset
from recdesk.data.updating import with_histories_of
from recdesk.experiment.pipeline import dataset_of
from recdesk.experiment.warm_start import text_places
from recdesk.training.config import TextSourceConfig
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import ADDED_ITEMS, Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel


def open_model(run: Run) -> "LiveModel":
    """Load a run's best model with its dataset, see `brought_up_to_date`.

    Raises:
        RecdeskError: there is no model, the dataset is gone, or the model is damaged.
    """
    from recdesk.recommend.recommender import LiveModel

    live = _as_trained(run)
    dataset, note = brought_up_to_date(run, live.dataset)
    return LiveModel(live.model, dataset, live.reader, note) if note else live


def _as_trained(run: Run) -> "LiveModel":
    """The model with the dataset that it was trained on and the items added since."""
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.text_queries import TextIndex, kept_items, with_new_items

    run.require_model()
    live = LiveModel.open(run.best_folder, dataset_of(run), run.config.device)
    if not isinstance(run.config, TextSourceConfig):
        return live
    places = text_places(run)
    reader = TextIndex(live.model, live.dataset, places)
    added = kept_items(places, run.has_added_items)
    if not added:
        return LiveModel(live.model, live.dataset, reader)
    model, dataset = with_new_items(live.model, live.dataset, added, reader.side)
    reader.model, reader.dataset = model, dataset
    return LiveModel(model, dataset, reader)


def newer_version(run: Run) -> Dataset | None:
    """What a run's dataset was updated to after the run had begun; None where it was not.

    Raises:
        DataError: it is damaged.
    """
    folder = run.workspace / "datasets" / run.dataset_name
    if not folder.is_dir() or describe(folder)["hash"] == run.dataset_hash:
        return None
    newer = load_dataset(folder)
    return newer if newer.report.get("updates") else None  # without, another one has taken the name


def brought_up_to_date(run: Run, dataset: Dataset) -> tuple[Dataset, str]:
    """A run's dataset with the people and histories of its newest version, so that nobody is recommended what they
    have taken since.

    Returns:
        the dataset, and what to say of the update; the same dataset and "" where there was none.

    Raises:
        DataError: the newest version is damaged: what people have taken by now is not known.
    """
    newer = newer_version(run)
    if newer is None:
        return dataset, ""
    joined, unknown = with_histories_of(dataset, newer)
    lacks = Message("recommend.items-unknown", count=unknown) if unknown else Message("recommend.nothing-learned")
    return joined, (Message("recommend.dataset-updated", name=newer.name, gap=lacks))


def older_figures(run: Run) -> str:
    """What to say beside a run's figures when its dataset was updated since; "" when it was not."""
    try:
        newer = newer_version(run)
    except RecdeskError as error:
        return error.sentence
    return "" if newer is None else Message("figures.older-than-dataset", name=newer.name)


def add_new_item(run: Run, item_id: str, features: dict[str, str]) -> int:
    """Keep an item that nobody has taken yet with a run; the number of items from then on.

    Raises:
        RecdeskError: its id is empty or taken, it has no text that the model reads, or the model reads none.
    """
    from recdesk.recommend.text_queries import NewItem, keep_item, with_new_items

    lock = FileLock(run.folder / ".items.lock", mode=PRIVATE_FILE)
    with explained(run.folder / ADDED_ITEMS), lock:  # two additions at once would lose one
        live = _as_trained(run)
        reader, new = live.text_reader(), NewItem(item_id, features)
        with_new_items(reader.model, live.dataset, [new], reader.side)  # it can be read
        keep_item(text_places(run), new, live.dataset)
    RunStore.of(run).note_written(run, ADDED_ITEMS)
    return live.dataset.n_items + 1
