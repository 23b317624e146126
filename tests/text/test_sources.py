import json
import shutil
from pathlib import Path

import pytest

from recdesk.core.errors import DataError, UsageError
from recdesk.text import sources
from recdesk.text.folders import SOURCE
from recdesk.text.sources import Source, find_source, packaged_folder
from tests.text.making import minilm, sentence, small_encoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoders") / "small"
    small_encoder(folder)
    return folder


def test_the_packaged_encoder_is_found_and_is_the_one_it_should_be(tmp_path: Path):
    folder = minilm()
    expected = Source("packaged", "all-MiniLM-L6-v2", folder)
    assert find_source("packaged", tmp_path) == find_source("auto", tmp_path) == expected


def test_packaged_weights_with_another_checksum_are_refused(folder: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(sources, "packaged_folder", lambda: folder)
    for wanted in ("packaged", "auto"):
        with pytest.raises(DataError, match="checksum") as caught:
            find_source(wanted, tmp_path)
        assert str(folder) in sentence(caught) and "Install it again" in caught.value.suggestion


def test_one_changed_bit_of_the_packaged_weights_is_noticed(tmp_path: Path, monkeypatch):
    copy = Path(shutil.copytree(minilm(), tmp_path / "model"))
    with (copy / "model.safetensors").open("r+b") as stream:
        stream.seek(-1, 2)
        (last,) = stream.read(1)
        stream.seek(-1, 2)
        stream.write(bytes([last ^ 1]))
    monkeypatch.setattr(sources, "packaged_folder", lambda: copy)
    with pytest.raises(DataError, match="checksum"):
        find_source("packaged", tmp_path)


def test_where_nothing_is_packaged_auto_learns_one_and_packaged_says_how_to_get_it(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(sources, "PACKAGE", "recdesk_no_such_package")
    assert packaged_folder() is None
    assert find_source("auto", tmp_path) == find_source("scratch", tmp_path) == Source("scratch", "trained here")
    with pytest.raises(UsageError, match="not installed") as caught:
        find_source("packaged", tmp_path)
    assert "pip install" in caught.value.suggestion


def test_a_folder_is_looked_at_before_it_is_taken(folder: Path, tmp_path: Path, monkeypatch):
    assert find_source(str(folder), tmp_path) == Source("folder", "small", folder.resolve())
    monkeypatch.chdir(folder.parent)
    assert find_source("small", tmp_path) == Source("folder", "small", folder.resolve())
    monkeypatch.setenv("HOME", str(folder.parent))
    assert find_source("~/small", tmp_path).folder == folder.resolve()
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"no config\.json"):
        find_source(str(tmp_path / "empty"), tmp_path)


def test_a_model_of_the_hub_is_one_that_was_downloaded(folder: Path, tmp_path: Path):
    with pytest.raises(UsageError, match="no text encoder “someone/small”") as caught:
        find_source("someone/small", tmp_path)
    assert "recdesk encoder someone/small" in caught.value.suggestion
    place = Path(shutil.copytree(folder, tmp_path / "someone--small@0123"))
    (place / SOURCE).write_text(json.dumps({"model_id": "someone/small", "revision": "0123"}))
    assert find_source("someone/small", tmp_path) == Source("hub", "someone/small", place, "0123")
    with pytest.raises(UsageError):
        find_source("someone/other", tmp_path)


def test_a_damaged_download_is_told_only_where_it_is_the_one_that_is_asked_for(folder: Path, tmp_path: Path):
    place = Path(shutil.copytree(folder, tmp_path / "someone--small@0123"))
    (place / SOURCE).write_text("[")
    with pytest.raises(UsageError, match="no text encoder “someone/sma”"):
        find_source("someone/sma", tmp_path)
    with pytest.raises(DataError, match="is damaged") as caught:
        find_source("someone/small", tmp_path)
    assert str(place / SOURCE) in caught.value.sentence and "Download the encoder again" in caught.value.suggestion


@pytest.mark.parametrize("wanted", ["/no/such/folder", "a/b/c", "C:\\models\\bert", "两 个字/x/y", "a\0b"])
def test_a_folder_that_is_not_there_is_a_sentence(wanted: str, tmp_path: Path):
    with pytest.raises(UsageError, match="There is no folder"):
        find_source(wanted, tmp_path)


@pytest.mark.parametrize("wanted", ["~nobody-of-this-name/x", "a" * 400])
def test_a_name_that_the_system_refuses_is_a_sentence(wanted: str, tmp_path: Path):
    with pytest.raises(UsageError):
        find_source(wanted, tmp_path)
