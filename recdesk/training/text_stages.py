"""Steps 1 and 2 of the method: items become texts, an encoder turns texts into vectors."""

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from recdesk.core.devices import choose_device, prepare
from recdesk.core.errors import CancelledError, DataError, RecdeskError
from recdesk.core.files import PRIVATE_FILE, make_folder, new_folder
from recdesk.core.messages import Message
from recdesk.core.records import read_object, write_record
from recdesk.core.refusals import explained
from recdesk.core.task import Task
from recdesk.core.tensors import save_tensors
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split
from recdesk.evaluation.ranking import evaluate
from recdesk.models.baselines.similar_texts import SimilarTexts
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, StageEnded, StageScored, StageStarted, Warned
from recdesk.monitor.progress import throttled
from recdesk.text.encoder import Encoder, describe, token_lengths
from recdesk.text.folders import parts
from recdesk.text.item_texts import default_template, item_texts
from recdesk.text.lengths import suited_source
from recdesk.text.sources import Source
from recdesk.text.text_paths import TextPaths
from recdesk.text.text_side import FORMAT, LOST, TextSide, load_encoder, load_whitening, read_facts
from recdesk.text.vector_cache import VectorCache
from recdesk.text.whitening import Whitening
from recdesk.training.config import RunConfig, TextConfig, TextSourceConfig
from recdesk.training.masked_language import PEAK_RATE, Corpus, MaskedLanguage
from recdesk.training.waiting import written

SCRATCH_STEPS = 600
"""Of masked language modelling from scratch. With `text-bert` on MovieLens (latest small), 36 epochs, one seed, NDCG@10
on test is .068 with these and .060 without any; on the built-in example 100 were enough."""
SCRATCH_WIDTH, SCRATCH_LAYERS = 128, 2
SCORED_ITEMS = 20_000
"""Largest catalogue whose texts are scored before the encoder is trained."""
WAIT_SECONDS = 0.2
"""Between two looks whether another trial has trained the shared encoder."""
LEARNED = "learned.json"
"""File in an encoder's folder that names what its weights depend on."""


@dataclass(frozen=True)
class Prepared:
    """The outcome of steps 1 and 2.

    Attributes:
        side: encoder, whitening and template, for new texts.
        texts: of the items, [n_items].
        vectors: float32 [n_items, text width], whitened; zeros where there is no text.
        start: weights of a model of another catalogue to start from; see `TextBert.begin_from`.
    """

    side: TextSide
    texts: list[str]
    vectors: NDArray[np.float32]
    start: dict[str, Any] | None = None


def prepare_texts(
    split: Split, config: TextSourceConfig, text_paths: TextPaths, emit: Emit, control: Control, resume: bool
) -> Prepared | None:
    """Carry out steps 1 and 2; None when they were stopped (what is done is kept).

    They are done once `text_paths.facts` exists, which is written last. Until then an encoder that an earlier start
    left is used only if its `LEARNED` file names the same dependencies.

    Raises:
        RecdeskError: no texts, no such encoder, a stop while the disk was full.
    """
    dataset = split.dataset
    device = choose_device(config.device)
    prepare(device)
    _require_facts(text_paths, resume)
    ready = text_paths.facts.exists() and (resume or starts(config))
    template = config.template or default_template(dataset)
    if ready:
        template = str(read_facts(text_paths)["template"])
    emit(StageStarted(stage="texts", note=Message("text.step-1-texts")))
    texts = item_texts(dataset, template)
    if sum(bool(text) for text in texts) < 2:
        raise DataError(Message("text.fewer-than-two"), Message("text.import-or-id-model"))
    if ready:
        encoder = load_encoder(text_paths).to(device)
    else:
        source, unknown = suited_source(config.encoder, texts, text_paths.downloads)
        if unknown:
            emit(Warned(sentence=Message("encoder.packaged-lacks-pieces", share=unknown)))
        begun = written(lambda: _begin_encoder(source, texts, config, text_paths), emit, control).to(device)
        learned = _learned_encoder(begun, source, texts, split, config, text_paths, emit, control, resume)
        if learned is None:
            return None
        encoder = learned.to(device)
    _say_texts(encoder, texts, emit)
    try:
        prepared = _vectors(encoder, texts, template, split, config, text_paths, emit, control, ready)
    except CancelledError:
        return None
    if not ready:
        written(lambda: _keep_facts(encoder, source, template, config, text_paths), emit, control)
    shutil.rmtree(text_paths.begun, ignore_errors=True)
    return prepared


def starts(config: RunConfig) -> bool:
    """The settings start the run from another one."""
    return isinstance(config, TextConfig) and bool(config.start_from)


def encoder_steps(config: TextSourceConfig, source: Source) -> int:
    """Steps of masked language modelling: as set, or none for a pretrained encoder."""
    if config.encoder_steps is not None:
        return config.encoder_steps
    return SCRATCH_STEPS if source.origin == "scratch" else 0


