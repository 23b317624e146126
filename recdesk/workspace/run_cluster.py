"""Where a run is trained, if not on this computer: the cluster, and which of its jobs has it."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

from recdesk.core.records import Record


class ClusterRecord(Record):
    """ "cluster" in a run's `run.json`; it names a job before that is sent.

    Attributes:
        address: of the job server of a Ray head, such as "http://head:8265".
        storage: folder that this computer and the cluster reach under the same path, or the address of an object store
            such as "s3://bucket/folder".
        cpus: that each worker of the run gets there, which is also its number of threads; 0 for all of a node, up to a
            limit.
        attempt: number of the job that has it, from 1; 0 before the first.
        submission: id of that job; "" before the first.
    """

    address: str
    storage: str
    cpus: int = Field(default=0, ge=0)
    attempt: int = Field(default=0, ge=0)
    submission: str = ""

    @property
    def host(self) -> str:
        """The address as a person reads it: "head:8265"."""
        return urlsplit(self.address).netloc or self.address

    def with_job(self, submission: str) -> "ClusterRecord":
        """The same with a new job."""
        return self.model_copy(update={"attempt": self.attempt + 1, "submission": submission})

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.model_dump()
