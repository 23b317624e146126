"""A file whose beginning is read once: packing, encoding, dialect and columns are found from it and cached."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from recdesk.core.errors import DataError, MisfitError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.columns.roles import roles_of
from recdesk.data.files import isolated, limits
from recdesk.data.files.column_preview import Columns, columns_of_records, guesses_in
from recdesk.data.files.compression import (
    ARCHIVES,
    Packing,
    data_members,
    first_bytes,
    form_of_bytes,
    is_workbook,
    only_member,
    packed_twice,
    packing_of,
    unpacked,
)
from recdesk.data.files.dialect import JOINED, JSON_FORMS, LINE_FORMS, SESSION_FORMS, TABLE_FORMS, TEXT_FORMS, Dialect
from recdesk.data.files.encodings import SAMPLE_BYTES, decode, find_encoding, refuse_binary
from recdesk.data.files.far_rows import among, lines_at_places, rows_of
from recdesk.data.files.grouped import find_heads, rows_below
from recdesk.data.files.json_array import array_in_object
from recdesk.data.files.json_text import elements_of, json_columns
from recdesk.data.files.keys import key_columns
from recdesk.data.files.layouts import find_layout, layout_columns
from recdesk.data.files.matrix import EVERY_COLUMN, find_matrix, matrix_columns
from recdesk.data.files.normalized import normalized_file
from recdesk.data.files.orders import filled_orders, find_filled_key, find_key, with_filled, with_orders
from recdesk.data.files.partitions import partitions, with_partitions
from recdesk.data.files.people import likely_key, likely_person, with_people
from recdesk.data.files.python_literals import json_lines
from recdesk.data.files.refusals import refuse_other_kinds
from recdesk.data.files.sessions import session_columns
from recdesk.data.files.size_lines import refuse_other_matrix
from recdesk.data.files.sniffing import SAMPLE_LINES, dialect_of_lines, form_of_text, sample_lines, whole_lines
from recdesk.data.files.unfolding import find_unfolding, unfolded_columns

WEB_PAGE = re.compile(r"(?i)<(!doctype|html|\?xml|head|body|table)")
SAMPLE_ROWS = 200
"""Rows of the sample from which roles and layouts are found."""
PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
"""Magic numbers of packed files, without zip."""


class Source:
    """The beginning of a file with its packing, encoding, dialect and columns.

    Each is found on first access and cached; a file that changes needs a new source. Only the beginning is
    read, or all of a packed table, as for `normalized_file`.

    Args:
        path: the file.
        given: its dialect; None finds out.
        task: of unpacking a table.
        known: attributes of the dialect that a person gave; the others are found with these in mind.

    Raises (each property):
        DataError: it is missing, empty, cut short, or no table.
        CancelledError: it was cancelled.
    """

    def __init__(
        self,
        path: Path,
        given: Dialect | None = None,
        task: Task = UNWATCHED,
        **known: Any,
    ) -> None:
        self.path = path
        self._given, self._known = given, known
        self._task = task
        self._text: str | None = None
        self._table: Columns | None = None

    @cached_property
    def packed(self) -> Packing:
        """How it is packed."""
        if self._given is not None:
            return self._given.packed
        return self._known["packed"] if "packed" in self._known else packing_of(self.path, self._head)

    @cached_property
    def members(self) -> list[str]:
        """The files with data in a zip file; none of others."""
        return data_members(self.path) if self.packed in ARCHIVES else []

    def inside(self, member: str) -> "Source":
        """One of the files in an archive."""
        return Source(self.path, packed=self.packed, member=member)

    @property
    def given_member(self) -> str:
        """The file inside that was asked for; "" where none was."""
        return str(self._given.member if self._given is not None else self._known.get("member", ""))

    @cached_property
    def holds_tables(self) -> bool:
        """It is a workbook or a database."""
        return self.sniffed.form in TABLE_FORMS

    def with_table(self, table: str) -> "Source":
        """One of the sheets of a workbook or the tables of a database."""
        return Source(self.path, packed=self.packed, member=self.member, table=table)

    @cached_property
    def member(self) -> str:
        """The file inside that is read; "" where it is no zip file."""
        if self._given is not None:
            return self._given.member
        return self._known.get("member") or (only_member(self.path) if self.packed in ARCHIVES else "")

    @cached_property
    def sample(self) -> bytes:
        """The first SAMPLE_BYTES, decompressed."""
        member = self.member
        if self.packed:
            with unpacked(self.path, self.packed, member) as stream:
                raw = stream.read(SAMPLE_BYTES)
        else:
            raw = self._head
        if not raw.strip(b" \t\r\n\x0b\x0c\xef\xbb\xbf"):
            raise DataError(Message("file.empty", name=self.path.name), Message("file.choose-one-a-line"))
        return raw

    @cached_property
    def sniffed(self) -> Dialect:
        """The dialect as found from the beginning alone: without the table of a workbook or database."""
        raw, known = self.sample, self._known
        found = replace(Dialect(packed=self.packed, member=self.member), **known)
        if self.packed and raw.startswith(PACKED):
            raise packed_twice(self.path)
        if form := known.get("form") or form_of_bytes(raw):
            found = replace(found, form=form)
            if form not in TEXT_FORMS:
                return found
        found = replace(found, encoding=known.get("encoding") or find_encoding(raw))
        if "encoding" not in known:
            refuse_binary(self.path, raw, found.encoding)
        self._text = text = decode(raw, found.encoding)
        if WEB_PAGE.match(text.lstrip("\ufeff \t\r\n")[:100]):
            if Path(self.member or self.path.name).suffix.lower() in (".xls", ".xlsx"):
                raise DataError(Message("file.web-page-as-workbook", name=self.path.name), Message("file.save-as-xlsx"))
            raise DataError(Message("file.web-page", name=self.path.name), Message("file.download-data-itself"))
        form = found.form if "form" in known else form_of_text(text)
        if form in JSON_FORMS:
            return replace(found, form=form)
        return self._of_lines(sample_lines(text), found)

    def _of_lines(self, lines: list[str], found: Dialect) -> Dialect:
        """The dialect of a text with lines that are no JSON."""
        known = self._known
        if "form" not in known and "skip" not in known:
            refuse_other_kinds(self.path.name, lines)
            refuse_other_matrix(self.path.name, lines[0])
            found = replace(found, form=find_layout(lines) or found.form)
        if found.form in LINE_FORMS:
            return replace(found, separator=" ", quote="", header=False)
        if found.form == "grouped":
            heads = find_heads(lines[found.skip :])
            rows = rows_below(lines, heads) if heads else lines
            below = dialect_of_lines(
                self.path,
                rows,
                replace(found, form="delimited"),
                known | {"header": False, "skip": 0, "form": "delimited"},
            )
            return replace(below, form="grouped", skip=found.skip)
        return dialect_of_lines(self.path, lines, found, known)

    @cached_property
    def dialect(self) -> Dialect:
        """The dialect."""
        if self._given is not None:
            return self._given
        found = self.sniffed
        if found.form in TABLE_FORMS and not self._known.keys() >= {"table", "skip", "header"}:
            described = Dialect.from_dict(self._call_reader("described", found))
            found = replace(
                described, **{name: self._known[name] for name in ("skip", "header") if name in self._known}
            )
        return self._with_keys(found if "unfold" in self._known else self._with_layout(found))

    def _with_layout(self, found: Dialect) -> Dialect:
        """With how the rows of a table are found out to be laid out."""
        self._table = table = self._columns(found, SAMPLE_ROWS)
        if found.orders:
            return found
        if unfold := EVERY_COLUMN if find_matrix(table) else find_unfolding(table):
            return replace(found, unfold=unfold)
        return found if "order_key" in self._known else replace(found, order_key=find_filled_key(table))

    def _with_keys(self, found: Dialect) -> Dialect:
        """With the keys of the other files, where these were named and their keys were not."""
        if found.orders and not found.order_key:
            source, table = self.beside(found.orders), self._columns(found, SAMPLE_ROWS)
            key = find_key(table, source.columns())
            if not key:
                names = limits.listed(source.columns().names)
                raise MisfitError(
                    Message("column.no-order-key", name=self.path.name, orders=source.path.name),
                    Message("column.name-order-key", names=names),
                )
            found = replace(found, order_key=key)
        if found.people and not (found.people_key and found.person):
            rows = self._laid_out(self._columns(found, SAMPLE_ROWS), found, SAMPLE_ROWS)
            people, user = self.beside(found.people).columns(), roles_of(guesses_in(rows).columns).get("user", "")
            key = found.people_key or likely_key(rows, people, user)
            other = key_columns(key, rows.names, people.names)[1]
            found = replace(found, people_key=key, person=found.person or likely_person(people, other))
        return found

    def columns(self, rows: int = SAMPLE_ROWS) -> Columns:
        """Names of the columns, with so many rows as a sample."""
        dialect = self.dialect
        table = self._table if rows == SAMPLE_ROWS else None
        table = table or self._columns(dialect, rows)
        return self._with_people(self._laid_out(table, dialect, rows), dialect)

    def _laid_out(self, table: Columns, dialect: Dialect, rows: int) -> Columns:
        """The columns of the table as its layout is read."""
        if dialect.orders:
            return self._with_orders(table, dialect, rows)
        if dialect.order_key in table.names:
            return with_filled(table, filled_orders(table, dialect.order_key), rows)
        if dialect.unfold == EVERY_COLUMN:
            return matrix_columns(table, rows)
        return unfolded_columns(table, dialect.unfold, rows) if dialect.unfold else table

    def beside(self, name: str) -> "Source":
        """Another table: one of the same database, workbook or archive, or a file in the same folder."""
        plain: dict[str, Any] = dict.fromkeys(("unfold", *JOINED), "")
        if self._form in TABLE_FORMS and name in self.tables():
            return Source(self.path, task=self._task, packed=self.packed, member=self.member, table=name, **plain)
        if name in self.members:
            return Source(self.path, task=self._task, packed=self.packed, member=name, **plain)
        return Source(self.path.parent / name, task=self._task, **plain)

    def _with_orders(self, table: Columns, dialect: Dialect, rows: int) -> Columns:
        source = self.beside(dialect.orders)
        orders = source.columns()
        keys = key_columns(dialect.order_key, table.names, orders.names)
        _refuse_missing(((self.path.name, table, keys[0]), (source.path.name, orders, keys[1])))
        return with_orders(table, orders, keys, source.path, source.dialect, rows)

    def _with_people(self, rows: Columns, dialect: Dialect) -> Columns:
        """With the persons of the finer ids, if the dialect says where they are."""
        if not dialect.people:
            return rows
        source, shown = self.beside(dialect.people), self.path.name
        people = source.columns()
        keys = key_columns(dialect.people_key, rows.names, people.names)
        _refuse_missing(
            ((shown, rows, keys[0]), (source.path.name, people, keys[1]), (source.path.name, people, dialect.person))
        )
        roles = roles_of(guesses_in(rows).columns)
        return with_people(rows, roles, people, keys, dialect.person, source.path, source.dialect)

    def _columns(self, dialect: Dialect, rows: int) -> Columns:
        """The columns of the table as it stands."""
        dialect, shown = dialect.checked(), self.path.name
        if dialect.form in ("parquet", *TABLE_FORMS):
            columns = Columns.from_dict(self._call_reader("columns", dialect, rows=rows))
        else:
            text = decode(self.sample, dialect.encoding) if self._text is None else self._text
            lines = sample_lines(text)
            if dialect.form == "delimited":
                far = rows_of(self._far_lines(text, dialect), dialect) if rows >= SAMPLE_ROWS else []
                columns = columns_of_records(shown, dialect.records(lines), dialect.skip, dialect.header, rows, far)
            elif dialect.form == "json":
                elements = elements_of(shown, text)
                columns = json_columns(shown, elements, rows, among(elements[rows:]))
                if around := array_in_object(text):
                    columns = replace(columns, layout=(Message("layout.array-read", key=around[0]),))
            elif dialect.form == "jsonl":
                columns = json_columns(shown, lines, rows, self._far_lines(text, dialect))
            elif dialect.form == "python":
                columns = json_columns(shown, "".join(json_lines(["\n".join(lines)])).split("\n"), rows)
            elif dialect.form not in SESSION_FORMS:
                columns = layout_columns(shown, lines, dialect, rows)
            else:
                columns = session_columns(lines, dialect, rows)
        columns = with_partitions(columns, partitions(self.path, dialect.member))
        width = len(columns.names)
        limits.refuse_wide(shown, width)
        return replace(columns, rows=[[*row[:width], *[""] * (width - len(row))] for row in columns.rows])

    def _far_lines(self, text: str, dialect: Dialect) -> list[list[str]]:
        """Lines behind the first SAMPLE_LINES of a text, from some places."""
        size = isolated.size_of(self.path)
        if not dialect.packed and size > 2 * SAMPLE_BYTES and not dialect.encoding.startswith(("utf-16", "utf-32")):
            return lines_at_places(self.path, dialect.encoding, size)
        return among(whole_lines(text)[SAMPLE_LINES:])

    def tables(self) -> list[str]:
        """The sheets or tables to choose from; a zip file's files if it has several."""
        return self._tables if self._form in TABLE_FORMS else self.members

    @property
    def _form(self) -> str:
        return (self._given or self.sniffed).form

    @cached_property
    def _tables(self) -> list[str]:
        return list(self._call_reader("tables", self._given or self.sniffed))

    @cached_property
    def _head(self) -> bytes:
        return first_bytes(self.path, SAMPLE_BYTES)

    def _call_reader(self, call: str, dialect: Dialect, **more: object) -> Any:
        """The answer of the process that reads workbooks and databases."""
        with normalized_file(self.path, dialect, self._task) as plain:
            if call == "described" and dialect.form == "xlsx" and dialect.packed and not is_workbook(plain.path):
                raise packed_twice(self.path)
            arguments = {"path": str(plain.path.absolute()), "shown": self.path.name, "dialect": dialect.to_dict()}
            size = isolated.size_of(plain.path)
            return isolated.call(call, self.path.name, size, {**arguments, **more}, self._task)


def _refuse_missing(wanted: Sequence[tuple[str, Columns, str]]) -> None:
    """Raise a MisfitError where a table, given with its file's name, lacks a column."""
    for name, columns, column in wanted:
        if column not in columns.names:
            raise MisfitError(
                Message("column.not-found", name=name, column=column),
                Message("column.columns-are", names=limits.listed(columns.names)),
            )
