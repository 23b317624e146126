"""Commands on models as folders: out of a run, and into a run again."""

from pathlib import Path
from typing import Annotated

import typer

from recdesk.cli.app import JsonOption, RunArgument, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import watched


@app.command("export-model")
def export_model_command(
    run: RunArgument,
    out: Annotated[Path, typer.Option(help="A folder that does not exist yet.", metavar="FOLDER")],
    license_name: Annotated[
        str, typer.Option("--license", help="For the card, as the Hugging Face hub names it, such as apache-2.0.")
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a run's model as a folder for the Hugging Face hub, with a card; no history is in it."""
    with speaking(as_json) as output:
        from recdesk.experiment.model_folder import export_model

        found = open_workspace(workspace).run(run)
        with watched(output) as task:
            notes = export_model(found, out, license_name, task)
        output.say(f"Wrote the model of run {found.id} to {out}; README.md is its card.")
        for note in notes:
            output.note(note)
        files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
        output.result({"run": found.id, "folder": str(out), "files": files, "notes": notes})


@app.command("import-model")
def import_model_command(
    folder: Annotated[Path, typer.Argument(help="A folder that “recdesk export-model” or the window wrote.")],
    dataset: Annotated[
        str, typer.Option(help="The dataset to recommend from (default: the one with the same items).")
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the model in a folder as a run that recommends."""
    with speaking(as_json) as output:
        from recdesk.experiment.model_folder import import_model

        opened = open_workspace(workspace)
        with watched(output) as task:
            run, notes = import_model(opened, folder, dataset, task)
        output.say(f"Run {run.id} recommends from “{run.dataset_title}”.")
        for note in notes:
            output.note(note)
        output.result({"run": run.id, "dataset": run.dataset_name, "notes": notes})
