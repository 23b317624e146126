"""Sending a run to a storage: what cannot be sent is said before, data travel once."""

from collections.abc import Mapping
from pathlib import Path

from recdesk.cluster.connection import Connection
from recdesk.cluster.storage import Storage, version_name
from recdesk.cluster.store import files_of
from recdesk.core.errors import StorageError, UsageError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.experiment.run_data import NO_DATASET, dataset_of
from recdesk.experiment.run_workers import workers_of
from recdesk.experiment.warm_start import copy_start, start_of, text_paths_of
from recdesk.text.sources import find_source, packaged_folder
from recdesk.training.config import TextConfig, TextSourceConfig
from recdesk.training.plan import estimate
from recdesk.workspace.package_format import dataset_files
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_dataset import stored_dataset
from recdesk.workspace.runs import Run

BESIDE = 100_000_000
"""Bytes that a run writes beside its data and checkpoints."""
CHECKPOINTS = 3
"""Copies of weights and of what the optimiser remembers that a run keeps at once, of 12 bytes a weight."""


def check_shippable(run: Run, connection: Connection) -> None:
    """Check that a run can be trained on a cluster.

    Raises:
        RecdeskError: it cannot, with the reason.
    """
    cluster, config = connection.cluster, run.config
    connection.require_usable()
    wanted = run.cluster.cpus if run.cluster is not None else 0
    if wanted > connection.most_cpus:
        raise UsageError(
            Message("cluster.too-many-cpus", count=wanted, most=connection.most_cpus), Message("cluster.fewer-cpus")
        )
    count = workers_of(config)
    if max(wanted, 1) * count > connection.cpus:
        raise UsageError(
            Message("cluster.too-many-workers", wanted=max(wanted, 1) * count, there=connection.cpus),
            Message("cluster.fewer-workers"),
        )
    if config.device == "cuda" and 0 < connection.gpus < count:
        raise UsageError(
            Message("cluster.workers-without-gpu", count=count, there=connection.gpus),
            Message("cluster.fewer-workers"),
        )
    if config.device == "cuda" and not connection.gpus:
        raise UsageError(Message("cluster.no-gpu", host=cluster.host), Message("cluster.device-auto"))
    check_encoder(run, _wanted_encoder(run), connection)
    _, facts = stored_dataset(run, *NO_DATASET)
    predictions = max(facts["interactions"] - facts["users"], 1)
    plan = estimate(config, predictions, facts["users"], facts["items"])
    if connection.most_memory and plan.memory > connection.most_memory:
        raise UsageError(
            Message("cluster.memory-short", needed=plan.memory / 1e9, there=connection.most_memory / 1e9),
            Message("cluster.smaller-or-larger"),
        )
    data = {version_name(run.dataset_hash): trained_on(run)}
    check_room(Storage(cluster.storage), data, CHECKPOINTS * 12 * plan.weights + BESIDE)


def _wanted_encoder(run: Run) -> str:
    """The encoder that must be found where a run is trained; "" where the run brings its own, or reads no texts."""
    config = run.config
    if not isinstance(config, TextSourceConfig):
        return ""
    if not isinstance(config, TextConfig) or not config.start_from:
        return config.encoder
    from recdesk.text.text_side import read_facts

    facts = read_facts(start_of(run.folder.parent, config).text_paths)
    return "" if facts["own"] else str(facts["wanted"])


