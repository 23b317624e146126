"""Runs, data and rules as one file, and back in another workspace."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.core.errors import CancelledError, DataError, RecdeskError, StorageError, UsageError
from recdesk.core.records import read_object, write_record
from recdesk.core.task import Task
from recdesk.data.importing import ImportResult
from recdesk.experiment.open_model import open_model
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.recommend.rules import Rules
from recdesk.workspace import package_zip
from recdesk.workspace.edits import load_edits, save_edits
from recdesk.workspace.packing import Choice, pack
from recdesk.workspace.run_labels import Labels, save_labels
from recdesk.workspace.runs import Run
from recdesk.workspace.unpacking import open_package
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config

RUN = "20260101-120000-bert-causal-aaaa"
NOTHING: dict[str, bytes] = {}


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Workspace:
    """A dataset, a finished run with labels, and rules; look, don't change."""
    workspace = Workspace(tmp_path_factory.mktemp("packages") / "workspace")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    run = workspace.create_run("chain", small_config(epochs=1), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert run.state == "finished", run.reason
    run.folder.rename(run.folder.with_name(RUN))
    save_labels(workspace.run(RUN).folder, Labels("First", True, ("a",), "Größer, 更大"))
    workspace.save_rules(Rules(name="No first", block=("001",)))
    return workspace


@pytest.fixture(scope="module")
def package(source: Workspace, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("package") / "chain.recdesk"
    pack(source.runs(), path)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "target")


def content(workspace: Workspace) -> dict[str, bytes]:
    """Every file of datasets, runs and rules, unfinished ones included."""
    roots = ("datasets", "versions", "runs", "rules.json")
    found = [path for path in workspace.folder.rglob("*") if path.is_file() and path.name != ".run.lock"]
    named = {path.relative_to(workspace.folder).as_posix(): path for path in found}
    return {name: path.read_bytes() for name, path in named.items() if name.startswith(roots)}


def lists(run: Run) -> list[list[tuple[str, float]]]:
    model = open_model(run)
    histories = model.dataset.histories()
    return [[(r.item_id, r.score) for r in model.top_n(histories.row(user))] for user in range(5)]


# there and back


def test_everything_is_the_same_bit_by_bit_in_another_workspace(source: Workspace, package: Path, target: Workspace):
    opened = open_package(target, package)
    kept = {name: data for name, data in content(source).items() if "checkpoints/last" not in name}
    assert content(target) == kept
    assert [(each.here, each.fate) for each in opened.runs] == [(RUN, "added")]
    assert [(each.here, each.fate) for each in opened.datasets] == [("chain", "added")]
    assert (opened.rules, opened.notes) == (["No first"], [])
    assert lists(target.run(RUN)) == lists(source.run(RUN))
    assert target.run(RUN).labels == source.run(RUN).labels


def test_the_same_content_gives_the_same_file_whoever_packs_it(package: Path, target: Workspace, tmp_path: Path):
    open_package(target, package)
    pack(target.runs(), tmp_path / "again.recdesk")
    assert (tmp_path / "again.recdesk").read_bytes() == package.read_bytes()


def test_a_second_opening_adds_nothing_and_says_so(package: Path, target: Workspace):
    open_package(target, package)
    before = content(target)
    opened = open_package(target, package)
    assert [each.fate for each in opened.runs + opened.datasets] == ["there", "there"] and not opened.rules
    assert opened.notes == [f"Run {RUN} is here already, with the same content."]
    assert content(target) == before


def test_another_run_of_the_same_id_stays_and_the_one_of_the_file_gets_a_new_id(package: Path, target: Workspace):
    open_package(target, package)
    save_labels(target.run(RUN).folder, Labels("Mine"))
    target.save_rules(Rules(name="No first", block=("002",)))
    opened = open_package(target, package)
    assert [(each.here, each.fate) for each in opened.runs] == [(f"{RUN}-2", "renamed")]
    assert target.run(RUN).labels.name == "Mine" and target.run(f"{RUN}-2").labels.name == "First"
    assert opened.rules == ["No first 2"] and len(target.datasets()) == 1
    assert opened.notes == [
        f"Another run has the id {RUN} here; the one of the file is now {RUN}-2.",
        "Other rules are called “No first” here; those of the file are now “No first 2”.",
    ]
    assert [each.fate for each in open_package(target, package).runs] == ["there"]


def test_other_data_of_the_same_name_stays(package: Path, source: Workspace, target: Workspace):
    target.add_dataset(ImportResult(chain_dataset(seed=5), [], pd.DataFrame()))
    opened = open_package(target, package)
    assert [(each.here, each.fate) for each in opened.datasets] == [("chain 2", "renamed")]
    assert opened.notes == ["Another dataset is called “chain” here; the one of the file is now “chain 2”."]
    assert target.run(RUN).dataset_name == "chain 2" and lists(target.run(RUN)) == lists(source.run(RUN))


def test_data_that_is_there_under_another_name_is_used(package: Path, source: Workspace, target: Workspace):
    target.add_dataset(ImportResult(replace(chain_dataset(), name="Ring"), [], pd.DataFrame()))
    opened = open_package(target, package)
    assert [(each.here, each.fate) for each in opened.datasets] == [("Ring", "there")]
    assert [info.name for info in target.datasets()] == ["Ring"]
    assert lists(target.run(RUN)) == lists(source.run(RUN))


# what is left out


def test_without_data_no_id_of_a_person_leaves(source: Workspace, target: Workspace, tmp_path: Path):
    written = pack(source.runs(), tmp_path / "a.recdesk", Choice(data=False))
    assert written.notes == ["The data of “chain” is not in the file, only its content hash."]
    with zipfile.ZipFile(tmp_path / "a.recdesk") as archive:
        assert not any(b"user-0" in archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if name.startswith("datasets/")]
    opened = open_package(target, tmp_path / "a.recdesk")
    assert [each.fate for each in opened.datasets] == ["absent"] and "is not in the file, and not here" in opened.notes[
        0
    ]
    with pytest.raises(DataError, match="is not in the workspace any more"):
        open_model(target.run(RUN))
    target.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    assert lists(target.run(RUN)) == lists(source.run(RUN))


def test_without_models_figures_stay_and_the_run_says_why_it_cannot_recommend(
    source: Workspace, target: Workspace, tmp_path: Path
):
    pack(source.runs(), tmp_path / "a.recdesk", Choice(models=False))
    open_package(target, tmp_path / "a.recdesk")
    run = target.run(RUN)
    assert run.metrics == source.run(RUN).metrics and not run.problems and not run.has_model
    with pytest.raises(UsageError, match="was left out of the file that it came in"):
        run.require_model()


def test_edits_of_histories_travel_only_if_asked(package: Path, target: Workspace, tmp_path: Path):
    open_package(target, package)
    save_edits(target.dataset_folder("chain"), [{"user": "user-001", "items": ["002"]}])
    pack(target.runs(), tmp_path / "without.recdesk")
    pack(target.runs(), tmp_path / "with.recdesk", Choice(people=True))
    assert (tmp_path / "without.recdesk").read_bytes() == package.read_bytes()
    for name, edits in (("without", 0), ("with", 1)):
        other = Workspace(tmp_path / name)
        open_package(other, tmp_path / f"{name}.recdesk")
        assert len(load_edits(other.dataset_folder("chain"))) == edits
    assert (
        "the edits of histories in the file were not added" in open_package(target, tmp_path / "with.recdesk").notes[0]
    )


def test_keys_of_pseudonyms_stay_and_it_is_said(target: Workspace, tmp_path: Path, source: Workspace):
    mine = Workspace(tmp_path / "mine")
    shutil.copytree(source.folder, mine.folder, dirs_exist_ok=True)
    manifest = mine.folder / "datasets" / "chain" / "manifest.json"
    write_record(manifest, {**read_object(manifest), "rules": {"pseudonyms": "0123456789abcdef"}})
    (mine.keys).mkdir()
    (mine.keys / "0123456789abcdef.key").write_text("secret")
    written = pack(mine.runs(), tmp_path / "a.recdesk")
    assert written.notes == ["The user ids of “chain” are pseudonyms; their key stays here."]
    opened = open_package(target, tmp_path / "a.recdesk")
    assert "their key did not come with it" in opened.notes[0]
    assert not target.has_key("chain") and not target.keys.exists()


def test_files_that_recdesk_did_not_write_stay_and_are_named(package: Path, target: Workspace, tmp_path: Path):
    open_package(target, package)
    (target.run(RUN).folder / "model.pkl").write_bytes(b"\x80")
    written = pack(target.runs(), tmp_path / "a.recdesk")
    assert f"1 file that recdesk did not write is left out: {RUN}/model.pkl." in written.notes
    assert (tmp_path / "a.recdesk").read_bytes() == package.read_bytes()


def test_what_is_damaged_or_missing_or_at_work_is_not_packed(package: Path, target: Workspace, tmp_path: Path):
    open_package(target, package)
    out = tmp_path / "a.recdesk"
    model = target.run(RUN).folder / "checkpoints" / "best" / "model.safetensors"
    model.rename(model.with_suffix(".away"))
    with pytest.raises(DataError, match="is missing"):
        pack(target.runs(), out)
    model.with_suffix(".away").rename(model)
    items = target.folder / "datasets" / "chain" / "items.npy"
    items.write_bytes(items.read_bytes()[:-1] + b"\xff")
    with pytest.raises(DataError, match="“chain” is damaged"):
        pack(target.runs(), out)
    with pytest.raises(UsageError, match="There is no run to pack"):
        pack([], out)
    target.run_store.set_state(target.run(RUN), "running")
    with pytest.raises(UsageError, match="is running"):
        pack([Run.read(target.folder / "runs" / RUN)], out)
    assert not out.exists() and not list(tmp_path.glob("*.part"))


# what is no package, is hostile, or is cancelled


def refuse(target: Workspace, path: Path, match: str = "", kind: type[RecdeskError] = DataError) -> RecdeskError:
    """Open a package that cannot be; nothing of it is left."""
    before = content(target)
    with pytest.raises(kind, match=match) as caught:
        open_package(target, path)
    assert content(target) == before and not list((target.folder / "runs").glob(".*.part"))
    return caught.value


Change = Callable[[zipfile.ZipFile], None]


@pytest.fixture
def changed(package: Path, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Packs the package anew without some files, with others, with another list of contents."""

    def change(
        leave_out: tuple[str, ...] = (), add: dict[str, bytes] = NOTHING, contents: Callable[[dict], dict] | None = None
    ) -> Path:
        path = tmp_path / "changed.recdesk"
        with zipfile.ZipFile(package) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                if name in leave_out:
                    continue
                data = old.read(name)
                if name == "recdesk.json" and contents is not None:
                    (tmp_path / name).write_bytes(data)
                    values = contents(read_object(tmp_path / name))
                    write_record(tmp_path / name, values)
                    data = (tmp_path / name).read_bytes()
                new.writestr(name, data)
            for name, data in add.items():
                new.writestr(name, data)
        return path

    yield change


@settings(max_examples=20)
@given(data=st.data())
def test_a_turned_bit_is_found_or_does_no_harm(package: Path, source: Workspace, tmp_path_factory, data):
    whole = package.read_bytes()
    at = data.draw(st.integers(0, len(whole) * 8 - 1))
    turned = bytearray(whole)
    turned[at // 8] ^= 1 << at % 8
    folder = tmp_path_factory.mktemp("turned")
    (folder / "turned.recdesk").write_bytes(turned)
    target = Workspace(folder / "target")
    try:
        open_package(target, folder / "turned.recdesk")
    except DataError:
        assert content(target) == NOTHING
    else:  # a time or a permission in the zip file's own list
        assert content(target) == {k: v for k, v in content(source).items() if "checkpoints/last" not in k}


@settings(max_examples=8)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_cut_file_is_refused(package: Path, tmp_path_factory, share):
    whole = package.read_bytes()
    folder = tmp_path_factory.mktemp("cut")
    (folder / "cut.recdesk").write_bytes(whole[: int(len(whole) * share)])
    refuse(Workspace(folder / "target"), folder / "cut.recdesk", "cannot be opened")


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json", "../../x.json", "/etc/evil.json", "runs/../../evil.json", "C:/evil.json", "runs\\evil.json",
        "runs/nul.json", "runs/a/.hidden.json", "runs/a/model.pkl", "runs/a/lib.so", "runs/a", "a:b.json",
        f"runs/{RUN}/" + "d/" * 9 + "x.json", "runs//x.json", "runs/a./x.json",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_or_are_no_data_are_refused(changed, target: Workspace, tmp_path: Path, name):
    before = sorted(path.name for path in tmp_path.iterdir())
    refuse(target, changed(add={name: b"{}"}), "a name that no package has|no package of recdesk")
    assert sorted({*before, "changed.recdesk"}) == sorted(path.name for path in tmp_path.iterdir())


def test_a_file_too_many_too_few_or_twice_is_refused(changed, target: Workspace):
    refuse(target, changed(add={f"runs/{RUN}/extra.json": b"{}"}), "which is not in its list of contents")
    refuse(target, changed(leave_out=(f"runs/{RUN}/metrics.json",)), "it lacks “runs/.*/metrics.json”")
    refuse(target, changed(leave_out=("recdesk.json",)), "no list of contents")
    refuse(target, changed(add={f"runs/{RUN}/CONFIG.json": b"{}"}), "two files in it have the same name")


def test_links_and_encryption_are_refused(changed, target: Workspace):
    path = changed()
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo(f"runs/{RUN}/link.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    refuse(target, path, "a link or a device")


def test_a_list_of_contents_that_lies_is_refused(changed, target: Workspace):
    def with_values(**values) -> Callable[[dict], dict]:
        return lambda old: {**old, **values}

    newer = refuse(target, changed(contents=with_values(format=2)), "was packed by a newer recdesk")
    assert newer.suggestion == "Update recdesk, then try again."
    refuse(target, changed(contents=with_values(runs=[{"id": "../x", "dataset_hash": "0"}])), "list of contents is")
    refuse(target, changed(contents=lambda old: {**old, "runs": old["runs"] * 2}), "is missing")
    other = [{"folder": "chain", "title": "chain", "hash": "0" * 64, "packed": True}]
    refuse(target, changed(contents=with_values(datasets=other)), "which is not in its list of contents")

    def lie(old: dict) -> dict:
        name = f"runs/{RUN}/metrics.json"
        return {**old, "files": {**old["files"], name: {**old["files"][name], "sha256": "0" * 64}}}

    refuse(target, changed(contents=lie), "metrics.json” in it is damaged")


def test_bombs_are_refused_before_they_are_unpacked(changed, package: Path, target: Workspace, monkeypatch):
    monkeypatch.setattr(package_zip, "HARMLESS", 2**20)
    bomb = changed(add={f"runs/{RUN}/bomb.csv": bytes(2**27)})
    refuse(target, bomb, "would unpack to 0.1 GB, far more than such data does")
    monkeypatch.setattr(package_zip, "MOST_DIRECTORY_BYTES", 100)
    refuse(target, package)


def test_a_full_disk_is_said_before(package: Path, target: Workspace, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 10, 0))
    refuse(target, package, "has no room for", StorageError)


def test_what_is_no_package_gets_a_sentence(target: Workspace, tmp_path: Path):
    refuse(target, tmp_path / "none.recdesk", "is not there, or it is no ordinary file")
    (tmp_path / "folder.recdesk").mkdir()
    refuse(target, tmp_path / "folder.recdesk")
    (tmp_path / "text.recdesk").write_text("user,item\n1,2\n")
    refuse(target, tmp_path / "text.recdesk", "it is no package of recdesk")


def test_cancelling_leaves_nothing(source: Workspace, package: Path, target: Workspace, tmp_path: Path):
    def after(shares: int) -> Task:
        seen: list[float] = []
        return Task(lambda share, _text: seen.append(share), lambda: len(seen) > shares)

    for shares in range(0, 20, 6):
        before = content(target)
        with pytest.raises(CancelledError, match="The opening of the file was cancelled"):
            open_package(target, package, after(shares))
        assert content(target) == before
    out = tmp_path / "a.recdesk"
    out.write_text("before")
    with pytest.raises(CancelledError, match="The packing was cancelled"):
        pack(source.runs(), out, task=after(3))
    assert out.read_text() == "before"


def test_if_a_run_cannot_be_moved_the_data_is_taken_back(package: Path, target: Workspace, monkeypatch):
    from recdesk.workspace import unpacking

    move = unpacking.move

    def fails(source: Path, place: Path) -> None:
        if place.name == RUN:
            raise OSError(28, "No space left on device")
        move(source, place)

    monkeypatch.setattr(unpacking, "move", fails)
    refuse(target, package, "disk .* is full", StorageError)


def test_the_list_of_contents_names_every_file_with_size_and_checksum(package: Path):
    with zipfile.ZipFile(package) as archive:
        contents = json.loads(archive.read("recdesk.json"))
        assert set(contents["files"]) == set(archive.namelist()) - {"recdesk.json"}
        assert all(len(archive.read(name)) == each["size"] for name, each in contents["files"].items())
    assert contents["runs"] == [{"id": RUN, "dataset_hash": contents["datasets"][0]["hash"]}]
