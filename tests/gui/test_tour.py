import pytest

from recdesk.gui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.slow
def test_the_tour_adds_the_example_trains_on_it_and_ends_at_the_recommendations(window, session, qtbot, monkeypatch):
    monkeypatch.setattr("recdesk.gui.tour.MINUTES", 0.02)
    tour, seen = window.tour, []
    session.actions.trigger("help.tour")
    while tour.at >= 0:
        seen.append(window.stack.currentWidget().key)
        assert tour.notice.text().startswith(f"{tour.at + 1} of {len(tour.stops())} · ")
        tour.next_button.click()
        if tour.at == 1:
            qtbot.waitUntil(lambda: session.dataset is not None, timeout=30_000)
    assert seen == ["data", "data", "train", "train", "runs", "recommend", "recommend"]
    assert tour.notice.isHidden()
    qtbot.waitUntil(lambda: session.training.run is not None, timeout=30_000)
    qtbot.waitUntil(lambda: session.training.state == "idle" and not session.jobs._jobs, timeout=60_000)
    assert [run.state for run in session.workspace.runs()] == ["finished"]


def test_it_is_offered_once_and_can_be_left(window, session):
    tour = window.tour
    tour.offer()
    assert tour.notice.text().startswith("New here?")
    tour.end_button.click()
    assert tour.notice.isHidden()
    tour.offer()
    assert tour.notice.isHidden()
    tour.start()
    tour.end_button.click()
    assert tour.at == -1
    assert session.dataset_name is None
