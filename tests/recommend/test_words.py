"""Words that carry a recommendation: on a small real model over texts they add up, and are words of the texts."""

import numpy as np
import pytest
import torch

from recdesk.core.errors import UsageError
from recdesk.data.histories import Histories
from recdesk.experiment.open_model import open_model
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.words import MOST_TEXTS, _score, _tokenized, reads_words, word_effects
from recdesk.text.item_texts import texts_of
from recdesk.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def texts(text_workspace) -> LiveModel:
    return open_model(Workspace(text_workspace).runs()[0])


@pytest.mark.slow
def test_the_effects_add_up_to_the_score_within_a_hundredth(texts: LiveModel):
    for user in (0, 3):
        history = texts.dataset.histories().row(user)
        best = texts.top_n(history, 1)[0].code
        found = word_effects(texts, history, best)
        summed = sum(word.effect for text in found.texts for word in text.words)
        assert found.error < 0.01 and summed == pytest.approx(found.total, rel=0.02, abs=1e-4)
        assert len(found.texts) == MOST_TEXTS + 1 and [text.own for text in found.texts] == [False] * 8 + [True]


@pytest.mark.slow
def test_words_are_those_of_the_texts_in_their_order(texts: LiveModel):
    history = texts.dataset.histories().row(1)
    found = word_effects(texts, history, int(texts.top_n(history, 1)[0].code))
    for text in found.texts:
        title = str(texts.dataset.titles[text.code - 1])
        written = "".join(word.text for word in text.words)
        assert written.replace(" ", "").startswith(f"title:{title}".replace(" ", "")[: len("title:Book")])
    words = found.summed()
    assert [abs(effect) for _, effect, _ in words] == sorted((abs(effect) for _, effect, _ in words), reverse=True)
    assert all(any(letter.isalnum() for letter in word) for word, _, _ in words)


def test_the_whole_score_is_what_the_model_gives(texts: LiveModel):
    """Total = score with the texts less that with words of other items; with the texts it is the score of the model."""
    history = texts.dataset.histories().row(2)
    code = int(texts.top_n(history, 1)[0].code)
    side = texts.text_reader().side
    codes = [int(one) for one in dict.fromkeys(history.tolist())][:4]
    encoding = _tokenized(side.encoder, texts_of(texts.dataset.item_features.iloc[np.array(codes) - 1], side.template))
    others = texts_of(texts.dataset.item_features.iloc[:4], side.template)
    score, inputs, baselines = _score(texts.model, side, encoding, codes, history, code, others)
    scores = texts.model.scores(Histories.of([history]))[0]
    with torch.no_grad():
        assert all(one.shape == inputs.shape and not torch.equal(one, inputs) for one in baselines)
        assert float(score(inputs)) == pytest.approx(float(scores[code - 1] - scores.mean()), abs=2e-2)


def test_models_over_ids_are_refused(live: LiveModel):
    assert not reads_words(live.model)
    with pytest.raises(UsageError, match="reads no texts"):
        word_effects(live, [1, 2], 3)
