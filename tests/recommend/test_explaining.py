"""Leaving out the items that a model reads gives what leaving out every one would."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.data.histories import Histories, History
from recdesk.models.base import Recommender
from recdesk.models.baselines.ease import Ease
from recdesk.models.baselines.similar_texts import SimilarTexts
from recdesk.models.bert import Bert4Rec, BertCausal, Shape
from recdesk.models.transformer import Sizes
from recdesk.models.two_tower import TowerShape, TwoTower
from recdesk.recommend import explanations as module
from recdesk.recommend.best import higher
from recdesk.recommend.explanations import main_reasons
from recdesk.recommend.export import export_top_n
from recdesk.recommend.export_forms import FileForm
from recdesk.recommend.export_options import EditedPerson
from recdesk.recommend.recommender import LiveModel
from tests.conftest import chain_dataset

N_ITEMS = 40


def causal(kind: type[BertCausal] | type[Bert4Rec] = BertCausal) -> Recommender:
    torch.manual_seed(0)
    return kind(Shape(N_ITEMS, 12, 16, 1, 2)).eval()


def two_tower() -> Recommender:
    torch.manual_seed(0)
    shape = TowerShape(
        n_items=N_ITEMS, first=1, between=2, padding=0, max_length=12, user_tokens=60, item_tokens=5, dropout=0.0
    )
    model = TwoTower(shape, Sizes(60, 64, width=16, layers=1, heads=2, dropout=0.0, inner=32))
    model.set_texts([[1, 10 + code, 2] for code in range(N_ITEMS)])
    with torch.no_grad():
        model.head.normal_()
    return model.eval()


def ease() -> Recommender:
    return Ease.fit(Histories.of(np.random.default_rng(0).integers(1, N_ITEMS + 1, (80, 6))), N_ITEMS, 5.0)


MODELS = {
    "bert-causal": causal,
    "bert4rec": lambda: causal(Bert4Rec),
    "two-tower": two_tower,
    "similar texts": lambda: SimilarTexts(np.random.default_rng(0).normal(size=(N_ITEMS, 8)).astype(np.float32)),
    "EASE, which reads all": ease,
}


def brute(
    live: LiveModel, history: list[int], code: int, allowed: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Effect and rank when each item is left out, one history after the other."""

    def standing(items: list[int]) -> tuple[float, int]:
        scores = live.model.scores(Histories.of([items]))[0].double()
        above = float(scores[code - 1] - scores.mean())
        own = scores[code - 1].clone()
        scores[np.array(history, int) - 1] = float("-inf")
        if allowed is not None:
            scores[~allowed] = float("-inf")
        return above, int((scores > own).sum()) + 1

    full = standing(history)[0]
    without = [standing(history[:i] + history[i + 1 :]) for i in range(len(history))]
    return full - np.array([above for above, _ in without]), np.array([rank for _, rank in without])


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 30])
@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS.keys())
def test_reasons_are_those_of_leaving_out_every_item_of_the_history(make, length: int, monkeypatch):
    monkeypatch.setattr(module, "VARIANTS_AT_ONCE", 5)
    live = LiveModel(make(), chain_dataset(n_items=N_ITEMS))
    history = np.random.default_rng(length).integers(1, N_ITEMS + 1, length).tolist()
    code = next(code for code in range(1, N_ITEMS) if code not in history)
    effects, ranks = brute(live, history, code)
    reasons = sorted(live.explain(history, code).reasons, key=lambda reason: reason.position)
    assert [reason.position for reason in reasons] == list(range(length))
    np.testing.assert_allclose([reason.effect for reason in reasons], effects, atol=1e-5)
    assert [reason.rank_without for reason in reasons] == ranks.tolist()


def first_said(live: LiveModel, history: list[int], code: int, allowed: np.ndarray | None) -> str:
    """Title of what carries a recommendation most, by scoring: what moves it furthest down, else its score."""
    rank = live.explain(history, code, allowed=allowed).rank
    effects, ranks = brute(live, history, code, allowed)
    first = max(range(len(history)), key=lambda at: (max(ranks[at], rank), effects[at]))
    carries = ranks[first] > rank or effects[first] > 0
    return str(live.dataset.titles[history[first] - 1]) if carries else ""


