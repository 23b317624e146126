import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data.dataset import Dataset
from recdesk.data.splitting import Split, make_split
from recdesk.evaluation import baselines as module
from recdesk.evaluation.baseline_results import file_of
from recdesk.evaluation.baselines import BaselineResult, fit_popular, score_baselines
from recdesk.evaluation.metrics import compare
from recdesk.evaluation.ranking import evaluate
from recdesk.models.baselines.ease import Ease
from recdesk.models.baselines.popular import MostPopular

NAMES = ["most popular", "popular lately", "last item", "item-kNN", "EASE"]


def random_dataset(people: int, n_items: int, seed: int = 0) -> Dataset:
    """Histories of any length, with repeats, some of everything there is."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 2 * n_items, people)
    return Dataset(
        "random",
        pd.Index([f"u{i}" for i in range(people)]),
        pd.Index([f"i{i}" for i in range(n_items)]),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        rng.integers(1, n_items, lengths.sum()).astype(np.int32),  # nobody takes the last item
    )


def figures(results: list[BaselineResult]) -> dict[str, dict[str, dict[str, float]]]:
    return {result.name: result.metrics for result in results}


@pytest.mark.parametrize("n_items", [5, 15, 60])
@pytest.mark.parametrize("part", ["validation", "test"])
def test_the_order_that_everybody_gets_gives_the_ranks_of_ranking_for_each(n_items: int, part, monkeypatch):
    split = make_split(random_dataset(300, n_items))
    model = fit_popular(split)
    found = evaluate(model, split, part, with_lists=True, with_loss=False)
    monkeypatch.setattr(MostPopular, "common_scores", None)
    expected = evaluate(model, split, part, with_lists=True, with_loss=False)
    np.testing.assert_array_equal(found.ranks.users, expected.ranks.users)
    np.testing.assert_array_equal(found.ranks.greater, expected.ranks.greater)
    np.testing.assert_array_equal(found.ranks.equal, expected.ranks.equal)
    np.testing.assert_array_equal(found.lists, expected.lists)


def test_what_is_alike_for_everybody_is_not_scored_for_each(chain, monkeypatch):
    monkeypatch.setattr(MostPopular, "scores", lambda *a: pytest.fail("a row a person"))
    split = make_split(chain)
    assert module.score("most popular", fit_popular(split), split) is not None


def test_the_size_of_blocks_of_people_changes_no_rank(monkeypatch):
    split = make_split(random_dataset(100, 30))
    whole = module.score("most popular", fit_popular(split), split)
    monkeypatch.setattr("recdesk.evaluation.ranking.ROWS_AT_ONCE", 200)
    parts = module.score("most popular", fit_popular(split), split)
    assert parts.metrics == whole.metrics


@pytest.mark.parametrize("error, said", [
    (MemoryError(), "EASE is left out: there is not enough memory for it."),
    (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 34 bytes."),
     "EASE is left out: there is not enough memory for it."),
    (ValueError("a bug"), "EASE is left out: something unexpected went wrong (ValueError: a bug)."),
])  # fmt: skip
def test_a_baseline_that_fails_is_left_out_and_said_and_the_others_are_scored(
    error: Exception, said: str, chain, monkeypatch
):
    def fails(split: Split, cancelled) -> None:
        raise error

    usual = module.BASELINES
    monkeypatch.setattr(module, "BASELINES", ((Ease.kind, fails), *usual[:4]))
    warned: list[str] = []
    results = score_baselines(make_split(chain), warn=warned.append)
    assert [result.name for result in results] == NAMES[:4]
    assert warned == [said]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def turned(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def of_others(path: Path) -> None:
    with np.load(path) as arrays:
        changed = {name: arrays[name] for name in arrays.files}
    changed["test"][1] += 1
    np.savez_compressed(path, **changed)


DAMAGE = {
    "no zip": lambda path: path.write_bytes(b"nonsense"),
    "a zip's beginning only": lambda path: path.write_bytes(b"PK\x03\x04nonsense"),
    "empty": lambda path: path.write_bytes(b""),
    "cut short": cut,
    "a bit turned": turned,
    "ranks that are not those of the figures": of_others,
    "one array": lambda path: np.savez(path, metrics=np.array("[1, 2]")),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_kept_result_that_is_damaged_is_scored_again_and_written_anew(damage, chain, tmp_path: Path, monkeypatch):
    split = make_split(chain)
    expected = figures(score_baselines(split, tmp_path))
    (path,) = tmp_path.glob("*-EASE-*.npz")
    damage(path)
    warned: list[str] = []
    assert figures(score_baselines(split, tmp_path, warn=warned.append)) == expected
    assert warned == []
    monkeypatch.setattr(module, "BASELINES", tuple((name, None) for name in NAMES))  # nothing can be fitted
    assert figures(score_baselines(split, tmp_path)) == expected


def test_results_that_cannot_be_kept_are_a_note_at_most(chain, tmp_path: Path):
    split = make_split(chain)
    expected = figures(score_baselines(split))
    (tmp_path / "cache").write_text("a file where the folder belongs")
    warned: list[str] = []
    assert figures(score_baselines(split, tmp_path / "cache", warn=warned.append)) == expected
    (said,) = warned
    assert said.startswith("The next run scores the baselines again, as their figures could not be kept: ")
    shutil.copytree(tmp_path, tmp_path / "other")
    path = file_of("EASE", split, tmp_path / "second")
    path.mkdir(parents=True)  # a folder where the file belongs
    assert figures(score_baselines(split, tmp_path / "second", warn=warned.append)) == expected
    assert len(warned) == 2


def test_where_scoring_takes_long_so_many_are_drawn_and_said_and_compared_with_the_same(chain, monkeypatch):
    split = make_split(chain)
    every = {result.name: result for result in score_baselines(split)}
    monkeypatch.setattr(module, "MOST_WORK", 1)
    monkeypatch.setattr(module, "FEWEST_MEASURED", 20)
    warned: list[str] = []
    some = {result.name: result for result in score_baselines(split, warn=warned.append)}
    assert some["item-kNN"].metrics == every["item-kNN"].metrics
    assert some["EASE"].metrics["test"]["users"] == 20
    assert warned == [
        "EASE is measured on 20 of 60 people, drawn at random: to score everybody's items would take long."
    ]
    users = some["EASE"].ranks["test"].users
    kept = np.isin(every["EASE"].ranks["test"].users, users)
    np.testing.assert_array_equal(some["EASE"].ranks["test"].greater, every["EASE"].ranks["test"].greater[kept])
    found = compare(every["item-kNN"].ranks["test"], some["EASE"].ranks["test"])
    assert found["users"] == 20


@pytest.mark.parametrize("after", [0, 5, 20])
def test_scoring_stops_where_it_is_asked_to(after: int, chain, tmp_path: Path):
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    warned: list[str] = []
    results = score_baselines(make_split(chain), tmp_path, warn=warned.append, task=Task(cancelled=cancelled))
    assert len(results) < 5
    assert warned == []
    assert len(list(tmp_path.iterdir())) == len(results)


def test_a_setting_is_chosen_by_some_people_where_all_would_take_long(chain, monkeypatch):
    seen: list[int] = []
    monkeypatch.setattr(module, "TUNING_SCORES", 20 * chain.n_items)
    usual = module.evaluate

    def spied(model, split, part, users=None, *rest, **more):
        seen.append(0 if users is None else len(users))
        return usual(model, split, part, users, *rest, **more)

    monkeypatch.setattr(module, "evaluate", spied)
    module.fit_ease(make_split(chain))
    assert seen == [20] * len(module.EASE_STRENGTHS)
    with pytest.raises(CancelledError):
        module.fit_ease(make_split(chain), Task(cancelled=lambda: True))
