"""Runs on a cluster: options that say where, a test of the connection, and what the cluster itself calls."""

from typing import Annotated, Any

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, speaking
from recdesk.cli.console import Output, watched
from recdesk.cli.progress import event_progress, stopping
from recdesk.cluster.connection import Connection, connection_to
from recdesk.cluster.place import place_of
from recdesk.cluster.watching import watch
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.monitor import events
from recdesk.monitor.control import Control
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import Run

OnOption = Annotated[
    str,
    typer.Option(
        "--on",
        help="Train on a Ray cluster: the address of its job server, such as http://head:8265.",
        metavar="ADDRESS",
    ),
]
StorageOption = Annotated[
    str,
    typer.Option(
        "--storage",
        help="With --on: a folder or object store (s3://bucket/folder) that both sides reach.",
        metavar="STORAGE",
    ),
]
CpusOption = Annotated[
    int, typer.Option("--cpus", min=0, help="With --on: CPUs of the run; 0 for those of a machine, at most 16.")
]
WaitOption = Annotated[
    bool, typer.Option("--wait/--no-wait", help="With --on: whether to wait for the end; “recdesk resume” does later.")
]

HereOption = Annotated[
    bool, typer.Option("--here", help="Fetch a run of a cluster from its storage, and train it on this computer.")
]


def cluster_of(on: str, storage: str, cpus: int) -> ClusterRecord | None:
    """The cluster that options name; None for this computer.

    Raises:
        UsageError: one is given without the other, or is none.
    """
    if not on:
        if storage or cpus:
            raise UsageError(Message("cluster.storage-alone"), Message("cluster.name-both"))
        return None
    return place_of(on, storage, cpus)


@app.command("cluster")
def cluster_command(
    address: Annotated[str, typer.Argument(help="Of the job server of a Ray head, such as http://head:8265.")],
    storage: Annotated[
        str,
        typer.Option(help="A folder or object store (s3://bucket/folder) that both sides reach.", metavar="STORAGE"),
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Test the connection to a Ray cluster: its machines, versions that differ, the storage written and read."""
    with speaking(as_json) as output:
        place = place_of(address, storage)
        with watched(output) as task:
            found = connection_to(place, task, again=True)
        _say(found, output)
        output.result(_object(found))
        for problem in found.problems():
            raise problem


def _say(found: Connection, output: Output) -> None:
    output.say(Message("cluster.answers", host=found.cluster.host, ray=found.ray, seconds=found.seconds))
    table = Table("machine", "CPUs", "GPUs", "memory", "recdesk", "torch", "storage", box=None)
    for node in found.nodes:
        torch, recdesk = node.versions.get("torch", "–"), node.versions.get("recdesk", "–")
        reaches = "written and read" if node.reaches else "–"
        memory = f"{node.memory / 1e9:.1f} GB" if node.memory else "–"
        table.add_row(node.name, f"{node.cpus:g}", f"{node.gpus:g}", memory, recdesk, torch, reaches)
    output.console.print(table)
    for note in found.differing():
        output.note(note)


def _object(found: Connection) -> dict[str, Any]:
    return {
        "address": found.cluster.address,
        "storage": found.cluster.storage,
        "ray": found.ray,
        "seconds": found.seconds,
        "nodes": [node.model_dump() for node in found.nodes],
        "differing": [str(note) for note in found.differing()],
        "problems": [str(problem) for problem in found.problems()],
    }


def send_only(run: Run, output: Output) -> None:
    """Send a run to its cluster without waiting for its end.

    Raises:
        RecdeskError: it could not be sent.
    """
    control, failures = Control(), list[events.Failed]()
    with stopping(control, output), event_progress(output, failures) as show_event:
        run = watch(run, control, show_event, wait=False)
    if failures:
        raise RecdeskError(failures[0].sentence, failures[0].suggestion, failures[0].details)
    say_left(run, output)


def say_left(run: Run, output: Output) -> None:
    """Say that a run goes on elsewhere, and how to come back to it."""
    assert run.cluster is not None
    output.say(Message("cluster.goes-on", run=run.id, host=run.cluster.host))
    output.result({"run": run.id, "state": run.state, "cluster": run.cluster.to_dict()})


JobStorage = Annotated[str, typer.Argument(help="Address of the storage.")]
JobId = Annotated[str, typer.Argument(help="Id of a job in it.")]


@app.command("cluster-work", hidden=True)
def cluster_work(storage: JobStorage, job: JobId) -> None:
    """Train the run of a job: what the cluster is asked to call."""
    from recdesk.cluster.storage import Storage
    from recdesk.cluster.work import supervise

    supervise(Storage(storage).job(job))


@app.command("cluster-export", hidden=True)
def cluster_export(storage: JobStorage, job: JobId) -> None:
    """Compute files of an export: what the cluster is asked to call."""
    from recdesk.cluster.export_files import ExportJob
    from recdesk.cluster.export_work import write_export
    from recdesk.cluster.storage import Storage

    write_export(ExportJob(Storage(storage), job))


@app.command("cluster-look", hidden=True)
def cluster_look(storage: JobStorage, job: JobId) -> None:
    """Say what is there: what the cluster is asked to call by a test of the connection."""
    from recdesk.cluster.look import look

    with speaking(False):
        look(storage, job)
