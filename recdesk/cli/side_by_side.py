"""Prints the lists of several runs for one person; the same as a JSON object."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from recdesk.cli.console import Output, watched
from recdesk.cli.output import rows
from recdesk.experiment.several_runs import SeveralRuns
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.recommend.side_by_side import Asked, Line, SideBySide


def recommend_side_by_side(
    runs: Sequence[Run], asked: "Asked", user: str, out: Path | None, output: Output, as_of: str = ""
) -> dict[str, Any]:
    """Print the lists of runs, and write them to a CSV where one is wanted.

    Args:
        runs: two to four of one dataset.
        asked: its history is replaced by that of the user.
        user: id; "" for nobody, then there is a wish.
        out: the CSV.
        output: of the command.
        as_of: a moment in words; "" for now.

    Returns:
        The same as an object.

    Raises:
        RecdeskError: see `SeveralRuns`; the user is unknown, or the file cannot be written.
    """
    from recdesk.recommend.side_by_side import write_side_by_side

    with watched(output) as task:
        several = SeveralRuns.open(runs, task)
        asked = several.about(user, asked, as_of)
        found = several.lists(asked, user, task)
    _say(several.runs, found, output)
    names = [run.id for run in several.runs]
    for name, model, one in zip(names, several.models, found.lists, strict=True):
        for note in filter(None, (model.note, *one.notes)):
            output.note(f"{name}: {note}")
    if out is not None:
        output.say(f"Wrote {rows(write_side_by_side(out, names, found))} to {out}.")
    return {"runs": names, "user_id": user, "wish": asked.wish, "as_measured": asked.as_measured, **_object(found)}


def mark_text(line: "Line") -> str:
    """The mark of a line in a few characters, such as "▲ 2"."""
    if line.mark == "agrees":
        return "="
    if line.mark == "alone":
        return "only here"
    if line.mark == "moved":
        return f"▲ {line.moved}" if line.moved > 0 else f"▼ {-line.moved}"
    return f"in {sum(rank is not None for rank in line.ranks)} of {len(line.ranks)}"


def _say(runs: Sequence[Run], found: "SideBySide", output: Output) -> None:
    for number, run in enumerate(runs, 1):
        output.say(f"({number}) {run.id}, “{run.dataset_title}”")
    heads = [text for number in range(1, len(runs) + 1) for text in (f"({number})", "", "score")]
    table = Table("#", *heads, box=None)
    for row in range(max((len(one.lines) for one in found.lists), default=0)):
        table.add_row(str(row + 1), *(text for one in found.lists for text in _cells(one.lines, row)))
    output.console.print(table)
    output.say(found.sentence)
    for number, one in enumerate(found.lists, 1):
        if one.held_out is not None:
            output.say(f"({number}) {one.held_out.sentence}")


def _cells(lines: "Sequence[Line]", row: int) -> tuple[str, str, str]:
    if row >= len(lines):
        return "", "", ""
    line = lines[row]
    return f"{'◎ ' if line.held_out else ''}{line.item.title}", mark_text(line), f"{line.item.score:.3f}"


def _object(found: "SideBySide") -> dict[str, Any]:
    keys = ("rank", "item_id", "title", "score")
    return {
        "in_all": found.in_all,
        "lists": [
            {
                "items": [
                    {**{key: getattr(line.item, key) for key in keys}, "mark": line.mark, "moved": line.moved,
                     "ranks": list(line.ranks), "held_out": line.held_out}
                    for line in one.lines
                ],
                "held_out": None if one.held_out is None else vars(one.held_out),
                "notes": list(map(str, one.notes)),
            }
            for one in found.lists
        ],
    }  # fmt: skip
