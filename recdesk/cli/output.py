"""Formats what commands say of runs: text for people, a JSON object for programs."""

from collections.abc import Iterable
from typing import Any

from rich.table import Table

from recdesk.cli.console import Output
from recdesk.core.messages import Message
from recdesk.evaluation.measured import Measured
from recdesk.evaluation.sentences import comparison_sentences, found_sentence
from recdesk.training.config import TextConfig
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import Run

FIGURES = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1", "coverage@10")
STEP_FIGURES = ("ndcg@10", "recall@10")


def rows(count: int) -> str:
    """A number of rows, such as "1 row"."""
    return Message("count.rows", count=count)


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
        **({"cluster": run.cluster.address} if run.cluster is not None else {}),
    }
