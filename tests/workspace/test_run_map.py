from pathlib import Path

import numpy as np
import pytest

from recdesk.core.errors import StorageError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.recommend.item_map import ItemMap
from recdesk.recommend.recommender import LiveModel
from recdesk.workspace import run_map as module
from recdesk.workspace.run_map import MAP, fingerprint, load_map, map_of, save_map
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.recommend.test_explaining import MODELS
from tests.workspace.conftest import small_config


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return workspace.create_run("chain", small_config(), "leave-one-out")


@pytest.fixture
def model() -> LiveModel:
    return LiveModel(MODELS["bert-causal"](), chain_dataset(n_items=40))


@pytest.fixture
def made(monkeypatch) -> list[int]:
    """Seeds of the maps that were made, each of which is quick."""
    seeds: list[int] = []

    def make(vectors, _popularity, seed, _task):
        seeds.append(seed)
        return ItemMap(np.arange(1, len(vectors) + 1), np.full((len(vectors), 2), seed, np.float32), len(vectors))

    monkeypatch.setattr(module, "make_map", make)
    return seeds


def test_a_map_is_made_once_for_its_vectors_and_seed(run: Run, model: LiveModel, made: list[int]):
    first, problem = map_of(run, model)
    again, _ = map_of(run, model)
    assert problem == "" and made == [0]
    assert np.array_equal(first.xy, again.xy) and again.codes.tolist() == first.codes.tolist()
    assert (again.method, again.n_items, again.unusable, again.approximate) == ("t-sne", 40, 0, False)
    assert map_of(run, model, seed=7)[0].xy[0, 0] == 7
    other = LiveModel(MODELS["two-tower"](), model.dataset)
    map_of(run, other, seed=7)
    assert made == [0, 7, 7]


def test_a_window_that_looks_on_writes_nothing(run: Run, model: LiveModel, made: list[int]):
    map_of(run, model, keep=False)
    assert not (run.folder / MAP).exists() and made == [0]


def test_a_damaged_map_is_made_again(run: Run, model: LiveModel, made: list[int]):
    map_of(run, model)
    path = run.folder / MAP
    whole = path.read_bytes()
    middle = len(whole) // 2
    for content in (whole[:middle], b"", whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):
        path.write_bytes(content)
        map_of(run, model)
    assert made == [0, 0, 0, 0]
    map_of(run, model)
    assert len(made) == 4 and path.read_bytes() == whole


@pytest.mark.parametrize(
    ("codes", "xy"),
    [([1, 2, 2], np.zeros((3, 2))), ([0, 1, 2], np.zeros((3, 2))), ([1, 2, 41], np.zeros((3, 2))),
     ([1, 2, 3], np.zeros((2, 2))), ([1, 2, 3], np.full((3, 2), np.nan))],
)  # fmt: skip
def test_a_map_of_something_else_is_none(tmp_path: Path, codes: list[int], xy: np.ndarray):
    save_map(tmp_path / MAP, "m", ItemMap(np.array(codes), xy.astype(np.float32), 40))
    assert load_map(tmp_path / MAP, "m", 40) is None


def test_a_map_that_cannot_be_kept_is_shown_all_the_same(run: Run, model: LiveModel, made: list[int], monkeypatch):
    def full(*_arguments):
        raise StorageError(Message("disk.full", folder=run.folder))

    monkeypatch.setattr(module, "save_map", full)
    found, problem = map_of(run, model, task=Task())
    assert len(found.codes) == 40 and "could not be kept" in problem and made == [0]


def test_the_fingerprint_follows_from_vectors_and_seed():
    vectors = np.ones((3, 2), np.float32)
    changed = vectors.copy()
    changed[2, 1] += 1e-6
    marks = [fingerprint(v, s) for v, s in ((vectors, 0), (vectors, 1), (changed, 0), (vectors.reshape(2, 3), 0))]
    assert len(set(marks)) == 4
