"""The command that writes the items of a run's model as a map."""

from pathlib import Path
from typing import Annotated

import typer

from recdesk.cli.app import JsonOption, RunArgument, TopOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import watched
from recdesk.core.files import writing_to
from recdesk.core.messages import Message
from recdesk.experiment.open_model import open_model


@app.command("map")
def map_(
    run: RunArgument,
    out: Annotated[Path, typer.Option("--out", help="The file: .csv for a table, .svg for a drawing.")],
    colour: Annotated[
        str, typer.Option("--colour", help="Feature to colour by, or “popularity” (default: the kind of the items).")
    ] = "",
    user: Annotated[
        str, typer.Option("--user", help="A user id; the history and the recommendations are marked.")
    ] = "",
    top: TopOption = 10,
    seed: Annotated[int, typer.Option(help="Another seed gives another arrangement.", min=0)] = 0,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """The catalogue as a map: items that a run's model treats alike lie together (t-SNE of its item vectors)."""
    with speaking(as_json, out) as output:
        from recdesk.recommend.map_files import DRAWING, NO_MARKS, Marks, check_map_file, write_map_table

        check_map_file(out)
        opened = open_workspace(workspace)
        found = opened.run(run)
        found.require_model()
        from recdesk.recommend.map_colours import colouring
        from recdesk.workspace.run_map import map_of

        model = open_model(found)
        output.note(model.note)
        data, colours = model.dataset, colouring(model.dataset, colour)
        marks = NO_MARKS
        if user:
            history = data.history(data.user_code(user))
            best = model.top_n(history, top)
            marks = Marks(user, tuple(history.items.tolist()), tuple(item.code for item in best))
        with watched(output) as task:
            placed, problem = map_of(found, model, seed, task)
            if out.suffix.lower() == DRAWING:
                from recdesk.experiment.report.map_svg import map_svg

                with writing_to(out) as stream:
                    stream.write(map_svg(data, placed, colours, marks))
            else:
                write_map_table(out, data, placed, colours, marks, task=task.silent())
        notes = [*placed.notes, *([problem] if problem else [])]
        off = len({*marks.history, *marks.recommended}) - len(placed.rows_of(marks.codes))
        if off:
            notes.append(Message("map.marks-off", count=off, person=user))
        for note in notes:
            output.note(note)
        output.say(f"{Message('count.items', count=len(placed.codes))} written to {out}, coloured by {colours.title}")
        output.result(
            {"run": found.id, "out": str(out), "items": len(placed.codes), "n_items": placed.n_items,
             "method": placed.method, "colour": str(colours.feature), "history": len(marks.history),
             "recommended": len(marks.recommended), "notes": [str(note) for note in notes]}
        )  # fmt: skip
