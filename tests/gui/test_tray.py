"""recdesk in the tray: the run goes on without the window, which comes back; a desktop without a tray is said."""

from typing import ClassVar

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from recdesk.gui.main_window import MainWindow, ask_to_close
from recdesk.gui.taskbar import TaskbarProgress
from recdesk.gui.tray import progress_icon
from recdesk.monitor.events import Plan, Step
from recdesk.workspace.runs import Run
from tests.gui.test_main_window import start_run, stop_run
from tests.gui.trained import add_dataset, answer, leave
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=leave)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    QApplication.setQuitOnLastWindowClosed(True)


class Icon(QObject):
    """Stands for the icon: where there is no screen, Qt's own does not bear being shown."""

    messageClicked = Signal()  # noqa: N815  (Qt's own name)
    activated = Signal(object)
    ActivationReason = QSystemTrayIcon.ActivationReason
    told: ClassVar[list[tuple[str, str]]] = []

    def __init__(self, _icon: QIcon, parent: QObject) -> None:
        super().__init__(parent)
        self.visible, self.tip = False, ""

    @staticmethod
    def isSystemTrayAvailable() -> bool:
        return True

    def show(self) -> None:
        self.visible = True

    def hide(self) -> None:
        self.visible = False

    def setContextMenu(self, _menu: QMenu) -> None: ...

    def setIcon(self, _icon: QIcon) -> None: ...

    def setToolTip(self, tip: str) -> None:
        self.tip = tip

    def showMessage(self, title: str, text: str, _icon: QIcon) -> None:
        self.told.append((title, text))


@pytest.fixture
def tray(monkeypatch) -> type[Icon]:
    """A desktop with a tray."""
    monkeypatch.setattr("recdesk.gui.tray.QSystemTrayIcon", Icon)
    monkeypatch.setattr(Icon, "told", [])
    return Icon


def entries(window: MainWindow) -> list[str]:
    window.tray._menu.aboutToShow.emit()
    return [action.text() for action in window.tray._menu.actions()]


@pytest.mark.slow
def test_a_run_goes_on_in_the_tray_and_the_window_comes_back(window, session, tray, qtbot):
    start_run(session, qtbot)
    answer("Keep running in the tray")
    window.close()
    qtbot.waitUntil(lambda: window.tray.away)
    assert not window.isVisible() and window.tray.icon.visible
    assert session.training.state == "running" and not QApplication.quitOnLastWindowClosed()
    assert entries(window) == ["Show recdesk", "Pause training", "Stop training and keep it", "Quit"]
    steps = session.training.curves.step
    qtbot.waitUntil(lambda: session.training.curves.step > steps, timeout=30_000)
    window.tray._menu.actions()[1].trigger()
    assert session.training.state == "paused" and window.tray.told().endswith("paused")
    assert entries(window)[1] == "Go on with training"
    window.tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert window.isVisible() and not window.tray.away and not window.tray.icon.visible
    window.tray.go()
    stop_run(session, qtbot)
    assert len(tray.told) == 1 and window.tray.told() == "recdesk: nothing runs"
    window.tray._menu.aboutToShow.emit()
    assert entries(window) == ["Show recdesk", "Quit"]
    window.tray._menu.actions()[-1].trigger()
    assert not window.isVisible() and not window.tray.icon.visible and QApplication.quitOnLastWindowClosed()


def test_the_question_has_three_ends_with_a_tray_and_says_when_there_is_none(window, tray):
    said = answer("Keep running in the tray")
    assert ask_to_close(window, ["Training x"], training=True, tray=True) == "tray"
    assert not any("no tray" in words for words in said)
    said = answer("Close when it is done")
    assert ask_to_close(window, ["Training x"], training=True, tray=False) == "wait"
    assert any("This desktop has no tray" in words for words in said)
    answer("Stop, keep and close")
    assert ask_to_close(window, ["Training x"], training=True, tray=True) == "stop"
    answer("Do not close")
    assert ask_to_close(window, ["Training x"], training=True, tray=True) == "stay"


def test_without_a_tray_the_window_stays(window, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    assert window.tray.go() is False
    assert window.isVisible() and window.tray.icon is None


def test_the_icon_is_a_ring_that_closes_with_the_run(qapp):
    def green(share: float) -> int:
        image = progress_icon(share, paused=False).pixmap(64, 64).toImage()
        found = 0
        for x in range(image.width()):
            for y in range(image.height()):
                colour = image.pixelColor(x, y)
                found += (
                    colour.alpha() > 200 and colour.green() > colour.red() + 30 and colour.green() > colour.blue() + 30
                )
        return found

    quarter, half, whole = green(0.25), green(0.5), green(1.0)
    assert 0 < quarter < half < whole
    assert half == pytest.approx(whole / 2, rel=0.1)


def test_the_tray_says_run_share_and_time_left(window, session, workspace):
    name = add_dataset(workspace)
    run = workspace.create_run(name, small_config(epochs=10), "leave-one-out")
    training = session.training
    training.run, training.state = Run.read(run.folder), "running"
    plan = Plan(
        steps_per_epoch=1, max_epochs=10, patience=5, minutes=None, parameters=1,
        device="CPU", softmax="full", full_softmax_bytes=1,
    )  # fmt: skip
    training.curves.add(plan)
    for number in (1, 2):
        training.curves.add(
            Step(step=number, epoch=2.5 * number, loss=1.0, learning_rate=0.1, tokens=1, seconds=30.0 * number)
        )
    try:
        told = window.tray.told()
    finally:
        training.state = "idle"
    assert "50" in told and "at most" in told


def test_taskbar_progress_is_told_only_when_the_percentage_changes(monkeypatch):
    seen = []
    monkeypatch.setattr("recdesk.gui.taskbar.sys.platform", "darwin")
    monkeypatch.setattr("recdesk.gui.taskbar.QGuiApplication.setBadgeNumber", seen.append)
    taskbar = TaskbarProgress()
    for share in (0.1, 0.101, 0.5, 1.4, None, None):
        taskbar.show(share)
    assert seen == [10, 50, 100, 0]
