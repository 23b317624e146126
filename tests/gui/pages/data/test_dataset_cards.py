"""After an import: the report, the health of the dataset, its key, and newer files in its place."""

import csv
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from recdesk.data.health import Health
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.gui.pages.data.health_figures import lengths_figures, tail_figures, times_figures
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.files import SaveChip
from recdesk.workspace.workspace import Workspace
from tests.gui.markup import labels
from tests.gui.pages.data.driver import ITEMS, RATINGS, DataPageDriver, write
from tests.gui.trained import answer, button

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HEALTH = Health(
    users=6,
    items=4,
    interactions=60,
    density=0.5,
    repeats=0.0,
    lengths={"from": [1, 2, 5], "users": [3, 2, 1]},
    median_length=2.0,
    longest=40,
    tail={"items": [0.0, 0.5, 1.0], "interactions": [0.0, 0.9, 1.0]},
    gini=0.4,
    over_time={"unit": "day", "from": [0, 86_400], "interactions": [50, 10]},
    tied=None,
    items_without_text=0,
)


def described(driver: DataPageDriver) -> None:
    driver.qtbot.waitUntil(lambda: driver.page.summary.value("users") != "–")
    driver.settle()


def test_low_ratings_that_count_as_liked_can_be_left_out_by_importing_again(driver: DataPageDriver, tmp_path: Path):
    rows = "".join(f"u{n % 40},i{n % 9},{(0.5, 2, 3, 4.5, 5)[n % 5]},{n}\n" for n in range(200))
    path = tmp_path / "films.csv"
    path.write_text("user,item,rating,time\n" + rows)
    driver.prepare(path)
    first, page = driver.take(), driver.page
    assert "count as liked" in page.summary.problems.text()
    assert page.summary.higher.isVisible() and page.summary.higher.text() == "Import again without ratings below 3…"
    driver.click(page.summary.higher)
    driver.settle()
    assert page.import_button.isVisible() and driver.view.draft.plan.min_rating == 3.0
    assert driver.view.rules.counts("min_rating")[0] == "−80"
    assert driver.view.rules.form.control("min_rating").value() == 3.0
    driver.click(page.cancel_button)
    driver.click(page.summary.higher)
    driver.settle()
    again = driver.take()
    assert again != first and len(driver.session.workspace.datasets()) == 2
    dataset = driver.session.dataset
    assert dataset.n_interactions == 120 and dataset.name == "films, ratings from 3"
    assert not page.summary.higher.isVisible() and "liked" not in page.summary.problems.text()
    driver.session.choose_dataset(first)  # whose files are not the last ones any more
    driver.qtbot.waitUntil(lambda: driver.session.dataset is not None, timeout=30_000)
    driver.settle()
    assert "count as liked" in page.summary.problems.text() and not page.summary.higher.isVisible()


