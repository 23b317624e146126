"""Which words carry a recommendation of a model over texts: integrated gradients over the embeddings of tokens."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.histories import AnyHistory, Histories, History
from recdesk.models.text_bert import TextBert
from recdesk.recommend.integrated_gradients import integrated_gradients
from recdesk.text.encoder import Encoder, padded, pooled, seen
from recdesk.text.item_texts import texts_of
from recdesk.text.text_side import TextSide

if TYPE_CHECKING:
    import pandas as pd

    from recdesk.recommend.recommender import LiveModel

MOST_TEXTS = 8
"""Texts of the history whose words are looked at: those of the latest items that the model reads."""

BASELINES, BASELINE_TEXTS = 4, MOST_TEXTS + 1


@dataclass(frozen=True)
class Word:
    """A word at its place in a text.

    Attributes:
        text: as written.
        effect: what it adds to the score of the recommendation, relative to the mean of all items.
    """

    text: str
    effect: float


@dataclass(frozen=True)
class TextWords:
    """The words of one text, in their order.

    Attributes:
        code, title: of the item.
        own: it is the recommended item itself; else one of the history.
        words: that the encoder reads.
    """

    code: int
    title: str
    own: bool
    words: tuple[Word, ...]


@dataclass(frozen=True)
class WordEffects:
    """Words that carry a recommendation.

    Attributes:
        code, title: of the recommended item.
        texts: of the latest items of the history, and of the item itself where its vector comes from its text.
        total: score with the words less the mean score with words of other items; what the effects add up to.
        error: relative error of that sum, see `Attribution`.
        steps: of all integrations.
    """

    code: int
    title: str
    texts: tuple[TextWords, ...]
    total: float
    error: float
    steps: int

    def summed(self) -> list[tuple[str, float, tuple[str, ...]]]:
        """Words over all texts without regard to case, largest effect in size first: (word, sum of its effects, titles
        of the items that have it)."""
        effects: dict[str, float] = defaultdict(float)
        titles: dict[str, dict[str, None]] = defaultdict(dict)
        for text in self.texts:
            for word in text.words:
                key = word.text.casefold()
                effects[key] += word.effect
                titles[key][text.title] = None
        order = sorted(effects, key=lambda key: -abs(effects[key]))
        return [(key, effects[key], tuple(titles[key])) for key in order if any(map(str.isalnum, key))]

    @property
    def sentence(self) -> str:
        """How far the effects add up, a message."""
        history = sum(not text.own for text in self.texts)
        return Message("words.adds-up", count=history, total=self.total, error=self.error)


def reads_words(model: object) -> bool:
    """Whether a model's recommendations can be explained by words."""
    return isinstance(model, TextBert)


def word_effects(live: "LiveModel", history: AnyHistory, code: int, task: Task = UNWATCHED) -> WordEffects:
    """Explain a recommendation by the words of texts.

    The score, relative to the mean of all items, is a function of the embeddings of the tokens in the texts of the
    latest items of the history and of the item itself. Its gradient is integrated from baselines where each text has
    the tokens of another item, drawn from the catalogue, and averaged over them (expected gradients, Erion et al.
    2021): a mask in the place of every word gives an encoder what it was never trained on, and scores far from any
    item's. Tokens that mark beginning and end stay. Words are the sums of their tokens.

    Args:
        live: a model over texts.
        history: of the person, or item codes in time order.
        code: of the recommendation.
        task: checked before each step.

    Raises:
        UsageError: the model does not read texts, or none of these items has a text.
        RecdeskError: the encoder is missing or was changed.
        CancelledError: it was cancelled.
    """
    model = live.model
    if not isinstance(model, TextBert):
        raise UsageError(Message("words.no-texts"), Message("recommend.train-text-model"))
    side, data = live.text_reader().side, live.dataset
    read = live.dated(history)[-model.shape.max_length :]
    latest = list(dict.fromkeys(int(item) for item in read.items[::-1]))[:MOST_TEXTS]
    codes = latest + ([code] if model.shape.tied and code not in latest else [])
    texts = texts_of(data.item_features.iloc[[one - 1 for one in codes]], side.template)
    kept = [at for at, text in enumerate(texts) if text]
    codes, texts = [codes[at] for at in kept], [texts[at] for at in kept]
    if not texts:
        raise UsageError(Message("words.none-there"))
    encoding = _tokenized(side.encoder, texts)
    score, inputs, baselines = _score(model, side, encoding, codes, read, code, texts_of(_drawn(live), side.template))
    task = task.named(Message("job.words"))
    found = []
    for number, baseline in enumerate(baselines):
        task.report(number / len(baselines))
        found.append(integrated_gradients(score, inputs, baseline, task))
    effects = torch.stack([each.parts.double().sum(2) for each in found]).mean(0).cpu().numpy()  # [texts, tokens]
    total = sum(each.total for each in found) / len(found)
    error = abs(float(effects.sum()) - total) / abs(total) if total else 0.0
    told = tuple(
        TextWords(
            one, str(data.titles[one - 1]), one == code and one not in latest, _words(encoding, row, text, effects)
        )
        for row, (one, text) in enumerate(zip(codes, texts, strict=True))
    )
    return WordEffects(code, str(data.titles[code - 1]), told, total, error, sum(each.steps for each in found))


