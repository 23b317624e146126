"""Blocks on a group of runs that differ in their seed only."""

from collections.abc import Iterator

from recdesk.core.messages import Message, word
from recdesk.evaluation.metrics import CUTOFFS
from recdesk.experiment.report.blocks import Block, Heading, Table, text_table
from recdesk.experiment.report.run_blocks import GAINS, MEANINGS, NAMES, Footnotes, figure_cell, name_of
from recdesk.experiment.seed_figures import SeedFigures

EACH = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1", "coverage@10")


def seed_blocks(found: SeedFigures) -> Iterator[Block]:
    """Figures with their intervals over seeds, each seed by itself, and the baselines."""
    yield Heading(2, Message("run-report.figures"))
    yield _figures(found)
    lists = [name for name in NAMES if name in found.figures]
    cells = [(NAMES[name], figure_cell(found.figures[name], Footnotes()), MEANINGS[name]) for name in lists]
    header = (Message("run-report.figure"), Message("run-report.value"), Message("run-report.meaning"))
    yield text_table("lists", Message("run-report.lists-of-ten"), header, cells, (1,))
    yield _each(found)
    yield from _against(found)


def _figures(found: SeedFigures) -> Table:
    rows = tuple(
        (f"@{cutoff}", *(figure_cell(found.figures.get(f"{gain}@{cutoff}"), Footnotes()) for gain in GAINS))
        for cutoff in CUTOFFS
    )
    values = tuple(
        (
            each.name,
            each.value,
            "" if each.low is None else each.low,
            "" if each.high is None else each.high,
            each.seeds,
        )
        for each in found.figures.values()
    )
    title = Message("run-report.on-test") if found.part == "test" else Message("run-report.on-validation")
    header = (Message("run-report.first"), *GAINS.values())
    return Table(
        "figures", title, header, rows, values, ("metric", "value", "low", "high", "seeds"), frozenset((1, 2, 3))
    )


def _each(found: SeedFigures) -> Table:
    rows = [
        (
            Message("seeds.seed", seed=run.config.seed), run.id, f"{run.seconds:,.0f}",
            *(f"{run.metrics[found.part][name]:.4f}" if name in run.metrics[found.part] else "–" for name in EACH),
        )
        for run in found.group.finished
    ]  # fmt: skip
    header = (
        Message("run-report.run"), Message("run-report.id"), Message("run-report.seconds"), *map(name_of, EACH),
    )  # fmt: skip
    return text_table("seeds", Message("seeds.each"), header, rows, range(2, 3 + len(EACH)))


def _against(found: SeedFigures) -> Iterator[Block]:
    rows = []
    for each in found.against:
        figure = each.figure
        interval = "–" if figure.low is None else f"{figure.low:+.4f} … {figure.high:+.4f}"
        rows.append((word(each.name), f"{figure.value:+.4f}", interval, f"{each.better}", f"{each.worse}"))
    if rows:
        header = (
            Message("run-report.baseline"), Message("run-report.difference"), Message("run-report.interval"),
            Message("seeds.better-on"), Message("seeds.worse-on"),
        )  # fmt: skip
        yield text_table("comparisons", Message("run-report.differences"), header, rows, (1, 2, 3, 4))
