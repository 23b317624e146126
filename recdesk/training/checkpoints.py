"""Checkpoints: `last` holds everything needed to resume, `best` the model to use."""

from dataclasses import asdict, dataclass
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.files import make_folder
from recdesk.core.messages import Message
from recdesk.core.records import validated
from recdesk.core.refusals import explained
from recdesk.core.tensors import MODEL_FILE, load_tensors, save_tensors
from recdesk.models.persistence import SavedModel
from recdesk.training.optimizer import Optimizer

FORMAT = 3
AFRESH = Message("run.start-same-settings")
PASSING = Message("run.check-disk-resume")


@dataclass
class Progress:
    """Where training stands: position in the epoch and state of early stopping.

    Attributes:
        epoch: current epoch, from 0.
        batch: next batch of the epoch's plan.
        step: optimiser steps done.
        seconds: training time so far.
        epoch_loss: sum of losses of the current epoch.
        best: best validation NDCG@10 so far, -1 before the first evaluation.
        best_epoch: its epoch, from 1.
        best_loss: lowest validation loss so far.
        since_best: evaluations since either improved.
        pieces: parts a step is divided into because of memory.
        rate_scale: factor of the learning rate, halved after each divergence.
        begin: optimiser steps done when this stage began.
        ended: reason for which the stage ended by itself; "" while it goes on.
        positions: per step, which `batch` counts on; 0 if they do not depend on the device.
        evaluated: step of the last evaluation; -1 before the first.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    seconds: float = 0.0
    epoch_loss: float = 0.0
    best: float = -1.0
    best_epoch: int = 0
    best_loss: float = 1e9
    since_best: int = 0
    pieces: int = 1
    rate_scale: float = 1.0
    begin: int = 0
    ended: str = ""
    positions: int = 0
    evaluated: int = -1


class Checkpoints:
    """The `checkpoints` folder of a run. Files are replaced atomically.

    Args:
        folder: the folder.
        fingerprint: of config and protocol; checkpoints with another one are refused.
        last: name of the subfolder to resume from.
    """

    def __init__(self, folder: Path, fingerprint: str, last: str = "last") -> None:
        self.folder, self.fingerprint = folder, fingerprint
        self.last = folder / last / "training.safetensors"
        self.best = folder / "best"

    def create(self, model: SavedModel) -> None:
        """Make the folders and write the model's sizes."""
        for part in (self.last.parent, self.best):
            with explained(part):
                make_folder(part)
        model.save_config(self.best)

    def save_last(self, model: SavedModel, optimizer: Optimizer, progress: Progress) -> None:
        """Write everything needed to resume exactly here, in one file."""
        tensors = {f"model.{name}": value for name, value in model.state_dict().items()} | optimizer.state()
        about = {"format": FORMAT, "run": self.fingerprint, "kind": model.kind, "progress": asdict(progress)}
        save_tensors(self.last, tensors, about)

    def restore_last(self, model: SavedModel, optimizer: Optimizer, positions: int = 0) -> Progress:
        """Restore model, optimiser and average as `save_last` wrote them.

        Args:
            model, optimizer: changed in place.
            positions: per step, now; 0 for any.

        Raises:
            RecdeskError: the checkpoint is missing, damaged, or belongs to another run.
        """
        try:
            tensors, about = load_tensors(self.last)
        except RecdeskError as error:
            passing = isinstance(error.__cause__, OSError)
            raise RecdeskError(error.sentence, PASSING if passing else AFRESH) from error
        if about.get("format") != FORMAT:
            raise RecdeskError(Message("record.other-version", path=self.last), AFRESH)
        if about.get("run") != self.fingerprint:
            raise RecdeskError(
                Message("record.checkpoint-other-run", path=self.last),
                Message("run.start-keep-checkpoint"),
            )
        weights = {name.removeprefix("model."): value for name, value in tensors.items() if name.startswith("model.")}
        model.fill(weights, self.last)
        progress = validated(about.get("progress"), Progress, self.last, AFRESH)
        progress.ended = about["progress"].get("ended", "")  # as a message, which validation does not keep
        if positions and progress.positions not in (0, positions):  # 0: written before sizes depended on the device
            raise self._made_elsewhere()
        try:
            optimizer.restore(tensors)
        except (KeyError, ValueError, RuntimeError) as error:
            raise self._made_elsewhere() from error
        progress.positions = positions
        return progress

    def _made_elsewhere(self) -> RecdeskError:
        return RecdeskError(
            Message("record.checkpoint-other-device", path=self.last),
            Message("run.resume-same-device"),
        )

    def save_best(self, model: SavedModel, progress: Progress, metrics: dict[str, float]) -> None:
        """Write the weights to use from now on."""
        model.save_weights(self.best / MODEL_FILE, {"step": progress.step, "metrics": metrics})

    @property
    def has_last(self) -> bool:
        """There is something to resume from."""
        return self.last.exists()

    @property
    def has_best(self) -> bool:
        """There is a model to use."""
        return (self.best / MODEL_FILE).exists()
