import numpy as np
import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data.histories import Histories
from recdesk.recommend.fidelity import fidelity
from recdesk.recommend.recommender import LiveModel
from tests.conftest import chain_dataset
from tests.recommend.test_explaining import ease


def test_leaving_out_what_carries_an_item_beats_random_order_and_both_ends_are_the_same():
    live = LiveModel(ease(), chain_dataset(n_items=40))
    found = fidelity(live, most=30)
    assert found.people == 30
    assert found.deletion_gain[1] > 0 and found.insertion_gain[1] > 0
    assert found.deletion[0] == pytest.approx(found.deletion_random[0]) == pytest.approx(found.insertion[-1])
    assert found.deletion[-1] == pytest.approx(found.insertion_random[0])
    assert (found.deletion[1:-1] <= found.deletion_random[1:-1] + 1e-9).all()
    assert "can be trusted" in found.sentence
    assert fidelity(live, most=30).deletion_gain == found.deletion_gain


def test_a_model_that_reads_nothing_gets_a_warning_and_a_cancelled_one_ends():
    model = ease()
    model.scores = lambda histories, candidates=None: __import__("torch").arange(40.0).repeat(len(histories), 1)
    live = LiveModel(model, chain_dataset(n_items=40))
    found = fidelity(live, most=5)
    assert found.deletion_gain == (0.0, 0.0, 0.0) and "with care" in found.sentence
    with pytest.raises(CancelledError):
        fidelity(live, task=Task(cancelled=lambda: True))


def test_curves_are_those_of_scoring_each_shorter_history():
    live = LiveModel(ease(), chain_dataset(n_items=40, n_users=1))
    found = fidelity(live)
    history = live.dataset.histories().row(0)
    code = live.top_n(history, 1)[0].code
    first = live.explain(history, code).reasons[0].position
    scores = live.model.scores(Histories.of([np.delete(history, first)]))[0].double()
    expected = float((scores[code - 1] - scores.mean()) / scores.std())
    assert found.deletion[1] == pytest.approx(expected, abs=1e-4)  # of twelve items, one is a tenth
