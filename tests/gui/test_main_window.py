from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QWidget,
)

from recdesk.core.errors import RecdeskError
from recdesk.gui import theme
from recdesk.gui.main_window import MainWindow, ask_to_close
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.curve_plot import CurvePlot
from recdesk.gui.widgets.text import ElidedText, Text
from recdesk.gui.words import run_title
from recdesk.monitor.events import Finished, Step
from recdesk.workspace.run_log import events_of
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.markup import MARKED_UP_LONG
from tests.gui.trained import add_dataset, answer, leave, trained_workspace
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PAGES = ("data", "train", "runs", "recommend", "settings")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(session: Session, qtbot) -> MainWindow:
    """The window on an empty workspace."""
    return opened(session, qtbot)


@pytest.fixture
def working(tmp_path: Path, preferences: Preferences, qapp, qtbot) -> Iterator[MainWindow]:
    """The window on a workspace with a dataset and a finished run, both chosen."""
    workspace = trained_workspace(tmp_path / "trained")
    session = Session(workspace, preferences)
    window = opened(session, qtbot)
    session.choose_run(workspace.runs()[0].id)
    qtbot.waitUntil(lambda: session.dataset is not None)
    yield window
    session.shutdown()
    session.deleteLater()


def opened(session: Session, qtbot, size: tuple[int, int] = (1280, 720)) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=leave)
    made.resize(*size)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def full(window: MainWindow, key: str, qtbot) -> QWidget:
    """Show a page and wait until it shows everything it has to show."""
    window.show_page(key)
    page = window.pages[key]
    ready: dict[str, Callable[[], bool]] = {
        "data": lambda: page.summary.value("users") != "–",
        "train": lambda: bool(page.estimate.lines[0].text()) and len(page.loss.train.series) > 0,
        "runs": lambda: bool(page.figures.sentence.text()) and bool(page.details.view.toPlainText()),
        "recommend": lambda: bool(page.top.codes) and bool(page.why.sentence.text()),
        "settings": lambda: page.inventory.model.rowCount() > 0 and page.inventory.table.height() > 200,
    }
    qtbot.waitUntil(ready[key], timeout=30_000)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    qtbot.wait(1)
    return page


def full_of(window: MainWindow, key: str, ready: Callable[[QWidget], bool], qtbot) -> QWidget:
    """Show a page and wait for something on it."""
    window.show_page(key)
    page = window.pages[key]
    qtbot.waitUntil(lambda: ready(page), timeout=30_000)
    return page


def start_run(session: Session, qtbot) -> None:
    """A run that does not end by itself."""
    run = session.workspace.create_run(
        add_dataset(session.workspace), small_config(epochs=100_000, patience=1000), "leave-one-out"
    )
    with qtbot.waitSignal(
        session.training.events,
        timeout=60_000,
        check_params_cb=lambda events: any(isinstance(event, Step) for event in events),
    ):
        session.training.start(run)


def stop_run(session: Session, qtbot) -> None:
    session.training.stop()
    qtbot.waitUntil(lambda: session.training.state == "idle", timeout=30_000)


