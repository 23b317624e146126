import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from recdesk.__main__ import app
from recdesk.core.records import read_object, write_record
from tests.engines import Here

SMALL = ["--set", "hidden=16", "--set", "layers=1", "--set", "max_length=10", "--set", "learning_rate=0.005"]


def recdesk(*arguments: object, code: int = 0) -> dict:
    """Run a command and read the object on its last line; in this process, for torch takes seconds to import."""
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    return json.loads(result.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def ring(tmp_path_factory, chain) -> Path:
    """A folder with a CSV of the chain, its items, and a workspace where it is imported."""
    folder = tmp_path_factory.mktemp("cli")
    users = chain.user_ids.repeat(chain.offsets[1:] - chain.offsets[:-1])
    frame = pd.DataFrame({"user": users, "item": chain.item_ids[chain.items - 1], "time": chain.times})
    frame.to_csv(folder / "events.csv", index=False)
    pd.DataFrame({"item": chain.item_ids, "title": chain.titles}).to_csv(folder / "items.csv", index=False)
    found = recdesk(
        "import", folder / "events.csv", "--items", folder / "items.csv", "--name", "Ring", "--workspace", folder / "ws"
    )
    assert (found["dataset"], found["users"], found["items"]) == ("Ring", 60, 40)
    assert (found["interactions"], found["rejected"], found["dropped"]) == (720, 0, 0)
    return folder


@pytest.fixture(scope="module")
def trained(ring: Path) -> dict:
    """A run on the ring."""
    return recdesk("train", "Ring", *SMALL, "--epochs", 40, "--seed", 1, "--workspace", ring / "ws")


def test_training_gives_figures_for_machines(trained: dict):
    assert trained["state"] == "finished"
    assert trained["seconds"] > 0
    for part in ("validation", "test"):
        assert {"ndcg@10", "recall@10", "accuracy@1"} <= set(trained["metrics"][part])
    assert trained["baselines"]["most popular"]["test"]["ndcg@10"] < trained["metrics"]["test"]["ndcg@10"]
    assert trained["protocol"]["split"] == "leave-one-out"


@pytest.mark.slow
def test_evaluating_again_gives_the_same_figures(ring: Path, trained: dict):
    again = recdesk("evaluate", trained["run"], "--sampled", 5, "--workspace", ring / "ws")
    drawn = again["sampled"]
    assert drawn["negatives"] == 5 and drawn["recall@10"] == drawn["recall@50"]  # of six items all are among ten
    assert drawn["ndcg@1"] >= trained["metrics"]["test"]["ndcg@1"]
    assert again["metrics"] == trained["metrics"]


def test_a_user_gets_their_top_n(ring: Path, trained: dict):
    found = recdesk("recommend", trained["run"], "--user", "user-004", "--top", 3, "--workspace", ring / "ws")
    assert [line["rank"] for line in found["items"]] == [1, 2, 3]
    assert all(line["item_id"].startswith("00") and line["title"].startswith("标题") for line in found["items"])


def test_everybodys_recommendations_are_exported(ring: Path, trained: dict, tmp_path: Path):
    out = tmp_path / "out.csv"
    found = recdesk("export", trained["run"], "--out", out, "--top", 2, "--workspace", ring / "ws")
    frame = pd.read_csv(out, dtype=str, encoding="utf-8-sig")
    assert found["rows"] == len(frame) == 120
    assert list(frame.columns) == ["user_id", "rank", "item_id", "title", "score"]
    single = recdesk("recommend", trained["run"], "--user", "user-000", "--top", 2, "--workspace", ring / "ws")
    assert frame.item_id.tolist()[:2] == [line["item_id"] for line in single["items"]]


def test_everybodys_recommendations_are_exported_in_parts(ring: Path, trained: dict, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("recdesk.experiment.sharded_export.Processes", Here)
    monkeypatch.setattr("recdesk.recommend.export_options.BLOCK", 20)
    words = ("export", trained["run"], "--top", 2, "--workspace", ring / "ws")
    one, merged, folder = tmp_path / "one.jsonl", tmp_path / "all.jsonl", tmp_path / "parts"
    recdesk(*words, "--out", one)
    found = recdesk(*words, "--out", folder, "--shards", 9, "--merge", merged)
    assert (found["rows"], found["shards"], found["people"], found["kept"]) == (120, 3, 60, 0)
    assert found["folder"] == str(folder) and found["file"] == str(merged)
    assert merged.read_bytes() == one.read_bytes() == b"".join(path.read_bytes() for path in sorted(folder.glob("p*")))
    assert recdesk(*words, "--out", folder, "--shards", 9, "--form", "jsonl")["kept"] == 3
    other = recdesk(*words, "--out", folder, "--shards", 9, code=2)
    assert "other values of: ending" in other["error"]
    for more, error in (
        (("--form", "xlsx"), "cannot be written as “xlsx”"),
        (("--form", "csv", "--merge", merged), "has another form than the parts"),
        (("--what", "similar"), "Only recommendations"),
        (("--merge", folder / "all.csv"), "cannot lie in the folder"),
    ):
        assert error in recdesk(*words, "--out", folder, "--shards", 3, *more, code=2)["error"]
    assert "--shards" in recdesk(*words, "--out", one, "--form", "csv", code=2)["suggestion"]


def test_the_users_of_a_file_are_exported(ring: Path, trained: dict, tmp_path: Path):
    (tmp_path / "users.txt").write_text("user-009\nuser-001\n")
    out = tmp_path / "out.csv"
    recdesk(
        "export",
        trained["run"],
        "--out",
        out,
        "--top",
        1,
        "--users",
        tmp_path / "users.txt",
        "--workspace",
        ring / "ws",
    )
    assert pd.read_csv(out, dtype=str, encoding="utf-8-sig").user_id.tolist() == ["user-009", "user-001"]


def test_lists_name_what_there_is(ring: Path, trained: dict):
    assert [entry["dataset"] for entry in recdesk("datasets", "--workspace", ring / "ws")["datasets"]] == ["Ring"]
    assert trained["run"] in [entry["run"] for entry in recdesk("runs", "--workspace", ring / "ws")["runs"]]


def test_a_split_for_recommending_tests_nothing(ring: Path):
    found = recdesk("train", "Ring", *SMALL, "--epochs", 2, "--split", "validation-only", "--workspace", ring / "ws")
    assert set(found["metrics"]) == {"train", "validation"}


def test_settings_come_from_a_file_and_the_command_line_wins(ring: Path, tmp_path: Path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"kind": "bert4rec", "hidden": 16, "layers": 1, "max_length": 10, "epochs": 50}))
    found = recdesk("train", "Ring", "--config", config, "--epochs", 1, "--workspace", ring / "ws")
    kept = json.loads((ring / "ws" / "runs" / found["run"] / "config.json").read_text())
    assert (kept["kind"], kept["epochs"], kept["hidden"]) == ("bert4rec", 1, 16)


