from pathlib import Path

import pandas as pd
import pytest

from recdesk.errors import CancelledError, DataError, RecdeskError
from recdesk.recommend.export import export_top_n, read_user_file
from recdesk.recommend.recommender import LiveModel


def test_the_file_holds_everybodys_top_n_with_original_ids(live: LiveModel, tmp_path: Path):
    path = tmp_path / "out.csv"
    assert export_top_n(live, path, 3) == 180
    frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    assert list(frame.columns) == ["user_id", "rank", "item_id", "title", "score"]
    assert list(frame.user_id.unique()) == list(live.dataset.user_ids)
    first = frame[frame.user_id == "user-000"]
    lines = live.top_n(live.dataset.histories().row(0), 3)
    assert first.item_id.tolist() == [line.item_id for line in lines]
    assert first.title.tolist() == [line.title for line in lines]
    assert first.score.astype(float).tolist() == pytest.approx([line.score for line in lines], rel=1e-4)


def test_some_users_in_the_order_wanted(live: LiveModel, tmp_path: Path):
    export_top_n(live, tmp_path / "out.csv", 1, users=[7, 2])
    frame = pd.read_csv(tmp_path / "out.csv", dtype=str, encoding="utf-8-sig")
    assert frame.user_id.tolist() == ["user-007", "user-002"]


def test_a_cancelled_export_leaves_the_old_file(live: LiveModel, tmp_path: Path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(CancelledError):
        export_top_n(live, path, 3, cancelled=lambda: True)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_progress_reaches_the_end(live: LiveModel, tmp_path: Path):
    seen = []
    export_top_n(live, tmp_path / "out.csv", 1, progress=lambda share, words: seen.append((share, words)))
    assert seen[-1] == (1.0, "60 of 60 users")


def test_a_folder_that_is_not_there_gets_a_sentence(live: LiveModel, tmp_path: Path):
    with pytest.raises(RecdeskError, match="does not exist"):
        export_top_n(live, tmp_path / "no" / "out.csv", 3)


def test_a_file_of_users_is_read_by_line(chain, tmp_path: Path):
    path = tmp_path / "users.txt"
    path.write_text("user_id\nuser-003\n\nuser-001\n")
    assert read_user_file(path, chain) == [3, 1]


@pytest.mark.parametrize(
    "text, words",
    [
        ("user-001\nnobody\n", "line 2: there is no user “nobody”"),
        ("\n\n", "names no user"),
    ],
)
def test_a_wrong_file_of_users_gets_a_sentence(chain, tmp_path: Path, text: str, words: str):
    path = tmp_path / "users.txt"
    path.write_text(text)
    with pytest.raises(DataError, match=words):
        read_user_file(path, chain)


def test_a_missing_file_of_users_gets_a_sentence(chain, tmp_path: Path):
    with pytest.raises(DataError, match="There is no file"):
        read_user_file(tmp_path / "none.txt", chain)
