"""The settings in which runs differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from recdesk.training.config import KINDS
from recdesk.workspace.runs import Run

NO_SETTING = object()
"""Stands for the value of a setting that the model of a run does not have."""


@dataclass(frozen=True)
class SettingRow:
    """A setting that differs.

    Attributes:
        name: of the field.
        title: its title, as declared.
        values: of each run; `NO_SETTING` where its model has no such setting.
    """

    name: str
    title: str
    values: tuple[Any, ...]


def differing_settings(runs: Sequence[Run]) -> list[SettingRow]:
    """The settings in which runs differ, in the order of their declaration."""
    values = [run.config.model_dump() for run in runs]
    names = list(dict.fromkeys(name for each in values for name in each))
    rows = []
    for name in names:
        of_each = tuple(each.get(name, NO_SETTING) for each in values)
        if any(value != of_each[0] for value in of_each[1:]):
            rows.append(SettingRow(name, _title(runs, name), of_each))
    return rows


def _title(runs: Sequence[Run], name: str) -> str:
    for run in runs:
        declared = KINDS[run.kind].model_fields.get(name) if run.kind in KINDS else None
        if declared is not None and declared.title:
            return declared.title
    return "Model" if name == "kind" else name
