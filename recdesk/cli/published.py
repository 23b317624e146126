"""`recdesk note-figure`: figures that others published, with their protocol."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output
from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.experiment.published import metric_name
from recdesk.workspace.published import PublishedFigure, load_published, note_published, remove_published
from recdesk.workspace.workspace import Workspace


@app.command("note-figure")
def note_figure(
    dataset: Annotated[str, typer.Argument(help="Name of a dataset of the workspace.")],
    metric: Annotated[str, typer.Option(help="ndcg, recall (hit rate), mrr or accuracy at a length: ndcg@10.")] = "",
    value: Annotated[float | None, typer.Option(help="The figure, from 0 to 1.")] = None,
    model: Annotated[str, typer.Option(help="Of which model it is.")] = "",
    source: Annotated[str, typer.Option(help="Where it stands: paper and table, or an address.")] = "",
    split: Annotated[str, typer.Option(help="leave-one-out, time, new-items or other.")] = "leave-one-out",
    among: Annotated[
        int, typer.Option("--sampled", min=0, help="Random items it was ranked among; 0: the whole catalogue.")
    ] = 0,
    seen: Annotated[bool, typer.Option("--seen/--no-seen", help="Items of the history are ranked too.")] = False,
    moment: Annotated[
        bool, typer.Option("--moment/--no-moment", help="The model is told when the held-out item was taken.")
    ] = False,
    users: Annotated[int | None, typer.Option(help="People of its data after filtering.")] = None,
    items: Annotated[int | None, typer.Option(help="Items of its data after filtering.")] = None,
    interactions: Annotated[int | None, typer.Option(help="Interactions of its data after filtering.")] = None,
    remove: Annotated[int, typer.Option(min=0, help="Remove the noted figure of this number.", metavar="NUMBER")] = 0,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Note a published figure with its protocol; runs are compared with it where theirs is the same, and else say why.
    Without --value, what is noted."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        name = opened.dataset_folder(dataset).name
        if remove:
            _remove(opened, name, remove, output)
        elif value is not None:
            figure = PublishedFigure(
                name, model.strip(), metric.strip().lower(), value, source.strip(), split,
                "sampled" if among else "all", among, not seen, moment, users, items, interactions,
            )  # fmt: skip
            note_published(opened.folder, figure)
            said = {"model": figure.model, "name": metric_name(figure.metric), "value": value, "dataset": name}
            output.say(Message("published.noted", **said))
        elif metric or model or source:
            raise UsageError("No value is given.", "Add --value, such as --value 0.1784.")
        _say(opened, name, output)


def _remove(opened: Workspace, dataset: str, number: int, output: Output) -> None:
    known = load_published(opened.folder, dataset)
    if number > len(known):
        raise UsageError(Message("published.no-number", number=number, dataset=dataset))
    gone = known[number - 1]
    remove_published(opened.folder, gone)
    output.say(Message("published.removed", model=gone.model, name=metric_name(gone.metric), value=gone.value))


def _say(opened: Workspace, dataset: str, output: Output) -> None:
    """All that is noted for a dataset."""
    known = load_published(opened.folder, dataset)
    table = Table("", "model", "figure", "value", "split", "ranked", "people", "items", "source", box=None)
    for number, figure in enumerate(known, 1):
        ranked = "all items" if figure.candidates == "all" else f"{figure.negatives:,} random items"
        counts = ("–" if count is None else f"{count:,}" for count in (figure.users, figure.items))
        table.add_row(
            f"{number}", figure.model, metric_name(figure.metric), f"{figure.value:.4f}", figure.split, ranked, *counts,
            figure.source,
        )  # fmt: skip
    output.console.print(table if known else Message("published.none", dataset=dataset))
    output.result({"dataset": dataset, "figures": [asdict(figure) for figure in known]})
