"""What is on the page is what is exported, and the dialog says so."""

from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QWidget

from recdesk.gui.pages.recommend.export_dialog import Export, ExportDialog, OnPage
from recdesk.gui.pages.recommend.history import ChangedPerson
from recdesk.gui.pages.recommend.item_dialogs import matching
from recdesk.gui.session import Session
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.workspace import Workspace
from tests.engines import Here
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import button, trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PEOPLE = (ChangedPerson(-1, "New person 1", (3,), ""), ChangedPerson(4, "d & e", (1, 2), "robots"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a trained run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot) -> RecommendPageDriver:
    return RecommendPageDriver(session, qtbot)


def exported(driver: RecommendPageDriver, path: Path, monkeypatch, choice: str = "", without: str = "") -> pd.DataFrame:
    """Export through the dialog, after a click on a choice, and another that takes one back."""

    def answer(dialog: QWidget) -> None:
        for text in (choice, without):
            if text:
                box = button(dialog, text)
                driver.qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
        buttons = dialog.findChild(QDialogButtonBox)
        driver.click(next(b for b in buttons.buttons() if b.text() == "Choose file…"))

    driver.will_save_as(monkeypatch, path)
    driver.when_asked(answer)
    driver.click(driver.page.export_button)
    driver.settle()
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig")


def test_the_file_has_the_filter_the_edits_and_the_new_person_of_the_page(
    driver: RecommendPageDriver, tmp_path: Path, monkeypatch
):
    page, dataset = driver.page, driver.model.dataset
    driver.take_out(0)
    edited = page.history.codes
    driver.click(button(page.users, "+ new"))
    driver.settle()
    driver.add("0033")
    driver.qtbot.keyClicks(page.top.filter, "odd")
    driver.settle()
    allowed = matching(dataset, "odd")
    whole = dataset.histories().row(0).tolist()

    def ids(history: list[int], **rules) -> list[str]:
        return [dataset.item_ids[code - 1] for code in driver.expected(history, **rules)]

    everybody = exported(driver, tmp_path / "all.csv", monkeypatch)
    assert everybody.user_id.nunique() == 61
    assert everybody[everybody.user_id == "user-000"].item_id.tolist() == ids(edited, allowed=allowed)
    assert everybody[everybody.user_id == "New person 1"].item_id.tolist() == ids([33], allowed=allowed)
    assert [dataset.item_ids[code - 1] for code in driver.top()] == ids([33], allowed=allowed)

    new = exported(driver, tmp_path / "new.csv", monkeypatch, "only New person 1")
    assert set(new.user_id) == {"New person 1"} and new.item_id.tolist() == ids([33], allowed=allowed)

    filtered = "with the filter “odd” (20 items)"
    changed = exported(driver, tmp_path / "changed.csv", monkeypatch, "these 2 edited people", without=filtered)
    assert changed.user_id.drop_duplicates().tolist() == ["user-000", "New person 1"]
    assert changed.item_id.tolist() == ids(edited) + ids([33])

    plain = exported(driver, tmp_path / "plain.csv", monkeypatch, without="with the edits and wishes of 2 people")
    assert plain.user_id.nunique() == 60
    assert plain[plain.user_id == "user-000"].item_id.tolist() == ids(whole, allowed=allowed)


def test_the_dialog_offers_only_what_there_is(qapp, qtbot, check_controls):
    bare = ExportDialog(OnPage(3, "d", 10))
    full = ExportDialog(OnPage(-1, "New person 1", 10, filter="a & b", n_matching=7, people=PEOPLE))
    for dialog in (bare, full):
        qtbot.addWidget(dialog)
        check_controls(dialog)
    assert not any(box.isVisibleTo(bare) for box in (bare.changed, bare.edits, bare.filter))
    assert bare.chosen().users is None and bare.chosen().people == () and bare.chosen().filter == ""
    assert full.everybody.text() == "all users (10) and 1 new person"
    assert full.filter.accessibleName() == "with the filter “a & b” (7 items)" and full.filter.isChecked()
    assert full.changed.toolTip() == "New person 1, d & e"
    assert full.chosen().people == PEOPLE and full.chosen().filter == "a & b"
    full.edits.setChecked(False)
    assert full.chosen().people == ()
    full.one.setChecked(True)
    assert full.edits.isChecked() and not full.edits.isEnabled()
    assert full.chosen().users == () and full.chosen().people == PEOPLE[:1]
    full.changed.setChecked(True)
    assert full.chosen().users == (4,) and full.chosen().people == PEOPLE


def test_saved_people_people_who_meet_a_condition_and_what_was_learned_are_chosen_in_the_dialog(qtbot, check_controls):
    saved = ChangedPerson(-2, "Anna", (5,), "", saved=True)
    dialog = ExportDialog(OnPage(3, "d", 10, people=(*PEOPLE, saved), user_features=("age", "city")))
    qtbot.addWidget(dialog)
    dialog.show()
    check_controls(dialog)
    qtbot.keyClicks(dialog.condition, "age >= thirty")
    assert not dialog.accept_button.isEnabled() and dialog.problem.isVisible()
    for text, said in (("job contains x", "Users have no “job”"), ("age >= 30", "")):
        dialog.condition.setText(text)
        assert dialog.problem.text().startswith(said) and dialog.accept_button.isEnabled() == (not said)
    assert dialog.chosen().condition == "age >= 30" and dialog.chosen().users is None
    dialog.saved.setChecked(True)
    chosen = dialog.chosen()
    assert (chosen.users, chosen.people, chosen.condition) == ((), (saved,), "") and not dialog.condition.isEnabled()
    dialog.what.setCurrentIndex(1)
    assert dialog.chosen().what == "similar" and dialog.number.isEnabled()
    assert not dialog.everybody.isEnabled() and not dialog.mark.isEnabled()
    dialog.what.setCurrentIndex(2)
    assert dialog.chosen().what == "item-vectors" and not dialog.number.isEnabled()
    dialog.what.setCurrentIndex(0)
    assert dialog.saved.isEnabled() and dialog.edits.isChecked()


def test_item_vectors_are_exported_from_the_window(driver: RecommendPageDriver, tmp_path: Path):
    export = Export(what="item-vectors")
    path = tmp_path / "vectors.parquet"
    driver.page.exporter.run_id = driver.page.run.id
    driver.page.exporter.write(driver.model, path, export)
    driver.settle()
    assert len(pd.read_parquet(path)) == 40
    assert "--what item-vectors" in driver.session.script.text()


def test_the_command_of_an_export_with_edits_stands_in_the_session_script(
    driver: RecommendPageDriver, tmp_path: Path, monkeypatch
):
    driver.take_out(0)
    exported(driver, tmp_path / "edited.csv", monkeypatch)
    assert "--edits" in driver.session.script.text()


def test_several_files_go_into_a_folder_and_the_script_says_it(
    driver: RecommendPageDriver, tmp_path: Path, monkeypatch
):
    monkeypatch.setattr("recdesk.experiment.sharded_export.Processes", Here)
    monkeypatch.setattr("recdesk.recommend.export_options.BLOCK", 20)
    folder = tmp_path / "parts"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    said: list[str] = []
    driver.session.status_changed.connect(said.append)

    def answer(dialog: ExportDialog) -> None:
        assert dialog.files.text() == "one file" and dialog.ending.isHidden()
        assert dialog.accept_button.text() == "Choose file…"
        dialog.files.setValue(3)
        dialog.ending.setCurrentIndex(dialog.ending.findData(".parquet"))
        assert not dialog.ending.isHidden()
        driver.click(button(dialog, "Choose folder…"))

    driver.when_asked(answer)
    driver.click(driver.page.export_button)
    driver.settle()
    files = sorted(folder.glob("part-*.parquet"))
    assert len(files) == 3
    users = [user for path in files for user in pd.read_parquet(path).user_id.unique()]
    assert users == list(driver.model.dataset.user_ids)
    assert f"written to 3 files in {folder}" in said[-1]
    assert f"--out {folder} --top 10 --shards 3 --form parquet" in driver.session.script.text()


def test_several_files_are_computed_on_the_cluster_of_the_settings(
    driver: RecommendPageDriver, tmp_path: Path, monkeypatch
):
    folder, storage, engines = tmp_path / "parts", tmp_path / "storage", list[ClusterRecord]()

    class Noted(Here):
        def __init__(self, cluster: ClusterRecord) -> None:
            super().__init__()
            engines.append(cluster)

    monkeypatch.setattr("recdesk.cluster.export_engine.OnCluster", Noted)
    monkeypatch.setattr("recdesk.recommend.export_options.BLOCK", 20)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    driver.session.preferences.set_cluster("head", str(storage), 8)

    def answer(dialog: ExportDialog) -> None:
        assert dialog.where.isHidden()
        dialog.files.setValue(3)
        assert not dialog.where.isHidden() and dialog.where.currentText() == "on this computer"
        assert "The cluster is head:8265" in dialog.where.toolTip() and dialog.chosen().cluster is None
        dialog.where.setCurrentIndex(1)
        driver.click(button(dialog, "Choose folder…"))

    driver.when_asked(answer)
    driver.click(driver.page.export_button)
    driver.settle()
    assert len(list(folder.glob("part-*.csv"))) == 3
    assert [(one.host, one.storage, one.cpus) for one in engines] == [("head:8265", str(storage), 0)]
    assert f"--shards 3 --on http://head:8265 --storage {storage}" in driver.session.script.text()


def test_what_is_no_list_is_one_file(qtbot):
    dialog = ExportDialog(OnPage(3, "d", 10))
    qtbot.addWidget(dialog)
    dialog.files.setValue(8)
    assert (dialog.chosen().files, dialog.chosen().ending) == (8, ".csv")
    dialog.what.setCurrentIndex(1)
    assert dialog.where.isHidden() and dialog.chosen().cluster is None
    assert dialog.chosen().files == 1 and dialog.accept_button.text() == "Choose file…"
