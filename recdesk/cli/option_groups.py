"""Options that several commands have in common, declared once."""

import dataclasses
import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, get_type_hints

Command = Callable[..., None]


def in_place_of(
    name: str, options: Sequence[inspect.Parameter], made: Callable[..., Any]
) -> Callable[[Command], Command]:
    """A decorator that gives a command options in the place of one of its parameters.

    Args:
        name: of the parameter.
        options: as parameters of a function.
        made: what the command gets for the parameter, of the values of the options by name.
    """

    def decorated(command: Command) -> Command:
        @functools.wraps(command)
        def taking_options(**values: Any) -> None:
            command(**{name: made(**{option.name: values.pop(option.name) for option in options})}, **values)

        signature = inspect.signature(command, eval_str=True)
        parameters: list[inspect.Parameter] = []
        for parameter in signature.parameters.values():
            parameters += options if parameter.name == name else [parameter]
        taking_options.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        taking_options.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return taking_options

    return decorated


def with_group(name: str, group: type[Any]) -> Callable[[Command], Command]:
    """A decorator that gives a command an option for each field of a dataclass, in the place of the parameter that gets
    the dataclass. The types of the fields are those of options, and each has a default."""
    hints = get_type_hints(group, include_extras=True)
    options = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in dataclasses.fields(group)
    ]
    return in_place_of(name, options, group)
