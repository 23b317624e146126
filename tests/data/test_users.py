"""What is known of the users: kept with the dataset, seen by people, read by no model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import CancelledError, DataError
from recdesk.core.task import Task
from recdesk.data.health import health
from recdesk.data.importing import ImportResult, import_files, rehearse_users, take_in
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import propose
from recdesk.data.pseudonym_keys import pseudonym
from recdesk.data.store import load_dataset, save_dataset
from recdesk.data.updating import plan_of, with_old_users
from recdesk.data.users import filled, last_known
from tests.data.making import write, write_parquet

KEY = bytes(range(32))
LOG = "user,item,time\nb,x,1\na,x,2\na,y,3\nb,y,4\nc,x,5\n"
PEOPLE = "user,gender,age,town\na,F,30,Ulm\nb, M ,40,\nz,F,50,Bonn\n"


def read(folder: Path, log: str = LOG, people: str | None = PEOPLE, **options: object) -> ImportResult:
    users = None if people is None else write(folder / "people.csv", people)
    return import_files(ImportPlan(write(folder / "log.csv", log), users=users, **options), key=KEY)  # type: ignore[arg-type]


def kept(result: ImportResult) -> dict[str, list[str]]:
    return result.dataset.user_features.to_dict("list")


def of_people(result: ImportResult, *ids: str) -> list[dict[str, str]]:
    """What is known of them under their pseudonyms."""
    return [result.dataset.known_of_user(result.dataset.user_code(pseudonym(KEY, person))) for person in ids]


# the users file


def test_features_stand_beside_the_users_who_did_something(tmp_path: Path) -> None:
    dataset = (result := read(tmp_path)).dataset
    assert dataset.user_ids.tolist() == ["b", "a", "c"]
    assert kept(result) == {"gender": ["M", "F", ""], "age": ["40", "30", ""], "town": ["", "Ulm", ""]}
    assert dataset.known_of_user(0) == {"gender": "M", "age": "40"}
    assert dataset.known_of_user(2) == {}
    assert dataset.report["files"] == {"interactions": "log.csv", "users": "people.csv"}
    assert (dataset.report["users_without_features"], dataset.report["features_without_users"]) == (1, 1)
    assert dataset.n_users == 3  # z is counted, not invented


def test_rules_take_people_out_with_their_features(tmp_path: Path) -> None:
    result = read(tmp_path, min_user=2)
    assert kept(result) == {"gender": ["M", "F"], "age": ["40", "30"], "town": ["", "Ulm"]}
    assert result.dataset.report["features_without_users"] == 1
    result = read(tmp_path, since=3, duplicates="all")  # of b one row is left, of a one: a comes first
    assert dict(zip(result.dataset.user_ids, result.dataset.user_features["gender"], strict=True)) == {
        "a": "F", "b": "M", "c": "",
    }  # fmt: skip


def test_texts_are_tidied_as_those_of_items_are(tmp_path: Path) -> None:
    result = read(tmp_path, people="user,town\na,\u3000Mu\u0308nchen \n")
    assert kept(result) == {"town": ["", "München", ""]}
    lists = write_parquet(tmp_path / "p.parquet", {"user": ["a", "b"], "likes": [["tea", "go"], []], "age": [3, None]})
    result = import_files(ImportPlan(tmp_path / "log.csv", users=lists))
    assert kept(result) == {"likes": ["", "tea, go", ""], "age": ["", "3", ""]}


def test_ids_meet_in_any_form_of_unicode(tmp_path: Path) -> None:
    log = "user,item\nJose\u0301,x\nAnn,y\n"
    result = read(tmp_path, log, "user,town\nJos\u00e9,Lima\n")
    assert result.dataset.user_ids[0] == "Jose\u0301"
    assert kept(result) == {"town": ["Lima", ""]}
    items = write(tmp_path / "items.csv", "item,title\nx\u0301,Ex\n")
    log_file = write(tmp_path / "l.csv", "user,item\na,x\u0301\na,y\n")
    assert import_files(ImportPlan(log_file, items)).dataset.titles.tolist() == ["Ex", "y"]


def test_of_several_rows_with_one_id_the_last_value_counts_and_who_has_several_is_told(tmp_path: Path) -> None:
    people = "user,age,town\na,30,Ulm\nb,40,Bonn\na,31,\nb,40,Bonn\n,9,Rome\nz,1,\nz,2,\n"
    result = read(tmp_path, people=people)
    assert kept(result) == {"age": ["40", "31", ""], "town": ["Bonn", "Ulm", ""]}
    assert result.dataset.report["notes"] == [
        "1 row of “people.csv” has no user id.",
        "1 user has several values of a feature in “people.csv”; the last one counts.",
    ]
    assert result.dataset.report["features_without_users"] == 1


def test_lines_that_cannot_be_read_are_among_the_rejects(tmp_path: Path) -> None:
    result = read(tmp_path, people="user,age\na,30\nb\nc,4\n")
    assert [(reject.file, reject.line) for reject in result.rejects] == [("people.csv", 3)]
    assert result.dataset.report["notes"][0] == "1 line of “people.csv” could not be read."
    assert result.dataset.report["rejected"] == {}  # these are rows of the interactions
    assert kept(result) == {"age": ["", "30", "4"]}


def test_a_file_of_other_people_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, people="user,age\nq,1\nr,2\n")
    assert caught.value.sentence == "No column of “people.csv” holds ids of users of “log.csv”."
    assert caught.value.suggestion == "Check that the two files belong together. Its columns are: user, age."


def test_the_ids_are_found_where_no_name_tells_them(tmp_path: Path) -> None:
    assert kept(read(tmp_path, people="n,code,age\n1,a,30\n2,b,40\n")) == {
        "n": ["2", "1", ""], "age": ["40", "30", ""],
    }  # fmt: skip


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    assert kept(read(tmp_path, user_features=("age",))) == {"age": ["40", "30", ""]}
    assert kept(read(tmp_path, user_features=())) == {}
    with pytest.raises(DataError, match=r"“people\.csv” has no column “shoe”\. Its columns are: user, gender, age"):
        read(tmp_path, user_features=("shoe",))


def test_reading_it_can_be_cancelled(tmp_path: Path) -> None:
    plan = ImportPlan(write(tmp_path / "log.csv", LOG), users=write(tmp_path / "people.csv", PEOPLE))
    intake = take_in(plan)
    asked: list[str] = []

    def progress(_share: float, sentence: str) -> None:
        asked.append(sentence)

    with pytest.raises(CancelledError):
        import_files(plan, Task(progress, lambda: "Reading people.csv" in asked), intake)


def test_movielens_users_need_no_word(tmp_path: Path) -> None:
    write(
        tmp_path / "ratings.dat", "".join(f"{1 + n % 3}::{n % 5}::{1 + n % 5}::{978_300_000 + n}\n" for n in range(30))
    )
    people = {"users.dat": "1::F::1::10::48067\n2::M::56::16::70072\n3::M::25::15::55117\n"}
    people["u.user"] = "1|1|F|other|48067\n2|56|M|writer|70072\n3|25|M|artist|55117\n"
    for name, text in people.items():
        plan = replace(propose([tmp_path]), users=write(tmp_path / name, text))
        for hidden in (False, True):
            dataset = import_files(replace(plan, pseudonyms=hidden), key=KEY).dataset
            assert dataset.known_of_user(dataset.user_code(pseudonym(KEY, "1") if hidden else "1")) == {
                "gender": "F", "age": "1", "occupation": "10" if name == "users.dat" else "other", "zip code": "48067",
            }  # fmt: skip


# columns of the interactions

VISITS = "user,item,time,age,country,note\nb,x,1,,AT,n\na,x,9,31,DE,n\na,y,3,30,DE,n\nb,y,4,40, AT ,n\nc,x,5,,,n\n"


def test_columns_of_the_interactions_that_are_called_so_are_kept_and_the_latest_value_counts(tmp_path: Path) -> None:
    result = read(tmp_path, VISITS, None)
    assert kept(result) == {"age": ["40", "31", ""], "country": ["AT", "DE", ""]}
    assert result.dataset.rules["user_columns"] == ["age", "country"]
    assert result.dataset.report["notes"] == [
        "1 user has several values of a feature in “log.csv”; the latest one counts."
    ]
    assert result.dataset.report["users_without_features"] == 1
    assert result.other_columns is None


def test_without_times_the_last_row_counts(tmp_path: Path) -> None:
    result = read(tmp_path, VISITS, None, time="")
    assert kept(result)["age"] == ["40", "30", ""]
    assert result.dataset.report["notes"][-1].endswith("in “log.csv”; the last one counts.")


def test_rows_that_are_left_out_say_nothing_of_their_user(tmp_path: Path) -> None:
    result = read(tmp_path, VISITS, None, until=8)
    assert dict(zip(result.dataset.user_ids, result.dataset.user_features["age"], strict=True)) == {
        "b": "40", "a": "30", "c": "",
    }  # fmt: skip
    assert result.dataset.report["notes"] == []


def test_ids_that_become_one_are_one_person(tmp_path: Path) -> None:
    log = "user,item,time,country\nJose\u0301,x,1,PE\nJos\u00e9,y,2,CL\nJose\u0301,z,3,\n"
    result = read(tmp_path, log, None, normalise_ids=True)
    assert kept(result) == {"country": ["CL"]}
    assert result.dataset.report["notes"] == [
        "1 user has several values of a feature in “log.csv”; the latest one counts."
    ]


def test_a_person_may_say_which_columns_they_are(tmp_path: Path) -> None:
    assert kept(read(tmp_path, VISITS, None, user_columns=("note",))) == {"note": ["n", "n", "n"]}
    nothing = read(tmp_path, VISITS, None, user_columns=(), keep_columns=True)
    assert kept(nothing) == {}
    assert nothing.other_columns is not None
    assert nothing.other_columns.column_names == ["age", "country", "note"]
    rest = read(tmp_path, VISITS, None, keep_columns=True).other_columns
    assert rest is not None and rest.to_pydict() == {"note": ["n"] * 5}
    with pytest.raises(DataError, match=r"“log\.csv” has no column “shoe”"):
        read(tmp_path, VISITS, None, user_columns=("shoe",))


def test_a_column_with_another_role_describes_nobody(tmp_path: Path) -> None:
    result = read(tmp_path, VISITS, None, item="country", user_columns=("country", "age"))
    assert result.dataset.rules["user_columns"] == ["age"]


def test_the_users_file_comes_first_and_the_interactions_fill_in(tmp_path: Path) -> None:
    result = read(tmp_path, VISITS, "user,country,gender\na,FR,F\nb,,M\n")
    assert kept(result) == {"country": ["AT", "FR", ""], "gender": ["M", "F", ""], "age": ["40", "31", ""]}


def test_they_are_not_in_the_hash_as_no_model_sees_them(tmp_path: Path) -> None:
    with_file, without = read(tmp_path), read(tmp_path, people=None)
    assert with_file.dataset.content_hash == without.dataset.content_hash


# numbers


def test_numbers_are_standardised_and_written_as_words_too(tmp_path: Path) -> None:
    people = "user,age\na,30\nb,40\nc,50\n"
    dataset = read(tmp_path, people=people, user_levels=("age",)).dataset
    assert dataset.user_features.to_dict("list") == {
        "age": ["40", "30", "50"], "age level": ["medium", "low", "high"],
    }  # fmt: skip
    np.testing.assert_allclose(dataset.user_numbers["age"], [0, -np.sqrt(1.5), np.sqrt(1.5)])
    with pytest.raises(DataError, match="The users have no column “shoe”"):
        read(tmp_path, people=people, user_levels=("shoe",))
    with pytest.raises(DataError, match="“gender” of the users holds no numbers"):
        read(tmp_path, user_levels=("gender",))


# pseudonyms

STAFF = "user,mail,name,gender,code\na@x.org,a@x.org,Ann,F,7\nb@x.org,b@x.org,Bob,M,8\n"


def test_under_pseudonyms_only_known_features_of_people_are_kept(tmp_path: Path) -> None:
    log = "user,item\na@x.org,x\nb@x.org,y\n"
    result = read(tmp_path, log, STAFF, pseudonyms=True)
    assert of_people(result, "a@x.org", "b@x.org") == [{"gender": "F"}, {"gender": "M"}]
    assert result.dataset.report["notes"][-3:] == [
        "Left out of “people.csv”, as they may name people: mail, name, code.",
        "User ids were replaced by pseudonyms.",
        "The features of users, which were kept, may still tell who somebody is.",
    ]
    folder = tmp_path / "dataset"
    folder.mkdir()
    save_dataset(result.dataset, folder, result.rejects, result.unused_items)
    for file in folder.iterdir():
        assert b"x.org" not in file.read_bytes() and b"Ann" not in file.read_bytes()
    chosen = read(tmp_path, log, STAFF, pseudonyms=True, user_features=("code",))
    assert of_people(chosen, "a@x.org", "b@x.org") == [{"code": "7"}, {"code": "8"}]
    assert not any(note.startswith("Left out") for note in chosen.dataset.report["notes"])


def test_what_stood_in_rejected_lines_of_the_users_file_is_hidden_with_them(tmp_path: Path) -> None:
    result = read(tmp_path, people="user,gender,mail\na,F,a@x.org\nb,b@x.org\n", pseudonyms=True)
    assert [(reject.line, reject.value, reject.raw) for reject in result.rejects] == [(3, "", "")]


# kept on the disk


def test_they_come_back_from_the_disk(tmp_path: Path) -> None:
    dataset = read(tmp_path, people="user,user_id,age\na,<b>7</b>,30\nb,用户,40\nc,,50\n", user_levels=("age",)).dataset
    folder = tmp_path / "dataset"
    folder.mkdir()
    save_dataset(dataset, folder, [], pd.DataFrame())
    loaded = load_dataset(folder)
    pd.testing.assert_frame_equal(loaded.user_features, dataset.user_features)
    pd.testing.assert_frame_equal(loaded.user_numbers, dataset.user_numbers)
    assert loaded.user_ids.tolist() == ["b", "a", "c"]
    assert loaded.content_hash == replace(loaded).content_hash
    assert health(loaded).users_without_features == 0
    assert health(read(tmp_path).dataset).users_without_features == 1
    assert health(read(tmp_path, people=None).dataset).users_without_features == 3


# rehearsing


def test_a_rehearsal_tells_what_the_import_then_keeps(tmp_path: Path) -> None:
    plan = ImportPlan(write(tmp_path / "log.csv", LOG), users=write(tmp_path / "people.csv", PEOPLE), min_user=2)
    columns, report = rehearse_users(replace(plan, user_levels=("age",)), take_in(plan))
    assert columns == ["gender", "age", "age level", "town"]
    assert (report.users_without_features, report.features_without_users) == (0, 1)


# newer files


def test_without_a_newer_users_file_people_keep_what_was_known_of_them(tmp_path: Path) -> None:
    old = read(tmp_path, VISITS, "user,gender,age\na,F,30\nb,M,\nc,F,20\n", user_levels=("age",)).dataset
    assert old.user_features.to_dict("list") == {
        "gender": ["M", "F", "F"],
        "age": ["40", "30", "20"],
        "age level": ["high", "medium", "low"],
        "country": ["AT", "DE", ""],
    }
    newer = write(tmp_path / "newer.csv", VISITS + "d,x,20,60,FR,n\nb,x,21,41,,n\n")
    fresh = import_files(plan_of(old, newer), key=KEY)
    result = with_old_users(fresh, old)
    assert kept(result) == {
        "gender": ["M", "F", "F", ""],
        "age": ["41", "31", "20", "60"],
        "age level": ["medium", "low", "low", "high"],
        "country": ["AT", "DE", "", "FR"],
    }
    assert list(result.dataset.user_numbers.columns) == ["age"]
    assert result.dataset.rules["user_levels"] == ["age"]
    assert result.dataset.report["users_without_features"] == 0


def test_a_newer_users_file_takes_the_place_of_the_older(tmp_path: Path) -> None:
    old = read(tmp_path, user_features=("age",)).dataset
    people = write(tmp_path / "newer.csv", "user,gender,age\na,F,31\nc,F,9\n")
    plan = plan_of(old, tmp_path / "log.csv", users=people)
    assert kept(import_files(plan)) == {"age": ["", "31", "9"]}


def test_pseudonyms_join_what_was_known_to_newer_interactions(tmp_path: Path) -> None:
    old = read(tmp_path, pseudonyms=True).dataset
    newer = write(tmp_path / "newer.csv", LOG + "d,x,6\n")
    result = with_old_users(import_files(plan_of(old, newer), key=KEY), old)
    known = [{"gender": "F", "age": "30", "town": "Ulm"}, {"gender": "M", "age": "40"}, {}, {}]
    assert of_people(result, *"abcd") == known


def test_a_dataset_from_before_there_were_features_of_users_is_updated_as_it_was_read(tmp_path: Path) -> None:
    old = read(tmp_path, VISITS, None).dataset
    rules = {name: value for name, value in old.rules.items() if not name.startswith("user_")}
    old = replace(old, rules=rules, user_features=pd.DataFrame(), user_numbers=pd.DataFrame())
    fresh = import_files(plan_of(old, tmp_path / "log.csv"))
    assert kept(with_old_users(fresh, old)) == {}


# parts


def test_the_last_known_value_counts() -> None:
    owners, values = np.array([0, 1, 0, 2, 1, 0]), np.array([5, 3, -1, -1, 3, 6])
    last, several = last_known(owners, values, 4)
    assert last.tolist() == [6, 3, -1, -1]
    assert several.tolist() == [True, False, False, False]


def test_what_one_does_not_know_the_other_fills_in() -> None:
    one = pd.DataFrame({"a": ["1", ""], "b": ["", ""]}, dtype="str")
    two = pd.DataFrame({"c": ["x", ""], "a": ["2", "3"]}, dtype="str")
    assert filled(one, two).to_dict("list") == {"a": ["1", "3"], "b": ["", ""], "c": ["x", ""]}
