"""The rules of the architecture, enforced."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TORCH_FREE = ("config", "control", "curves", "events", "metrics", "sizing")


def test_layers_import_only_downwards_and_only_the_window_imports_qt():
    code = "from importlinter.cli import lint_imports_command as c; c()"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "2 kept, 0 broken" in result.stdout, result.stdout


def test_what_the_window_shows_first_needs_no_torch():
    code = (
        "import sys, recdesk.gui.main_window, recdesk.gui.pages.train_page, recdesk.gui.pages.runs_page, "
        "recdesk.gui.pages.recommend_page, recdesk.gui.pages.data_page, recdesk.cli; "
        "sys.exit('torch' in sys.modules)"
    )
    if sys.platform == "win32":
        return  # there torch must be imported before Qt
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_torch_stays_in_its_layers():
    names = [f"recdesk.training.{name}" for name in TORCH_FREE]
    names += ["recdesk.data.importing", "recdesk.data.store", "recdesk.workspace.workspace", "recdesk.workspace.runner"]
    code = f"import sys, {', '.join(names)}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_no_unpickling_no_remote_code_no_nested_event_loops():
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "recdesk").rglob("*.py")}
    forbidden = ("pickle.load", "allow_pickle=True", "trust_remote_code=True", "weights_only=False", "processEvents(")
    found = [(path.name, word) for path, text in sources.items() for word in forbidden if word in text]
    assert found == []


def test_files_are_one_idea():
    long = {
        str(path.relative_to(ROOT)): count
        for path in (ROOT / "recdesk").rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert long == {}
