"""The options of an import, made from the declarations of its plan."""

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from recdesk.cli.option_groups import Command, in_place_of
from recdesk.data.declaration import Declared, declarations, defaults
from recdesk.data.files.compression import ARCHIVES
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.source import Source
from recdesk.data.logs.candidates import is_pattern
from recdesk.data.plan import PARTS, ImportPlan, PlanField, dialect_field
from recdesk.data.planning import is_folder, propose, written_as

FILES, COLUMNS, WRITTEN, RULES, KEPT, OUTPUT = (
    "Files", "Columns", "How the file is written", "Rules", "What is kept", "Output",
)  # fmt: skip
"""Panels of the help."""
Given = Mapping[str, Any]
"""What the command line read, by the names of the fields."""


class PanelledCommand(TyperCommand):
    """A command of many options, whose plain help lists them by panel."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options of each panel."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            told = option.get_help_record(ctx)
            if told is not None:
                named = "Arguments" if option.param_type_name == "argument" else "Options"
                sections.setdefault(getattr(option, "rich_help_panel", None) or named, []).append(told)
        for name, entries in sections.items():
            with formatter.section(name):
                formatter.write_dl(entries)


def with_options_of(plan: type[ImportPlan]) -> Callable[[Command], Command]:
    """A decorator that gives a command an option for each declared field of a plan, in the place of its `given`.
    The command's own options stand in the panel “Output”."""
    options = [*_options(plan)]

    def decorated(command: Command) -> Command:
        signature = inspect.signature(command, eval_str=True)
        parameters = [_in_panel(parameter, OUTPUT) for parameter in signature.parameters.values()]
        command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return in_place_of("given", options, dict)(command)

    return decorated


def _in_panel(parameter: inspect.Parameter, panel: str) -> inspect.Parameter:
    """An option in this panel of the help, unless it stands in one; arguments stay as they are."""
    if not hasattr(parameter.annotation, "__metadata__"):
        return parameter
    typed, about = parameter.annotation.__origin__, copy.copy(parameter.annotation.__metadata__[0])
    if isinstance(about, typer.models.OptionInfo) and about.rich_help_panel is None:
        about.rich_help_panel = panel
    return parameter.replace(annotation=Annotated[typed, about])


def _panel(of: Any, field: Declared) -> str:
    """The panel of the help in which the option of a field stands."""
    if of is Dialect:
        return WRITTEN
    if not isinstance(field, PlanField):
        return RULES
    if field.group == defaults(PlanField)["group"]:
        return COLUMNS if field.part == "interactions" else FILES
    return KEPT


def _options(of: Any) -> Iterator[inspect.Parameter]:
    """An option for each declared field that has one, by group."""
    default = defaults(of)
    for name, field in sorted(declarations(of).items(), key=lambda entry: entry[1].group):
        if isinstance(field, PlanField) and field.options_of is not None:
            yield from (option.replace(default=None) for option in _options(field.options_of))
        elif field.help:
            yield _option(name, field, None if field.many else default[name], _panel(of, field))


def _option(name: str, field: Declared, default: Any, panel: str) -> inspect.Parameter:
    about = typer.Option(*field.flags_of(name), min=field.lowest, help=field.help, rich_help_panel=panel)
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
    several = len(files) > 1 or is_folder(first) or is_pattern(first)
    several = several or (not known.keys() & {"member", "table"} and _holds_several(first))
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
