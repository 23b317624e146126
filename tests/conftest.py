"""Small real data for all tests."""

import contextlib
import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

if "PYTEST_XDIST_WORKER" in os.environ:  # before anything counts processors: tests run side by side, one on each
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from recdesk.core import temporary
from recdesk.data.dataset import Dataset
from tests import watch

# Timing belongs in the benchmarks: a loaded machine must not fail a test
settings.register_profile("recdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("recdesk")


def pytest_sessionstart(session: pytest.Session) -> None:
    """With xdist every worker imports all modules. Have each begin at another one, so that in a fresh clone they share
    the rewriting of assertions, which is half of it."""
    worker = getattr(session.config, "workerinput", None)
    here = Path(__file__).parent
    if worker is None or [Path(each).resolve() for each in session.config.args] != [here]:
        return
    names = [".".join(path.relative_to(here.parent).with_suffix("").parts) for path in sorted(here.rglob("test_*.py"))]
    first = int(worker["workerid"].removeprefix("gw")) * len(names) // worker["workercount"]
    for name in names[first:] + names[:first]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # said when it is collected
            importlib.import_module(name)


@pytest.fixture(autouse=True)
def _temporary_files_of_nobody() -> Iterator[None]:
    """No test works in the workspace of another one."""
    yield
    temporary.use_folder(None)


SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def chain_dataset(
    n_users: int = 60, n_items: int = 40, length: int = 12, certainty: float = 0.95, seed: int = 0
) -> Dataset:
    """Users walk a ring of items, one on with the given certainty, else to a random one: quick to learn."""
    rng = np.random.default_rng(seed)
    walks = np.empty((n_users, length), np.int32)
    walks[:, 0] = rng.integers(1, n_items + 1, n_users)
    for step in range(1, length):
        jump = rng.random(n_users) > certainty
        walks[:, step] = np.where(jump, rng.integers(1, n_items + 1, n_users), walks[:, step - 1] % n_items + 1)
    return Dataset(
        name="chain",
        user_ids=pd.Index([f"user-{u:03}" for u in range(n_users)], dtype="str"),
        item_ids=pd.Index([f"00{i}" for i in range(1, n_items + 1)], dtype="str"),
        offsets=np.arange(n_users + 1, dtype=np.int64) * length,
        items=walks.ravel(),
        times=np.tile(np.arange(length, dtype=np.int64) * 60, n_users),
        item_features=pd.DataFrame(
            {
                "title": [f"标题 {i}, “no. {i}”" for i in range(1, n_items + 1)],
                "genre": ["even" if i % 2 else "odd" for i in range(n_items)],
            },
            dtype="str",
        ),
        title_column="title",
    )


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., watch.Watch]]:
    """Starts to watch the files of a folder: those touched on a thread, or on any."""
    watch.listen()
    for name in ("stat", "lstat", "access"):  # which are not audited
        monkeypatch.setattr(os, name, watch.heard(name))

    def begin(folder: Path, thread: int | None = None) -> watch.Watch:
        return watch.begin(folder, thread)

    yield begin
    watch.forget()


@pytest.fixture(scope="session")
def chain() -> Dataset:
    """See `chain_dataset`."""
    return chain_dataset()


@pytest.fixture(scope="session")
def movielens_folder() -> Path:
    """MovieLens ml-latest-small, where the machine has it."""
    folder = SHARED / "ml-latest-small"
    if not folder.is_dir():
        pytest.skip("needs MovieLens ml-latest-small beside the project (../shared/data/ml-latest-small)")
    return folder


@pytest.fixture(scope="session")
def text_workspace(tmp_path_factory) -> Path:
    """A workspace with the built-in example and a `text-bert` run on it whose encoder was trained here; look, don't
    change: all processes of the tests share it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with FileLock(shared / "texts.lock"):
        if not (shared / "texts").is_dir():
            made = _text_workspace(tmp_path_factory.mktemp("texts"))
            made.rename(shared / "texts")
    return shared / "texts"


def _text_workspace(folder: Path) -> Path:
    from recdesk.data.example import make_example
    from recdesk.data.importing import ImportResult
    from recdesk.experiment.pipeline import execute
    from recdesk.monitor.control import Control
    from recdesk.training.config import make_config
    from recdesk.workspace.workspace import Workspace

    workspace = Workspace(folder / "workspace")
    workspace.add_dataset(ImportResult(make_example(), [], pd.DataFrame()))
    settings = {"encoder": "scratch", "encoder_steps": 40, "epochs": 12, "max_length": 10, "layers": 1, "device": "cpu"}
    run = workspace.create_run("Bookshop example", make_config("text-bert", **settings), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert run.state == "finished", run.reason
    return workspace.folder
