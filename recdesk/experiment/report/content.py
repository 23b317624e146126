"""The report of a run, or of a comparison of runs, as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from recdesk import __version__
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.evaluation.sentences import p_text
from recdesk.experiment.comparison import COMPARED, SHOWN, Comparison, Entry, check_comparable, compare_runs
from recdesk.experiment.differing_settings import NO_SETTING
from recdesk.experiment.report.blocks import Block, Bullets, Heading, Paragraph, Report, Table, paragraph, text_table
from recdesk.experiment.report.fidelity_blocks import fidelity_blocks
from recdesk.experiment.report.run_blocks import (
    Footnotes,
    command_blocks,
    curve_blocks,
    data_blocks,
    figure_blocks,
    figure_cell,
    group_blocks,
    method_blocks,
    name_of,
    people_blocks,
    protocol_blocks,
    setting_blocks,
)
from recdesk.experiment.report.seed_blocks import seed_blocks
from recdesk.experiment.run_figures import how_good, published_sentences
from recdesk.experiment.seed_figures import seed_figures
from recdesk.monitor.curves import RunCurves
from recdesk.workspace.run_fidelity import load_fidelity
from recdesk.workspace.run_groups import RunGroup
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import Run


def report_of(runs: Sequence[Entry], with_people: bool = True, task: Task = UNWATCHED) -> Report:
    """The report of one run, or of several that are compared with the first.

    Args:
        runs: one to eight; a group of seeds counts as one.
        with_people: whether examples of people stand in it, with their ids.
        task: gets progress.

    Raises:
        UsageError: a run has no figures, or runs cannot be compared.
        CancelledError: it was cancelled.
    """
    if len(runs) == 1:
        (entry,) = runs
        return _of_group(entry, task) if isinstance(entry, RunGroup) else _of_run(entry, with_people, task)
    check_comparable(runs)
    return _of_comparison(compare_runs(runs, task.part(0.0, 0.9)), with_people, task.part(0.9, 1.0))


def _of_run(run: Run, with_people: bool, task: Task) -> Report:
    found = how_good(run, task.part(0.0, 0.9))
    title = Message("run-report.of-run", run=run.id)
    blocks: list[Block] = [
        Heading(1, title),
        _made(),
        *([paragraph(run.reason)] if run.reason else []),
        Heading(2, Message("run-report.in-words")),
        Bullets(tuple(found.sentences)),
        *figure_blocks(found),
        *curve_blocks({run.kind: _curves(run)}),
        *group_blocks(found),
        *fidelity_blocks(load_fidelity(run), run.id),
        *(people_blocks(found) if with_people else ()),
        *data_blocks(run),
        *protocol_blocks(run),
        *setting_blocks(run),
        *method_blocks([run.kind]),
        *command_blocks([run]),
    ]
    task.step(1.0)
    return Report(title, tuple(blocks))


def _of_group(group: RunGroup, task: Task) -> Report:
    found, runs = seed_figures(group), group.finished
    title = Message("seeds.report-title", group=group.id)
    curves: dict[str, RunCurves] = {Message("seeds.seed", seed=run.config.seed): _curves(run) for run in runs}
    task.step(0.5)
    blocks: list[Block] = [
        Heading(1, title),
        _made(),
        Heading(2, Message("run-report.in-words")),
        Bullets((*found.sentences, *published_sentences(runs[0], found.figures))),
        *seed_blocks(found),
        *curve_blocks(curves),
        *data_blocks(runs[0]),
        *protocol_blocks(runs[0]),
        *setting_blocks(runs[0]),
        *method_blocks([runs[0].kind], seeds=True),
        *command_blocks([group]),
    ]
    task.step(1.0)
    return Report(title, tuple(blocks))


def _of_comparison(found: Comparison, with_people: bool, task: Task) -> Report:
    runs = found.runs
    title = Message("run-report.of-comparison", count=len(runs))
    ids, entries = found.ids, [group or run for run, group in zip(runs, found.groups, strict=True)]
    names = {run.id: f"({number}) {run.kind}" for number, run in enumerate(runs, 1)}
    numbered = [names[run.id] for run in runs]
    task.step(0.1)
    curves = {names[run.id]: _curves(run) for run in runs}
    header = (
        Message("run-report.run"), Message("run-report.id"), Message("run-report.created"),
        Message("run-report.seconds"),
    )  # fmt: skip
    listed = [(names[run.id], ids[run.id], f"{run.created:%Y-%m-%d %H:%M}", f"{run.seconds:,.0f}") for run in runs]
    blocks: list[Block] = [
        Heading(1, title),
        _made(),
        text_table("runs", Message("run-report.runs"), header, listed, [3]),
        Heading(2, Message("run-report.in-words")),
        Bullets(tuple(found.sentences(names))),
        *_side_by_side(found, numbered),
        *_settings(found, numbered),
        *curve_blocks(curves),
        *(_changed(found, numbered) if with_people else ()),
        *data_blocks(runs[0]),
        *protocol_blocks(runs[0]),
        *method_blocks((run.kind for run in runs), seeds=any(found.groups)),
        *command_blocks(entries),
    ]
    task.step(1.0)
    return Report(title, tuple(blocks))


def _made() -> Paragraph:
    now = datetime.now()
    return paragraph(Message("run-report.made", version=__version__, time=f"{now:%Y-%m-%d %H:%M}"))


def _curves(run: Run) -> RunCurves:
    """Curves of a run; empty ones where its log is damaged."""
    try:
        return curves_of(run)
    except RecdeskError:
        return RunCurves()


def _side_by_side(found: Comparison, numbered: list[str]) -> Iterator[Block]:
    footnotes = Footnotes()
    yield Heading(2, Message("run-report.figures"))
    names = [name for name in SHOWN if any(name in figures for figures in found.figures)]
    rows = [(name_of(n), *(figure_cell(figures.get(n), footnotes) for figures in found.figures)) for n in names]
    values = tuple(
        (run.id, name, figure.value, *("" if end is None else end for end in (figure.low, figure.high)))
        for run, figures in zip(found.runs, found.figures, strict=True)
        for name, figure in figures.items()
    )
    title = Message("run-report.on-test") if found.part == "test" else Message("run-report.on-validation")
    table = text_table("figures", title, (Message("run-report.figure"), *numbered), rows, range(1, len(numbered) + 1))
    yield replace(table, values=values, value_header=("run", "metric", "value", "low", "high"))
    yield from footnotes.block()
    if found.differences:
        yield _differences(found, numbered)


def _differences(found: Comparison, numbered: list[str]) -> Table:
    rows = []
    for name in COMPARED:
        cells = [name_of(name)]
        for run in found.runs[1:]:
            each = found.difference(run, name)
            assert each is not None
            mark = " *" if each.real else ""
            cells.append(f"{each.difference:+.4f} ({each.low:+.4f} … {each.high:+.4f}), p {p_text(each.p_holm)}{mark}")
        rows.append(tuple(cells))
    values = tuple(
        (d.run, found.runs[0].id, d.name, d.difference, d.low, d.high, d.p, d.p_holm, "yes" if d.real else "no")
        for d in found.differences
    )
    header = ("run", "first", "metric", "difference", "low", "high", "p", "p holm", "real")
    title = Message("run-report.differences-to", first=numbered[0])
    return Table(
        "differences", title, (Message("run-report.figure"), *numbered[1:]), tuple(rows), values, header,
        notes=(Message("run-report.star"),),
    )  # fmt: skip


def _settings(found: Comparison, numbered: list[str]) -> Iterator[Block]:
    yield Heading(2, Message("run-report.settings-differ"))
    if not found.settings:
        yield paragraph(Message("run-report.settings-same"))
        return
    rows = []
    for row in found.settings:
        shown = (Message("run-report.automatic") if value is None else str(value) for value in row.values)
        cells = ("–" if value is NO_SETTING else text for value, text in zip(row.values, shown, strict=True))
        rows.append((row.name, row.title, *cells))
    header = (Message("run-report.setting"), Message("run-report.title"), *numbered)
    yield text_table("settings", "", header, rows)


def _changed(found: Comparison, numbered: list[str]) -> Iterator[Block]:
    if not found.changed:
        return
    rows = [
        (
            person.user_id,
            Message("run-report.of-ten", common=f"{person.common:.3g}"),
            person.title,
            *("–" if rank is None else f"{rank:,}" for rank in person.ranks),
        )
        for person in found.changed[:10]
    ]
    ranks = tuple(Message("run-report.rank-in", run=name) for name in numbered)
    header = (Message("run-report.person"), Message("run-report.in-common"), Message("run-report.held-out"), *ranks)
    yield Heading(2, Message("run-report.changed-lists"))
    yield text_table("changed", "", header, rows, range(3, 3 + len(numbered)))