def part_of_another(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return widget.objectName().startswith("qt_") or isinstance(parent, (QAbstractSpinBox, QComboBox, QLineEdit))


def scrolls_by_itself(widget: QWidget, page: QWidget) -> bool:
    """It lies in the column of the Train page that is made to scroll."""
    return page.objectName() == "train-page" and any(
        card.isAncestorOf(widget) for card in (page.settings, page.estimate)
    )


def seen(widget: QWidget) -> QRect:
    """What its frame and all around it let through, in the window."""
    window, area = widget.window(), widget.rect()
    area.moveTo(widget.mapTo(window, QPoint(0, 0)))
    while widget is not window:
        widget = widget.parentWidget()
        area &= QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return area


# pages


@pytest.mark.parametrize("key", PAGES)
def test_a_click_in_the_rail_shows_a_page(key, window, qtbot):
    window.show_page("data" if key != "data" else "train")
    button = window.rail.findChild(QAbstractButton, f"rail-{key}")
    qtbot.mouseClick(button, LEFT)
    assert window.stack.currentWidget() is window.pages[key]
    assert button.isChecked()
    assert window.session.preferences.last_page == key


def test_a_page_is_made_when_it_is_first_entered(window):
    assert list(window.pages) == ["data"]
    window.show_page("settings")
    first = window.pages["settings"]
    window.show_page("data")
    window.show_page("settings")
    assert window.pages["settings"] is first
    assert list(window.pages) == ["data", "settings"]


def test_no_part_of_a_page_flashes_up_as_a_window_of_its_own(session, qtbot, monkeypatch):
    window, seen = opened(session, qtbot), []
    show = QWidget.setVisible

    def remembering(widget: QWidget, visible: bool) -> None:
        if visible and widget.isWindow():
            seen.append(f"{type(widget).__name__} “{widget.accessibleName()}”")
        show(widget, visible)

    monkeypatch.setattr(QWidget, "setVisible", remembering)
    for key in PAGES:
        window.show_page(key)
    qtbot.mouseClick(window.pages["train"].model.choices["bert4rec"], LEFT)
    assert seen == []


@pytest.mark.parametrize("key", PAGES)
def test_every_control_of_a_page_has_a_name_and_can_be_reached_by_keyboard(key, working, check_controls, qtbot):
    check_controls(full(working, key, qtbot))


def test_every_control_of_the_frame_has_a_name_and_can_be_reached_by_keyboard(window, check_controls):
    window.failures.show_failure(RecdeskError("It failed.", "Try again.", "details"))
    for part in (window.rail, window.failures, window.strip, window.palette_popup):
        check_controls(part)


@pytest.mark.parametrize("key", PAGES)
def test_empty_pages_too_can_be_used_by_keyboard(key, window, check_controls, qtbot):
    window.show_page(key)
    check_controls(window.pages[key])


@pytest.mark.slow
@pytest.mark.parametrize("key", PAGES)
def test_tab_comes_to_every_control_of_a_page_and_back(key, working, qtbot):
    page = full(working, key, qtbot)
    working.activateWindow()
    page.setFocus()
    wanted = {
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and isinstance(widget, (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit))
        and not part_of_another(widget)
        and not (isinstance(widget, QAbstractButton) and widget.group() and not widget.isChecked())
    }
    reached = set()
    for _ in range(120):
        qtbot.keyClick(working.focusWidget() or page, Qt.Key.Key_Tab)
        reached.add(working.focusWidget())
    assert wanted <= reached, [f"{type(w).__name__} {w.accessibleName()}" for w in wanted - reached]


@pytest.mark.parametrize("key", PAGES)
def test_nothing_needed_lies_outside_a_window_of_1280_by_720(key, working, qtbot):
    page = full(working, key, qtbot)
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, CurvePlot, Card, Text)
    hidden = [
        f"{type(widget).__name__} “{widget.accessibleName() or getattr(widget, 'text', str)()}”: "
        f"{seen(widget).size().toTuple()} of {widget.size().toTuple()} is seen"
        for widget in page.findChildren(QWidget)
        if isinstance(widget, kinds)
        and widget.isVisible()
        and not part_of_another(widget)
        and not scrolls_by_itself(widget, page)
        and widget not in (getattr(page, "settings", None), getattr(page, "estimate", None))
        and seen(widget).size() != widget.size()
    ]
    assert hidden == []


def test_the_settings_of_the_next_run_are_reached_without_scrolling_sideways(working, qtbot):
    page = full(working, "train", qtbot)
    for widget in page.settings.findChildren(QWidget):
        if widget.isVisible():
            left = widget.mapTo(page.settings, widget.rect().topLeft()).x()
            assert left >= 0 and left + widget.width() <= page.settings.width()
    assert seen(page.settings.preset).size() == page.settings.preset.size()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
@pytest.mark.parametrize("key", PAGES)
def test_no_text_is_cut(key, size, working, qtbot):
    working.resize(*size)
    page = full(working, key, qtbot)
    assert cut_words(page) + cut_words(working.rail) + cut_words(working.strip) == []


def cut_words(root: QWidget) -> list[str]:
    faults = []
    for label in root.findChildren(Text):
        if not label.isVisible() or not label.text() or isinstance(label, ElidedText):
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        if label.height() < needed or (not label.wordWrap() and label.width() < label.sizeHint().width()):
            faults.append(f"“{label.text()}” has {label.size().toTuple()}, needs {label.sizeHint().toTuple()}")
    for title in root.findChildren(ElidedText):
        room, words = title.width(), QFontMetrics(title.font()).horizontalAdvance(title.text())
        if title.isVisible() and room < words and isinstance(title.parentWidget(), Card):
            faults.append(f"title “{title.text()}” has {room}, needs {words}")
    for button in root.findChildren(QAbstractButton):
        if button.isVisible() and not part_of_another(button) and button.text():
            hint = button.sizeHint()
            if button.width() < hint.width() or button.height() < button.fontMetrics().height():
                faults.append(f"button “{button.text()}” has {button.size().toTuple()}, needs {hint.toTuple()}")
    for box in root.findChildren(QComboBox):
        room = box.width() - 34  # what the frame and the arrow leave
        if box.isVisible() and QFontMetrics(box.font()).horizontalAdvance(box.currentText()) > room:
            faults.append(f"choice “{box.currentText()}” has {room}")
    return faults


