"""Gradient checkpointing of a BERT whose dropout is the same when its layers are computed again."""

from typing import Any

import torch

from recdesk.models.dropout import drops, same_dropout_again


def recomputes(bert: torch.nn.Module) -> bool:
    """Whether gradient checkpointing is on."""
    return any(getattr(module, "gradient_checkpointing", False) for module in bert.modules())


def checkpoint_gradients(bert: Any) -> str:
    """Let a `BertModel` compute its layers' states again for the gradient, instead of keeping them; what is learned
    stays the same. A sentence that says so, or "" if it does so already."""
    on_mps = next(bert.parameters()).device.type == "mps"
    if recomputes(bert) or (on_mps and drops(bert)):  # the second time, other numbers would be blanked there
        return ""
    how = {
        "use_reentrant": False,
        "preserve_rng_state": False,  # of torch's global generator, from which nothing is drawn
        "context_fn": lambda: same_dropout_again(bert),
    }
    if hasattr(bert, "activation_checkpointing_enable"):  # its name in later versions of transformers 5
        bert.activation_checkpointing_enable(how)
    else:
        bert.gradient_checkpointing_enable(how)
    return "Memory ran out: the encoder now computes again what it kept before, which takes longer."
