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


def test_a_storage_is_a_folder_with_its_full_path_or_an_object_store(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert place_of("head", "there").storage == str(tmp_path / "there")
    assert place_of("head", f"file://{tmp_path}").storage == str(tmp_path)
    written = " s3://bucket/x/?endpoint_override=127.0.0.1:9000&scheme=http "
    assert place_of("head", written).storage == "s3://bucket/x?endpoint_override=127.0.0.1:9000&scheme=http"
    assert place_of("head", "abfs://people@shop.dfs.core.windows.net/x").storage.startswith("abfs://people@shop")
    with pytest.raises(UsageError, match="option “anonymous”"):
        place_of("head", "s3://bucket/x?anonymous=false")
    for written in ("s3://[b", "ftp://host/x", "s3:///x", "s3://bucket/x#part", "~nobody-of-this-name/x"):
        with pytest.raises(UsageError, match="is neither a folder nor"):
            place_of("head", written)
    with pytest.raises(UsageError, match="needs a storage"):
        place_of("head", " ")


@pytest.mark.parametrize(
    "written",
    [
        "s3://me:hidden@bucket/x",
        "s3://bucket/x?secret_key=hidden",
        "gs://bucket?Token=hidden",
        "s3://bucket/x?proxy=http://me:hidden@proxy",
    ],
)
def test_an_address_with_a_password_is_refused_without_repeating_it(written: str):
    with pytest.raises(UsageError, match="with a key or password") as caught:
        place_of("head", written)
    assert ("hidden" not in str(caught.value) and "s3://bucket" in str(caught.value)) or "gs://bucket" in str(
        caught.value
    )
