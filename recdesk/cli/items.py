"""Commands about single recommendations and items: similar, explain, fidelity."""

from typing import TYPE_CHECKING, Annotated, Any

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
from recdesk.cli.console import Output, watched
from recdesk.core.messages import Message
from recdesk.experiment.open_model import open_model
from recdesk.experiment.run_fidelity import measure_fidelity

if TYPE_CHECKING:
    from recdesk.data.histories import History
    from recdesk.recommend.recommender import LiveModel

ItemArgument = Annotated[str, typer.Argument(help="An item id, as in the file.")]


@app.command()
def similar(
    run: RunArgument,
    item: ItemArgument,
    top: TopOption = 10,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """The items that a run's model treats most alike, by the cosine of its item vectors."""
    with speaking(as_json) as output:
        found = open_workspace(workspace).run(run)
        found.require_model()
        from recdesk.recommend.item_facts import item_code

        model = open_model(found)
        output.note(model.note)
        lines = model.similar(item_code(model.dataset, item), top)
        table = Table("#", "item", "title", "cosine", box=None)
        for line in lines:
            table.add_row(str(line.rank), line.item_id, line.title, f"{line.score:.3f}")
        output.console.print(table)
        keys = ("rank", "item_id", "title", "score")
        items = [{key: getattr(line, key) for key in keys} for line in lines]
        output.result({"run": found.id, "item_id": item, "items": items})


@app.command()
def explain(
    run: RunArgument,
    user: Annotated[str, typer.Argument(help="A user id, as in the file.")],
    item: ItemArgument,
    top: TopOption = 10,
    words: Annotated[
        bool, typer.Option("--words", help="By the words of texts too (models that read texts; takes seconds).")
    ] = False,
    attention: Annotated[
        bool,
        typer.Option(
            "--attention", help="Diagnostics: what the model attends to, beside what the items do; no explanation."
        ),
    ] = False,
    as_of: AsOfOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Why an item is recommended to a user: what each item of the history does for it, and the fewest without which it
    would not be in the list; with --words, which words carry it."""
    with speaking(as_json) as output:
        found = open_workspace(workspace).run(run)
        found.require_model()
        from recdesk.recommend.item_facts import item_code

        model = open_model(found)
        output.note(model.note)
        code, data = item_code(model.dataset, item), model.dataset
        history = data.history(data.user_code(user), data.moment(as_of))
        told = model.explain(history, code)
        fewest = model.necessary(history, code, top)
        output.say(f"“{told.title}” is number {told.rank:,} for {user}.")
        table = Table("item of the history", "adds to the score", "rank without it", box=None)
        for reason in told.reasons[:top]:
            table.add_row(reason.title, f"{reason.effect:+.3f}", f"{reason.rank_without:,}")
        output.console.print(table)
        against = told.against(fewest)
        if against is not None:
            output.say(Message("steer.against", title=against.title, effect=against.effect))
        if fewest is not None:
            titles = ", ".join(f"“{title}”" for title in fewest.titles)
            count, rank = len(fewest.titles), fewest.rank_without
            output.say(Message("steer.smallest-set", count=count, titles=titles, n=top, rank=rank))
        elif told.rank <= top:
            output.say(Message("steer.no-smallest-set", n=top))
        reasons = [
            {"item_id": str(data.item_ids[reason.code - 1]), "title": reason.title, "effect": reason.effect,
             "rank_without": reason.rank_without}
            for reason in told.reasons
        ]  # fmt: skip
        ids = [str(data.item_ids[history.items[at] - 1]) for at in fewest.positions] if fewest else []
        smallest = {"item_ids": ids, "rank_without": fewest.rank_without} if fewest else None
        more = _say_words(model, history, code, top, output) if words else {}
        more |= _say_attention(model, history, code, top, output) if attention else {}
        output.result(
            {"run": found.id, "user_id": user, "item_id": item, "rank": told.rank, "reasons": reasons,
             "smallest_set": smallest, **more}
        )  # fmt: skip


def _say_words(model: "LiveModel", history: "History", code: int, top: int, output: Output) -> dict[str, Any]:
    """Print the words that carry a recommendation; the same as an object."""
    from recdesk.recommend.words import word_effects

    with watched(output) as task:
        told = word_effects(model, history, code, task)
    summed = told.summed()
    table = Table("word", "adds to the score", "in", box=None)
    for word, effect, titles in summed[:top]:
        more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
        table.add_row(word, f"{effect:+.3f}", f"{titles[0]}{more}")
    output.console.print(table)
    output.say(told.sentence)
    ids = model.dataset.item_ids
    texts = [
        {
            "item_id": str(ids[text.code - 1]),
            "own": text.own,
            "words": [{"word": word.text, "effect": word.effect} for word in text.words],
        }
        for text in told.texts
    ]
    return {"words": {"total": told.total, "error": told.error, "steps": told.steps, "texts": texts}}


def _say_attention(model: "LiveModel", history: "History", code: int, top: int, output: Output) -> dict[str, Any]:
    """Print what the model attends to; the same as an object."""
    from recdesk.recommend.attention import attention

    told = attention(model, history, code)
    table = Table("item of the history", "attention", "adds to the score", box=None)
    for at in told.shares.argsort()[::-1][:top]:
        table.add_row(told.titles[at], f"{told.shares[at]:.1%}", f"{told.effects[at]:+.3f}")
    output.console.print(table)
    output.say(told.sentence)
    ids = [str(model.dataset.item_ids[history.items[at] - 1]) for at in told.positions]
    return {"attention": {"item_ids": ids, "shares": told.shares.tolist(), "weights": told.weights.tolist()}}


@app.command()
def fidelity(
    run: RunArgument,
    people: Annotated[int, typer.Option("--people", min=1, help="People in the sample, at most.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the sample.")] = 0,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """How far a run's explanations can be trusted: deletion and insertion of the items said to carry a recommendation,
    against random order. It is kept with the run, for its report and the window."""
    with speaking(as_json) as output:
        found = open_workspace(workspace).run(run)
        found.require_model()
        with watched(output) as task:
            told = measure_fidelity(found, people, seed, task=task)
        table = Table("share", "left, explained", "left, random", "alone, explained", "alone, random", box=None)
        columns = (told.deletion, told.deletion_random, told.insertion, told.insertion_random)
        for at, share in enumerate(told.shares):
            table.add_row(f"{share:.0%}", *(f"{column[at]:+.3f}" for column in columns))
        output.console.print(table)
        output.say(told.sentence)
        names = ("shares", "deletion", "deletion_random", "insertion", "insertion_random")
        curves = {name: getattr(told, name).tolist() for name in names}
        gains = {name: list(getattr(told, name)) for name in ("deletion_gain", "insertion_gain")}
        output.result({"run": found.id, "people": told.people, **gains, **curves})
