"""Imports files into a Dataset: read, assign roles, clean, code. All rows that are left out are counted."""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.array_ops import counts
from recdesk.data.cleaning.engine import Cleaned, Forecast, clean, returned_rows, without_repeats
from recdesk.data.cleaning.rules import Rules
from recdesk.data.columns.numbers import standardised, with_levels
from recdesk.data.dataset import Dataset
from recdesk.data.files.dialect import Dialect
from recdesk.data.health import Health, health
from recdesk.data.interaction_log import InteractionTable
from recdesk.data.interactions import read_interactions
from recdesk.data.items import Features, read_items, titles_of_rows
from recdesk.data.plan import ImportPlan, read_alike
from recdesk.data.planning import Preview, default_name, preview, propose
from recdesk.data.pseudonym_keys import key_name, new_key
from recdesk.data.pseudonyms import in_order_of_ids, under_pseudonyms, without_people
from recdesk.data.report import Reject, Report
from recdesk.data.users import features_of_users

__all__ = [
    "Dialect", "ImportPlan", "ImportResult", "Intake", "Preview", "forecast", "import_files", "preview", "propose",
    "read_alike", "rehearse_users", "take_in",
]  # fmt: skip

IMPORT = Message("job.import")
NO_TIMES = Message("time.none-file-order")


@dataclass(frozen=True)
class ImportResult:
    """The result of an import.

    Attributes:
        dataset: the dataset.
        rejects: rows that could not be used.
        unused_items: items of the items file that nobody interacted with.
        other_columns: columns of the interactions without a role, if the plan keeps them, row by row as the dataset.
        health: how sound the dataset is, if that was looked at.
        key: what pseudonyms were made with, if they were; to be kept apart from the dataset.
    """

    dataset: Dataset
    rejects: list[Reject]
    unused_items: pd.DataFrame = field(default_factory=pd.DataFrame)
    other_columns: pa.Table | None = None
    health: Health | None = None
    key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Intake:
    """The interactions of a plan as they were read, before any rule: rules can be tried on it without reading again.

    Attributes:
        plan: what was read.
        rows: readable rows, coded.
        titles: of each item by code, where the interactions carry titles.
        report: of reading alone.
        rejects: rows that cannot be used.
        dialect: how the file is written.
        roles: column by role.
        time_form: key of the form that the times have, or None where there are none.
        user_columns: those of the other columns of `rows` that describe the user.
        hidden: user ids are pseudonyms already.
    """

    plan: ImportPlan
    rows: InteractionTable
    titles: pa.Array | None
    report: Report
    rejects: list[Reject]
    dialect: Dialect
    roles: dict[str, str]
    time_form: str | None = None
    user_columns: tuple[str, ...] = ()
    hidden: bool = False

    def serves(self, plan: ImportPlan) -> bool:
        """The plan reads the same interactions in the same way: only rules, items, users, the name or privacy
        differ."""
        return read_alike(plan, self.plan)

    def forecast(self, rules: Rules, task: Task = UNWATCHED) -> Forecast:
        """What these rules would remove, exactly as an import does it.

        Raises:
            UsageError: a rule needs what the file has not.
            CancelledError: it was cancelled.
        """
        done = clean(self.rows, rules, self.plan.interactions.name, task.named(IMPORT))
        left = (int(np.count_nonzero(counts)) for counts in (done.user_counts, done.item_counts))
        return Forecast(self.report.read, sum(self.report.rejected.values()), done.effects, done.left, *left)


def take_in(plan: ImportPlan, task: Task = UNWATCHED) -> Intake:
    """Read the interactions of a plan.

    Raises:
        DataError: the file cannot be read, a column is missing, or no row can be used.
        CancelledError: it was cancelled.
    """
    task, report = task.named(IMPORT), Report()
    task.step(0.0, Message("import.looking-into", name=plan.interactions.name))
    read = read_interactions(plan, report, task)
    more = (read.dialect, read.roles, read.time_form, read.user_columns)
    return Intake(plan, read.rows, read.titles, report, read.rejects, *more)


def forecast(
    plan: ImportPlan,
    task: Task = UNWATCHED,
    intake: Intake | None = None,
) -> Forecast:
    """What the plan's rules would remove; reads the file if `intake` does not hold it already.

    Raises:
        DataError, UsageError, CancelledError: as for `import_files`.
    """
    plan.check()
    if intake is None or not intake.serves(plan):
        intake = take_in(plan, task)
    return intake.forecast(plan.rules, task)


