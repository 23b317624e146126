"""Moving a trained model over texts to another catalogue: what is taken over, and how the new run keeps it."""

from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor

from recdesk.data.dataset import Dataset
from recdesk.errors import UsageError
from recdesk.models.kept import MODEL_FILE
from recdesk.models.tensors import load_tensors, save_tensors
from recdesk.models.text_bert import TextBert, tuned_encoder
from recdesk.records import write_record
from recdesk.text.item_texts import PLACE, default_template
from recdesk.training.config import START_SIZES, TextConfig
from recdesk.training.text_stages import FORMAT, Places, Prepared, keep_encoder, load_side, read_facts


@dataclass(frozen=True)
class Start:
    """A run over texts that another one starts from.

    Attributes:
        run_id: its name.
        places: its folders.
        config: its settings.
    """

    run_id: str
    places: Places
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
                f"“{name}” is {wanted}, but the run {start.run_id} that this one starts from has {there}.",
                f"Set it to {there}, or start from nothing.",
            )


def take_over(start: Start, places: Places, dataset: Dataset, template: str) -> None:
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
    side = load_side(start.places)
    best = start.places.run / "checkpoints" / "best"
    facts = read_facts(start.places)
    columns = {str(name) for name in dataset.item_features.columns}
    known = set(PLACE.findall(side.template)) <= columns
    facts["template"] = template or (side.template if known else default_template(dataset))
    facts["own"] = bool(facts["own"] or tuned_encoder(best))
    facts["fingerprint"] = side.encoder.fingerprint
    if facts["own"]:
        facts.pop("parts", None)  # of the encoder that another folder has
        keep_encoder(side.encoder, places.encoder, {})
    arrays, _ = load_tensors(start.places.whitening)
    save_tensors(places.whitening, arrays, {"format": FORMAT})
    weights, about = load_tensors(best / MODEL_FILE)
    save_tensors(start_file(places), TextBert.of_no_item(weights), {"run": start.run_id, "kind": about.get("kind")})
    write_record(places.facts, facts)


def start_file(places: Places) -> Path:
    """Where a run keeps the weights that it started from."""
    return places.run / "start.safetensors"


def with_start(prepared: Prepared, places: Places) -> Prepared:
    """The same with the weights to start from.

    Raises:
        RecdeskError: they are missing or damaged.
    """
    weights: dict[str, Tensor] = load_tensors(start_file(places))[0]
    return replace(prepared, start=weights)
