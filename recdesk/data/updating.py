"""Updates a dataset from newer files: reads and cleans them in the same way and compares the results."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import DataError, UsageError
from recdesk.core.messages import Message
from recdesk.data.columns.numbers import numbers, standardised, with_levels
from recdesk.data.columns.roles import ROLES
from recdesk.data.dataset import Dataset, empty_rows
from recdesk.data.files.dialect import JOINED, Dialect
from recdesk.data.files.source import Source
from recdesk.data.importing import ImportResult
from recdesk.data.logs.pieces import Piece
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import is_folder, propose
from recdesk.data.users import filled

AMBIGUOUS = ("day-first", "month-first")
"""Time formats that a newer file may not distinguish."""
PACKING = ("packed", "member")
"""Of a dialect, what belongs to the file rather than to how its table is written."""
LAYOUT = ("unfold", *JOINED)
"""What is said of the columns, whatever the form."""


@dataclass(frozen=True)
class Changes:
    """What a newer file has that the older had not, and the other way round. An interaction is user, item and time."""

    new_users: int = 0
    new_items: int = 0
    new_interactions: int = 0
    gone_users: int = 0
    gone_items: int = 0
    gone_interactions: int = 0

    def to_dict(self) -> dict[str, int]:
        """Plain values, for the report."""
        return asdict(self)

    @property
    def sentences(self) -> list[str]:
        """For people."""
        new = Message("dataset.changes-new", **_counts(self.new_users, self.new_items, self.new_interactions))
        gone = Message("dataset.changes-gone", **_counts(self.gone_users, self.gone_items, self.gone_interactions))
        return [new, gone] if any(self.to_dict().values()) else [Message("dataset.unchanged")]


def _counts(users: int, items: int, interactions: int) -> dict[str, Message]:
    return {
        "users": Message("count.users", count=users),
        "items": Message("count.items", count=items),
        "interactions": Message("count.interactions", count=interactions),
    }


def newer_files(old: Dataset, paths: Sequence[Path], only: Sequence[str] = ()) -> ImportPlan:
    """Which of newer files (or a folder's, an archive's) is what; one workbook or database is joined of several tables
    if the older one was.

    Raises:
        DataError: none of them is a table.
    """
    only = tuple(only) or tuple(old.rules.get("only") or ())
    alone = len(paths) == 1 and not is_folder(paths[0])
    if alone and not only and not old.rules.get("pieces") and len(Source(paths[0]).members) < 2:
        return ImportPlan(paths[0])
    return propose(paths, only)


def plan_of(
    old: Dataset, interactions: Path | ImportPlan, items: Path | None = None, users: Path | None = None
) -> ImportPlan:
    """The plan that reads newer files as `old` was read: same roles, dialect, rules.

    The files are given one by one, or as a plan that says which is what.

    How a file is packed may change, and so may its form (Parquet in the place of CSV).

    Raises:
        UsageError: the dataset did not come from a file.
        DataError: the file cannot be read.
    """
    if not old.rules.get("roles") or not old.rules.get("dialect"):
        raise UsageError(Message("dataset.not-from-file", name=old.name), Message("dataset.import-separately"))
    try:
        files = interactions
        return _plan(old, ImportPlan(files, items, users=users) if isinstance(files, Path) else files)
    except (TypeError, ValueError, KeyError, AttributeError) as error:  # an older recdesk kept no checksum of them
        raise DataError(
            Message("record.import-rules-damaged", name=old.name, reason=repr(error)),
            Message("dataset.import-separately"),
        ) from error


def _plan(old: Dataset, files: ImportPlan) -> ImportPlan:
    saved = {"user_columns": (), **old.rules}  # older datasets kept none
    roles = {role: saved["roles"].get(role, "") for role in ROLES}
    dialect = Dialect.from_dict(saved["dialect"])
    first, *more = [Piece(piece.path, _as_before(dialect, piece)) for piece in files.pieces]
    return ImportPlan.from_saved(
        saved | ({"only": files.only} if files.only else {}),
        {"interactions": files.interactions, "items": files.items, "users": files.users},
        name=old.name,
        dialect=first.dialect,
        items_dialect=files.items_dialect,
        users_dialect=files.users_dialect,
        more=tuple(more),
        notes=files.notes,
        **{**roles, "title": roles["title"] if files.items is None else old.title_column},
        time_form=found if (found := saved.get("time_form")) in AMBIGUOUS else None,
        pseudonyms=bool(saved.get("pseudonyms")),
    )


def _as_before(dialect: Dialect, piece: Piece) -> Dialect:
    found = piece.dialect or Source(piece.path).sniffed
    if found.form != dialect.form:
        return replace(found, **{name: getattr(dialect, name) for name in LAYOUT})
    own = PACKING if piece.dialect is None else (*PACKING, "table", "header", "skip")
    return replace(dialect, **{name: getattr(found, name) for name in own})


def with_old_texts(result: ImportResult, old: Dataset, unused: pd.DataFrame) -> ImportResult:
    """A result that came without an items file, with the features of the old one's items.

    Args:
        result: of the newer interactions.
        old: the older dataset.
        unused: rows of the older items file of items that nobody had taken then, ids in the first column.
    """
    dataset = result.dataset
    if not len(old.item_features.columns) or len(dataset.item_features.columns):
        return result
    known = old.item_features.set_index(pd.Index(old.item_ids))
    if len(unused.columns):
        unused = unused.set_index(unused.columns[0])
        known = pd.concat([known, unused.loc[unused.index.difference(known.index)].reindex(columns=known.columns)])
        known = known.fillna("")
    features = known.reindex(dataset.item_ids, fill_value="").reset_index(drop=True).astype("str")
    left = known.loc[known.index.difference(dataset.item_ids, sort=False)]
    report = {**dataset.report, "items_without_features": int((~dataset.item_ids.isin(known.index)).sum())}
    levels = [f"{name} level" for name in old.rules.get("levels", ())]
    updated = replace(
        dataset,
        item_features=features,
        item_numbers=standardised(features.drop(columns=levels, errors="ignore")),
        title_column=old.title_column,
        report=report,
        rules={**dataset.rules, "levels": old.rules.get("levels", [])},
    )
    return replace(result, dataset=updated, health=None, unused_items=left.rename_axis("item_id").reset_index())


def with_old_users(result: ImportResult, old: Dataset) -> ImportResult:
    """A result that came without a users file, with what was known of its users before where it tells nothing newer.

    Args:
        result: of the newer interactions.
        old: the older dataset.
    """
    dataset, levels = result.dataset, old.rules.get("user_levels", [])
    if not len(old.user_features.columns):
        return result
    kept = old.user_features.drop(columns=[f"{name} level" for name in levels], errors="ignore")
    known = kept.set_index(pd.Index(old.user_ids)).reindex(dataset.user_ids, fill_value="").reset_index(drop=True)
    features = filled(dataset.user_features, known.astype("str"))
    features = features[[*kept.columns, *features.columns.difference(kept.columns, sort=False)]]
    numeric = [name for name in levels if name in features.columns and numbers(features[name]).nunique() > 1]
    updated = replace(
        dataset,
        user_features=with_levels(features, numeric, "users"),
        user_numbers=standardised(features),
        report={**dataset.report, "users_without_features": empty_rows(features)},
        rules={**dataset.rules, **{name: old.rules.get(name) for name in ("user_features", "user_levels")}},
    )
    return replace(result, dataset=updated, health=None)


def changes(old: Dataset, new: Dataset) -> Changes:
    """Compare two datasets by their ids and times (interactions by fingerprints of 64 bits)."""
    users, items = (old.user_ids.union(new.user_ids, sort=False), old.item_ids.union(new.item_ids, sort=False))
    before, after = (_fingerprints(dataset, users, items, old, new) for dataset in (old, new))
    (known, old_counts), (met, new_counts) = _counted(before), _counted(after)
    at = np.minimum(np.searchsorted(known, met), len(known) - 1)
    shared = int(np.minimum(old_counts[at], new_counts)[known[at] == met].sum())
    return Changes(
        new_users=len(users) - old.n_users,
        new_items=len(items) - old.n_items,
        new_interactions=new.n_interactions - shared,
        gone_users=len(users) - new.n_users,
        gone_items=len(items) - new.n_items,
        gone_interactions=old.n_interactions - shared,
    )


def _counted(values: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Distinct values in order, and how often each is there."""
    values = np.sort(values)
    begins = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    return values[begins], np.diff(np.append(begins, len(values)))


