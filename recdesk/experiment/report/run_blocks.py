"""Blocks on one run: data, protocol, figures, groups, people, settings, methods, the command that makes it again."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message, word
from recdesk.core.records import read_object
from recdesk.data.health import Health
from recdesk.data.store import load_health
from recdesk.evaluation.figures import BEYOND, Figure
from recdesk.evaluation.groups import SHOWN, Breakdown
from recdesk.evaluation.metrics import CUTOFFS
from recdesk.evaluation.persons import Person
from recdesk.evaluation.sentences import p_text, verdict
from recdesk.experiment.report.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    IntervalPlot,
    Line,
    LinePlot,
    Notes,
    Paragraph,
    Table,
    paragraph,
    text_table,
)
from recdesk.experiment.run_figures import HowGood
from recdesk.monitor.curves import RunCurves
from recdesk.training.config import KINDS, make_config
from recdesk.workspace.dataset_versions import folder_of_version
from recdesk.workspace.run_groups import RunGroup
from recdesk.workspace.runs import Run

GAINS = {"ndcg": "NDCG", "recall": "Recall", "mrr": "MRR"}
BASELINE_FIGURES = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1", "coverage@10")
EXAMPLES = 5
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NAMES: Mapping[str, str] = {
    "coverage@10": Message("run-report.coverage"),
    "gini@10": Message("run-report.gini"),
    "novelty@10": Message("run-report.novelty"),
    "popularity@10": Message("run-report.popularity"),
    "popularity lift@10": Message("run-report.popularity-bias"),
    "diversity@10": Message("run-report.diversity"),
    "calibration@10": Message("run-report.calibration"),
    "future@10": Message("run-report.future"),
    "debiased ndcg@10": Message("run-report.debiased"),
}
MEANINGS: Mapping[str, str] = {
    "coverage@10": Message("run-report.coverage-means"),
    "gini@10": Message("run-report.gini-means"),
    "novelty@10": Message("run-report.novelty-means"),
    "popularity@10": Message("run-report.popularity-means"),
    "popularity lift@10": Message("run-report.popularity-bias-means"),
    "diversity@10": Message("run-report.diversity-means"),
    "calibration@10": Message("run-report.calibration-means"),
    "future@10": Message("run-report.future-means"),
    "debiased ndcg@10": Message("run-report.debiased-means"),
}
SPLITS: Mapping[str, str] = {
    "leave-one-out": Message("run-report.split-leave-one-out"),
    "time": Message("run-report.split-time"),
    "validation-only": Message("run-report.split-validation-only"),
    "new-items": Message("run-report.split-new-items"),
}
METHODS = (
    Message("run-report.method-ranking"),
    Message("run-report.method-ndcg"),
    Message("run-report.method-intervals"),
    Message("run-report.method-tests"),
    Message("run-report.method-baselines"),
    Message("run-report.method-lists"),
    Message("run-report.method-beyond"),
)
MODELS: Mapping[str, str] = {
    "bert-causal": Message("run-report.model-causal"),
    "bert4rec": Message("run-report.model-bert4rec"),
    "text-bert": Message("run-report.model-text"),
    "hybrid": Message("run-report.model-hybrid"),
}


class Footnotes:
    """Numbers notes in the order of their first use."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def marks(self, notes: Iterable[str]) -> str:
        """The numbers of notes, raised; "" for none."""
        numbers = [str(self._numbers.setdefault(note, len(self._numbers) + 1)) for note in notes]
        return " ".join(numbers).translate(_RAISED)

    def block(self) -> list[Block]:
        """The notes with their numbers; nothing for none."""
        notes = [Message("run-report.footnote", number=str(n).translate(_RAISED), note=note)
                 for note, n in self._numbers.items()]  # fmt: skip
        return [Notes(tuple(notes))] if notes else []


def name_of(name: str) -> str:
    """What a metric is called."""
    if name in NAMES:
        return NAMES[name]
    gain, _, cutoff = name.partition("@")
    return f"{GAINS.get(gain, gain.capitalize())}@{cutoff}"


