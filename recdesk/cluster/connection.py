"""Testing the connection to a cluster: a small job that tells what is there, and reads and writes the storage."""

import contextlib
import secrets
import time
from dataclasses import dataclass

from pydantic import Field

from recdesk.cluster.head import Head, SilentError
from recdesk.cluster.storage import Storage
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.records import Record
from recdesk.core.task import UNWATCHED, Task
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import environment

ANSWER_SECONDS = 120.0
"""Until the job that tells must have answered: an idle cluster takes some seconds."""
POLL_SECONDS = 0.3
PYTHON = "python"
"""That the cluster starts: the one that its environment finds."""

ANSWER = "answer.json"

_known: dict[tuple[str, str, str], "Connection"] = {}
"""Connections that this process has tested, by address, storage and the name of the cluster's session."""


class NodeFile(Record):
    """A machine of a cluster.

    Attributes:
        name: its address.
        cpus, gpus: that Ray may give away.
        memory: bytes of it.
        versions: of recdesk, Python and the libraries that figures depend on.
        packaged: whether the packaged text encoder is installed.
        reaches: whether it has read the storage and written to it.
    """

    name: str
    cpus: float = 0.0
    gpus: float = 0.0
    memory: int = 0
    versions: dict[str, str] = Field(default_factory=dict)
    packaged: bool = False
    reaches: bool = False


class AnswerFile(Record):
    """`answer.json`: what a cluster says of itself."""

    ray: str = ""
    nodes: list[NodeFile] = Field(default_factory=list)


@dataclass(frozen=True)
class Connection:
    """A cluster that answered.

    Attributes:
        cluster: its address and storage.
        ray: version of Ray.
        nodes: machines.
        seconds: that the test took.
    """

    cluster: ClusterRecord
    ray: str
    nodes: tuple[NodeFile, ...]
    seconds: float

    @property
    def cpus(self) -> int:
        """Of all machines."""
        return int(sum(node.cpus for node in self.nodes))

    @property
    def gpus(self) -> int:
        """Of all machines."""
        return int(sum(node.gpus for node in self.nodes))

    @property
    def most_cpus(self) -> int:
        """Of the largest machine, which is as many as a process can get."""
        return int(max((node.cpus for node in self.nodes), default=0))

    @property
    def most_memory(self) -> int:
        """Bytes of memory of the machine with the most."""
        return max((node.memory for node in self.nodes), default=0)

    def differing(self) -> list[Message]:
        """A sentence for each version that differs from the one here."""
        here = versions()
        found: dict[tuple[str, str, str], None] = {}
        for node in self.nodes:
            for name, ours in here.items():
                theirs = node.versions.get(name)
                if theirs is not None and theirs != ours and name != "recdesk":
                    found[(name, theirs, ours)] = None
        return [Message("cluster.version-note", name=name, theirs=theirs, ours=ours) for name, theirs, ours in found]

    def problems(self) -> list[RecdeskError]:
        """What keeps runs from being trained there."""
        ours, found = versions()["recdesk"], []
        for node in self.nodes:
            theirs = node.versions.get("recdesk", "")
            if theirs != ours:
                found.append(
                    RecdeskError(
                        Message("cluster.other-recdesk", node=node.name, theirs=theirs or "–", ours=ours),
                        Message("cluster.install-same", version=ours),
                    )
                )
            elif not node.reaches:
                found.append(
                    RecdeskError(
                        Message("cluster.node-without-storage", node=node.name, storage=self.cluster.storage),
                        reach_advice(Storage(self.cluster.storage)),
                    )
                )
        return found

    def require_usable(self) -> None:
        """Check that runs can be trained there.

        Raises:
            RecdeskError: they cannot; the first reason.
        """
        for problem in self.problems():
            raise problem


def versions() -> dict[str, str]:
    """Versions of recdesk, Python and the libraries that figures depend on, in this process."""
    about = environment()
    return {name: str(value) for name, value in about.items() if name not in ("system", "machine")}


def connection_to(cluster: ClusterRecord, task: Task = UNWATCHED, again: bool = False) -> Connection:
    """Test the connection to a cluster, unless this process has since the cluster started.

    Args:
        cluster: address and storage.
        task: gets progress; may cancel.
        again: test it whatever is known.

    Raises:
        SilentError: the head does not answer.
        RecdeskError: what answers is no cluster of recdesk, or the storage cannot be written.
        CancelledError: it was cancelled.
    """
    task.step(0.0, Message("cluster.asking"))
    head, storage = Head(cluster.address), Storage(cluster.storage)
    ray, session = head.version()
    key = (cluster.address, cluster.storage, session)
    known = None if again else _known.get(key)
    if known is not None:
        return known
    storage.store.check()
    begun = time.monotonic()
    answer = _ask(head, storage, task)
    found = Connection(cluster, ray, tuple(answer.nodes), time.monotonic() - begun)
    if not found.problems():
        _known[key] = found
    return found


def _ask(head: Head, storage: Storage, task: Task) -> AnswerFile:
    submission = f"recdesk-look-{secrets.token_hex(8)}"
    job = storage.job(submission)
    job.create({"run": "", "version": versions()["recdesk"]})
    try:
        begun = time.monotonic()
        while (answer := job.found(ANSWER, AnswerFile)) is None:
            share = (time.monotonic() - begun) / ANSWER_SECONDS
            task.step(share, Message("cluster.waiting-answer"))
            state = head.state(submission)
            if state == "absent":
                with contextlib.suppress(SilentError):  # the answer was lost, perhaps not the question
                    head.submit(submission, [PYTHON, "-m", "recdesk", "cluster-look", *job.words()])
            if state == "ended" and job.found(ANSWER, AnswerFile) is None:
                task.wait(POLL_SECONDS)  # a network drive shows new files late
                if job.found(ANSWER, AnswerFile) is None:
                    raise _unable(head.log(submission), storage)
            if share > 1:
                raise RecdeskError(
                    Message("cluster.no-answer", count=int(ANSWER_SECONDS)), Message("cluster.is-it-busy")
                )
            task.wait(max(POLL_SECONDS, storage.store.interval))
        return answer
    finally:
        _stop(head, submission)
        job.remove()


def _stop(head: Head, submission: str) -> None:
    try:
        if head.state(submission) in ("pending", "running"):
            head.stop(submission)
    except SilentError:
        pass


def _unable(log: str, storage: Storage) -> RecdeskError:
    """Why the job ended without an answer, from what it printed."""
    if "No module named recdesk" in log or "No module named 'recdesk'" in log or "command not found" in log:
        ours = versions()["recdesk"]
        return RecdeskError(Message("cluster.no-recdesk"), Message("cluster.install-same", version=ours), log)
    if "cluster-look" in log and ("No such command" in log or "unexpected extra argument" in log):
        ours = versions()["recdesk"]
        return RecdeskError(Message("cluster.older-recdesk"), Message("cluster.install-same", version=ours), log)
    return RecdeskError(Message("cluster.storage-not-there", storage=storage.address), reach_advice(storage), log)


def reach_advice(storage: Storage) -> Message:
    """What to do where a machine of a cluster does not reach its storage."""
    if storage.store.folder is None:
        return Message("cluster.permit-storage")
    return Message("cluster.mount-storage")
