"""Commands that recommend: to one person, and to everybody in a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, RunArgument, TopOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, watched
from recdesk.cli.output import rows
from recdesk.cli.steer import (
    AllowOption,
    AtLeastOption,
    AtMostOption,
    BlockOption,
    DampingOption,
    DiversityByOption,
    DiversityOption,
    RulesOption,
    WhereOption,
    rules_given,
)
from recdesk.core.errors import UsageError
from recdesk.experiment.open_model import open_model, with_newest_histories
from recdesk.experiment.pipeline import dataset_of

if TYPE_CHECKING:
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.export import Exported
    from recdesk.recommend.recommender import LiveModel

NOTHING_LEFT = "Every item has been taken already, and what was taken is not recommended."


@app.command()
def recommend(
    run: RunArgument,
    user: Annotated[str, typer.Option(help="A user id, as in the file.")] = "",
    wish: Annotated[str, typer.Option(help="What is looked for, in words (models that read texts).")] = "",
    top: TopOption = 10,
    rules: RulesOption = "",
    allow: AllowOption = None,
    block: BlockOption = None,
    where: WhereOption = None,
    at_most: AtMostOption = "",
    at_least: AtLeastOption = "",
    diversity: DiversityOption = None,
    diversity_by: DiversityByOption = "",
    damping: DampingOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Top-N of one user after everything known of them, of a wish in words, or of both together."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        wanted = rules_given(
            opened, rules, allow, block, where, at_most, at_least, diversity, diversity_by, damping
        )  # fmt: skip
        found = opened.run(run)
        if not user and not wish:
            raise UsageError("Nobody to recommend to.", "Give --user, or say what is looked for with --wish.")
        found.require_model()
        if user:  # before the model is opened, which takes seconds
            with_newest_histories(found, dataset_of(found))[0].user_code(user)
        model = open_model(found)
        output.note(model.note)
        people = model.dataset
        history = people.histories().row(people.user_code(user)).tolist() if user else []
        bound = model.bind(wanted)
        _say_rules(bound, output)
        lines = model.top_n(history, top, wish=wish, rules=bound)
        table = Table("#", "item", "title", "score", box=None)
        for line in lines:
            table.add_row(str(line.rank), line.item_id, line.title, f"{line.score:.3f}")
        short = bound.shortfall(top, len(lines), model.candidates(history, True, bound))
        output.console.print(table if lines else short or NOTHING_LEFT)
        if lines and short and not wanted.empty:
            output.say(short)
        keys = ("rank", "item_id", "title", "score")
        output.result(
            {
                "run": found.id,
                "user_id": user,
                "wish": wish,
                "note": model.note,
                "rules": bound.rules.sentences,
                "rules_notes": bound.notes,
                "short": short,
                "items": [{key: getattr(line, key) for key in keys} for line in lines],
            }
        )


@app.command()
def export(
    run: RunArgument,
    out: Annotated[Path, typer.Option(help="The file to write: .csv, .tsv, .jsonl (with .gz packed) or .parquet.")],
    top: TopOption = 10,
    users: Annotated[
        Path | None,
        typer.Option(
            help="File with one user id a line, or with a column of them such as user_id; default: everybody."
        ),
    ] = None,
    raw_ids: Annotated[
        bool,
        typer.Option(
            "--raw-ids/--spreadsheet-safe",
            help="Whether ids that begin with =, +, - or @ stay as they are in .csv and .tsv, or get an apostrophe in "
            "front, so that no spreadsheet runs them (other forms have ids as they are).",
        ),
    ] = False,
    rules: RulesOption = "",
    allow: AllowOption = None,
    block: BlockOption = None,
    where: WhereOption = None,
    at_most: AtMostOption = "",
    at_least: AtLeastOption = "",
    diversity: DiversityOption = None,
    diversity_by: DiversityByOption = "",
    damping: DampingOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write top-N for everybody to a file: user_id, rank, item_id, title, score."""
    with speaking(as_json, out) as output:
        from recdesk.recommend.export_forms import check_export
        from recdesk.recommend.user_list import read_user_list

        check_export(out)
        opened = open_workspace(workspace)
        wanted = rules_given(
            opened, rules, allow, block, where, at_most, at_least, diversity, diversity_by, damping
        )  # fmt: skip
        found = opened.run(run)
        model = open_model(found)
        output.note(model.note)
        bound = model.bind(wanted)
        _say_rules(bound, output)
        chosen = None if users is None else read_user_list(users, model.dataset)
        codes = None if chosen is None else chosen.codes
        written = write_recommendations(model, out, top, codes, output, raw_ids, bound)
        if chosen is not None:
            output.note(chosen.note)
        output.result(
            {
                "run": found.id,
                "file": str(out),
                "rows": written.rows,
                "unknown": [] if chosen is None else [user for _, user in chosen.unknown],
                "guarded_ids": {"users": written.guarded_users, "items": written.guarded_items},
                "rules": bound.rules.sentences,
                "rules_notes": bound.notes,
                "short": written.short,
                "unserved": written.unserved,
                "note": model.note,
            }
        )


def write_recommendations(
    model: "LiveModel",
    out: Path,
    top: int,
    users: list[int] | None,
    output: Output,
    raw_ids: bool = False,
    rules: "BoundRules | None" = None,
) -> "Exported":
    """Export with a progress bar, and print what was written."""
    from recdesk.recommend.export import export_top_n

    with watched(output) as task:
        written = export_top_n(model, out, top, users, task=task, raw_ids=raw_ids, rules=rules)
    output.say(f"Wrote {rows(written.rows)} to {out}.{'' if written.rows else ' ' + NOTHING_LEFT}")
    if written.note:
        output.note(f"{written.note} With --raw-ids they stay as they are.")
    for note in written.people_notes:
        output.note(note)
    return written


def _say_rules(rules: "BoundRules", output: Output) -> None:
    """What of the rules has no effect.

    Raises:
        UsageError: no item meets them.
    """
    for note in rules.notes:
        output.note(note)
    rules.require_items()
