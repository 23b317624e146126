"""From files to a Dataset: read, take roles, clean, code; everything that does not stay is counted."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.data.cleaning import DUPLICATES, Duplicates, Rows, drop_duplicates, drop_low_ratings, k_core
from recdesk.data.dataset import Dataset
from recdesk.data.dialect import SEPARATOR_NAMES, Dialect
from recdesk.data.reading import Columns, columns_of, database, load, readable, row_lines
from recdesk.data.report import Reject, Report
from recdesk.data.roles import ROLES, guess_roles
from recdesk.data.times import epoch_seconds
from recdesk.errors import CancelledError, DataError, UsageError

Tell = Callable[[float, str], None]
Ask = Callable[[], bool]
DATA_ENDINGS = (".csv", ".tsv", ".txt", ".dat", ".inter", ".item", ".user", ".parquet", ".jsonl", ".json", ".ndjson")


@dataclass(frozen=True)
class ImportPlan:
    """What to read and how to clean it.

    Attributes:
        interactions: the file with a row for each interaction.
        items: the file with the items' features, or None.
        name: of the dataset; "" takes the file's (or its folder's) name.
        dialect, items_dialect: how the files are written; None finds out.
        user, item, rating, time: columns; None guesses, "" says there is none.
        title: the column that names an item; None guesses.
        min_rating: rows rated lower are dropped.
        k_core: users and items with fewer rows are dropped, repeatedly; 0 or 1 for off.
        duplicates: "exact" drops copies of a row, "first" and "last" keep one row a user and item, "all" keeps all.
    """

    interactions: Path
    items: Path | None = None
    name: str = ""
    dialect: Dialect | None = None
    items_dialect: Dialect | None = None
    user: str | None = None
    item: str | None = None
    rating: str | None = None
    time: str | None = None
    title: str | None = None
    min_rating: float | None = None
    k_core: int = 0
    duplicates: Duplicates = "exact"

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        values = asdict(self)
        return {key: str(value) if isinstance(value, Path) else value for key, value in values.items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ImportPlan":
        """The inverse of `to_dict`."""
        paths = {key: Path(values[key]) for key in ("interactions", "items") if values.get(key)}
        dialects = {k: Dialect.from_dict(values[k]) for k in ("dialect", "items_dialect") if values.get(k)}
        return cls(**{**values, **paths, **dialects})


@dataclass(frozen=True)
class Preview:
    """The beginning of a file as it would be read.

    Attributes:
        path, size: the file and its bytes.
        dialect: as found or given.
        columns, rows: names and values.
        roles: column by role, as guessed.
        notes: sentences on what was seen.
        named: the names come from the file.
    """

    path: Path
    size: int
    dialect: Dialect
    columns: list[str]
    rows: list[list[str]]
    roles: dict[str, str]
    notes: list[str]
    named: bool


@dataclass(frozen=True)
class ImportResult:
    """A dataset, the rows that could not be used, and items of the items file that nobody interacted with."""

    dataset: Dataset
    rejects: list[Reject]
    unused_items: pd.DataFrame = field(default_factory=pd.DataFrame)


def preview(path: Path, dialect: Dialect | None = None, rows: int = 200) -> Preview:
    """Look at the beginning of a file.

    Raises:
        DataError: it is missing, empty, or no table.
    """
    dialect, columns = columns_of(path, dialect, rows)
    notes = []
    if dialect.form == "delimited":
        names = SEPARATOR_NAMES.get(dialect.separator, f"“{dialect.separator}”")
        notes.append(f"Text in {dialect.encoding}, separated by {names}, {'with' if dialect.header else 'no'} header.")
    roles = guess_roles(columns.names, columns.rows, columns.named)
    return Preview(path, path.stat().st_size, dialect, columns.names, columns.rows, roles, notes, columns.named)


def propose(paths: Sequence[Path]) -> ImportPlan:
    """Which of several files (or a folder's) holds the interactions and which the items.

    Raises:
        DataError: none of them looks like interactions.
    """
    files = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    if len(files) > 1:
        files = [f for f in files if f.is_file() and any(s.lower() in DATA_ENDINGS for s in f.suffixes[-2:])]
    looks: list[Preview] = []
    for file in files:
        try:
            looks.append(preview(file))
        except DataError:
            if len(files) == 1:
                raise
    interactions = [look for look in looks if {"user", "item"} <= look.roles.keys()]
    if not interactions:
        raise DataError(
            "None of these files has a column for users and one for items.",
            "Choose the file with one interaction a line, and name its columns.",
        )
    best = max(interactions, key=lambda look: ("rating" in look.roles, "time" in look.roles, look.size))
    items = [
        look
        for look in looks
        if look is not best and {"item", "title"} <= look.roles.keys() and "user" not in look.roles
    ]
    return ImportPlan(best.path, items[0].path if items else None)


def import_files(
    plan: ImportPlan, progress: Tell = lambda fraction, sentence: None, cancelled: Ask = lambda: False
) -> ImportResult:
    """Read and clean.

    Raises:
        DataError: a file cannot be read, a column is missing, or nothing is left.
        UsageError: the plan asks for what cannot be.
        CancelledError: `cancelled` said yes.
    """
    if plan.duplicates not in DUPLICATES:
        raise UsageError(
            f"There is no rule “{plan.duplicates}” for duplicates.", f"Choose one of: {', '.join(DUPLICATES)}."
        )
    return _Import(plan, progress, cancelled).run()


class _Import:
    def __init__(self, plan: ImportPlan, progress: Tell, cancelled: Ask) -> None:
        self.plan, self.progress, self.cancelled = plan, progress, cancelled
        self.report = Report()
        self.rejects: list[Reject] = []

    def run(self) -> ImportResult:
        plan = self.plan
        self._check(0.0, f"Reading {plan.interactions.name}")
        dialect, columns = columns_of(plan.interactions, plan.dialect)
        roles = self._roles(columns)
        with database(self.cancelled) as connection:
            table = self._interactions(connection, dialect, columns, roles)
        self._check(0.6, "Cleaning")
        rows, user_ids, item_ids = self._coded(table, roles)
        rows = self._cleaned(rows)
        self._check(0.8, "Sorting")
        dataset = self._dataset(rows, user_ids, item_ids)
        features, unused, title = self._features(dataset, table if "title" in roles else None)
        self._check(0.95, "Checking")
        if self.rejects:
            self.report.notes.append("The rejected rows are kept in rejects.csv beside the dataset.")
        dataset = Dataset(
            **{
                **{
                    name: getattr(dataset, name)
                    for name in ("name", "user_ids", "item_ids", "offsets", "items", "times", "ratings")
                },
                "item_features": features,
                "title_column": title,
                "report": self.report.to_dict(),
                "rules": self._rules(dialect, roles),
            }
        )
        return ImportResult(dataset.checked(), self.rejects, unused)

    def _check(self, fraction: float, sentence: str) -> None:
        if self.cancelled():
            raise CancelledError("The import")
        self.progress(fraction, sentence)

    def _roles(self, columns: Columns) -> dict[str, str]:
        """Column by role: the person's word, else a guess."""
        name = self.plan.interactions.name
        if len(columns.names) < 2:
            raise DataError(
                f"“{name}” has a single column (“{columns.names[0]}”).",
                "A file of interactions needs one for users and one for items; check the separator.",
            )
        roles = guess_roles(columns.names, columns.rows, columns.named)
        for role in ROLES:
            wanted = getattr(self.plan, role)
            if wanted is None or (role == "title" and self.plan.items is not None):
                continue
            if wanted and wanted not in columns.names:
                raise DataError(f"“{name}” has no column “{wanted}”.", f"Its columns are: {', '.join(columns.names)}.")
            roles = {r: c for r, c in roles.items() if r != role and c != wanted} | ({role: wanted} if wanted else {})
        for role in ("user", "item"):
            if role not in roles:
                raise DataError(
                    f"It is not clear which column of “{name}” holds the {role}s.",
                    f"Say which; its columns are: {', '.join(columns.names)}.",
                )
        return roles

    def _interactions(
        self, connection: duckdb.DuckDBPyConnection, dialect: Dialect, columns: Columns, roles: dict[str, str]
    ) -> pa.Table:
        """Readable rows: u, i as text, and where there are such columns rating, time, title."""
        plan, order = self.plan, list(roles)
        with readable(plan.interactions, dialect, self.cancelled) as path:
            plain = (
                dialect
                if path == plan.interactions
                else Dialect(**{**dialect.to_dict(), "encoding": "utf-8", "gzipped": False})
            )
            bad = load(connection, "raw", path, plain, columns, [roles[r] for r in order], plan.interactions.name)
            self._check(0.4, "Reading values")
            at = {role: f"c{index}" for index, role in enumerate(order)}
            connection.execute(f"CREATE TEMP TABLE parsed AS {_parsing(connection, at)}")
            self._reject_lines(bad)
            self._reject_values(connection, path, plain, {reject.line for reject in bad}, roles, at)
        self.report.files["interactions"] = plan.interactions.name
        self.report.read = connection.execute("SELECT count(*) FROM parsed").fetchall()[0][0] + len(bad)
        wanted = ", ".join(["u", "i", *(role for role in ("rating", "time", "title") if role in roles)])
        table = connection.sql(f"SELECT {wanted} FROM parsed WHERE reason IS NULL ORDER BY n").to_arrow_table()
        if not len(table):
            self._nothing_left()
        return table

    def _reject_lines(self, bad: list[Reject]) -> None:
        self.rejects += bad
        for reject in bad:
            reason = reject.reason.split(" (")[0]
            self.report.rejected[reason] = self.report.rejected.get(reason, 0) + 1

    def _reject_values(
        self,
        connection: duckdb.DuckDBPyConnection,
        path: Path,
        dialect: Dialect,
        bad_lines: set[int],
        roles: dict[str, str],
        at: dict[str, str],
    ) -> None:
        cells = " ".join(f"WHEN role = '{role}' THEN {column}" for role, column in at.items())
        found = connection.execute(
            f"SELECT n, role, reason, CASE {cells} END FROM parsed WHERE reason IS NOT NULL ORDER BY n"
        ).fetchall()
        lines = row_lines(path, dialect, bad_lines, [row[0] for row in found]) if found else {}
        for n, role, reason, value in found:
            line, raw = lines.get(n, (0, ""))
            self.rejects.append(Reject(self.plan.interactions.name, line, roles[role], value or "", reason, raw))
            self.report.rejected[reason] = self.report.rejected.get(reason, 0) + 1
        self.rejects.sort(key=lambda reject: reject.line)

    def _nothing_left(self) -> None:
        name = self.plan.interactions.name
        if not self.rejects:
            raise DataError(f"“{name}” has a header but no rows.", "Choose a file with one interaction a line.")
        first = self.rejects[0]
        where = f", column “{first.column}”" if first.column else ""
        value = f": “{first.value}”" if first.value else ""
        raise DataError(
            f"No row of “{name}” can be used; the first, line {first.line}{where}, has {first.reason}{value}.",
            "Check the separator and which column is which.",
        )

    def _coded(self, table: pa.Table, roles: dict[str, str]) -> tuple[Rows, pa.Array, pa.Array]:
        users, items = (pc.dictionary_encode(table[c].combine_chunks()) for c in ("u", "i"))
        rows = Rows(
            users.indices.to_numpy().astype(np.int64),
            items.indices.to_numpy().astype(np.int64),
            table["time"].to_numpy().astype(np.int64) if "time" in roles else None,
            table["rating"].to_numpy(zero_copy_only=False).astype(np.float32) if "rating" in roles else None,
        )
        return rows, users.dictionary, items.dictionary

    def _cleaned(self, rows: Rows) -> Rows:
        plan = self.plan
        if plan.min_rating is not None:
            if rows.ratings is None:
                raise UsageError(
                    f"“{plan.interactions.name}” has no rating column, so there is no minimum rating.",
                    "Leave the rule out, or say which column holds the rating.",
                )
            rows = self._drop(rows, drop_low_ratings(rows, plan.min_rating), f"rating below {plan.min_rating:g}")
        label = {"exact": "exact duplicates", "first": "repeats, first kept", "last": "repeats, last kept", "all": ""}
        if plan.duplicates == "exact" and rows.times is None:
            self.report.notes.append(
                "The file has no times: its order is taken as the order of events, and repeats are kept."
            )
        rows = self._drop(rows, drop_duplicates(rows, plan.duplicates), label[plan.duplicates])
        if plan.k_core > 1:
            rows = self._drop(rows, k_core(rows, plan.k_core), f"{plan.k_core}-core")
        self.report.kept = len(rows)
        if not len(rows):
            raise DataError(
                f"Nothing of “{plan.interactions.name}” is left after cleaning ({', '.join(self.report.dropped)}).",
                "Loosen the rules, then import again.",
            )
        return rows

    def _drop(self, before: Rows, after: Rows, rule: str) -> Rows:
        if len(after) < len(before):
            self.report.dropped[rule] = len(before) - len(after)
        return after

    def _dataset(self, rows: Rows, user_ids: pa.Array, item_ids: pa.Array) -> Dataset:
        """Codes by first appearance among the rows that stayed; each user's rows by time, ties in file order."""
        users, kept_users = _first_seen(rows.users)
        items, kept_items = _first_seen(rows.items)
        keys = (users,) if rows.times is None else (rows.times, users)
        order = np.lexsort((np.arange(len(rows)), *keys))
        offsets = np.concatenate(([0], np.cumsum(np.bincount(users)))).astype(np.int64)
        return Dataset(
            name=self._name(),
            user_ids=pd.Index(user_ids.take(pa.array(kept_users)).to_pandas(), dtype="str"),
            item_ids=pd.Index(item_ids.take(pa.array(kept_items)).to_pandas(), dtype="str"),
            offsets=offsets,
            items=(items[order] + 1).astype(np.int32),
            times=None if rows.times is None else rows.times[order],
            ratings=None if rows.ratings is None else rows.ratings[order],
        )

    def _name(self) -> str:
        path = self.plan.interactions
        stem = path.name
        while Path(stem).suffix.lower() in (*DATA_ENDINGS, ".gz"):
            stem = Path(stem).stem
        dull = stem.casefold() in ("ratings", "interactions", "data", "events", "inter", "log", "users", "train")
        return self.plan.name.strip() or (path.absolute().parent.name if dull else "") or stem

    def _features(self, dataset: Dataset, table: pa.Table | None) -> tuple[pd.DataFrame, pd.DataFrame, str | None]:
        """Features aligned with item codes, the items nobody took, and the column that names an item."""
        if self.plan.items is not None:
            return self._from_items_file(dataset)
        if table is None:
            return pd.DataFrame(index=range(dataset.n_items)), pd.DataFrame(), None
        titles = pd.Series(_tidy(table["title"]), index=table["i"].to_pandas()).loc[lambda s: s != ""]
        titles = titles[~titles.index.duplicated()].reindex(dataset.item_ids, fill_value="")
        return pd.DataFrame({"title": titles.to_numpy()}, dtype="str"), pd.DataFrame(), "title"

    def _from_items_file(self, dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame, str | None]:
        path = self.plan.items
        assert path is not None
        self._check(0.85, f"Reading {path.name}")
        dialect, columns = columns_of(path, self.plan.items_dialect)
        frame, rejects = self._items_frame(path, dialect, columns)
        key, title = _item_columns(path, columns, dataset, self.plan.title)
        self.report.files["items"] = path.name
        for reject in rejects:
            self.rejects.append(reject)
        if rejects:
            self.report.notes.append(f"{len(rejects):,} lines of “{path.name}” could not be read.")
        ids = frame.pop(key)
        repeated = ids.duplicated() | (ids == "")
        if repeated.any():
            self.report.notes.append(
                f"{int(repeated.sum()):,} rows of “{path.name}” repeat an id or have none; the first of each id counts."
            )
        frame.index = pd.Index(ids)
        frame = frame[~repeated.to_numpy()]
        known = frame.index.isin(dataset.item_ids)
        if not known.any():
            raise DataError(
                f"No id in column “{key}” of “{path.name}” is an item of “{self.plan.interactions.name}”.",
                "Check that the two files belong together, and which column holds the item's id.",
            )
        self.report.features_without_items = int((~known).sum())
        self.report.items_without_features = int((~dataset.item_ids.isin(frame.index)).sum())
        if self.report.features_without_items:
            self.report.notes.append(
                f"{self.report.features_without_items:,} items of “{path.name}” were taken by nobody and are left out."
            )
        features = frame.reindex(dataset.item_ids, fill_value="").reset_index(drop=True).astype("str")
        return features, frame[~known].rename_axis(key).reset_index(), title

    def _items_frame(self, path: Path, dialect: Dialect, columns: Columns) -> tuple[pd.DataFrame, list[Reject]]:
        if not columns.named and len(columns.names) == 3:  # the shape of MovieLens' movies.dat
            columns = Columns(["item", "title", "genres"], False, columns.rows)
        elif not columns.named:
            columns = Columns(["item", "title", *columns.names[2:]][: len(columns.names)], False, columns.rows)
        with database(self.cancelled) as connection, readable(path, dialect, self.cancelled) as text:
            plain = dialect if text == path else Dialect(**{**dialect.to_dict(), "encoding": "utf-8", "gzipped": False})
            rejects = load(connection, "raw", text, plain, columns, columns.names, path.name)
            table = connection.sql("SELECT * EXCLUDE n FROM raw ORDER BY n").to_arrow_table()
        named = zip(columns.names, table.columns, strict=True)
        return pd.DataFrame({name: _tidy(column) for name, column in named}, dtype="str"), rejects

    def _rules(self, dialect: Dialect, roles: dict[str, str]) -> dict[str, Any]:
        plan = self.plan
        rules = {"min_rating": plan.min_rating, "k_core": plan.k_core, "duplicates": plan.duplicates}
        return {**rules, "dialect": dialect.to_dict(), "roles": roles}


def _parsing(connection: duckdb.DuckDBPyConnection, at: dict[str, str]) -> str:
    """SQL that reads values and says of each row what is wrong with it: `reason` and the `role` at fault, or NULL."""
    fields = ["n", *at.values(), f"trim({at['user']}) AS u", f"trim({at['item']}) AS i"]
    problems = [
        ("user", "coalesce(trim({}), '') = ''", "no user id"),
        ("item", "coalesce(trim({}), '') = ''", "no item id"),
    ]
    if "rating" in at:
        column = f"trim({at['rating']})"
        number = f"TRY_CAST({_decimal(connection, column)} AS DOUBLE)"
        fields.append(f"CASE WHEN coalesce({column}, '') = '' THEN 'NaN'::DOUBLE ELSE {number} END AS rating")
        problems.append(
            (
                "rating",
                f"coalesce({column}, '') != '' AND coalesce(NOT isfinite({number}), true)",
                "a rating that is no number",
            )
        )
    if "time" in at:
        moment = epoch_seconds(f"trim({at['time']})")
        fields.append(f"{moment} AS time")
        problems.append(("time", "coalesce(trim({}), '') = ''", "no time"))
        problems.append(("time", "time IS NULL", "a time that cannot be read"))
    if "title" in at:
        fields.append(f"{at['title']} AS title")
    tests = [(role, test.format(at[role]), reason) for role, test, reason in problems]
    reason = " ".join(f"WHEN {test} THEN '{reason}'" for _, test, reason in tests)
    role = " ".join(f"WHEN {test} THEN '{role}'" for role, test, _ in tests)
    inner = f"SELECT {', '.join(dict.fromkeys(fields))} FROM raw"
    return f"SELECT *, CASE {reason} END AS reason, CASE {role} END AS role FROM ({inner})"


def _decimal(connection: duckdb.DuckDBPyConnection, column: str) -> str:
    """The column with decimal commas as points, if that is how the file writes them."""
    commas, points = connection.execute(
        f"SELECT count(*) FILTER (regexp_matches({column}, '^[+-]?\\d+,\\d+$')), "
        f"count(TRY_CAST({column} AS DOUBLE)) FILTER (contains({column}, '.')) FROM raw"
    ).fetchall()[0]
    return f"replace({column}, ',', '.')" if commas and not points else column


def _item_columns(path: Path, columns: Columns, dataset: Dataset, title: str | None) -> tuple[str, str | None]:
    """The items file's id and title columns."""
    names = columns.names if columns.named else ["item", "title", "genres"][: len(columns.names)]
    roles = guess_roles(names, columns.rows, True)
    if "item" in roles:
        key = roles["item"]
    else:  # the column that shares most values with the interactions
        shared = [
            len({row[i] for row in columns.rows if len(row) > i} & set(dataset.item_ids)) for i in range(len(names))
        ]
        if not shared or max(shared) == 0:
            raise DataError(
                f"It is not clear which column of “{path.name}” holds the item's id.",
                f"Its columns are: {', '.join(names)}.",
            )
        key = names[int(np.argmax(shared))]
    if title and title not in names:
        raise DataError(f"“{path.name}” has no column “{title}”.", f"Its columns are: {', '.join(names)}.")
    others = [name for name in names if name != key]
    return key, title or roles.get("title") or (others[0] if others else None)


def _tidy(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """Trimmed, NFC, "" for nothing."""
    text = pc.utf8_normalize(pc.fill_null(column.cast(pa.string()), ""), form="NFC")
    return pc.utf8_trim_whitespace(text).to_pandas().to_numpy(dtype=object)


def _first_seen(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Codes renumbered by first appearance, and the old code of each new one."""
    new, old = pd.factorize(codes)
    return new.astype(np.int64), old