@pytest.mark.slow
def test_a_search_for_settings_ends_with_settings_that_training_takes(ring: Path):
    workspace = ("--workspace", ring / "ws")
    study = recdesk("tune", "Ring", "--minutes", 0.1, *SMALL, "--set", "epochs=5", *workspace)
    assert study["state"] == "finished"
    reached = {trial["run"]: trial["ndcg@10"] for trial in study["trials"]}
    assert reached[study["best"]] == max(value for value in reached.values() if value is not None) > 0
    assert recdesk("tune", study["study"], "--resume", *workspace)["trials"] == study["trials"]
    best = ring / "ws" / "studies" / study["study"] / "best.json"
    again = recdesk("train", "Ring", "--config", best, "--epochs", 1, *workspace)
    assert read_object(ring / "ws" / "runs" / again["run"] / "config.json") == {
        **study["settings"],
        "epochs": 1,
    }


@pytest.mark.slow
def test_a_search_whose_trials_cannot_run_ends_with_the_reason(ring: Path, tmp_path: Path):
    import torch

    absent = "mps" if torch.cuda.is_available() else "cuda"  # no machine has both
    shutil.copytree(ring / "ws", tmp_path / "ws")
    before = len(recdesk("runs", "--workspace", tmp_path / "ws")["runs"])
    failed = recdesk("tune", "Ring", *SMALL, "--set", f"device={absent}", "--workspace", tmp_path / "ws", code=1)
    assert absent.upper() in failed["error"].upper()
    assert len(recdesk("runs", "--workspace", tmp_path / "ws")["runs"]) == before + 1


