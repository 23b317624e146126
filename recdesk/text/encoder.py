"""A text BERT with its tokenizer: texts in, vectors out.

`transformers` is imported when an encoder is loaded: importing it takes seconds, and models over ids do without.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recdesk.core.errors import DataError
from recdesk.core.files import make_folder, sync_tree
from recdesk.core.messages import Message, word
from recdesk.core.records import checksums, write_record
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.text.folders import OURS, check_folder, check_parts, pooling_of
from recdesk.text.seeding import Seeded
from recdesk.text.sources import TRAINED_HERE
from recdesk.text.tokenizer import load_tokenizer

if TYPE_CHECKING:
    from transformers import BertModel

Pooling = Literal["mean", "cls"]
BATCH_TOKENS = 2048
"""Tokens encoded at once on a CPU, which fit into its caches; 16 times more on a GPU."""


class Encoder(nn.Module):
    """A text encoder: `transformers.BertModel` whose token vectors are pooled into one vector per text.

    Attributes:
        bert: without its pooling layer.
        tokenizer: of `transformers`.
        pooling: "mean" of the real tokens' vectors, or that of the first ("cls").
        unit: whether vectors are scaled to unit length.
        most_tokens: maximum sequence length; longer texts are truncated.
        name: for display.
    """

    def __init__(
        self, bert: "BertModel", tokenizer: Any, pooling: Pooling, unit: bool, most_tokens: int, name: str
    ) -> None:
        super().__init__()
        self.bert, self.tokenizer = bert, tokenizer
        self.pooling, self.unit, self.most_tokens, self.name = pooling, unit, most_tokens, name

    @classmethod
    def load(cls, folder: Path, most_tokens: int | None = None, name: str = "") -> "Encoder":
        """Load an encoder from `config.json`, `model.safetensors` and tokenizer files.

        Args:
            folder: as written by `save_pretrained`, of transformers or sentence-transformers.
            most_tokens: truncate texts to this many tokens, or to the encoder's own limit where that is lower.
            name: for display; the folder's name by default.

        Raises:
            DataError: something is missing or damaged, or it is no BERT; says what.
        """
        facts = check_folder(folder)
        check_parts(folder)
        bert_model, _ = _transformers()
        try:
            bert, report = bert_model.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, add_pooling_layer=False, dtype=torch.float32,
                attn_implementation="sdpa", attention_probs_dropout_prob=0.0, output_loading_info=True,
            )  # fmt: skip
            _unmap(bert)
            tokenizer = load_tokenizer(folder)
        except Exception as error:  # the libraries raise whatever they like about damaged files
            raise DataError(
                Message("encoder.unreadable", folder=folder), Message("encoder.download-again-or-other"), str(error)
            ) from error
        if report["missing_keys"]:
            missing = sorted(report["missing_keys"])
            raise DataError(
                Message("encoder.weights-incomplete", folder=folder, count=len(missing), part=missing[0]),
                Message("encoder.download-or-other"),
            )
        if len(tokenizer) > bert.config.vocab_size:
            raise DataError(
                Message(
                    "encoder.tokenizer-too-large",
                    folder=folder,
                    tokenizer_pieces=len(tokenizer),
                    model_pieces=bert.config.vocab_size,
                ),
                Message("encoder.take-both-from-one"),
            )
        pooling, unit = pooling_of(folder)
        most = min(most_tokens or facts.most_tokens, facts.most_tokens)
        return cls(bert, tokenizer, pooling, unit, most, name or folder.name).eval()

    @classmethod
    def new(
        cls, texts: Sequence[str], hidden: int, layers: int, most_tokens: int, folder: Path, seed: int
    ) -> "Encoder":
        """Initialise a small BERT, learn its vocabulary from texts, and save both.

        Args:
            texts: to learn the vocabulary from.
            hidden: size of a vector; attention heads are 32 wide.
            layers: transformer layers.
            most_tokens: maximum sequence length.
            folder: where to save.
            seed: of the initial weights.

        Raises:
            StorageError: the folder cannot be written.
            DataError: the texts hold no word.
        """
        from recdesk.text.tokenizer import save_wordpiece, train_wordpiece

        vocabulary = train_wordpiece(texts)
        if vocabulary.get_vocab_size() <= 5:
            raise DataError(Message("text.no-word-to-learn"))
        with explained(folder):
            make_folder(folder)
            save_wordpiece(vocabulary, folder)
        bert_model, bert_config = _transformers()
        with Seeded(seed):
            bert = bert_model(
                bert_config(
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
        """Size of a vector."""
        return int(self.bert.config.hidden_size)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        device: torch.device = self.bert.device
        return device

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything besides the text that determines a vector: weights, tokenizer, pooling, truncation."""
        digest = hashlib.sha256(f"{self.pooling} {self.unit} {self.most_tokens}\0".encode())
        settings = json.loads(self.tokenizer.backend_tokenizer.to_str())
        settings |= {"truncation": None, "padding": None}  # of the last call, not of the next one
        digest.update(json.dumps(settings, sort_keys=True).encode())
        for name, value in sorted(self.bert.state_dict().items()):
            digest.update(name.encode() + str(value.dtype).encode())
            digest.update(value.detach().cpu().contiguous().view(torch.uint8).numpy().data)
        return digest.hexdigest()

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, truncated to `most_tokens`, special tokens included."""
        if not texts:
            return []
        found: list[list[int]] = self.tokenizer(
            [text.encode("utf-8", "replace").decode() for text in texts],
            truncation=True, max_length=self.most_tokens, padding=False,
            return_attention_mask=False, return_token_type_ids=False,
        )["input_ids"]  # fmt: skip
        return found

    def forward(self, ids: Tensor, real: Tensor | None = None) -> Tensor:
        """Encode token ids, differentiably.

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
        task: Task = UNWATCHED,
    ) -> NDArray[np.float32]:
        """Encode texts. Equal texts are encoded once; batches hold texts of similar length.

        Args:
            texts: n texts.
            task: checked before each batch, gets the share that is done after it.

        Returns:
            float32 [n, width].

        Raises:
            CancelledError: it was cancelled.
        """
        was_training = self.training
        self.eval()
        try:
            distinct = list(dict.fromkeys(texts))
            vectors = self._encode(distinct, task.named(Message("job.encoding")))
        finally:
            self.train(was_training)
        row_of = {text: row for row, text in enumerate(distinct)}
        return vectors[[row_of[text] for text in texts]] if texts else vectors

    def _encode(self, texts: Sequence[str], task: Task) -> NDArray[np.float32]:
        tokens = self.tokens(texts)
        vectors = np.empty((len(texts), self.width), np.float32)
        done = 0
        for rows in batches([len(ids) for ids in tokens], batch_budget(self.device)):
            task.check()
            ids, real = padded([tokens[row] for row in rows], self.tokenizer.pad_token_id)
            mask = None if real is None else real.to(self.device)
            vectors[rows] = self(ids.to(self.device), mask).float().cpu().numpy()
            done += len(rows)
            task.report(done / len(texts))
        return vectors

    def save(self, folder: Path) -> None:
        """Write the files that `load` reads, and pooling, truncation and checksums in a file of our own."""
        with explained(folder):
            make_folder(folder)
            (folder / OURS).unlink(missing_ok=True)  # it marks the other files as complete
            self.tokenizer.save_pretrained(folder)
            self.bert.save_pretrained(folder)
            sync_tree(folder)
            sums = checksums(folder)
        about = {"pooling": self.pooling, "unit": self.unit, "most_tokens": self.most_tokens, "checksums": sums}
        write_record(folder / OURS, about)


