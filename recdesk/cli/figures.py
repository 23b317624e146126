"""Prints how good a run is and how runs compare; the same as JSON objects."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rich.table import Table

from recdesk.cli.console import Output
from recdesk.evaluation.figures import BEYOND, Figure, gain_of
from recdesk.evaluation.groups import SHOWN, Breakdown
from recdesk.evaluation.metrics import CUTOFFS
from recdesk.evaluation.persons import Person
from recdesk.evaluation.sampled import Sampled
from recdesk.evaluation.sentences import p_text
from recdesk.experiment.comparison import COMPARED, Comparison
from recdesk.experiment.comparison import SHOWN as SIDE_BY_SIDE
from recdesk.experiment.differing_settings import NO_SETTING
from recdesk.experiment.run_figures import HowGood

TITLES = {"ndcg": "NDCG", "recall": "Recall", "mrr": "MRR"}
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
PEOPLE = 5


class Footnotes:
    """Numbers notes in the order of their first use.

    Attributes:
        notes: so far.
    """

    def __init__(self) -> None:
        self.notes: dict[str, int] = {}

    def marks(self, notes: Iterable[str]) -> str:
        """The numbers of notes, raised, such as "¹ ²"; "" for none."""
        numbers = [str(self.notes.setdefault(note, len(self.notes) + 1)) for note in notes]
        return " ".join(numbers).translate(SUPERSCRIPT)

    def say(self, output: Output) -> None:
        """Print them."""
        for note, number in self.notes.items():
            output.say(f"{str(number).translate(SUPERSCRIPT)} {note}")


def cell(figure: Figure | None, footnotes: Footnotes | None = None) -> str:
    """A figure with its interval and the marks of its notes."""
    if figure is None:
        return "–"
    digits = 4 if abs(figure.value) < 10 else 1
    text, less = f"{figure.value:.{digits}f}", max(digits - 1, 1)
    if figure.low is not None and figure.high is not None:
        text += f" ({figure.low:.{less}f}–{figure.high:.{less}f})"
    return text + (footnotes.marks(figure.notes) if footnotes else "")


def say_how_good(output: Output, found: HowGood) -> None:
    """Figures with intervals and footnotes, groups of people, and who is served best and worst."""
    for sentence in found.sentences:
        output.say(sentence)
    footnotes = Footnotes()
    table = Table(f"on {found.part}", *TITLES.values(), box=None)
    for cutoff in CUTOFFS:
        table.add_row(f"@{cutoff}", *(cell(found.figures.get(f"{gain}@{cutoff}"), footnotes) for gain in TITLES))
    output.console.print(table)
    rest = Table("of the lists of ten", "", box=None)
    for name in BEYOND:
        if name in found.figures:
            by = f", by “{found.diversity_by}”" if name == "diversity@10" and found.diversity_by else ""
            rest.add_row(name + by, cell(found.figures[name], footnotes))
    output.console.print(rest)
    for breakdown in found.breakdowns:
        _say_breakdown(output, breakdown, footnotes)
    _say_people(output, "served best", found.best)
    _say_people(output, "served worst", found.worst)
    footnotes.say(output)
    if found.lacks:
        output.say(found.lacks)


def say_sampled(output: Output, drawn: Sampled | None) -> None:
    """Figures among random items, with what they are not."""
    if drawn is None:
        return
    table = Table(f"among {drawn.negatives:,} random items", *TITLES.values(), box=None)
    for cutoff in CUTOFFS:
        table.add_row(f"@{cutoff}", *(f"{drawn.figures[f'{gain}@{cutoff}']:.4f}" for gain in TITLES))
    output.console.print(table)
    output.say(drawn.sentence)


def _say_breakdown(output: Output, breakdown: Breakdown, footnotes: Footnotes) -> None:
    titles = (f"{TITLES[gain_of(name)[0]]}@{gain_of(name)[1]}" for name in SHOWN)
    table = Table(breakdown.title, "people", *titles, box=None)
    for group in breakdown.groups:
        table.add_row(group.label, f"{group.people:,}", *(cell(group.figures[name], footnotes) for name in SHOWN))
    output.console.print(table)


def _say_people(output: Output, title: str, people: Iterable[Person]) -> None:
    table = Table(title, "history", "held-out item", "its rank", box=None)
    shown = list(people)[:PEOPLE]
    for person in shown:
        table.add_row(person.user_id, f"{person.length:,}", person.title, f"{person.rank:,}")
    if shown:
        output.console.print(table)


def say_comparison(output: Output, found: Comparison) -> None:
    """Runs beside each other."""
    footnotes = Footnotes()
    numbered = {run.id: f"({number})" for number, run in enumerate(found.runs, 1)}
    for run in found.runs:
        output.say(f"{numbered[run.id]} {found.ids[run.id]}, “{run.dataset_title}”")
    table = Table(f"on {found.part}", *numbered.values(), box=None)
    for name in SIDE_BY_SIDE:
        if any(name in figures for figures in found.figures):
            table.add_row(name, *(cell(figures.get(name), footnotes) for figures in found.figures))
    output.console.print(table)
    if found.differences:
        differences = Table(f"difference to {numbered[found.runs[0].id]}", *list(numbered.values())[1:], box=None)
        for name in COMPARED:
            cells = []
            for run in found.runs[1:]:
                each = found.difference(run, name)
                assert each is not None
                mark = " *" if each.real else ""
                cells.append(
                    f"{each.difference:+.4f} ({each.low:+.4f} to {each.high:+.4f}), p {p_text(each.p_holm)}{mark}"
                )
            differences.add_row(name, *cells)
        output.console.print(differences)
        output.say("* more than chance (Holm, 5 %; of several seeds, over seeds too)")
    for sentence in found.sentences():
        output.say(sentence)
    settings = Table("setting that differs", *numbered.values(), box=None)
    for row in found.settings:
        settings.add_row(row.title, *map(setting_text, row.values))
    output.console.print(settings if found.settings else "All settings are the same.")
    people = Table("list changed most", "items in common", "held-out item", *(f"rank {n}" for n in numbered.values()),
                   box=None)  # fmt: skip
    for person in found.changed[:PEOPLE]:
        ranks = ("–" if rank is None else f"{rank:,}" for rank in person.ranks)
        people.add_row(person.user_id, f"{person.common:.1f} of 10", person.title, *ranks)
    if found.changed:
        output.console.print(people)
    footnotes.say(output)


def setting_text(value: Any) -> str:
    """A value of a setting; a dash where a run's model has no such setting."""
    return "–" if value is NO_SETTING else "automatic" if value is None else str(value)


