import pytest

from recdesk.data.splitting import make_split
from recdesk.monitor.control import Control
from recdesk.recommend.recommender import LiveModel
from recdesk.training.config import make_config
from recdesk.training.fit import fit


@pytest.fixture(scope="session")
def live(tmp_path_factory, chain) -> LiveModel:
    """A small model that has learned the chain."""
    settings = {"hidden": 32, "layers": 1, "max_length": 10, "epochs": 60, "learning_rate": 5e-3, "device": "cpu"}
    folder = tmp_path_factory.mktemp("run")
    outcome = fit(make_split(chain), make_config("bert-causal", **settings), folder, lambda event: None, Control())
    outcome.model.save(folder)
    return LiveModel.open(folder, chain, "cpu")