def test_the_window_is_never_smaller_than_its_pages_can_bear(working, qtbot):
    working.resize(100, 100)
    assert working.width() >= 960 and working.height() >= 560
    for key in PAGES:
        page = full(working, key, qtbot)
        assert page.width() <= working.width() - working.rail.width()
        assert page.head.width() <= page.width()


# closing


def test_closing_while_nothing_runs_asks_nothing(window, monkeypatch):
    monkeypatch.setattr("recdesk.gui.main_window.ask_to_close", lambda *_: pytest.fail("asked"))
    assert window.close()


def test_closing_while_training_asks_and_not_closing_keeps_it(window, qtbot):
    start_run(window.session, qtbot)
    said = answer("Do not close")
    assert not window.close()
    assert any(run_title(window.session.training.run) in words for words in said)
    assert window.isVisible()
    assert window.session.training.state == "running"
    stop_run(window.session, qtbot)


def test_escape_at_the_question_does_not_close(window, qtbot, monkeypatch):
    start_run(window.session, qtbot)
    monkeypatch.setattr("recdesk.gui.main_window.QMessageBox.exec", lambda box: box.escapeButton().click())
    assert not window.close()
    assert window.session.training.state == "running"
    stop_run(window.session, qtbot)


def test_stop_and_keep_ends_with_a_run_to_resume_and_a_closed_window(window, qtbot):
    session = window.session
    start_run(session, qtbot)
    answer("Stop, keep and close")
    assert not window.close()  # not before the run has been kept
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    (run,) = session.workspace.runs()
    assert run.state == "stopped"
    assert run.resumable
    assert isinstance(events_of(run)[-1], Finished)
    assert Workspace(session.workspace.folder).lock()


@pytest.mark.slow
def test_closing_again_while_the_run_is_being_kept_asks_no_second_time(window, qtbot):
    start_run(window.session, qtbot)
    answer("Stop, keep and close")
    window.close()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert window.session.workspace.runs()[0].state == "stopped"


@pytest.mark.slow
def test_a_window_that_is_to_close_when_all_is_done_closes_after_the_run(window, qtbot):
    session = window.session
    run = session.workspace.create_run(add_dataset(session.workspace), small_config(epochs=60), "leave-one-out")
    session.training.start(run)
    answer("Close when it is done")
    assert not window.close()
    assert session.training.state == "running"
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert session.workspace.runs()[0].state == "finished"


def test_closing_while_something_is_only_read_asks_nothing(window, monkeypatch):
    monkeypatch.setattr("recdesk.gui.main_window.ask_to_close", lambda *_: pytest.fail("asked"))
    job = window.session.jobs.run("Opening a model", _until_cancelled, reads=True)
    assert window.close()
    assert job.state == "cancelled"


def test_closing_while_a_job_runs_names_it(window, qtbot):
    job = window.session.jobs.run("Importing ratings.csv", lambda context: _until_cancelled(context))
    said = answer("Do not close")
    assert not window.close()
    assert any("Importing ratings.csv" in words for words in said)
    answer("Cancel and close")
    assert window.close()
    assert job.state == "cancelled"


@pytest.mark.parametrize("name", MARKED_UP_LONG)
def test_the_question_names_a_job_as_it_is_written(name, window, qtbot):
    said = answer("Do not close")
    assert ask_to_close(window, [f"Importing {name}"], training=False) == "stay"
    assert any(f"Importing {name}" in words for words in said), said


def _until_cancelled(context) -> None:
    while not context.cancelled:
        pass


# what is told


def test_a_failure_of_any_job_is_shown_over_the_pages(window, qtbot):
    def work(_context):
        raise RecdeskError("The file is gone.", "Look for it.", "traceback")

    with qtbot.waitSignal(window.session.failure):
        window.session.jobs.run("x", work)
    assert window.failures.isVisible()
    assert window.failures.sentence() == "The file is gone."


