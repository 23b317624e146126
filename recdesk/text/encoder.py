"""A text BERT with its tokenizer: texts in, vectors out."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertConfig, BertModel
from transformers.utils import logging as transformers_logging

from recdesk.core.errors import CancelledError, DataError
from recdesk.core.files import explained, make_folder, sync_tree
from recdesk.core.records import checksums, write_record
from recdesk.text.folders import OURS, check_folder, check_parts, pooling_of
from recdesk.text.seeding import Seeded
from recdesk.text.tokenizer import load_tokenizer

Pooling = Literal["mean", "cls"]
BATCH_TOKENS = 2048
"""Tokens encoded at once on a processor: what its caches hold; 64 times more on a GPU."""

transformers_logging.disable_progress_bar()
transformers_logging.set_verbosity_error()  # it lists weights that pooling does not need


class Encoder(nn.Module):
    """`transformers.BertModel` whose token vectors are pooled into one a text.

    Attributes:
        bert: without its pooling layer.
        tokenizer: of `transformers`.
        pooling: "mean" of the real tokens' vectors, or that of the first ("cls").
        unit: scale each vector to length 1.
        most_tokens: longer texts are cut.
        name: what to call it.
    """

    def __init__(
        self, bert: BertModel, tokenizer: Any, pooling: Pooling, unit: bool, most_tokens: int, name: str
    ) -> None:
        super().__init__()
        self.bert, self.tokenizer = bert, tokenizer
        self.pooling, self.unit, self.most_tokens, self.name = pooling, unit, most_tokens, name

    @classmethod
    def load(cls, folder: Path, most_tokens: int | None = None, name: str = "") -> "Encoder":
        """Read a folder of the ecosystem: `config.json`, `model.safetensors`, tokenizer files.

        Args:
            folder: as written by `save_pretrained`, of transformers or sentence-transformers.
            most_tokens: cut texts there, if the encoder can read that far.
            name: what to call it; the folder's name by default.

        Raises:
            DataError: something is missing or damaged, or it is no BERT; says what.
        """
        facts = check_folder(folder)
        check_parts(folder)
        try:
            bert, report = BertModel.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, add_pooling_layer=False, dtype=torch.float32,
                attn_implementation="sdpa", attention_probs_dropout_prob=0.0, output_loading_info=True,
            )  # fmt: skip
            _unmap(bert)
            tokenizer = load_tokenizer(folder)
        except Exception as error:  # the libraries raise whatever they like about damaged files
            raise DataError(
                f"The encoder in “{folder}” cannot be read.", "Download it again, or choose another one.", str(error)
            ) from error
        if report["missing_keys"]:
            missing = sorted(report["missing_keys"])
            raise DataError(
                f"The weights in “{folder}” are not complete: {len(missing)} parts are missing, such as "
                f"“{missing[0]}”.",
                "Download the encoder again, or choose another one.",
            )
        if len(tokenizer) > bert.config.vocab_size:
            raise DataError(
                f"The tokenizer in “{folder}” knows {len(tokenizer):,} pieces, its BERT only "
                f"{bert.config.vocab_size:,}.",
                "These files do not belong together: take tokenizer and weights from one model.",
            )
        pooling, unit = pooling_of(folder)
        most = min(most_tokens or facts.most_tokens, facts.most_tokens)
        return cls(bert, tokenizer, pooling, unit, most, name or folder.name).eval()

    @classmethod
    def new(
        cls, texts: Sequence[str], hidden: int, layers: int, most_tokens: int, folder: Path, seed: int
    ) -> "Encoder":
        """An untrained small BERT whose vocabulary is learned from texts; its files go to a folder.

        Raises:
            StorageError: the folder cannot be written.
            DataError: the texts hold no word.
        """
        from recdesk.text.tokenizer import save_wordpiece, train_wordpiece

        vocabulary = train_wordpiece(texts)
        if vocabulary.get_vocab_size() <= 5:
            raise DataError("The items' texts hold no word that an encoder could learn from.")
        with explained(folder):
            make_folder(folder)
            save_wordpiece(vocabulary, folder)
        with Seeded(seed):
            bert = BertModel(
                BertConfig(
                    vocab_size=vocabulary.get_vocab_size(), hidden_size=hidden, num_hidden_layers=layers,
                    num_attention_heads=max(1, hidden // 32), intermediate_size=4 * hidden, max_position_embeddings=512,
                    attention_probs_dropout_prob=0.0, attn_implementation="sdpa",
                    pad_token_id=vocabulary.token_to_id("[PAD]"),
                ),
                add_pooling_layer=False,
            )  # fmt: skip
            for name, weight in bert.encoder.named_parameters():  # 0.02 is meant for width 768
                if name.endswith("weight") and weight.dim() == 2:
                    nn.init.xavier_normal_(weight)
        tokenizer = load_tokenizer(folder)
        encoder = cls(bert, tokenizer, "mean", False, most_tokens, "trained here")
        encoder.save(folder)
        return encoder.eval()

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self.bert.config.hidden_size)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        device: torch.device = self.bert.device
        return device

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all that decides a vector besides the text: weights, tokenizer, pooling, cut."""
        digest = hashlib.sha256(f"{self.pooling} {self.unit} {self.most_tokens}\0".encode())
        cuts = json.loads(self.tokenizer.backend_tokenizer.to_str())
        cuts |= {"truncation": None, "padding": None}  # as the last text was read, not as the next one is
        digest.update(json.dumps(cuts, sort_keys=True).encode())
        for name, value in sorted(self.bert.state_dict().items()):
            digest.update(name.encode() + str(value.dtype).encode())
            digest.update(value.detach().cpu().contiguous().view(torch.uint8).numpy().data)
        return digest.hexdigest()

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, cut to `most_tokens`; special ones included."""
        if not texts:
            return []
        found: list[list[int]] = self.tokenizer(
            [text.encode("utf-8", "replace").decode() for text in texts],
            truncation=True, max_length=self.most_tokens, padding=False,
            return_attention_mask=False, return_token_type_ids=False,
        )["input_ids"]  # fmt: skip
        return found

    def forward(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
        """Vectors of tokenised texts, differentiable.

        Args:
            ids: int64 [batch, length].
            real: bool [batch, length], False at padding; None when there is none.

        Returns:
            float [batch, width].
        """
        states = self.bert(input_ids=ids, attention_mask=seen(real)).last_hidden_state
        vectors = pooled(states, real, self.pooling)
        return nn.functional.normalize(vectors, dim=1) if self.unit else vectors

    @torch.inference_mode()
    def encode(
        self,
        texts: Sequence[str],
        progress: Callable[[float], None] = lambda share: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> NDArray[np.float32]:
        """Vectors of texts, float32 [n, width]. Equal texts are read once; texts of like length go together.

        Raises:
            CancelledError: `cancelled` said so between batches.
        """
        was_training = self.training
        self.eval()
        try:
            distinct = list(dict.fromkeys(texts))
            vectors = self._encode(distinct, progress, cancelled)
        finally:
            self.train(was_training)
        place = {text: row for row, text in enumerate(distinct)}
        return vectors[[place[text] for text in texts]] if texts else vectors

    def _encode(
        self, texts: Sequence[str], progress: Callable[[float], None], cancelled: Callable[[], bool]
    ) -> NDArray[np.float32]:
        tokens = self.tokens(texts)
        vectors = np.empty((len(texts), self.width), np.float32)
        done = 0
        for rows in batches([len(ids) for ids in tokens], batch_budget(self.device)):
            if cancelled():
                raise CancelledError("Encoding")
            ids, real = padded([tokens[row] for row in rows], self.tokenizer.pad_token_id)
            moved = None if real is None else real.to(self.device)
            vectors[rows] = self(ids.to(self.device), moved).float().cpu().numpy()
            done += len(rows)
            progress(done / len(texts))
        return vectors

    def save(self, folder: Path) -> None:
        """The ecosystem's files, with how tokens are pooled as sentence-transformers writes it."""
        with explained(folder):
            make_folder(folder)
            (folder / OURS).unlink(missing_ok=True)  # until all files are there again, they are not whole
            self.tokenizer.save_pretrained(folder)
            self.bert.save_pretrained(folder)
            sync_tree(folder)
            sums = checksums(folder)
        about = {"pooling": self.pooling, "unit": self.unit, "most_tokens": self.most_tokens, "checksums": sums}
        write_record(folder / OURS, about)


