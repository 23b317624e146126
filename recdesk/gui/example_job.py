"""Puts the built-in example into the workspace."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset


def add_example(session: Session, language: Literal["en", "zh"], done: Callable[[str], object]) -> Job[str]:
    """Generate the example in a job and add it; `done` gets the dataset's name. One that is there is used again."""

    def work(context: JobContext) -> str:
        from recdesk.data.example import make_example

        context.progress(0.1)
        dataset = make_example(language)
        known = {info.facts.get("hash"): info.name for info in session.workspace.datasets()}
        if dataset.content_hash in known:
            return known[dataset.content_hash]
        context.progress(0.6)
        return _add(session, dataset)

    def finished(name: str) -> None:
        session.datasets_changed.emit()
        done(name)

    return session.jobs.run(
        QCoreApplication.translate("Example", "Making the built-in example"), work, finished, replaces="data.import"
    )


def _add(session: Session, dataset: "Dataset") -> str:
    import pandas as pd

    from recdesk.data.importing import ImportResult

    return session.workspace.add_dataset(ImportResult(dataset, [], pd.DataFrame()))
