"""Commands from files to datasets: import, update, health, pseudonyms."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking, workspace_for_import
from recdesk.cli.console import Output, bar, cancelling, watched
from recdesk.cli.dialect_options import (
    EncodingOption,
    EscapeOption,
    FormOption,
    HeaderOption,
    InsideOption,
    QuoteOption,
    SeparatorOption,
    SkipOption,
    TableOption,
    TimeFormOption,
    known_of,
    plan_of_files,
    say_look,
)
from recdesk.cli.output import OF_USERS, say_forecast, say_health, say_report, say_users
from recdesk.core.errors import UsageError
from recdesk.data.cleaning.rules import DUPLICATES, Duplicates, moment
from recdesk.data.importing import ImportResult, import_files, rehearse_users, take_in
from recdesk.data.planning import ImportPlan, propose
from recdesk.workspace.leavers import what_stays

DatasetArgument = Annotated[str, typer.Argument(help="Name of a dataset of the workspace.")]


@app.command("import")
def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Text of any kind, Parquet, JSON, .xlsx, SQLite, DuckDB, also packed; of several files (a folder, a "
            "zip file) it is found out which holds the interactions, which the items and which the users."
        ),
    ],
    items: Annotated[Path | None, typer.Option(help="File with the items' titles and features.")] = None,
    users: Annotated[Path | None, typer.Option(help="File with the users' features.")] = None,
    name: Annotated[str, typer.Option(help="What to call the dataset.")] = "",
    user: Annotated[str | None, typer.Option(help="Column with the user.")] = None,
    item: Annotated[str | None, typer.Option(help="Column with the item.")] = None,
    rating: Annotated[str | None, typer.Option(help="Column with the rating.")] = None,
    time: Annotated[str | None, typer.Option(help="Column with the time.")] = None,
    clock: Annotated[
        str | None, typer.Option(help="Column with the time of day, where --time has but the day; “” for none.")
    ] = None,
    event: Annotated[str | None, typer.Option(help="Column with the type of event.")] = None,
    # how the interactions are written, where it is not found out rightly
    separator: SeparatorOption = None,
    quote: QuoteOption = None,
    escape: EscapeOption = None,
    encoding: EncodingOption = None,
    header: HeaderOption = None,
    skip: SkipOption = None,
    form: FormOption = None,
    table: TableOption = None,
    inside: InsideOption = None,
    time_form: TimeFormOption = None,
    # rules, in the order they run
    normalise_ids: Annotated[bool, typer.Option("--normalise-ids", help="Ids of one text in NFC are one id.")] = False,
    events: Annotated[str | None, typer.Option(help="Types of events to keep, such as view,buy.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day to keep, such as 2019-03-31.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day to keep.")] = None,
    min_rating: Annotated[float | None, typer.Option(help="Drop rows rated lower.")] = None,
    duplicates: Annotated[
        str, typer.Option(help="Rows of one user and item: exact (drop copies), first, last, all (keep all).")
    ] = "exact",
    max_user: Annotated[int, typer.Option(min=0, help="Drop users with more interactions (robots); 0: none.")] = 0,
    k_core: Annotated[int, typer.Option(min=0, help="Keep users and items with at least so many interactions.")] = 0,
    min_user: Annotated[int, typer.Option(min=0, help="The same for users alone.")] = 0,
    min_item: Annotated[int, typer.Option(min=0, help="The same for items alone.")] = 0,
    # what is kept of what stays
    features: Annotated[
        list[str] | None, typer.Option("--feature", help="Column of the items to keep (default: all); repeats.")
    ] = None,
    keep_columns: Annotated[
        bool, typer.Option("--keep-columns", help="Keep columns of the interactions that have no role, too.")
    ] = False,
    user_features: Annotated[
        list[str] | None,
        typer.Option(
            "--user-feature",
            help="Column of the users file to keep (default: all; with --pseudonyms those known not to name people); "
            "repeats, “” for none.",
        ),
    ] = None,
    user_columns: Annotated[
        list[str] | None,
        typer.Option(
            "--user-column",
            help="Column of the interactions that describes the user (default: those known by name); repeats, “” for "
            "none.",
        ),
    ] = None,
    levels: Annotated[
        list[str] | None, typer.Option("--level", help="Numeric column of the items to write as words, too; repeats.")
    ] = None,
    user_levels: Annotated[
        list[str] | None, typer.Option("--user-level", help="The same for a numeric column of the users; repeats.")
    ] = None,
    pseudonyms: Annotated[
        bool, typer.Option("--pseudonyms", help="Replace user ids; the key stays in the workspace, see “pseudonyms”.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be rejected, dropped and left; import nothing.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a file into the workspace."""
    with speaking(as_json) as output:
        known = known_of(
            separator=separator,
            quote=quote,
            escape=escape,
            encoding=encoding,
            header=header,
            skip=skip,
            form=form,
            table=table,
            member=inside,
        )
        place = workspace_for_import(workspace, dry_run)  # files are unpacked there already to find out what they are
        found = plan_of_files(files, items, users, known)
        plan = replace(
            found,
            name=name or found.name,
            user=user,
            item=item,
            rating=rating,
            time=time,
            clock=clock,
            event=event,
            time_form=time_form,
            normalise_ids=normalise_ids,
            events=_listed(events),
            since=None if since is None else moment(since),
            until=None if until is None else moment(until, end=True),
            min_rating=min_rating,
            duplicates=_duplicates(duplicates),
            max_user=max_user,
            k_core=k_core,
            min_user=min_user,
            min_item=min_item,
            features=None if features is None else tuple(features),
            keep_columns=keep_columns,
            levels=tuple(levels or ()),
            pseudonyms=pseudonyms,
            user_features=_chosen(user_features),
            user_columns=_chosen(user_columns),
            user_levels=tuple(user_levels or ()),
        )
        plan.check()
        if dry_run or place is None:
            _rehearse(plan, output)
            return
        with watched(output) as task:
            result = import_files(plan, task.report, lambda: task.cancelled)
            stored = place.add_dataset(result, task)
        if stored != result.dataset.name:
            output.say(f"“{result.dataset.name}” is kept as “{stored}”.")
        say_report(output, stored, result)
        output.result(_object(stored, result))