@pytest.mark.parametrize("key", ["train", "runs"])
def test_a_zoom_changes_the_width_of_nothing(key, working, qtbot):
    page = full(working, key, qtbot)
    before = {widget: widget.geometry() for widget in page.findChildren(Card)}
    for plot in page.findChildren(CurvePlot):
        if not plot.isVisible():
            continue
        assert not plot.fit.isVisible()
        plot.view.setRange(xRange=(1, 3), padding=0)
        plot.view.sigRangeChangedManually.emit([True, True])
        qtbot.wait(60)
        assert plot.fit.isVisible()
        assert plot.rect().contains(plot.fit.geometry())
        assert {widget: widget.geometry() for widget in before} == before
        assert page.body.parentWidget().width() <= page.width()
        qtbot.mouseClick(plot.fit, LEFT)
        assert plot.following and not plot.fit.isVisible()


@pytest.mark.parametrize("key", PAGES)
def test_no_failure_moves_the_page_under_the_pointer(key, working, qtbot):
    page = full(working, key, qtbot)
    places = {w: w.mapTo(working, QPoint(0, 0)) for w in page.findChildren(QAbstractButton) if w.isVisible()}
    assert places
    working.failures.show_failure(RecdeskError("The file is gone.", "Look for it.", "traceback"))
    qtbot.wait(20)
    assert working.failures.isVisible()
    assert {w: w.mapTo(working, QPoint(0, 0)) for w in places} == places
    panel = seen(working.failures)
    assert panel.size() == working.failures.size()
    assert panel.bottom() < working.strip.mapTo(working, QPoint(0, 0)).y()
    working.failures.dismiss()
    qtbot.wait(20)
    assert not working.messages.isVisible()
    assert {w: w.mapTo(working, QPoint(0, 0)) for w in places} == places


def test_a_long_failure_is_not_cut_in_the_smallest_window(working, qtbot):
    working.resize(960, 560)
    full(working, "train", qtbot)
    working.failures.show_failure(RecdeskError("A long sentence about what went wrong. " * 8, "What to do. " * 12))
    qtbot.wait(20)
    assert cut_words(working.failures) == []
    assert seen(working.failures).size() == working.failures.size()


@pytest.mark.slow
def test_the_train_button_of_the_rail_has_a_dot_while_a_run_is_under_way(window, qtbot):
    button = window.rail.findChild(QAbstractButton, "rail-train")
    quiet = button.grab().toImage()
    start_run(window.session, qtbot)
    assert button.grab().toImage() != quiet
    assert window.strip.state() == "training"
    running = button.grab().toImage()
    window.session.training.pause()
    assert button.grab().toImage() not in (quiet, running)
    assert window.strip.state() == "paused"
    green = theme.roles().good.name()
    paused = button.grab().toImage()
    colours = {paused.pixelColor(x, y).name() for x in range(paused.width()) for y in range(paused.height())}
    assert green not in colours
    stop_run(window.session, qtbot)
    assert button.grab().toImage() == quiet
    assert window.strip.state() == "idle"


@pytest.mark.slow
def test_a_second_window_on_a_workspace_only_reads_and_says_so(tmp_path, preferences, qapp, qtbot):
    folder = trained_workspace(tmp_path / "trained").folder
    first, second = Workspace(folder), Workspace(folder)
    assert first.lock()
    session = Session(second, preferences, read_only=not second.lock())
    assert session.read_only
    window = opened(session, qtbot)
    assert "read-only" in window.windowTitle()
    assert window.strip.state() == "read-only"
    assert window.onlooker.isVisible() and "looks on" in window.onlooker.text()
    assert not window.failures.isVisible()
    session.choose_run(second.runs()[0].id)
    qtbot.waitUntil(lambda: session.dataset is not None)
    before = sorted(path for path in folder.rglob("*"))
    data, train, runs = (full(window, key, qtbot) for key in ("data", "train", "runs"))
    assert not data.add_card.isEnabled()
    assert not train.start_button.isEnabled()
    assert not runs.remove_button.isEnabled()
    for spec in session.actions.all():
        if spec.id.startswith(("data.", "train.")) and spec.id != "data.split":  # which writes elsewhere
            assert not spec.enabled(), spec.id
    full(window, "recommend", qtbot)
    assert sorted(path for path in folder.rglob("*")) == before
    window.close()
    session.deleteLater()
    first.unlock()
    assert Workspace(folder).lock()


