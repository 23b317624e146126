"""Sending a run as it recommends: its model and its data, each once by content."""

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from recdesk.cluster.connection import Connection
from recdesk.cluster.shipping import BESIDE, check_encoder, check_room, ship_encoder, trained_on
from recdesk.cluster.storage import Storage, model_name, newer_name, version_name
from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.records import write_record
from recdesk.core.task import UNWATCHED, Task
from recdesk.experiment.run_data import NO_DATASET
from recdesk.experiment.sharded_export import Facts, process_memory
from recdesk.experiment.warm_start import text_paths_of
from recdesk.recommend.shards import sha256_of
from recdesk.training.config import TextSourceConfig
from recdesk.workspace.package_format import MODEL_PARTS, dataset_files, run_files
from recdesk.workspace.run_dataset import stored_dataset
from recdesk.workspace.runs import ADDED_ITEMS, CONFIG, MODEL, RUN_FILE, Run, read_run_record


@dataclass(frozen=True)
class SentModel:
    """What is sent of a run.

    Attributes:
        run: of this computer.
        newest: content hash of a newer version of its dataset; "" where there is none.
        encoder: that it names and needs; "" for none.
        storage: where to.
        name: of its folder there.
    """

    run: Run
    newest: str
    encoder: str
    storage: Storage
    name: str

    @property
    def memory(self) -> int:
        """Bytes that a process takes to recommend with it, about."""
        _, facts = stored_dataset(self.run, *NO_DATASET)
        return process_memory(self.run, facts["items"], facts["users"])

    @property
    def data(self) -> dict[str, dict[str, Path]]:
        """Files by name of each folder of data in the storage."""
        found = {version_name(self.run.dataset_hash): trained_on(self.run)}
        if self.newest:
            newest = self.run.workspace / "datasets" / self.run.dataset_name
            found[newer_name(self.newest)] = dict(dataset_files(newest, with_people=False, left_out=[]))
        return found


def sent_model(run: Run, facts: Facts, storage: Storage, reads_wishes: bool) -> SentModel:
    """What is to be sent of a run.

    Args:
        run: with a model.
        facts: what its scores follow from, see `ShardJob`.
        storage: where to.
        reads_wishes: whether wishes in words are answered, which needs the text encoder.
    """
    newest = dict(facts)["newest_dataset"]
    newest = "" if newest == run.dataset_hash else newest
    digest = hashlib.sha256(json.dumps([run.id, facts]).encode())
    for name, path in _files(run).items():
        if name != MODEL:  # it is among the facts
            digest.update(f"{name} {sha256_of(path)}\n".encode())
    encoder = _named_encoder(run) if reads_wishes or run.has_added_items else ""
    return SentModel(run, newest, encoder, storage, model_name(run.id, digest.hexdigest()))


def check_sendable(sent: SentModel, connection: Connection, cpus: int) -> None:
    """Check that a cluster can recommend with a run, in processes with so many CPUs.

    Raises:
        RecdeskError: it cannot, with the reason.
    """
    connection.require_usable()
    for note in connection.differing():
        if note.values["name"] == "torch":
            raise UsageError(note, Message("cluster.same-torch"))
    if cpus > connection.most_cpus:
        raise UsageError(
            Message("cluster.too-many-cpus", count=cpus, most=connection.most_cpus), Message("cluster.fewer-cpus")
        )
    check_encoder(sent.run, sent.encoder, connection)
    memory = sent.memory
    if connection.most_memory and memory > connection.most_memory:
        raise UsageError(
            Message("cluster.export-memory-short", needed=memory / 1e9, there=connection.most_memory / 1e9),
            Message("cluster.export-here"),
        )
    check_room(sent.storage, {**sent.data, sent.name: _files(sent.run)}, BESIDE)


def ship_model(sent: SentModel, task: Task = UNWATCHED) -> list[str]:
    """Bring a run as it recommends, and its data, into a storage, each unless it is there; the names of these folders.

    Raises:
        StorageError: there is no room, or the storage cannot be written.
        CancelledError: it was cancelled.
    """
    store, data = sent.storage.store, sent.data
    store.check()
    for number, (name, files) in enumerate(data.items()):
        store.put_folder(name, files, task.part(0.7 * number / len(data), 0.7 * (number + 1) / len(data)))
    encoder = ship_encoder(sent.run, sent.encoder, sent.storage, task.part(0.7, 0.8))
    with tempfile.TemporaryDirectory() as made:
        record = Path(made) / RUN_FILE
        write_record(record, _record(sent))
        store.put_folder(sent.name, {**_files(sent.run), RUN_FILE: record}, task.part(0.8, 1.0))
    return [sent.name, *data, *([encoder] if encoder else [])]


def _record(sent: SentModel) -> dict[str, object]:
    """`run.json` as the cluster reads it: its dataset is called by the content of the newest version, so that this is
    found where a workspace has the newest one."""
    about = read_run_record(sent.run.folder)
    has = [name for name in (MODEL, ADDED_ITEMS) if name in about.get("has", ())]
    name = (sent.newest or sent.run.dataset_hash)[:32]
    return {**about, "dataset": name, "has": has, "cluster": None}


def _files(run: Run) -> dict[str, Path]:
    """Files by name that recommending needs of a run, but for `run.json`."""
    found: dict[str, Path] = {}
    for name, path in run_files(run, with_model=True, left_out=[]):
        part = name.partition("/")[0]
        learned = part in MODEL_PARTS and (part != "checkpoints" or name.startswith("checkpoints/best/"))
        if learned or name in (CONFIG, text_paths_of(run).facts.name):
            found[name] = path
    return found


def _named_encoder(run: Run) -> str:
    """The text encoder that a trained run names; "" where it has its own, or reads no texts."""
    if not isinstance(run.config, TextSourceConfig) or not text_paths_of(run).facts.exists():
        return ""
    from recdesk.text.text_side import read_facts

    facts = read_facts(text_paths_of(run))
    return "" if facts["own"] else str(facts["wanted"])
