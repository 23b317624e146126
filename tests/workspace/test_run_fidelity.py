"""What was measured of a run's explanations is kept with it, and is worth nothing when damaged or of another model."""

from dataclasses import replace

import numpy as np
import pytest

from recdesk.recommend.fidelity import Fidelity
from recdesk.workspace.run_fidelity import FILE, load_fidelity, save_fidelity
from recdesk.workspace.runs import Run
from tests.workspace.conftest import small_config

CURVE = np.linspace(0, 1, 11)
FOUND = Fidelity(CURVE, CURVE + 1, CURVE + 2, CURVE + 3, CURVE + 4, (0.3, 0.1, 0.5), (0.2, -0.1, 0.4), people=7)


@pytest.fixture
def run(workspace) -> Run:
    return workspace.create_run("chain", small_config(), "leave-one-out")


def test_it_comes_back_as_it_was(run: Run):
    assert load_fidelity(run) is None
    save_fidelity(run, FOUND)
    found = load_fidelity(run)
    assert found is not None and found.people == 7 and found.sentence == FOUND.sentence
    assert np.array_equal(found.insertion_random, FOUND.insertion_random) and found.deletion_gain == (0.3, 0.1, 0.5)


@pytest.mark.parametrize("turn", [lambda raw: raw[:-20], lambda raw: raw.replace(b"0.3", b"0.4"), lambda raw: b"{}"])
def test_a_damaged_file_counts_as_none(run: Run, turn):
    save_fidelity(run, FOUND)
    path = run.folder / FILE
    path.write_bytes(turn(path.read_bytes()))
    assert load_fidelity(run) is None


def test_it_is_of_the_model_as_it_was_when_the_run_had_trained_so_long(run: Run):
    save_fidelity(run, FOUND)
    assert load_fidelity(replace(run, seconds=run.seconds + 60)) is None
