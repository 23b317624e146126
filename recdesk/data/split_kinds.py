"""The kinds of split: what is held out of training to measure a model by."""

from typing import Literal

from recdesk.core.messages import Message

SplitKind = Literal["leave-one-out", "time", "validation-only", "new-items"]
SPLIT_KINDS: tuple[SplitKind, ...] = ("leave-one-out", "time", "validation-only", "new-items")


def drawn_sentence(some: int, every: int, items: int) -> str:
    """Said where not everybody is ranked for."""
    return Message("split.sample-catalogue-large", measured=some, total=every, items=items)
