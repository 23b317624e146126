"""After an import: the report, the health of the dataset, its key, and newer files in its place."""

import csv
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from recdesk.data.health import Health
from recdesk.data.importing import import_files
from recdesk.data.planning import ImportPlan
from recdesk.gui.pages.data.health_figures import lengths_figures, tail_figures, times_figures
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.files import SaveChip
from recdesk.workspace.workspace import Workspace
from tests.gui.desk import ITEMS, RATINGS, Desk, write
from tests.gui.plain import labels
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


def described(desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: desk.page.summary.value("users") != "–")
    desk.settle()


def test_likely_problems_are_said_in_words(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    desk.take()
    described(desk)
    said = desk.page.summary.problems.text().splitlines()
    assert said[0] == "Likely problems:"
    assert "• There are only 2 people: every figure will be uncertain." in said


def test_the_shape_of_a_dataset_is_drawn_and_can_be_saved(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    desk.take()
    described(desk)
    card = desk.page.health
    assert (desk.page.report.isVisible(), card.isVisible()) == (True, False)
    desk.person.click(desk.page.details.chips["shape"][0])
    assert (desk.page.report.isVisible(), card.isVisible()) == (False, True)
    assert list(card.plots) == ["lengths", "tail", "times"]
    chip = card.findChildren(SaveChip)[0]
    for name in ("a.png", "a.svg", "a.csv"):
        chip.save_to(tmp_path / name)
        desk.settle()
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert b"<svg" in (tmp_path / "a.svg").read_bytes()
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["from", "to", "users"]
    assert [row for row in rows[1:] if row[2] != "0"] == [["3", "3", "2"]]


def test_without_times_there_are_two_plots(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good="user,item\na,x\na,y\nb,x\n"))
    desk.take()
    described(desk)
    desk.person.click(desk.page.details.chips["shape"][0])
    assert [name for name, plot in desk.page.health.plots.items() if plot.isVisible()] == ["lengths", "tail"]


def test_figures_of_the_plots_say_what_they_show(qapp):
    lengths, tail, times = lengths_figures(HEALTH), tail_figures(HEALTH), times_figures(HEALTH)
    assert list(lengths.labels) == ["1", "2–4", "5–40"]
    assert lengths.said[1] == "2 users with 2–4 interactions"
    assert tail.said[1] == "the most popular 50 % of the items have 90 % of the interactions"
    assert times is not None
    assert list(times.said) == ["1970-01-01: 50", "1970-01-02: 10"]
    assert times.rows == [["1970-01-01 00:00", 50], ["1970-01-02 00:00", 10]]


def test_rejected_rows_are_saved_where_a_person_wants_them(desk: Desk, tmp_path: Path, monkeypatch):
    text = "user,item,rating\na,x,5\n=a,y,=1+1\nb,x,3\nb,y,2\n"
    desk.prepare(*write(tmp_path, good=text))
    name = desk.take()
    desk.qtbot.waitUntil(lambda: any("line 3" in said for said in desk.page.report.sentences()))
    assert any("“=1+1”" in said for said in desk.page.report.sentences())  # as it stood
    desk.person.will_save_as(monkeypatch, tmp_path / "bad.csv")
    desk.person.click(button(desk.page.report, "Save rejects…"))
    desk.settle()
    kept = desk.session.workspace.dataset_folder(name) / "rejects.csv"
    for path in (tmp_path / "bad.csv", kept):  # neither runs in a spreadsheet
        with path.open(encoding="utf-8-sig", newline="") as stream:
            (row,) = csv.DictReader(stream)
        assert (row["line"], row["value"], row["raw"]) == ("3", "'=1+1", "'=a,y,=1+1")


# privacy


@pytest.fixture
def hidden(desk: Desk, tmp_path: Path) -> Desk:
    """With a dataset whose users have pseudonyms."""
    desk.prepare(*write(tmp_path, good=RATINGS))
    assert desk.view.privacy.sentence.text().startswith("User ids are kept as they are, on this computer only.")
    desk.person.click(desk.view.privacy.pseudonyms)
    assert desk.view.privacy.sentence.text().startswith("User ids become pseudonyms; once you delete the key,")
    desk.take()
    return desk


def test_pseudonyms_are_one_click_and_their_key_is_kept(hidden: Desk):
    assert all(len(user) == 32 for user in hidden.session.dataset.user_ids)
    line = hidden.page.summary.key
    assert line.sentence.text() == "User ids are pseudonyms; the key to them lies in the workspace."
    assert hidden.session.workspace.has_key("good")


def test_the_key_is_deleted_for_good_after_asking(hidden: Desk):
    line = hidden.page.summary.key
    answer("Keep the key")
    hidden.person.click(line.delete)
    hidden.settle()
    assert hidden.session.workspace.has_key("good")
    said = answer("Delete for good")
    hidden.person.click(line.delete)
    hidden.settle()
    assert "Delete the key of “good”?" in said
    assert any("cannot be undone" in words for words in said)
    hidden.settle()
    assert not hidden.session.workspace.has_key("good")
    assert line.sentence.text() == "User ids are pseudonyms; their key was deleted, and ids lead nobody back."
    assert not hidden.window.failures.isVisible()
    assert not line.delete.isVisible()


def test_other_ways_back_are_told_when_the_key_goes(hidden: Desk, tmp_path: Path):
    (path,) = write(tmp_path, clear=RATINGS)
    workspace = hidden.session.workspace
    workspace.add_dataset(import_files(ImportPlan(path)))
    workspace.remove_dataset("clear")
    answer("Delete for good")
    hidden.person.click(hidden.page.summary.key.delete)
    hidden.settle()
    assert not workspace.has_key("good")
    assert "still tell who is who" in hidden.window.failures.sentence()
    assert any("2 of these people are kept under their own ids in the trash" in said for said in labels(hidden.window))


def held_up(monkeypatch: pytest.MonkeyPatch, method: str) -> threading.Event:
    """Let a method of the workspace begin only when the event is set."""
    go_on, real = threading.Event(), getattr(Workspace, method)

    def waiting(*arguments):
        assert go_on.wait(30)
        return real(*arguments)

    monkeypatch.setattr(Workspace, method, waiting)
    return go_on


def test_a_key_is_deleted_although_another_dataset_is_chosen_meanwhile(hidden: Desk, tmp_path: Path, monkeypatch):
    (path,) = write(tmp_path, other=RATINGS)
    other = hidden.session.workspace.add_dataset(import_files(ImportPlan(path)))
    go_on = held_up(monkeypatch, "ways_back")
    try:
        hidden.page.summary.key.forget("good")
        hidden.session.choose_dataset(other)
        hidden.qtbot.waitUntil(lambda: hidden.session.dataset is not None)
    finally:
        go_on.set()
    hidden.settle()
    assert not hidden.session.workspace.has_key("good")


def test_a_removed_dataset_takes_its_key_along_and_the_question_says_so(hidden: Desk):
    (chip,) = [w for w in hidden.page.datasets.findChildren(QWidget) if w.accessibleName() == "Remove…"]
    said = answer("Keep")
    hidden.person.click(chip)
    hidden.settle()
    assert any("The key of its pseudonyms is deleted for good" in words for words in said)
    assert hidden.session.workspace.has_key("good")
    answer("Remove")
    hidden.person.click(chip)
    hidden.settle()
    assert hidden.session.workspace.datasets() == []
    assert not list(hidden.session.workspace.keys.iterdir())


def test_columns_without_a_role_are_kept_when_asked_for(desk: Desk, tmp_path: Path):
    text = "user,item,note\na,x,n1\na,y,n2\nb,x,n3\n"
    desk.prepare(*write(tmp_path, good=text))
    desk.person.click(desk.view.privacy.columns)
    desk.settle()
    desk.take()
    assert desk.session.dataset.rules["keep_columns"] is True


# newer files


NEWER = RATINGS + "c,x,4,400\nc,w,4,500\n"


def newer(desk: Desk, folder: Path, text: str, monkeypatch) -> None:
    """Import, then choose a newer file for the dataset and wait for the question."""
    desk.prepare(*write(folder, good=RATINGS))
    desk.take()
    described(desk)
    (path,) = write(folder, newer=text)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    desk.person.click(button(desk.page.datasets, "Update from file…"))
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.page.datasets.updating.dialog is not None)


