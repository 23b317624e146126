"""The Python interface: a trained model in a few lines, without window and command line.

    import recdesk.api

    model = recdesk.api.load("last")
    for item in model.recommend(user="42", n=5):
        print(item.rank, item.item_id, item.title, item.score)

Ids are the original ones, as text, in and out. What goes wrong raises `RecdeskError`, whose `sentence` and `suggestion`
are for people.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.recommend.rules import Condition, Rules, parse_condition

if TYPE_CHECKING:  # importing this module must not wait for torch and pandas
    import numpy as np
    from numpy.typing import NDArray

    from recdesk.recommend.by_ids import ModelByIds
    from recdesk.recommend.query import Recommendation

__all__ = ["Answer", "Condition", "Model", "RecdeskError", "Rules", "load"]


FOLDERS = ("recdesk-onnx.json", "recdesk-model.json")
"""Each is in a folder that `recdesk export-model` wrote: as ONNX, as a model."""
RUN_FILE = "run.json"


@dataclass(frozen=True)
class Answer:
    """A list of items, best first; iterate it, or take `items`.

    Attributes:
        items: each with `rank` from 1, `item_id`, `title`, `score` and `features` (texts by name).
        notes: sentences: what was left out, why the list is short.
        unknown: ids of the history that the model does not know.
    """

    items: "tuple[Recommendation, ...]"
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __iter__(self) -> "Iterator[Recommendation]":
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> "Recommendation":
        return self.items[index]


class Model:
    """A trained model with its items and people; made by `load`.

    Attributes:
        run: id of its run.
        kind: model family, such as "bert-causal".
        dataset: name of the dataset.
        note: a sentence to know about all its lists; "" for none.
    """

    def __init__(self, run: str, kind: str, by_ids: "ModelByIds", workspace: Path | None) -> None:
        self.run, self.kind, self.by_ids, self.workspace = run, kind, by_ids, workspace
        self.dataset, self.note = by_ids.live.dataset.name, by_ids.live.note

    @property
    def item_ids(self) -> list[str]:
        """Ids of all items, in the order of `vectors`."""
        return [str(item) for item in self.by_ids.ids]

    def recommend(
        self,
        user: str | None = None,
        *,
        history: Iterable[str] | None = None,
        wish: str = "",
        n: int = 10,
        exclude_seen: bool = True,
        rules: Rules | str = "",
        allow: Iterable[str] | None = None,
        block: Iterable[str] = (),
        where: Sequence[str] = (),
        times: Sequence[int | None] | None = None,
        as_of: str = "",
    ) -> Answer:
        """The best items for a person of the data, for a history, for a wish in words, or for one of them and a wish.

        Args:
            user: a user id.
            history: item ids, the oldest first; ids that the model does not know are left out and named.
            wish: what is looked for, for models that read texts.
            n: length of the list.
            exclude_seen: leave out what is in the history.
            rules: of what is recommended, or the name under which they are stored in the workspace.
            allow: ids of the only items that may be recommended; None for all.
            block: ids of items never to recommend.
            where: conditions on items, such as "genres contains Comedy" or "year >= 1990".
            times: of the history, epoch seconds, None where unknown (models that read times).
            as_of: a moment such as "2018-01-31": as things stood then.

        Raises:
            UsageError: the request cannot be met, see `ModelByIds.asked`.
            DataError: the file of the stored rules is damaged.
        """
        wanted = self._rules(rules, allow, block, where)
        given = None if history is None else [str(item) for item in history]
        asked = self.by_ids.asked(user, given, wish, n, exclude_seen, wanted, times, as_of)
        (found,) = self.by_ids.find([asked])
        notes = (*asked.notes, *filter(None, [self.by_ids.shortfall(asked, found)]))
        return Answer(tuple(self.by_ids.described(found)), notes, asked.unknown)

    def similar(
        self,
        item: str,
        n: int = 10,
        *,
        rules: Rules | str = "",
        allow: Iterable[str] | None = None,
        block: Iterable[str] = (),
        where: Sequence[str] = (),
    ) -> Answer:
        """The items that the model treats most like one; `score` is the cosine of their vectors. Arguments as
        `recommend`.

        Raises:
            UsageError: the item is not known, or the model has no item vectors.
        """
        found, notes = self.by_ids.similar(str(item), n, self._rules(rules, allow, block, where))
        return Answer(tuple(self.by_ids.described(found)), tuple(notes))

    def vectors(self) -> "NDArray[np.float32]":
        """The vectors with which items are scored, float32 [items, width], in the order of `item_ids`.

        Raises:
            UsageError: the model has none.
        """
        return self.by_ids.live.require_vectors()

    def _rules(
        self, rules: Rules | str, allow: Iterable[str] | None, block: Iterable[str], where: Sequence[str]
    ) -> Rules:
        own = Rules(
            allow=None if allow is None else tuple(map(str, allow)),
            block=tuple(map(str, block)),
            conditions=tuple(map(parse_condition, where)),
        )
        if isinstance(rules, Rules):
            return rules.with_rules(own)
        if not rules:
            return own
        if self.workspace is None:
            raise UsageError(Message("serve.rules-need-workspace", name=rules), Message("serve.give-rules"))
        from recdesk.workspace.rules import rules_named

        return rules_named(self.workspace, rules).with_rules(own)


def load(run: str | Path = "last", workspace: str | Path | None = None) -> Model:
    """Open a trained model.

    Args:
        run: a run's id, the beginning of it, or "last"; a run's folder; or a folder that `recdesk export-model` wrote,
            which has items and no people. With `--format onnx` it is opened without torch.
        workspace: folder with datasets and runs; None for the per-user one. Not used for a folder.

    Raises:
        UsageError: there is no such run or folder, or it has no model.
        DataError: it is damaged.
    """
    folder = _folder(run)
    if folder is None:
        from recdesk.workspace.folders import default_folder
        from recdesk.workspace.workspace import Workspace

        return _of_run(Workspace(Path(workspace) if workspace is not None else default_folder()).run(str(run)))
    from recdesk.experiment.onnx_folder import ABOUT, open_onnx_folder
    from recdesk.recommend.by_ids import ModelByIds

    if (folder / ABOUT).is_file():
        onnx, answering = open_onnx_folder(folder)
        return Model(onnx.run, onnx.kind, ModelByIds(answering), None)
    from recdesk.experiment import model_folder
    from recdesk.workspace.runs import Run

    if (folder / model_folder.ABOUT).is_file():
        about, live = model_folder.open_model_folder(folder)
        return Model(about.run, about.kind, ModelByIds(live), None)
    return _of_run(Run.read(folder))


def _of_run(run: Any) -> Model:
    from recdesk.experiment.open_model import open_model
    from recdesk.recommend.by_ids import ModelByIds

    run.require_model()
    return Model(run.id, run.kind, ModelByIds(open_model(run)), run.workspace)


def _folder(run: str | Path) -> Path | None:
    """The folder that is meant; None for a run of a workspace."""
    folder = _with_one_of(run, (*FOLDERS, RUN_FILE))
    if folder is None and isinstance(run, Path):
        raise UsageError(Message("serve.no-model-folder", folder=run), Message("serve.choose-folder"))
    return folder


def exported_folder(name: str) -> Path | None:
    """The folder that `recdesk export-model` wrote and that is meant by a name; None for a run."""
    return _with_one_of(name, FOLDERS)


def _with_one_of(name: str | Path, files: Iterable[str]) -> Path | None:
    with contextlib.suppress(OSError, RuntimeError):  # no name of a folder can be so long; nobody has that home
        folder = Path(name).expanduser()
        if any((folder / each).is_file() for each in files):
            return folder.absolute()
    return None
