from pathlib import Path

from transformers import AutoTokenizer

from recdesk.text.tokenizer import SPECIAL, save_wordpiece, train_wordpiece, vocabulary
from tests.text.making import MIXED, TITLES


def test_every_chinese_character_is_a_word_of_its_own():
    tokenizer = train_wordpiece(["红楼梦和西游记", "红楼梦 red"] * 20)
    assert tokenizer.encode("红楼梦x红").tokens[1:4] == ["红", "楼", "梦"]
    assert tokenizer.encode("西红记").tokens == ["[CLS]", "西", "红", "记", "[SEP]"]
    assert not any("红" in piece and len(piece.removeprefix("##")) > 1 for piece in vocabulary(tokenizer))


def test_letters_lose_case_and_accents():
    tokenizer = train_wordpiece(["resume the cafe"] * 5)
    assert tokenizer.encode("RÉSUMÉ The Café").ids == tokenizer.encode("resume the cafe").ids
    assert "[UNK]" not in tokenizer.encode("Résumé").tokens


def test_frequent_words_become_one_piece_and_unknown_letters_are_said_to_be_unknown():
    tokenizer = train_wordpiece(["the house and the river"] * 10)
    assert tokenizer.encode("the house").tokens == ["[CLS]", "the", "house", "[SEP]"]
    assert tokenizer.encode("Ω").tokens == ["[CLS]", "[UNK]", "[SEP]"]


def test_special_pieces_come_first_and_the_size_is_kept():
    pieces = vocabulary(train_wordpiece(TITLES * 3, size=90))
    assert tuple(pieces[:5]) == SPECIAL
    assert len(pieces) == len(set(pieces)) <= 90


def test_files_read_by_the_ecosystem_cut_texts_as_the_trained_one(tmp_path: Path):
    tokenizer = train_wordpiece(TITLES)
    save_wordpiece(tokenizer, tmp_path)
    read = AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)
    for text in [*TITLES, *MIXED[:5]]:
        assert read(text)["input_ids"] == tokenizer.encode(text).ids
    assert len(read) == tokenizer.get_vocab_size()
    assert (read.pad_token_id, read.unk_token_id, read.cls_token_id, read.sep_token_id, read.mask_token_id) == tuple(
        range(5)
    )


def test_the_same_texts_give_the_same_vocabulary():
    found = {tuple(vocabulary(train_wordpiece(TITLES))) for _ in range(5)}
    assert len(found) == 1
