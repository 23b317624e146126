"""Rules of what is recommended: options of commands, and the command that stores them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, watched
from recdesk.cli.option_groups import with_group
from recdesk.core.errors import UsageError
from recdesk.experiment.open_model import open_model
from recdesk.experiment.run_data import dataset_of
from recdesk.recommend.rules import Rules, parse_condition, parse_count, to_record
from recdesk.workspace.rules import remove_rules, rules_named
from recdesk.workspace.workspace import Workspace

RulesOption = Annotated[str, typer.Option("--rules", help="Stored rules, see “recdesk rules”.", metavar="NAME")]


@dataclass(frozen=True)
class SteeringOptions:
    """Options that say rules."""

    allow: Annotated[Path | None, typer.Option("--allow", help="File with the ids of the only items allowed.")] = None
    block: Annotated[Path | None, typer.Option("--block", help="File with ids of items never to recommend.")] = None
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            help="Only items that meet this: “genres contains Comedy”, “genres one of Comedy, Drama”, “year >= 1990”, "
            "“year <= 1999”, “year between 1990 and 1999”, “any contains moon”; may be repeated.",
        ),
    ] = None
    at_most: Annotated[
        str, typer.Option("--at-most", help="So many items of the same category in a list, such as genres=2.")
    ] = ""
    at_least: Annotated[
        str, typer.Option("--at-least", help="So many different categories in a list, such as genres=4.")
    ] = ""
    diversity: Annotated[
        float | None, typer.Option("--diversity", help="0 to 1: how much unlike items are preferred within a list.")
    ] = None
    diversity_by: Annotated[
        str, typer.Option("--diversity-by", help="Unlike in this feature; without it, by the model's item vectors.")
    ] = ""
    damping: Annotated[
        float | None, typer.Option("--damping", help="0 to 1: how much the scores of popular items are lowered.")
    ] = None


NOT_STEERED = SteeringOptions()


def rules_given(workspace: Workspace, name: str, given: SteeringOptions) -> Rules:
    """Stored rules with those of the options added; without a name, those of the options.

    Raises:
        RecdeskError: there are no rules of this name, or an option cannot be read.
    """
    from recdesk.recommend.user_list import read_item_list

    cap = parse_count(given.at_most) if given.at_most else ("", 0)
    spread = parse_count(given.at_least) if given.at_least else ("", 0)
    stored = rules_named(workspace.folder, name) if name else Rules()
    return stored.with_rules(
        Rules(
            allow=None if given.allow is None else read_item_list(given.allow),
            block=() if given.block is None else read_item_list(given.block),
            conditions=tuple(map(parse_condition, given.where or ())),
            cap_feature=cap[0],
            cap=cap[1],
            spread_feature=spread[0],
            spread=spread[1],
            diversity=given.diversity or 0.0,
            diversity_feature=given.diversity_by,
            damping=given.damping or 0.0,
        )
    )


@app.command("rules")
@with_group("steering", SteeringOptions)
def rules_command(
    name: Annotated[str, typer.Argument(help="Rules to store, show or remove; without it, all are listed.")] = "",
    steering: SteeringOptions = NOT_STEERED,
    cost: Annotated[
        str, typer.Option("--cost", help="Measure what they cost this run in NDCG@10 on held-out items.", metavar="RUN")
    ] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Delete the rules of this name.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Store rules of what is recommended under a name; they replace those that have it. Without options, show them."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        given = rules_given(opened, "", steering)
        if not name:
            if not given.empty and not cost:
                raise UsageError("These rules have no name.", "Say recdesk rules NAME, with the same options.")
            if not cost:
                _list(opened, output)
                return
        if remove:
            remove_rules(opened.folder, name)
            output.say(f"Removed the rules “{name}”.")
            output.result({"removed": name})
            return
        if name and not given.empty:
            given = replace(given, name=name)
            opened.save_rules(given)
            output.say(f"Stored the rules “{name}”.")
        elif name:
            given = rules_named(opened.folder, name)
        _say(given, output)
        output.result({"rules": to_record(given), **(_measured(opened, cost, given, output) if cost else {})})


def _measured(workspace: Workspace, run: str, rules: Rules, output: Output) -> dict[str, Any]:
    """The cost of rules, said and as an object."""
    found = workspace.run(run)
    found.require_model()
    from recdesk.data.splitting import make_split
    from recdesk.recommend.rules_cost import rules_cost

    model = open_model(found)
    bound = model.bind(rules)
    bound.require_items()
    for note in bound.notes:
        output.note(note)
    with watched(output) as task:
        measured = rules_cost(model, make_split(dataset_of(found), found.split), bound, task=task)
    output.say(measured.sentence)
    return {"run": found.id, "cost": vars(measured)}


def _list(workspace: Workspace, output: Output) -> None:
    known = workspace.rules()
    table = Table("rules", "what they say", box=None)
    for rules in known:
        table.add_row(rules.name, "; ".join(rules.sentences))
    output.console.print(table if known else "No rules yet; “recdesk rules NAME --at-most genres=2” stores some.")
    output.result({"rules": [to_record(rules) for rules in known]})


def _say(rules: Rules, output: Output) -> None:
    for sentence in rules.sentences:
        output.say(f"  {sentence}")
