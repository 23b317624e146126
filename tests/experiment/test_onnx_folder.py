"""A run's model as ONNX: the same lists without torch, measured, and refused where it is damaged."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import onnx
import pandas as pd
import pytest
import yaml

import recdesk.api
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.records import checksums, read_object, write_record
from recdesk.data.importing import ImportResult
from recdesk.experiment.model_folder import import_model
from recdesk.experiment.onnx_folder import OnnxExport, export_onnx
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk as command
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config

ROOT = Path(__file__).resolve().parents[2]
HISTORIES = [[], ["004"], ["004", "005", "006"], [f"00{item}" for item in range(1, 30)]]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """A finished run; look, don't change."""
    workspace = Workspace(tmp_path_factory.mktemp("onnx") / "workspace")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    made = workspace.create_run("chain", small_config(epochs=1), "leave-one-out")
    found = execute(made, Control(), lambda _event: None)
    assert found.state == "finished", found.reason
    return found


@pytest.fixture(scope="module")
def export(run: Run, tmp_path_factory) -> tuple[Path, OnnxExport]:
    folder = tmp_path_factory.mktemp("folder") / "model"
    return folder, export_onnx(run, folder, "cc-by-4.0")


@pytest.fixture
def folder(export: tuple[Path, OnnxExport], tmp_path: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(export[0], tmp_path / "copy"))


def lists(model: recdesk.api.Model, **asked) -> list[tuple[str, str, float]]:
    return [
        (item.item_id, item.title, pytest.approx(item.score, abs=1e-4))
        for history in HISTORIES
        for item in model.recommend(history=history, n=12, **asked)
    ]


@pytest.mark.slow
def test_it_gives_the_lists_of_the_run(run: Run, export: tuple[Path, OnnxExport]):
    theirs, ours = recdesk.api.load(export[0]), recdesk.api.load(run.folder)
    assert (theirs.run, theirs.kind, theirs.dataset, theirs.item_ids) == (run.id, run.kind, "chain", ours.item_ids)
    assert lists(theirs) == lists(ours) and lists(theirs, exclude_seen=False) == lists(ours, exclude_seen=False)
    rules = {"block": ["007"], "rules": recdesk.api.Rules(diversity=0.5)}
    assert lists(theirs, **rules) == lists(ours, **rules)
    assert [item.item_id for item in theirs.similar("005", 5)] == [item.item_id for item in ours.similar("005", 5)]
    assert (theirs.vectors() == ours.vectors()).all()
    with pytest.raises(UsageError, match="cannot read words"):
        theirs.recommend(wish="space opera")


def test_its_lists_were_compared_when_it_was_written(run: Run, export: tuple[Path, OnnxExport]):
    folder, made = export
    found = made.parity
    assert (found.people, found.same, found.common, found.lost) == (60, 1.0, 1.0, 0.0) and not found.shortcomings
    assert 0 < found.difference < 1e-4 < found.spread
    assert found.before == pytest.approx(run.metrics["test"]["ndcg@10"], abs=1e-6)
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "100.00% of the lists of ten are the same" in card and "recdesk.api.load" in card
    assert "under the licence cc-by-4.0" in card and "user-0" not in card
    assert read_object(folder / "recdesk-onnx.json")["parity"]["people"] == 60


