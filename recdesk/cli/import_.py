"""Commands from files to datasets: import, update, health, pseudonyms."""

from pathlib import Path
from typing import Annotated, Any

import typer

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking, workspace_for_import
from recdesk.cli.console import Output, watched
from recdesk.cli.data_signals import signals_object
from recdesk.cli.dataset_output import OF_USERS, say_forecast, say_health, say_problems, say_report, say_users
from recdesk.cli.look import ask_about, say_look
from recdesk.cli.plan_options import Given, PanelledCommand, plan_of, with_options_of
from recdesk.core.errors import UsageError
from recdesk.data.importing import ImportResult, import_files, rehearse_users, take_in
from recdesk.data.plan import ImportPlan
from recdesk.data.updating import newer_files
from recdesk.workspace.removed_users import remaining_data

DatasetArgument = Annotated[str, typer.Argument(help="Name of a dataset of the workspace.")]


@app.command("import", cls=PanelledCommand)
@with_options_of(ImportPlan)
def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Text of any kind, Parquet, JSON, .xlsx, SQLite, DuckDB, also packed; of several files (a folder, a "
            "zip file) it is found out which holds the interactions, which the items and which the users."
        ),
    ],
    given: Given,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be rejected, dropped and left; import nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Where a file can be read in two ways take the likelier one; ask nothing.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a file into the workspace."""
    with speaking(as_json) as output:
        opened = workspace_for_import(workspace, dry_run)  # files are unpacked there already to find out what they are
        plan = plan_of(files, given)
        plan.check()
        if dry_run or opened is None:
            _rehearse(plan, output)
            return
        look, found = say_look(output, plan, details=False)
        if not yes:
            ask_about(look, plan)
        with watched(output) as task:
            result = import_files(plan, task)
            stored = opened.add_dataset(result, task)
        if stored != result.dataset.name:
            output.say(f"“{result.dataset.name}” is kept as “{stored}”.")
        say_report(output, stored, result)
        say_problems(output, result)
        output.result(found | _object(stored, result))


@app.command()
def update(
    dataset: DatasetArgument,
    files: Annotated[
        list[Path], typer.Argument(help="The newer interactions, and the newer items and users if there are some.")
    ],
    add: Annotated[
        bool, typer.Option("--add", help="The files have but the new rows: those of the dataset stay.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Take only files, sheets or tables of such names; repeats.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put newer files in the place of a dataset, or add them: same columns, same way of writing, same rules."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        newer = newer_files(opened.dataset(dataset), files, only or ())
        with watched(output) as task:
            result = opened.update_dataset(dataset, newer, task=task, add=add)
        name = opened.dataset_folder(dataset).name
        say_report(output, name, result)
        stays = remaining_data(result.dataset.report, opened.runs())
        if stays:
            output.say(f"  {stays}")
        output.result({**_object(name, result), "changes": result.dataset.report["changes"], "stays": stays})


@app.command()
def health(dataset: DatasetArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """How sound a dataset is: its shape, and likely problems in words."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        found = opened.health(dataset)
        say_health(output, dataset, found)
        with watched(output) as task:
            signals = signals_object(opened, dataset, output, task)
        output.result({"dataset": dataset, **found.to_dict(), **signals})


@app.command()
def pseudonyms(
    dataset: DatasetArgument,
    of: Annotated[str | None, typer.Option("--of", help="Say what this user id is called in the dataset.")] = None,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget",
            help="Delete the key for good: after that nobody who has the ids can go back; a history may still tell.",
        ),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """The key of a dataset's pseudonyms: find a person's, or delete the key."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        if (of is None) != forget:
            raise UsageError("What is to be done with the key?", "Give --of with a user id, or --forget.")
        if of is not None:
            found = opened.pseudonym(dataset, of)
            output.say(found)
            output.result({"dataset": dataset, "user_id": of, "pseudonym": found})
            return
        ways = opened.reidentification_risks(dataset)  # some are found with the key alone
        gone = opened.delete_key(dataset)
        output.say(_about_key(gone, bool(ways)))
        for way in ways:
            output.say(f"! {way}")
        output.result({"dataset": dataset, "deleted": gone, "ways_back": ways})


def _about_key(gone: bool, ways: bool) -> str:
    if not gone:
        return "There is no key."
    if ways:
        return "The key is deleted; but there are other ways back (“recdesk kept” shows and removes what is kept):"
    return (
        "The key is deleted; nobody can go back from here by ids. "
        "Who knows what somebody took, and when, may still know them by it."
    )


def _rehearse(plan: ImportPlan, output: Output) -> None:
    """Read, and say what an import would do."""
    _, look = say_look(output, plan)
    with watched(output) as task:
        intake = take_in(plan, task)
        forecast = intake.forecast(plan.rules, task)
        features, users = rehearse_users(plan, intake, task)
    say_forecast(output, forecast, intake.report.rejected)
    for reject in intake.rejects[:5]:
        where = f"line {reject.line}" + (f", column “{reject.column}”" if reject.column else "")
        output.say(f"  {where}: {reject.reason}: {reject.value or reject.raw}")
    notes = [*intake.report.notes, *users.notes]
    for note in notes:
        output.say(f"  {note}")
    say_users(output, features, users.to_dict())
    output.say("Nothing was imported.")
    answer = {"forecast": forecast.to_dict(), "rejected": intake.report.rejected, "notes": notes, "dry_run": True}
    output.result(answer | look | {"user_features": features} | {name: getattr(users, name) for name in OF_USERS})


def _object(name: str, result: ImportResult) -> dict[str, Any]:
    """An imported dataset for machines."""
    report = result.dataset.report
    return {
        "dataset": name,
        "users": result.dataset.n_users,
        "items": result.dataset.n_items,
        "interactions": result.dataset.n_interactions,
        "rejected": sum(report["rejected"].values()),
        "dropped": sum(report["dropped"].values()),
        "report": report,
        "problems": result.health.problems if result.health else [],
    }