def import_files(
    plan: ImportPlan,
    task: Task = UNWATCHED,
    intake: Intake | None = None,
    key: bytes | None = None,
) -> ImportResult:
    """Read and clean.

    Args:
        plan: what to do.
        task: gets progress, sometimes from another thread; checked several times a second.
        intake: the interactions, if they are read already; they are not read again if it serves the plan.
        key: to make pseudonyms with, if the plan asks for some; a new one by default.

    Raises:
        DataError: a file cannot be read, a column is missing, or nothing is left.
        UsageError: the plan asks for what cannot be.
        CancelledError: it was cancelled.
    """
    plan.check()
    if intake is None or not intake.serves(plan):
        intake = take_in(plan, task)
    task = task.named(IMPORT)
    report = replace(intake.report, notes=list(intake.report.notes), files=dict(intake.report.files))
    task.report(0.8, Message("word.cleaning"))
    kept = _cleaned(plan, intake.rows, report, task)
    item_codes = np.flatnonzero(kept.item_counts)
    item_ids = _ids(kept.rows.item_ids, item_codes)
    features = _features(plan, intake, item_codes, item_ids, report, _reading(task, plan.items, 0.85, 0.9))
    user_ids, reading = _user_ids(kept), _reading(task, plan.users, 0.9, 0.95)
    users = features_of_users(plan, kept, user_ids, intake.user_columns, intake.dialect.form, report, reading)
    rejects = intake.rejects + features.rejects + users.rejects
    if rejects:
        report.notes.append(Message("import.rejects-kept"))
    key = (key or new_key()) if plan.pseudonyms else None
    if key:
        report.notes += _about_pseudonyms(plan, users.frame, rejects)
        rejects = without_people(rejects)
    task.check()
    rules = _rules(plan, intake, key)
    dataset = _dataset(plan, kept, user_ids, item_ids, features, users.frame, report, rules).checked()
    others = _others(kept, intake.user_columns)
    if key:
        dataset, rows = in_order_of_ids(dataset, task) if intake.hidden else under_pseudonyms(dataset, key, task)
        others = None if others is None else others.take(pa.array(rows))
    task.report(0.95, Message("import.looking-for-problems"))
    found = health(dataset, task)
    task.report(1.0, Message("word.done"))
    return ImportResult(dataset, rejects, features.unused, others, found, key)


def _reading(task: Task, path: Path | None, begin: float, end: float) -> Task:
    """The part of a task that reads a file, if there is one."""
    text = Message("import.reading-file", name=path.name) if path else Message("import.putting-together")
    part = task.part(begin, end, text)
    part.report(0.0)
    return part


def rehearse_users(plan: ImportPlan, intake: Intake, task: Task = UNWATCHED) -> tuple[list[str], Report]:
    """Features of users that an import would keep, and what it would report of them.

    Raises:
        DataError, UsageError, CancelledError: as for `import_files`.
    """
    task, report = task.named(IMPORT), Report()
    kept = clean(intake.rows, plan.rules, plan.interactions.name, task)
    form = intake.dialect.form
    users = features_of_users(plan, kept, _user_ids(kept), intake.user_columns, form, report, task.silent())
    return list(map(str, with_levels(users.frame, plan.user_levels, "users").columns)), report


def _cleaned(plan: ImportPlan, rows: InteractionTable, report: Report, task: Task) -> Cleaned:
    done = clean(rows, plan.rules, plan.interactions.name, task)
    report.effects = [asdict(effect) for effect in done.effects]
    report.dropped = {effect.rule: effect.rows for effect in done.effects if effect.rows}
    report.kept = done.left
    if (returned := returned_rows(rows, plan)) is not None:
        count = int(np.count_nonzero(returned))
        report.notes.append(
            Message("import.returns-dropped", count=count)
            if plan.returns == "drop"
            else Message("import.returns-kept", count=count)
        )
    if rows.times is None:
        report.notes.append(NO_TIMES)
        once = without_repeats(done.rows, done.keep, "first", task) if plan.duplicates == "exact" else done.keep
        if repeats := int(np.count_nonzero(done.keep) - np.count_nonzero(once)):
            report.notes.append(Message("import.repeats-without-times", count=repeats))
    if not report.kept:
        rules = ", ".join(report.dropped)
        raise DataError(
            Message("rule.nothing-left", name=plan.interactions.name, rules=rules),
            Message("rule.loosen"),
        )
    return done


def _features(
    plan: ImportPlan,
    intake: Intake,
    codes: NDArray[np.int64],
    item_ids: pd.Index,
    report: Report,
    task: Task,
) -> Features:
    if plan.items is not None:
        return _chosen(read_items(plan, item_ids, report, task), plan)
    if intake.titles is not None:
        return titles_of_rows(intake.titles.take(pa.array(codes)), intake.dialect.form)
    return Features(pd.DataFrame(index=range(len(item_ids))))


