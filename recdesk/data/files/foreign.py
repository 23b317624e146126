"""The reader process of `isolated`: inspects workbooks and databases and writes their cells to an Arrow file."""

import contextlib
import faulthandler
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.messages import Message, found_in
from recdesk.core.task import Task
from recdesk.data.files import databases, excel, parquet
from recdesk.data.files.dialect import Dialect

SLACK = 2**29
"""Memory that is set aside beyond what is used: stacks of threads, pools of libraries."""
PROGRESS_SECONDS = 0.1


def tables(path: str, shown: str, dialect: dict[str, Any], task: Task) -> list[str]:
    """Names of the sheets or tables."""
    if dialect["form"] == "xlsx":
        return excel.sheets(Path(path), shown)
    return databases.database_tables(Path(path), shown, dialect["form"])


def described(path: str, shown: str, dialect: dict[str, Any], task: Task) -> dict[str, Any]:
    """The dialect with the sheet or table found out."""
    given = Dialect.from_dict(dialect)
    if given.form == "xlsx":
        return excel.describe_workbook(Path(path), shown, given).to_dict()
    return dialect | {"table": given.table or databases.database_tables(Path(path), shown, given.form)[0]}


def columns(path: str, shown: str, dialect: dict[str, Any], rows: int, task: Task) -> dict[str, Any]:
    """Columns of the sheet or table, with a sample."""
    given = Dialect.from_dict(dialect)
    if given.form == "parquet":
        return vars(parquet.parquet_columns(Path(path), shown, rows))
    if given.form == "xlsx":
        return vars(excel.workbook_columns(Path(path), shown, given, rows))
    return vars(databases.database_columns(Path(path), shown, given.form, given.table, rows))


def write(
    path: str,
    shown: str,
    dialect: dict[str, Any],
    head: int,
    column_numbers: list[int],
    wanted: list[str],
    out: str,
    task: Task,
) -> None:
    """Write the texts of the wanted columns to an Arrow file, as `excel.write_sheet`, `databases.write_table` do."""
    given = Dialect.from_dict(dialect)
    if given.form == "xlsx":
        excel.write_sheet(Path(path), shown, given, head, column_numbers, Path(out), task)
    else:
        databases.write_table(Path(path), shown, given.form, given.table, wanted, Path(out), task)


CALLS: dict[str, Callable[..., Any]] = {
    "tables": tables,
    "described": described,
    "columns": columns,
    "write": write,
}


def serve() -> None:
    """Answer requests from standard input, one JSON object a line, until it closes."""
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program decides
    with contextlib.suppress(OSError):  # Linux: if memory runs out all the same, this process goes and not another
        Path("/proc/self/oom_score_adj").write_text("1000")
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()

    def send(message: dict[str, Any]) -> None:
        out.write(json.dumps(message).encode() + b"\n")
        out.flush()

    while True:
        request = json.loads(requests.get())
        _limit_memory(request["memory"])
        send(answer(request, send))


def _listen(requests: "queue.SimpleQueue[bytes]") -> None:
    """Requests as they come; the end of the program is the end of this process, whatever it does."""
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


def answer(request: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The answer to a request; progress is sent meanwhile."""
    last = 0.0

    def report(share: float, _text: str) -> None:
        nonlocal last
        if time.monotonic() - last > PROGRESS_SECONDS:
            last = time.monotonic()
            send({"share": share})

    shown = request["arguments"]["shown"]
    try:
        return {"result": CALLS[request["call"]](**request["arguments"], task=Task(report))}
    except RecdeskError as error:
        return _failure(error)
    except (MemoryError, duckdb.OutOfMemoryException):
        return {"memory": True}
    except BaseException as error:  # also a panic of Rust
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        sentence = Message("file.cut-off", name=shown, reason=reason)
        return _failure(DataError(sentence, Message("file.save-again-csv"), traceback.format_exc()))


def _failure(error: RecdeskError) -> dict[str, Any]:
    said = [error.sentence, error.suggestion, error.details]
    return {"failure": said, "messages": found_in(said), "kind": type(error).__name__}


def _limit_memory(most: int) -> None:
    """Set RLIMIT_DATA where there is one (Linux); elsewhere the parent process watches the memory."""
    with contextlib.suppress(ImportError, OSError, ValueError, StopIteration):
        import resource

        status = Path("/proc/self/status").read_text().splitlines()
        used = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (used + most + SLACK, hard))
