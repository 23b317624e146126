"""Runs for the queue from the values of a file: a list of settings, with what holds for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.data.split_kinds import SPLIT_KINDS, SplitKind
from recdesk.training.config import DEFAULT_KIND, DEFAULT_PRESET, RunConfig, make_config
from recdesk.workspace.run_groups import MOST as MOST_SEEDS
from recdesk.workspace.run_groups import create_group
from recdesk.workspace.run_labels import Labels, save_labels
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace

MOST = 1000
OWN = ("dataset", "split", "name", "model", "kind", "preset", "repeat")
"""Members of an entry that are no settings."""


@dataclass(frozen=True)
class Wanted:
    """A run that is to be made.

    Attributes:
        dataset: name of the dataset.
        split: how it is split.
        config: the settings.
        name: label of the run; "" for none.
        repeat: how many seeds it is trained with, as a group.
    """

    dataset: str
    split: SplitKind
    config: RunConfig
    name: str = ""
    repeat: int = 1


def wanted_runs(values: Any, dataset: str = "") -> list[Wanted]:
    """The runs that a file asks for.

    Args:
        values: a list of entries; or an object with "runs", such a list, and members that hold for every entry that
            does not have them. An entry has settings by name beside "dataset", "split", "name", "model", "preset" and
            "repeat".
        dataset: of entries that name none.

    Raises:
        UsageError: an entry cannot be used; says which.
    """
    common: dict[str, Any] = {}
    if isinstance(values, Mapping) and "runs" in values:
        common, values = {name: value for name, value in values.items() if name != "runs"}, values["runs"]
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise UsageError(Message("queue.no-list"), Message("queue.list-form"))
    if len(values) > MOST:
        raise UsageError(Message("queue.too-many", count=len(values), most=MOST))
    found = []
    for number, entry in enumerate(values, 1):
        if not isinstance(entry, Mapping) or not all(isinstance(name, str) for name in entry):
            raise UsageError(Message("queue.bad-entry", number=number, reason=Message("queue.no-settings")))
        try:
            found.append(_wanted({**common, **entry}, dataset))
        except RecdeskError as error:
            sentence = Message("queue.bad-entry", number=number, reason=error.sentence)
            raise UsageError(sentence, error.suggestion) from error
    return found


def _wanted(entry: dict[str, Any], dataset: str) -> Wanted:
    settings = {name: value for name, value in entry.items() if name not in OWN}
    kind = str(entry.get("model", entry.get("kind", DEFAULT_KIND)))
    config = make_config(kind, str(entry.get("preset", DEFAULT_PRESET)), **settings)
    split = str(entry.get("split", "leave-one-out"))
    if split not in SPLIT_KINDS:
        raise UsageError(
            Message("queue.unknown-split", split=split), Message("settings.choose-one-of", names=", ".join(SPLIT_KINDS))
        )
    named = str(entry.get("dataset", dataset))
    if not named:
        raise UsageError(Message("queue.no-dataset"), Message("queue.name-dataset"))
    name = Labels.of(str(entry.get("name", "")), False, (), "").name
    repeat = entry.get("repeat", 1)
    if not isinstance(repeat, int) or isinstance(repeat, bool) or not 1 <= repeat <= MOST_SEEDS:
        raise UsageError(Message("queue.bad-repeat", repeat=str(repeat)[:50], most=MOST_SEEDS))
    return Wanted(named, next(each for each in SPLIT_KINDS if each == split), config, name, repeat)


def create_runs(workspace: Workspace, wanted: Sequence[Wanted]) -> list[Run]:
    """Create queued runs, after checking that all their datasets are there.

    Raises:
        UsageError: a dataset is not there; nothing was created.
        StorageError: the workspace cannot be written.
    """
    for each in wanted:
        workspace.dataset_folder(each.dataset)
    runs = []
    for each in wanted:
        if each.repeat > 1:
            made = create_group(workspace, each.dataset, each.config, each.split, each.repeat).runs
        else:
            made = (workspace.create_run(each.dataset, each.config, each.split),)
        if each.name:
            save_labels(made[0].folder, Labels(each.name))
        runs += [Run.read(run.folder) for run in made]
    return runs
