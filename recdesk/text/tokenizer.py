"""WordPiece tokenizers as of BERT (Devlin et al. 2019, section 3), learned from a catalogue's texts."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from tokenizers.decoders import WordPiece as WordPieceDecoder
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import WordPieceTrainer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
VOCABULARY = 8000
CHARACTERS = 6000
"""Maximum size of the alphabet; rarer characters become [UNK]. Chinese catalogues need thousands."""


def train_wordpiece(texts: Iterable[str], size: int = VOCABULARY) -> Tokenizer:
    """Train a WordPiece tokenizer: as in BERT each Chinese character is a word, other text is lowercased.

    Args:
        texts: to learn from; the same texts give the same vocabulary.
        size: maximum size of the vocabulary, special tokens included.
    """
    learned, texts = _empty({}), list(texts)
    # the trainer numbers characters as they come, and breaks ties between equally frequent tokens by these numbers;
    # given in order, the same texts give the same vocabulary
    letters = sorted({letter for text in texts for letter in learned.normalizer.normalize_str(text)} - {" "})
    first = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters)] if len(letters) <= CHARACTERS else [*SPECIAL]
    trainer = WordPieceTrainer(
        vocab_size=max(size, len(first)), special_tokens=first, limit_alphabet=CHARACTERS, show_progress=False
    )
    learned.train_from_iterator(texts, trainer)
    tokens = [*SPECIAL, *sorted(set(learned.get_vocab()) - set(SPECIAL))]
    tokenizer = _empty({token: number for number, token in enumerate(tokens)})
    tokenizer.add_special_tokens(list(SPECIAL))
    ends = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=ends
    )
    return tokenizer


def _empty(vocabulary: dict[str, int]) -> Tokenizer:
    """An untrained tokenizer of BERT with a given vocabulary."""
    tokenizer = Tokenizer(WordPiece(vocab=vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True, handle_chinese_chars=True, strip_accents=None)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.decoder = WordPieceDecoder()
    return tokenizer


def save_wordpiece(tokenizer: Tokenizer, folder: Path) -> None:
    """Write files that `AutoTokenizer.from_pretrained` reads."""
    from transformers import BertTokenizer

    BertTokenizer(tokenizer_object=tokenizer, do_lower_case=True).save_pretrained(folder)


def load_tokenizer(folder: Path) -> Any:
    """Load a tokenizer of transformers (imported here, since that takes a second)."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)


def vocabulary(tokenizer: Tokenizer) -> Sequence[str]:
    """Tokens in order of their ids."""
    ids = tokenizer.get_vocab()
    return sorted(ids, key=lambda token: ids[token])
