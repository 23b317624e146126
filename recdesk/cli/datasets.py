"""Commands on the list of datasets: datasets, example."""

from typing import Annotated, Literal

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.output import say_damages
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.workspace.runs import ACTIVE
from recdesk.workspace.workspace import Workspace


@app.command()
def datasets(
    remove: Annotated[str, typer.Option(help="Move a dataset to the trash.", metavar="DATASET")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """What there is to train on."""
    with speaking(as_json) as output:
        if remove:
            opened = open_workspace(workspace)
            if any(run.dataset_name == remove and run.state in ACTIVE for run in opened.runs()):
                raise UsageError(f"A run is being trained on “{remove}”.", "Stop it first.")
            opened.remove_dataset(remove)
            output.say(f"“{remove}” is in the trash of the workspace.")
            output.result({"dataset": remove})
            return
        damaged: list[RecdeskError] = []
        known = open_workspace(workspace).datasets(damaged)
        table = Table("dataset", "users", "items", "interactions", "imported", box=None)
        for info in known:
            counts = (f"{info.facts[key]:,}" for key in ("users", "items", "interactions"))
            table.add_row(info.name, *counts, str(info.facts.get("created", ""))[:16])
        output.console.print(table if known else "No dataset yet; “recdesk import FILE” makes one.")
        damages = say_damages(output, map(str, damaged))
        output.result({"datasets": [{"dataset": info.name, **info.facts} for info in known], **damages})


@app.command()
def example(
    language: Annotated[str, typer.Option(help="en or zh: the language of its texts.")] = "en",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the built-in example, unless it is there."""
    with speaking(as_json) as output:
        if language not in ("en", "zh"):
            raise UsageError(f"There is no example in “{language}”.", "Choose one of: en, zh.")
        name = example_dataset(open_workspace(workspace), "zh" if language == "zh" else "en")
        output.say(name)
        output.result({"dataset": name})


def example_dataset(opened: Workspace, language: Literal["en", "zh"] = "en") -> str:
    """Name of the built-in example in the workspace; made if it is not there."""
    import pandas as pd

    from recdesk.data.example import make_example
    from recdesk.data.importing import ImportResult

    example = make_example(language)
    for info in opened.datasets():
        if info.facts["hash"] == example.content_hash:
            return info.name
    return opened.add_dataset(ImportResult(example, [], pd.DataFrame()))
