"""The kinds of split: what is held out of training to measure a model by."""

from typing import Literal

SplitKind = Literal["leave-one-out", "time", "validation-only", "new-items"]
SPLIT_KINDS: tuple[SplitKind, ...] = ("leave-one-out", "time", "validation-only", "new-items")