def test_what_a_newer_file_changes_is_shown_before_it_replaces_the_dataset(desk: Desk, tmp_path: Path, monkeypatch):
    newer(desk, tmp_path, NEWER, monkeypatch)
    dialog = desk.page.datasets.updating.dialog
    assert dialog.sentences()[:3] == [
        "New: 1 users, 1 items, 2 interactions.",
        "Gone: 0 users, 0 items, 0 interactions.",
        "8 rows read, 8 kept.",
    ]
    assert desk.session.workspace.dataset("good").n_interactions == 6
    desk.person.click(dialog.replace)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.session.dataset is not None)
    assert desk.session.dataset.n_interactions == 8
    described(desk)
    assert desk.page.summary.value("interactions") == "8"
    assert desk.page.report.sentences()[0] == "8 rows read, 8 kept."


def test_a_dataset_is_replaced_although_another_update_is_begun_meanwhile(desk: Desk, tmp_path: Path, monkeypatch):
    newer(desk, tmp_path, NEWER, monkeypatch)
    go_on = held_up(monkeypatch, "replace_dataset")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    updating = desk.page.datasets.updating
    try:
        desk.person.click(updating.dialog.replace)
        desk.qtbot.waitUntil(lambda: desk.session.jobs.active() == ["Updating good"])
        updating.ask()
        updating.start([tmp_path / "missing.csv"])
        desk.qtbot.waitUntil(lambda: desk.session.jobs.active() == ["Updating good"])
    finally:
        go_on.set()
    desk.settle()
    assert desk.session.workspace.dataset("good").n_interactions == 8


