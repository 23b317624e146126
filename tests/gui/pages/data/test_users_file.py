"""Features of users on the Data page: which columns they are, what is said of privacy, and what came of them."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from recdesk.gui.pages.data.report_card import report_sentences
from tests.gui.pages.data.driver import ITEMS, RATINGS, DataPageDriver, write
from tests.gui.trained import button

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PEOPLE = "user,gender,age,nick\na,F,30,Ann\nc,M,40,Cy\nd,M,50,Di\n"
VISITS = "user,item,country,device\na,x,DE,pc\na,y,AT,pc\nb,x,FR,tv\n"


@pytest.fixture
def with_users(driver: DataPageDriver, tmp_path: Path) -> DataPageDriver:
    """Before the preview of a users file."""
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS, people=PEOPLE))
    driver.click(driver.view.preview.chips["users"])
    return driver


def titles(driver: DataPageDriver) -> list[str]:
    """What stands on the heads of the columns."""
    header = driver.view.preview.header
    return [header._title(header._name(column)) for column in range(header.count())]


def kept(driver: DataPageDriver) -> dict[str, list[str]]:
    driver.take()
    return driver.session.dataset.user_features.to_dict("list")


def test_a_users_file_comes_into_the_dataset_and_the_report_counts(with_users: DataPageDriver):
    assert titles(with_users) == ["User", "Feature", "Feature", "Feature"]
    assert "models do not learn from features of users" in with_users.view.preview.roles.explanation("users", "age")
    assert kept(with_users) == {"gender": ["F", ""], "age": ["30", ""], "nick": ["Ann", ""]}
    with_users.settle()
    said = with_users.page.report.sentences()
    assert said[1:3] == ["1 user has no features.", "2 users of the users file did nothing."]


def test_columns_of_a_users_file_can_be_left_out_and_numbers_be_words_too(with_users: DataPageDriver):
    assert [action.text() for action in with_users.head_menu(2).actions()] == ["Feature", "Feature, also in words", "–"]
    with_users.choose_role(2, "Feature, also in words")
    with_users.choose_role(3, "–")
    plan = with_users.view.draft.plan
    assert (plan.user_features, plan.user_levels) == (("gender", "age"), ("age",))
    assert titles(with_users) == ["User", "Feature", "Feature, also in words", "–"]
    with_users.choose_role(3, "Feature")
    with_users.choose_role(2, "Feature")
    plan = with_users.view.draft.plan
    assert (plan.user_features, plan.user_levels) == (None, ())


def test_the_ids_of_a_users_file_have_no_choice(with_users: DataPageDriver):
    assert with_users.view.preview.roles.choices("users", "user") == ()


def test_privacy_says_what_is_kept_and_leaves_out_what_may_name_people(with_users: DataPageDriver):
    privacy = with_users.view.privacy
    assert privacy.sentence.text() == (
        "User ids and features of users are kept as they are, on this computer only. Columns without a role are "
        "left out."
    )
    with_users.click(privacy.pseudonyms)
    assert privacy.sentence.text() == (
        "User ids become pseudonyms; once you delete the key, ids lead nobody back. What somebody took, and when, "
        "may still tell who it is. Features of users are kept; they may still tell who somebody is. Columns without "
        "a role are left out."
    )
    assert titles(with_users) == ["User", "Feature", "Feature", "–"]
    with_users.choose_role(3, "Feature")  # a person may say that a nick tells nothing
    assert with_users.view.draft.plan.user_features == ("gender", "age", "nick")
    for column in (1, 2, 3):
        with_users.choose_role(column, "–")
    assert privacy.sentence.text().startswith("User ids become pseudonyms;")
    assert "Features of users" not in privacy.sentence.text()
    assert kept(with_users) == {}


def test_columns_of_the_interactions_may_describe_the_user(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=VISITS))
    assert driver.roles() == {"user": "user", "item": "item", "user_feature": "country"}
    assert driver.view.privacy.sentence.text().startswith("User ids and features of users are kept as they are")
    driver.choose_role(3, "User feature")
    assert driver.view.draft.plan.user_columns == ("country", "device")
    driver.choose_role(2, "–")
    assert driver.view.draft.plan.user_columns == ("device",)
    assert driver.view.preview.roles.hint("interactions", "country") == ""  # a person said it
    assert kept(driver) == {"device": ["pc", "tv"]}


@pytest.mark.slow
def test_a_column_that_describes_users_may_get_another_role_and_lose_it(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=VISITS))
    driver.choose_role(2, "Item")
    plan = driver.view.draft.plan
    assert (plan.item, plan.user_columns) == ("country", ())
    driver.choose_role(1, "Item")
    driver.choose_role(2, "User feature")
    plan = driver.view.draft.plan
    assert (plan.item, plan.user_columns) == ("item", ("country",))
    driver.choose_role(0, "User feature")
    assert driver.view.draft.missing() == ["user"]
    driver.choose_role(0, "User")
    assert kept(driver) == {"country": ["AT", "FR"]}


def test_the_report_says_who_had_several_values(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=VISITS))
    assert kept(driver) == {"country": ["AT", "FR"]}
    driver.settle()
    assert (
        "1 user has several values of a feature in “good.csv”; the last one counts." in driver.page.report.sentences()
    )


@pytest.mark.slow
def test_a_users_file_can_be_added_and_taken_away(
    driver: DataPageDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (people,) = write(tmp_path, people=PEOPLE)
    driver.prepare(*write(tmp_path, ratings=RATINGS))
    files = driver.view.files
    assert not files.boxes["users"].isVisible()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    driver.click(files.add_users)
    assert driver.view.draft.plan.users is None
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(people), ""))
    driver.click(files.add_users)
    driver.settle()
    assert driver.view.draft.plan.users == people
    assert (files.boxes["users"].isVisible(), files.add_users.isVisible()) == (True, False)
    assert files.boxes["users"].currentText() == "people.csv"
    driver.choose(files.boxes["users"], "none")
    driver.settle()
    assert (driver.view.draft.plan.users, files.add_users.isVisible()) == (None, True)


@pytest.mark.slow
def test_a_users_file_without_users_of_the_interactions_is_an_error(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, ratings=RATINGS, people="user,gender\nq,F\nr,M\n"))
    driver.click(driver.page.import_button)
    driver.settle()
    assert driver.window.failures.sentence() == "No column of “people.csv” holds ids of users of “ratings.csv”."
    assert driver.kept() == []


@pytest.mark.slow
def test_newer_files_may_bring_newer_users(with_users: DataPageDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with_users.take()
    (tmp_path / "newer").mkdir()
    paths = write(tmp_path / "newer", ratings=RATINGS, people=PEOPLE.replace("d,M,50", "b,F,51"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (list(map(str, paths)), ""))
    updating = with_users.page.datasets.updating
    with_users.click(button(with_users.page.datasets, "Update from file…"))
    with_users.settle()
    with_users.qtbot.waitUntil(lambda: updating.dialog is not None)
    assert "1 user of the users file did nothing." in updating.dialog.sentences()
    with_users.click(updating.dialog.replace)
    with_users.settle()
    with_users.qtbot.waitUntil(lambda: with_users.session.dataset is not None)
    assert with_users.session.dataset.user_features["age"].tolist() == ["30", "51"]


def test_a_report_from_before_there_were_features_says_nothing_of_them():
    assert [said for _, said in report_sentences({"read": 2, "kept": 2})] == ["2 rows read, 2 kept."]
