"""Commands on what is kept of people: kept, trash."""

import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, cancelling, watched
from recdesk.core.errors import UsageError
from recdesk.workspace.inventory import PARTS, Entry, Part, PartInventory, delete_part, inventory, part_inventory
from recdesk.workspace.workspace import Workspace

YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
WHAT: dict[Part, str] = {
    "datasets": "who took what, and when",
    "versions": "older datasets, for runs made on them",
    "runs": "models, figures and logs; no names",
    "cache": "what was computed of datasets; no names",
    "keys": "keys of pseudonyms",
    "logs": "errors and crashes",
    "temporary": "left by a program that was killed",
    "trash": "datasets and runs that were removed",
}
CONSEQUENCES: dict[Part, str] = {
    "datasets": "Runs on them cannot recommend any more; keys of their pseudonyms go with them.",
    "versions": "Runs made on them cannot recommend any more.",
    "runs": "Their models are gone.",
    "keys": "Nobody can find out who is behind a pseudonym, and datasets with pseudonyms cannot be updated any more.",
}
ELSEWHERE = "Exports and copies lie where you put them; recdesk does not know of those."


@app.command("kept")
def kept_command(
    removed: Annotated[
        str, typer.Option("--remove", help=f"Delete a part for good: {', '.join(PARTS)}.", metavar="PART")
    ] = "",
    yes: YesOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is kept of people, where and how much; with --remove, delete a part of it for good."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        if removed:
            _remove(opened, _part(removed), yes, output)
            return
        with cancelling() as task:
            found = inventory(opened.folder, task)
        table = Table("part", "what", "entries", "size", "people", box=None)
        for one in found:
            people = f"{one.people:,}" if one.people else "–"
            table.add_row(one.part, WHAT[one.part], f"{len(one.entries):,}", in_bytes(one.size), people)
        output.say(f"In “{opened.folder}”:")
        output.console.print(table)
        output.say(ELSEWHERE)
        output.result({"workspace": str(opened.folder), "kept": [_object(one) for one in found]})


@app.command()
def trash(
    empty: Annotated[bool, typer.Option("--empty", help="Delete all of it for good.")] = False,
    yes: YesOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was removed and is still there; with --empty, delete it for good."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        if empty:
            _remove(opened, "trash", yes, output)
            return
        with cancelling() as task:
            found = part_inventory(opened.folder, "trash", task)
        _say_entries(found.entries, output)
        output.say(f"{in_bytes(found.size)} in all." if found.entries else "The trash is empty.")
        output.result(_object(found))


def in_bytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"


def _remove(opened: Workspace, part: Part, yes: bool, output: Output) -> None:
    """Ask, then delete.

    Raises:
        UsageError: nobody can be asked, and `yes` was not given.
    """
    found = part_inventory(opened.folder, part)
    if not found.entries:
        output.say(f"There is nothing to delete in “{part}”.")
        output.result({"part": part, "deleted": 0, "size": 0})
        return
    if not yes:
        _say_entries(found.entries, output)
        _confirm(found, output)
    with watched(output) as task:
        gone = delete_part(opened, part, task)
    output.say(f"Deleted for good: {len(gone.entries):,} of {part}, {in_bytes(gone.size)}.")
    output.result({"part": part, "deleted": len(gone.entries), "size": gone.size})


def _confirm(found: PartInventory, output: Output) -> None:
    if output.as_json or not output.console.is_terminal:
        raise UsageError("Nothing was deleted: it cannot be undone, and nobody can be asked here.", "Give --yes.")
    if found.part in CONSEQUENCES:
        output.say(CONSEQUENCES[found.part])
    words = f"Delete these {len(found.entries):,} of {found.part} ({in_bytes(found.size)}) for good?"
    if not typer.confirm(words):
        output.say("Nothing was deleted.")
        raise typer.Exit


def _say_entries(entries: Sequence[Entry], output: Output) -> None:
    if not entries:
        return
    table = Table("name", "size", "people", "since", box=None)
    for entry in entries:
        people = f"{entry.people:,}" if entry.people else "–"
        table.add_row(entry.path.name, in_bytes(entry.size), people, _date(entry.changed))
    output.console.print(table)


def _date(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))


def _object(found: PartInventory) -> dict[str, Any]:
    entries = [
        {
            "name": entry.path.name,
            "title": entry.title,
            "size": entry.size,
            "people": entry.people,
            "changed": _date(entry.changed),
            "pseudonyms": bool(entry.key),
        }
        for entry in found.entries
    ]
    return {"part": found.part, "size": found.size, "people": found.people, "things": entries}


def _part(name: str) -> Part:
    for part in PARTS:
        if part == name:
            return part
    raise UsageError(f"There is no part “{name}”.", f"Choose one of: {', '.join(PARTS)}.")
