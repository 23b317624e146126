"""Features of users on the Data page: which columns they are, what is said of privacy, and what came of them."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from recdesk.gui.pages.data.report_card import report_sentences
from tests.gui.desk import ITEMS, RATINGS, Desk, write
from tests.gui.trained import button

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PEOPLE = "user,gender,age,nick\na,F,30,Ann\nc,M,40,Cy\nd,M,50,Di\n"
VISITS = "user,item,country,device\na,x,DE,pc\na,y,AT,pc\nb,x,FR,tv\n"


@pytest.fixture
def peopled(desk: Desk, tmp_path: Path) -> Desk:
    """Before the preview of a users file."""
    desk.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS, people=PEOPLE))
    desk.person.click(desk.view.preview.chips["users"])
    return desk


def titles(desk: Desk) -> list[str]:
    """What stands on the heads of the columns."""
    header = desk.view.preview.header
    return [header._title(header._name(column)) for column in range(header.count())]


def kept(desk: Desk) -> dict[str, list[str]]:
    desk.take()
    return desk.session.dataset.user_features.to_dict("list")


def test_a_users_file_comes_into_the_dataset_and_the_report_counts(peopled: Desk):
    assert titles(peopled) == ["User", "Feature", "Feature", "Feature"]
    assert "models do not learn from features of users" in peopled.view.preview.roles.explanation("users", "age")
    assert kept(peopled) == {"gender": ["F", ""], "age": ["30", ""], "nick": ["Ann", ""]}
    peopled.settle()
    said = peopled.page.report.sentences()
    assert said[1:3] == ["1 users have no features.", "2 users of the users file did nothing."]


def test_columns_of_a_users_file_can_be_left_out_and_numbers_be_words_too(peopled: Desk):
    assert [action.text() for action in peopled.head_menu(2).actions()] == ["Feature", "Feature, also in words", "–"]
    peopled.choose_role(2, "Feature, also in words")
    peopled.choose_role(3, "–")
    plan = peopled.view.draft.plan
    assert (plan.user_features, plan.user_levels) == (("gender", "age"), ("age",))
    assert titles(peopled) == ["User", "Feature", "Feature, also in words", "–"]
    peopled.choose_role(3, "Feature")
    peopled.choose_role(2, "Feature")
    plan = peopled.view.draft.plan
    assert (plan.user_features, plan.user_levels) == (None, ())


def test_the_ids_of_a_users_file_have_no_choice(peopled: Desk):
    assert peopled.view.preview.roles.choices("users", "user") == ()


def test_privacy_says_what_is_kept_and_leaves_out_what_may_name_people(peopled: Desk):
    privacy = peopled.view.privacy
    assert privacy.sentence.text() == (
        "User ids and features of users are kept as they are, on this computer only. Columns without a role are "
        "left out."
    )
    peopled.person.click(privacy.pseudonyms)
    assert privacy.sentence.text() == (
        "User ids become pseudonyms; once you delete the key, ids lead nobody back. What somebody took, and when, "
        "may still tell who it is. Features of users are kept; they may still tell who somebody is. Columns without "
        "a role are left out."
    )
    assert titles(peopled) == ["User", "Feature", "Feature", "–"]
    peopled.choose_role(3, "Feature")  # a person may say that a nick tells nothing
    assert peopled.view.draft.plan.user_features == ("gender", "age", "nick")
    for column in (1, 2, 3):
        peopled.choose_role(column, "–")
    assert privacy.sentence.text().startswith("User ids become pseudonyms;")
    assert "Features of users" not in privacy.sentence.text()
    assert kept(peopled) == {}


def test_columns_of_the_interactions_may_describe_the_user(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=VISITS))
    assert desk.roles() == {"user": "user", "item": "item", "user_feature": "country"}
    assert desk.view.privacy.sentence.text().startswith("User ids and features of users are kept as they are")
    desk.choose_role(3, "User feature")
    assert desk.view.draft.plan.user_columns == ("country", "device")
    desk.choose_role(2, "–")
    assert desk.view.draft.plan.user_columns == ("device",)
    assert desk.view.preview.roles.hint("interactions", "country") == ""  # a person said it
    assert kept(desk) == {"device": ["pc", "tv"]}


def test_a_column_that_describes_users_may_get_another_role_and_lose_it(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=VISITS))
    desk.choose_role(2, "Item")
    plan = desk.view.draft.plan
    assert (plan.item, plan.user_columns) == ("country", ())
    desk.choose_role(1, "Item")
    desk.choose_role(2, "User feature")
    plan = desk.view.draft.plan
    assert (plan.item, plan.user_columns) == ("item", ("country",))
    desk.choose_role(0, "User feature")
    assert desk.view.draft.missing() == ["user"]
    desk.choose_role(0, "User")
    assert kept(desk) == {"country": ["AT", "FR"]}


def test_the_report_says_who_had_several_values(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=VISITS))
    assert kept(desk) == {"country": ["AT", "FR"]}
    desk.settle()
    assert (
        "1 users have several values of a feature in “good.csv”; the last one counts." in desk.page.report.sentences()
    )


def test_a_users_file_can_be_added_and_taken_away(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (people,) = write(tmp_path, people=PEOPLE)
    desk.prepare(*write(tmp_path, ratings=RATINGS))
    files = desk.view.files
    assert not files.boxes["users"].isVisible()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    desk.person.click(files.add_users)
    assert desk.view.draft.plan.users is None
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(people), ""))
    desk.person.click(files.add_users)
    desk.settle()
    assert desk.view.draft.plan.users == people
    assert (files.boxes["users"].isVisible(), files.add_users.isVisible()) == (True, False)
    assert files.boxes["users"].currentText() == "people.csv"
    desk.person.choose(files.boxes["users"], "none")
    desk.settle()
    assert (desk.view.draft.plan.users, files.add_users.isVisible()) == (None, True)


def test_a_users_file_of_other_people_is_told(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, ratings=RATINGS, people="user,gender\nq,F\nr,M\n"))
    desk.person.click(desk.page.import_button)
    desk.settle()
    assert desk.window.failures.sentence() == "No column of “people.csv” holds ids of users of “ratings.csv”."
    assert desk.kept() == []


def test_newer_files_may_bring_newer_users(peopled: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    peopled.take()
    (tmp_path / "newer").mkdir()
    paths = write(tmp_path / "newer", ratings=RATINGS, people=PEOPLE.replace("d,M,50", "b,F,51"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (list(map(str, paths)), ""))
    updating = peopled.page.datasets.updating
    peopled.person.click(button(peopled.page.datasets, "Update from file…"))
    peopled.settle()
    peopled.qtbot.waitUntil(lambda: updating.dialog is not None)
    assert "1 users of the users file did nothing." in updating.dialog.sentences()
    peopled.person.click(updating.dialog.replace)
    peopled.settle()
    peopled.qtbot.waitUntil(lambda: peopled.session.dataset is not None)
    assert peopled.session.dataset.user_features["age"].tolist() == ["30", "51"]


def test_a_report_from_before_there_were_features_says_nothing_of_them():
    assert [said for _, said in report_sentences({"read": 2, "kept": 2})] == ["2 rows read, 2 kept."]