@app.command()
def update(
    dataset: DatasetArgument,
    files: Annotated[
        list[Path], typer.Argument(help="The newer interactions, and the newer items and users if there are some.")
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put newer files in the place of a dataset: same columns, same way of writing, same rules."""
    with speaking(as_json) as output:
        place = open_workspace(workspace)
        proposed = propose(files) if len(files) > 1 else ImportPlan(files[0])
        with watched(output) as task:
            result = place.update_dataset(dataset, proposed.interactions, proposed.items, proposed.users, task)
        name = place.dataset_folder(dataset).name
        say_report(output, name, result)
        stays = what_stays(result.dataset.report, place.runs())
        if stays:
            output.say(f"  {stays}")
        output.result({**_object(name, result), "changes": result.dataset.report["changes"], "stays": stays})


@app.command()
def health(dataset: DatasetArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """How sound a dataset is: its shape, and likely problems in words."""
    with speaking(as_json) as output:
        place = open_workspace(workspace)
        found = place.health(dataset)
        say_health(output, dataset, found)
        output.result({"dataset": dataset, **found.to_dict()})


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
        place = open_workspace(workspace)
        if (of is None) != forget:
            raise UsageError("What is to be done with the key?", "Give --of with a user id, or --forget.")
        if of is not None:
            found = place.pseudonym(dataset, of)
            output.say(found)
            output.result({"dataset": dataset, "user_id": of, "pseudonym": found})
            return
        ways = place.ways_back(dataset)  # some are found with the key alone
        gone = place.forget_key(dataset)
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
    look = say_look(output, plan)
    with cancelling() as cancelled, bar(output) as advance:
        intake = take_in(plan, advance, cancelled)
        told = intake.forecast(plan.rules, cancelled)
        features, users = rehearse_users(plan, intake, cancelled)
    say_forecast(output, told, intake.report.rejected)
    for reject in intake.rejects[:5]:
        where = f"line {reject.line}" + (f", column “{reject.column}”" if reject.column else "")
        output.say(f"  {where}: {reject.reason}: {reject.value or reject.raw}")
    notes = [*intake.report.notes, *users.notes]
    for note in notes:
        output.say(f"  {note}")
    say_users(output, features, users.to_dict())
    output.say("Nothing was imported.")
    forecast = {"forecast": told.to_dict(), "rejected": intake.report.rejected, "notes": notes, "dry_run": True}
    output.result(forecast | look | {"user_features": features} | {name: getattr(users, name) for name in OF_USERS})


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


def _listed(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(part.strip() for part in text.split(","))


def _chosen(columns: list[str] | None) -> tuple[str, ...] | None:
    """Columns that were named; an empty name names none."""
    return None if columns is None else tuple(filter(None, columns))


def _duplicates(name: str) -> Duplicates:
    for known in DUPLICATES:
        if known == name:
            return known
    raise UsageError(f"There is no rule “{name}” for duplicates.", f"Choose one of: {', '.join(DUPLICATES)}.")
