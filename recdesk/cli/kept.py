"""Commands on what is kept of people: kept, trash."""

import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, cancelling, watched
from recdesk.core.errors import UsageError
from recdesk.workspace.kept import PARTS, Kept, Part, Thing, kept, kept_in, remove
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
            found = kept(opened.folder, task)
        table = Table("part", "what", "things", "size", "people", box=None)
        for one in found:
            people = f"{one.people:,}" if one.people else "–"
            table.add_row(one.part, WHAT[one.part], f"{len(one.things):,}", in_bytes(one.size), people)
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
            found = kept_in(opened.folder, "trash", task)
        _say_things(found.things, output)
        output.say(f"{in_bytes(found.size)} in all." if found.things else "The trash is empty.")
        output.result(_object(found))


def in_bytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"


def _remove(opened: Workspace, part: Part, yes: bool, output: Output) -> None:
    """Ask, then delete.

    Raises:
        UsageError: nobody can be asked, and `yes` was not given.
    """
    found = kept_in(opened.folder, part)
    if not found.things:
        output.say(f"There is nothing to delete in “{part}”.")
        output.result({"part": part, "deleted": 0, "size": 0})
        return
    if not yes:
        _say_things(found.things, output)
        _confirm(found, output)
    with watched(output) as task:
        gone = remove(opened, part, task)
    output.say(f"Deleted for good: {len(gone.things):,} of {part}, {in_bytes(gone.size)}.")
    output.result({"part": part, "deleted": len(gone.things), "size": gone.size})


def _confirm(found: Kept, output: Output) -> None:
    if output.as_json or not output.console.is_terminal:
        raise UsageError("Nothing was deleted: it cannot be undone, and nobody can be asked here.", "Give --yes.")
    if found.part in CONSEQUENCES:
        output.say(CONSEQUENCES[found.part])
    words = f"Delete these {len(found.things):,} of {found.part} ({in_bytes(found.size)}) for good?"
    if not typer.confirm(words):
        output.say("Nothing was deleted.")
        raise typer.Exit


def _say_things(things: Sequence[Thing], output: Output) -> None:
    if not things:
        return
    table = Table("name", "size", "people", "since", box=None)
    for thing in things:
        people = f"{thing.people:,}" if thing.people else "–"
        table.add_row(thing.path.name, in_bytes(thing.size), people, _date(thing.changed))
    output.console.print(table)


def _date(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))


def _object(found: Kept) -> dict[str, Any]:
    things = [
        {
            "name": thing.path.name,
            "title": thing.title,
            "size": thing.size,
            "people": thing.people,
            "changed": _date(thing.changed),
            "pseudonyms": bool(thing.key),
        }
        for thing in found.things
    ]
    return {"part": found.part, "size": found.size, "people": found.people, "things": things}


def _part(name: str) -> Part:
    for part in PARTS:
        if part == name:
            return part
    raise UsageError(f"There is no part “{name}”.", f"Choose one of: {', '.join(PARTS)}.")
