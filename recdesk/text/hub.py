"""Download of text encoders from the Hugging Face hub, on request only.

`look_up` says what would come and how large it is, `download` fetches it. Files come over plain HTTP, so that progress
is counted in bytes, a cut download goes on where it stopped, and a cancelled one stops at once.
"""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from recdesk import __version__
from recdesk.core.errors import CancelledError, DataError, RecdeskError, StorageError, UsageError
from recdesk.core.files import PRIVATE_FILE, make_folder, move, sync_folder, sync_tree
from recdesk.core.messages import Message
from recdesk.core.records import Record, checksums, read_record, write_record
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import part_prefix
from recdesk.text.folders import AGAIN, FILES, SOURCE, TOKENIZERS, WEIGHTS, check_folder, check_parts
from recdesk.text.hub_refusals import GO_ON, asking, gated, silence

Progress = Callable[[float, str], None]

TIMEOUT = 10.0
"""Seconds without a byte after which a connection counts as broken."""
POLL = 0.1
"""Seconds between two checks whether it was cancelled."""

_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors", re.ASCII)
_PART = r"(?![.-])[\w.-]{1,96}(?<![.-])"
_MODEL_ID = re.compile(f"(?:{_PART}/)?{_PART}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class _Source(Record):
    model_id: str
    revision: str


@dataclass(frozen=True)
class Offer:
    """Description of a download.

    Attributes:
        model_id: “owner/name” or “name”.
        revision: full commit hash, so that nothing changes between `look_up` and `download`.
        files: (name, size in bytes).
        sha256: (name, SHA-256) of the files stored with LFS, which are the large ones.
    """

    model_id: str
    revision: str
    files: tuple[tuple[str, int], ...]
    sha256: tuple[tuple[str, str], ...] = ()

    @property
    def bytes(self) -> int:
        """Total size."""
        return sum(size for _, size in self.files)


def look_up(model_id: str, revision: str | None = None, endpoint: str | None = None) -> Offer:
    """Ask the hub for the files of a model and their sizes; nothing is downloaded.

    Args:
        model_id: “owner/name” or “name”.
        revision: branch, tag or commit; the default branch by default.
        endpoint: URL of the hub; `HF_ENDPOINT` or huggingface.co by default.

    Raises:
        UsageError: the id is malformed, or there is no such public model or revision.
        DataError: it is no BERT with safetensors weights and a tokenizer, or the hub does not answer.
    """
    _check_id(model_id)
    silence()
    from huggingface_hub import HfApi

    endpoint = endpoint.rstrip("/") if endpoint else None
    hub = HfApi(endpoint, token=False, library_name="recdesk", library_version=__version__)
    with asking(model_id, Message("hub.unreachable", address=hub.endpoint)):
        try:
            return _offer(model_id, hub.model_info(model_id, revision=revision, files_metadata=True, timeout=TIMEOUT))
        except (ValueError, KeyError, TypeError, AttributeError) as error:  # as a network's login page is
            raise DataError(
                Message("hub.not-the-hub", address=hub.endpoint),
                Message("hub.check-login-and-endpoint"),
                repr(error),
            ) from error


def download(
    offer: Offer,
    folder: Path,
    task: Task = UNWATCHED,
    endpoint: str | None = None,
) -> Path:
    """Download an offer to `folder`/owner--name@revision, which appears complete or not at all.

    Args:
        offer: of `look_up`.
        folder: for encoders; made when missing. What a cut or cancelled download brought stays in it, hidden, and the
            next one goes on from there.
        task: gets the share of bytes that are done; checked ten times a second.
        endpoint: URL of the hub; `HF_ENDPOINT` or huggingface.co by default.

    Returns:
        The encoder's folder. If it exists and is undamaged, no request is made; a damaged one is replaced.

    Raises:
        DataError: the hub refuses, a file differs from the offer, or the connection broke.
        StorageError: the folder cannot be written, or the disk is full.
        UsageError: another process is downloading it.
        CancelledError: it was cancelled.
    """
    _check_id(offer.model_id)
    _check_files(offer)
    final = folder / f"{offer.model_id.replace('/', '--')}@{offer.revision[:12]}"
    partial = _partial(offer, folder)
    if _is_whole(final):
        return final
    if final.exists() and not (final / SOURCE).is_file():
        raise StorageError(Message("hub.path-in-way", path=final), Message("hub.move-it-elsewhere"))
    with explained(partial):
        make_folder(partial)
    with _alone(partial.with_name(f"{partial.name}.lock"), offer.model_id):
        if not _is_whole(final):  # else another process has finished it meanwhile
            _check_space(offer, folder)
            _transfer(offer, partial, task.named(Message("job.download")), endpoint.rstrip("/") if endpoint else None)
            _finish(offer, partial, final)
    task.report(1.0, Message("word.done"))
    return final


def downloaded(folder: Path, damaged: list[RecdeskError] | None = None, only: str = "") -> list[tuple[str, str, Path]]:
    """(model id, revision, folder) of completed downloads, newest first; of one model if `only` is its id. Damaged
    ones are left out, and their errors appended to `damaged`."""
    found = []
    for path in folder.glob(f"{only.replace('/', '--')}@*/" if only else "[!.]*/"):
        if not (path / SOURCE).exists():
            continue
        try:
            source = read_record(path / SOURCE, _Source, AGAIN)
            found.append(((path / SOURCE).stat().st_mtime_ns, source["model_id"], source["revision"], path))
        except OSError:
            continue
        except RecdeskError as error:
            if damaged is not None:
                damaged.append(error)
    return [(model_id, revision, path) for _, model_id, revision, path in sorted(found, reverse=True)]


def begun(offer: Offer, folder: Path) -> int:
    """Bytes of an offer that an earlier download left in a folder."""
    partial = _partial(offer, folder)
    with explained(partial):
        return sum(file.stat().st_size for file in partial.rglob("*") if file.is_file())


def _is_whole(final: Path) -> bool:
    """Whether a download is complete and undamaged."""
    try:
        read_record(final / SOURCE, _Source, AGAIN)
        check_folder(final)
        check_parts(final)
    except DataError:
        return False
    return True


def _partial(offer: Offer, folder: Path) -> Path:
    """Folder of an unfinished download."""
    return folder / f".partial-{offer.model_id.replace('/', '--')}-{offer.revision[:12]}"


def _offer(model_id: str, info: Any) -> Offer:
    """Choose the files to download; raises UsageError or DataError if the model cannot be used."""
    if info.gated:
        raise gated(model_id)
    kind = (info.config or {}).get("model_type") or "bert"  # where the hub does not know, it shows after the download
    if kind != "bert":
        raise DataError(
            Message("hub.not-bert", name=model_id, kind=kind),
            Message("encoder.choose-bert-example"),
        )
    names = {file.rfilename for file in info.siblings or []}
    _check_complete(model_id, names)
    if WEIGHTS[0] in names:  # then the same weights in parts are not needed
        names = {name for name in names if name != WEIGHTS[1] and not _SHARD.fullmatch(name)}
    files = [file for file in info.siblings if file.rfilename in names and _is_wanted(file.rfilename)]
    files.sort(key=lambda file: file.size or 0)  # what fails shall fail before the weights
    sums = tuple((file.rfilename, file.lfs.sha256) for file in files if file.lfs)
    offer = Offer(model_id, str(info.sha), tuple((file.rfilename, file.size) for file in files), sums)
    _check_files(offer)
    return offer


def _check_complete(model_id: str, names: set[str]) -> None:
    """Check that there are config, weights and tokenizer."""
    if "config.json" not in names:
        raise DataError(Message("encoder.no-config", folder=model_id), Message("hub.choose-bert"))
    if not names.intersection(WEIGHTS):
        if any(re.fullmatch(r"pytorch_model.*\.bin", name) for name in names):
            raise DataError(
                Message("hub.unsafe-weights", name=model_id),
                Message("hub.choose-safetensors"),
            )
        raise DataError(Message("encoder.no-weights", folder=model_id), Message("hub.choose-another"))
    if not names.intersection(TOKENIZERS):
        raise DataError(Message("encoder.no-tokenizer", folder=model_id), Message("hub.choose-another"))


def _is_wanted(name: str) -> bool:
    return name in FILES or _SHARD.fullmatch(name) is not None


def _check_id(model_id: str) -> None:
    """Check an id by the hub's rules, which also rule out paths that lead elsewhere."""
    if not _MODEL_ID.fullmatch(model_id) or "--" in model_id or ".." in model_id or model_id.endswith(".git"):
        raise UsageError(Message("hub.bad-model-name", name=model_id), Message("hub.give-owner-and-name"))


def _check_files(offer: Offer) -> None:
    """Check that no name in an offer leads outside its folder, and that sizes are known."""
    if not _COMMIT.fullmatch(offer.revision):
        raise DataError(Message("hub.not-a-commit", revision=offer.revision), Message("hub.look-up-again"))
    for name, size in offer.files:
        if not _is_wanted(name):
            raise DataError(Message("hub.file-unwanted", name=name), Message("hub.look-up-again"))
        if not isinstance(size, int) or size < 0:
            raise DataError(Message("hub.size-unknown", name=name), Message("hub.look-up-again"))


@contextlib.contextmanager
def _alone(path: Path, model_id: str) -> Iterator[None]:
    """Lock a download; raises UsageError if another process has the lock."""
    lock = FileLock(path, mode=PRIVATE_FILE)
    with explained(path):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise UsageError(
                Message("hub.download-running", name=model_id), Message("hub.wait-for-download")
            ) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows removes it at the release
            path.unlink(missing_ok=True)
        lock.release()


def _check_space(offer: Offer, folder: Path) -> None:
    missing = offer.bytes - begun(offer, folder)
    with explained(folder):
        free = shutil.disk_usage(folder).free
    if missing > free:
        sentence = Message(
            "hub.disk-space-short", name=offer.model_id, needed=_size(missing), folder=folder, free=_size(free)
        )
        raise StorageError(sentence, Message("hub.free-space"))


def _transfer(offer: Offer, partial: Path, task: Task, endpoint: str | None) -> None:
    """Fetch in a thread of its own: a silent server must not keep a person waiting who cancels."""
    task.check()
    silence()
    transfer = _Transfer(offer, partial, endpoint)
    thread = threading.Thread(target=transfer.run, name=f"download of {offer.model_id}", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            task.step(transfer.done / max(offer.bytes, 1), transfer.doing)
            thread.join(POLL)
    finally:
        transfer.stop()
    if transfer.error is not None:
        raise transfer.error


def _finish(offer: Offer, partial: Path, final: Path) -> None:
    """Check the downloaded files, record their checksums and move them to their final folder."""
    try:
        check_folder(partial)
    except DataError as error:
        shutil.rmtree(partial, ignore_errors=True)  # these files are as the hub has them: they cannot get better
        sentence = error.sentence.replace(str(partial), offer.model_id)
        raise DataError(
            Message("hub.deleted-again", error=sentence), Message("hub.choose-another"), error.details
        ) from error
    with explained(final):
        source = {
            "model_id": offer.model_id, "revision": offer.revision, "files": dict(offer.files),
            "checksums": checksums(partial, without=[SOURCE]),
        }  # fmt: skip
        write_record(partial / SOURCE, source)
        sync_tree(partial)
        if (final / SOURCE).is_file():  # it is damaged; what is left of it when it cannot be deleted is tidied up
            aside = final.with_name(f"{part_prefix(final.name)}{secrets.token_hex(4)}.part")
            move(final, aside)
            shutil.rmtree(aside, ignore_errors=True)
        move(partial, final)
        sync_folder(final.parent)


class _Transfer:
    """The files of an offer on their way into a folder; one that is not whole and checked yet ends in .part."""

    def __init__(self, offer: Offer, folder: Path, endpoint: str | None) -> None:
        self.offer, self.folder, self.endpoint, self._sums = offer, folder, endpoint, dict(offer.sha256)
        self.done, self.doing = 0, Message("word.connecting")  # bytes that are here, and a word for a person
        self.error: Exception | None = None
        self._writing, self._stopped = threading.Lock(), False
        self._socket: socket.socket | None = None

    def run(self) -> None:
        """Bring all files; never raises."""
        try:
            before = 0
            for name, size in self.offer.files:
                self._bring(name, size, before)
                self.done = before = before + size
        except Exception as error:  # whatever it is, the thread that waits for this one shall have it
            self.error = error

    def stop(self) -> None:
        """From another thread: nothing is written after this returns."""
        with self._writing:
            self._stopped = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it is closed already
                self._socket.shutdown(socket.SHUT_RDWR)

    def _go_on(self) -> None:
        if self._stopped:
            raise CancelledError(Message("job.download"))

    def _bring(self, name: str, size: int, before: int) -> None:
        path = self.folder / name
        if path.is_file():
            return
        part = path.with_name(f"{path.name}.part")
        with explained(part):
            make_folder(part.parent)
            part.touch(PRIVATE_FILE)
            here = part.stat().st_size
        self.done = before + min(here, size)
        if here != size:
            self._fetch(name, part, size, here if here < size else 0, before)
        self._check(name, part)
        with self._writing, explained(path):
            self._go_on()
            move(part, path)

    def _fetch(self, name: str, part: Path, size: int, begin: int, before: int) -> None:
        """Append what is missing."""
        self.doing = Message("hub.downloading", name=name, size=_size(size))
        here = begin
        with contextlib.closing(self._pieces(name, size, begin)) as pieces, explained(part), part.open("r+b") as file:
            for position, piece in pieces:
                here = position + len(piece)
                if here > size:
                    break
                with self._writing:
                    self._go_on()
                    file.seek(position)
                    file.truncate()
                    file.write(piece)
                    file.flush()  # nothing may be left for when it is closed
                self.done = before + here
        self._socket = None  # others may use this connection now
        if here > size:
            raise self._spoilt(name, part, f"more than {size:,} bytes came")
        if here < size:
            raise DataError(Message("hub.connection-broke-after", received=here, total=size, name=name), GO_ON)

    def _pieces(self, name: str, size: int, begin: int) -> Generator[tuple[int, bytes]]:
        """A file's bytes from `begin`, or from 0 where the server cannot begin there, with the place of each piece."""
        from huggingface_hub import get_session, hf_hub_url, hf_raise_for_status

        # Packed bytes would have other places than those of the file
        headers = {"user-agent": f"recdesk/{__version__}", "accept-encoding": "identity"}
        if begin:
            headers["range"] = f"bytes={begin}-"
        url = hf_hub_url(self.offer.model_id, name, revision=self.offer.revision, endpoint=self.endpoint)
        with (
            asking(self.offer.model_id, Message("hub.connection-broke", name=name)),
            get_session().stream("GET", url, headers=headers, timeout=TIMEOUT) as response,
        ):
            hf_raise_for_status(response)
            self._socket = response.extensions["network_stream"].get_extra_info("socket")
            position = begin if response.status_code == 206 else 0
            self._check_answer(name, response.headers, position, size)
            for piece in response.iter_bytes():
                self._go_on()
                yield position, piece
                position += len(piece)

    def _check_answer(self, name: str, headers: Any, position: int, size: int) -> None:
        """Before a byte is written: is this the file that was offered, from the place that was asked for?"""
        if position and not headers.get("content-range", "").startswith(f"bytes {position}-"):
            raise DataError(Message("hub.wrong-part", name=name), Message("hub.try-later"))
        length = headers.get("content-length")
        if length is not None and "content-encoding" not in headers and position + int(length) != size:
            found = position + int(length)
            raise DataError(Message("hub.size-differs", name=name, size=found, expected=size), Message("hub.try-later"))

    def _check(self, name: str, part: Path) -> None:
        """Make sure that a file is on the disk, with the bytes that the hub has."""
        expected, digest = self._sums.get(name), hashlib.sha256()
        with explained(part), part.open("r+b") as file:
            os.fsync(file.fileno())
            if expected is None:
                return
            self.doing = Message("hub.checking", name=name)
            while piece := file.read(1 << 20):
                self._go_on()
                digest.update(piece)
        if digest.hexdigest() != expected:
            raise self._spoilt(name, part, "its checksum is not the one that the hub announced")

    def _spoilt(self, name: str, part: Path, why: str) -> DataError:
        """Without the file: what is wrong must not be gone on with."""
        part.unlink(missing_ok=True)
        return DataError(Message("hub.file-damaged", name=name, reason=why), Message("hub.try-file-anew"))


def _size(count: float) -> str:
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{max(count / 2**20, 0.1):.1f} MB"