@pytest.mark.slow
def test_a_second_window_follows_what_the_first_one_does(tmp_path, preferences, qapp, qtbot):
    folder = trained_workspace(tmp_path / "trained").folder
    first, second = Workspace(folder), Workspace(folder)
    first.lock()
    session = Session(second, preferences, read_only=not second.lock())
    window = opened(session, qtbot)
    runs = full(window, "runs", qtbot)
    data = full_of(window, "data", lambda page: page.datasets.model.rowCount() > 0, qtbot)
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    window._watch.look()
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    made = first.create_run("chain", small_config(), "leave-one-out")
    name = add_dataset(first, replace(chain_dataset(), name="later"))
    window._watch.look()
    qtbot.waitUntil(lambda: made.id in [row.run.id for row in runs.table.rows], timeout=10_000)
    qtbot.waitUntil(lambda: name in [info.name for info in data.datasets.model.infos], timeout=10_000)
    session.choose_run(made.id)
    train = full_of(window, "train", lambda page: page._shown.id == made.id, qtbot)
    RunStore.of(made).set_state(made, "running")
    with run_lock(made.folder).acquire(timeout=0):
        window._watch.look()
        qtbot.waitUntil(lambda: train._shown.run.state == "running", timeout=10_000)
        lines = (first.runs()[-1].folder / "events.jsonl").read_text()
        (made.folder / "events.jsonl").write_text("".join(lines.splitlines(keepends=True)[:-3]))
        window._watch.look()
        qtbot.waitUntil(lambda: len(train._shown.curves.train_loss) > 0, timeout=10_000)
    window.close()
    session.deleteLater()
    first.unlock()


def test_looking_for_changes_leaves_a_window_alone_in_which_nothing_changed(window, qtbot):
    heard = []
    for signal in (window.session.runs_changed, window.session.datasets_changed, window.session.run_grew):
        signal.connect(lambda: heard.append(1))
    for _ in range(3):
        window._watch.look()
        qtbot.waitUntil(lambda: not window.session.jobs._jobs)
    assert heard == []


def test_a_note_on_success_is_no_warning_outlasts_the_page_and_goes_by_itself(window, qtbot, monkeypatch):
    window.strip._note_ends.setInterval(300)
    window.session.status_changed.emit("Saved to table.csv")
    window.show_page("settings")
    note = window.strip._note
    assert note.isVisible() and note.text() == "Saved to table.csv"
    assert note.palette().color(note.foregroundRole()) == theme.roles().text
    qtbot.waitUntil(lambda: not note.isVisible(), timeout=5000)


# actions


def test_every_action_has_a_name_and_a_title_and_stands_in_the_menu_it_names(working, qtbot):
    for key in PAGES:
        full(working, key, qtbot)
    menus = {
        menu.title().replace("&", ""): [action.objectName() for action in menu.actions()]
        for menu in working.menuBar().findChildren(QMenu)
    }
    for spec in working.session.actions.all():
        assert spec.id and spec.title, spec
        assert spec.id in menus.get(spec.menu, []), f"{spec.id} is not in “{spec.menu}”"


def test_no_two_actions_share_a_title_or_a_shortcut(working, qtbot):
    for key in PAGES:
        full(working, key, qtbot)
    specs = working.session.actions.all()
    shortcuts = [spec.shortcut for spec in specs if spec.shortcut]
    assert len(set(shortcuts)) == len(shortcuts)
    assert all(QKeySequence(shortcut).toString() == shortcut for shortcut in shortcuts)
    titles = [spec.title for spec in specs]
    assert sorted(set(titles)) == sorted(titles)


@pytest.mark.parametrize(
    ("keys", "page"),
    [("Ctrl+2", "train"), ("Ctrl+3", "runs"), ("Ctrl+4", "recommend"), ("Ctrl+1", "data"), ("Ctrl+,", "settings")],
)
def test_the_shortcut_of_a_page_shows_it(keys, page, window, qtbot):
    window.show_page("settings" if page != "settings" else "data")
    qtbot.keySequence(window, QKeySequence(keys))
    assert window.stack.currentWidget() is window.pages[page]


@pytest.mark.slow
def test_shortcuts_of_training_work_after_the_palette_was_opened_before_it(window, qtbot):
    window.palette_popup.open()
    window.palette_popup.close()
    window.activateWindow()
    start_run(window.session, qtbot)
    qtbot.keySequence(window, QKeySequence("Ctrl+P"))
    assert window.session.training.state == "paused"
    qtbot.keySequence(window, QKeySequence("Ctrl+Shift+P"))
    assert window.session.training.state == "running"
    qtbot.keySequence(window, QKeySequence("Ctrl+."))
    qtbot.waitUntil(lambda: window.session.training.state == "idle", timeout=30_000)
    assert window.session.workspace.runs()[0].state == "stopped"