def how_good_object(found: HowGood) -> dict[str, Any]:
    """The same as a JSON object."""
    return {
        "part": found.part,
        "figures": {name: figure_object(figure) for name, figure in found.figures.items()},
        "groups": [
            {
                "by": str(breakdown.title),
                "of": breakdown.kind,
                "overlapping": breakdown.overlapping,
                "groups": [
                    {"group": str(group.label), "people": group.people, "figures": _figures(group.figures)}
                    for group in breakdown.groups
                ],
            }
            for breakdown in found.breakdowns
        ],
        "best": [asdict(person) for person in found.best],
        "worst": [asdict(person) for person in found.worst],
        "diversity_by": found.diversity_by,
        "sentences": [str(sentence) for sentence in found.sentences],
        "lacks": str(found.lacks),
    }


def comparison_object(found: Comparison) -> dict[str, Any]:
    """The same as a JSON object."""
    return {
        "runs": [run.id for run in found.runs],
        "groups": {
            run.id: {"group": group.id, "runs": [member.id for member in group.finished]}
            for run, group in zip(found.runs, found.groups, strict=True)
            if group is not None
        },
        "part": found.part,
        "figures": {run.id: _figures(figures) for run, figures in zip(found.runs, found.figures, strict=True)},
        "differences": [{**asdict(each), "real": each.real} for each in found.differences],
        "settings": [
            {
                "setting": row.name,
                "values": {
                    run.id: value for run, value in zip(found.runs, row.values, strict=True) if value is not NO_SETTING
                },
            }
            for row in found.settings
        ],
        "changed": [asdict(person) for person in found.changed],
        "items_in_common": found.common,
        "people": found.people,
        "sentences": [str(sentence) for sentence in found.sentences()],
        "lacks": str(found.lacks),
    }


def _figures(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: figure_object(figure) for name, figure in figures.items()}


def figure_object(figure: Figure) -> dict[str, Any]:
    """A figure without its name."""
    values = asdict(figure)
    del values["name"]
    return {**values, "notes": [str(note) for note in figure.notes]}
