"""Runs over texts: where their parts lie, and runs that start from another run's model."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from recdesk.errors import UsageError
from recdesk.training.config import RunConfig, TextConfig, config_from_dict
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.training.text_stages import Places
    from recdesk.training.transfer import Start


def text_places(run: Run) -> "Places":
    """Where a run's text side lies."""
    from recdesk.training.text_stages import Places

    workspace = run.folder.parent.parent
    shared = workspace / "studies" / run.study / "encoders" if run.study else None
    return Places(run.folder, workspace / "cache", workspace / "encoders", shared)


def start_of(runs: Path, config: TextConfig) -> "Start":
    """The run that another one starts from.

    Raises:
        UsageError: there is none, it has no model, reads no texts, or is of other sizes.
    """
    from recdesk.training.transfer import Start, check_sizes

    if not (runs / config.start_from / "run.json").exists():
        raise UsageError(
            f"There is no run “{config.start_from}” to start from any more.", "Choose another run, or none."
        )
    run = Run(runs / config.start_from)
    start = Start(run.id, text_places(run), start_settings(run))
    check_sizes(config, start)
    return start


def start_settings(run: Run) -> TextConfig:
    """Settings of a run that another one can start from.

    Raises:
        UsageError: it cannot: it knows items by their ids, or has no model yet.
    """
    config = run.config
    if not isinstance(config, TextConfig):
        raise UsageError(
            f"Run {run.id} is a {run.kind} one; only text-bert and hybrid can move to another catalogue.",
            "Choose a run of one of these.",
        )
    if config.output == "linear":
        raise UsageError(
            f"Run {run.id} scores items by a layer of its own, which cannot move to another catalogue.",
            "Choose a run whose items are scored by their vectors.",
        )
    run.require_model()
    return config


def settings_from(run: Run, **values: Any) -> RunConfig:
    """Settings for a run that starts from another: its own, without its limits, and what is given.

    Raises:
        UsageError: the other cannot be started from, or a value is out of range.
    """
    start_settings(run)
    there = run.config.model_dump(exclude={"epochs", "minutes", "template", "start_from"})
    config = config_from_dict({**there, "start_from": run.id, **values})
    assert isinstance(config, TextConfig)
    start_of(run.folder.parent, config)
    return config
