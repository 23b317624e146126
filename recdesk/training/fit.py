"""A split and a config in, a trained recommender out: the decoder's stage and, if wanted, fine-tuning after it."""

from pathlib import Path
from typing import Any

from recdesk.core import devices
from recdesk.data.splitting import Split
from recdesk.models.text_bert import TextBert
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, StageEnded
from recdesk.training.checkpoints import Progress
from recdesk.training.config import BertConfig, RunConfig, TextConfig, TwoTowerConfig
from recdesk.training.fine_tuning import JointStep, is_wanted
from recdesk.training.plan import ResolvedPlan, resolve
from recdesk.training.recommender_stage import Outcome, RecommenderStage
from recdesk.training.text_stages import Prepared
from recdesk.training.towers import TowerStep
from recdesk.training.train_step import DecoderStep, HistoryStep
from recdesk.training.workers import ALONE, WorkerGroup

FINE_TUNING_SHARE = 0.25
"""Share of a run's time limit reserved for fine-tuning, which also gets what the decoder did not need."""


def fit(
    split: Split,
    config: RunConfig,
    folder: Path,
    emit: Emit,
    control: Control,
    resume: bool = False,
    texts: Prepared | None = None,
    resolved: ResolvedPlan | None = None,
    workers: WorkerGroup = ALONE,
) -> Outcome:
    """Train, with early stopping on validation NDCG@10.

    Args:
        split: training and validation data.
        config: the settings.
        folder: where `checkpoints` go; the run's own folder.
        emit: takes every event, in this thread.
        control: looked at before every step.
        resume: continue from `folder`'s last checkpoint. The result equals that of a run never interrupted: bit for bit
            on a CPU; on a GPU as far as two runs do, whose sums come in any order.
        texts: the outcome of steps 1 and 2 of the method, for models that read texts.
        resolved: what was chosen automatically; None to choose it here.
        workers: the processes that compute the decoder's steps together; this one leads.

    Raises:
        RecdeskError: bad data, a checkpoint that does not fit, divergence, a stop while the disk was full.
    """
    fine_tunes = texts is not None and is_wanted(config)
    step = train_step_of(split, config, texts, resolved or resolve(split, config))
    step.workers = workers
    decoder = RecommenderStage(split, config, folder, emit, control, step)
    del step  # the stage alone holds it, and gives its memory back before fine-tuning
    decoder.final = not fine_tunes
    if fine_tunes and decoder.minutes is not None:
        decoder.minutes *= 1 - FINE_TUNING_SHARE
    with devices.shared_cores(workers.threads):
        outcome = decoder.run(resume)
    workers.end()
    if texts is None or outcome.state == "stopped" or not fine_tunes:
        return outcome
    decoder.release()
    return fine_tune(decoder, outcome, texts, resume)


def train_step_of(
    split: Split, config: RunConfig, texts: Prepared | None, resolved: ResolvedPlan | None = None
) -> HistoryStep[Any]:
    """The train step of a kind of model; arguments as `fit`.

    Raises:
        RecdeskError: see `DecoderStep`.
    """
    if isinstance(config, TwoTowerConfig):
        assert texts is not None
        return TowerStep.of(split, config, texts, resolved)
    assert isinstance(config, BertConfig)
    if texts is None:
        return DecoderStep(split, config, resolved=resolved)
    return DecoderStep(split, config, texts.vectors, texts.start, resolved)


def fine_tune(decoder: RecommenderStage, outcome: Outcome, prepared: Prepared, resume: bool) -> Outcome:
    """Step 4 of the method, from the best decoder. Its result is never worse on validation: the best of both is kept.

    Args:
        decoder: the stage before, at its end.
        outcome: of it.
        prepared: the encoder and the items' texts.
        resume: continue from this stage's last checkpoint, if it has one.

    Raises:
        RecdeskError: as `fit`.
    """
    config, progress = decoder.config, decoder.progress
    assert isinstance(config, TextConfig) and isinstance(outcome.model, TextBert)
    step = JointStep(decoder.split, config, outcome.model, prepared, decoder.resolved)
    first = progress.epoch + (progress.batch > 0)
    wanted = config.model_copy(
        update={"epochs": first + config.fine_tune_epochs, "patience": max(2, config.patience // 3)}
    )  # the time limit is the run's: the decoder's seconds count
    stage = RecommenderStage(decoder.split, wanted, decoder.folder, decoder.emit, decoder.control, step, "fine-tuning")
    stage.progress = Progress(
        epoch=first, step=progress.step, begin=progress.step, seconds=progress.seconds,
        best=progress.best, best_epoch=progress.best_epoch,
    )  # fmt: skip
    before, seconds = progress.best, progress.seconds
    result = stage.run(resume)
    after, spent = stage.progress.best, stage.progress.seconds - seconds
    if result.state != "stopped":
        figure = "NDCG@10 on validation"
        decoder.emit(StageEnded(stage="fine-tuning", figure=figure, before=before, after=after, seconds=spent))
    return result
