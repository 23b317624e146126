"""Refusals of the system become sentences, whoever tells them; what befalls another file passes."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.core import errors
from recdesk.core.errors import RecdeskError, StorageError
from recdesk.core.files import make_folder, new_folder, write_json
from recdesk.core.refusals import explained, unforeseen
from recdesk.core.tensors import save_tensors
from tests.core.test_files import posix, refusing

FULL, QUOTA, LARGE = "is full", "quota for .* is used up", "larger than a file may be"
IN_USE, DENIED, GONE, LONG, NAME = "open in another", "cannot be written to", "does not exist", "too long", "is no name"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (refusing(errno.ENOSPC), FULL),
        (refusing(errno.EINVAL, winerror=112), FULL),
        (refusing(errno.EINVAL, winerror=39), FULL),
        (OSError("1000000 requested and 12484 written"), FULL),  # NumPy
        (OSError("[Errno 28] Error writing bytes to file. Detail: [errno 28] No space left on device"), FULL),  # Arrow
        (
            RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)"),
            FULL,
        ),  # safetensors
        (Exception("No space left on device (os error 28)"), FULL),  # tokenizers
        (Exception("There is not enough space on the disk. (os error 112)"), FULL),
        (RuntimeError('IO Error: {"exception_message":"Could not write file","errno":"28"}'), FULL),  # DuckDB
        (
            RuntimeError(
                "Out of Memory Error: failed to offload data block of size 256.0 KiB (10 MiB/10 MiB used).\nThis "
                "limit was set by the 'max_temp_directory_size' setting."
            ),
            FULL,
        ),
        (Exception("File too large (os error 27)"), LARGE),
        (refusing(errno.EFBIG), LARGE),
        (refusing(getattr(errno, "EDQUOT", errno.ENOSPC)), QUOTA if hasattr(errno, "EDQUOT") else FULL),
        (refusing(errno.EINVAL, winerror=1295), QUOTA),
        (refusing(errno.EACCES, winerror=32), IN_USE),
        (refusing(errno.EINVAL, winerror=1224), IN_USE),
        (refusing(errno.EACCES), DENIED),
        (refusing(errno.EROFS), DENIED),
        (refusing(errno.EACCES, winerror=5), DENIED),
        (refusing(errno.EACCES, winerror=19), DENIED),
        (Exception("Permission denied (os error 13)"), DENIED),
        (refusing(errno.ENOENT), GONE),
        (refusing(errno.ENOENT, winerror=3), GONE),
        (Exception("No such file or directory (os error 2)"), GONE),
        (refusing(errno.ENAMETOOLONG), LONG),
        (refusing(errno.ENOENT, winerror=206), LONG),
        (refusing(errno.EINVAL, winerror=123), NAME),
        (refusing(errno.EIO, "Input/output error"), "could not be written: Input/output error"),
        (Exception("Input/output error (os error 5)"), r"could not be written: Input/output error \(os error 5\)"),
    ],
)
def test_a_refusal_becomes_a_sentence_whoever_tells_it(tmp_path: Path, error: Exception, sentence: str) -> None:
    with pytest.raises(RecdeskError, match=sentence) as caught, explained(tmp_path / "file"):
        raise error
    assert caught.value.__cause__ is error
    assert isinstance(caught.value, StorageError) is (sentence not in (LARGE, LONG, NAME))  # a run waits for the rest


@pytest.mark.parametrize(
    ("text", "sentence"), [("disk (os error 112)", FULL), ("disk (os error 39)", FULL), ("busy (os error 32)", IN_USE)]
)
def test_numbers_in_a_text_are_those_of_the_system(tmp_path: Path, monkeypatch, text: str, sentence: str) -> None:
    monkeypatch.setattr(errors, "_WINDOWS", True)
    with pytest.raises(StorageError, match=sentence), explained(tmp_path / "file"):
        raise RuntimeError(text)


def test_other_failures_pass_unchanged(tmp_path: Path) -> None:
    for error in (ValueError("28 rows written"), RecdeskError("No space left on device"), KeyError("errno")):
        with pytest.raises(type(error)) as caught, explained(tmp_path / "file"):
            raise error
        assert caught.value is error


def test_what_befalls_a_file_elsewhere_is_not_said_of_the_target(tmp_path: Path) -> None:
    missing = tmp_path / "elsewhere" / "source.bin"
    for named in (missing, str(missing), os.fsencode(missing)):
        with pytest.raises(FileNotFoundError) as caught, new_folder(tmp_path / "datasets" / "shop"):
            open(named)  # noqa: PTH123, SIM115
        assert caught.value.filename in (str(missing), os.fsencode(missing))
    assert list((tmp_path / "datasets").iterdir()) == []


@pytest.mark.parametrize(
    "named", ["datasets/shop/a.npy", "datasets/.shop.ab.part", "datasets", "", "link/shop", 7, None]
)
def test_what_befalls_a_file_of_the_target_or_a_folder_above_it_is_said_of_it(tmp_path: Path, named, monkeypatch):
    (tmp_path / "datasets").mkdir()
    if os.name == "posix":
        (tmp_path / "link").symlink_to(tmp_path / "datasets")
    monkeypatch.chdir(tmp_path)
    given = str(tmp_path / named) if isinstance(named, str) else named
    for path in (tmp_path / "datasets" / "shop", Path("datasets/shop")):
        with pytest.raises(StorageError, match=DENIED), explained(path):
            raise OSError(errno.EACCES, "Permission denied", given)


@posix
def test_a_write_that_ends_short_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(StorageError, match=FULL), new_folder(tmp_path / "made") as folder:
            np.save(folder / "a.npy", np.zeros(100_000))
        with pytest.raises(RecdeskError, match=LARGE):
            save_tensors(tmp_path / "a.safetensors", {"x": torch.zeros(100_000)}, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_the_way_is_not_waited_for(tmp_path: Path):
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "inside").touch()
    with pytest.raises(RecdeskError, match="of another kind is in its place") as caught:
        write_json(tmp_path / "thing", {})
    assert not isinstance(caught.value, StorageError)
    (tmp_path / "file").touch()
    with pytest.raises(RecdeskError, match="of another kind is in its place") as caught:
        make_folder(tmp_path / "file" / "below")
    assert not isinstance(caught.value, StorageError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "thing"]


def test_a_refused_path_that_nobody_foresaw_is_named(tmp_path: Path) -> None:
    said = unforeseen(PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "x")))
    assert said is not None and "x” could not be read: Permission denied" in said.sentence
    long = unforeseen(OSError(errno.ENAMETOOLONG, "File name too long", b"y" * 300))
    assert long is not None and "too long a path" in long.sentence
    assert unforeseen(OSError(errno.EBADF, "Bad file descriptor", 7)) is None and unforeseen(OSError()) is None
