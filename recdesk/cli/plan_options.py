"""The options of an import, made from the declarations of its plan; and what a plan makes of a file, in words."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer

from recdesk.cli.console import Output
from recdesk.data.declaration import Declared, declarations, defaults
from recdesk.data.files.compression import ARCHIVES
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.source import Source
from recdesk.data.plan import PARTS, ImportPlan, PlanField, dialect_field
from recdesk.data.planning import is_folder, preview, propose, written_as

Given = Mapping[str, Any]
"""What the command line read, by the names of the fields."""


def with_options_of(plan: type[ImportPlan]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A decorator that gives a command an option for each declared field of a plan, in the place of its `given`."""
    options = [*_options(plan)]

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def taking_options(**values: Any) -> None:
            command(given={option.name: values.pop(option.name) for option in options}, **values)

        signature = inspect.signature(command)
        parameters: list[inspect.Parameter] = []
        for parameter in signature.parameters.values():
            parameters += options if parameter.name == "given" else [parameter]
        taking_options.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        taking_options.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return taking_options

    return decorated


def _options(of: Any) -> Iterator[inspect.Parameter]:
    """An option for each declared field that has one, by group."""
    default = defaults(of)
    for name, field in sorted(declarations(of).items(), key=lambda entry: entry[1].group):
        if isinstance(field, PlanField) and field.options_of is not None:
            yield from (option.replace(default=None) for option in _options(field.options_of))
        elif field.help:
            yield _option(name, field, None if field.many else default[name])


def _option(name: str, field: Declared, default: Any) -> inspect.Parameter:
    about = typer.Option(*field.flags_of(name), min=field.lowest, help=field.help)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(name, kind, default=default, annotation=Annotated[field.typed, about])


def plan_of(files: Sequence[Path], given: Given, kind: type[ImportPlan] = ImportPlan) -> ImportPlan:
    """The plan of what was given: which file is what, where several (or a folder, or a zip file of several) are given,
    and the values of the options.

    Raises:
        DataError: none of the files is a table, or no file can be read with the given options.
        UsageError: an option has no meaning.
    """
    known = _values(given, Dialect)
    first = files[0]
    only = _values(given, kind).get("only", ())
    several = len(files) > 1 or is_folder(first) or (not known.keys() & {"member", "table"} and _holds_several(first))
    besides = [given[part] for part in PARTS if given.get(part) is not None]
    plan = propose(files, only, besides) if several else kind(first)
    for part in PARTS:
        if given.get(part) is not None:
            plan = replace(plan, **{part: given[part], dialect_field(part): None})
    if known:
        plan = written_as(plan, known)
    return replace(plan, **_values(given, kind, besides=defaults(kind)))


def _holds_several(path: Path) -> bool:
    """An archive of several files, or a workbook or database, which may have several tables."""
    source = Source(path)
    return len(source.members) > 1 if source.packed in ARCHIVES else source.holds_tables


def _values(given: Given, of: Any, besides: Given = MappingProxyType({})) -> dict[str, Any]:
    """What was given of the fields of a dataclass, as they hold it; values of `besides` say nothing."""
    return {
        name: field.parse(given[name])
        for name, field in declarations(of).items()
        if given.get(name) is not None and (name not in besides or given[name] != besides[name])
    }


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