def check_encoder(run: Run, wanted: str, connection: Connection) -> None:
    """Check that a cluster has, or can be sent, the text encoder that a run names; "" for none.

    Raises:
        RecdeskError: it has not, or it is not on this computer.
    """
    storage = Storage(connection.cluster.storage)
    if wanted in ("auto", "packaged"):
        here = packaged_folder() is not None
        for node in connection.nodes:
            if node.packaged != here:
                raise UsageError(
                    Message("cluster.packaged-differs", node=node.name), Message("cluster.packaged-advice")
                )
    source = find_source(wanted, run.workspace / "encoders") if wanted else None
    if source is not None and source.origin == "folder" and source.folder is not None:
        shared = storage.store.folder
        inside = shared is not None and source.folder.resolve().is_relative_to(shared.resolve())
        if not inside or not Path(wanted).expanduser().is_absolute():
            advice = Message("cluster.copy-encoder", storage=storage.address)
            raise UsageError(
                Message("cluster.encoder-elsewhere", folder=wanted, storage=storage.address),
                Message("cluster.encoder-of-hub") if shared is None else advice,
            )


def check_room(storage: Storage, data: Mapping[str, Mapping[str, Path]], beside: int) -> None:
    """Check that a storage can be written, and has room.

    Args:
        storage: where to.
        data: files by name of each folder to send; those that are there already need no room.
        beside: bytes needed beside them.

    Raises:
        StorageError: it cannot be written, or has too little room.
        DataError: it is a workspace.
    """
    storage.store.check()
    free = storage.store.free()
    if free is None:
        return
    new = [files for name, files in data.items() if not storage.store.has(name)]
    needed = sum(path.stat().st_size for files in new for path in files.values()) + beside
    if needed > free:
        raise StorageError(
            Message("cluster.storage-full", storage=storage.address, needed=needed / 1e9, free=free / 1e9),
            Message("disk.free-space"),
        )


def trained_on(run: Run) -> dict[str, Path]:
    """Files by name of the dataset that a run was trained on."""
    folder, _ = stored_dataset(run, *NO_DATASET)
    return dict(dataset_files(folder, with_people=False, left_out=[]))


def ship(run: Run, cluster: ClusterRecord, task: Task = UNWATCHED) -> None:
    """Bring a run and what it needs into the storage, each unless it is there: the data, an encoder from the hub, the
    run's folder with its log.

    Raises:
        StorageError: there is no room, or the storage cannot be written.
        CancelledError: it was cancelled.
    """
    storage = Storage(cluster.storage)
    storage.store.check()
    storage.store.put_folder(version_name(run.dataset_hash), trained_on(run), task.part(0.0, 0.8))
    ship_encoder(run, _wanted_encoder(run), storage, task.part(0.8, 0.9))
    _copy_start(run)
    storage.run(run.id).send(run.folder, task.part(0.9, 1.0))


def brought_with(run: Run) -> list[str]:
    """Folders of a storage that training a run needs beside it."""
    _, name = _encoder_folder(run, _wanted_encoder(run))
    return [name] if name else []


def _copy_start(run: Run) -> None:
    """Copy what a run needs of the run that it starts from into its own folder, which then travels."""
    config, text_paths = run.config, text_paths_of(run)
    if isinstance(config, TextConfig) and config.start_from and not text_paths.facts.exists():
        copy_start(start_of(run.folder.parent, config), text_paths, dataset_of(run), config.template)


def ship_encoder(run: Run, wanted: str, storage: Storage, task: Task = UNWATCHED) -> str:
    """Bring a text encoder that was downloaded from the hub into a storage; others are there, or are trained there.

    Args:
        run: that reads it.
        wanted: the encoder that it names; "" for none.
        storage: where to.
        task: gets progress; may cancel.

    Returns:
        Name of its folder in the storage; "" where none was to be brought.
    """
    folder, name = _encoder_folder(run, wanted)
    if folder is not None:
        storage.store.put_folder(name, files_of(folder), task)
    return name


def _encoder_folder(run: Run, wanted: str) -> tuple[Path | None, str]:
    """Folder of an encoder from the hub here and in a storage; None and "" for others."""
    downloads = run.workspace / "encoders"
    source = find_source(wanted, downloads) if wanted else None
    if source is None or source.origin != "hub" or source.folder is None:
        return None, ""
    return source.folder, f"encoders/{source.folder.relative_to(downloads).as_posix()}"
