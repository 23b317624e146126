"""A split as files that others read."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import CancelledError, DataError, RecdeskError, UsageError
from recdesk.core.task import Task
from recdesk.data import split_files
from recdesk.data.dataset import Dataset
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import propose
from recdesk.data.split_files import check_split, digests, write_split
from recdesk.data.splitting import make_split

KINDS = ("leave-one-out", "time", "validation-only", "new-items")


def read(folder: Path, part: str, form: str) -> pd.DataFrame:
    """As anybody reads it who has never heard of recdesk."""
    path = folder / f"{part}.{form}"
    if not path.exists():
        return pd.DataFrame({"user_id": [], "item_id": [], "position": []})
    return pd.read_csv(path, dtype={"user_id": str, "item_id": str}) if form == "csv" else pd.read_parquet(path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", split_files.FORMS)
def test_a_plain_reader_gets_the_same_held_out_items(chain: Dataset, tmp_path: Path, kind, form):
    split = make_split(chain, kind)
    write_split(split, tmp_path / "s", form)
    for part in ("validation", "test"):
        targets = split.targets(part)
        users = np.flatnonzero(targets >= 0)
        expected = dict(
            zip(chain.user_ids[users], chain.item_ids[split.dataset.items[targets[users]] - 1], strict=True)
        )
        found = read(tmp_path / "s", part, form)
        assert dict(zip(found["user_id"], found["item_id"], strict=True)) == expected
    train = read(tmp_path / "s", "train", form)
    assert len(train) == int((split.train_ends - split.dataset.offsets[:-1]).sum())


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_together_are_every_history_in_its_order(chain: Dataset, tmp_path: Path, kind):
    split = make_split(chain, kind, max_users=20)
    write_split(split, tmp_path / "s", "csv")
    rows = pd.concat([read(tmp_path / "s", part, "csv") for part in split_files.PARTS])
    rows = rows.astype({"position": int}).sort_values(["user_id", "position"])
    assert rows["item_id"].tolist() == list(chain.item_ids[split.dataset.items - 1])
    assert rows["position"].tolist() == [n + 1 for length in np.diff(split.dataset.offsets) for n in range(length)]
    about = json.loads((tmp_path / "s" / "split.json").read_text())
    assert sum(file["rows"] for file in about["files"]) == split.dataset.n_interactions
    assert about["counts"]["users_not_measured"] == split.not_drawn
    assert about["protocol"] == split.protocol.to_dict()


def test_the_hashes_are_those_of_what_is_written_and_the_same_for_every_form(
    chain: Dataset, tmp_path: Path, monkeypatch
):
    split = make_split(chain)
    as_csv = write_split(split, tmp_path / "csv", "csv")
    monkeypatch.setattr(split_files, "ROWS_AT_ONCE", 100)
    as_parquet = write_split(split, tmp_path / "parquet", "parquet")
    assert as_csv.hash == as_parquet.hash
    for file in as_csv.files:
        path = tmp_path / "csv" / file.name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
        rows = read(tmp_path / "csv", file.part, "csv")
        lines = "".join(f"{user}\t{item}\n" for user, item in zip(rows["user_id"], rows["item_id"], strict=True))
        assert hashlib.sha256(lines.encode()).hexdigest() == file.rows_sha256
        assert digests(split)[file.part] == (file.rows, file.rows_sha256)


def test_what_was_written_is_imported_again_as_the_same_data_and_split(tmp_path: Path):
    rng = np.random.default_rng(0)
    lines = [f"u{u},i{i},{t}" for t, (u, i) in enumerate(rng.integers(1, 15, (300, 2)))]
    (tmp_path / "log.csv").write_text("user_id,item_id,timestamp\n" + "\n".join(lines))
    data = import_files(ImportPlan(tmp_path / "log.csv")).dataset
    write_split(make_split(data), tmp_path / "s", "csv")
    again = import_files(propose([tmp_path / "s"])).dataset
    assert (again.n_users, again.n_items, again.n_interactions) == (data.n_users, data.n_items, data.n_interactions)
    ours, theirs = make_split(data), make_split(again)
    for split in (ours, theirs):
        assert len(split.test) == data.n_users
    assert held_out(ours) == held_out(theirs)


def held_out(split) -> dict[str, str]:
    users = np.flatnonzero(split.test >= 0)
    items = split.dataset.item_ids[split.dataset.items[split.test[users]] - 1]
    return dict(zip(split.dataset.user_ids[users], items, strict=True))


def test_a_folder_is_checked_against_the_data(chain: Dataset, tmp_path: Path):
    folder = tmp_path / "s"
    written = write_split(make_split(chain), folder, "csv")
    assert check_split(chain, folder).hash == written.hash
    from tests.conftest import chain_dataset

    with pytest.raises(DataError, match="is not the data"):
        check_split(chain_dataset(seed=9), folder)
    text = (folder / "test.csv").read_text()
    (folder / "test.csv").write_text(text.replace("user-001", "user-002", 1))
    with pytest.raises(DataError, match=r"test\.csv” is missing, or not as it was written"):
        check_split(chain, folder)
    about = json.loads((folder / "split.json").read_text())
    for damaged in (
        {},
        {**about, "protocol": {**about["protocol"], "max_users": "x"}},
        {**about, "files": [1]},
        [about],
    ):
        (folder / "split.json").write_text(json.dumps(damaged))
        with pytest.raises(RecdeskError):
            check_split(chain, folder)
    with pytest.raises(RecdeskError):
        check_split(chain, tmp_path / "nothing")


def test_nothing_is_left_of_what_could_not_be_written(chain: Dataset, tmp_path: Path):
    (tmp_path / "there").mkdir()
    with pytest.raises(UsageError, match="is there already"):
        write_split(make_split(chain), tmp_path / "there")
    with pytest.raises(UsageError, match="as “xlsx”"):
        write_split(make_split(chain), tmp_path / "s", "xlsx")
    with pytest.raises(CancelledError):
        write_split(make_split(chain), tmp_path / "s", "csv", Task(cancelled=lambda: True))
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_ids_are_written_as_they_are_and_a_note_says_what_that_means(tmp_path: Path):
    data = Dataset(
        "odd", pd.Index(['=1+1', 'a"b,c', "007"]), pd.Index(["é\tx", "-", "3", "4"]),
        np.array([0, 4, 8, 12]), np.tile(np.arange(1, 5, dtype=np.int32), 3),
    )  # fmt: skip
    written = write_split(make_split(data), tmp_path / "s", "csv")
    assert set(read(tmp_path / "s", "test", "csv")["user_id"]) == set(data.user_ids)
    assert any("spreadsheet" in note for note in written.notes)
    assert "timestamp" not in read(tmp_path / "s", "test", "csv").columns
