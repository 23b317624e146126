"""Commands around texts: search by meaning, new items, encoders."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from recdesk.cli.app import (
    JsonOption,
    RunArgument,
    SplitOption,
    TopOption,
    WorkspaceOption,
    app,
    open_workspace,
    speaking,
)
from recdesk.cli.console import watched
from recdesk.cli.options import pairs_of, settings_of, split_kind
from recdesk.cli.output import say_damages
from recdesk.cli.training import carry_out
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.experiment.open_model import add_new_item, open_model
from recdesk.experiment.warm_start import settings_from
from recdesk.text.lengths import look_ahead
from recdesk.training.config import TextConfig, make_config


@app.command()
def search(
    run: RunArgument,
    words: Annotated[str, typer.Argument(help="What is looked for, in words.")],
    top: TopOption = 10,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find items by meaning, with a run that reads texts."""
    with speaking(as_json) as output:
        found = open_workspace(workspace).run(run)
        model = open_model(found)
        output.note(model.note)
        lines = model.search(words, top)
        table = Table("#", "item", "title", "likeness", box=None)
        for line in lines:
            table.add_row(str(line.rank), line.item_id, line.title, f"{line.score:.3f}")
        output.console.print(table)
        keys = ("rank", "item_id", "title", "score")
        output.result({"run": found.id, "items": [{key: getattr(line, key) for key in keys} for line in lines]})


@app.command("add-item")
def add_item(
    run: RunArgument,
    item: Annotated[str, typer.Option("--id", help="Id of the new item.")],
    texts: Annotated[list[str], typer.Option("--text", help="A feature, as column=text; may be repeated.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an item that nobody has taken yet; it is ranked by its text from then on."""
    with speaking(as_json) as output:
        found = open_workspace(workspace).run(run)
        count = add_new_item(found, item, pairs_of(texts))
        output.say(f"Added “{item}” to run {found.id}.")
        output.result({"run": found.id, "item_id": item, "items": count})


@app.command()
def transfer(
    run: RunArgument,
    dataset: Annotated[str, typer.Argument(help="Name of a dataset of the workspace.")],
    split: SplitOption = "leave-one-out",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a model over texts to use on another catalogue as it is; “train --start-from” goes on to learn there."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        config = settings_from(opened.run(run), epochs=0, fine_tune="off")
        carry_out(opened.create_run(dataset, config, split_kind(split)), output, resume=False)


@app.command()
def texts(
    dataset: Annotated[str, typer.Argument(help="Name of a dataset of the workspace.")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting of text-bert, such as template=… or encoder=…; may be repeated."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a model over texts will read of the items, and how many texts are cut."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        config = make_config("text-bert", **settings_of(settings))
        assert isinstance(config, TextConfig)
        data = opened.dataset(dataset).checked()
        seen = look_ahead(data, config.template, config.encoder, config.text_tokens, opened.folder / "encoders")
        cut = round(seen.cut * len(seen.lengths))
        output.say(f"Item text: {seen.template}")
        for item in seen.shown:
            rest = item.text[item.read :]
            output.say(f"  {item.text[: item.read]}" + (f" [cut: {rest.strip()[:200]}]" if rest else ""))
        output.say(
            f"{seen.encoder} reads up to {Message('count.tokens', count=seen.limit)} of a text. Half have at most "
            f"{seen.middle}, "
            f"the longest {seen.longest:,}. Longer and cut: {cut:,} of {len(seen.lengths):,} ({seen.cut:.2%})."
        )
        if seen.empty:
            output.say(Message("text.items-empty", count=seen.empty))
        output.result(
            {
                "template": seen.template, "encoder": seen.encoder, "limit": seen.limit, "texts": len(seen.lengths),
                "cut": cut, "middle": seen.middle, "longest": seen.longest, "empty": seen.empty,
                "unknown": round(seen.unknown, 4),
            }
        )  # fmt: skip


@app.command()
def encoder(
    model: Annotated[str, typer.Argument(help="Name of a BERT on the Hugging Face hub; none lists those here.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Download without asking.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Download a text encoder, or list those on this computer."""
    with speaking(as_json) as output:
        from recdesk.text import hub
        from recdesk.text.sources import packaged_folder

        folder = open_workspace(workspace).folder / "encoders"
        if not model:
            table = Table("encoder", "revision", "folder", box=None)
            if packaged_folder() is not None:
                table.add_row("packaged", "", str(packaged_folder()))
            damaged: list[RecdeskError] = []
            known = hub.downloaded(folder, damaged)
            for name, revision, path in known:
                table.add_row(name, revision[:12], str(path))
            output.console.print(table)
            damages = say_damages(output, map(str, damaged))
            output.result({"encoders": [{"name": n, "revision": r, "folder": str(p)} for n, r, p in known], **damages})
            return
        offer = hub.look_up(model)
        output.say(f"{offer.model_id}, revision {offer.revision[:12]}: {offer.bytes / 2**20:,.0f} MB.")
        if not yes and not typer.confirm("Download it?", err=True):
            raise typer.Exit(1)
        with watched(output) as task:
            path = hub.download(offer, folder, task)
        output.say(f"Kept in {path}. Train with --set encoder={offer.model_id}.")
        output.result({"encoder": offer.model_id, "revision": offer.revision, "folder": str(Path(path))})