def figure_cell(figure: Figure | None, footnotes: Footnotes) -> str:
    """A figure with its interval and the numbers of its footnotes."""
    if figure is None:
        return "–"
    digits = 4 if abs(figure.value) < 10 else 1
    text = f"{figure.value:.{digits}f}"
    if figure.low is not None and figure.high is not None:
        text += f" ({figure.low:.{digits}f}–{figure.high:.{digits}f})"
    return text + footnotes.marks(figure.notes)


def data_blocks(run: Run) -> Iterator[Block]:
    """The data and its health."""
    yield Heading(2, Message("run-report.data"))
    known = Message("run-report.dataset", name=run.dataset_title, hash=run.dataset_hash[:16])
    yield paragraph(known, run.synthetic)
    try:
        health: Health = load_health(folder_of_version(run.workspace, run.dataset_name, run.dataset_hash))
    except (RecdeskError, OSError) as error:
        yield paragraph(Message("run-report.data-gone", reason=getattr(error, "sentence", str(error))))
        return
    rows = [
        (Message("run-report.people"), f"{health.users:,}"),
        (Message("run-report.items"), f"{health.items:,}"),
        (Message("run-report.interactions"), f"{health.interactions:,}"),
        (Message("run-report.density"), f"{health.density:.3%}"),
        (Message("run-report.median-length"), f"{health.median_length:g}"),
        (Message("run-report.longest"), f"{health.longest:,}"),
        (Message("run-report.item-gini"), f"{health.gini:.2f}"),
    ]
    if health.tied is not None:
        rows.append((Message("run-report.tied"), f"{health.tied:.1%}"))
    header = (Message("run-report.figure"), Message("run-report.value"))
    yield text_table("data", "", header, rows, [1])
    if health.problems:
        yield Paragraph((Message("run-report.problems"),))
        yield Bullets(tuple(health.problems))


def protocol_blocks(run: Run) -> Iterator[Block]:
    """How it was measured, and what the split leaks."""
    yield Heading(2, Message("run-report.protocol"))
    yield paragraph(
        SPLITS[run.split],
        Message("run-report.ranked", ties=word(str(run.protocol.get("ties", "–")))),
        Message("run-report.protocol-hash", hash=str(run.protocol.get("hash", "–"))),
    )
    leaks = run.notes.get("leakage", {})
    points: list[str] = []
    if leaks:
        tested, without = int(leaks["users_tested"]), int(leaks["users_without_target"])
        points.append(Message("run-report.measured", tested=tested, without=without))
    if run.protocol.get("moment") == "known":
        points.append(Message("figures.note-moment"))
    if leaks.get("test_before_newest_training") is not None:
        points.append(Message("figures.note-leakage", share=100 * leaks["test_before_newest_training"]))
        points.append(Message("run-report.tied-neighbours", share=100 * leaks["tied_timestamps"]))
    if leaks.get("repeats"):
        points.append(Message("run-report.repeats", share=100 * leaks["repeats"]))
    if leaks.get("unseen_targets"):
        points.append(Message("run-report.unseen", share=100 * leaks["unseen_targets"]))
    points += run.measured.sentences if run.measured else []
    points += run.notes.get("warnings", [])
    if points:
        yield Bullets(tuple(dict.fromkeys(points)))


def figure_blocks(found: HowGood) -> Iterator[Block]:
    """Figures with intervals and footnotes, beside the baselines."""
    footnotes = Footnotes()
    yield Heading(2, Message("run-report.figures"))
    if found.lacks:
        yield paragraph(found.lacks)
    title = Message("run-report.on-test") if found.part == "test" else Message("run-report.on-validation")
    rows = tuple(
        (f"@{cutoff}", *(figure_cell(found.figures.get(f"{gain}@{cutoff}"), footnotes) for gain in GAINS))
        for cutoff in CUTOFFS
    )
    values = tuple(
        (each.name, each.value, _or_empty(each.low), _or_empty(each.high), each.people)
        for each in found.figures.values()
    )
    header = (Message("run-report.first"), *GAINS.values())
    named = ("metric", "value", "low", "high", "people")
    yield Table("figures", title, header, rows, values, named, frozenset((1, 2, 3)))
    lists = [name for name in BEYOND if name in found.figures]
    by = Message("run-report.diversity-by", feature=found.diversity_by) if found.diversity_by else ""
    yield Table(
        "lists",
        Message("run-report.lists-of-ten"),
        (Message("run-report.figure"), Message("run-report.value"), Message("run-report.meaning")),
        tuple((NAMES[name], figure_cell(found.figures[name], footnotes), MEANINGS[name]) for name in lists),
        numeric=frozenset((1,)),
        notes=(by,) if by else (),
    )
    yield from footnotes.block()
    yield from _baselines(found)


