"""The run whose curves the Train page shows."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recdesk.gui import words
from recdesk.monitor.curves import RunCurves
from recdesk.training.config import RunConfig, TextConfig

if TYPE_CHECKING:
    from recdesk.workspace.snapshot import RunSnapshot


@dataclass(frozen=True)
class ShownRun:
    """A run with its curves; none before the first.

    Attributes:
        run: None for none.
        curves: of it, growing while it is under way.
        skips: steps over texts that it leaves out; None for a model over ids.
        title: what the run is called.
    """

    run: "RunSnapshot | None" = None
    curves: RunCurves = field(default_factory=RunCurves)
    skips: frozenset[str] | None = None
    title: str = ""

    @classmethod
    def of(cls, run: "RunSnapshot", curves: RunCurves) -> "ShownRun":
        """Of a run; settings that cannot be read say nothing here, the run itself tells."""
        return cls(run, curves, None if run.config is None else skips(run.config), words.run_title(run))

    @property
    def id(self) -> str | None:
        """Of the run."""
        return None if self.run is None else self.run.id


def skips(config: RunConfig) -> frozenset[str] | None:
    """Steps that a run with these settings leaves out; None where there are no steps over texts."""
    return config.skipped if isinstance(config, TextConfig) else None
