import errno
import hashlib
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from huggingface_hub import constants

from recdesk.core.errors import CancelledError, DataError, RecdeskError, StorageError, UsageError
from recdesk.core.records import read_object
from recdesk.core.task import Task
from recdesk.text import hub
from recdesk.text.encoder import Encoder
from recdesk.text.hub import Offer, begun, download, downloaded, look_up
from tests.text.fake_hub import MODEL, SHA, WEIGHTS, FakeHub, serving, workers

NAME = "someone--small-bert@0123456789ab"
PARTIAL = ".partial-someone--small-bert-0123456789ab"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real small BERT, with what sentence-transformers adds and what else lies in repositories."""
    folder = tmp_path_factory.mktemp("source")
    Encoder.new(["红色的书", "a red book", "a blue lamp"], hidden=32, layers=1, most_tokens=32, folder=folder, seed=0)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    (folder / "modules.json").write_text('[{"type": "sentence_transformers.models.Normalize"}]')
    (folder / "README.md").write_text("# A model")
    return folder


@pytest.fixture
def files(source: Path) -> dict[str, bytes]:
    paths = (path for path in source.rglob("*") if path.is_file())
    return {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def fake(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with serving(files, monkeypatch) as server:
        yield server


def needed(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name not in ("README.md", "recdesk.json")}


def content(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_importing_asks_nothing_and_loads_neither_the_library_nor_torch():
    code = "import sys, recdesk.text.hub; sys.exit('huggingface_hub' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_size_is_known_before_anything_is_fetched(fake: FakeHub, files: dict[str, bytes]):
    offer = look_up(MODEL, endpoint=fake.address)
    assert (offer.model_id, offer.revision) == (MODEL, SHA)
    assert dict(offer.files) == {name: len(data) for name, data in needed(files).items()}
    assert "1_Pooling/config.json" in dict(offer.files)
    assert offer.bytes == sum(len(data) for data in needed(files).values())
    assert offer.sha256 == ((WEIGHTS, hashlib.sha256(files[WEIGHTS]).hexdigest()),)
    assert [path for path, _ in fake.requests] == [f"/api/models/{MODEL}?blobs=true"]


def test_no_token_and_no_report_of_the_machine_is_sent(
    fake: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, fake.address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)  # both as HF_ENDPOINT does
    monkeypatch.setattr(constants, "ENDPOINT", fake.address)
    download(look_up(MODEL, "main"), tmp_path)
    assert fake.requests[0][0] == f"/api/models/{MODEL}/revision/main?blobs=true"
    assert {path.split("/")[1] for path, _ in fake.requests} == {"api", "someone", "storage"}
    for path, headers in fake.requests:
        assert "authorization" not in headers, path
        assert headers["user-agent"].startswith("recdesk/")
        assert "torch" not in headers["user-agent"]
    assert capfd.readouterr() == ("", "")


def test_a_download_equals_its_source_byte_for_byte_and_can_be_used(
    fake: FakeHub, files: dict[str, bytes], source: Path, tmp_path: Path
):
    told: list[tuple[float, str]] = []
    offer = look_up(MODEL, endpoint=fake.address + "/")
    path = download(
        offer, tmp_path / "new" / "encoders", Task(lambda *step: told.append(step)), endpoint=fake.address + "/"
    )
    assert path == tmp_path / "new" / "encoders" / NAME
    found = content(path)
    found.pop("recdesk-source.json")
    written = read_object(path / "recdesk-source.json")
    assert written.pop("checksums") == {name: f"{zlib.crc32(data):08x}" for name, data in found.items()}
    assert found == needed(files)
    assert written == {"model_id": MODEL, "revision": SHA, "files": dict(offer.files)}
    assert names_in(path.parent) == [NAME]
    assert told[0][0] < 1
    assert told[-1] == (1.0, "Done")
    encoder = Encoder.load(path)
    assert (encoder.pooling, encoder.unit, encoder.width) == ("cls", True, 32)
    assert encoder.tokens(["a red book"]) == Encoder.load(source).tokens(["a red book"])
    assert not any(headers.get("range") for _, headers in fake.requests)


def test_progress_is_told_in_bytes(fake: FakeHub, files: dict[str, bytes], tmp_path: Path):
    half = len(files[WEIGHTS]) // 2
    fake.stall[WEIGHTS] = half
    offer = look_up(MODEL, endpoint=fake.address)
    before = sum(size for name, size in offer.files[: [name for name, _ in offer.files].index(WEIGHTS)])
    told: list[tuple[float, str]] = []

    def progress(fraction: float, sentence: str) -> None:
        told.append((fraction, sentence))
        if fraction == (before + half) / offer.bytes:
            fake.go_on.set()

    download(offer, tmp_path, Task(progress), endpoint=fake.address)
    assert ((before + half) / offer.bytes, f"Downloading {WEIGHTS} (0.1 MB)") in told
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)


def test_a_second_download_makes_no_request(fake: FakeHub, tmp_path: Path):
    offer = look_up(MODEL, endpoint=fake.address)
    path = download(offer, tmp_path, endpoint=fake.address)
    fake.requests.clear()
    assert download(offer, tmp_path, endpoint=fake.address) == path
    assert fake.requests == []


def test_a_cut_download_says_so_and_the_next_one_transfers_only_the_rest(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path
):
    half = len(files[WEIGHTS]) // 2
    fake.cut[WEIGHTS] = half
    offer = look_up(MODEL, endpoint=fake.address)
    with pytest.raises(DataError, match=r"connection broke.*goes on where it stopped") as caught:
        download(offer, tmp_path, endpoint=fake.address)
    assert WEIGHTS in caught.value.sentence
    assert names_in(tmp_path) == [PARTIAL]
    assert (tmp_path / PARTIAL / f"{WEIGHTS}.part").read_bytes() == files[WEIGHTS][:half]
    assert downloaded(tmp_path) == []
    assert begun(offer, tmp_path) == offer.bytes - (len(files[WEIGHTS]) - half)
    fake.cut.clear()
    first, fake.sent, fake.requests = fake.sent, {}, []
    path = download(offer, tmp_path, endpoint=fake.address)
    assert fake.sent[WEIGHTS] == len(files[WEIGHTS]) - half
    assert sum(first.values()) + sum(fake.sent.values()) == offer.bytes
    assert set(fake.sent) == {WEIGHTS}
    assert {headers.get("range") for path, headers in fake.requests if WEIGHTS in path} == {f"bytes={half}-"}
    assert content(path).items() >= needed(files).items()


def test_where_a_server_cannot_begin_in_the_middle_the_file_starts_anew(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path
):
    fake.cut[WEIGHTS] = 1000
    offer = look_up(MODEL, endpoint=fake.address)
    with pytest.raises(DataError):
        download(offer, tmp_path, endpoint=fake.address)
    fake.cut.clear()
    fake.ranges = False
    assert (download(offer, tmp_path, endpoint=fake.address) / WEIGHTS).read_bytes() == files[WEIGHTS]
    assert fake.sent[WEIGHTS] == 1000 + len(files[WEIGHTS])


def test_leftovers_longer_than_the_file_are_not_kept(fake: FakeHub, files: dict[str, bytes], tmp_path: Path):
    (tmp_path / PARTIAL).mkdir()
    (tmp_path / PARTIAL / "config.json.part").write_bytes(files["config.json"] + b"more")
    path = download(look_up(MODEL, endpoint=fake.address), tmp_path, endpoint=fake.address)
    assert (path / "config.json").read_bytes() == files["config.json"]


@pytest.mark.parametrize("place", ["in the middle of a file", "before the server answers"])
def test_cancelling_is_answered_within_a_second_though_the_server_is_silent(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path, place: str
):
    half = len(files[WEIGHTS]) // 2 if place == "in the middle of a file" else 0
    fake.stall[WEIGHTS] = half or -1
    offer = look_up(MODEL, endpoint=fake.address)
    before = sum(size for name, size in offer.files[: [name for name, _ in offer.files].index(WEIGHTS)])
    asked: list[float] = []
    done = [0.0]

    def cancelled() -> bool:
        if done[0] * offer.bytes >= before + half - 0.5:
            asked.append(time.monotonic())
        return bool(asked)

    with pytest.raises(CancelledError, match="download was cancelled"):
        download(
            offer, tmp_path, Task(lambda fraction, _: done.__setitem__(0, fraction), cancelled), endpoint=fake.address
        )
    assert time.monotonic() - asked[0] < 1
    assert names_in(tmp_path) == [PARTIAL]
    assert (tmp_path / PARTIAL / f"{WEIGHTS}.part").stat().st_size == half
    if half:  # the connection is ended from here
        for worker in workers():
            worker.join(2)
        assert workers() == []
    fake.stall.clear()  # for new requests
    fake.sent.clear()
    path = download(offer, tmp_path, endpoint=fake.address)
    assert fake.sent[WEIGHTS] == len(files[WEIGHTS]) - half
    assert (path / WEIGHTS).read_bytes() == files[WEIGHTS]


def test_cancelled_before_it_begins_asks_nothing(fake: FakeHub, tmp_path: Path):
    offer = look_up(MODEL, endpoint=fake.address)
    fake.requests.clear()
    with pytest.raises(CancelledError):
        download(offer, tmp_path, task=Task(cancelled=lambda: True), endpoint=fake.address)
    assert fake.requests == []


def test_wrong_bytes_are_found_by_their_checksum_and_fetched_anew(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path
):
    offer = look_up(MODEL, endpoint=fake.address)
    right, wrong = files[WEIGHTS], files[WEIGHTS][:-1] + bytes([files[WEIGHTS][-1] ^ 1])
    fake.models[MODEL] = {**files, WEIGHTS: wrong}
    with pytest.raises(DataError, match=r"“model.safetensors” arrived damaged: its checksum.*this file starts anew"):
        download(offer, tmp_path, endpoint=fake.address)
    assert not (tmp_path / NAME).exists()
    assert not list((tmp_path / PARTIAL).glob(f"{WEIGHTS}*"))
    fake.models[MODEL] = files
    fake.sent.clear()
    assert (download(offer, tmp_path, endpoint=fake.address) / WEIGHTS).read_bytes() == right
    assert fake.sent[WEIGHTS] == len(right)
    assert "config.json" not in fake.sent


def test_a_file_of_another_size_than_announced_is_refused_before_it_is_written(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path
):
    offer = look_up(MODEL, endpoint=fake.address)
    fake.answer = (200, {}, b"<html>Please log in</html>")
    with pytest.raises(DataError, match="has 26 bytes, but the hub announced"):
        download(offer, tmp_path, endpoint=fake.address)
    assert sum(map(len, content(tmp_path / PARTIAL).values())) == 0


def test_a_model_of_another_kind_is_refused(fake: FakeHub):
    fake.info["config"] = {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2"}
    with pytest.raises(DataError, match="kind “gpt2”, not a BERT"):
        look_up(MODEL, endpoint=fake.address)


def test_a_kind_that_shows_only_after_the_download_is_refused_and_deleted(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path
):
    fake.models[MODEL] = {**files, "config.json": b'{"model_type": "roberta"}'}
    fake.info["config"] = None
    with pytest.raises(DataError, match=r"“someone/small-bert” holds a model of the kind “roberta”.*deleted"):
        download(look_up(MODEL, endpoint=fake.address), tmp_path, endpoint=fake.address)
    assert names_in(tmp_path) == []


def test_weights_that_can_run_code_are_refused(fake: FakeHub, files: dict[str, bytes]):
    fake.models[MODEL] = {**files, "pytorch_model.bin": b"..."}
    assert "pytorch_model.bin" not in dict(look_up(MODEL, endpoint=fake.address).files)
    del fake.models[MODEL][WEIGHTS]
    with pytest.raises(DataError, match=r"only as pytorch_model\.bin.*run code"):
        look_up(MODEL, endpoint=fake.address)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["config.json", "vocab.txt"], "no weights"),
        (["config.json", WEIGHTS], "no tokenizer"),
        (["vocab.txt", WEIGHTS], "no config.json"),
    ],
)
def test_what_a_model_lacks_is_said(fake: FakeHub, names: list[str], sentence: str):
    fake.models[MODEL] = dict.fromkeys(names, b"{}")
    with pytest.raises(DataError, match=sentence):
        look_up(MODEL, endpoint=fake.address)


def test_weights_in_parts_come_with_their_index_unless_there_are_whole_ones(fake: FakeHub):
    parts = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", f"{WEIGHTS}.index.json"]
    others = ["onnx/model.onnx", "openvino/config.json", "tf_model.h5", "model.fp16.safetensors"]
    base = ["config.json", "vocab.txt"]
    fake.models[MODEL] = dict.fromkeys([*base, *parts, *others], b"{}")
    assert sorted(dict(look_up(MODEL, endpoint=fake.address).files)) == sorted([*base, *parts])
    fake.models[MODEL][WEIGHTS] = b"{}"
    assert sorted(dict(look_up(MODEL, endpoint=fake.address).files)) == sorted([*base, WEIGHTS])


@pytest.mark.parametrize(
    "model_id",
    ["", "a/b/c", "../evil", "a/..", "someone/", "/etc", "a--b/c", "a b", "https://huggingface.co/a/b", "书"],
)
def test_a_malformed_id_is_refused_without_a_request(fake: FakeHub, model_id: str, tmp_path: Path):
    with pytest.raises(UsageError, match="is not the name of a model"):
        look_up(model_id, endpoint=fake.address)
    with pytest.raises(UsageError, match="is not the name of a model"):
        download(Offer(model_id, SHA, ()), tmp_path, endpoint=fake.address)
    assert fake.requests == []


def test_what_the_hub_does_not_have_or_not_give_is_said(fake: FakeHub):
    with pytest.raises(UsageError, match="no public model “someone/private”"):
        look_up("someone/private", endpoint=fake.address)
    with pytest.raises(UsageError, match="no such revision"):
        look_up(MODEL, "no-branch", endpoint=fake.address)
    fake.info["gated"] = "manual"
    with pytest.raises(UsageError, match="agreed to its terms"):
        look_up(MODEL, endpoint=fake.address)


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        ((401, {}, b""), UsageError, "no public model"),
        ((403, {"X-Error-Code": "GatedRepo"}, b""), UsageError, "agreed to its terms"),
        ((429, {}, b""), DataError, "no more requests"),
        ((503, {}, b"busy"), DataError, "error 503"),
        ((200, {}, b"<html>Please log in</html>"), DataError, "does not speak as the hub does"),
        ((200, {}, b"[1]"), DataError, "does not speak as the hub does"),
    ],
)
def test_answers_that_are_none_become_sentences(
    fake: FakeHub, answer: tuple[int, dict[str, str], bytes], kind: type[RecdeskError], sentence: str
):
    fake.answer = answer
    with pytest.raises(kind, match=sentence):
        look_up(MODEL, endpoint=fake.address)


def test_without_a_network_a_sentence_says_so(fake: FakeHub, tmp_path: Path):
    offer = look_up(MODEL, endpoint=fake.address)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(DataError, match=f"{nowhere} cannot be reached"):
        look_up(MODEL, endpoint=nowhere)
    with pytest.raises(DataError, match="connection broke"):
        download(offer, tmp_path, endpoint=nowhere)
    assert not (tmp_path / NAME).exists()


def test_offline_mode_is_respected(fake: FakeHub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UsageError, match="HF_HUB_OFFLINE"):
        look_up(MODEL, endpoint=fake.address)
    assert fake.requests == []


@pytest.mark.parametrize("name", ["../evil.json", "/etc/evil.json", "1_Pooling/../../config.json", "..\\config.json"])
def test_names_that_lead_outside_the_folder_are_neither_asked_for_nor_written(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path, name: str
):
    fake.models[MODEL] = {**files, name: b"evil"}
    offer = look_up(MODEL, endpoint=fake.address)
    assert name not in dict(offer.files)
    fake.requests.clear()
    for evil in (replace(offer, files=(*offer.files, (name, 4))), replace(offer, revision="../../../evil")):
        with pytest.raises(DataError, match=r"is no file of an encoder|is not the hash"):
            download(evil, tmp_path / "encoders", endpoint=fake.address)
    assert fake.requests == []
    assert names_in(tmp_path) == []


def test_a_disk_that_is_too_small_is_said_before_anything_is_fetched(
    fake: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    offer = look_up(MODEL, endpoint=fake.address)
    fake.requests.clear()
    usage = shutil.disk_usage(tmp_path)._replace(free=10)
    monkeypatch.setattr(hub.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(StorageError, match=r"needs 0\.1 MB, but"):
        download(offer, tmp_path, endpoint=fake.address)
    assert fake.requests == []


def test_a_disk_that_fills_up_keeps_what_is_there(fake: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    offer = look_up(MODEL, endpoint=fake.address)

    def full(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(hub.os, "fsync", full)
        with pytest.raises(StorageError, match="full"):
            download(offer, tmp_path, endpoint=fake.address)
    first, fake.sent = fake.sent, {}
    assert list(first) == [offer.files[0][0]]
    download(offer, tmp_path, endpoint=fake.address)
    assert sum(first.values()) + sum(fake.sent.values()) == offer.bytes


def test_two_windows_do_not_download_the_same_at_once(fake: FakeHub, tmp_path: Path):
    offer = look_up(MODEL, endpoint=fake.address)
    with FileLock(tmp_path / f"{PARTIAL}.lock"), pytest.raises(UsageError, match="being downloaded already"):
        download(offer, tmp_path, endpoint=fake.address)
    assert download(offer, tmp_path, endpoint=fake.address).name == NAME


def test_what_is_in_the_way_stays(fake: FakeHub, tmp_path: Path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(StorageError, match="in the way"):
        download(look_up(MODEL, endpoint=fake.address), tmp_path, endpoint=fake.address)
    assert names_in(tmp_path) == [NAME]


@pytest.mark.parametrize("name", ["recdesk-source.json", "model.safetensors", "config.json"])
def test_a_damaged_download_is_replaced_when_it_is_asked_for_again(fake: FakeHub, tmp_path: Path, name: str):
    offer = look_up(MODEL, endpoint=fake.address)
    place = download(offer, tmp_path, endpoint=fake.address)
    whole = content(place)
    damaged = whole[name][:-9] + b"x" + whole[name][-8:]
    (place / name).write_bytes(damaged)
    with pytest.raises(CancelledError):
        download(offer, tmp_path, endpoint=fake.address, task=Task(cancelled=lambda: True))
    assert (place / name).read_bytes() == damaged  # kept until there is a better one
    assert download(offer, tmp_path, endpoint=fake.address) == place
    assert content(place) == whole
    assert names_in(tmp_path) == [NAME]


def test_whole_downloads_are_found_newest_first(fake: FakeHub, files: dict[str, bytes], tmp_path: Path):
    assert downloaded(tmp_path / "missing") == []
    fake.models["bert-tiny"] = files
    first = download(look_up(MODEL, endpoint=fake.address), tmp_path, endpoint=fake.address)
    os.utime(first / "recdesk-source.json", (1, 1))
    other = shutil.copytree(first, tmp_path / "by hand")  # not of the hub
    (other / "recdesk-source.json").unlink()
    shutil.copytree(first, tmp_path / PARTIAL)
    (shutil.copytree(first, tmp_path / "damaged") / "recdesk-source.json").write_text("[")
    fake.sha = "f" * 40
    second = download(look_up(MODEL, endpoint=fake.address), tmp_path, endpoint=fake.address)
    assert downloaded(tmp_path) == [(MODEL, "f" * 40, second), (MODEL, SHA, first)]


def test_the_command_says_the_size_and_asks_before_it_downloads(
    fake: FakeHub, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from typer.testing import CliRunner

    from recdesk.__main__ import app

    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, fake.address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "ENDPOINT", fake.address)
    command = ["encoder", MODEL, "--workspace", str(tmp_path / "ws")]
    refused = CliRunner().invoke(app, command, input="n\n")
    size = sum(len(data) for data in needed(files).values())
    assert refused.exit_code == 1
    assert f"{MODEL}, revision {SHA[:12]}: {size / 2**20:,.0f} MB." in refused.stdout
    assert "Download it?" in refused.output
    assert [path.split("/")[1] for path, _ in fake.requests] == ["api"]
    assert not (tmp_path / "ws" / "encoders").exists()
    taken = CliRunner().invoke(app, command, input="y\n")
    assert taken.exit_code == 0, taken.output
    assert [name for name, *_ in downloaded(tmp_path / "ws" / "encoders")] == [MODEL]
