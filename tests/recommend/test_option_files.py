"""What an export is asked for comes out of its files as it went in."""

from pathlib import Path

import numpy as np
import pytest

from recdesk.core.errors import DataError
from recdesk.data.histories import NO_TIME, History
from recdesk.recommend.export_forms import FileForm
from recdesk.recommend.export_options import EditedPerson, ExportOptions
from recdesk.recommend.option_files import ARRAYS, VALUES, read_options, write_options
from recdesk.recommend.rules import Rules, parse_condition

TIMED = History(np.array([4, 5], np.int32), np.array([NO_TIME, 70]), 99)
OPTIONS = {
    "usual": ExportOptions(),
    "some": ExportOptions(".parquet", 3, np.array([7, 0, 7]), False, FileForm(("rank", "title"), ";", False, True)),
    "nobody": ExportOptions(users=np.array([], np.int64)),
    "rules": ExportOptions(
        allowed=np.arange(9) % 2 == 0,
        rules=Rules("shop", ("a",), ("b", "“c”"), (parse_condition("year >= 1990"),), "g", 2, damping=0.5),
        strangers=["=x", "ü\n"],
        as_of=-5,
    ),
    "edited": ExportOptions(
        edited=[
            EditedPerson(3, "u3", [1, 2]),
            EditedPerson(-1, "new", TIMED, "a wish"),
            EditedPerson(-2, "empty", []),
            EditedPerson(4, "u4", History(np.array([9], np.int32), np.array([1]))),
        ]
    ),
}


def parts(history: History) -> tuple:
    return history.items.tolist(), None if history.times is None else history.times.tolist(), history.asked


@pytest.mark.parametrize("name", OPTIONS)
def test_options_come_back_as_they_were(tmp_path: Path, name: str):
    options = OPTIONS[name]
    write_options(options, tmp_path)
    found = read_options(tmp_path)
    for each in ("ending", "n", "exclude_seen", "form", "rules", "as_of"):
        assert getattr(found, each) == getattr(options, each)
    for each in ("users", "allowed"):
        here, there = getattr(options, each), getattr(found, each)
        assert (here is None) == (there is None)
        assert here is None or (here.dtype == there.dtype and here.tolist() == there.tolist())
    assert list(found.strangers) == list(options.strangers) and found.described() == options.described()
    assert [(p.user, p.user_id, p.wish) for p in found.edited] == [(p.user, p.user_id, p.wish) for p in options.edited]
    histories = [(parts(History.of(p.history)), parts(History.of(q.history))) for p, q in zip(found.edited, options.edited, strict=True)]  # fmt: skip  # noqa: E501
    assert all(found == wanted for found, wanted in histories)


def test_files_that_are_gone_or_cut_or_of_another_export_are_told(tmp_path: Path):
    write_options(OPTIONS["usual"], tmp_path)
    other = (tmp_path / ARRAYS).read_bytes()
    write_options(OPTIONS["edited"], tmp_path)
    for content, said in ((other, "holds something else"), (other[:40], "is damaged"), (None, "is missing")):
        if content is None:
            (tmp_path / ARRAYS).unlink()
        else:
            (tmp_path / ARRAYS).write_bytes(content)
        with pytest.raises(DataError, match=said) as told:
            read_options(tmp_path)
        assert ARRAYS in told.value.sentence
    (tmp_path / VALUES).write_text("{}")
    with pytest.raises(DataError, match="damaged"):
        read_options(tmp_path)
