"""Features of users, from the users file and from columns of the interactions; shown to people, read by no model."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from recdesk.core.errors import MisfitError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.cleaning.engine import Cleaned
from recdesk.data.columns.roles import guess_columns
from recdesk.data.dataset import empty_rows
from recdesk.data.feature_file import FeatureFile, read_feature_file, tidy, tidy_ids
from recdesk.data.files.dialect import Form
from recdesk.data.plan import ImportPlan
from recdesk.data.report import Reject, Report


@dataclass(frozen=True)
class UserFeatures:
    """Features of the users of a dataset.

    Attributes:
        frame: text columns, a row for each user; "" where unknown.
        rejects: lines of the users file that could not be read.
    """

    frame: pd.DataFrame
    rejects: list[Reject] = field(default_factory=list)


def features_of_users(
    plan: ImportPlan,
    kept: Cleaned,
    user_ids: pd.Index,
    columns: tuple[str, ...],
    form: Form,
    report: Report,
    task: Task = UNWATCHED,
) -> UserFeatures:
    """What the users file and the rows that stay say of the users; where both do, the users file counts.

    Nothing is kept of people without a row; the report counts them.

    Args:
        plan: may name a users file.
        kept: the rows, and which of them stay.
        user_ids: of the users that have rows, in their order.
        columns: those of the rows' other columns that describe the user.
        form: of the file with the rows.
        report: is added to.
        task: of reading it.

    Raises:
        DataError: the users file cannot be read, lacks a column, or knows none of the users.
        CancelledError: it was cancelled.
    """
    of_rows = _of_rows(kept, columns, form, plan.interactions.name, report)
    if plan.users is None:
        found = UserFeatures(of_rows)
    else:
        read = read_users(plan, user_ids, report, task)
        found = UserFeatures(filled(read.frame, of_rows), read.rejects)
    report.users_without_features = empty_rows(found.frame)
    return found


def read_users(plan: ImportPlan, user_ids: pd.Index, report: Report, task: Task = UNWATCHED) -> UserFeatures:
    """Read the plan's users file; of several rows with one id the last value of each column counts.

    Raises:
        DataError: it cannot be read, a column is missing, or it knows none of the users.
        CancelledError: it was cancelled.
    """
    path = plan.users
    assert path is not None
    keys = tidy_ids(user_ids)
    found = read_feature_file(path, plan.users_dialect, "user", keys, plan.interactions.name, report, task)
    codes, ids = pd.factorize(found.ids)
    at = ids.get_indexer(keys)
    at[keys == ""] = -1
    nameless = int((found.ids == "").sum())
    if nameless:
        report.notes.append(Message("user.rows-without-id", count=nameless, name=path.name))
    report.features_without_users = len(ids) - (nameless > 0) - len(np.unique(at[at >= 0]))
    frame, several = pd.DataFrame(index=range(len(keys))), np.zeros(len(ids), dtype=bool)
    for name in _kept_columns(plan, found, report):
        values, texts = pd.factorize(found.frame[name].to_numpy(dtype=object))
        last, many = last_known(codes, _without_blank(texts)[values], len(ids))
        frame[name] = _texts(texts, np.where(at >= 0, last[at], -1))
        several |= many
    _note_several(report, int(several[at[at >= 0]].sum()), path.name, "last")
    return UserFeatures(frame, found.rejects)


def filled(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """`first` with empty texts and missing columns filled from `second`; the rows are aligned."""
    result = first.copy()
    for name in second.columns:
        result[name] = first[name].where(first[name] != "", second[name]) if name in first.columns else second[name]
    return result


def last_known(
    owners: NDArray[np.integer], values: NDArray[np.integer], n: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Of each owner 0..n-1 the last value that is not -1 (-1 where there is none), and whether there are others."""
    known = values >= 0
    owners, values = owners[known], values[known]
    last = np.full(n, -1, dtype=np.int64)
    last[owners] = values  # of several the last one stays
    several = np.zeros(n, dtype=bool)
    several[owners[values != last[owners]]] = True
    return last, several


def _of_rows(kept: Cleaned, columns: tuple[str, ...], form: Form, name: str, report: Report) -> pd.DataFrame:
    """By columns of the interactions: the latest value counts, without times the last one."""
    rows, keep = kept.rows, kept.keep
    there = kept.user_counts > 0
    n_users = int(there.sum())
    frame, several = pd.DataFrame(index=range(n_users)), np.zeros(n_users, dtype=bool)
    if not columns or rows.others is None:
        return frame
    owners = (np.cumsum(there) - 1)[rows.users[keep]]
    for at, (column, given) in enumerate(rows.other_texts.items()):
        if column not in columns:
            continue
        codes, texts = pd.factorize(tidy(pa.chunked_array([given]), form))
        last, many = last_known(owners, _without_blank(texts)[codes][rows.others[keep, at]], n_users)
        frame[column] = _texts(texts, last)
        several |= many
    _note_several(report, int(several.sum()), name, "last" if rows.times is None else "latest")
    return frame


def _kept_columns(plan: ImportPlan, found: FeatureFile, report: Report) -> list[str]:
    """Columns of the users file that the plan keeps; the report says which are left out to hide who somebody is."""
    assert plan.users is not None
    columns = found.columns
    if unknown := [name for name in plan.user_features or () if name not in columns.names]:
        there = ", ".join(columns.names)
        raise MisfitError(
            Message("column.not-found", name=plan.users.name, column=unknown[0]),
            Message("column.columns-are", names=there),
        )
    guesses = [g for g in guess_columns(columns.names, columns.sample, columns.named) if g.column != found.key]
    left = [guess.column for guess in guesses if not plan.keeps(guess)]
    if left and plan.user_features is None:
        report.notes.append(Message("people.columns-left-out", name=plan.users.name, columns=", ".join(left)))
    return [guess.column for guess in guesses if plan.keeps(guess)]


def _without_blank(texts: NDArray[np.object_]) -> NDArray[np.int64]:
    """Codes of texts, -1 for the empty one."""
    return np.where(texts == "", -1, np.arange(len(texts)))


def _texts(texts: NDArray[np.object_], codes: NDArray[np.int64]) -> pd.Series:
    """The texts that codes stand for; "" for -1."""
    return pd.Series(np.append(texts, "")[codes], dtype="str")


def _note_several(report: Report, users: int, name: str, counts: str) -> None:
    if users:
        report.notes.append(
            Message("user.several-values-latest", count=users, name=name)
            if counts == "latest"
            else Message("user.several-values-last", count=users, name=name)
        )
