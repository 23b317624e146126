"""The data of a run: its dataset, and the split that it is trained and tested on."""

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.splitting import Split, make_split, with_known_moment
from recdesk.data.store import load_dataset
from recdesk.workspace.run_dataset import stored_dataset
from recdesk.workspace.runs import Run

NO_DATASET = Message("run.import-same-file"), Message("run.start-new-keep-old")
"""What to do where a run's dataset was removed, or has other content."""


def dataset_of(run: Run) -> Dataset:
    """Load the dataset that a run was trained on; after an update, its older version.

    Raises:
        DataError: it was removed, is damaged, or has other content.
    """
    return load_dataset(stored_dataset(run, *NO_DATASET)[0])


def split_of(run: Run) -> Split:
    """The split of a run's dataset.

    Raises:
        DataError: as `dataset_of`, or the dataset contradicts itself.
    """
    split = make_split(dataset_of(run).checked(), run.split)
    return with_known_moment(split) if getattr(run.config, "times", "ignored") == "asked" else split
