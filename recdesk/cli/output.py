"""Formats the results of commands: text for people, a JSON object for programs."""

import itertools
from collections.abc import Iterable
from typing import Any

from rich.table import Table

from recdesk.cli.console import Output
from recdesk.core.messages import Message
from recdesk.data.cleaning.engine import Forecast
from recdesk.data.cleaning.rules import moment_text
from recdesk.data.health import Health
from recdesk.data.importing import ImportResult
from recdesk.evaluation.measured import Measured
from recdesk.evaluation.sentences import comparison_sentences, found_sentence
from recdesk.training.config import TextConfig
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import Run

FIGURES = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1", "coverage@10")
OF_USERS = ("users_without_features", "features_without_users")
"""Counts of users in an import report."""
STEP_FIGURES = ("ndcg@10", "recall@10")


def say_report(output: Output, name: str, result: ImportResult) -> None:
    """What an import read, dropped and rejected."""
    data, report = result.dataset, result.dataset.report
    output.say(f"“{name}”: {_sizes(data.n_users, data.n_items, data.n_interactions)}.")
    for reason, count in report["rejected"].items():
        output.say(f"  {rows(count)} rejected: {reason}")
    for rule, count in report["dropped"].items():
        output.say(f"  {rows(count)} dropped: {rule}")
    for note in report["notes"]:
        output.say(f"  {note}")
    say_users(output, list(map(str, data.user_features.columns)), report)


def say_problems(output: Output, result: ImportResult) -> None:
    """Likely problems of what was imported."""
    for problem in result.health.problems if result.health else ():
        output.say(f"! {problem}")


def say_users(output: Output, features: list[str], report: dict[str, Any]) -> None:
    """Features of users that are kept, and counts of users without features or without interactions."""
    if not features:
        return
    output.say(f"  kept of users (models do not read it): {', '.join(features)}")
    if count := report["users_without_features"]:
        output.say(f"  {Message('report.users-without-features', count=count)}")
    if count := report["features_without_users"]:
        output.say(f"  {Message('report.features-without-users', count=count)}")


def rows(count: int) -> str:
    """A number of rows, such as "1 row"."""
    return Message("count.rows", count=count)


def _sizes(users: int, items: int, interactions: int) -> str:
    counts = (
        Message("count.users", count=users),
        Message("count.items", count=items),
        Message("count.interactions", count=interactions),
    )
    return ", ".join(counts)


def say_forecast(output: Output, forecast: Forecast, rejected: dict[str, int]) -> None:
    """Usable rows, what each rule would remove, and what is left."""
    output.say(f"{rows(forecast.read)} read, {forecast.read - forecast.rejected:,} can be used.")
    for reason, count in rejected.items():
        output.say(f"  {rows(count)} rejected: {reason}")
    table = Table("rule", "rows", "users", "items", box=None)
    for effect in forecast.effects:
        table.add_row(
            effect.rule, *(f"-{count:,}" if count else "0" for count in (effect.rows, effect.users, effect.items))
        )
    table.add_row("left", f"{forecast.rows:,}", f"{forecast.users:,}", f"{forecast.items:,}")
    output.console.print(table)


def say_health(output: Output, name: str, found: Health) -> None:
    """Statistics of a dataset and likely problems."""
    output.say(f"“{name}”: {_sizes(found.users, found.items, found.interactions)}.")
    output.say(f"density {found.density:.3%}, Gini of the items' popularity {found.gini:.2f}")
    output.say(f"interactions of a user: median {found.median_length:g}, at most {found.longest:,}")
    table = Table("interactions of a user", "users", "", box=None)
    ends = [*(begin - 1 for begin in found.lengths["from"][1:]), found.longest]
    bars = zip(found.lengths["from"], ends, found.lengths["users"], strict=True)
    for begin, end, users in itertools.dropwhile(lambda bar: not bar[2], bars):
        bar = "█" * round(30 * users / max(found.lengths["users"]))
        table.add_row(f"{begin:,}" if begin >= end else f"{begin:,}–{end:,}", f"{users:,}", bar)
    output.console.print(table)
    for share in (0.01, 0.1, 0.5):
        made = found.tail["interactions"][round(share * (len(found.tail["items"]) - 1))]
        output.say(f"the most popular {share:.0%} of the items make {made:.0%} of the interactions")
    if found.tied is not None:
        output.say(f"{found.tied:.1%} of the interactions share their second with another one of the same user")
    if found.over_time is not None:
        first, last = (moment_text(found.over_time["from"][at]) for at in (0, -1))
        output.say(f"from {first} to the {found.over_time['unit']} of {last}")
    if known := found.users - found.users_without_features:
        output.say(f"users with features: {known:,} of {found.users:,}")
    for problem in found.problems:
        output.say(f"! {problem}")
    if not found.problems:
        output.say("Nothing looks wrong.")