def _drawn(live: "LiveModel") -> "pd.DataFrame":
    """Features of the items whose texts are the baselines, the same for every recommendation."""
    chosen = np.random.default_rng(0).integers(0, live.dataset.n_items, BASELINES * BASELINE_TEXTS)
    return live.dataset.item_features.iloc[chosen]


def _tokenized(encoder: Encoder, texts: Sequence[str]) -> Any:
    """`BatchEncoding` of texts with the places of tokens in them, truncated as the encoder reads them."""
    return encoder.tokenizer(
        [text.encode("utf-8", "replace").decode() for text in texts],
        truncation=True, max_length=encoder.most_tokens, padding=False,
        return_attention_mask=False, return_token_type_ids=False, return_offsets_mapping=True,
    )  # fmt: skip


def _score(
    model: TextBert,
    side: TextSide,
    encoding: Any,
    codes: list[int],
    history: History,
    code: int,
    others: Sequence[str],
) -> tuple[Callable[[Tensor], Tensor], Tensor, list[Tensor]]:
    """Score of an item relative to the mean of all, of token embeddings float [texts, tokens, width]; these of the
    texts, and baselines with words of `others`, as many of these for each."""
    encoder, device = side.encoder, model.device
    ids, real = padded(encoding["input_ids"], encoder.tokenizer.pad_token_id)
    real = None if real is None else real.to(encoder.device)
    embeddings = encoder.bert.get_input_embeddings()
    with torch.no_grad():
        inputs = embeddings(ids.to(encoder.device)).float()
        baselines = [embeddings(one.to(encoder.device)).float() for one in _baselines(encoder, encoding, ids, others)]
        table = model.full_table.detach().clone()
        mean = model.scored_with(table).float().mean(0)
        shift = float(model.bias[code - 1] - model.bias.mean())
    rows = torch.tensor(codes, device=device)
    own = model.item_table[rows].detach()
    matrix = torch.from_numpy(side.whitening.matrix).to(device)
    centre = torch.from_numpy(side.whitening.mean).to(device)
    batch = model.query_batch(Histories.of([history])).to(device)

    def score(embedded: Tensor) -> Tensor:
        states = encoder.bert(inputs_embeds=embedded, attention_mask=seen(real)).last_hidden_state
        vectors = pooled(states, real, encoder.pooling)
        vectors = nn.functional.normalize(vectors, dim=1) if encoder.unit else vectors
        whitened = (vectors.to(device) - centre) @ matrix
        read = table.index_copy(0, rows, model.embedded(own, rows, whitened).to(table.dtype))
        user = model.hidden_at(batch, read).float()[0]
        item = model.scored_with(read)[code - 1].float()
        return (user * (item - mean)).sum() + shift

    return score, inputs, baselines


def _baselines(encoder: Encoder, encoding: Any, ids: Tensor, others: Sequence[str]) -> list[Tensor]:
    """Token ids, int64 [texts, tokens], with the words of other texts in the place of each text's own."""
    special = set(encoder.tokenizer.all_special_ids)
    words = [
        [one for one in tokens if one not in special] for tokens in encoder.tokens([text for text in others if text])
    ]
    words = [tokens for tokens in words if tokens] or [[encoder.tokenizer.pad_token_id]]
    made = []
    for number in range(BASELINES):
        baseline = ids.clone()
        for row in range(len(ids)):
            places = [at for at, word in enumerate(encoding.word_ids(row)) if word is not None]
            other = words[(number * BASELINE_TEXTS + row) % len(words)]
            baseline[row, places] = torch.from_numpy(np.resize(np.array(other, np.int64), len(places)))
        made.append(baseline)
    return made


def _words(encoding: Any, row: int, text: str, effects: NDArray[np.float64]) -> tuple[Word, ...]:
    """Words of a text with the sums of their tokens' effects."""
    spans: dict[int, tuple[int, int]] = {}
    sums: dict[int, float] = defaultdict(float)
    for at, word in enumerate(encoding.word_ids(row)):
        if word is None:
            continue
        begin, end = encoding["offset_mapping"][row][at]
        first, last = spans.get(word, (begin, end))
        spans[word] = min(first, begin), max(last, end)
        sums[word] += float(effects[row, at])
    return tuple(Word(text[begin:end], sums[word]) for word, (begin, end) in spans.items())