def _require_facts(text_paths: TextPaths, resume: bool) -> None:
    """Raise if a model was trained on texts whose settings are gone: made again they might differ."""
    if (
        resume
        and not text_paths.facts.exists()
        and (text_paths.run / "checkpoints" / "last" / "training.safetensors").exists()
    ):
        raise DataError(Message("record.missing", path=text_paths.facts), LOST)


def _begin_encoder(source: Source, texts: list[str], config: TextSourceConfig, text_paths: TextPaths) -> Encoder:
    if source.folder is not None:
        return Encoder.load(source.folder, config.text_tokens, source.name)
    if not text_paths.begun.exists():
        filled = [text for text in dict.fromkeys(texts) if text]  # of hidden items too: a vocabulary teaches nothing
        with new_folder(text_paths.begun) as folder:
            Encoder.new(filled, SCRATCH_WIDTH, SCRATCH_LAYERS, config.text_tokens, folder, config.seed)
    return Encoder.load(text_paths.begun, config.text_tokens, source.name)


def _learned_encoder(
    begun: Encoder, source: Source, texts: list[str], split: Split, config: TextSourceConfig, text_paths: TextPaths,
    emit: Emit, control: Control, resume: bool,
) -> Encoder | None:  # fmt: skip
    """Step 2: the trained encoder; None when it was stopped."""
    steps = encoder_steps(config, source)
    if not steps:
        emit(StageEnded(stage="encoder", figure="", before=None, after=None, seconds=0.0))
        if source.origin == "scratch":
            written(lambda: keep_encoder(begun, text_paths.encoder, {}), emit, control)
        return begun
    histories = Histories(split.dataset.items, split.dataset.offsets[:-1], split.train_ends)
    taught = texts
    if split.hidden is not None:
        taught = ["" if hidden else text for text, hidden in zip(texts, split.hidden, strict=True)]
    rate = PEAK_RATE if source.origin == "scratch" else PEAK_RATE / 10
    folder = text_paths.run / "checkpoints" / "encoder"
    learning = MaskedLanguage(begun, Corpus(taught, histories, config.seed), steps, rate, folder, emit, control)
    shared = (
        None
        if text_paths.shared is None
        else text_paths.shared / sha256(learning.fingerprint.encode()).hexdigest()[:16]
    )
    if (learned := _found(text_paths.encoder, learning.fingerprint)) is not None:
        emit(StageStarted(stage="encoder", note=Message("encoder.step-2-done")))
        emit(_ended(learned))
        encoder = Encoder.load(text_paths.encoder, config.text_tokens, source.name)
        if shared is not None and _found(shared, learning.fingerprint) is None:  # killed before it was shared
            written(partial(keep_encoder, encoder, shared, learned), emit, control)
        return encoder
    with _turn(shared, emit, control) as ours:
        if not ours:
            return None
        if shared is not None and (found := _found(shared, learning.fingerprint)) is not None:
            emit(StageStarted(stage="encoder", note=Message("encoder.step-2-from-study")))
            encoder = Encoder.load(shared, config.text_tokens, source.name)
            written(lambda: keep_encoder(encoder, text_paths.encoder, found), emit, control)
            emit(StageEnded(stage="encoder", figure="", before=None, after=None, seconds=0.0))
            return encoder
        emit(StageStarted(stage="encoder", note=Message("encoder.step-2-learning", encoder=describe(begun))))
        if not (resume and learning.has_checkpoint) and len(texts) <= SCORED_ITEMS:
            try:
                _score_before(begun, texts, split, config, emit, control)
            except CancelledError:
                return None
        ended, before, after = learning.run(resume)
        if ended == "stopped":
            return None
        begun.eval()
        seconds = learning.progress.seconds
        rests = {"rests_on": learning.fingerprint, "before": before, "after": after, "seconds": seconds}
        written(lambda: keep_encoder(begun, text_paths.encoder, rests), emit, control)
        if shared is not None:
            written(lambda: keep_encoder(begun, shared, rests), emit, control)
        emit(_ended(rests))
        return begun


@contextlib.contextmanager
def _turn(shared: Path | None, emit: Emit, control: Control) -> Iterator[bool]:
    """Of the trials of a study that need a shared encoder at the same time, one trains it, and the others wait for it;
    False for one that was stopped while it waited."""
    if shared is None:
        yield True
        return
    with explained(shared):
        make_folder(shared.parent)
    lock, told = FileLock(shared.with_name(f".{shared.name}.lock"), mode=PRIVATE_FILE), False
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            if not told:
                emit(StageStarted(stage="encoder", note=Message("encoder.step-2-waiting")))
                told = True
        if control.wait_for_stop(WAIT_SECONDS):
            yield False
            return
    try:
        yield True
    finally:
        lock.release()


def _ended(facts: dict[str, Any]) -> StageEnded:
    """The event for a trained encoder."""
    before, after = float(facts["before"]), float(facts["after"])
    return StageEnded(
        stage="encoder", figure="words guessed right", before=before, after=after, seconds=float(facts["seconds"])
    )


