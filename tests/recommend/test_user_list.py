"""Lists of users that somebody wrote down."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from recdesk.core.errors import DataError
from recdesk.data.dataset import Dataset
from recdesk.recommend.user_list import read_user_list

WANTED = [3, 1]


@pytest.mark.parametrize(
    "raw",
    [
        b"user_id\nuser-003\n\nuser-001\n",
        b"user-003\r\nuser-001",
        b"user-003\nuser-001\nuser-003\n",
        b'"user-003"\n"user-001"\n',
        b"  user-003\nuser-001  \n",
        "\ufeffuser_id\nuser-003\nuser-001\n".encode(),
        "\ufeffUserId\r\nuser-003\r\nuser-001\r\n".encode("utf-16-le"),
        b'age,user_id,name\n30,user-003,"a,\nb"\n20,user-001,c\n',
        b"user_id;rank\nuser-003;1\nuser-003;2\nuser-001;1\n",
        "用户\t姓名\nuser-003\t张伟\nuser-001\t王芳\n".encode("gb18030"),
    ],
)
def test_a_list_is_read_however_it_was_written(chain: Dataset, tmp_path: Path, raw: bytes):
    path = tmp_path / "users.txt"
    path.write_bytes(raw)
    found = read_user_list(path, chain)
    assert (found.codes, found.unknown, found.note) == (WANTED, [], "")


def test_ids_are_taken_as_they_stand_before_anything_is_taken_off(chain: Dataset, tmp_path: Path):
    ids = ["user_id", " a", '"b"', "'-c", "d,e", "f"]
    few = replace(chain, user_ids=pd.Index([*ids, *chain.user_ids[len(ids) :]], dtype="str"))
    path = tmp_path / "users.txt"
    path.write_text("\n".join(ids))
    assert read_user_list(path, few).codes == [0, 1, 2, 3, 4, 5]


def test_ids_of_our_own_export_for_spreadsheets_are_understood(chain: Dataset, tmp_path: Path):
    few = replace(chain, user_ids=pd.Index(["-Wq", "=x", *chain.user_ids[2:]], dtype="str"))
    path = tmp_path / "out.csv"
    path.write_text("user_id,rank,item_id,title,score\n'-Wq,1,a,b,0.1\n'-Wq,2,a,b,0.1\n'=x,1,a,b,0.1\n")
    assert read_user_list(path, few).codes == [0, 1]


def test_all_unknown_are_named_and_the_others_found(chain: Dataset, tmp_path: Path):
    path = tmp_path / "users.txt"
    path.write_text("user-003\n8888\nuser-001\n9999\n8888\n")
    found = read_user_list(path, chain)
    assert (found.codes, found.unknown) == (WANTED, [(2, "8888"), (4, "9999")])
    assert found.note == "2 ids of the list are not in “chain” and left out: “8888” (line 2), “9999” (line 4)."


def test_of_many_unknown_some_are_named(chain: Dataset, tmp_path: Path):
    path = tmp_path / "users.txt"
    path.write_text("user-003\n" + "\n".join(f"no{n}" for n in range(30)))
    note = read_user_list(path, chain).note
    assert note.startswith("30 ids") and "no19" in note and "no20" not in note and note.endswith(", ….")


@pytest.mark.parametrize(
    "text, words",
    [
        ("nobody\nnoone\n", "None of the 2 ids of “users.txt” is in “chain”; the first, line 1, is “nobody”"),
        ("\n\n", "names no user"),
        ("user_id\n", "names no user"),
        ("", "names no user"),
    ],
)
def test_a_list_without_anybody_gets_a_sentence(chain: Dataset, tmp_path: Path, text: str, words: str):
    path = tmp_path / "users.txt"
    path.write_text(text)
    with pytest.raises(DataError, match=words):
        read_user_list(path, chain)


def test_what_is_no_file_gets_a_sentence(chain: Dataset, tmp_path: Path):
    with pytest.raises(DataError, match="There is no file"):
        read_user_list(tmp_path / "none.txt", chain)
    with pytest.raises(DataError, match="is a folder"):
        read_user_list(tmp_path, chain)