def test_likely_problems_are_said_in_words(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.take()
    described(driver)
    said = driver.page.summary.problems.text().splitlines()
    assert said[0] == "Likely problems:"
    assert "• There are only 2 people: every figure will be uncertain." in said


def test_the_shape_of_a_dataset_is_drawn_and_can_be_saved(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.take()
    described(driver)
    card = driver.page.health
    assert (driver.page.report.isVisible(), card.isVisible()) == (True, False)
    driver.click(driver.page.details.chips["shape"][0])
    assert (driver.page.report.isVisible(), card.isVisible()) == (False, True)
    assert list(card.plots) == ["lengths", "tail", "times"]
    chip = card.findChildren(SaveChip)[0]
    for name in ("a.png", "a.svg", "a.csv"):
        chip.save_to(tmp_path / name)
        driver.settle()
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert b"<svg" in (tmp_path / "a.svg").read_bytes()
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["from", "to", "users"]
    assert [row for row in rows[1:] if row[2] != "0"] == [["3", "3", "2"]]


def test_without_times_there_are_two_plots(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good="user,item\na,x\na,y\nb,x\n"))
    driver.take()
    described(driver)
    driver.click(driver.page.details.chips["shape"][0])
    assert [name for name, plot in driver.page.health.plots.items() if plot.isVisible()] == ["lengths", "tail"]


def test_figures_of_the_plots_say_what_they_show(qapp):
    lengths, tail, times = lengths_figures(HEALTH), tail_figures(HEALTH), times_figures(HEALTH)
    assert list(lengths.labels) == ["1", "2–4", "5–40"]
    assert lengths.readouts[1] == "2 users with 2–4 interactions"
    assert tail.readouts[1] == "the most popular 50 % of the items have 90 % of the interactions"
    assert times is not None
    assert list(times.readouts) == ["1970-01-01: 50", "1970-01-02: 10"]
    assert times.rows == [["1970-01-01 00:00", 50], ["1970-01-02 00:00", 10]]


def test_rejected_rows_are_saved_where_a_person_wants_them(driver: DataPageDriver, tmp_path: Path, monkeypatch):
    text = "user,item,rating\na,x,5\n=a,y,=1+1\nb,x,3\nb,y,2\n"
    driver.prepare(*write(tmp_path, good=text))
    name = driver.take()
    driver.qtbot.waitUntil(lambda: any("line 3" in said for said in driver.page.report.sentences()))
    assert any("“=1+1”" in said for said in driver.page.report.sentences())  # as it stood
    driver.will_save_as(monkeypatch, tmp_path / "bad.csv")
    driver.click(button(driver.page.report, "Save rejects…"))
    driver.settle()
    kept = driver.session.workspace.dataset_folder(name) / "rejects.csv"
    for path in (tmp_path / "bad.csv", kept):  # neither runs in a spreadsheet
        with path.open(encoding="utf-8-sig", newline="") as stream:
            (row,) = csv.DictReader(stream)
        assert (row["line"], row["value"], row["raw"]) == ("3", "'=1+1", "'=a,y,=1+1")


# privacy


@pytest.fixture
def pseudonymous(driver: DataPageDriver, tmp_path: Path) -> DataPageDriver:
    """With a dataset whose users have pseudonyms."""
    driver.prepare(*write(tmp_path, good=RATINGS))
    assert driver.view.privacy.sentence.text().startswith("User ids are kept as they are, on this computer only.")
    driver.click(driver.view.privacy.pseudonyms)
    assert driver.view.privacy.sentence.text().startswith("User ids become pseudonyms; once you delete the key,")
    driver.take()
    return driver


def test_pseudonyms_are_one_click_and_their_key_is_kept(pseudonymous: DataPageDriver):
    assert all(len(user) == 32 for user in pseudonymous.session.dataset.user_ids)
    line = pseudonymous.page.summary.key
    assert line.sentence.text() == "User ids are pseudonyms; the key to them lies in the workspace."
    assert pseudonymous.session.workspace.has_key("good")


def test_the_key_is_deleted_for_good_after_asking(pseudonymous: DataPageDriver):
    line = pseudonymous.page.summary.key
    answer("Keep the key")
    pseudonymous.click(line.delete)
    pseudonymous.settle()
    assert pseudonymous.session.workspace.has_key("good")
    said = answer("Delete for good")
    pseudonymous.click(line.delete)
    pseudonymous.settle()
    assert "Delete the key of “good”?" in said
    assert any("cannot be undone" in words for words in said)
    pseudonymous.settle()
    assert not pseudonymous.session.workspace.has_key("good")
    assert line.sentence.text() == "User ids are pseudonyms; their key was deleted, and ids lead nobody back."
    assert not pseudonymous.window.failures.isVisible()
    assert not line.delete.isVisible()


def test_other_ways_to_re_identify_users_are_shown_when_the_key_is_deleted(
    pseudonymous: DataPageDriver, tmp_path: Path
):
    (path,) = write(tmp_path, clear=RATINGS)
    workspace = pseudonymous.session.workspace
    workspace.add_dataset(import_files(ImportPlan(path)))
    workspace.remove_dataset("clear")
    answer("Delete for good")
    pseudonymous.click(pseudonymous.page.summary.key.delete)
    pseudonymous.settle()
    assert not workspace.has_key("good")
    assert "still tell who is who" in pseudonymous.window.failures.sentence()
    assert any(
        "2 of these people are kept under their own ids in the trash" in said for said in labels(pseudonymous.window)
    )


def held_up(monkeypatch: pytest.MonkeyPatch, method: str) -> threading.Event:
    """Let a method of the workspace begin only when the event is set."""
    go_on, real = threading.Event(), getattr(Workspace, method)

    def waiting(*arguments):
        assert go_on.wait(30)
        return real(*arguments)

    monkeypatch.setattr(Workspace, method, waiting)
    return go_on


def test_a_key_is_deleted_although_another_dataset_is_chosen_meanwhile(
    pseudonymous: DataPageDriver, tmp_path: Path, monkeypatch
):
    (path,) = write(tmp_path, other=RATINGS)
    other = pseudonymous.session.workspace.add_dataset(import_files(ImportPlan(path)))
    go_on = held_up(monkeypatch, "reidentification_risks")
    try:
        pseudonymous.page.summary.key.forget("good")
        pseudonymous.session.choose_dataset(other)
        pseudonymous.qtbot.waitUntil(lambda: pseudonymous.session.dataset is not None)
    finally:
        go_on.set()
    pseudonymous.settle()
    assert not pseudonymous.session.workspace.has_key("good")


def test_a_removed_dataset_takes_its_key_along_and_the_question_says_so(pseudonymous: DataPageDriver):
    (chip,) = [w for w in pseudonymous.page.datasets.findChildren(QWidget) if w.accessibleName() == "Remove…"]
    said = answer("Keep")
    pseudonymous.click(chip)
    pseudonymous.settle()
    assert any("The key of its pseudonyms is deleted for good" in words for words in said)
    assert pseudonymous.session.workspace.has_key("good")
    answer("Remove")
    pseudonymous.click(chip)
    pseudonymous.settle()
    assert pseudonymous.session.workspace.datasets() == []
    assert not list(pseudonymous.session.workspace.keys.iterdir())


def test_columns_without_a_role_are_kept_when_asked_for(driver: DataPageDriver, tmp_path: Path):
    text = "user,item,note\na,x,n1\na,y,n2\nb,x,n3\n"
    driver.prepare(*write(tmp_path, good=text))
    driver.click(driver.view.privacy.columns)
    driver.settle()
    driver.take()
    assert driver.session.dataset.rules["keep_columns"] is True


# newer files


NEWER = RATINGS + "c,x,4,400\nc,w,4,500\n"


def newer(driver: DataPageDriver, folder: Path, text: str, monkeypatch) -> None:
    """Import, then choose a newer file for the dataset and wait for the question."""
    driver.prepare(*write(folder, good=RATINGS))
    driver.take()
    described(driver)
    (path,) = write(folder, newer=text)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    driver.click(button(driver.page.datasets, "Update from file…"))
    driver.settle()
    driver.qtbot.waitUntil(lambda: driver.page.datasets.updating.dialog is not None)


def test_what_a_newer_file_changes_is_shown_before_it_replaces_the_dataset(
    driver: DataPageDriver, tmp_path: Path, monkeypatch
):
    newer(driver, tmp_path, NEWER, monkeypatch)
    dialog = driver.page.datasets.updating.dialog
    assert dialog.sentences()[:3] == [
        "New: 1 user, 1 item, 2 interactions.",
        "Gone: 0 users, 0 items, 0 interactions.",
        "8 rows read, 8 kept.",
    ]
    assert driver.session.workspace.dataset("good").n_interactions == 6
    driver.click(dialog.replace)
    driver.settle()
    driver.qtbot.waitUntil(lambda: driver.session.dataset is not None)
    assert driver.session.dataset.n_interactions == 8
    described(driver)
    assert driver.page.summary.value("interactions") == "8"
    assert driver.page.report.sentences()[0] == "8 rows read, 8 kept."


def test_a_dataset_is_replaced_although_another_update_is_begun_meanwhile(
    driver: DataPageDriver, tmp_path: Path, monkeypatch
):
    newer(driver, tmp_path, NEWER, monkeypatch)
    go_on = held_up(monkeypatch, "replace_dataset")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    updating = driver.page.datasets.updating
    try:
        driver.click(updating.dialog.replace)
        driver.qtbot.waitUntil(lambda: driver.session.jobs.active() == ["Updating good"])
        updating.ask()
        updating.start([tmp_path / "missing.csv"])
        driver.qtbot.waitUntil(lambda: driver.session.jobs.active() == ["Updating good"])
    finally:
        go_on.set()
    driver.settle()
    assert driver.session.workspace.dataset("good").n_interactions == 8


def test_it_is_said_where_people_stay_who_are_no_longer_in_the_newer_file(
    driver: DataPageDriver, tmp_path: Path, monkeypatch
):
    newer(
        driver, tmp_path, "".join(line for line in RATINGS.splitlines(True) if not line.startswith("b,")), monkeypatch
    )
    dialog = driver.page.datasets.updating.dialog
    assert dialog.sentences()[-1] == (
        "1 person who is no longer in the data stays in the trash until it is emptied "
        "(Settings, or “recdesk trash --empty”)."
    )
    driver.click(dialog.keep)


def test_a_file_of_new_rows_alone_is_added_instead(driver: DataPageDriver, tmp_path: Path, monkeypatch):
    newer(driver, tmp_path, "user,item,rating,time\nc,x,5,900\na,y,4,200\n", monkeypatch)
    updating = driver.page.datasets.updating
    assert updating.dialog.sentences()[1] == "Gone: 1 user, 1 item, 5 interactions."
    driver.click(updating.dialog.other)
    driver.settle()
    driver.qtbot.waitUntil(lambda: updating.dialog is not None and updating.dialog.replace.text() == "Add")
    assert updating.dialog.sentences()[:2] == [
        "New: 1 user, 0 items, 1 interaction.",
        "Gone: 0 users, 0 items, 0 interactions.",
    ]
    driver.click(updating.dialog.replace)
    driver.settle()
    assert driver.session.workspace.dataset("good").n_interactions == 7


def test_few_new_rows_can_be_added_at_once(driver: DataPageDriver, tmp_path: Path, monkeypatch):
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.take()
    described(driver)
    (path,) = write(tmp_path, newer="user,item,rating,time\nc,x,5,900\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    driver.click(button(driver.page.datasets, "Add from file…"))
    driver.settle()
    updating = driver.page.datasets.updating
    driver.qtbot.waitUntil(lambda: updating.dialog is not None)
    driver.click(updating.dialog.replace)
    driver.settle()
    assert driver.session.workspace.dataset("good").n_interactions == 7


def test_the_old_one_can_be_kept(driver: DataPageDriver, tmp_path: Path, monkeypatch):
    newer(driver, tmp_path, NEWER, monkeypatch)
    driver.click(driver.page.datasets.updating.dialog.keep)
    driver.settle()
    assert driver.session.dataset.n_interactions == 6
    assert [info.name for info in driver.session.workspace.datasets()] == ["good"]


def test_a_newer_file_that_lacks_a_column_is_an_error_and_changes_nothing(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.take()
    (path,) = write(tmp_path, other="who,item,rating,time\na,x,5,100\nb,y,4,200\n")
    driver.page.datasets.updating.start([path])
    driver.settle()
    assert "user" in driver.window.failures.sentence()
    assert driver.session.workspace.dataset("good").n_interactions == 6


def test_a_dataset_that_came_from_no_file_has_no_update(driver: DataPageDriver):
    driver.click(driver.page.add_card.english)
    driver.qtbot.waitUntil(lambda: driver.session.dataset is not None, timeout=60_000)
    driver.settle()
    names = [chip.text() for chip in driver.page.datasets.findChildren(Chip) if chip.isVisible()]
    assert names == ["Remove…"]
    driver.session.actions.show_enabled()
    assert not driver.session.actions.action("data.update").isEnabled()


def test_items_come_along_with_newer_interactions(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    name = driver.take()
    folder = tmp_path / "newer"
    folder.mkdir()
    paths = write(folder, ratings=NEWER, items=ITEMS + "w,The fourth,new\n")
    driver.page.datasets.updating.start(paths)
    driver.settle()
    driver.qtbot.waitUntil(lambda: driver.page.datasets.updating.dialog is not None)
    driver.click(driver.page.datasets.updating.dialog.replace)
    driver.settle()
    assert list(driver.session.workspace.dataset(name).titles) == ["The first", "The second", "The third", "The fourth"]