def keep_encoder(encoder: Encoder, folder: Path, facts: dict[str, Any]) -> None:
    """Write an encoder and what its weights depend on; the folder appears when all of it is on disk."""
    if folder.exists():  # of a start with other settings, or of another version: nothing rests on it yet
        with explained(folder):
            shutil.rmtree(folder)
    with new_folder(folder) as made:
        encoder.save(made)
        write_record(made / LEARNED, {"format": FORMAT, **facts})


def _found(folder: Path, rests_on: str) -> dict[str, Any] | None:
    """The `LEARNED` file of a folder, if the encoder in it depends on the same things."""
    try:
        facts = read_object(folder / LEARNED)
    except RecdeskError:
        return None
    return facts if facts.get("rests_on") == rests_on else None


def _score_before(
    encoder: Encoder, texts: list[str], split: Split, config: TextSourceConfig, emit: Emit, control: Control
) -> None:
    """Emit validation metrics of recommending similar texts with the untrained encoder. Raises CancelledError."""
    vectors = encoder.encode(texts, Task(throttled("encoder", emit), lambda: control.stopped))
    whitened = _fit_whitening(vectors, texts, split, encoder, config).apply(vectors)
    whitened[[not text for text in texts]] = 0.0
    wanted = Task(cancelled=lambda: control.stopped)
    scored = evaluate(SimilarTexts(whitened), split, "validation", with_loss=False, task=wanted)
    if scored is None:
        raise CancelledError()
    if len(scored.ranks.users):
        emit(StageScored(stage="encoder", metrics=scored.ranks.summary()))


def _fit_whitening(
    vectors: NDArray[np.float32], texts: list[str], split: Split, encoder: Encoder, config: TextSourceConfig
) -> Whitening:
    """Fit on the items that have a text and are in the training part."""
    fitted = np.array([bool(text) for text in texts])
    if split.hidden is not None:
        fitted &= ~split.hidden
    return Whitening.fit(vectors[fitted], config.text_width if isinstance(config, TextConfig) else encoder.width)


def _keep_facts(
    encoder: Encoder, source: Source, template: str, config: TextSourceConfig, text_paths: TextPaths
) -> None:
    """Write `text_paths.facts`: steps 1 and 2 are done."""
    values = {
        "format": FORMAT,
        "template": template,
        "wanted": config.encoder,
        "own": source.origin == "scratch" or encoder_steps(config, source) > 0,
        "name": encoder.name,
        "origin": source.origin,
        "revision": source.revision,
        "fingerprint": encoder.fingerprint,
        "most_tokens": encoder.most_tokens,
    }
    if not values["own"] and source.folder is not None:
        values["parts"] = parts(source.folder)
    write_record(text_paths.facts, values)


def _say_texts(encoder: Encoder, texts: list[str], emit: Emit) -> None:
    lengths = token_lengths(encoder, [text for text in dict.fromkeys(texts) if text])
    cut, empty = float((lengths > encoder.most_tokens).mean()), sum(not text for text in texts)
    if cut > 0.05:
        emit(Warned(sentence=Message("text.texts-cut", share=cut, count=encoder.most_tokens)))
    if empty:
        emit(Warned(sentence=Message("text.items-without-text", count=empty)))


def _vectors(
    encoder: Encoder, texts: list[str], template: str, split: Split, config: TextSourceConfig, text_paths: TextPaths,
    emit: Emit, control: Control, ready: bool,
) -> Prepared:  # fmt: skip
    emit(
        StageStarted(
            stage="vectors", note=Message("encoder.reading-texts", count=len(texts), encoder=describe(encoder))
        )
    )
    started = time.monotonic()
    cache = VectorCache(text_paths.cache / "vectors")
    task = Task(throttled("vectors", emit), lambda: control.stopped)
    vectors = cache.encode(encoder, texts, task, lambda said: emit(Warned(sentence=said)))
    if starts(config) or (ready and text_paths.whitening.exists()):  # as the model read them where it learned
        whitening = load_whitening(text_paths)
    else:  # also where an earlier version was killed between the two
        whitening = _fit_whitening(vectors, texts, split, encoder, config)
        tensors = _as_tensors(whitening)
        written(lambda: save_tensors(text_paths.whitening, tensors, {"format": FORMAT}), emit, control)
    side = TextSide(encoder, whitening, template)
    whitened = whitening.apply(vectors)
    whitened[[not text for text in texts]] = 0.0
    emit(StageEnded(stage="vectors", figure="", before=None, after=None, seconds=time.monotonic() - started))
    return Prepared(side, texts, whitened)


def _as_tensors(whitening: Whitening) -> dict[str, Any]:
    import torch

    return {"mean": torch.from_numpy(whitening.mean), "matrix": torch.from_numpy(whitening.matrix)}
