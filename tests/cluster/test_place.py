from pathlib import Path

import pytest

from recdesk.cluster.place import place_of
from recdesk.core.errors import UsageError


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("head", "http://head:8265"),
        ("head:9000", "http://head:9000"),
        (" http://10.0.0.1:8265/ ", "http://10.0.0.1:8265"),
        ("https://ray.example.org", "https://ray.example.org:443"),
        ("https://ray.example.org/team", "https://ray.example.org:443/team"),
        ("http://[::1]:8265", "http://[::1]:8265"),
    ],
)
def test_an_address_may_be_written_shortly(written: str, meant: str, tmp_path: Path):
    assert place_of(written, str(tmp_path)).address == meant


@pytest.mark.parametrize("written", ["", "  ", "ray://head:10001", "head:port", "http://", "http://a b", "file:///x"])
def test_what_is_no_address_is_told(written: str, tmp_path: Path):
    with pytest.raises(UsageError, match="is no address of a cluster"):
        place_of(written, str(tmp_path))


def test_a_storage_is_a_folder_with_its_full_path(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert place_of("head", "there").storage == str(tmp_path / "there")
    assert place_of("head", f"file://{tmp_path}").storage == str(tmp_path)
    for written in ("s3://bucket/x", "~nobody-of-this-name/x"):
        with pytest.raises(UsageError, match="is no folder"):
            place_of("head", written)
    with pytest.raises(UsageError, match="needs a storage"):
        place_of("head", " ")
