"""An encoder for the tests of a file."""

from pathlib import Path

import pytest

from tests.text.making import small_encoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small encoder's files; look, don't change."""
    folder = tmp_path_factory.mktemp("encoders") / "small"
    small_encoder(folder)
    return folder
