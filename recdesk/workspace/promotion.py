"""The run that answers when people ask the workspace's server, in `promoted.json`: promoting another exchanges it."""

from pathlib import Path

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.workspace.runs import Run

PROMOTED = "promoted.json"
FORMAT = 1
ADVICE = Message("promote.again")


class _File(Record):
    format: int
    run: str


def promote(run: Run) -> None:
    """Let a run answer from now on.

    Raises:
        UsageError: it has no model.
        StorageError: the workspace cannot be written.
    """
    run.require_model()
    write_record(run.workspace / PROMOTED, {"format": FORMAT, "run": run.id})


def promoted(workspace: Path) -> str:
    """Id of the run that was promoted last.

    Raises:
        UsageError: none was.
        DataError: the file is damaged.
    """
    path = workspace / PROMOTED
    if not path.exists():
        raise UsageError(Message("promote.none"), Message("promote.name-run"))
    return str(read_record(path, _File, ADVICE, FORMAT)["run"])