def _unmap(bert: BertModel) -> None:
    """Copy weights that are still a mapped file: on Windows that could be neither replaced nor moved."""
    for weight in bert.parameters():
        weight.data = weight.data.clone()


def seen(real: Tensor | None) -> Tensor | None:
    """The mask for `BertModel`, bool [batch, 1, 1, length], of one that is True at real tokens, [batch, length]. Into
    the latter transformers would look, and a GPU would wait."""
    return None if real is None else real[:, None, None, :]


def pooled(states: Tensor, real: Tensor | None, pooling: Pooling) -> Tensor:
    """One vector a text of its tokens' vectors.

    Args:
        states: float [batch, length, width].
        real: bool [batch, length], False at padding; None when there is none.
        pooling: see `Encoder`.

    Returns:
        float [batch, width].
    """
    if pooling == "cls":
        return states[:, 0]
    if real is None:
        return states.mean(1)
    weight = real.to(states.dtype)[:, :, None]
    return (states * weight).sum(1) / weight.sum(1).clamp(min=1e-9)


def batch_budget(device: torch.device) -> int:
    """Tokens to encode at once on a device."""
    return BATCH_TOKENS * (1 if device.type == "cpu" else 16)


def batches(lengths: Sequence[int], budget: int) -> Iterator[NDArray[np.int64]]:
    """Rows in batches of like length, longest first (so that a lack of memory shows at once), padding included at most
    `budget` tokens each; texts of one length are kept together where that fills at least half a batch."""
    size = np.asarray(lengths, np.int64)
    order = np.argsort(-size, kind="stable")
    begin = 0
    while begin < len(order):
        longest = max(int(size[order[begin]]), 1)
        rows = order[begin : begin + max(1, budget // longest)]
        same = int((size[rows] == longest).sum())
        if same and len(rows) // 2 <= same < len(rows):
            rows = rows[:same]
        yield rows
        begin += len(rows)


def padded(tokens: Sequence[Sequence[int]], padding: int) -> tuple[Tensor, Tensor | None]:
    """Token ids as int64 [batch, longest], and where they are real (None when all are)."""
    lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
    width = max(int(lengths.max(initial=0)), 1)
    real = np.arange(width)[None, :] < lengths[:, None]
    ids = np.full((len(tokens), width), padding, np.int64)
    ids[real] = np.concatenate([np.asarray(row, np.int64) for row in tokens]) if len(tokens) else []
    return torch.from_numpy(ids), None if real.all() else torch.from_numpy(real)


def token_lengths(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.int64]:
    """Tokens of each text before any cut, int64 [n]: for the histogram and the share cut off."""
    if not texts:
        return np.empty(0, np.int64)
    ids = encoder.tokenizer(list(texts), truncation=False, padding=False, return_attention_mask=False, verbose=False)
    return np.fromiter(map(len, ids["input_ids"]), np.int64, len(texts))


def describe(encoder: Encoder) -> str:
    """For a person: "all-MiniLM-L6-v2 (6 layers, 384 wide)"."""
    config = json.loads(encoder.bert.config.to_json_string(use_diff=False))
    return f"{encoder.name} ({config['num_hidden_layers']} layers, {config['hidden_size']} wide)"
