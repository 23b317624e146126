import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import CancelledError, DataError, UsageError
from recdesk.core.task import Task
from recdesk.data.dataset import Dataset
from recdesk.text import lengths
from recdesk.text.encoder import Encoder, token_lengths
from recdesk.text.item_texts import item_texts
from recdesk.text.lengths import BARS, histogram, look_ahead, suited_source
from tests.text.making import MIXED, minilm
from tests.text.test_item_texts import films

WORDS = ["red", "blue", "green", "old", "new", "river", "house", "moon"]


def catalogue(*word_counts: int) -> Dataset:
    """Items with so many words each, the second one the most taken."""
    titles = [" ".join(WORDS[at % len(WORDS)] for at in range(count)) for count in word_counts]
    data = films(title=titles)
    return replace(data, items=np.array([2, 2, 1], np.int32), offsets=np.array([0, 3], np.int64))


def test_lengths_are_those_of_the_encoder_that_will_read(folder: Path, tmp_path: Path):
    data = films(title=[*MIXED, "Red River", "红楼梦"], note=["", *["long " * 20] * 8])
    seen = look_ahead(data, "", str(folder), 16, tmp_path)
    encoder = Encoder.load(folder, 16)
    texts = [text for text in item_texts(data) if text]
    assert seen.lengths.tolist() == token_lengths(encoder, texts).tolist()
    assert (seen.encoder, seen.limit, seen.most, seen.measured, seen.empty) == (folder.name, 16, 512, 9, 1)
    assert seen.template == "title: {title}; note: {note}"


def test_lengths_of_an_encoder_trained_here_are_those_it_will_have(tmp_path: Path):
    data = catalogue(3, 5, 40, 8)
    seen = look_ahead(data, "", "scratch", 16, tmp_path)
    encoder = Encoder.new(item_texts(data), 16, 1, 16, tmp_path / "own", 0)
    assert seen.lengths.tolist() == token_lengths(encoder, item_texts(data)).tolist() == [7, 9, 44, 12]
    assert (seen.cut, seen.middle, seen.longest, seen.unknown) == (0.25, 9, 44, 0.0)
    assert {item.code: item.pieces for item in seen.shown}[3] == tuple(
        encoder.tokenizer.convert_ids_to_tokens(encoder.tokens(item_texts(data))[2])[1:-1]
    )


def test_the_packaged_encoder_is_looked_at_without_its_weights_being_loaded(tmp_path: Path):
    minilm()
    seen = look_ahead(catalogue(3, 5, 40, 8), "{title}", "packaged", 512, tmp_path)
    assert (seen.encoder, seen.limit, seen.lengths.tolist()) == ("all-MiniLM-L6-v2", seen.most, [5, 7, 42, 10])


def test_what_is_shown_is_the_most_taken_one_of_middle_length_and_the_longest(tmp_path: Path):
    data = catalogue(3, 5, 40, 8, 9)
    seen = look_ahead(data, "{title}", "scratch", 16, tmp_path)
    assert [item.code for item in seen.shown] == [2, 4, 3]
    others = look_ahead(data, "{title}", "scratch", 16, tmp_path, draw=1)
    assert len(others.shown) == 3
    assert [item.code for item in others.shown] != [2, 4, 3]


def test_a_text_is_cut_where_the_encoder_stops_reading(tmp_path: Path):
    seen = look_ahead(catalogue(3, 5, 40), "{title}", "scratch", 8, tmp_path)
    whole, _, cut = sorted(seen.shown, key=lambda item: len(item.text))
    assert (whole.text, whole.read) == ("red blue green", 14)
    assert cut.text[: cut.read] == "red blue green old new river"
    assert cut.pieces == ("red", "blue", "green", "old", "new", "river")


def test_pieces_that_the_encoder_has_no_entry_for_are_counted(folder: Path, tmp_path: Path):
    seen = look_ahead(films(title=["red river", "吾輩"]), "{title}", str(folder), 16, tmp_path)
    assert seen.unknown == 2 / 8
    assert seen.shown[-1].pieces[0] in ("red", "[UNK]")