@pytest.mark.slow
def test_how_long_an_epoch_takes_is_measured_without_a_run(ring: Path):
    before = recdesk("runs", "--workspace", ring / "ws")
    measured = recdesk("train", "Ring", *SMALL, "--estimate", "--workspace", ring / "ws")
    assert 0 < measured["epoch_seconds"] < 60 and measured["tokens_per_second"] > 100
    assert recdesk("runs", "--workspace", ring / "ws") == before


def test_rules_are_counted(ring: Path, tmp_path: Path):
    path = tmp_path / "rated.csv"
    path.write_text(
        "user,item,rating\n" + "".join(f"u{i % 7},i{i % 5},{i % 5 + 1}\n" for i in range(40)) + "u1,i1,good\n"
    )
    found = recdesk("import", path, "--min-rating", 3, "--workspace", tmp_path / "ws")
    assert found["dropped"] == 16
    assert found["rejected"] == 1
    assert found["interactions"] == 24


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (["train", "nope"], 2, "There is no dataset “nope”. There are: “Ring”."),
        (["train", "Ring", "--set", "colour=red"], 2, "There is no setting “colour”"),
        (["train", "Ring", "--set", "hidden"], 2, "“hidden” is no setting. Write it as key=value"),
        (["train", "Ring", "--model", "gpt"], 2, "There is no model “gpt”"),
        (["train", "Ring", "--split", "random"], 2, "There is no split “random”"),
        (["train", "Ring", "--set", "hidden=abc"], 2, "“hidden” is 'abc'"),
        (["train", "Ring", "--device", "tpu"], 2, "it must be 'auto', 'cpu', 'cuda' or 'mps'"),
        (["recommend", "last", "--user", "nobody"], 2, "No user “nobody” in “Ring”"),
        (["evaluate", "nothing"], 2, "There is no run “nothing”"),
        (["import", "missing.csv"], 1, "There is no file “missing.csv”"),
    ],
)
def test_wrong_use_gets_a_sentence_and_an_exit_code(ring: Path, trained: dict, arguments, code: int, words: str):
    result = subprocess.run(
        [sys.executable, "-m", "recdesk", *arguments, "--workspace", str(ring / "ws")], capture_output=True, text=True
    )
    assert result.returncode == code
    assert words in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr


def test_a_failure_is_an_object_too(ring: Path):
    found = recdesk("train", "nope", "--workspace", ring / "ws", code=2)
    assert found["error"] == "There is no dataset “nope”."