def _fingerprints(dataset: Dataset, users: pd.Index, items: pd.Index, old: Dataset, new: Dataset) -> NDArray[np.uint64]:
    """Of each row; times count where both datasets have them."""
    user_codes = np.repeat(users.get_indexer(dataset.user_ids), np.diff(dataset.offsets)).astype(np.uint64)
    mixed = _mixed(user_codes)
    mixed = _mixed(mixed ^ items.get_indexer(dataset.item_ids).astype(np.uint64)[dataset.items - 1])
    if old.times is not None and new.times is not None and dataset.times is not None:
        mixed = _mixed(mixed ^ dataset.times.astype(np.uint64))
    return mixed


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread over all 64 bits, one to one (the finaliser of SplitMix64, Steele and others 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def with_changes(result: ImportResult, found: Changes, old: Dataset) -> ImportResult:
    """The result with the changes in its report."""
    report: dict[str, Any] = {**result.dataset.report, "changes": found.to_dict(), "updates": old.content_hash}
    report["notes"] = [*report["notes"], *found.sentences]
    return replace(result, dataset=replace(result.dataset, report=report))


def with_histories_of(old: Dataset, new: Dataset) -> tuple[Dataset, int]:
    """A dataset with the people and histories of its newer version and the items that a model of the older knows.

    Returns:
        the dataset, and how many items of the newer version are left out of all histories.
    """
    codes = np.append(0, old.item_ids.get_indexer(new.item_ids) + 1).astype(np.int32)
    items = codes[new.items]
    known = items > 0
    ends = np.append(0, np.cumsum(known, dtype=np.int64))
    joined = replace(
        old,
        name=new.name,
        user_ids=new.user_ids,
        offsets=ends[new.offsets],
        items=items[known],
        times=None if new.times is None else new.times[known],
        ratings=None if new.ratings is None else new.ratings[known],
        events=None if new.events is None else new.events[known],
        event_names=new.event_names,
        user_features=new.user_features,
        user_numbers=new.user_numbers,
        report=new.report,
        rules=new.rules,
    )
    return joined, int((codes[1:] == 0).sum())
