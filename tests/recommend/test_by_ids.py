"""A model asked with ids: what is kept of rules, from several threads."""

import threading

import pytest

from recdesk.core.errors import UsageError
from recdesk.data.dataset import Dataset
from recdesk.recommend import by_ids
from recdesk.recommend.by_ids import ModelByIds
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.rules import NO_RULES, Rules
from tests.recommend.test_reranking import LIVE
from tests.serving.making import drawn


@pytest.fixture
def model() -> ModelByIds:
    return ModelByIds(LIVE[True])


def test_the_rules_asked_for_last_are_kept(model: ModelByIds, monkeypatch):
    monkeypatch.setattr(by_ids, "BOUND_KEPT", 2)
    rules = [Rules(block=(f"00{item}",)) for item in range(1, 4)]
    first, second = model.bind(rules[0]), model.bind(rules[1])
    assert model.bind(rules[0]) is first and first is not None and first.rules == rules[0]
    model.bind(rules[2])
    assert model.bind(rules[0]) is first and model.bind(rules[1]) is not second
    assert model.bind(NO_RULES) is None


def test_rules_that_leave_nothing_are_refused_each_time(model: ModelByIds):
    for _ in range(2):
        with pytest.raises(UsageError, match="No item meets the rules"):
            model.bind(Rules(allow=("gone",)))


def test_rules_are_bound_from_several_threads(model: ModelByIds, monkeypatch):
    monkeypatch.setattr(by_ids, "BOUND_KEPT", 3)
    rules = [Rules(block=(f"00{item}",)) for item in range(1, 9)]
    wrong: list[object] = []

    def bind() -> None:
        for _ in range(20):
            for each in rules:
                bound = model.bind(each)
                if bound is None or bound.rules != each:
                    wrong.append(bound)

    threads = [threading.Thread(target=bind) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_vectors_of_diversity_are_held_once(chain: Dataset):
    model = ModelByIds(LiveModel(drawn(chain.n_items), chain))
    first, second = model.bind(Rules(diversity=0.2)), model.bind(Rules(diversity=0.4))
    assert first is not None and second is not None and first is not second
    assert first.likeness is second.likeness is not None
