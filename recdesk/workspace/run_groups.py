"""Groups of runs that differ in their seed only: made together, listed as one, found by the id of the group."""

import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.manifest import describe
from recdesk.data.split_kinds import SplitKind
from recdesk.training.config import RunConfig, config_from_dict
from recdesk.workspace.folders import folder_lock
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import ACTIVE, Run
from recdesk.workspace.workspace import Workspace

FEWEST, MOST = 2, 50
"""Seeds of a group."""
PREFIX = "seeds-"
"""Ids of groups begin with it, so that none is the beginning of a run's id."""
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class RunGroup:
    """Runs that differ in their seed only.

    Attributes:
        id: of the group.
        runs: those that are there, one at least, in the order of their seeds.
        size: how many were made.
    """

    id: str
    runs: tuple[Run, ...]
    size: int

    @property
    def first(self) -> Run:
        """The run of the first seed, which stands for the group: its settings, its data, its labels."""
        return self.runs[0]

    @property
    def finished(self) -> tuple[Run, ...]:
        """The runs of which the figures count: those that ended as intended and were measured. A run that was stopped
        trained less than the others, which is more than another seed."""
        return tuple(run for run in self.runs if run.state == "finished" and run.metrics)

    @property
    def left(self) -> tuple[Run, ...]:
        """The runs that are still to be trained, one that was begun first. One that failed is not tried again."""
        waiting = [run for run in self.runs if run.resumable and run.state != "failed"]
        return tuple(sorted(waiting, key=lambda run: run.state == "queued"))

    @property
    def state(self) -> str:
        """That of an active member, else of the last one that is not finished, else "finished"."""
        states = [run.state for run in self.runs]
        active = [state for state in states if state in ACTIVE]
        others = [state for state in states if state not in ("finished", "queued")]
        if active or others:
            return (active or others)[-1]
        return "finished" if "queued" not in states else "queued"

    @property
    def newest(self) -> Run:
        """The run that was made last."""
        return max(self.runs, key=lambda run: (run.created, run.id))


def group_of(runs: Iterable[Run], group_id: str) -> RunGroup | None:
    """The group of an id among runs; None where none of them is of it."""
    members = sorted((run for run in runs if run.group == group_id), key=lambda run: (run.config.seed, run.created))
    if not group_id or not members:
        return None
    return RunGroup(group_id, tuple(members), max(members[0].group_size, len(members)))


def folded(runs: Sequence[Run]) -> list[Run | RunGroup]:
    """The same list with a group in the place of the first of its runs."""
    seen: set[str] = set()
    found: list[Run | RunGroup] = []
    for run in runs:
        group = group_of(runs, run.group) if run.group and run.group not in seen else None
        if group is not None:
            seen.add(run.group)
            found.append(group)
        elif not run.group:
            found.append(run)
    return found


def create_group(
    workspace: Workspace,
    dataset_name: str,
    config: RunConfig,
    split: SplitKind,
    count: int,
    cluster: ClusterRecord | None = None,
) -> RunGroup:
    """Create queued runs with the seeds from that of the settings on.

    Raises:
        UsageError: there is no such dataset, `count` is out of range, or a seed would be too large.
        StorageError: the workspace cannot be written.
    """
    if not FEWEST <= count <= MOST:
        raise UsageError(Message("seeds.wrong-number", count=count, fewest=FEWEST, most=MOST))
    if config.seed + count - 1 > LARGEST_SEED:
        raise UsageError(Message("seeds.too-large", seed=config.seed, count=count, most=LARGEST_SEED))
    group = f"{PREFIX}{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
    values, made = config.model_dump(), []
    with folder_lock(workspace.folder):  # no update of the dataset in between
        folder = workspace.dataset_folder(dataset_name)
        facts = describe(folder)
        for number in range(count):
            each = config_from_dict({**values, "seed": config.seed + number})
            made.append(
                workspace.run_store.create(
                    folder.name, facts, each, split, group=group, group_size=count, cluster=cluster
                )
            )
    return RunGroup(group, tuple(made), count)


def find_run_or_group(workspace: Workspace, named: str) -> Run | RunGroup:
    """A run or a group by its id or the beginning of it; "last" is the newest run.

    Raises:
        UsageError: none matches, or several do.
        DataError: it is damaged.
    """
    return find_group(workspace, named) if named.startswith(PREFIX) else workspace.run(named)


def find_group(workspace: Workspace, group_id: str) -> RunGroup:
    """A group by its id or the beginning of it.

    Raises:
        UsageError: none matches, or several do.
    """
    runs = workspace.runs()
    known = list(dict.fromkeys(run.group for run in runs if run.group))
    found = [each for each in known if each == group_id] or [each for each in known if each.startswith(group_id)]
    if len(found) > 1:
        raise UsageError(Message("run.id-ambiguous", run=group_id, count=len(found)), Message("run.give-longer-id"))
    group = group_of(runs, found[0]) if found else None
    if group is None:
        raise UsageError(
            Message("seeds.not-found", group=group_id),
            Message("seeds.groups-are", names=", ".join(known[:5])) if known else Message("seeds.train-repeat"),
        )
    return group


def group_that_goes_on(workspace: Workspace, run: Run) -> RunGroup | None:
    """The group of a run, if that or another one of it is still to be trained."""
    group = group_of(workspace.runs(), run.group) if run.group else None
    return group if group is not None and group.left else None
