import optuna
import pytest

from recdesk.experiment.search import RANDOM_TRIALS, WARM_UP, Search, search_space
from recdesk.training.config import make_config

SPACE = search_space(make_config(hidden=32), longest=40)
POINT = {
    "learning_rate": 1e-3, "dropout": 0.2, "weight_decay": 0.01, "label_smoothing": 0.1, "max_length": 50, "hidden": 64,
    "layers": 2,
}  # fmt: skip


def ended(count: int) -> list[tuple[dict[str, object], float]]:
    """Points and what they reached: the more, the higher the learning rate."""
    rates = [4e-4 * 1.3**number for number in range(count)]
    return [({**POINT, "learning_rate": rate}, 100 * rate) for rate in rates]


def searched(seed: int = 9, count: int = 7) -> Search:
    search = Search(SPACE, seed)
    for point, reached in ended(count):
        search.add_ended(point, reached, {1: reached / 2, 2: reached / 2, 3: reached}, pruned=False)
    return search


@pytest.mark.parametrize("count", [2, RANDOM_TRIALS, 8])
def test_alone_a_proposal_is_what_optuna_makes_of_the_trials_that_ended(count: int):
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=9, n_startup_trials=5))
    for point, reached in ended(count):
        study.add_trial(optuna.create_trial(params=point, distributions=SPACE, value=reached))
    expected = study.ask(SPACE).params
    proposed = searched(count=count).propose()
    assert proposed == {name: pytest.approx(value, rel=5e-3) for name, value in expected.items()}


def test_a_proposal_keeps_away_from_the_settings_of_trials_under_way():
    alone, beside = searched(), searched()
    first = alone.propose()
    for number in range(3):
        beside.add_running(f"run-{number}", first, -1.0, {})
    second = beside.propose()
    assert searched().propose() == first and second != first
    assert second["learning_rate"] != pytest.approx(first["learning_rate"], rel=0.01)


def test_a_trial_falls_behind_when_most_were_better_at_the_same_rung():
    search = searched()
    middle = sorted(reached for _, reached in ended(7))[3]
    for name in ("good", "bad"):
        search.add_running(name, POINT, -1.0, {})
    assert not search.falls_behind("bad", WARM_UP - 1, 0.0)
    assert not search.falls_behind("good", WARM_UP + 1, middle * 1.01)
    assert search.falls_behind("bad", WARM_UP + 1, middle * 0.99)
    assert not search.falls_behind("nobody", WARM_UP + 1, 0.0)


def test_the_best_so_far_counts_for_a_trial_that_goes_on():
    search = searched()
    best = max(reached for _, reached in ended(7))
    search.add_running("run", POINT, best, {1: 0.0, 2: 0.0})
    assert not search.falls_behind("run", 3, 0.0)
    search = searched()
    search.add_running("run", POINT, 0.0, {1: 0.0, 2: 0.0})
    assert search.falls_behind("run", 3, 0.0)
