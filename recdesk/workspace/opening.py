"""A run's model, ready to recommend, with the items that were added to it."""

from typing import TYPE_CHECKING

from recdesk.workspace.runner import dataset_of, text_places
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel


def open_model(run: Run) -> "LiveModel":
    """Load a run's best model with its dataset.

    Raises:
        RecdeskError: there is no model, the dataset is gone, or the model is damaged.
    """
    from recdesk.models.text_bert import TextBert
    from recdesk.recommend.reading import Reader, kept_items, with_new_items
    from recdesk.recommend.recommender import LiveModel

    run.require_model()
    live = LiveModel.open(run.best_folder, dataset_of(run), run.config.device)
    if not isinstance(live.model, TextBert):
        return live
    places = text_places(run)
    reader = Reader(live.model, live.dataset, places)
    added = kept_items(places)
    if not added:
        return LiveModel(live.model, live.dataset, reader)
    model, dataset = with_new_items(live.model, live.dataset, added, reader.side)
    reader.model, reader.dataset = model, dataset
    return LiveModel(model, dataset, reader)
