from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.text import vector_cache
from recdesk.text.encoder import Encoder
from recdesk.text.vector_cache import VectorCache
from tests.text.making import TITLES


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(tmp_path / "cache" / "vectors")


class Counted:
    """Forward passes and texts of an encoder."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder, self.passes, self.texts = encoder, 0, 0
        encoder.bert.register_forward_hook(self.on_event)

    def on_event(self, module, arguments, output) -> None:
        self.passes += 1
        self.texts += len(output.last_hidden_state)


@pytest.fixture
def fresh(folder: Path):
    """Makes a newly loaded encoder whose passes are counted, as another start of the program has it."""
    return lambda most_tokens=24: Counted(Encoder.load(folder, most_tokens))


def test_what_was_read_once_is_not_read_again_and_is_the_same_bit_for_bit(cache: VectorCache, fresh):
    first, second = fresh(), fresh()
    vectors = cache.encode(first.encoder, TITLES)
    assert first.texts == len(TITLES)
    np.testing.assert_allclose(vectors, fresh().encoder.encode(TITLES), atol=1e-5)
    again = cache.encode(second.encoder, TITLES)
    assert second.passes == 0
    assert again.tobytes() == vectors.tobytes() and again.dtype == np.float32
    assert len(list(cache.folder.iterdir())) == 1


def test_the_same_encoder_asked_again_reads_nothing(cache: VectorCache, fresh):
    counted = fresh()
    vectors = cache.encode(counted.encoder, TITLES)
    passes = counted.passes
    assert cache.encode(counted.encoder, TITLES).tobytes() == vectors.tobytes()
    assert counted.passes == passes


def test_only_what_is_new_is_read(cache: VectorCache, fresh):
    vectors = cache.encode(fresh().encoder, TITLES[:4])
    counted = fresh()
    texts = ["a house", TITLES[2], TITLES[0] + " ", TITLES[2], "a house", TITLES[3]]
    found = cache.encode(counted.encoder, texts)
    assert counted.texts == 2  # a blank more is another text
    assert found[[1, 3, 5]].tobytes() == vectors[[2, 2, 3]].tobytes()
    np.testing.assert_allclose(found, fresh().encoder.encode(texts), atol=1e-5)
    counted = fresh()
    assert cache.encode(counted.encoder, [*texts, *TITLES[:4]]).tobytes() == np.concatenate([found, vectors]).tobytes()
    assert counted.passes == 0


def test_another_cut_or_other_weights_miss(cache: VectorCache, fresh):
    vectors = cache.encode(fresh().encoder, TITLES)
    shorter = fresh(8)
    assert np.abs(cache.encode(shorter.encoder, TITLES) - vectors).max() > 1e-3
    assert shorter.texts == len(TITLES)
    learned = fresh()
    learned.encoder.bert.embeddings.LayerNorm.weight.data.mul_(1.5)
    assert np.abs(cache.encode(learned.encoder, TITLES) - vectors).max() > 1e-3
    assert learned.texts == len(TITLES)
    assert len(list(cache.folder.iterdir())) == 3
    assert cache.encode(fresh().encoder, TITLES).tobytes() == vectors.tobytes()


def damage_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def damage_all(path: Path) -> None:
    path.write_bytes(b"\0" * 100)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_width(path: Path) -> None:
    held = load_file(path)
    save_file({**held, "vectors": held["vectors"][:, :5].copy()}, path)


def fewer_vectors(path: Path) -> None:
    held = load_file(path)
    save_file({**held, "vectors": held["vectors"][:3].copy()}, path)


def other_names(path: Path) -> None:
    save_file({"vectors": load_file(path)["vectors"]}, path)


@pytest.mark.parametrize(
    "harm",
    [damage_end, damage_all, empty, other_width, fewer_vectors, other_names],
    ids=lambda f: f.__name__,
)
def test_a_damaged_file_counts_as_empty_and_is_replaced(harm, cache: VectorCache, fresh):
    vectors = cache.encode(fresh().encoder, TITLES)
    (path,) = cache.folder.iterdir()
    harm(path)
    counted = fresh()
    found = cache.encode(counted.encoder, TITLES)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, vectors, atol=1e-5)
    assert counted.texts == len(TITLES)
    counted = fresh()
    assert cache.encode(counted.encoder, TITLES).tobytes() == found.tobytes()
    assert counted.passes == 0


def test_a_folder_that_cannot_be_written_warns_and_the_vectors_come_all_the_same(tmp_path: Path, fresh):
    (tmp_path / "file").write_text("in the way")
    said: list[str] = []
    found = VectorCache(tmp_path / "file" / "vectors").encode(fresh().encoder, TITLES, warn=said.append)
    np.testing.assert_allclose(found, fresh().encoder.encode(TITLES), atol=1e-5)
    assert len(said) == 1 and "used, but not kept" in said[0]


def test_a_folder_in_the_place_of_a_file_of_vectors_warns(cache: VectorCache, fresh):
    """It is no matter of a full disk, and ends no run either."""
    encoder = fresh().encoder
    (cache.folder / f"{encoder.fingerprint[:32]}.safetensors").mkdir(parents=True)
    said: list[str] = []
    assert cache.encode(encoder, TITLES, warn=said.append).shape == (len(TITLES), 16)
    assert len(said) == 1 and "is in its place" in said[0]


@pytest.mark.parametrize("where", ["by the system", "by safetensors"])
def test_a_full_disk_warns_and_leaves_what_was_there(where: str, cache: VectorCache, fresh, monkeypatch):
    from safetensors import SafetensorError

    kept = cache.encode(fresh().encoder, TITLES[:3])

    def full(tensors, path, _metadata):
        Path(path).write_bytes(b"half")
        if where == "by the system":
            raise OSError(28, "No space left on device")
        raise SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(vector_cache, "save_file", full)
    said: list[str] = []
    found = cache.encode(fresh().encoder, TITLES, warn=said.append)
    assert len(said) == 1 and "is full" in said[0] and str(cache.folder) in said[0]
    np.testing.assert_allclose(found, fresh().encoder.encode(TITLES), atol=1e-5)
    assert [path.suffix for path in cache.folder.iterdir()] == [".safetensors"]
    counted = fresh()
    assert cache.encode(counted.encoder, TITLES[:3]).tobytes() == kept.tobytes()
    assert counted.passes == 0


def test_cancelled_nothing_is_kept(cache: VectorCache, fresh):
    with pytest.raises(CancelledError):
        cache.encode(fresh().encoder, TITLES, task=Task(cancelled=lambda: True))
    assert not cache.folder.exists()


def test_beyond_its_limit_a_file_keeps_what_was_asked_for_last(cache: VectorCache, fresh, monkeypatch):
    monkeypatch.setattr(vector_cache, "MOST", 5)
    cache.encode(fresh().encoder, TITLES[:4])
    asked = [TITLES[6], TITLES[1], TITLES[5], TITLES[6]]
    found = cache.encode(fresh().encoder, asked)
    np.testing.assert_allclose(found, fresh().encoder.encode(asked), atol=1e-5)
    counted = fresh()
    assert cache.encode(counted.encoder, asked).tobytes() == found.tobytes()
    assert counted.passes == 0
    cache.encode(counted.encoder, TITLES[:1])
    assert counted.texts == 1


def test_nothing_asked_for_is_nothing(cache: VectorCache, fresh):
    assert cache.encode(fresh().encoder, []).shape == (0, 16)
    assert not cache.folder.exists()
