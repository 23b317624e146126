"""Resource limits of reading a file. No real data reaches them; a hostile or broken file is refused instead of
filling memory or disk."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from recdesk.core.errors import DataError
from recdesk.core.machine import available_memory
from recdesk.core.messages import Message

MOST_TIMES = 250
"""What comes out of a file is at most so many times its size: tables pack to a tenth, logs to a fiftieth."""
HARMLESS = 256 * 2**20
"""Bytes that may come out of a file whatever its size."""
MOST_DIRECTORY_BYTES = 2**18
"""Of a zip file's list of files: about 3,000. It is read whole, and again for each of them that is looked at."""
HARMLESS_ROWS = 1_000_000
"""Of an SQLite file, or as many as it has bytes: a row takes four at least, but a view may yield rows without end."""
MOST_COLUMNS = 4096
MOST_KEPT_COLUMNS = 1000
"""Columns that are kept without a role, or that describe items or users: each is coded in memory."""
MOST_CELLS = 200_000_000
"""A sheet with a larger area would not fit the memory, however few of its cells are filled."""
MOST_SHEET_BYTES = 2**30
"""Of a workbook, unpacked: Excel's longest sheet (1,048,576 rows) of 30 columns is about as large."""
BYTES_A_CELL = 4
"""Of a column of Parquet in memory, at least."""
MOST_BEFORE_A_LINE_END = 64 * 2**20
"""Bytes without a single line end after which a text is no table."""
LONGEST_LINE = 16 * 2**20
"""Bytes of a line, longer ones are set aside; and characters of one element of JSON."""
LONGEST_CELL = 64 * 2**20
"""Bytes of a cell of a database."""
LONGEST_TEXT = 2**20
"""Bytes of a text of Parquet; two thousand of them are in memory at once."""
SHOWN_CHARACTERS = 10_000
"""Of a cell in a preview."""
PATIENCE = 5.0
"""Seconds that a look into a database may take: a view can be anything."""
SILENCE = 60.0
"""Seconds without progress after which a reader is taken to hang."""
MEMORY = 2**30
"""Bytes of memory that may be taken for a file whatever its size, ..."""
MEMORY_TIMES = 100
"""... and for each of its bytes: repeated texts in a workbook are stored once, but held for each cell."""


DISK_TIMES = 16
"""A text takes 16 bytes more in a table than in the file."""
HELD_BYTES = 8
"""Of memory for each value of each row while rows are sorted, at least."""


def memory_for(size: int) -> int:
    """Bytes of memory that the reading of a file of so many bytes may take."""
    return min(MEMORY + MEMORY_TIMES * size, max(available_memory() * 3 // 4, 2**28))


def disk_for(size: int, folder: Path) -> int:
    """Bytes that the tables of a file of so many bytes may take of the disk of this folder."""
    return min(DISK_TIMES * most_bytes(size), shutil.disk_usage(folder).free * 9 // 10)


def bound_by_disk(size: int, folder: Path) -> bool:
    """Whether `disk_for` gives less than a file of so many bytes may take, for want of room on the disk."""
    return disk_for(size, folder) < DISK_TIMES * most_bytes(size)


def most_bytes(size: int) -> int:
    """Bytes that may come out of a file of so many bytes."""
    return max(HARMLESS, MOST_TIMES * size)


def refuse_wide(shown: str, columns: int) -> None:
    """Raise a DataError where a table has too many columns to be one."""
    if columns > MOST_COLUMNS:
        raise DataError(Message("file.too-many-columns", name=shown, count=columns), Message("file.check-separator"))


def refuse_kept(shown: str, columns: int) -> None:
    """Raise a DataError where more columns would be kept than can be held."""
    if columns > MOST_KEPT_COLUMNS:
        raise DataError(
            Message("file.too-many-kept-columns", name=shown, count=columns, limit=MOST_KEPT_COLUMNS),
            Message("file.keep-fewer-columns"),
        )


def refuse_long(shown: str, rows: int, columns: int) -> None:
    """Raise a DataError where a table has more rows than the memory can hold."""
    needed, free = rows * columns * HELD_BYTES, available_memory()
    if needed > free:
        raise DataError(
            Message(
                "file.rows-over-memory", name=shown, rows=rows, needed=needed / 1000000000.0, free=free / 1000000000.0
            ),
            Message("file.free-memory-or-split"),
        )


def too_much_memory(shown: str, most: int) -> DataError:
    """The error for a file whose reading takes more memory than this."""
    return DataError(
        Message("file.reading-over-memory", name=shown, limit=most // 2**20),
        Message("file.save-needed-columns"),
    )


def too_much_data(shown: str) -> DataError:
    """The error for a file that yields far more data than it has bytes."""
    return DataError(
        Message("file.expands-too-far", name=shown, factor=MOST_TIMES),
        Message("file.save-as-csv"),
    )


def listed(names: Sequence[str], most: int = 40, longest: int = 60) -> str:
    """Names for a sentence, which stays readable however many and long they are."""
    short = [name if len(name) <= longest else f"{name[:longest]}…" for name in names[:most]]
    return ", ".join(short) + (", …" if len(names) > most else "")
