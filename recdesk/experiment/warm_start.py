"""Runs over texts that start from another run's model: what is taken over, and how the new run keeps it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.records import write_record
from recdesk.data.dataset import Dataset
from recdesk.text.item_texts import FIELD, default_template
from recdesk.text.text_paths import TextPaths
from recdesk.training.config import START_SIZES, RunConfig, TextConfig, config_from_dict
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.training.text_stages import Prepared


@dataclass(frozen=True)
class Start:
    """A run over texts that another one starts from.

    Attributes:
        run_id: its name.
        places: its folders.
        config: its settings.
    """

    run_id: str
    text_paths: TextPaths
    config: TextConfig


def check_sizes(config: TextConfig, start: Start) -> None:
    """Raise if a run cannot start from another.

    Raises:
        UsageError: a size differs; says which.
    """
    for name in START_SIZES:
        wanted, there = getattr(config, name), getattr(start.config, name)
        if wanted != there:
            raise UsageError(
                Message("run.start-setting-differs", name=name, value=wanted, run=start.run_id, start_value=there),
                Message("run.match-start-setting", start_value=there),
            )


def text_places(run: Run) -> TextPaths:
    """Where a run's text side lies."""
    workspace = run.workspace
    shared = workspace / "studies" / run.study / "encoders" if run.study else None
    return TextPaths(run.folder, workspace / "cache", workspace / "encoders", shared)


def start_of(runs: Path, config: TextConfig) -> Start:
    """The run that another one starts from.

    Raises:
        UsageError: there is none, it has no model, reads no texts, or is of other sizes.
    """
    if not (runs / config.start_from / "run.json").exists():
        raise UsageError(Message("run.no-start-run", run=config.start_from), Message("run.choose-start-or-none"))
    run = Run.read(runs / config.start_from)
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
            Message("run.start-kind-unmovable", run=run.id, kind=run.kind),
            Message("run.choose-movable-kind"),
        )
    if config.output == "linear":
        raise UsageError(
            Message("run.start-layer-unmovable", run=run.id),
            Message("run.choose-vector-scoring"),
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


def copy_start(start: Start, text_paths: TextPaths, dataset: Dataset, template: str) -> None:
    """Copy what a run needs of the one it starts from into its own folder, which then needs the other no more: the
    encoder (if it was trained there), the whitening, the weights that belong to no item.

    Args:
        start: the other run.
        places: of the new one; `facts` is written last.
        dataset: of the new one.
        template: what its items' texts are; "" takes the other's, if these items have its columns.

    Raises:
        RecdeskError: the other run is damaged or its encoder gone; the disk is full.
    """
    from recdesk.core.tensors import MODEL_FILE, load_tensors, save_tensors
    from recdesk.models.text_bert import TextBert
    from recdesk.text.text_side import FORMAT, load_side, read_facts, tuned_encoder
    from recdesk.training.text_stages import keep_encoder

    side = load_side(start.text_paths)
    best = start.text_paths.run / "checkpoints" / "best"
    facts = read_facts(start.text_paths)
    columns = {str(name) for name in dataset.item_features.columns}
    known = set(FIELD.findall(side.template)) <= columns
    facts["template"] = template or (side.template if known else default_template(dataset))
    facts["own"] = bool(facts["own"] or tuned_encoder(best))
    facts["fingerprint"] = side.encoder.fingerprint
    if facts["own"]:
        facts.pop("parts", None)  # of the encoder that another folder has
        keep_encoder(side.encoder, text_paths.encoder, {})
    arrays, _ = load_tensors(start.text_paths.whitening)
    save_tensors(text_paths.whitening, arrays, {"format": FORMAT})
    weights, about = load_tensors(best / MODEL_FILE)
    save_tensors(start_file(text_paths), TextBert.of_no_item(weights), {"run": start.run_id, "kind": about.get("kind")})
    write_record(text_paths.facts, facts)


def start_file(text_paths: TextPaths) -> Path:
    """Where a run keeps the weights that it started from."""
    return text_paths.run / "start.safetensors"


def with_start(prepared: "Prepared", text_paths: TextPaths) -> "Prepared":
    """The same with the weights to start from.

    Raises:
        RecdeskError: they are missing or damaged.
    """
    from recdesk.core.tensors import load_tensors

    weights = load_tensors(start_file(text_paths))[0]
    return replace(prepared, start=weights)
