from pathlib import Path

import pytest

from recdesk.cli.console import Output
from recdesk.cli.output import say_figures, say_steps
from recdesk.core.files import read_json, write_json
from recdesk.evaluation.sentences import p_text
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import Run
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
    best = curves_of(run).metrics["ndcg@10"].y.max()
    assert f"{alone:.4f} → {best:.4f}" in lines[3]
    assert "skipped" in lines[4]


def test_a_run_over_ids_has_no_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    say_steps(Output(as_json=False), trained_workspace(tmp_path / "ids").runs()[0])
    assert capsys.readouterr().out == ""


def said_of(run: Run, capsys: pytest.CaptureFixture[str]) -> list[str]:
    say_figures(Output(as_json=False), run, run.metrics)
    return capsys.readouterr().out.splitlines()


def test_differences_to_baselines_are_said_with_confidence_intervals_that_hold_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run = trained_workspace(tmp_path / "ids").runs()[0]
    lines = said_of(run, capsys)
    for name, result in run.comparisons.items():
        words = f"{name}: NDCG@10 {result['difference']:+.3f} "
        words += (
            f"(95 % confidence interval {result['low']:+.3f} to {result['high']:+.3f}; p {p_text(result['p holm'])})."
        )
        assert any(line.endswith(words) for line in lines)
    assert "The intervals of the 5 comparisons hold all together with 95 % confidence (Bonferroni)." in lines


def test_intervals_of_an_older_run_are_said_to_hold_each_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    run = trained_workspace(tmp_path / "ids").runs()[0]
    kept = read_json(run.folder / "metrics.json")
    del kept["checksum"]  # older runs have none
    for result in kept["comparisons"].values():
        del result["family"], result["users"]
    del kept["notes"]["measured"]
    kept["notes"]["leakage"]["users_without_target"] = 300
    write_json(run.folder / "metrics.json", kept)
    lines = said_of(Run.read(run.folder), capsys)
    assert "Each interval holds by itself: the 5 comparisons are not corrected for being several." in lines
    assert "60 of 360 people could be measured; of the others there is too little to hold an item out." in lines
