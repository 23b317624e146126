"""Options that say how a file is written, and what was found out about one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from recdesk.cli.console import Output
from recdesk.data.columns.times import FORM_KEYS
from recdesk.data.files.compression import data_members, packing_of
from recdesk.data.files.dialect import FORMS, SEPARATOR_NAMES
from recdesk.data.files.reading import find_dialect
from recdesk.data.planning import ImportPlan, is_folder, preview, propose

SeparatorOption = Annotated[
    str | None, typer.Option(help="What separates columns: 1 to 4 characters, or tab, comma, semicolon, pipe, blanks.")
]
QuoteOption = Annotated[str | None, typer.Option(help="The quoting character; “none” for none.")]
EscapeOption = Annotated[str | None, typer.Option(help="What stands before a quote in quotes; “none”: it is doubled.")]
EncodingOption = Annotated[str | None, typer.Option(help="Such as utf-8, gb18030, big5, shift_jis, latin-1.")]
HeaderOption = Annotated[
    bool | None, typer.Option("--header/--no-header", help="Whether the first line names columns.")
]
SkipOption = Annotated[int | None, typer.Option(min=0, help="Lines above the table.")]
FormOption = Annotated[str | None, typer.Option(help=f"One of: {', '.join(FORMS)}.")]
TableOption = Annotated[
    str | None, typer.Option("--table", "--sheet", help="The sheet of a workbook, or the table of a database.")
]
InsideOption = Annotated[str | None, typer.Option("--inside", help="The file to read in a zip file of several.")]
TimeFormOption = Annotated[str | None, typer.Option(help=f"How times are written: {', '.join(FORM_KEYS)}.")]


def known_of(**options: Any) -> dict[str, Any]:
    """Attributes of a dialect from what was said on the command line."""
    words = {name: mark for mark, name in SEPARATOR_NAMES.items()} | {"\\t": "\t"}
    known = {name: value for name, value in options.items() if value is not None}
    if "separator" in known:
        known["separator"] = words.get(known["separator"], known["separator"])
    return known | {mark: "" for mark in ("quote", "escape") if known.get(mark) == "none"}


def plan_of_files(files: Sequence[Path], items: Path | None, users: Path | None, known: dict[str, Any]) -> ImportPlan:
    """Which file is what, where several (or a folder, or a zip file of several) are given.

    Raises:
        DataError: none of them is a table, or no file can be read as said.
    """
    first = files[0]
    several = len(files) > 1 or is_folder(first) or ("member" not in known and _holds_several(first))
    plan = propose(files) if several else ImportPlan(first)
    if items is not None:
        plan = replace(plan, items=items, items_dialect=None)
    if users is not None:
        plan = replace(plan, users=users, users_dialect=None)
    if known:
        member = {"member": plan.dialect.member} if plan.dialect is not None else {}
        plan = replace(plan, dialect=find_dialect(plan.interactions, **member | known))
    return plan


def _holds_several(file: Path) -> bool:
    return packing_of(file) == "zip" and len(data_members(file)) > 1


def say_look(output: Output, plan: ImportPlan) -> dict[str, Any]:
    """Print how the interactions are understood: their dialect, columns and times."""
    look = preview(plan.interactions, plan.dialect)
    for note in filter(None, (look.written, *look.notes)):
        output.say(f"  {note}")
    for guess in look.guesses:
        if guess.role:
            output.say(f"  {guess.column}: {guess.role} ({guess.confidence:.0%} sure, by its {guess.reason})")
    time, clock = look.time_columns(plan.time, plan.clock)
    times = look.times_of(time, plan.time_form, clock) if time else None
    for text, iso in times.samples if times else ():
        output.say(f"  {text} → {iso}")
    return {"dialect": look.dialect.to_dict(), "columns": [vars(guess) for guess in look.guesses]}
