"""A vocabulary learned from the catalogue itself: WordPiece as BERT cuts words (Devlin et al. 2019, section 3)."""

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
"""Letters taken in at most; the rarest beyond become [UNK]. Chinese catalogues need thousands."""


def train_wordpiece(texts: Iterable[str], size: int = VOCABULARY) -> Tokenizer:
    """Learn a vocabulary. Every Chinese character is a word of its own, letters lose case and accents, as in BERT.

    Args:
        texts: what the model will read.
        size: pieces at most, special ones included.
    """
    learned, texts = _empty({}), list(texts)
    # the trainer numbers letters as they come, and by these numbers decides between equally frequent pieces; given in
    # order, the same texts give the same vocabulary
    letters = sorted({letter for text in texts for letter in learned.normalizer.normalize_str(text)} - {" "})
    first = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters)] if len(letters) <= CHARACTERS else [*SPECIAL]
    trainer = WordPieceTrainer(
        vocab_size=max(size, len(first)), special_tokens=first, limit_alphabet=CHARACTERS, show_progress=False
    )
    learned.train_from_iterator(texts, trainer)
    pieces = [*SPECIAL, *sorted(set(learned.get_vocab()) - set(SPECIAL))]
    tokenizer = _empty({piece: number for number, piece in enumerate(pieces)})
    tokenizer.add_special_tokens(list(SPECIAL))
    ends = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=ends
    )
    return tokenizer


def _empty(pieces: dict[str, int]) -> Tokenizer:
    """A tokenizer that cuts as BERT does, with a vocabulary given."""
    tokenizer = Tokenizer(WordPiece(vocab=pieces, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True, handle_chinese_chars=True, strip_accents=None)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.decoder = WordPieceDecoder()
    return tokenizer


def save_wordpiece(tokenizer: Tokenizer, folder: Path) -> None:
    """Write the tokenizer files of the ecosystem: readable by `AutoTokenizer.from_pretrained`."""
    from transformers import BertTokenizer

    BertTokenizer(tokenizer_object=tokenizer, do_lower_case=True).save_pretrained(folder)


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer of an encoder's folder, of transformers. (Importing that takes a second, so only where needed.)"""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)


def vocabulary(tokenizer: Tokenizer) -> Sequence[str]:
    """The pieces in order of their ids."""
    pieces = tokenizer.get_vocab()
    return sorted(pieces, key=lambda piece: pieces[piece])
