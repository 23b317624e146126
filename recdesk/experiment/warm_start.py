"""Warm starts of text models: checking the other run, and copying what the new run needs of it."""

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
    """A text run that another run starts from.

    Attributes:
        run_id: its id.
        text_paths: its folders.
        config: its settings.
    """

    run_id: str
    text_paths: TextPaths
    config: TextConfig


def check_sizes(config: TextConfig, start: Start) -> None:
    """Check that a run can start from another one.

    Raises:
        UsageError: a size differs.
    """
    for name in START_SIZES:
        ours, theirs = getattr(config, name), getattr(start.config, name)
        if ours != theirs:
            raise UsageError(
                Message("run.start-setting-differs", name=name, value=ours, run=start.run_id, start_value=theirs),
                Message("run.match-start-setting", start_value=theirs),
            )


def text_paths_of(run: Run) -> TextPaths:
    """Paths of a run's text encoder and text vectors."""
    workspace = run.workspace
    shared = workspace / "studies" / run.study / "encoders" if run.study else None
    return TextPaths(run.folder, workspace / "cache", workspace / "encoders", shared)


def start_of(runs: Path, config: TextConfig) -> Start:
    """The run that `config.start_from` names, checked.

    Args:
        runs: folder of all runs.
        config: settings of the new run.

    Raises:
        UsageError: there is no such run, it has no model, is no text model, or has other sizes.
    """
    if not (runs / config.start_from / "run.json").exists():
        raise UsageError(Message("run.no-start-run", run=config.start_from), Message("run.choose-start-or-none"))
    run = Run.read(runs / config.start_from)
    start = Start(run.id, text_paths_of(run), start_settings(run))
    check_sizes(config, start)
    return start


def start_settings(run: Run) -> TextConfig:
    """Settings of a run, checked that another run can start from it.

    Raises:
        UsageError: it has no model yet, or its weights depend on the items: a model over ids, or a linear output layer.
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
    """Settings for a new run that starts from `run`: those of `run` without its epochs, time limit and item text, and
    the given values.

    Raises:
        UsageError: no run can start from `run`, or a value is out of range.
    """
    start_settings(run)
    settings = run.config.model_dump(exclude={"epochs", "minutes", "template", "start_from"})
    config = config_from_dict({**settings, "start_from": run.id, **values})
    assert isinstance(config, TextConfig)
    start_of(run.folder.parent, config)
    return config


def copy_start(start: Start, text_paths: TextPaths, dataset: Dataset, template: str) -> None:
    """Copy what a new run needs of the run that it starts from: the encoder (if that run trained it), the whitening,
    and the weights that do not depend on the items. The new run is then independent of the other one.

    Args:
        start: the other run.
        text_paths: of the new run; `facts` is written last, so that it marks the copy as complete.
        dataset: of the new run.
        template: item text of the new run; "" for the other run's, if these items have its columns.

    Raises:
        RecdeskError: the other run is damaged, its encoder is missing, or the disk is full.
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
        facts.pop("parts", None)  # checksums of an encoder outside of the run's folder
        keep_encoder(side.encoder, text_paths.encoder, {})
    arrays, _ = load_tensors(start.text_paths.whitening)
    save_tensors(text_paths.whitening, arrays, {"format": FORMAT})
    weights, about = load_tensors(best / MODEL_FILE)
    save_tensors(start_file(text_paths), TextBert.of_no_item(weights), {"run": start.run_id, "kind": about.get("kind")})
    write_record(text_paths.facts, facts)


def start_file(text_paths: TextPaths) -> Path:
    """Path of the weights that a run started from."""
    return text_paths.run / "start.safetensors"


def with_start(prepared: "Prepared", text_paths: TextPaths) -> "Prepared":
    """`prepared` with the weights to start from.

    Raises:
        RecdeskError: the weights are missing or damaged.
    """
    from recdesk.core.tensors import load_tensors

    weights = load_tensors(start_file(text_paths))[0]
    return replace(prepared, start=weights)
