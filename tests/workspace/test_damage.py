"""Whatever happens to a file of a workspace: the same results, or a sentence that names it; no other results, no other
exception."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import RecdeskError
from recdesk.core.records import checksums, write_record
from recdesk.core.tensors import load_tensors
from recdesk.data.importing import ImportResult
from recdesk.data.report import Reject
from recdesk.data.splitting import make_split
from recdesk.data.store import load_dataset, load_health, load_unused
from recdesk.experiment.open_model import add_new_item, open_model
from recdesk.experiment.pipeline import execute, measure
from recdesk.experiment.run_data import dataset_of
from recdesk.experiment.study import create_study, studies
from recdesk.monitor.control import Control
from recdesk.monitor.events import CheckpointSaved, Evaluated, Event, Failed, StateChanged, Warned
from recdesk.recommend.export import export_top_n
from recdesk.recommend.recommender import LiveModel
from recdesk.text.folders import SOURCE
from recdesk.training import masked_language, text_stages
from recdesk.workspace.run_log import curves_of, damages_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.text.making import small_encoder
from tests.workspace.conftest import small_config

TEXTS = {"encoder": "scratch", "encoder_steps": 8, "epochs": 2, "text_width": 16, "text_tokens": 24}
HUB = "someone/small"
SAMPLE = 40
"""Damages that every run of the tests looks at; the others are for the slow ones."""

Answer = Any
Probe = Callable[[], Answer]


@dataclass(frozen=True)
class Made:
    """A workspace with all kinds of files, and the ids of its runs."""

    folder: Path
    ids: str
    texts: str
    hub: str
    stopped: str

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder)

    def run(self, run_id: str) -> Run:
        return Run.read(self.folder / "runs" / run_id)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    patch = pytest.MonkeyPatch()
    patch.setattr(text_stages, "SCRATCH_WIDTH", 32)
    patch.setattr(text_stages, "SCRATCH_LAYERS", 1)
    patch.setattr(masked_language, "STEP_TOKENS", 256)
    patch.setattr(masked_language, "MEASURED", 64)
    folder = tmp_path_factory.mktemp("damage") / "workspace"
    workspace = Workspace(folder)
    chain = chain_dataset()
    people = pd.DataFrame({"town": ["x"] * chain.n_users}, dtype="str")
    numbers = pd.DataFrame({"price": np.linspace(-1, 1, chain.n_items)})
    ratings = np.ones(chain.n_interactions, np.float32)
    full = replace(chain, ratings=ratings, user_features=people, item_numbers=numbers)
    unused = pd.DataFrame({"item": ["z"], "title": ["nobody’s"], "genre": [""]}, dtype="str")
    workspace.add_dataset(ImportResult(full, [Reject("f.csv", 2, "time", "x", "no time", "a,b,x")], unused))
    encoder = small_encoder(folder / "encoders" / "someone--small@0123")
    encoder_folder = folder / "encoders" / "someone--small@0123"
    (encoder_folder / "recdesk.json").unlink()
    sums = checksums(encoder_folder)
    write_record(encoder_folder / SOURCE, {"model_id": HUB, "revision": "0123", "checksums": sums})
    assert encoder.width == 16

    def trained(kind: str, control: Control | None = None, **values: Any) -> Run:
        control = control or Control()

        def stop(event: Event) -> None:
            if isinstance(event, CheckpointSaved | Evaluated) and values.get("seed") == 7:
                control.stop()

        run = workspace.create_run("chain", small_config(kind, **{"epochs": 2, **values}), "new-items")
        return execute(run, control, stop)

    ids, texts = trained("bert-causal"), trained("text-bert", **TEXTS)
    add_new_item(texts, "new", {"title": "标题 3, “no. 5”", "genre": "odd"})
    hub = trained("text-bert", **{**TEXTS, "encoder": HUB, "encoder_steps": 0})
    stopped = trained("text-bert", **{**TEXTS, "seed": 7, "epochs": 3})
    assert [run.state for run in (ids, texts, hub, stopped)] == ["finished", "finished", "finished", "stopped"]
    study = create_study(workspace, "chain", small_config(epochs=1), "leave-one-out", 1.0)
    trial = study.next_run()
    assert trial is not None
    trial = execute(trial, Control(), lambda event: None)
    study.write_best()
    yield Made(folder, ids.id, texts.id, hub.id, stopped.id)
    patch.undo()


# what is done with a workspace


def listed(made: Made) -> Answer:
    workspace, damaged = made.workspace, list[RecdeskError]()
    runs = [
        (
            run.id,
            run.state,
            run.config.model_dump(),
            run.metrics,
            run.baselines,
            run.comparisons,
            run.notes,
            run.protocol,
        )
        for run in workspace.runs(damaged)
    ]
    sets = [(info.name, info.facts) for info in workspace.datasets(damaged)]
    known = studies(workspace, damaged)
    found = [(study.id, study.base.model_dump(), study.rows()) for study in known]
    said = [sentence for study in known for run in study.runs() for sentence in damages_of(run)]
    return {"runs": runs, "datasets": sets, "studies": found}, " ".join([*map(str, damaged), *said])


def loaded(made: Made) -> Answer:
    folder = made.folder / "datasets" / "chain"
    dataset = load_dataset(folder)
    arrays = [array.tobytes() for array in (dataset.offsets, dataset.items, dataset.times, dataset.ratings)]  # type: ignore[union-attr]
    tables = (dataset.item_features, dataset.item_numbers, dataset.user_features, load_unused(folder))
    texts = [table.to_csv() for table in tables]
    health = asdict(load_health(folder))
    return (
        arrays,
        texts,
        list(dataset.user_ids),
        list(dataset.item_ids),
        dataset.report,
        dataset.rules,
        health,
        dataset.content_hash,
    )


def evaluated(made: Made, run_id: str) -> Answer:
    run = made.workspace.run(run_id)
    run.require_model()
    data = dataset_of(run)
    model = LiveModel.open(run.best_folder, data, "cpu").model
    return measure(make_split(data, run.split), model)[1]


def recommended(made: Made, run_id: str) -> Answer:
    model = open_model(made.workspace.run(run_id))
    lines = [(line.item_id, line.title, line.score) for line in model.top_n([1, 2, 3], 50)]
    near = [] if model.reader is None else [(line.item_id, line.score) for line in model.search("标题 odd", 5)]
    return lines, near


def exported(made: Made, run_id: str) -> Answer:
    path = made.folder.parent / "out.csv"
    export_top_n(open_model(made.workspace.run(run_id)), path, 5)
    return path.read_bytes()


def drawn(made: Made, run_id: str) -> Answer:
    curves = curves_of(made.run(run_id))
    said = " ".join(damages_of(made.run(run_id)))
    return (curves.train_loss.y.tolist(), curves.metrics["ndcg@10"].y.tolist(), curves.seconds), said


def resumed(made: Made, run_id: str) -> Answer:
    """Of a stopped run; its folder is as before afterwards but for the damage, which the caller undoes."""
    seen: list[Event] = []
    run, control = made.workspace.run(run_id), Control()

    def on_event(event: Event) -> None:
        seen.append(event)
        if isinstance(event, StateChanged) and event.state == "paused":  # it would wait for ever
            control.stop()
            control.stop()

    run = execute(run, control, on_event, resume=True)
    assert not control.stopped, [event.sentence for event in seen if isinstance(event, Warned)]
    if isinstance(seen[-1], Failed):
        assert "unexpected" not in seen[-1].sentence, seen[-1].details
        raise RecdeskError(seen[-1].sentence, seen[-1].suggestion, seen[-1].details)
    weights, _ = load_tensors(run.best_folder / "model.safetensors")
    return {name: value.tolist() for name, value in weights.items()}, run.metrics


# what happens to a file


def turned(data: bytes, seed: int) -> bytes:
    if not data:
        return data
    rng = np.random.default_rng(seed)
    changed = bytearray(data)
    changed[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def quoted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: quoted(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return list(map(quoted, value))
    return value if isinstance(value, bool) or not isinstance(value, int | float) else str(value)


def numbers_quoted(data: bytes) -> bytes:
    lines = data.decode().splitlines() if data[:8] == b'{"kind":' else [data.decode()]
    return "\n".join(json.dumps(quoted(json.loads(line))) for line in lines).encode()


CONTENTS: dict[str, Callable[[bytes], bytes]] = {
    **{f"bit {seed}": lambda data, seed=seed: turned(data, seed) for seed in range(2)},  # type: ignore[misc]
    "cut": lambda data: data[: len(data) * 2 // 3],
    "emptied": lambda data: b"",
    "list": lambda data: b"[]",
    "text": lambda data: b'"x"',
    "deep": lambda data: b"[" * 100_000,
    "endless number": lambda data: b'{"format": ' + b"9" * 5000 + b"}",
    "bad UTF-8": lambda data: b'{"format": 1, "name": "\xff"}',
    "numbers quoted": numbers_quoted,
}
DAMAGES = (*CONTENTS, "removed", "folder")


def damage(path: Path, how: str) -> bool:
    """Do it; False where it means nothing for such a file."""
    data = path.read_bytes()
    if how == "numbers quoted" and path.suffix not in (".json", ".jsonl"):
        return False
    if how == "list" and path.name == "added-items.json":
        return False  # what a person is told to write there when the items are lost
    if how in CONTENTS:
        path.write_bytes(CONTENTS[how](data))
        return True
    path.unlink()
    if how == "folder":
        path.mkdir()
    return True


def files_of(made: Made) -> list[Path]:
    parts = ("datasets", "runs", "studies", "encoders", "cache/vectors")
    every = [path for part in parts for path in sorted((made.folder / part).rglob("*")) if path.is_file()]
    kept = [path for path in every if path.suffix not in (".txt", ".lock") or path.name == "vocab.txt"]
    return [made.folder / "workspace.json", *(p for p in kept if p.name not in (".run.lock", "rejects.csv"))]


def probes_of(made: Made, path: Path) -> dict[str, Callable[[Made], Answer]]:
    """What may depend on a file."""
    name = path.relative_to(made.folder).as_posix()
    runs = {run_id: run_id in name for run_id in (made.ids, made.texts, made.hub)}
    if name.startswith("datasets"):
        runs[made.ids] = True
    if name.startswith("encoders"):
        runs[made.hub] = True
    if name.startswith("cache"):
        runs[made.texts] = runs[made.hub] = True
    found: dict[str, Callable[[Made], Answer]] = {"listed": listed}
    if name.startswith("datasets"):
        found["loaded"] = loaded
    for run_id in (run_id for run_id, concerned in runs.items() if concerned):
        for probe in (evaluated, recommended, drawn, *([exported] if run_id == made.ids else [])):
            found[f"{probe.__name__} {run_id}"] = lambda made, probe=probe, run_id=run_id: probe(made, run_id)  # type: ignore[misc]
    if made.stopped in name:
        found["resumed"] = lambda made: resumed(made, made.stopped)
    return found


def answers(made: Made, path: Path) -> dict[str, Answer | RecdeskError]:
    found: dict[str, Answer | RecdeskError] = {}
    for name, probe in probes_of(made, path).items():
        try:
            found[name] = probe(made)
        except RecdeskError as error:
            found[name] = error
    return found


class Bench:
    """Damages files of a workspace one by one, looks, and puts everything back."""

    def __init__(self, made: Made) -> None:
        self.made, self.expected = made, dict[str, Answer]()
        self.kept = made.folder.parent / "kept"
        shutil.rmtree(self.kept, ignore_errors=True)
        shutil.copytree(made.folder, self.kept)

    def restore(self, path: Path) -> None:
        """Undo a damage, and all that carrying on the stopped run did."""
        if path.is_dir():
            path.rmdir()
        before = self.kept / path.relative_to(self.made.folder)
        if before.exists():
            shutil.copyfile(before, path)
        else:  # of the stopped run, which was carried to its end
            path.unlink(missing_ok=True)
        if self.made.stopped in path.as_posix():
            for part in (f"runs/{self.made.stopped}", "cache"):
                shutil.rmtree(self.made.folder / part)
                shutil.copytree(self.kept / part, self.made.folder / part)

    def of(self, path: Path) -> dict[str, Answer]:
        missing = [name for name in probes_of(self.made, path) if name not in self.expected]
        if missing:
            found = answers(self.made, path)
            assert not [error for error in found.values() if isinstance(error, RecdeskError)], found
            self.expected |= found
            self.restore(path)
        return {name: self.expected[name] for name in probes_of(self.made, path)}

    def look(self, path: Path, how: str, strict: bool) -> list[str]:
        """What went wrong: results that differ without a word."""
        expected = self.of(path)
        if not damage(path, how):
            return []
        try:
            found = answers(self.made, path)
        finally:
            self.restore(path)
        if not strict:
            return []
        return [
            f"{name} after {path.relative_to(self.made.folder)} {how}: {str(found[name])[:300]}"
            for name in expected
            if not same_or_told(expected[name], found[name], path)
        ]


def same_or_told(expected: Answer, found: Answer, path: Path) -> bool:
    if isinstance(found, RecdeskError):
        text = f"{found.sentence} {found.suggestion} {found.details}"
        return path.name in text or (path.name == SOURCE and HUB in text)  # without it there is no such encoder here
    told = found[1] if isinstance(found, tuple) and isinstance(found[1], str) else ""
    return found == expected or path.name in told


@pytest.fixture(scope="module")
def bench(made: Made) -> Bench:
    return Bench(made)


def cases(made: Made) -> list[tuple[Path, str]]:
    return [(path, how) for path in files_of(made) for how in DAMAGES]


@pytest.mark.slow
def test_a_sample_of_damages_changes_nothing_without_a_word(bench: Bench):
    every = [(path, how) for path, how in cases(bench.made) if bench.made.stopped not in path.as_posix()]
    chosen = np.random.default_rng(5).permutation(len(every))[:SAMPLE]
    assert not [said for index in chosen for said in bench.look(*every[index], strict=True)]


def unsealed(value: Any) -> Any:
    """As an older recdesk wrote it: nothing has a checksum, and nothing says what must be there."""
    if isinstance(value, dict):
        gone = ("checksum", "checksums", "files", "parts", "has")
        return {key: unsealed(entry) for key, entry in value.items() if key not in gone}
    return list(map(unsealed, value)) if isinstance(value, list) else value


@pytest.fixture
def older(made: Made, bench: Bench) -> Iterator[Made]:
    """The same workspace without a checksum in it."""
    for path in files_of(made):
        if path.suffix in (".json", ".jsonl"):
            lines = path.read_text("utf-8").splitlines() if path.suffix == ".jsonl" else [path.read_text("utf-8")]
            path.write_text("".join(json.dumps(unsealed(json.loads(line))) + "\n" for line in lines), "utf-8")
    yield made
    for path in files_of(made):
        bench.restore(path)


@pytest.mark.slow
def test_a_workspace_of_an_older_recdesk_opens_as_it_is(older: Made, bench: Bench):
    (older.run(older.texts).folder / "added-items.json").write_text(
        json.dumps([{"id": "new", "features": {"title": "标题 3, “no. 5”", "genre": "odd"}}])
    )
    assert loaded(older)[-1] == make_hash(older)
    for run_id in (older.ids, older.texts, older.hub):
        for probe in (evaluated, recommended, drawn):
            expected = bench.of(older.run(run_id).folder / "run.json")[f"{probe.__name__} {run_id}"]
            assert probe(older, run_id) == expected
    assert listed(older)[1] == ""
    assert resumed(older, older.stopped)[1]["test"]


def make_hash(made: Made) -> str:
    return str(Run.read(made.folder / "runs" / made.ids).dataset_hash)


@pytest.mark.slow
def test_a_damaged_file_of_an_older_recdesk_brings_no_traceback(older: Made):
    """What it holds may be believed; what cannot be read is told."""
    ways = [how for how in DAMAGES if how not in ("removed", "bit 0", "bit 1")]
    every = [(path, how) for path in files_of(older) for how in ways if older.stopped not in path.as_posix()]
    for index in np.random.default_rng(6).permutation(len(every))[:SAMPLE]:
        path, how = every[index]
        data = path.read_bytes()
        if damage(path, how):
            answers(older, path)
            if path.is_dir():
                path.rmdir()
            path.write_bytes(data)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_damage_changes_anything_without_a_word(bench: Bench):
    assert not [said for path, how in cases(bench.made) for said in bench.look(path, how, strict=True)]
