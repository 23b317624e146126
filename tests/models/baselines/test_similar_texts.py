import numpy as np
import torch

from recdesk.data.histories import Histories
from recdesk.models.baselines.similar_texts import LATEST, SimilarTexts

VECTORS = np.random.default_rng(0).normal(size=(20, 5)).astype(np.float32)


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


def test_scores_are_cosines_with_the_mean_of_the_history_each_item_counting_alike():
    unit = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    scores = SimilarTexts(VECTORS).scores(Histories.of([[3, 9], [4]]))
    for row, history in enumerate([[3, 9], [4]]):
        mean = unit[np.array(history) - 1].mean(0)
        expected = [cosine(mean, vector) for vector in VECTORS]
        np.testing.assert_allclose(scores[row], expected, atol=1e-5)
    assert scores.dtype == torch.float32
    torch.testing.assert_close(SimilarTexts(VECTORS * 7).scores(Histories.of([[3, 9], [4]])), scores)


def test_only_the_latest_items_count():
    model = SimilarTexts(VECTORS)
    latest = list(range(1, LATEST + 1))
    long, short = model.scores(Histories.of([[15, 16, 17, *latest], latest]))
    torch.testing.assert_close(long, short)


def test_nothing_taken_and_nothing_to_read_score_nothing():
    model = SimilarTexts(np.concatenate([VECTORS[:-1], np.zeros((1, 5), np.float32)]))
    scores = model.scores(Histories.of([[], [20], [3]]))
    assert not scores[:2].any()  # an empty history; one of a single item without text
    assert scores[2, 19] == 0 and scores[2, 2] > 0.999


def test_candidates_are_columns_of_the_whole():
    model, some = SimilarTexts(VECTORS), np.array([20, 1, 7])
    histories = Histories.of([[3, 9], [4]])
    torch.testing.assert_close(model.scores(histories, some), model.scores(histories)[:, some - 1])
