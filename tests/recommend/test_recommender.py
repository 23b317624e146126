import itertools

import numpy as np
import pytest

from recdesk.core.errors import RecdeskError
from recdesk.recommend.recommender import LiveModel
from tests.conftest import chain_dataset


def test_top_n_has_original_ids_titles_features_and_order(live: LiveModel):
    lines = live.top_n([4, 5, 6], 5)
    assert [line.rank for line in lines] == [1, 2, 3, 4, 5]
    assert lines[0].item_id == "007" and lines[0].title == "标题 7, “no. 7”"
    assert lines[0].features == {"genre": "odd"}
    assert all(a.score >= b.score for a, b in itertools.pairwise(lines))


def test_seen_items_are_left_out_unless_wanted(live: LiveModel):
    history = [4, 5, 6]
    assert not {line.code for line in live.top_n(history, 40)} & set(history)
    assert {line.code for line in live.top_n(history, 40, exclude_seen=False)} == set(range(1, 41))


def test_a_filter_works_before_the_cut(live: LiveModel):
    allowed = np.zeros(40, dtype=bool)
    allowed[[1, 2, 30]] = True
    assert {line.code for line in live.top_n([4], 10, allowed=allowed)} == {2, 3, 31}


def test_a_person_without_a_history_gets_recommendations(live: LiveModel):
    assert len(live.top_n([], 10)) == 10


def test_when_everything_is_seen_nothing_is_recommended(live: LiveModel):
    assert live.top_n(list(range(1, 41)), 10) == []


def test_the_explanation_names_the_item_that_carries_it(live: LiveModel):
    explanation = live.explain([20, 30, 4, 5, 6], 7, exclude_seen=False)
    assert explanation.rank == 1
    assert explanation.reasons[0].code == 6
    assert explanation.reasons[0].effect > 0
    assert explanation.reasons[0].rank_without > 1
    effects = [reason.effect for reason in explanation.reasons]
    assert effects == sorted(effects, reverse=True)
    assert {reason.position for reason in explanation.reasons} == {0, 1, 2, 3, 4}


def test_leaving_an_item_out_ranks_as_if_it_had_never_been_there(live: LiveModel):
    history = [20, 4, 5, 6]
    without = next(r for r in live.explain(history, 7, exclude_seen=False).reasons if r.code == 6)
    ranks = {line.code: line.rank for line in live.top_n([20, 4, 5], 40, exclude_seen=False)}
    assert without.rank_without == ranks[7]


def test_a_model_of_another_catalogue_is_refused(live: LiveModel):
    with pytest.raises(RecdeskError, match="knows 40 items, but “chain” has 41"):
        LiveModel(live.model, chain_dataset(n_items=41))