def _or_empty(value: float | None) -> float | str:
    return "" if value is None else value


def _baselines(found: HowGood) -> Iterator[Block]:
    run = found.run
    if not run.baselines:
        return
    each = {run.kind: run.metrics[found.part]} | {
        word(name): parts.get(found.part, {}) for name, parts in run.baselines.items()
    }
    rows = [
        (name, *(f"{figures[key]:.4f}" if key in figures else "–" for key in BASELINE_FIGURES))
        for name, figures in each.items()
    ]
    header = (Message("run-report.model"), *(name_of(key) for key in BASELINE_FIGURES))
    yield text_table("baselines", Message("run-report.beside-baselines"), header, rows, range(1, 6))
    compared = []
    for name, result in run.comparisons.items():
        said = {1: Message("run-report.better"), -1: Message("run-report.worse"), 0: Message("run-report.unclear")}
        p = p_text(result["p holm"]).removeprefix("= ") if "p holm" in result else "–"
        interval = f"{result['low']:+.4f} … {result['high']:+.4f}"
        compared.append((word(name), f"{result['difference']:+.4f}", interval, p, said[verdict(result)]))
    if compared:
        titles = (
            Message("run-report.baseline"), Message("run-report.difference"), Message("run-report.interval"),
            Message("run-report.p-holm"), Message("run-report.verdict"),
        )  # fmt: skip
        yield text_table("comparisons", Message("run-report.differences"), titles, compared, (1, 2, 3))


def group_blocks(found: HowGood) -> Iterator[Block]:
    """Figures by groups of people: a table and a plot of each breakdown."""
    if not found.breakdowns:
        return
    yield Heading(2, Message("run-report.for-whom"))
    yield paragraph(Message("run-report.each-by-itself"))
    for number, breakdown in enumerate(found.breakdowns, 1):
        yield from _breakdown(number, breakdown)


def _breakdown(number: int, breakdown: Breakdown) -> Iterator[Block]:
    footnotes = Footnotes()
    rows = tuple(
        (group.label, f"{group.people:,}", *(figure_cell(group.figures[name], footnotes) for name in SHOWN))
        for group in breakdown.groups
    )
    header = (Message("run-report.group"), Message("run-report.people"), *map(name_of, SHOWN))
    notes = (Message("run-report.overlapping"),) if breakdown.overlapping else ()
    yield Heading(3, breakdown.title)
    yield Table(f"groups-{number}", "", header, rows, numeric=frozenset((1, 2, 3)), notes=notes)
    yield from footnotes.block()
    points = [(group.label, group.figures["ndcg@10"]) for group in breakdown.groups]
    plotted = tuple((label, f.value, f.low or 0.0, f.high or 0.0) for label, f in points)
    yield IntervalPlot(f"groups-{number}-plot", breakdown.title, Message("run-report.ndcg-interval"), plotted)


def people_blocks(found: HowGood) -> Iterator[Block]:
    """Examples of people served best and worst."""
    if not found.best and not found.worst:
        return
    yield Heading(2, Message("run-report.examples"))
    for name, title, people in (
        ("best", Message("run-report.served-best"), found.best),
        ("worst", Message("run-report.served-worst"), found.worst),
    ):
        yield _people(name, title, people[:EXAMPLES])


def _people(name: str, title: str, people: tuple[Person, ...]) -> Table:
    header = (
        Message("run-report.person"), Message("run-report.history"), Message("run-report.latest"),
        Message("run-report.held-out"), Message("run-report.rank"), Message("run-report.list"),
    )  # fmt: skip
    rows = [
        (
            person.user_id, f"{person.length:,}", "; ".join(person.latest), person.title, f"{person.rank:,}",
            "; ".join(person.list_titles[:5]),
        )
        for person in people
    ]  # fmt: skip
    return text_table(name, title, header, rows, (1, 4))