def test_the_head_of_the_card_has_figures_intervals_and_protocol(run: Run, export: tuple[Path, OnnxExport]):
    head = yaml.safe_load((export[0] / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert head["library_name"] == "onnxruntime" and head["license"] == "cc-by-4.0"
    assert head["tags"][2:] == [run.kind, "onnx"] and head["metrics"] == ["ndcg@10", "recall@10"]
    (result,) = head["model-index"][0]["results"]
    assert result["dataset"]["name"] == "chain" and result["dataset"]["revision"] == run.dataset_hash
    first = result["metrics"][0]
    assert first["value"] == pytest.approx(run.metrics["test"]["ndcg@10"], abs=1e-6)
    assert first["args"]["protocol"] == run.protocol["hash"]
    low, high = first["args"]["interval_95"]
    assert low < first["value"] < high


def test_other_programs_find_the_graph_described(export: tuple[Path, OnnxExport]):
    folder, _ = export
    onnx.checker.check_model(str(folder / "model.onnx"), full_check=True)
    graph = onnx.load(str(folder / "model.onnx"), load_external_data=False).graph
    (given,), (query,) = graph.input, graph.output
    shape = [each.dim_param or each.dim_value for each in given.type.tensor_type.shape.dim]
    assert given.name == "items" and all(isinstance(each, str) and each for each in shape) and len(set(shape)) == 2
    assert query.name == "query" and query.type.tensor_type.shape.dim[1].dim_value == 16
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert set(config["inputs"]) == {"items"} and "input[1:41]" in config["scores"]
    items = pd.read_csv(folder / "items.csv", dtype="str")
    assert list(items["item_id"]) == list(chain_dataset().item_ids)
    written = [path.read_bytes() for path in folder.iterdir()]
    assert len(written) == 6 and not any(word in each for each in written for word in (b"user-0", b"transformer.py"))


def test_it_is_opened_without_torch(export: tuple[Path, OnnxExport]):
    lines = f"""import sys, recdesk.api
model = recdesk.api.load({str(export[0])!r})
print(*(item.item_id for item in model.recommend(history=["004"], n=3)))
print(*(item.item_id for item in model.similar("004", n=2)))
print(*{{"torch", "transformers", "PySide6", "duckdb"}} & set(sys.modules))"""
    said = subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    model = recdesk.api.load(export[0])
    names = [
        [item.item_id for item in found] for found in (model.recommend(history=["004"], n=3), model.similar("004", 2))
    ]
    assert said.stdout.split("\n") == [" ".join(names[0]), " ".join(names[1]), "", ""]


def renew(folder: Path, **about) -> None:
    """Make the checksums those of the files as they are."""
    path = folder / "recdesk-onnx.json"
    files = checksums(folder, without=["README.md", path.name])
    write_record(path, {**read_object(path), "files": files, **about})


def refuse(folder: Path, match: str) -> None:
    with pytest.raises(RecdeskError, match=match) as caught:
        recdesk.api.load(folder)
    assert caught.value.suggestion


def test_damaged_files_are_refused(folder: Path):
    whole = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(whole[:-300])
    refuse(folder, "its checksum is another")
    renew(folder)
    refuse(folder, "model.onnx.*is damaged")
    (folder / "model.onnx").write_bytes(whole)
    vectors = (folder / "vectors.safetensors").read_bytes()
    (folder / "vectors.safetensors").write_bytes(vectors[:-4])
    renew(folder)
    refuse(folder, "damaged or cut short")
    (folder / "vectors.safetensors").write_bytes(vectors)
    config = read_object(folder / "config.json")
    write_record(folder / "config.json", {**config, "recdesk": {**config["recdesk"], "n_items": 39}})
    renew(folder)
    refuse(folder, "does not belong to this model")
    renew(folder, files={"../items.csv": "0"})
    refuse(folder, "it holds something else")
    renew(folder, format=2)
    refuse(folder, "newer recdesk")


def test_it_is_no_run(folder: Path, tmp_path: Path):
    with pytest.raises(UsageError, match="cannot become a run") as caught:
        import_model(Workspace(tmp_path / "ws"), folder)
    assert "recdesk serve" in caught.value.suggestion


def test_what_cannot_be_written_is_told_before_anything_is(run: Run, tmp_path: Path, monkeypatch):
    with pytest.raises(UsageError, match="is there already"):
        export_onnx(run, tmp_path)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "onnxscript", None)
        with pytest.raises(UsageError, match=r"not installed \(onnxscript\)") as caught:
            export_onnx(run, tmp_path / "new")
    assert caught.value.suggestion == 'Install it: pip install "recdesk[onnx]".'
    where = ("--out", tmp_path / "new", "--workspace", run.workspace)
    assert command("export-model", "last", "--int8", *where, code=2)["error"] == "--int8 goes with --format onnx."
    assert "no format “pmml”" in command("export-model", "last", "--format", "pmml", *where, code=2)["error"]
    assert not (tmp_path / "new").exists()


def test_a_missing_onnxruntime_is_told_when_a_folder_is_opened(folder: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    refuse(folder, r"not installed \(onnxruntime\)")


@pytest.mark.slow  # another export
def test_the_command_writes_8_bit_weights_and_says_what_they_cost(run: Run, tmp_path: Path):
    folder = tmp_path / "int8"
    told = command("export-model", "last", "--out", folder, "--format", "onnx", "--int8", "--workspace", run.workspace)
    assert told["parity"]["int8"] and 0 < told["parity"]["common"] <= 1 and told["files"][0] == "README.md"
    graph = onnx.load(str(folder / "model.onnx"), load_external_data=False).graph
    assert any(each.data_type == onnx.TensorProto.INT8 for each in graph.initializer)
    assert len(recdesk.api.load(folder).recommend(history=["004"], n=5)) == 5
    assert "int8" in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow  # trains an encoder
def test_a_model_over_texts_reads_histories(text_workspace: Path, tmp_path: Path):
    run = Workspace(text_workspace).runs()[0]
    made = export_onnx(run, tmp_path / "model")
    assert made.parity.same == 1.0 and "Wishes in words" in made.notes[0]
    theirs, ours = recdesk.api.load(tmp_path / "model"), recdesk.api.load(run.folder)
    history = theirs.item_ids[:3]
    assert [item.item_id for item in theirs.recommend(history=history)] == [
        item.item_id for item in ours.recommend(history=history)
    ]


def test_a_shortfall_is_said(export: tuple[Path, OnnxExport]):
    found = replace(export[1].parity, common=0.96, after=export[1].parity.before * 0.99, int8=True)
    assert [str(sentence)[:33] for sentence in found.shortcomings] == [
        "Fewer lists are those of the run ", "More NDCG@10 is lost than should ",
    ]  # fmt: skip
    assert (
        found.sentences[-2:] == found.shortcomings and not replace(found, common=0.98, after=found.before).shortcomings
    )
