"""Lists of users or items in a text file: one id per line, or a table with a column of them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.columns.roles import role_of_name
from recdesk.data.dataset import Dataset
from recdesk.data.files.compression import readable
from recdesk.data.files.encodings import SAMPLE_BYTES, find_encoding
from recdesk.data.safe_csv import bare_cell

MOST_BYTES = 2**28
_NAMED = 20


@dataclass(frozen=True)
class UserList:
    """The users of a list.

    Attributes:
        codes: user codes in the order of the list, without repeats.
        unknown: (line, id) of ids that the dataset does not have.
        dataset: name of the dataset.
    """

    codes: list[int]
    unknown: list[tuple[int, str]]
    dataset: str

    @property
    def note(self) -> str:
        """A sentence where ids are unknown, else ""."""
        if not self.unknown:
            return ""
        named = [f"“{user}” (line {line})" for line, user in self.unknown[:_NAMED]]
        ids = ", ".join(named + (["…"] if len(self.unknown) > _NAMED else []))
        return Message("export.list-ids-left-out", count=len(self.unknown), name=self.dataset, ids=ids)


def read_user_list(path: Path, dataset: Dataset) -> UserList:
    """Read a list of users.

    Text in any encoding that imports read. A first line with a name for users, such as `user_id`, is a header; of
    several columns the one with such a name counts. Ids that an export for spreadsheets wrote with an apostrophe in
    front are understood.

    Raises:
        DataError: it cannot be read, names no user, or the dataset has none of them.
    """
    listed = _listed(path, "user", dataset.user_ids)
    codes = _codes([user for _, user in listed], dataset)
    unknown = [entry for entry, code in zip(listed, codes, strict=True) if code < 0]
    if len(unknown) == len(listed):
        line, user = unknown[0]
        example = dataset.user_ids[0] if dataset.n_users else ""
        raise DataError(
            Message(
                "user.list-ids-unknown", count=len(listed), path=path.name, name=dataset.name, line=line, user=user
            ),
            Message("dataset.ids-as-in-file", example=example),
        )
    first_lines: dict[str, int] = {}
    for line, user in unknown:
        first_lines.setdefault(user, line)
    once = dict.fromkeys(int(code) for code in codes if code >= 0)
    return UserList(list(once), [(line, user) for user, line in first_lines.items()], dataset.name)


def read_item_list(path: Path) -> tuple[str, ...]:
    """Ids of items in a file, each once, in its order; see `read_user_list` for its forms.

    Raises:
        DataError: it cannot be read, or names no item.
    """
    listed = _listed(path, "item", pd.Index([], dtype="str"))
    return tuple(dict.fromkeys(bare_cell(_bare(item)) for _, item in listed))


def _listed(path: Path, role: str, known: pd.Index) -> list[tuple[int, str]]:
    """(line, id) pairs of a file; a first line that is one of the `known` ids is no header.

    Raises:
        DataError: it cannot be read, or has no id.
    """
    users = role == "user"
    advice = Message("user.write-id-a-line") if users else Message("item.write-id-a-line")
    with readable(path):
        if path.stat().st_size > MOST_BYTES:
            raise DataError(Message("user.list-too-large", path=path), advice)
        raw = path.read_bytes()
    text = raw.decode(find_encoding(raw[:SAMPLE_BYTES]), "replace").removeprefix("\ufeff")
    try:
        listed = [(line, one) for line, one in _ids(text, role, known) if one.strip()]
    except csv.Error as error:
        raise DataError(Message("file.unreadable", name=path, reason=error), advice) from error
    if not listed:
        names_no = Message("user.list-empty", path=path.name) if users else Message("item.list-empty", path=path.name)
        raise DataError(names_no, advice)
    return listed


def _ids(text: str, role: str, known: pd.Index) -> Iterator[tuple[int, str]]:
    """(line, id) pairs: of the column with a name for the role, or whole lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    for separator in (",", ";", "\t", "|"):
        header = next(csv.reader([lines[first]], delimiter=separator))
        column = next((at for at, name in enumerate(header) if role_of_name(name) == role), None)
        if column is not None and len(header) > 1:
            rows = csv.reader(io.StringIO("\n".join(lines[first + 1 :])), delimiter=separator)
            yield from ((first + 1 + rows.line_num, row[column]) for row in rows if len(row) > column)
            return
    begin = first + 1 if role_of_name(_bare(lines[first])) == role and lines[first] not in known else first
    yield from enumerate(lines[begin:], begin + 1)


def _codes(users: list[str], dataset: Dataset) -> NDArray[np.int64]:
    """User codes, int64 [n], -1 for unknown ids; of ids as they stand, else without blanks, quotes and apostrophe."""
    codes = dataset.user_ids.get_indexer(pd.Index(users, dtype="str"))
    for plain in (str.strip, _bare, lambda user: bare_cell(_bare(user))):
        missing = np.flatnonzero(codes < 0)
        codes[missing] = dataset.user_ids.get_indexer(pd.Index([plain(users[at]) for at in missing], dtype="str"))
    return np.asarray(codes, dtype=np.int64)


def _bare(line: str) -> str:
    """A line without blanks and quotation marks around it."""
    text = line.strip()
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text
