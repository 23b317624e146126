from pathlib import Path

import pytest

from recdesk.cli_output import Output, say_steps
from recdesk.workspace.workspace import Workspace
from tests.gui.trained import trained_workspace


def test_a_run_over_texts_says_what_each_step_took_and_brought(
    text_workspace: Path, capsys: pytest.CaptureFixture[str]
):
    run = Workspace(text_workspace).run("last")
    say_steps(Output(as_json=False), run)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["1", "texts"], ["2", "encoder"], ["3", "decoder"], ["4", "fine-tuning"], ["5", "recommending"],
    ]  # fmt: skip
    alone = run.baselines["similar texts"]["validation"]["ndcg@10"]
    best = run.curves().metrics["ndcg@10"].y.max()
    assert f"{alone:.4f} → {best:.4f}" in lines[3]
    assert "skipped" in lines[4]


def test_a_run_over_ids_has_no_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    say_steps(Output(as_json=False), trained_workspace(tmp_path / "ids").runs()[0])
    assert capsys.readouterr().out == ""
