"""A run's model, ready to recommend, with the items that were added to it."""

from typing import TYPE_CHECKING

from recdesk.training.config import TextSourceConfig
from recdesk.workspace.runner import dataset_of
from recdesk.workspace.runs import ADDED_ITEMS, AT_WORK, Run
from recdesk.workspace.starting import text_places

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel


def open_model(run: Run) -> "LiveModel":
    """Load a run's best model with its dataset.

    Raises:
        RecdeskError: there is no model, the dataset is gone, or the model is damaged.
    """
    from recdesk.recommend.reading import Reader, kept_items, with_new_items
    from recdesk.recommend.recommender import LiveModel

    run.require_model()
    live = LiveModel.open(run.best_folder, dataset_of(run), run.config.device)
    if not isinstance(run.config, TextSourceConfig):
        return live
    places = text_places(run)
    reader = Reader(live.model, live.dataset, places)
    added = kept_items(places, run.has_added_items)
    if not added:
        return LiveModel(live.model, live.dataset, reader)
    model, dataset = with_new_items(live.model, live.dataset, added, reader.side)
    reader.model, reader.dataset = model, dataset
    return LiveModel(model, dataset, reader)


def add_new_item(run: Run, item_id: str, features: dict[str, str]) -> int:
    """Keep an item that nobody has taken yet with a run; the number of items from then on.

    Raises:
        RecdeskError: its id is empty or taken, it has no text that the model reads, or the model reads none.
    """
    from recdesk.recommend.reading import NewItem, keep_item, with_new_items

    live = open_model(run)
    reader, new = live.text_reader(), NewItem(item_id, features)
    with_new_items(reader.model, live.dataset, [new], reader.side)  # it can be read
    keep_item(text_places(run), new, live.dataset)
    if not run.has_added_items and run.state not in AT_WORK:  # else run.json is another process's
        run.set_state(run.state, has=run.having(ADDED_ITEMS))
    return live.dataset.n_items + 1