def say_figures(
    output: Output, run: Run, metrics: dict[str, dict[str, float]], measured: Measured | None = None
) -> None:
    """Metrics of a run beside its baselines; `measured` counts the users of newly computed metrics."""
    part = "test" if "test" in metrics else "validation"
    if part not in metrics:
        return
    table = Table(f"on {part}", *FIGURES, box=None)
    shown = {run.kind: metrics[part], **{name: values.get(part, {}) for name, values in run.baselines.items()}}
    for name, figures in shown.items():
        table.add_row(name, *(f"{figures[key]:.4f}" if key in figures else "–" for key in FIGURES))
    output.console.print(table)
    output.say(found_sentence(metrics[part]))
    counted = measured or run.measured
    for sentence in counted.sentences if counted else ():
        output.say(sentence)
    if not measured and (counted is None or counted.comparable):  # newly computed metrics have no comparisons
        for sentence in comparison_sentences(run.comparisons):
            output.say(sentence)
    if run.ceiling is not None:
        train_accuracy = metrics.get("train", {}).get("accuracy@1", 0.0)
        output.say(
            f"accuracy@1: {metrics[part]['accuracy@1']:.1%} on {part}, {train_accuracy:.1%} on training data; "
            f"who knows the rule behind this data reaches {run.ceiling:.1%} in the mean."
        )
    if run.synthetic:
        output.say(run.synthetic)


def say_steps(output: Output, run: Run) -> None:
    """Time and metrics of each step of the text method; nothing for a model over ids."""
    config, method = run.config, curves_of(run).method
    if not isinstance(config, TextConfig) or not method.applies:
        return
    table = Table("step", "seconds", "NDCG@10 on validation", "Recall@10", box=None)
    for number, step in enumerate(method.shown(config.skipped), 1):
        figures = [[f"{side[key]:.4f}" for side in (step.before, step.after) if key in side] for key in STEP_FIGURES]
        time = step.state if step.seconds is None else f"{step.seconds:.1f}"
        table.add_row(f"{number} {step.name}", time, *(" → ".join(known) or "–" for known in figures))
    output.console.print(table)


def say_damages(output: Output, sentences: Iterable[str]) -> dict[str, list[str]]:
    """Print what is damaged and left out on stderr; returns the same for the JSON object, {} for nothing."""
    given = list(sentences)
    for sentence in given:
        output.warn(sentence)
    return {"damaged": given} if given else {}


def people_of(run: Run) -> str:
    """Number of users that a run's metrics are computed on, such as "6 of 306"."""
    counted = run.measured
    return f"{counted.measured:,} of {counted.people:,}" if counted and run.metrics else "–"


def run_object(run: Run, metrics: dict[str, dict[str, float]], measured: Measured | None = None) -> dict[str, Any]:
    """A run as a JSON object; see `say_figures`."""
    counted = measured or run.measured
    return {
        "run": run.id,
        "state": run.state,
        "seconds": run.seconds,
        "metrics": metrics,
        "baselines": run.baselines,
        "comparisons": run.comparisons,
        "measured": counted.to_dict() if counted else None,
        "caveats": counted.sentences if counted else [],
        "protocol": run.protocol,
        "ceiling": run.ceiling,
    }
