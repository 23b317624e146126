"""Several runs of one dataset that recommend to the same person."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.experiment.open_model import open_model
from recdesk.experiment.run_data import dataset_of
from recdesk.experiment.run_figures import part_of, split_of
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.data.splitting import Split
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.side_by_side import Asked, HeldOutItem, SideBySide

FEWEST, MOST = 2, 4


class SeveralRuns:
    """Runs and their models.

    Attributes:
        runs: two to four of one dataset.
        models: of the runs.
    """

    def __init__(self, runs: Sequence[Run], models: "Sequence[LiveModel]", splits: "Sequence[Split]") -> None:
        self.runs, self.models = tuple(runs), tuple(models)
        self._splits = tuple(splits)

    @classmethod
    def open(
        cls, runs: Sequence[Run], task: Task = UNWATCHED, opened: "Mapping[str, LiveModel] | None" = None
    ) -> "SeveralRuns":
        """Open the models of runs.

        Args:
            runs: two to four of one dataset.
            task: checked before each run.
            opened: models that are open already, by id of their run.

        Raises:
            UsageError: they are too few, too many, the same or of several datasets, or one has no model.
            RecdeskError: a model or a dataset is damaged.
            CancelledError: it was cancelled.
        """
        check_together(runs)
        known = dict(opened or {})
        models, splits = [], []
        for number, run in enumerate(runs):
            task.check()
            task.report(number / len(runs), Message("lists.opening", run=run.id))
            models.append(known.get(run.id) or open_model(run))
            splits.append(split_of(run, dataset_of(run)))
        return cls(runs, models, splits)

    def held_out(self, user_id: str) -> "list[HeldOutItem | None]":
        """The item of a user that each run was measured on; None for people who were not measured."""
        from recdesk.recommend.side_by_side import HeldOutItem

        found: list[HeldOutItem | None] = []
        for run, split in zip(self.runs, self._splits, strict=True):
            user = int(split.dataset.user_ids.get_indexer(pd.Index([user_id], dtype="str"))[0])
            row = int(split.targets(part_of(run))[user]) if user >= 0 else -1
            code = int(split.dataset.items[row]) if row >= 0 else 0
            found.append(HeldOutItem(str(split.dataset.item_ids[code - 1]), split.hidden) if code else None)
        return found

    def lists(self, asked: "Asked", user_id: str = "", task: Task = UNWATCHED) -> "SideBySide":
        """See `side_by_side`; `user_id`: whose held-out items are looked for, "" for nobody's.

        Raises:
            UsageError: the rules do not fit the dataset.
            CancelledError: it was cancelled.
        """
        from recdesk.recommend.side_by_side import side_by_side

        nobody: list[HeldOutItem | None] = [None] * len(self.runs)
        return side_by_side(self.models, asked, self.held_out(user_id) if user_id else nobody, task)

    def about(self, user_id: str, asked: "Asked", as_of: str = "") -> "Asked":
        """What is asked, for the history of a user as the first run's dataset has it.

        Args:
            user_id: "" for nobody.
            asked: the rest.
            as_of: a moment in words, see `Dataset.moment`; "" for now.

        Raises:
            UsageError: there is no such user, or the moment is none.
        """
        data = self.models[0].dataset
        asked = replace(asked, moment=data.moment(as_of))
        if not user_id:
            return asked
        history = data.history(data.user_code(user_id))
        times = () if history.times is None else tuple(history.times.tolist())
        return replace(asked, item_ids=tuple(data.item_ids[history.items - 1]), times=times)


def check_together(runs: Sequence[Run]) -> None:
    """Whether runs can recommend side by side.

    Raises:
        UsageError: they are too few, too many, the same or of several datasets, or one has no model.
        DataError: a model is missing.
    """
    if len({run.id for run in runs}) != len(runs):
        raise UsageError(Message("compare.same-run"), Message("lists.name-others"))
    if not FEWEST <= len(runs) <= MOST:
        raise UsageError(Message("compare.wrong-number", fewest=FEWEST, most=MOST), Message("lists.name-others"))
    for run in runs:
        if run.dataset_name != runs[0].dataset_name:
            raise UsageError(Message("lists.other-dataset", first=runs[0].id, run=run.id), Message("lists.name-others"))
        run.require_model()
