"""User ids replaced by keyed pseudonyms."""

import hashlib
import hmac
from pathlib import Path

import pandas as pd
import pytest

from recdesk.core.errors import CancelledError, DataError
from recdesk.core.task import Task
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.pseudonym_keys import key_name, new_key, pseudonym
from recdesk.data.pseudonyms import pseudonyms
from recdesk.data.store import save_dataset
from tests.data.making import write

KEY = bytes(range(32))
FILE = "person,item,rating,time,mail\nann@x.org,a,5,1,ann@x.org\nbob@x.org,b,4,2,bob@x.org\nann@x.org,b,great,3,m\ncy\n"


def test_a_pseudonym_is_hmac_sha_256_of_the_id() -> None:
    expected = hmac.new(KEY, "用户 7".encode(), hashlib.sha256).hexdigest()[:32]
    assert pseudonym(KEY, "用户 7") == expected
    assert pseudonyms(KEY, ["a", "用户 7"]).tolist() == [pseudonym(KEY, "a"), expected]


def test_another_key_gives_others_and_its_name_tells_nothing_of_it() -> None:
    one, two = new_key(), new_key()
    assert pseudonym(one, "a") != pseudonym(two, "a")
    assert key_name(one) != key_name(two)
    assert key_name(one) not in one.hex() and len(key_name(one)) == 16


def test_making_pseudonyms_can_be_cancelled() -> None:
    with pytest.raises(CancelledError):
        pseudonyms(KEY, ["a"], Task(cancelled=lambda: True))
    assert len(pseudonyms(KEY, [])) == 0


def test_nothing_of_a_person_is_in_the_dataset(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", FILE)
    result = import_files(ImportPlan(path, user="person", pseudonyms=True), key=KEY)
    assert result.key == KEY
    assert result.dataset.user_ids.tolist() == [pseudonym(KEY, "ann@x.org"), pseudonym(KEY, "bob@x.org")]
    assert result.dataset.rules["pseudonyms"] == key_name(KEY)
    assert [(r.line, r.reason, r.value, r.raw) for r in result.rejects] == [
        (4, "a rating that is no number", "", ""),
        (5, "too few fields (1 instead of 5)", "", ""),
    ]
    assert result.dataset.report["notes"][-2:] == [
        "User ids were replaced by pseudonyms.",
        "rejects.csv leaves out what stood in the rejected rows, which may name people.",
    ]
    folder = tmp_path / "dataset"
    folder.mkdir()
    save_dataset(result.dataset, folder, result.rejects, pd.DataFrame())
    for file in folder.iterdir():
        content = file.read_bytes()
        assert b"x.org" not in content and KEY not in content and KEY.hex().encode() not in content
    assert KEY.hex() not in repr(result) and str(KEY) not in repr(result)


def test_without_the_option_ids_and_rejected_lines_stay(tmp_path: Path) -> None:
    result = import_files(ImportPlan(write(tmp_path / "f.csv", FILE), user="person"))
    assert result.key is None
    assert result.dataset.user_ids.tolist() == ["ann@x.org", "bob@x.org"]
    assert result.rejects[0].raw == "ann@x.org,b,great,3,m"
    assert result.dataset.rules["pseudonyms"] == ""


def test_columns_without_a_role_are_left_out(tmp_path: Path) -> None:
    dataset = import_files(ImportPlan(write(tmp_path / "f.csv", FILE), user="person")).dataset
    assert dataset.rules["roles"] == {"user": "person", "item": "item", "rating": "rating", "time": "time"}
    assert list(dataset.item_features.columns) == []


def test_they_are_kept_row_by_row_when_that_is_asked_for(tmp_path: Path) -> None:
    text = 'user,place,item,time,note\nb,Ulm,x,9,\na,Bonn,x,5,hm\nb,Bonn,y,3,"a, b"\nb,Ulm,x,9,\n,Ulm,x,9,\n'
    plan = ImportPlan(write(tmp_path / "f.csv", text), keep_columns=True, k_core=1)
    result = import_files(plan)
    assert result.other_columns is not None
    assert result.other_columns.to_pydict() == {"place": ["Bonn", "Ulm", "Bonn"], "note": ["a, b", "", "hm"]}
    assert result.dataset.item_ids[result.dataset.items - 1].tolist() == ["y", "x", "x"]
    assert result.dataset.content_hash == import_files(ImportPlan(plan.interactions)).dataset.content_hash
    folder = tmp_path / "dataset"
    folder.mkdir()
    save_dataset(result.dataset, folder, [], pd.DataFrame(), other_columns=result.other_columns)
    assert pd.read_parquet(folder / "other_columns.parquet")["place"].tolist() == ["Bonn", "Ulm", "Bonn"]


def test_columns_of_the_items_can_be_chosen(tmp_path: Path) -> None:
    ratings = write(tmp_path / "r.csv", "user,item\na,x\na,y\n")
    items = write(tmp_path / "i.csv", "item,title,owner,kind\nx,X,Ann,k\ny,Y,Bob,l\nz,Z,Cy,m\n")
    result = import_files(ImportPlan(ratings, items, features=("kind",)))
    assert result.dataset.item_features.to_dict("list") == {"title": ["X", "Y"], "kind": ["k", "l"]}
    assert result.unused_items.to_dict("list") == {"item": ["z"], "title": ["Z"], "kind": ["m"]}
    with pytest.raises(DataError, match="no column “colour”"):
        import_files(ImportPlan(ratings, items, features=("colour",)))
