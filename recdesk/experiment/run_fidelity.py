"""Measuring how far a run's explanations can be trusted, and keeping it with the run."""

from typing import TYPE_CHECKING

from recdesk.core.task import UNWATCHED, Task
from recdesk.experiment.open_model import open_model
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.recommend.fidelity import Fidelity

MOST_PEOPLE = 200


def measure_fidelity(
    run: Run, most: int = MOST_PEOPLE, seed: int = 0, keep: bool = True, task: Task = UNWATCHED
) -> "Fidelity":
    """Open a run's model and measure its explanations, see `fidelity`.

    Args:
        run: with a model.
        most, seed: people in the sample, and its seed.
        keep: store it with the run.
        task: see `fidelity`.

    Raises:
        RecdeskError: there is no model, it is damaged, or the folder cannot be written.
        CancelledError: it was cancelled; nothing is stored.
    """
    from recdesk.recommend.fidelity import fidelity
    from recdesk.workspace.run_fidelity import save_fidelity

    found = fidelity(open_model(run), most, seed, task)
    if keep:
        save_fidelity(run, found)
    return found
