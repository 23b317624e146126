"""Commands from files to datasets."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recdesk.cli.app import app
from recdesk.workspace.workspace import Workspace
from tests.data.making import write

HEAD = "user,item,rating,time,action\n"
ROWS = "".join(f"u{n % 5},i{n % 7},{n % 5},{86_400 * n},{'view' if n % 3 else 'buy'}\n" for n in range(60))
ROWS += "".join(f"u0,i{n % 7},3,{86_400 * (60 + n)},view\n" for n in range(15))


def recdesk(*arguments: object, code: int = 0) -> dict:
    """Run a command and read the object on its last line."""
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    """A folder with a file whose fourth line is broken, and a workspace where it is imported under pseudonyms."""
    folder = tmp_path_factory.mktemp("import")
    write(folder / "shop.csv", HEAD + ROWS.replace("u2,i2,2,172800", "u2,i2,good,172800"))
    rules = ["--event", "action", "--events", "view", "--from", "1970-01-11", "--to", "1970-02", "--min-rating", 1]
    rules += ["--duplicates", "last", "--min-user", 2, "--pseudonyms"]
    found = recdesk("import", folder / "shop.csv", *rules, "--workspace", folder / "ws")
    assert found["report"]["rejected"] == {"a rating that is no number": 1}
    assert found["users"] == 4
    return folder


def test_a_dry_run_tells_what_the_import_then_does_and_leaves_nothing(shop: Path, tmp_path: Path) -> None:
    rules = ["--event", "action", "--events", "buy, view", "--from", "1970-01-11", "--max-user", 15, "--min-item", 2]
    told = recdesk("import", shop / "shop.csv", *rules, "--dry-run", "--workspace", tmp_path / "ws")
    assert not (tmp_path / "ws").exists()
    assert told["dry_run"] and told["rejected"] == {"a rating that is no number": 1}
    done = recdesk("import", shop / "shop.csv", *rules, "--workspace", tmp_path / "ws")
    forecast = told["forecast"]
    assert forecast["effects"] == done["report"]["effects"]
    assert [effect["rule"] for effect in forecast["effects"]] == [
        "events other than buy, view",
        "before 1970-01-11",
        "returns",
        "exact duplicates",
        "users with more than 15 interactions",
        "items with fewer than 2 interactions",
    ]
    assert (forecast["rows"], forecast["users"], forecast["items"]) == (
        done["interactions"], done["users"], done["items"],
    )  # fmt: skip


def test_a_dataset_is_updated_with_its_rules_and_its_pseudonyms(shop: Path, tmp_path: Path) -> None:
    newer = write(
        tmp_path / "newer.csv", HEAD + ROWS + "u8,i1,5,2000000,view\nu8,i2,5,2000001,view\nu8,i3,5,2000002,buy\n"
    )
    before = recdesk("pseudonyms", "shop", "--of", "u1", "--workspace", shop / "ws")["pseudonym"]
    found = recdesk("update", "shop", newer, "--workspace", shop / "ws")
    assert found["changes"]["new_users"] == 1 and found["changes"]["gone_interactions"] == 0
    assert found["report"]["dropped"]["events other than view"] == 21
    assert recdesk("pseudonyms", "shop", "--of", "u1", "--workspace", shop / "ws")["pseudonym"] == before != "u1"
    gone = recdesk("pseudonyms", "shop", "--forget", "--workspace", shop / "ws")
    assert gone["deleted"] and gone["ways_back"] == []
    assert "was deleted" in recdesk("update", "shop", newer, "--workspace", shop / "ws", code=2)["error"]


def test_health_is_told_in_figures_and_words(shop: Path) -> None:
    found = recdesk("health", "shop", "--workspace", shop / "ws")
    assert found["users"] >= 4
    assert found["problems"][-1].startswith("There are only") or any("only" in said for said in found["problems"])
    assert len(found["tail"]["items"]) == 101


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--from", "soon", "“soon” is no date."),
        ("--duplicates", "some", "There is no rule “some” for duplicates."),
        ("--events", "buy", "“shop.csv” has no types of events, so there is no type to keep."),
    ],
)
def test_a_rule_that_cannot_be_is_wrong_use(shop: Path, tmp_path: Path, option: str, value: str, said: str) -> None:
    arguments = ["import", shop / "shop.csv", "--event", "", option, value, "--workspace", tmp_path / "ws"]
    assert recdesk(*arguments, code=2)["error"] == said


@pytest.mark.parametrize(
    ("content", "options", "dialect"),
    [
        ("u1$i1$4\nu2$i2$3\n", ["--separator", "$", "--no-header"], {"separator": "$", "header": False}),
        ("x\ny\nuser\titem\na\tb\nc\td\n", ["--separator", "\\t", "--skip", 2], {"separator": "\t", "skip": 2}),
        ("user;item\n|a;b|;c\nd;e\n", ["--quote", "|", "--separator", "semicolon"], {"quote": "|", "separator": ";"}),
        (
            "用户,物品\n甲,乙\n丙,丁\n",
            ["--encoding", "utf-8", "--header", "--quote", "none"],
            {"encoding": "utf-8", "quote": ""},
        ),
        ("u1 a b\nu2 b c d\n", ["--form", "sessions"], {"form": "sessions", "separator": " "}),
    ],
)
def test_the_way_of_writing_can_be_said(content: str, options: list[str], dialect: dict, tmp_path: Path) -> None:
    path = write(tmp_path / "f.txt", content)
    told = recdesk("import", path, *options, "--dry-run", "--workspace", tmp_path / "ws")
    assert {name: told["dialect"][name] for name in dialect} == dialect
    assert told["rejected"] == {}
    done = recdesk("import", path, *options, "--workspace", tmp_path / "ws")
    assert done["users"] == 2


def test_a_folder_or_several_files_are_sorted_out(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    log = write(tmp_path / "shop" / "log.csv", HEAD + ROWS)
    goods = write(tmp_path / "shop" / "goods.csv", "item,name\n" + "".join(f"i{n},Thing no {n}\n" for n in range(7)))
    for given in ([tmp_path / "shop"], [goods, log]):
        told = recdesk("import", *given, "--name", f"n{len(given)}", "--workspace", tmp_path / "ws")
        assert told["report"]["files"] == {"interactions": "log.csv", "items": "goods.csv"}


def test_what_cannot_be_so_written_is_wrong(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", HEAD + ROWS)
    for options, sentence in (
        (["--separator", "12345"], "“12345” cannot separate columns."),
        (["--quote", "ab"], "A quote and an escape are one character each, or nothing."),
        (["--form", "scroll"], "There is no form “scroll”."),
        (["--encoding", "klingon"], "There is no encoding “klingon”."),
        (["--time-form", "soon"], "There is no form of times “soon”."),
        (["--quote", ",", "--separator", ","], "“,” cannot quote where “,” separates."),
    ):
        assert recdesk("import", path, *options, "--workspace", tmp_path / "ws", code=2)["error"] == sentence


def test_a_dry_run_shows_how_columns_and_times_are_understood(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item,date\na,x,31/12/2024\nb,y,01/02/2024\n")
    result = CliRunner().invoke(app, ["import", str(path), "--dry-run", "--workspace", str(tmp_path / "ws")])
    assert result.exit_code == 0
    assert "user: user (9" in result.output
    assert "31/12/2024 → 2024-12-31T00:00:00Z" in result.output
    assert "The dates are read with the day first, as “31/12/2024” shows." in result.output


PEOPLE = (
    "user,gender,age,motto\n" + "".join(f"u{n},{'FM'[n % 2]},{20 + n},Carpe diem\n" for n in range(4)) + "u99,F,9,x\n"
)


def test_features_of_users_come_along(tmp_path: Path) -> None:
    log, people = write(tmp_path / "shop.csv", HEAD + ROWS), write(tmp_path / "people.csv", PEOPLE)
    given = ["import", log, "--users", people, "--user-level", "age", "--workspace", tmp_path / "ws"]
    told = recdesk(*given, "--user-feature", "age", "--user-feature", "gender", "--dry-run")
    assert told["user_features"] == ["gender", "age", "age level"]
    assert (told["users_without_features"], told["features_without_users"]) == (1, 1)
    done = recdesk(*given)
    assert done["report"]["users_without_features"] == told["users_without_features"]
    assert done["report"]["features_without_users"] == told["features_without_users"]
    assert recdesk("health", "shop", "--workspace", tmp_path / "ws")["users_without_features"] == 1
    newer = write(tmp_path / "newer.csv", HEAD + ROWS + "u9,i1,5,9000000,view\n")
    found = recdesk("update", "shop", newer, "--workspace", tmp_path / "ws")
    assert found["report"]["users_without_features"] == 2  # those who are known stay so
    all_people = write(tmp_path / "all.csv", PEOPLE + "u4,M,30,y\nu9,F,31,z\n")
    found = recdesk("update", "shop", newer, all_people, "--workspace", tmp_path / "ws")
    assert found["report"]["files"] == {"interactions": "newer.csv", "users": "all.csv"}
    assert found["report"]["users_without_features"] == 0


def test_what_is_kept_of_users_is_said(tmp_path: Path) -> None:
    log, people = write(tmp_path / "shop.csv", HEAD + ROWS), write(tmp_path / "people.csv", PEOPLE)
    place = ["--workspace", str(tmp_path / "ws")]

    def said(*arguments: object) -> str:
        result = CliRunner().invoke(app, [*map(str, arguments), *place])
        assert result.exit_code == 0, result.output
        return result.output

    for more in (["--dry-run"], []):
        output = said("import", log, "--users", people, "--pseudonyms", *more)
        assert "Left out of “people.csv”, as they may name people: motto." in output
        assert "kept of users (models do not read it): gender, age" in output
        assert "1 user has no features" in output
        assert "1 user of the users file did nothing" in output
    assert "users with features: 4 of 5" in said("health", "shop")
    assert "kept of users" not in said("import", log, "--users", people, "--user-feature", "", "--dry-run")


def test_columns_of_the_interactions_may_describe_users(tmp_path: Path) -> None:
    rows = HEAD.replace("action", "country") + "a,x,1,1,DE\na,y,2,2,AT\nb,x,3,3,FR\n"
    path = write(tmp_path / "shop.csv", rows)
    told = recdesk("import", path, "--dry-run", "--workspace", tmp_path / "ws")
    assert told["user_features"] == ["country"]
    assert told["notes"] == ["1 user has several values of a feature in “shop.csv”; the latest one counts."]
    told = recdesk("import", path, "--user-column", "", "--dry-run", "--workspace", tmp_path / "ws")
    assert told["user_features"] == []


def test_days_and_times_of_day_in_two_columns_are_joined_unless_told_otherwise(tmp_path: Path) -> None:
    file = write(tmp_path / "till.csv", "user,item,date,time\nu,a,2024-05-01,13:45:10\nu,b,2024-05-02,9:05 AM\n")
    looked = recdesk("import", file, "--dry-run")
    assert {entry["column"]: entry["role"] for entry in looked["columns"]}["time"] == "clock"
    shown = CliRunner().invoke(app, ["import", str(file), "--dry-run"]).output
    assert "2024-05-01 13:45:10 → 2024-05-01T13:45:10Z" in shown
    apart = CliRunner().invoke(app, ["import", str(file), "--dry-run", "--clock", ""]).output
    assert "2024-05-01 → 2024-05-01T00:00:00Z" in apart
    recdesk("import", file, "--workspace", tmp_path / "ws")
    newer = write(tmp_path / "newer.csv", "date,time,user,item\n2024-05-03,8:00,u,a\n2024-05-03,7:30 PM,u,b\n")
    recdesk("update", "till", newer, "--workspace", tmp_path / "ws")
    assert Workspace(tmp_path / "ws").dataset("till").times.tolist() == [1714723200, 1714764600]


def test_a_core_can_be_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item\n" + "a,x\na,y\nb,x\nb,y\nc,x\nc,z\n")
    found = recdesk("import", path, "--k-core", 2, "--workspace", tmp_path / "ws")
    assert (found["users"], found["items"], found["interactions"], found["dropped"]) == (2, 2, 4, 2)


def test_the_table_of_a_database_the_escape_and_the_form_of_times_can_be_said(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("create table sales (user, item)")
        database.executemany("insert into sales values (?, ?)", [(f"u{n % 5}", f"i{n % 3}") for n in range(30)])
        database.execute("create table returned (user, item)")
        database.executemany("insert into returned values (?, ?)", [("r1", "x"), ("r2", "y"), ("r2", "x")])
    database.close()
    found = recdesk("import", tmp_path / "shop.db", "--table", "returned", "--workspace", tmp_path / "ws")
    assert (found["users"], found["items"], found["interactions"]) == (2, 2, 3)
    escaped = write(tmp_path / "e.csv", 'user,item\na,"say \\"x\\""\nb,y\n')
    recdesk("import", escaped, "--escape", "\\", "--quote", '"', "--workspace", tmp_path / "ws")
    assert Workspace(tmp_path / "ws").dataset("e").item_ids.tolist() == ['say "x"', "y"]
    dates = write(tmp_path / "d.csv", "user,item,date\na,x,01/02/2024\nb,y,03/02/2024\n")
    recdesk("import", dates, "--time-form", "day-first", "--workspace", tmp_path / "ws")
    assert Workspace(tmp_path / "ws").dataset("d").times.tolist() == [1706745600, 1706918400]