def _chosen(features: Features, plan: ImportPlan) -> Features:
    """Of the items' columns those that the plan keeps, and the title."""
    if plan.features is None:
        return features
    there = list(map(str, features.frame.columns))
    if unknown := [name for name in plan.features if name not in there]:
        raise DataError(
            Message("column.item-not-found", name=unknown[0]),
            Message("column.their-columns-are", names=", ".join(there)),
        )
    names = [name for name in there if name in plan.features or name == features.title]
    unused = features.unused
    return replace(features, frame=features.frame[names], unused=unused[[*unused.columns[:1], *names]])


def _about_pseudonyms(plan: ImportPlan, users: pd.DataFrame, rejects: list[Reject]) -> list[str]:
    """What pseudonyms hide, and what may still tell who somebody is."""
    notes = {
        Message("people.ids-pseudonymised"): True,
        Message("people.columns-may-name"): plan.keep_columns,
        Message("people.features-may-tell"): bool(len(users.columns)),
        Message("people.rejects-without-values"): bool(rejects),
    }
    return [note for note, applies in notes.items() if applies]


def _others(kept: Cleaned, user_columns: tuple[str, ...]) -> pa.Table | None:
    """Columns without a role, of the rows that stay; nothing of the others is in their dictionaries."""
    rows = kept.rows
    if rows.others is None or len(user_columns) == len(rows.other_texts):
        return None
    codes = rows.others[kept.keep]
    columns = {
        name: _alone(codes[:, at], texts)
        for at, (name, texts) in enumerate(rows.other_texts.items())
        if name not in user_columns
    }
    return pa.table(columns)


def _alone(codes: NDArray[np.int32], texts: pa.Array) -> pa.DictionaryArray:
    """Coded texts with a sorted dictionary of those that occur; the order of the file would reveal whose they are."""
    there = np.flatnonzero(counts(codes, len(texts)))
    kept = texts.take(pa.array(there))
    order = pc.sort_indices(kept).to_numpy()
    new = np.zeros(len(texts), np.int32)
    new[there[order]] = np.arange(len(there))
    return pa.DictionaryArray.from_arrays(pa.array(new[codes]), kept.take(pa.array(order)))


def _dataset(
    plan: ImportPlan,
    kept: Cleaned,
    user_ids: pd.Index,
    item_ids: pd.Index,
    features: Features,
    users: pd.DataFrame,
    report: Report,
    rules: dict[str, Any],
) -> Dataset:
    """The dataset of the kept rows; users and items keep their order and are recoded without gaps."""
    rows, keep = kept.rows, kept.keep
    whole = kept.left == len(rows)
    codes = np.cumsum(kept.item_counts > 0, dtype=np.int32)
    lengths = kept.user_counts[kept.user_counts > 0]

    def of_kept(array: NDArray[Any] | None) -> NDArray[Any] | None:
        return array if whole or array is None else array[keep]

    events, event_names = rows.events_of(slice(None) if whole else keep)
    return Dataset(
        name=plan.name.strip() or default_name(plan.interactions),
        user_ids=user_ids,
        item_ids=item_ids,
        offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        items=codes[rows.items if whole else rows.items[keep]],
        times=of_kept(rows.times),
        ratings=of_kept(rows.ratings),
        item_features=with_levels(features.frame, plan.levels),
        item_numbers=standardised(features.frame),
        title_column=features.title,
        user_features=with_levels(users, plan.user_levels, "users"),
        user_numbers=standardised(users),
        events=events,
        event_names=event_names,
        report=report.to_dict(),
        rules=rules,
    )


def _user_ids(kept: Cleaned) -> pd.Index:
    return _ids(kept.rows.user_ids, np.flatnonzero(kept.user_counts))


def _ids(ids: pa.Array, kept: NDArray[np.int64]) -> pd.Index:
    return pd.Index(ids.take(pa.array(kept)).to_pandas(), dtype="str", name=None)


def _rules(plan: ImportPlan, intake: Intake, key: bytes | None) -> dict[str, Any]:
    """What is saved with the dataset for reading a newer file: the plan, and what was found out."""
    return {
        **plan.to_dict(),
        **({"pieces": [piece.name for piece in plan.pieces]} if plan.more else {}),
        "user_columns": list(intake.user_columns),
        "pseudonyms": key_name(key) if key else "",
        "dialect": intake.dialect.to_dict(),
        "roles": intake.roles,
        "time_form": intake.time_form,
    }
