"""`recdesk split`: a split as files that others read."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, watched
from recdesk.cli.options import split_kind
from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.split_files import SplitFiles, check_split, write_split
from recdesk.data.splitting import make_split


@app.command("split")
def split_command(
    dataset: Annotated[str, typer.Argument(help="Name of a dataset of the workspace.")],
    out: Annotated[Path | None, typer.Option(help="A folder that does not exist yet.", metavar="FOLDER")] = None,
    kind: Annotated[
        str, typer.Option(help="How to cut the data: leave-one-out, time, validation-only or new-items.")
    ] = "leave-one-out",
    form: Annotated[str, typer.Option(help="csv or parquet.")] = "csv",
    people: Annotated[
        int | None, typer.Option(min=1, help="Measure at most so many people, drawn at random (default: as in runs).")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="Check such a folder against the dataset instead.", metavar="FOLDER")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write train, validation and test rows with original ids, protocol and hashes: others can run the same split."""
    with speaking(as_json) as output:
        if (out is None) == (check is None):
            raise UsageError("Give one of --out and --check.", "--out writes a new folder, --check looks at one.")
        opened = open_workspace(workspace)
        data = opened.dataset(dataset).checked()
        with watched(output) as task:
            if check is not None:
                found = check_split(data, check, task)
            else:
                assert out is not None
                found = write_split(make_split(data, split_kind(kind), people), out, form, task)
        _say(output, found, checked=check is not None)


def _say(output: Output, found: SplitFiles, checked: bool) -> None:
    table = Table("file", "rows", "SHA-256", box=None)
    for file in found.files:
        table.add_row(file.name, f"{file.rows:,}", file.sha256[:16] + "…")
    output.console.print(table)
    written = Message("split-files.written", path=found.folder)
    output.say(Message("split-files.checked", path=found.folder) if checked else written)
    output.say(Message("split-files.hash", hash=found.hash))
    for note in found.notes:
        output.note(note)
    output.result(
        {
            "folder": str(found.folder),
            "hash": found.hash,
            "files": [asdict(file) for file in found.files],
            "notes": list(map(str, found.notes)),
        }
    )