def _transformers() -> tuple[Any, Any]:
    """`BertModel` and `BertConfig`, with their library kept quiet."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()  # it lists weights that pooling does not need
    return BertModel, BertConfig


def _unmap(bert: "BertModel") -> None:
    """Copy memory-mapped weights: on Windows their file could be neither replaced nor moved."""
    for weight in bert.parameters():
        weight.data = weight.data.clone()


def seen(real: Tensor | None) -> Tensor | None:
    """Attention mask for `BertModel`, bool [batch, 1, 1, length]. Of a mask [batch, length] transformers would read the
    values, which makes a GPU synchronise.

    Args:
        real: bool [batch, length], False at padding; None when there is none.
    """
    return None if real is None else real[:, None, None, :]


def pooled(states: Tensor, real: Tensor | None, pooling: Pooling) -> Tensor:
    """Pool token vectors into one vector per text.

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
    """Tokens per batch on a device."""
    return BATCH_TOKENS * (1 if device.type == "cpu" else 16)


def batches(lengths: Sequence[int], budget: int) -> Iterator[NDArray[np.int64]]:
    """Group rows into batches of similar length, longest first, so that a lack of memory shows at once.

    Args:
        lengths: tokens of each row.
        budget: maximum tokens of a batch, padding included.

    Yields:
        int64 row numbers. Rows of the greatest length form a batch without padding if they fill half of it.
    """
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
    """Pad token ids: int64 [batch, longest], and bool [batch, longest], False at padding; None when there is none."""
    lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
    width = max(int(lengths.max(initial=0)), 1)
    real = np.arange(width)[None, :] < lengths[:, None]
    ids = np.full((len(tokens), width), padding, np.int64)
    ids[real] = np.concatenate([np.asarray(row, np.int64) for row in tokens]) if len(tokens) else []
    return torch.from_numpy(ids), None if real.all() else torch.from_numpy(real)


def token_lengths(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.int64]:
    """Tokens of each text before truncation, int64 [n]."""
    if not texts:
        return np.empty(0, np.int64)
    ids = encoder.tokenizer(list(texts), truncation=False, padding=False, return_attention_mask=False, verbose=False)
    return np.fromiter(map(len, ids["input_ids"]), np.int64, len(texts))


def describe(encoder: Encoder) -> str:
    """Name and size for display: "all-MiniLM-L6-v2 (6 layers, 384 wide)"."""
    config = json.loads(encoder.bert.config.to_json_string(use_diff=False))
    name = word(encoder.name) if encoder.name == TRAINED_HERE else encoder.name
    return Message("encoder.name-and-size", name=name, layers=config["num_hidden_layers"], width=config["hidden_size"])