def test_nothing_of_torch_is_needed_to_look_ahead_at_an_encoder_trained_here():
    program = (
        "import sys; from pathlib import Path; from recdesk.data.example import make_example;"
        "from recdesk.text.lengths import look_ahead;"
        "look_ahead(make_example(), '', 'scratch', 64, Path('none'));"
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


def test_in_a_large_catalogue_some_items_are_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(lengths, "MEASURED", 10)
    data = catalogue(*range(1, 51))
    seen = look_ahead(data, "{title}", "scratch", 16, tmp_path)
    assert seen.measured == len(seen.lengths) == 10
    texts = item_texts(data, "{title}")
    assert [item.text for item in seen.shown] == [texts[item.code - 1] for item in seen.shown]


@pytest.mark.parametrize(
    ("template", "wanted", "said"),
    [
        ("nothing", "scratch", "names no column"),
        ("{year}", "scratch", "asks for “year”"),
        ("{title}", "owner/none", "no text encoder “owner/none”"),
        ("{title}", "/nowhere/at all", "no folder"),
    ],
)
def test_what_cannot_be_looked_at_is_said(template: str, wanted: str, said: str, tmp_path: Path):
    with pytest.raises(UsageError, match=said):
        look_ahead(catalogue(3, 4), template, wanted, 16, tmp_path)


def test_a_catalogue_without_texts_and_a_tokenizer_that_is_damaged_are_said(folder: Path, tmp_path: Path):
    with pytest.raises(UsageError, match="no texts to read"):
        look_ahead(films(), "", "scratch", 16, tmp_path)
    with pytest.raises(DataError, match="No item has a text"):
        look_ahead(films(title=["", ""]), "{title}", "scratch", 16, tmp_path)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for file in (path for path in folder.iterdir() if path.name != "recdesk.json"):  # as others write it: no checksums
        (damaged / file.name).write_bytes(b"{" if file.name == "tokenizer.json" else file.read_bytes())
    with pytest.raises(DataError, match=r"tokenizer in .* cannot be read"):
        look_ahead(catalogue(3, 4), "{title}", str(damaged), 16, tmp_path)


def test_looking_ahead_can_be_cancelled(tmp_path: Path):
    with pytest.raises(CancelledError):
        look_ahead(catalogue(3, 4), "{title}", "scratch", 16, tmp_path, task=Task(cancelled=lambda: True))


@pytest.mark.parametrize(("longest", "limit"), [(1, 8), (30, 64), (64, 64), (100, 64), (5000, 64), (700, 512)])
def test_every_text_is_in_one_bar_and_a_bar_begins_behind_the_limit(longest: int, limit: int):
    drawn = np.random.default_rng(0).integers(1, longest + 1, 1000)
    drawn[0] = longest
    edges, counts = histogram(drawn, limit)
    assert counts.sum() == 1000
    assert len(counts) == len(edges) - 1 <= BARS + 2
    assert len(set(np.diff(edges).tolist())) == 1
    assert limit + 1 in edges.tolist()
    assert counts[edges[:-1] > limit].sum() == (drawn > limit).sum()
    assert edges[0] <= 1
    assert edges[-1] <= 2 * limit + 1 + (edges[1] - edges[0])


def test_a_histogram_counts_exactly():
    edges, counts = histogram(np.array([3, 3, 5, 9, 100]), 4)
    assert edges.tolist() == list(range(1, 10))
    assert counts.tolist() == [0, 0, 2, 0, 1, 0, 0, 2]


def test_a_table_with_other_index_is_read_by_place(tmp_path: Path):
    data = catalogue(3, 5)
    data = replace(data, item_features=data.item_features.set_index(pd.Index([7, 3])))
    assert look_ahead(data, "{title}", "scratch", 16, tmp_path).lengths.tolist() == [5, 7]


def test_automatic_takes_the_packaged_encoder_only_for_words_that_it_knows(tmp_path: Path):
    minilm()
    english = ["title: The Red House; genres: Drama, Crime", "title: Old River, New House", ""]
    chinese = ["书名: 沉默的荒野; 体裁: 悬疑小说", "书名: 红楼梦; 作者: 曹雪芹", ""]
    source, unknown = suited_source("auto", english, tmp_path)
    assert (source.origin, unknown) == ("packaged", 0.0)
    source, unknown = suited_source("auto", chinese, tmp_path)
    assert source.origin == "scratch"
    assert 0.3 < unknown < 0.9
    assert suited_source("packaged", chinese, tmp_path)[0].origin == "packaged"  # as was asked for
    assert suited_source("auto", [""], tmp_path)[0].origin == "packaged"
