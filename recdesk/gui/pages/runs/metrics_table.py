"""All metrics of runs as a table, for a CSV."""

from collections.abc import Sequence

from recdesk.evaluation.measured import Measured
from recdesk.workspace.runs import Run


def metrics_table(runs: Sequence[Run]) -> tuple[list[str], list[list[object]]]:
    """All metrics of runs and their baselines: a row for each run, model and part."""
    names: dict[str, None] = {}
    entries: list[tuple[Run, str, str, dict[str, float]]] = []
    for run in runs:
        for model, parts in {run.kind: run.metrics, **run.baselines}.items():
            for part, figures in parts.items():
                names |= dict.fromkeys(figures)
                entries.append((run, model, part, figures))
    header = ["run", "group", "seed", "dataset", "protocol", "state", "model", "part", *names, "caveats"]
    rows: list[list[object]] = [
        [
            run.id,
            run.group,
            run.config.seed,
            run.dataset_title,
            run.protocol.get("hash", ""),
            run.state,
            model,
            part,
            *(f.get(n, "") for n in names),
            " ".join(counted.sentences) if (counted := Measured.read(run.notes, part)) else "",
        ]
        for run, model, part, f in entries
    ]
    return header, rows
