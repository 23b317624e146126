"""Commands on models as folders: out of a run, and into a run again."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from recdesk.cli.app import JsonOption, RunArgument, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import watched
from recdesk.core.errors import UsageError
from recdesk.core.messages import Message

SAFETENSORS, ONNX = "safetensors", "onnx"


@app.command("export-model")
def export_model_command(
    run: RunArgument,
    out: Annotated[Path, typer.Option(help="A folder that does not exist yet.", metavar="FOLDER")],
    license_name: Annotated[
        str, typer.Option("--license", help="For the card, as the Hugging Face hub names it, such as apache-2.0.")
    ] = "",
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="“safetensors” (a run again with import-model), or “onnx” (answers without torch; its lists are "
            "compared with those of the run).",
        ),
    ] = SAFETENSORS,
    int8: Annotated[bool, typer.Option("--int8", help="With --format onnx: weights of 8 bits.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a run's model as a folder for the Hugging Face hub, with a card; no history is in it."""
    with speaking(as_json) as output:
        if form not in (SAFETENSORS, ONNX):
            raise UsageError(Message("onnx.other-format", name=form), Message("onnx.formats"))
        if int8 and form != ONNX:
            raise UsageError(Message("onnx.int8-needs-onnx"), Message("onnx.int8-without"))
        found = open_workspace(workspace).run(run)
        parity: dict[str, Any] = {}
        with watched(output) as task:
            if form == ONNX:
                from recdesk.experiment.onnx_folder import export_onnx

                made = export_onnx(found, out, license_name, int8, task)
                said, notes, parity = made.parity.sentences, list(made.notes), {"parity": asdict(made.parity)}
            else:
                from recdesk.experiment.model_folder import export_model

                said, notes = [], export_model(found, out, license_name, task)
        output.say(f"Wrote the model of run {found.id} to {out}; README.md is its card.")
        for sentence in said:
            output.say(sentence)
        for note in notes:
            output.note(note)
        files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
        output.result({"run": found.id, "folder": str(out), "files": files, "notes": notes, **parity})


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
