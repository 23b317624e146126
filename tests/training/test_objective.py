import numpy as np
import pytest

from recdesk.data.splitting import make_split
from recdesk.training.config import make_config
from recdesk.training.train_step import DecoderStep
from tests.conftest import chain_dataset


def stepper(**settings) -> DecoderStep:
    return DecoderStep(make_split(chain_dataset()), make_config("bert4rec", hidden=8, heads=1, layers=1, **settings))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_so_many_steps_of_bert4rec_predict_the_next_item(share: float):
    objective = (made := stepper(next_item_share=share)).objective
    windows = made.batches.plan(0)[0]
    causal = [objective.batch(windows, 0, 4096 * index).causal for index in range(300)]
    assert np.mean(causal) == pytest.approx(share, abs=0.08)


def test_the_parts_of_a_step_are_alike_in_kind():
    objective = (made := stepper(next_item_share=0.5)).objective
    windows = made.batches.plan(0)[0]
    for index in range(20):
        kinds = {objective.batch(windows, 0, 4096 * index + part).causal for part in range(8)}
        assert len(kinds) == 1


def test_the_bias_starts_at_what_is_popular():
    made = stepper()
    popularity = made.batches.popularity(made.model.n_items)
    share = (popularity + 1) / (popularity.sum() + len(popularity))
    np.testing.assert_allclose(made.model.bias.detach().softmax(0).numpy(), share, rtol=1e-5)
