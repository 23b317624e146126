"""Commands on packages: runs with data and models as one file, there and back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from recdesk.cli.app import JsonOption, RunArgument, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, watched
from recdesk.cli.kept import in_bytes
from recdesk.cli.training import carry_out
from recdesk.core.errors import UsageError
from recdesk.experiment.reproduction import Reproduction, begin_reproduction, compare_reproduction
from recdesk.workspace.package_name import ENDING, is_package
from recdesk.workspace.packing import Choice, pack
from recdesk.workspace.runs import Run
from recdesk.workspace.unpacking import Arrived, Opened, open_package
from recdesk.workspace.workspace import Workspace

FATES = {
    "added": "",
    "there": ", which is here already",
    "renamed": ", whose name was taken",
    "absent": ": its data is not here",
}


@app.command("pack")
def pack_command(
    runs: Annotated[list[str], typer.Argument(help="Runs: ids, beginnings of ids, or “last”.")],
    out: Annotated[Path, typer.Option(help=f"The file to write; its name ends in {ENDING}.")],
    without_data: Annotated[
        bool, typer.Option("--without-data", help="Name the data by its content hash only: no history leaves.")
    ] = False,
    without_models: Annotated[
        bool, typer.Option("--without-models", help="Leave out what was learned: settings, figures and curves stay.")
    ] = False,
    with_edits: Annotated[
        bool, typer.Option("--with-edits", help="Add edits of histories and people who were made up.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save runs with data, models, rules and notes as one file; “recdesk open” adds it to another workspace."""
    with speaking(as_json) as output:
        if not is_package(out):
            raise UsageError(f"“{out.name}” does not end in {ENDING}.", f"Name it {out.name}{ENDING}.")
        if without_data and with_edits:
            raise UsageError("Edits of histories go with the data.", "Leave out --with-edits or --without-data.")
        opened = open_workspace(workspace)
        chosen = [opened.run(run) for run in runs]
        with watched(output) as task:
            written = pack(chosen, out, Choice(not without_data, not without_models, with_edits), task)
        output.say(f"Wrote {len({run.id for run in chosen})} run(s) to {out}, {in_bytes(written.size)}.")
        for note in written.notes:
            output.note(note)
        output.result({"file": str(out), "size": written.size, "files": written.files, "notes": written.notes})


@app.command("open")
def open_command(
    file: Annotated[Path, typer.Argument(help=f"A file that “recdesk pack” or the window wrote (name{ENDING}).")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the runs, data and rules of a packed file to the workspace: all of it, or nothing."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        with watched(output) as task:
            found = open_package(opened, file, task)
        say_opened(found, output)
        output.result(opened_object(found))


def say_opened(found: Opened, output: Output) -> None:
    """Print what became of all that a package holds."""
    for dataset in found.datasets:
        output.say(f"Dataset {_named(dataset)}{FATES[dataset.fate]}.")
    for run in found.runs:
        output.say(f"Run {_named(run)}{FATES[run.fate]}.")
    for rules in found.rules:
        output.say(f"Rules “{rules}”.")
    for note in found.notes:
        output.note(note)


def _named(arrived: Arrived) -> str:
    return arrived.here if arrived.here else arrived.name


def opened_object(found: Opened) -> dict[str, Any]:
    """The same for programs."""
    return {
        "runs": [vars(run) for run in found.runs],
        "datasets": [vars(dataset) for dataset in found.datasets],
        "rules": found.rules,
        "notes": found.notes,
    }


@app.command()
def reproduce(
    run: RunArgument,
    inside: Annotated[
        Path | None, typer.Option("--in", help=f"A packed file ({ENDING}) that the run is in; it is opened first.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a run again from its stored settings, seed and data, and say whether all comes out bit by bit."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        found = _run_inside(opened, inside, run, output) if inside else opened.run(run)
        again = carry_out(begin_reproduction(found), output, resume=False, final=False)
        with watched(output) as task:
            made = compare_reproduction(found, again, task)
        say_reproduction(made, output)
        output.result(reproduction_object(made))


def _run_inside(opened: Workspace, package: Path, wanted: str, output: Output) -> Run:
    """Open a package; the run in it by its id there or the beginning of it, or "last"."""
    with watched(output) as task:
        found = open_package(opened, package, task)
    say_opened(found, output)
    ids = {each.name: each.here for each in found.runs}
    fitting = [name for name in ids if name.startswith(wanted)] if wanted != "last" else sorted(ids)[-1:]
    exact = [wanted] if wanted in ids else fitting
    if len(exact) != 1:
        raise UsageError(f"“{package.name}” has no single run “{wanted}”.", f"It holds: {', '.join(sorted(ids))}.")
    return opened.run(ids[exact[0]])


def say_reproduction(made: Reproduction, output: Output) -> None:
    """Print what is the same, what differs, and what may explain it."""
    for check in made.checks:
        output.say(f"  {check.what}: {'the same' if check.same else check.first}")
    for name, before, now in made.environment:
        output.say(f"  {name}: was {before}, now {now}")
    for change in made.figures:
        difference = change.again - change.before
        output.say(f"  {change.part} {change.name}: {change.before:.6f} → {change.again:.6f} ({difference:+.2e})")
    for note in made.notes:
        output.note(note)
    output.say(made.sentence)


def reproduction_object(made: Reproduction) -> dict[str, Any]:
    """The same for programs."""
    return {
        "run": made.run.id,
        "again": made.again.id,
        "same": made.same,
        "checks": [vars(check) for check in made.checks],
        "environment": [{"name": name, "before": old, "again": new} for name, old, new in made.environment],
        "figures": [vars(change) for change in made.figures],
        "notes": made.notes,
    }
