"""Failures that something can be done about have a button that does it."""

import pytest

from recdesk.core.errors import RecdeskError, is_gpu_lost
from recdesk.core.messages import Message
from recdesk.experiment.failures import as_event
from recdesk.gui.main_window import MainWindow
from recdesk.gui.remedies import NO_GPU, NO_ROOM, RESUMABLE
from recdesk.monitor.events import Failed, StateChanged, Warned
from tests.gui.trained import add_dataset, leave, train_until
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LOST = "CUDA error: unspecified launch failure\nCompile with TORCH_USE_CUDA_DSA"


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=leave)
    made.show()
    return made


def test_a_gpu_that_stopped_working_is_told_from_other_errors():
    assert is_gpu_lost(RuntimeError(LOST)) and is_gpu_lost(RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"))
    assert not is_gpu_lost(RuntimeError("CUDA error: out of memory"))  # less memory helps there
    assert not is_gpu_lost(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    assert not is_gpu_lost(ValueError(LOST))
    failed = as_event(RuntimeError(LOST))
    assert str(failed.sentence) == "The GPU stopped working: CUDA error: unspecified launch failure"
    assert "on the CPU" in failed.suggestion and LOST in failed.details


def test_keys_with_a_remedy_are_sentences_of_the_core():
    for key in NO_ROOM | RESUMABLE | NO_GPU:
        assert Message(key, folder="", free=0.0, needed=0.0, reason="", error="", name="")


def test_a_full_disk_leads_to_what_can_be_deleted(window, session):
    window.failures.show_failure(RecdeskError(Message("disk.full", folder="/data")))
    button = window.failures.remedy_button
    assert button.isVisible() and button.text() == "Free space…"
    button.click()
    assert window.stack.currentWidget().key == "settings" and not window.failures.isVisible()


def test_other_failures_have_no_button(window):
    window.failures.show_failure(RecdeskError("It broke.", "Try again."))
    assert not window.failures.remedy_button.isVisible()
    window.failures.show_failure(RecdeskError(Message("run.out-of-memory")))  # but no run was trained here
    assert not window.failures.remedy_button.isVisible()


def test_a_disk_that_fills_up_during_a_run_is_told_with_its_remedy(window, session, qtbot):
    told = Warned(sentence=Message("run.disk-nearly-full", folder="/d", free=0.1, needed=0.3), about="disk")
    session.training.events.emit([told])
    assert "nearly full" in window.failures.sentence() and window.failures.remedy_button.text() == "Free space…"
    assert "training waits and loses nothing" in window.failures.report()


@pytest.mark.slow
def test_a_run_that_failed_is_resumed_by_the_button(window, session, workspace, qtbot):
    add_dataset(workspace)
    run = train_until(workspace, lambda event: event.kind == "checkpoint", epochs=3)
    session.training.run = run
    session.training.events.emit([Failed(sentence=Message("run.out-of-memory"), suggestion="")])
    assert window.failures.remedy_button.text() == "Resume"
    window.failures.remedy_button.click()
    qtbot.waitUntil(lambda: session.training.state == "running", timeout=30_000)
    assert session.training.run.id == run.id and not window.failures.isVisible()
    qtbot.waitUntil(lambda: session.training.state == "idle", timeout=60_000)
    assert session.training.run.state == "finished"


@pytest.mark.slow
def test_without_its_gpu_a_run_begins_anew_on_the_cpu_with_its_settings(window, session, workspace, qtbot):
    name = add_dataset(workspace)
    config = small_config(epochs=1, device="cuda", patience=7)
    session.training.run = workspace.create_run(name, config, "leave-one-out")
    session.choose_dataset(name)
    qtbot.waitUntil(lambda: session.dataset is not None)
    session.training.events.emit([as_event(RuntimeError(LOST)), StateChanged(state="running")])
    window.failures.remedy_button.click()
    qtbot.waitUntil(lambda: session.training.state == "running", timeout=30_000)
    begun = session.training.run.config
    assert (begun.device, begun.patience, begun.epochs) == ("cpu", 7, 1)
    assert window.pages["train"].settings.config().device == "cpu"
    qtbot.waitUntil(lambda: session.training.state == "idle", timeout=60_000)
