"""Settings of a run: one declaration from which the form, the command line options and the validation come."""

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.monitor.five_steps import SKIPPING, will_skip

BASIC: dict[str, Any] = {"advanced": False}
ADVANCED: dict[str, Any] = {"advanced": True}
WIDTH = 64
"""Default vector size."""
WIDE_ABOVE = 20_000
"""Catalogue size above which vectors of twice that size rank better: see `plan.choose_hidden`."""


class HistoryConfig(BaseModel):
    """How much of a user's history is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, defer_build=True)

    kind: Any

    max_length: int = Field(
        200, ge=2, le=2000, title="History length", json_schema_extra=BASIC,
        description="How many of a person's latest items the model reads. Longer sees more and takes more time.",
    )  # fmt: skip


class BackboneConfig(HistoryConfig):
    """Sizes of the BERT over histories, and its loss."""

    hidden: int | None = Field(
        None, ge=8, le=1024, multiple_of=2, title="Vector size", json_schema_extra={**BASIC, "automatic": True},
        description="Numbers in an item's vector. Larger can hold more and takes more time and memory. Automatic: "
        f"{WIDTH}, or {2 * WIDTH} for more than {WIDE_ABOVE:,} items.",
    )  # fmt: skip
    layers: int = Field(
        2,
        ge=1,
        le=24,
        title="Layers",
        json_schema_extra=ADVANCED,
        description="Attention layers stacked on each other.",
    )
    heads: int = Field(
        2, ge=1, le=16, title="Heads", json_schema_extra=ADVANCED,
        description="Parallel attentions in a layer. The vector size must be divisible by it.",
    )  # fmt: skip
    loss: Literal["softmax", "gbce"] = Field(
        "softmax", title="Loss", json_schema_extra=ADVANCED,
        description="What is learned: the softmax over the items, or generalised binary cross-entropy against "
        "negatives (gSASRec).",
    )  # fmt: skip
    negatives: int = Field(
        0, ge=0, le=100_000, title="Negatives", json_schema_extra=ADVANCED,
        description="Other items that the right one is compared with in a step; 0 chooses by memory and time "
        "(the whole catalogue when it is small).",
    )  # fmt: skip

    @model_validator(mode="after")
    def _heads_divide(self) -> "BackboneConfig":
        width = self.hidden or WIDTH
        if width % self.heads:
            raise ValueError(f"vector size {width} is not divisible by {self.heads} heads")
        return self


class LearningConfig(BaseModel, defer_build=True):
    """Optimisation: regularisation, optimiser, when training ends, seed and device."""

    dropout: float | None = Field(
        None, ge=0.0, le=0.9, title="Dropout", json_schema_extra={**ADVANCED, "automatic": True},
        description="Share of activations dropped out in training, against overfitting. Automatic takes more of it "
        "the shorter the histories are.",
    )  # fmt: skip
    learning_rate: float = Field(
        1e-3,
        gt=0.0,
        le=0.1,
        title="Learning rate",
        json_schema_extra=ADVANCED,
        description="Learning rate of the optimiser.",
    )
    weight_decay: float = Field(
        0.01, ge=0.0, le=1.0, title="Weight decay", json_schema_extra=ADVANCED,
        description="Pulls weights towards zero, against learning by heart.",
    )  # fmt: skip
    warmup_steps: int = Field(
        100, ge=0, le=100_000, title="Warm-up steps", json_schema_extra=ADVANCED,
        description="Steps over which the learning rate rises from zero.",
    )  # fmt: skip
    rate_kept: float = Field(
        1.0, gt=0.0, le=1.0, title="Rate kept", json_schema_extra=ADVANCED,
        description="Share of the learning rate that is left after every thousand steps; 1 keeps it as it is, which "
        "averaging makes good for.",
    )  # fmt: skip
    label_smoothing: float = Field(
        0.0, ge=0.0, le=0.5, title="Label smoothing", json_schema_extra=ADVANCED,
        description="Share of certainty taken from the right item and spread over all others.",
    )  # fmt: skip
    averaging: float = Field(
        0.995, ge=0.0, lt=1.0, title="Averaging", json_schema_extra=ADVANCED,
        description="How much of the past stays in the averaged weights that are measured and kept; 0 for none. "
        "It smooths out the noise of learning.",
    )  # fmt: skip
    clip_norm: float = Field(
        5.0, gt=0.0, le=1000.0, title="Gradient limit", json_schema_extra=ADVANCED,
        description="Gradient norm above which the gradient of a step is scaled down.",
    )  # fmt: skip
    batch_tokens: int = Field(
        0, ge=0, le=1_000_000, title="Interactions a step", json_schema_extra=ADVANCED,
        description="Interactions in an optimiser step; 0 chooses by the size of the data and the device.",
    )  # fmt: skip
    epochs: int = Field(
        1000, ge=0, le=100_000, title="Epochs at most", json_schema_extra=ADVANCED,
        description="Passes over the data at most. Early stopping usually ends sooner.",
    )  # fmt: skip
    patience: int = Field(
        10, ge=1, le=1000, title="Patience", json_schema_extra=BASIC,
        description="Evaluations without improvement after which training ends.",
    )  # fmt: skip
    minutes: float | None = Field(
        None, gt=0.0, le=100_000, allow_inf_nan=False, title="Minutes at most", json_schema_extra=BASIC,
        description="Training time after which training ends, fine-tuning included; empty for no limit. Step 2 is not "
        "counted: it ends with its own number of steps.",
    )  # fmt: skip
    seed: int = Field(
        0, ge=0, le=2**31 - 1, title="Seed", json_schema_extra=ADVANCED,
        description="Seed of all random generators. The same seed gives the same run.",
    )  # fmt: skip
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        "auto", title="Device", json_schema_extra=BASIC,
        description="Where to compute. Automatic takes the GPU if there is one.",
    )  # fmt: skip


class RunConfig(LearningConfig, HistoryConfig):
    """Settings of every model."""


class BertConfig(RunConfig, BackboneConfig):
    """Settings of models with a BERT over histories."""

    temperature: float = Field(
        1.0, ge=0.05, le=20.0, title="Temperature", json_schema_extra=ADVANCED,
        description="What scores are divided by when they become shares of certainty: above 1 flatter, "
        "below 1 sharper.",
    )  # fmt: skip
    times: Literal["ignored", "gaps", "asked"] = Field(
        "ignored", title="What is read of time", json_schema_extra=ADVANCED,
        description="Whether the model reads only the order of events, also the time between them, or also the moment "
        "for which is recommended. Figures know that moment too then, so they compare only with their like.",
    )  # fmt: skip
    workers: int = Field(
        1, ge=1, le=256, title="Workers", json_schema_extra=ADVANCED,
        description="Processes that train together: each computes its share of every step, on this computer or on "
        "machines of the cluster. The same number gives the same run.",
    )  # fmt: skip


class BertCausalConfig(BertConfig):
    """Next-item prediction with a causal mask and a softmax over the items: best quality for the time on ids."""

    kind: Literal["bert-causal"] = "bert-causal"


class Bert4RecConfig(BertConfig):
    """Masked items, bidirectional (Sun et al. 2019, arXiv:1904.06690), some steps causal with the same weights
    (Charpentier & Samuel 2024, arXiv:2410.24159): masked steps alone need several times the training for the same
    quality."""

    kind: Literal["bert4rec"] = "bert4rec"
    max_length: int = Field(
        50, ge=2, le=2000, title="History length", json_schema_extra=BASIC,
        description="How many of a person's latest items the model reads. Longer sees more, and takes much more time "
        "to learn from than with bert-causal.",
    )  # fmt: skip
    # masking regularises by itself: in 360 s on Amazon Beauty, one seed, 0.2 reached .037 on
    # validation and 0.5 .028; on the built-in example 0.2 was done after 48 s, 0.5 was not after 120
    dropout: float | None = Field(
        0.2, ge=0.0, le=0.9, title="Dropout", json_schema_extra={**ADVANCED, "automatic": True},
        description="Share of activations dropped out in training, against overfitting. Automatic takes more of it "
        "the shorter the histories are.",
    )  # fmt: skip
    mask_probability: float = Field(
        0.4, gt=0.0, le=0.9, title="Mask share", json_schema_extra=ADVANCED,
        description="Share of a history hidden for the model to guess.",
    )  # fmt: skip
    mask_last_probability: float = Field(
        0.3, ge=0.0, le=1.0, title="Last item masked", json_schema_extra=ADVANCED,
        description="How often only the last item is hidden, which is what recommending asks for.",
    )  # fmt: skip
    next_item_share: float = Field(
        0.5, ge=0.0, le=0.9, title="Next-item steps", json_schema_extra=ADVANCED,
        description="Share of steps that predict every next item from what stands before it, with the same weights. "
        "Each item is then learned from, not only the hidden ones; 0 for the original method.",
    )  # fmt: skip


class TextSourceConfig(RunConfig):
    """Item texts and their encoder: steps 1 and 2 of the method."""

    encoder: str = Field(
        "auto", min_length=1, max_length=500, title="Text encoder",
        json_schema_extra={**BASIC, "suggestions": ["auto", "packaged", "scratch"]},
        description="What turns texts into vectors: auto (the packaged MiniLM if it is installed and knows these "
        "words, else one trained here), packaged, scratch (trained here), a folder, or the name of a model on the hub.",
    )  # fmt: skip
    template: str = Field(
        "", max_length=2000, title="Item text", json_schema_extra={**BASIC, "automatic": True},
        description="How an item's features become a text, such as title: {title}; genres: {genres}. Empty takes every "
        "text column.",
    )  # fmt: skip
    text_tokens: int = Field(
        64, ge=8, le=512, title="Text length", json_schema_extra=ADVANCED,
        description="Tokens per item text; longer texts are cut.",
    )  # fmt: skip
    encoder_steps: int | None = Field(
        None, ge=0, le=1_000_000, title="Encoder steps", json_schema_extra={**ADVANCED, "automatic": True},
        description="Steps in which the encoder learns the catalogue's language by guessing hidden words; 0 skips them."
        f" Automatic trains only an encoder that starts from nothing. {SKIPPING['encoder']}",
    )  # fmt: skip


class TextConfig(TextSourceConfig, BertConfig):
    """Settings of models with a BERT over text vectors: the five steps from text to recommendation."""

    hidden: int = Field(
        WIDTH, ge=8, le=1024, multiple_of=2, title="Vector size", json_schema_extra=BASIC,
        description="Numbers in an item's vector. Larger can hold more and takes more time and memory.",
    )  # fmt: skip
    text_width: int = Field(
        384, ge=8, le=1024, title="Text vector size", json_schema_extra=ADVANCED,
        description="Numbers of a text's vector that are kept after whitening, the most telling first.",
    )  # fmt: skip
    fine_tune: Literal["off", "last-layer", "whole", "low-rank"] = Field(
        "off", title="Fine-tuning", json_schema_extra=BASIC,
        description="Step 4: whether encoder and decoder are then trained together: off, the encoder's last layer, the "
        f"whole of it, or low-rank adapters in it. {SKIPPING['fine-tuning']}",
    )  # fmt: skip
    fine_tune_epochs: int = Field(
        3, ge=1, le=1000, title="Fine-tuning epochs", json_schema_extra=ADVANCED,
        description="Passes over the data at most while encoder and decoder learn together.",
    )  # fmt: skip
    fine_tune_rate: float = Field(
        5e-5, gt=0.0, le=0.1, title="Encoder's rate", json_schema_extra=ADVANCED,
        description="Learning rate of the encoder while it is fine-tuned; the decoder learns at a fifth of its own.",
    )  # fmt: skip
    output: Literal["tied", "linear"] = Field(
        "tied", title="Items are scored", json_schema_extra=ADVANCED,
        description="By the vectors made from their texts, so that new items can be ranked, or by a linear layer with "
        "weights of its own for each item, which cannot rank what it has not learned.",
    )  # fmt: skip
    start_from: str = Field(
        "", max_length=100, title="Start from a run", json_schema_extra={**ADVANCED, "suggestions": [""]},
        description="A run over texts, of this or another dataset, whose trained model is the start; its encoder is "
        "taken over. Empty starts from nothing.",
    )  # fmt: skip
    correction: float = Field(
        0.2, ge=0.0, le=10.0, title="Correction", json_schema_extra=ADVANCED,
        description="How far what people do may move an item away from what its text says; 0 for not at all.",
    )  # fmt: skip

    @property
    def skipped(self) -> frozenset[str]:
        """Steps of the method that are skipped."""
        steps = will_skip(self.encoder, self.encoder_steps, self.fine_tune)
        return frozenset(steps | {"encoder"} if self.start_from else steps)


class TextBertConfig(TextConfig):
    """Items represented by their texts: works for items without interactions, and for small data."""

    kind: Literal["text-bert"] = "text-bert"


class HybridConfig(TextConfig):
    """Items represented by texts and ids together."""

    kind: Literal["hybrid"] = "hybrid"
    id_dropout: float = Field(
        0.2, ge=0.0, le=0.9, title="Id dropout", json_schema_extra=ADVANCED,
        description="Share of items whose own vector is left out in a step, so that texts stay useful without it.",
    )  # fmt: skip


class TwoTowerConfig(TextSourceConfig):
    """A text BERT encodes a user's history and their last item; a linear layer scores all items: a plain reference, to
    compare with and to teach. It cannot rank items that it was not trained on."""

    kind: Literal["two-tower"] = "two-tower"
    max_length: int = Field(
        50, ge=2, le=2000, title="History length", json_schema_extra=BASIC,
        description="How many of a person's latest items are put into words, if their text is not cut before.",
    )  # fmt: skip
    user_tokens: int = Field(
        128, ge=16, le=512, title="Person's text length", json_schema_extra=BASIC,
        description="Tokens per person's text, made of what they took, the latest first.",
    )  # fmt: skip
    cuts: int = Field(
        8, ge=1, le=1000, title="Predictions a person", json_schema_extra=ADVANCED,
        description="How many places of each history, drawn anew, are predicted in an epoch.",
    )  # fmt: skip
    dropout: float | None = Field(
        0.1, ge=0.0, le=0.9, title="Dropout", json_schema_extra=ADVANCED,
        description="Share of activations dropped out in training, against overfitting.",
    )  # fmt: skip
    batch_tokens: int = Field(
        0, ge=0, le=1_000_000, title="Tokens a step", json_schema_extra=ADVANCED,
        description="Tokens of persons' texts in an optimiser step; 0 for 4,096.",
    )  # fmt: skip
    encoder_rate: float | None = Field(
        None, gt=0.0, le=0.1, title="Encoder's rate", json_schema_extra={**ADVANCED, "automatic": True},
        description="Learning rate of the BERT. Automatic: small for one that knows its language, larger for one "
        "trained here.",
    )  # fmt: skip


AnyConfig = BertCausalConfig | Bert4RecConfig | TextBertConfig | HybridConfig | TwoTowerConfig
Config = Annotated[AnyConfig, Field(discriminator="kind")]
KINDS: Mapping[str, type[RunConfig]] = MappingProxyType(
    {
        "bert-causal": BertCausalConfig,
        "bert4rec": Bert4RecConfig,
        "hybrid": HybridConfig,
        "text-bert": TextBertConfig,
        "two-tower": TwoTowerConfig,
    }
)
ID_KINDS = tuple(kind for kind, config in KINDS.items() if not issubclass(config, TextSourceConfig))
DEFAULT_KIND = "bert-causal"
START_SIZES = ("hidden", "layers", "heads", "max_length", "text_tokens", "text_width")
"""Settings in which a run must equal the one that it starts from (`start_from`)."""

Group = Literal["reading", "size", "learning", "stopping", "computing"]
GROUPS: Mapping[Group, tuple[str, ...]] = MappingProxyType(
    {
        "reading": ("encoder", "template", "max_length", "times", "user_tokens", "text_tokens", "start_from"),
        "size": ("hidden", "layers", "heads", "text_width", "output", "correction", "id_dropout"),
        "learning": (
            "fine_tune", "fine_tune_rate", "encoder_steps", "encoder_rate", "loss", "negatives", "temperature",
            "dropout", "learning_rate", "weight_decay", "warmup_steps", "rate_kept", "label_smoothing", "averaging",
            "clip_norm", "mask_probability", "mask_last_probability", "next_item_share", "cuts",
        ),
        "stopping": ("patience", "minutes", "epochs", "fine_tune_epochs"),
        "computing": ("device", "workers", "batch_tokens", "seed"),
    }
)  # fmt: skip
"""Settings by what they are about, in the order in which a person meets them."""
COST_TIME = ("user_tokens", "text_tokens", "encoder_steps", "patience", "minutes", "epochs", "fine_tune_epochs", "cuts")
COST_TIME_AND_MEMORY = ("max_length", "hidden", "layers", "heads", "text_width", "negatives", "batch_tokens")
"""Settings of which more costs time, or time and memory."""

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "Quick look": {"layers": 1, "max_length": 50, "minutes": 1.0},
        "Balanced": {},
        "Best quality": {"hidden": 128, "layers": 3, "max_length": 200, "epochs": 5000, "patience": 30},
    }
)
DEFAULT_PRESET = "Balanced"


def make_config(kind: str = DEFAULT_KIND, preset: str = DEFAULT_PRESET, **values: Any) -> RunConfig:
    """A config from a preset and values that override it (texts are read as their field's type).

    Raises:
        UsageError: unknown kind, preset or field, or a value out of range; says which and what is allowed.
    """
    if kind not in KINDS:
        raise UsageError(
            Message("settings.unknown-model", kind=kind), Message("settings.choose-one-of", names=", ".join(KINDS))
        )
    chosen = {name.casefold(): name for name in PRESETS}.get(preset.casefold().replace("-", " "))
    if chosen is None:
        raise UsageError(
            Message("settings.unknown-preset", preset=preset),
            Message("settings.choose-one-of", names=", ".join(PRESETS)),
        )
    preset_values = {name: value for name, value in PRESETS[chosen].items() if name in KINDS[kind].model_fields}
    return config_from_dict({"kind": kind, **preset_values, **values})


def config_from_dict(values: Mapping[str, Any]) -> RunConfig:
    """Validate plain values, for example of a run's `config.json`.

    Raises:
        UsageError: naming the field, the value and what is allowed.
    """
    try:
        return _adapter().validate_python(dict(values))
    except ValidationError as error:
        problems = [_problem(entry) for entry in error.errors()]
        raise UsageError("; ".join(problems) + ".", _known_fields(values, error)) from error


@functools.cache
def _adapter() -> TypeAdapter[AnyConfig]:
    return TypeAdapter(Config)


def _problem(entry: Any) -> str:
    place = [str(part) for part in entry["loc"] if part not in KINDS]
    value = entry.get("input")
    name = ".".join(place)
    if entry["type"] == "extra_forbidden":
        return f"There is no setting “{name}”"
    if entry["type"] == "value_error":
        return str(entry["ctx"]["error"]).capitalize()
    if entry["type"].startswith("union_tag"):
        return f"The settings name no known model (kind: {value.get('kind') if isinstance(value, dict) else value!r})"
    wanted = entry["msg"].removeprefix("Input should ")
    said = f"it must {wanted}" if wanted != entry["msg"] else f"{wanted[:1].lower()}{wanted[1:]}"
    return f"“{name}” is {value!r}, but {said}"


def _known_fields(values: Mapping[str, Any], error: ValidationError) -> str:
    if not any(entry["type"] == "extra_forbidden" for entry in error.errors()):
        return ""
    fields = KINDS.get(str(values.get("kind")), BertCausalConfig).model_fields
    return f"The settings are: {', '.join(name for name in fields if name != 'kind')}."