def curve_blocks(named: Mapping[str, RunCurves], key: str = "curves") -> Iterator[Block]:
    """NDCG@10 on validation and the loss by step, runs over each other."""
    lines, losses = [], []
    for name, curves in named.items():
        series, loss = curves.metrics["ndcg@10"], curves.train_loss
        lines.append(Line(name, tuple(series.x.tolist()), tuple(series.y.tolist())))
        x, y = loss.window(0, float("inf"), 200)
        losses.append(Line(name, tuple(x.tolist()), tuple(y.tolist())))
    if not any(line.x for line in (*lines, *losses)):
        return
    first = next(iter(named.values()))
    references = tuple((word(name), value) for name, value in first.references("ndcg@10"))
    yield Heading(2, Message("run-report.curves"))
    step = Message("run-report.step")
    yield LinePlot(key, Message("run-report.ndcg-curve"), step, "NDCG@10", tuple(lines), references)
    yield LinePlot(
        f"{key}-loss", Message("run-report.loss-curve"), step, Message("run-report.loss"), tuple(losses), (), False
    )


def setting_blocks(run: Run) -> Iterator[Block]:
    """Every setting, marked where it is not the usual one, and what was chosen automatically."""
    yield Heading(2, Message("run-report.settings"))
    usual, fields = make_config(run.kind), KINDS[run.kind].model_fields
    rows: list[tuple[str, ...]] = [("kind", Message("run-report.model"), run.kind, "")]
    for name, value in run.config.model_dump().items():
        if name == "kind":
            continue
        shown = Message("run-report.automatic") if value is None else str(value)
        differs = value != getattr(usual, name)
        rows.append((name, fields[name].title or name, shown, Message("run-report.changed") if differs else ""))
    header = (
        Message("run-report.setting"), Message("run-report.title"), Message("run-report.value"), "",
    )  # fmt: skip
    yield text_table("settings", "", header, rows)
    environment = _environment(run)
    plan = environment.pop("plan", None)
    if isinstance(plan, dict):
        rows_of_plan = [(name, _plain(value)) for name, value in plan.items()]
        titles = (Message("run-report.setting"), Message("run-report.value"))
        yield text_table("automatic", Message("run-report.chosen-automatically"), titles, rows_of_plan)
    if environment:
        versions = ", ".join(f"{name} {value}" for name, value in environment.items())
        yield paragraph(Message("run-report.environment", versions=versions))


def _environment(run: Run) -> dict[str, Any]:
    try:
        return read_object(run.folder / "environment.json")
    except RecdeskError:
        return {}


def _plain(value: Any) -> str:
    return ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)


def method_blocks(kinds: Iterable[str], seeds: bool = False) -> Iterator[Block]:
    """The methods in words, with references; `seeds`: those for several seeds too."""
    yield Heading(2, Message("run-report.methods"))
    models = [MODELS[kind] for kind in dict.fromkeys(kinds) if kind in MODELS]
    yield Bullets((*models, *METHODS, *((Message("run-report.method-seeds"),) if seeds else ())))


def command_blocks(runs: Iterable[Run | RunGroup]) -> Iterator[Block]:
    """The commands that make runs again."""
    yield Heading(2, Message("run-report.again"))
    yield paragraph(Message("run-report.again-means"))
    yield Code("\n".join(command_of(run) for run in runs))


def command_of(entry: Run | RunGroup) -> str:
    """The command that trains a run again, or those of a group: the dataset, and every setting that is not the usual
    one."""
    run = entry.first if isinstance(entry, RunGroup) else entry
    usual = make_config(run.kind)
    values = {
        name: value
        for name, value in run.config.model_dump().items()
        if name != "kind" and value != getattr(usual, name) and value is not None
    }
    settings = [part for name, value in values.items() for part in ("--set", f"{name}={_written(value)}")]
    words = ["recdesk", "train", run.dataset_name, "--model", run.kind, "--split", run.split, *settings]
    words += ["--repeat", str(entry.size)] if isinstance(entry, RunGroup) else []
    return shlex.join(words)


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
