"""A cancelled import ends at once and leaves nothing."""

import itertools
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data.files import delimited
from recdesk.data.files.normalized import NormalizedFile
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from tests.data.making import write, write_table


def no_after(count: int) -> Callable[[], bool]:
    """Says yes from the so-many-th time on."""
    asked = itertools.count()
    return lambda: next(asked) >= count


@pytest.mark.slow
def test_whenever_it_is_cancelled_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    rows = "".join(f"u{n % 9},i{n % 7},{'good' if n == 50 else n % 5},{n}\n" for n in range(300))
    ratings = write(tmp_path / "ratings.csv.gz", f"user,item,rating,time\n{rows}")
    items = write_table(tmp_path / "items.csv", [["item", "title"], *([f"i{n}", f"T{n}"] for n in range(7))])
    plan = ImportPlan(ratings, items, k_core=2, pseudonyms=True)
    threads = threading.active_count()
    for moment in range(0, 200, 2):
        try:
            result = import_files(plan, Task(cancelled=no_after(moment)))
        except CancelledError as error:
            assert str(error) == "The import was cancelled; nothing was changed."
            assert not list(place.iterdir())
            assert threading.active_count() <= threads  # an idle reader of an earlier test may end
        else:
            break
    assert 10 < moment < 198
    assert result.dataset.n_interactions == 299
    assert not list(place.iterdir())


def test_the_copy_that_is_made_for_open_quotes_is_given_up_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setattr(delimited, "COPY_BYTES", 100)
    rows = [f'"u{n}","i{n % 7}",{n}\n' for n in range(300)]
    rows[100] = '"u100,i2,100\n'
    path = write(tmp_path / "open.csv", "user,item,time\n" + "".join(rows))
    begun: list[Path] = []
    done: list[Path] = []

    def copy(plain: NormalizedFile, to: Path, copied=delimited._copy) -> None:
        begun.append(to)
        copied(plain, to)
        done.append(to)

    monkeypatch.setattr(delimited, "_copy", copy)
    (reject,) = import_files(ImportPlan(path)).rejects
    assert (len(begun), len(done), reject.line) == (1, 1, 102)
    with pytest.raises(CancelledError):
        import_files(ImportPlan(path), Task(cancelled=lambda: len(begun) == 2))
    assert (len(begun), len(done)) == (2, 1)  # it ended in its middle
    assert not list(place.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9])
def test_a_large_import_ends_when_cancelled_at_any_moment(
    share: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = tmp_path / "large.csv"
    with path.open("w") as stream:
        stream.write("user,item,rating,time\n")
        for block in range(60):
            stream.writelines(
                f"u{n % 70_001},i{n % 6007},{n % 5},{10**9 + n * 7919 % 10**8}\n"
                for n in range(50_000 * block, 50_000 * (block + 1))
            )
    reached: list[float] = [0.0]
    with pytest.raises(CancelledError):
        import_files(
            ImportPlan(path),
            Task(lambda fraction, _sentence: reached.append(fraction), lambda: reached[-1] >= share),
        )
    assert reached[-1] < 1.0
    assert [file.name for file in tmp_path.iterdir()] == ["large.csv"]