@pytest.mark.parametrize("allowed", [None, np.arange(N_ITEMS) % 3 > 0], ids=["all items", "some items"])
def test_the_first_reason_is_the_same_in_an_explanation_and_in_an_export(allowed: np.ndarray | None, tmp_path: Path):
    live, by_score = LiveModel(causal(), chain_dataset(n_items=N_ITEMS)), 0
    histories = [(np.random.default_rng(seed).permutation(N_ITEMS)[:9] + 1).tolist() for seed in range(12)]
    people = [EditedPerson(-1, f"new {row}", history) for row, history in enumerate(histories)]
    form = FileForm(("user_id", "item_id", "reason"))
    export_top_n(live, tmp_path / "out.jsonl", 4, [], form=form, edited=people, allowed=allowed)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 48
    for at, row in enumerate(rows):
        history, code = histories[at // 4], list(live.dataset.item_ids).index(row["item_id"]) + 1
        explanation = live.explain(history, code, allowed=allowed)
        main = explanation.main
        assert row["reason"] == first_said(live, history, code, allowed) == ("" if main is None else main.title)
        by_score += max(explanation.reasons, key=lambda reason: reason.effect) != explanation.reasons[0]
    assert by_score  # the order by the score alone would name others


def test_an_export_names_the_wish_in_words_where_it_carries_a_recommendation_most():
    live, history = LiveModel(causal(), chain_dataset(n_items=N_ITEMS)), History.of([3, 4, 9])
    live._with_wish = lambda histories, wish: (  # type: ignore[method-assign]
        live.model.scores(histories) + 9 * (torch.arange(N_ITEMS) == 20)
    )
    nobody = np.zeros(N_ITEMS, bool)
    assert main_reasons(live, history, np.array([21, 0]), nobody, "a storm").tolist() == ["the words “a storm”", ""]
    assert live.explain(history, 21, False, "a storm").main.title == "a storm"  # type: ignore[union-attr]
    assert main_reasons(live, History.of([]), np.array([21]), nobody, "a storm").tolist() == ["the words “a storm”"]


def test_so_many_histories_are_scored_as_the_model_reads_items_however_long_the_history(monkeypatch):
    live = LiveModel(causal(), chain_dataset(n_items=N_ITEMS))
    read: list[np.ndarray] = []
    usual = BertCausal.user_vectors
    monkeypatch.setattr(
        BertCausal, "user_vectors", lambda self, histories: read.append(histories.lengths) or usual(self, histories)
    )
    history = np.random.default_rng(0).integers(1, N_ITEMS, 8000)
    reasons = live.explain(history, N_ITEMS).reasons
    assert len(reasons) == 8000
    assert sum(map(len, read)) == 1 + 12
    assert np.concatenate(read[1:]).max() == 12
    assert {reason.effect for reason in reasons if reason.position < 8000 - 12} == {0.0}


def test_ranks_are_those_among_the_allowed_items():
    live = LiveModel(ease(), chain_dataset(n_items=N_ITEMS))
    history, allowed = [3, 4, 9], np.arange(N_ITEMS) % 2 == 1
    top = live.top_n(history, N_ITEMS, allowed=allowed)
    ranks = [live.explain(history, item.code, allowed=allowed).rank for item in top[:5]]
    assert ranks == [1, 2, 3, 4, 5]
    assert live.explain(history, top[4].code).rank > 5


def rank_of(live: LiveModel, history: list[int], whole: list[int], code: int) -> int:
    """Rank by scoring, of an item when only this history is there."""
    scores = live.model.scores(Histories.of([history]))[0].double()
    own = scores[code - 1].clone()
    scores[np.array(whole) - 1] = float("-inf")
    return int((scores > own).sum()) + 1


@pytest.mark.slow
@pytest.mark.parametrize("make", [MODELS["bert-causal"], MODELS["EASE, which reads all"]], ids=["causal", "EASE"])
def test_without_the_smallest_set_it_is_not_in_the_list_and_none_of_it_can_be_spared(make):
    live, found = LiveModel(make(), chain_dataset(n_items=N_ITEMS)), 0
    for seed in range(6):
        history = np.random.default_rng(seed).permutation(N_ITEMS)[:14].tolist()
        history = [code + 1 for code in history]
        for item in live.top_n(history, 3):
            fewest = live.necessary(history, item.code, 3)
            pairs = [{a} for a in range(14)] + [{a, b} for a in range(14) for b in range(a)]
            enough = [
                gone for gone in pairs
                if rank_of(live, [c for at, c in enumerate(history) if at not in gone], history, item.code) > 3
            ]  # fmt: skip
            if fewest is None:
                assert all(len(gone) > 1 for gone in enough)
                continue
            found += 1
            left = [c for at, c in enumerate(history) if at not in fewest.positions]
            assert rank_of(live, left, history, item.code) == fewest.rank_without > 3
            assert len(fewest.positions) <= 5
            for spared in fewest.positions:
                others = [c for at, c in enumerate(history) if at not in fewest.positions or at == spared]
                assert len(fewest.positions) == 1 or rank_of(live, others, history, item.code) <= 3
            if any(len(gone) == 1 for gone in enough):
                assert len(fewest.positions) == 1
    assert found >= 6


def test_what_is_not_in_the_list_has_no_smallest_set():
    live = LiveModel(ease(), chain_dataset(n_items=N_ITEMS))
    last = live.top_n([3, 4, 9], N_ITEMS)[-1].code
    assert live.necessary([3, 4, 9], last, 5) is None


def test_how_many_scores_are_higher_is_exact_under_ties_and_for_items_that_are_no_candidates():
    scores = torch.randint(0, 6, (5, 300), generator=torch.Generator().manual_seed(0)).float()
    own = torch.cat([scores[:, :4], torch.full((5, 1), -1.0), torch.full((5, 1), 9.0)], 1)
    scores[:, ::3] = float("-inf")
    assert higher(scores, own).tolist() == (scores[:, :, None] > own[:, None]).sum(1).tolist()