def test_the_palette_finds_a_command_by_parts_of_its_words_and_does_it(window, qtbot):
    qtbot.keySequence(window, QKeySequence("Ctrl+K"))
    palette = window.palette_popup
    assert palette.isVisible()
    assert palette.field.hasFocus()
    assert palette.titles() == [spec.title for spec in window.session.actions.all()]
    qtbot.keyClicks(palette.field, "settings go to")
    assert palette.titles() == ["Go to Settings"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.stack.currentWidget() is window.pages["settings"]


def test_the_palette_is_worked_with_the_arrow_keys(window, qtbot):
    window.palette_popup.open()
    palette = window.palette_popup
    qtbot.keyClicks(palette.field, "go to")
    assert palette.titles() == ["Go to Data", "Go to Train", "Go to Runs", "Go to Recommend", "Go to Settings"]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down):
        qtbot.keyClick(palette.field, key)
    qtbot.keyClick(palette.field, Qt.Key.Key_Enter)
    assert window.session.preferences.last_page == "runs"


def test_the_palette_does_nothing_that_cannot_be_done_now(window, qtbot):
    palette = window.palette_popup
    palette.open()
    qtbot.keyClicks(palette.field, "pause")
    assert palette.titles() == ["Pause the queue", "Pause training"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_a_word_that_names_nothing_finds_nothing_and_does_nothing(window, qtbot):
    palette = window.palette_popup
    palette.open()
    qtbot.keyClicks(palette.field, "xyzzy")
    assert palette.titles() == []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(palette.field, key)
    palette.close()
    assert window.session.preferences.last_page == "data"


def test_the_button_at_the_foot_opens_the_palette_and_names_its_key(window, qtbot):
    assert window.session.actions.shortcut("window.palette") in window.strip.palette_button.text()
    qtbot.mouseClick(window.strip.palette_button, LEFT)
    assert window.palette_popup.isVisible()
    window.palette_popup.close()
    window.session.actions.set_shortcut("window.palette", "Ctrl+Shift+J")
    assert "J" in window.strip.palette_button.text()


def test_the_colours_can_be_chosen_from_the_menu(window, qapp):
    try:
        window.session.actions.trigger("theme.dark")
        assert theme.theme().scheme == "dark"
        assert window.session.preferences.theme == "dark"
    finally:
        window.session.actions.trigger("theme.light")
    assert theme.theme().scheme == "light"


# memory


@pytest.mark.slow
def test_size_last_page_and_choices_come_back(tmp_path, qapp, qtbot):
    workspace = trained_workspace(tmp_path / "trained")
    run = workspace.runs()[0].id
    settings = tmp_path / "remembered.ini"
    session = Session(workspace, Preferences(settings))
    window = opened(session, qtbot, (960, 600))
    session.choose_run(run)
    qtbot.waitUntil(lambda: session.dataset is not None)
    window.show_page("runs")
    assert window.close()
    session.deleteLater()
    again = Session(Workspace(workspace.folder), Preferences(settings))
    window = MainWindow(again)
    qtbot.addWidget(window, before_close_func=leave)
    with qtbot.waitExposed(window):
        window.show()
    again.restore()
    assert window.size().toTuple() == (960, 600)
    assert window.stack.currentWidget() is window.pages["runs"]
    qtbot.waitUntil(lambda: again.dataset is not None)
    assert (again.run_id, again.dataset_name) == (run, "chain")
    window.close()
    again.deleteLater()


def test_what_was_chosen_and_is_gone_is_not_missed(tmp_path, qapp, qtbot):
    workspace = trained_workspace(tmp_path / "trained")
    preferences = Preferences(tmp_path / "remembered.ini")
    preferences.set_last_choice("run", workspace.folder, "20200101-000000-gone")
    preferences.set_last_choice("dataset", workspace.folder, "gone")
    preferences.last_page = "a page of a later version"
    session = Session(workspace, preferences)
    window = opened(session, qtbot)
    session.restore()
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    assert (session.run_id, session.dataset_name) == (None, None)
    assert window.stack.currentWidget() is window.pages["data"]
    window.close()
    session.deleteLater()


def test_a_remembered_size_that_makes_no_sense_is_passed_over(session, preferences, qtbot):
    preferences.set_state("geometry", QByteArray(b"rubbish"))
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    assert window.size().toTuple() == (1280, 800)
