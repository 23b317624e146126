"""The rules of the architecture, enforced."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {path.parent.name for path in (ROOT / "recdesk").glob("*/__init__.py")}
TORCH_FREE = ("training.config", "training.plan", "evaluation.metrics", "experiment.pipeline")
TORCH_FREE += ("data.importing", "data.store", "workspace.workspace", "recommend.onnx_model", "serving.served")


def lint(folder: Path) -> str:
    """What import-linter says of the package in a folder."""
    code = "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
    env = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "500"}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True).stdout


@pytest.fixture
def house(tmp_path):
    """A copy of the package to break."""
    shutil.copytree(ROOT / "recdesk", tmp_path / "recdesk", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept():
    said = lint(ROOT)
    assert "5 kept, 0 broken" in said, said


def test_qt_in_any_module_outside_the_window_breaks_the_contract_even_inside_a_function(house):
    outside = [path for path in (house / "recdesk").rglob("*.py") if "gui" not in path.relative_to(house).parts]
    assert {path.relative_to(house).parts[1] for path in outside} >= PACKAGES - {"gui"}
    for path in outside:
        path.write_text(path.read_text(encoding="utf-8") + "\n\ndef _late():\n    import PySide6\n", encoding="utf-8")
    said = lint(house)
    assert "Only the window imports Qt BROKEN" in said, said
    caught = set(re.findall(r"(recdesk[\w.]*) -> PySide6", said))
    parts = (path.relative_to(house).with_suffix("").parts for path in outside)
    assert {".".join(part for part in names if part != "__init__") for names in parts} == caught


def test_torch_behind_what_the_window_shows_and_circles_break_their_contracts(house):
    for module, imported in (("core/files", "torch"), ("monitor/series", "recdesk.monitor.curves")):
        path = house / "recdesk" / f"{module}.py"
        path.write_text(path.read_text(encoding="utf-8") + f"\n\ndef _late():\n    import {imported}\n")
    said = lint(house)
    assert "What log, command and window share needs no torch BROKEN" in said, said
    assert "only one imports the other BROKEN" in said, said
    assert "No cycles are allowed in recdesk.monitor." in said, said


@pytest.mark.parametrize("module", ["cli/output", "workspace/runs", "core/errors"])
def test_nothing_but_the_start_of_the_program_imports_the_window(house, module):
    path = house / "recdesk" / f"{module}.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n\ndef _late():\n    import recdesk.gui.theme\n")
    assert "Only the start of the program imports the window BROKEN" in lint(house)


def test_a_new_module_must_be_given_its_layer(house):
    (house / "recdesk" / "helpers.py").write_text("")
    said = lint(house)
    assert "every module has its layer BROKEN" in said, said
    assert "- recdesk.helpers" in said, said


def test_what_the_window_shows_first_needs_no_torch():
    code = (
        "import sys, recdesk.gui.main_window, recdesk.gui.pages.train.page, recdesk.gui.pages.runs.page, "
        "recdesk.gui.pages.recommend.page, recdesk.gui.pages.data.page, recdesk.cli.commands; "
        "sys.exit('torch' in sys.modules)"
    )
    if sys.platform == "win32":
        return  # there torch must be imported before Qt
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_the_first_sight_of_the_window_waits_for_no_large_library():
    code = (
        "import sys, recdesk.gui.app, recdesk.gui.pages.data.page; "
        "print(*{'pandas', 'pyarrow', 'duckdb', 'scipy', 'pyqtgraph', 'transformers'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stdout.strip()) == (0, ""), said


def test_training_a_model_of_ids_waits_for_no_compiler_and_no_library_of_text_models(tmp_path):
    code = (
        "import sys, pathlib; from recdesk.data.example import make_example; "
        "from recdesk.data.splitting import make_split; from recdesk.training.config import make_config; "
        "from recdesk.training.fit import fit; from recdesk.monitor.control import Control; "
        "config = make_config(epochs=1, hidden=8, heads=1, layers=1, device='cpu'); "
        "split = make_split(make_example(), 'leave-one-out', seed=0); "
        "fitted = fit(split, config, pathlib.Path(sys.argv[1]), lambda event: None, Control()); "
        "print(type(fitted.model).__name__, *{'torch._dynamo', 'transformers'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert (said.returncode, said.stdout.strip()) == (0, "BertCausal"), said


def test_torch_stays_in_its_layers():
    monitor = [f"monitor.{path.stem}" for path in (ROOT / "recdesk" / "monitor").glob("[!_]*.py")]
    names = [f"recdesk.{name}" for name in (*monitor, *TORCH_FREE)]
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