def test_it_is_said_where_people_stay_who_are_no_longer_in_the_newer_file(desk: Desk, tmp_path: Path, monkeypatch):
    newer(desk, tmp_path, "".join(line for line in RATINGS.splitlines(True) if not line.startswith("b,")), monkeypatch)
    dialog = desk.page.datasets.updating.dialog
    assert dialog.sentences()[-1] == (
        "1 people who are no longer in the data stay in the trash until it is emptied "
        "(Settings, or “recdesk trash --empty”)."
    )
    desk.person.click(dialog.keep)


def test_the_old_one_can_be_kept(desk: Desk, tmp_path: Path, monkeypatch):
    newer(desk, tmp_path, NEWER, monkeypatch)
    desk.person.click(desk.page.datasets.updating.dialog.keep)
    desk.settle()
    assert desk.session.dataset.n_interactions == 6
    assert [info.name for info in desk.session.workspace.datasets()] == ["good"]


def test_a_newer_file_that_lacks_a_column_is_told_and_changes_nothing(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    desk.take()
    (path,) = write(tmp_path, other="who,item,rating,time\na,x,5,100\nb,y,4,200\n")
    desk.page.datasets.updating.start([path])
    desk.settle()
    assert "user" in desk.window.failures.sentence()
    assert desk.session.workspace.dataset("good").n_interactions == 6


def test_a_dataset_that_came_from_no_file_has_no_update(desk: Desk):
    desk.person.click(desk.page.add_card.english)
    desk.qtbot.waitUntil(lambda: desk.session.dataset is not None, timeout=60_000)
    desk.settle()
    names = [chip.text() for chip in desk.page.datasets.findChildren(Chip) if chip.isVisible()]
    assert names == ["Remove…"]
    desk.session.actions.show_enabled()
    assert not desk.session.actions.action("data.update").isEnabled()


def test_items_come_along_with_newer_interactions(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    name = desk.take()
    folder = tmp_path / "newer"
    folder.mkdir()
    paths = write(folder, ratings=NEWER, items=ITEMS + "w,The fourth,new\n")
    desk.page.datasets.updating.start(paths)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.page.datasets.updating.dialog is not None)
    desk.person.click(desk.page.datasets.updating.dialog.replace)
    desk.settle()
    assert list(desk.session.workspace.dataset(name).titles) == ["The first", "The second", "The third", "The fourth"]
