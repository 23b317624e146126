"""Gradient checkpointing of a BERT, with the same dropout when its layers are recomputed."""

from functools import partial
from typing import Any

import torch

from recdesk.core.messages import Message
from recdesk.models.dropout import drops, same_dropout_again
from recdesk.models.transformer import Transformer


def recomputes(bert: torch.nn.Module) -> bool:
    """Whether gradient checkpointing is on."""
    if isinstance(bert, Transformer):
        return bert.recompute is not None
    return any(getattr(module, "gradient_checkpointing", False) for module in bert.modules())


def checkpoint_gradients(bert: Any) -> str:
    """Turn gradient checkpointing of a `Transformer` or a `BertModel` on; gradients stay the same.

    Returns:
        a sentence that says so; "" if it was on already, or is not possible.
    """
    on_mps = next(bert.parameters()).device.type == "mps"
    if recomputes(bert) or (on_mps and drops(bert)):  # there, recomputing would drop out others
        return ""
    if isinstance(bert, Transformer):
        bert.recompute = partial(same_dropout_again, bert)
        return Message("encoder.recomputes-to-fit")
    how = {
        "use_reentrant": False,
        "preserve_rng_state": False,  # of torch's global generator, from which nothing is drawn
        "context_fn": lambda: same_dropout_again(bert),
    }
    if hasattr(bert, "activation_checkpointing_enable"):  # its name in later versions of transformers 5
        bert.activation_checkpointing_enable(how)
    else:
        bert.gradient_checkpointing_enable(how)
    return Message("encoder.recomputes-to-fit")
