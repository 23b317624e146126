from pathlib import Path

import numpy as np
import pytest

from recdesk.errors import RecdeskError
from recdesk.training.checkpoints import Checkpoints, Progress
from recdesk.training.config import make_config
from recdesk.training.objective import build_model
from recdesk.training.updates import Updates


@pytest.mark.parametrize("by_rows", [True, False])
def test_a_checkpoint_of_the_other_kind_of_device_is_refused_with_a_sentence(by_rows: bool, tmp_path: Path):
    config = make_config(hidden=8, heads=1, layers=1)
    model = build_model(config, np.ones(9, np.int64), 0.1)
    checkpoints = Checkpoints(tmp_path, "the same run")
    checkpoints.create(model)
    checkpoints.save_last(model, Updates(model, config, by_rows), Progress())
    with pytest.raises(RecdeskError, match="another kind of device"):
        checkpoints.restore_last(model, Updates(model, config, not by_rows))
    assert checkpoints.restore_last(model, Updates(model, config, by_rows)) == Progress()