def test_an_unknown_command_is_wrong_use():
    result = subprocess.run([sys.executable, "-m", "recdesk", "dance"], capture_output=True, text=True)
    assert result.returncode == 2


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C is sent as a POSIX signal")
def test_ctrl_c_stops_keeps_and_resume_goes_on(ring: Path):
    command = [sys.executable, "-m", "recdesk", "train", "Ring", *SMALL, "--epochs", "100000", "--set", "patience=1000"]
    with subprocess.Popen(
        [*command, "--workspace", str(ring / "ws"), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None and process.stdout is not None
        for line in process.stderr:
            if "NDCG@10" in line and "epoch" in line:
                process.send_signal(signal.SIGINT)
                break
        out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    stopped = json.loads(out.strip().splitlines()[-1])
    assert stopped["state"] == "stopped"
    assert stopped["metrics"]["test"]["users"] == 60
    run = ring / "ws" / "runs" / stopped["run"]
    write_record(run / "config.json", {**read_object(run / "config.json"), "epochs": 1})  # let the resumed run end soon
    resumed = recdesk("resume", stopped["run"], "--workspace", ring / "ws")
    assert resumed["state"] == "finished"
    assert resumed["seconds"] >= stopped["seconds"]


@pytest.mark.slow
def test_a_terminal_that_is_closed_stops_and_keeps(ring: Path):
    fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
    workspace, ours = ring / "ws", os.openpty()
    arguments = ["train", "Ring", *SMALL, "--epochs", "100000", "--set", "patience=1000", "--workspace", str(workspace)]

    def enter_terminal() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # these tests may run under nohup
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(  # its session's terminal is the one that will be closed
        [sys.executable, "-m", "recdesk", *arguments],
        stdin=ours[1], stdout=ours[1], stderr=ours[1],
        start_new_session=True, preexec_fn=enter_terminal,
    )  # fmt: skip
    os.close(ours[1])
    said = b""
    try:
        while b"(best)" not in said:
            more = os.read(ours[0], 65536)
            assert more, said
            said += more
        os.close(ours[0])
        assert process.wait(100) == 0
    finally:
        process.kill()
    run = max((workspace / "runs").iterdir(), key=lambda folder: folder.stat().st_mtime)
    about = json.loads((run / "run.json").read_text())
    assert (about["state"], about["reason"]) == ("stopped", "Stopped; everything up to here is kept.")
    assert json.loads((run / "metrics.json").read_text())["metrics"]["test"]["users"] == 60


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_demo_does_the_main_job_without_a_display(tmp_path: Path):
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    result = subprocess.run(
        [sys.executable, "-m", "recdesk", "demo", "--workspace", str(tmp_path / "ws")],
        capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=800,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    if sys.platform.startswith("linux"):
        assert "Running without the window: there is no display" in result.stdout
    frame = pd.read_csv(tmp_path / "recommendations.csv", dtype=str, encoding="utf-8-sig")
    assert len(frame) == 10_000
    assert frame.user_id.nunique() == 1000
    metrics = json.loads(next((tmp_path / "ws" / "runs").glob("*/metrics.json")).read_text())
    ceiling = json.loads(next((tmp_path / "ws" / "datasets").glob("*/manifest.json")).read_text())["ceiling"]
    assert metrics["metrics"]["test"]["accuracy@1"] > ceiling - 0.05
    assert metrics["metrics"]["train"]["accuracy@1"] > 0.85
    assert metrics["baselines"]["most popular"]["test"]["accuracy@1"] < 0.05
    assert "Generated example" in result.stdout


def test_commands_import_no_qt():
    code = "import sys; import recdesk.cli.commands; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_version_is_said():
    result = subprocess.run([sys.executable, "-m", "recdesk", "--version"], capture_output=True, text=True)
    assert result.stdout.strip() == "0.1.0"


@pytest.fixture
def text_place(text_workspace, tmp_path) -> Path:
    """A workspace of the test's own with a run that reads texts."""
    shutil.copytree(text_workspace, tmp_path / "workspace")
    return tmp_path / "workspace"


@pytest.mark.slow
def test_a_run_that_reads_texts_searches_grants_wishes_and_takes_new_items(text_place: Path):
    last = ("last", "--workspace", text_place)
    found = recdesk("search", *last[:1], "Quiet Harbour", "--top", 3, *last[1:])
    assert [entry["rank"] for entry in found["items"]] == [1, 2, 3]
    wished = recdesk("recommend", *last, "--wish", "Dark Desert", "--top", 4)
    assert (wished["user_id"], wished["wish"], len(wished["items"])) == ("", "Dark Desert", 4)
    added = recdesk("add-item", *last, "--id", "b-new", "--text", "title=Book 11: Dark Desert Mystery")
    assert (added["item_id"], added["items"]) == ("b-new", 1001)
    assert "already" in recdesk("add-item", *last, "--id", "b-new", "--text", "title=x", code=2)["error"]


@pytest.mark.slow
def test_what_an_encoder_will_read_is_shown(text_place: Path):
    seen = recdesk("texts", "Bookshop example", "--workspace", text_place, "--set", "encoder=scratch")
    assert (seen["texts"], seen["cut"], seen["limit"], seen["empty"]) == (1000, 0, 64, 0)
    cut = recdesk(
        "texts", "Bookshop example", "--workspace", text_place, "--set", "encoder=scratch", "--set", "text_tokens=8"
    )
    assert (cut["cut"], cut["longest"]) == (1000, seen["longest"])
    wrong = recdesk("texts", "Bookshop example", "--workspace", text_place, "--set", "template={no}", code=2)
    assert "asks for “no”" in wrong["error"]


@pytest.mark.slow
def test_a_model_over_texts_moves_as_it_is_and_as_a_start(text_place: Path):
    ring = ("--workspace", text_place)
    moved = recdesk("transfer", "last", "Bookshop example", *ring)
    assert moved["state"] == "finished" and "text-bert" in moved["run"]
    assert moved["baselines"]["untrained"]["test"]["ndcg@10"] == moved["metrics"]["test"]["ndcg@10"]
    learned = recdesk("train", "Bookshop example", "--start-from", "last", "--epochs", 1, *ring)
    assert learned["state"] == "finished"
    wrong = recdesk("train", "Bookshop example", "--start-from", "last", "--set", "hidden=32", *ring, code=2)
    assert "“hidden” is 32, but the run" in wrong["error"]


def test_recommending_to_nobody_is_wrong_use(text_place: Path):
    assert recdesk("recommend", "last", "--workspace", text_place, code=2)["error"] == "Nobody to recommend to."


def test_the_encoders_of_this_computer_are_listed_without_a_network(text_place: Path):
    assert recdesk("encoder", "--workspace", text_place)["encoders"] == []


def test_an_encoder_with_a_damaged_record_is_told_and_not_listed(tmp_path: Path):
    record = tmp_path / "encoders" / "owner--name@0123456789ab" / "recdesk-source.json"
    record.parent.mkdir(parents=True)
    record.write_text("[")
    listed = recdesk("encoder", "--workspace", tmp_path)
    assert listed["encoders"] == []
    (sentence,) = listed["damaged"]
    assert str(record) in sentence and "is damaged" in sentence


def test_a_workspace_can_be_named_before_the_command_too_and_the_one_named_after_it_wins(tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    events = tmp_path / "events.csv"
    events.write_text("user,item,time\na,x,1\na,y,2\nb,x,1\nb,y,3\n")
    for workspace in (first, second):
        result = CliRunner().invoke(
            app, ["--workspace", str(workspace), "import", str(events), "--name", workspace.name, "--json"]
        )
        assert result.exit_code == 0, result.output
        found = recdesk("datasets", "--workspace", workspace)["datasets"]
        assert [entry["dataset"] for entry in found] == [workspace.name]
    result = CliRunner().invoke(app, ["--workspace", str(first), "datasets", "--workspace", str(second), "--json"])
    assert [entry["dataset"] for entry in json.loads(result.stdout.splitlines()[-1])["datasets"]] == ["second"]


def test_who_has_taken_everything_is_told_so_in_place_of_an_empty_list(tmp_path: Path):
    events, out = tmp_path / "all.csv", tmp_path / "top.csv"
    rows = [f"{user},{item},{time}" for user in "ab" for time, item in enumerate("wxyz")]
    events.write_text("user,item,time\n" + "\n".join(rows) + "\n")
    options = ("--workspace", str(tmp_path / "ws"))
    recdesk("import", events, "--name", "all", *options)
    recdesk("train", "all", *SMALL, "--epochs", 1, *options)
    said = CliRunner().invoke(app, ["recommend", "last", "--user", "a", *options]).stdout
    assert "Every item has been taken already" in said and "score" not in said
    said = CliRunner().invoke(app, ["export", "last", "--out", str(out), *options]).stdout
    assert "Wrote 0 rows" in said and "Every item has been taken already" in said


def test_who_left_with_an_update_is_recommended_nothing_any_more(ring: Path, trained: dict, tmp_path: Path):
    workspace = tmp_path / "ws"
    shutil.copytree(ring / "ws", workspace)
    events = pd.read_csv(ring / "events.csv", dtype=str)
    events[events["user"] != "user-004"].to_csv(tmp_path / "newer.csv", index=False)
    recdesk("update", "Ring", tmp_path / "newer.csv", "--workspace", workspace)
    run = ("recommend", trained["run"], "--workspace", workspace, "--user")
    assert "No user “user-004”" in recdesk(*run, "user-004", code=2)["error"]
    assert len(recdesk(*run, "user-005")["items"]) == 10
    recdesk("export", trained["run"], "--out", tmp_path / "out.csv", "--workspace", workspace)
    assert "user-004" not in set(pd.read_csv(tmp_path / "out.csv", dtype=str)["user_id"])


def test_lists_show_the_rest_and_say_what_is_damaged(ring: Path, trained: dict, tmp_path: Path):
    shutil.copytree(ring / "ws", tmp_path / "ws")
    runs = tmp_path / "ws" / "runs"
    shutil.copytree(runs / trained["run"], runs / "other")
    (runs / "other" / "run.json").write_text("[" * 100_000)
    shutil.copytree(tmp_path / "ws" / "datasets" / "Ring", tmp_path / "ws" / "datasets" / "Broken")
    (tmp_path / "ws" / "datasets" / "Broken" / "manifest.json").write_text('"x"')
    for command, known, path in (
        ("runs", trained["run"], "other/run.json"),
        ("datasets", "Ring", "Broken/manifest.json"),
    ):
        found = recdesk(command, "--workspace", tmp_path / "ws")
        shown = [entry[command[:-1]] for entry in found[command]]
        assert known in shown and not {"other", "Broken"} & set(shown)
        (sentence,) = (said for said in found["damaged"] if path in said)
        assert "is damaged" in sentence
        said = CliRunner().invoke(app, [command, "--workspace", str(tmp_path / "ws")])
        assert sentence in said.stderr and known[:8] in said.stdout


def test_settings_copied_from_a_run_may_be_edited(ring: Path, trained: dict, tmp_path: Path):
    values = json.loads((ring / "ws" / "runs" / trained["run"] / "config.json").read_text("utf-8"))
    assert "checksum" in values
    (tmp_path / "mine.json").write_text(json.dumps({**values, "epochs": 1, "hidden": 8}))
    found = recdesk("train", "Ring", "--config", tmp_path / "mine.json", "--estimate", "--workspace", ring / "ws")
    assert found["epoch_seconds"] > 0


def test_figures_that_could_not_be_otherwise_are_said_to_be_so_wherever_commands_show_them(tmp_path: Path):
    """Everybody has taken all items but the last; one person in ten could be measured."""
    rows = [(f"u{user}", f"i{item}") for user in range(40) for item in np.roll(range(8), user)]
    rows += [(f"once{user}", "i0") for user in range(60)]
    pd.DataFrame(rows, columns=["user", "item"]).to_csv(tmp_path / "events.csv", index=False)
    to = ("--workspace", tmp_path / "ws")
    recdesk("import", tmp_path / "events.csv", "--name", "b", *to)
    said = [
        "40 of 100 people could be measured; of the others there is too little to hold an item out.",
        "For 40 of 40 people one item is left to rank: every model puts it first.",
    ]
    found = recdesk("train", "b", *SMALL, "--epochs", 1, *to)
    assert found["metrics"]["test"]["ndcg@10"] == found["baselines"]["most popular"]["test"]["ndcg@10"] == 1.0
    assert found["caveats"] == said
    assert (found["measured"]["people"], found["measured"]["measured"]) == (100, 40)
    assert recdesk("evaluate", "last", *to)["caveats"] == said
    assert recdesk("runs", *to)["runs"][0]["caveats"] == said
    lines = CliRunner().invoke(app, ["evaluate", "last", *map(str, to)]).stdout.splitlines()
    assert "40 of 40 people find what they took next among the first ten, 40 at the very top." in lines
    assert set(said) <= set(lines)
    listed = CliRunner().invoke(app, ["runs", *map(str, to)]).stdout
    assert "40 of 100" in listed
    assert f"! {found['run']}: {said[1]}" in listed


@pytest.mark.slow
def test_a_wish_and_a_user_are_taken_together(text_place: Path):
    options = ("--top", 4, "--workspace", text_place)
    both = recdesk("recommend", "last", "--user", "u0001", "--wish", "Dark Desert", *options)
    assert (both["user_id"], both["wish"], len(both["items"])) == ("u0001", "Dark Desert", 4)
    user = recdesk("recommend", "last", "--user", "u0001", *options)
    wish = recdesk("recommend", "last", "--wish", "Dark Desert", *options)
    scores = [[entry["score"] for entry in found["items"]] for found in (both, user, wish)]
    assert scores[0] != scores[1] and scores[0] != scores[2]
