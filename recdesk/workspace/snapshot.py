"""The former name of a run's record."""

from recdesk.workspace.runs import Run as RunSnapshot

__all__ = ["RunSnapshot"]
