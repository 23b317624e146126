"""Formats groups of runs that differ in their seed only, as one result."""

from collections.abc import Sequence
from typing import Any

from rich.table import Column, Table

from recdesk.cli.console import Output
from recdesk.cli.figures import TITLES, cell, figure_object
from recdesk.cli.output import FIGURES, run_object
from recdesk.evaluation.figures import BEYOND
from recdesk.evaluation.metrics import CUTOFFS
from recdesk.experiment.seed_figures import SeedFigures, seed_figures
from recdesk.workspace.run_groups import RunGroup


def say_group(output: Output, found: SeedFigures) -> None:
    """Figures with their intervals over seeds, then each seed by itself."""
    from recdesk.experiment.run_figures import published_sentences

    for sentence in (*found.sentences, *published_sentences(found.group.finished[0], found.figures)):
        output.say(sentence)
    table = Table(f"on {found.part}, mean of seeds", *TITLES.values(), box=None)
    for cutoff in CUTOFFS:
        table.add_row(f"@{cutoff}", *(cell(found.figures.get(f"{gain}@{cutoff}")) for gain in TITLES))
    output.console.print(table)
    rest = Table("of the lists of ten", "", box=None)
    for name in BEYOND:
        if name in found.figures:
            rest.add_row(name, cell(found.figures[name]))
    output.console.print(rest)
    each = Table("seed", Column("run", no_wrap=True), "state", *FIGURES, box=None)
    for run in found.group.runs:
        figures = run.metrics.get(found.part, {})
        shown = (f"{figures[key]:.4f}" if key in figures else "–" for key in FIGURES)
        each.add_row(f"{run.config.seed}", run.id, run.state, *shown)
    output.console.print(each)


def group_cells(group: RunGroup, names: Sequence[str]) -> list[str]:
    """Means of a group with half the width of their intervals, for a row of a table."""
    figures = seed_figures(group).figures if group.finished else {}
    cells = []
    for name in names:
        figure = figures.get(name)
        if figure is None:
            cells.append("–")
        elif figure.high is None:
            cells.append(f"{figure.value:.4f}")
        else:
            cells.append(f"{figure.value:.4f} ±{figure.high - figure.value:.4f}")
    return cells


def group_object(group: RunGroup) -> dict[str, Any]:
    """A group as a JSON object."""
    found = seed_figures(group) if group.finished else None
    against = found.against if found else ()
    return {
        "group": group.id,
        "size": group.size,
        "state": group.state,
        "finished": len(group.finished),
        "runs": [{**run_object(run, run.metrics), "seed": run.config.seed} for run in group.runs],
        "part": found.part if found else "",
        "figures": {name: figure_object(figure) for name, figure in found.figures.items()} if found else {},
        "against": {
            each.name: {**figure_object(each.figure), "better": each.better, "worse": each.worse} for each in against
        },
        "sentences": [str(sentence) for sentence in found.sentences] if found else [],
    }
