"""What a person writes of a cluster: its address and its storage, checked."""

import re
from urllib.parse import urlsplit

from recdesk.cluster.store import checked_address
from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.workspace.run_cluster import ClusterRecord

PORT = 8265
"""Of a Ray head's job server, unless said otherwise."""
_HOST = re.compile(r"[\w.:\[\]-]+")


def place_of(address: str, storage: str, cpus: int = 0) -> ClusterRecord:
    """A cluster as runs record it.

    Args:
        address: of the head's job server: "http://head:8265", "head:8265" or "head".
        storage: a folder that both sides reach under the same path, or the address of an object store.
        cpus: for a run; 0 for all of a node, up to a limit.

    Raises:
        UsageError: address or storage are none.
    """
    return ClusterRecord(address=_address(address), storage=checked_address(storage), cpus=cpus)


def _address(text: str) -> str:
    whole = text.strip()
    if "://" not in whole:
        whole = f"http://{whole}"
    try:
        parts = urlsplit(whole)
        port = parts.port or (443 if parts.scheme == "https" else PORT)
    except ValueError:  # a port that is no number
        parts, port = urlsplit(""), 0
    if parts.scheme not in ("http", "https") or not parts.hostname or not _HOST.fullmatch(parts.netloc):
        raise UsageError(Message("cluster.no-address", address=text), Message("cluster.address-form"))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"
