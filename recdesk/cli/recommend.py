"""Commands that recommend: to one person, and to everybody in a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.table import Table

from recdesk.cli.app import (
    AsOfOption,
    JsonOption,
    RunArgument,
    TopOption,
    WorkspaceOption,
    app,
    open_workspace,
    speaking,
)
from recdesk.cli.cluster import StorageOption, cluster_of
from recdesk.cli.console import Output, watched
from recdesk.cli.option_groups import with_group
from recdesk.cli.output import rows
from recdesk.cli.shards import (
    AtOnceOption,
    ExportCpusOption,
    ExportOnOption,
    FormOption,
    MergeOption,
    ShardsOption,
    rules_without_model,
    shard_ending,
    shards_object,
    write_shards,
)
from recdesk.cli.side_by_side import recommend_side_by_side
from recdesk.cli.steer import NOT_STEERED, RulesOption, SteeringOptions, rules_given
from recdesk.core.errors import UsageError
from recdesk.core.files import check_target
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.histories import History
from recdesk.data.safe_csv import write_table
from recdesk.experiment.open_model import open_model, with_newest_histories
from recdesk.experiment.run_data import dataset_of
from recdesk.training.config import TextSourceConfig
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.export_forms import FileForm
    from recdesk.recommend.export_options import EditedPerson, Exported
    from recdesk.recommend.recommender import LiveModel

NOTHING_LEFT = "Every item has been taken already, and what was taken is not recommended."


@app.command()
@with_group("steering", SteeringOptions)
def recommend(
    runs: Annotated[
        list[str],
        typer.Argument(
            help="A run's id, the beginning of it, or “last”; two to four of one dataset for their lists side by side.",
            metavar="RUN…",
        ),
    ],
    user: Annotated[str, typer.Option(help="A user id, as in the file.")] = "",
    wish: Annotated[str, typer.Option(help="What is looked for, in words (models that read texts).")] = "",
    top: TopOption = 10,
    as_measured: Annotated[
        bool,
        typer.Option(
            "--as-measured", help="Of several runs: from the history before the item that they were measured on."
        ),
    ] = False,
    as_of: AsOfOption = "",
    out: Annotated[Path | None, typer.Option(help="A CSV that gets the list, or the lists.", metavar="FILE")] = None,
    rules: RulesOption = "",
    steering: SteeringOptions = NOT_STEERED,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Top-N of one user after everything known of them, of a wish in words, or of both together; of several runs, their
    lists side by side: where they agree, what moved, and where each has the held-out item."""
    with speaking(as_json, out) as output:
        opened = open_workspace(workspace)
        wanted = rules_given(opened, rules, steering)
        if not user and not wish:
            raise UsageError("Nobody to recommend to.", "Give --user, or say what is looked for with --wish.")
        if as_measured and len(runs) == 1:
            raise UsageError("--as-measured is for several runs.", "Name two to four runs.")
        if out is not None:
            check_target(out)
        if len(runs) > 1:
            from recdesk.recommend.side_by_side import Asked

            asked = Asked((), top, wish=wish, rules=wanted, as_measured=as_measured)
            output.result(recommend_side_by_side([opened.run(run) for run in runs], asked, user, out, output, as_of))
            return
        found = opened.run(runs[0])
        found.require_model()
        if user:  # before the model is opened, which takes seconds
            with_newest_histories(found, dataset_of(found))[0].user_code(user)
        model = open_model(found)
        output.note(model.note)
        people = model.dataset
        when = people.moment(as_of)
        history = people.history(people.user_code(user), when) if user else History.of([]).until(when)
        if user and not len(history):
            output.note(Message("recommend.nothing-before", user=user, moment=as_of))
        bound = model.bind(wanted)
        _say_rules(bound, output)
        lines = model.top_n(history, top, wish=wish, rules=bound)
        table = Table("#", "item", "title", "score", box=None)
        for line in lines:
            table.add_row(str(line.rank), line.item_id, line.title, f"{line.score:.3f}")
        short = bound.shortfall(top, len(lines), model.candidates(history, True, bound))
        output.console.print(table if lines else NOTHING_LEFT if wanted.empty else short or NOTHING_LEFT)
        if lines and short and not wanted.empty:
            output.say(short)
        keys = ("rank", "item_id", "title", "score")
        if out is not None:
            count = write_table(out, keys, ([getattr(line, key) for key in keys] for line in lines))
            output.say(f"Wrote {rows(count)} to {out}.")
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
@with_group("steering", SteeringOptions)
def export(
    run: RunArgument,
    out: Annotated[
        Path,
        typer.Option(
            help="The file to write: .csv, .tsv, .jsonl (with .gz packed), .parquet or .xlsx; with --shards a folder."
        ),
    ],
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
    what: Annotated[
        str,
        typer.Option(
            "--what",
            help="recommendations; similar (the nearest items of each item); item-vectors; user-vectors.",
        ),
    ] = "recommendations",
    columns: Annotated[
        str,
        typer.Option(
            help="Columns of the file, with commas between: user_id, rank, item_id, title, score, reason (the item of "
            "the history that carries it most; takes long), or any feature of the items."
        ),
    ] = "",
    separator: Annotated[str, typer.Option(help="Between the cells of a .csv or .tsv, such as “;”.")] = "",
    mark: Annotated[
        bool,
        typer.Option("--bom/--no-bom", help="Whether .csv and .tsv begin with the mark by which Excel knows UTF-8."),
    ] = True,
    people: Annotated[
        str, typer.Option("--people", help="Only users who meet this, such as “age >= 30”, see --where.")
    ] = "",
    fallback: Annotated[
        bool,
        typer.Option(
            "--fallback", help="Give the most popular items, labelled, to ids of --users that are not in the data."
        ),
    ] = False,
    as_of: AsOfOption = "",
    saved: Annotated[
        bool,
        typer.Option(
            "--saved",
            help="The people who were saved under a name in the window, in the place of the users; with --users or "
            "--people after these.",
        ),
    ] = False,
    edits: Annotated[
        bool,
        typer.Option(
            "--edits", help="Histories as they were edited in the window; people who were added there follow the users."
        ),
    ] = False,
    rules: RulesOption = "",
    steering: SteeringOptions = NOT_STEERED,
    shards: ShardsOption = 0,
    at_once: AtOnceOption = 0,
    form_of_shards: FormOption = "",
    merge: MergeOption = None,
    on: ExportOnOption = "",
    storage: StorageOption = "",
    cpus: ExportCpusOption = 0,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write top-N for everybody to a file: user_id, rank, item_id, title, score, or the columns that are wanted."""
    with speaking(as_json, out) as output:
        from recdesk.core.parallel import fix_products
        from recdesk.experiment.sharded_export import dataset_for_use
        from recdesk.recommend.bound_rules import people_meeting
        from recdesk.recommend.export_forms import HEADER, FileForm, check_export
        from recdesk.recommend.export_options import WHAT, ExportOptions
        from recdesk.recommend.user_list import read_user_list

        if shards:
            fix_products()  # before torch is there
        if what not in WHAT:
            raise UsageError(f"“{what}” cannot be exported.", f"Choose one of: {', '.join(WHAT)}.")
        if (saved or edits) and what != "recommendations":
            raise UsageError("--saved and --edits are for recommendations.", "Leave --what away.")
        ending = shard_ending(shards, form_of_shards, merge, at_once, what, out, on)
        cluster = cluster_of(on, storage, cpus)
        if what in ("recommendations", "similar") and not shards:
            check_export(out)
        opened = open_workspace(workspace)
        wanted = rules_given(opened, rules, steering)
        found = opened.run(run)
        model = None if shards else open_model(found)
        data, note = (model.dataset, model.note) if model is not None else dataset_for_use(found)
        output.note(note)
        bound = model.bind(wanted) if model is not None else rules_without_model(wanted, data)
        _say_rules(bound, output)
        if model is not None and what != "recommendations":
            _export_learned(what, model, out, top, bound, output)
            return
        chosen = None if users is None else read_user_list(users, data)
        codes = None if chosen is None else chosen.codes
        if people:
            codes = people_meeting(data, people, codes)
        others = _edited(opened, found, data, output, saved) if saved or edits else ()
        if saved and chosen is None and not people:
            codes = []
        names = tuple(name.strip() for name in columns.split(",")) if columns else HEADER
        form = FileForm(names, separator, mark, raw_ids)
        strangers = [user for _, user in chosen.unknown] if chosen is not None and fallback else []
        moment, more = data.moment(as_of), dict[str, Any]()
        if model is None:
            who = None if codes is None else np.asarray(codes, np.int64)
            options = ExportOptions(ending, top, who, True, form, None, others, wanted, strangers, moment)
            made = write_shards(found, data, out, shards, options, at_once, merge, output, cluster)
            written, more = made.exported, shards_object(made, out, merge, cluster)
            say_notes(written, output)
        else:
            written = write_recommendations(model, out, top, codes, output, form, bound, strangers, others, moment)
        if chosen is not None and not fallback:
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
                "fallbacks": written.fallbacks,
                "note": note,
                **more,
            }
        )


def write_recommendations(
    model: "LiveModel",
    out: Path,
    top: int,
    users: list[int] | None,
    output: Output,
    form: "FileForm | None" = None,
    rules: "BoundRules | None" = None,
    strangers: "Sequence[str]" = (),
    saved: "Sequence[EditedPerson]" = (),
    as_of: int | None = None,
) -> "Exported":
    """Export with a progress bar, and print what was written."""
    from recdesk.recommend.export import export_top_n
    from recdesk.recommend.export_forms import FileForm

    with watched(output) as task:
        written = export_top_n(
            model, out, top, users, task=task, form=form or FileForm(), edited=saved, rules=rules, strangers=strangers,
            as_of=as_of,
        )  # fmt: skip
    output.say(f"Wrote {rows(written.rows)} to {out}.{'' if written.rows else ' ' + NOTHING_LEFT}")
    say_notes(written, output)
    return written


def say_notes(written: "Exported", output: Output) -> None:
    """Whose ids were changed, and who got few recommendations or none."""
    if written.note:
        output.note(f"{written.note} With --raw-ids they stay as they are.")
    for note in written.people_notes:
        output.note(note)


def _say_rules(rules: "BoundRules", output: Output) -> None:
    """What of the rules has no effect.

    Raises:
        UsageError: no item meets them.
    """
    for note in rules.notes:
        output.note(note)
    rules.require_items()


def _edited(
    workspace: Workspace, run: Run, dataset: Dataset, output: Output, saved: bool
) -> "tuple[EditedPerson, ...]":
    """The people who were edited in the window with the dataset of a run, or only those saved under a name.

    Raises:
        UsageError: nobody was saved.
    """
    from recdesk.recommend.saved_people import edited_people, saved_people

    chosen = saved_people if saved else edited_people
    found = chosen(workspace.edits(run.dataset_name), dataset, isinstance(run.config, TextSourceConfig))
    for note in found.notes:
        output.note(note)
    if saved and not found.people:
        raise UsageError(Message("people.nobody-saved", name=run.dataset_title), Message("people.save-in-window"))
    return found.people


def _export_learned(what: str, model: "LiveModel", out: Path, top: int, rules: "BoundRules", output: Output) -> None:
    """Write similar items or vectors."""
    from recdesk.recommend.vectors_export import export_learned

    with watched(output) as task:
        written = export_learned(what, model, out, top, task, rules)
    output.say(f"Wrote {rows(written)} to {out}.")
    output.result({"what": what, "file": str(out), "rows": written})
