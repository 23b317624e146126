"""Data as the field publishes it import unaided, with the right people, items, order and titles."""

from pathlib import Path

import pytest

from tests.formats.reading import faults
from tests.formats.samples import FORMATS, Format


@pytest.mark.slow
@pytest.mark.parametrize("of", FORMATS, ids=lambda of: of.name)
def test_a_published_format_imports_unaided(of: Format, tmp_path: Path) -> None:
    assert faults(of, tmp_path) == []
