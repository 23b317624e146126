"""The cluster's answer to a test of the connection: its machines, and whether they reach the storage."""

import contextlib
from typing import Any

from recdesk.cluster.connection import ANSWER, versions
from recdesk.cluster.storage import Storage
from recdesk.cluster.work import require_ray
from recdesk.core.errors import RecdeskError

NODE_SECONDS = 60.0
"""Until a machine must have answered."""


def look(storage: str, submission: str) -> None:
    """Write `answer.json` into a job's folder; the entry point of its job.

    Args:
        storage: its address.
        submission: id of the job.
    """
    ray = require_ray()
    ray.init(log_to_driver=False)
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    asked: list[tuple[dict[str, Any], Any]] = []
    for node in (node for node in ray.nodes() if node["Alive"]):
        there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
        task = ray.remote(examine).options(num_cpus=0, scheduling_strategy=there, max_retries=0)
        asked.append((node, task.remote(storage, submission, node["NodeID"])))
    ray.wait([reference for _, reference in asked], num_returns=len(asked), timeout=NODE_SECONDS)
    nodes = [_described(ray, node, reference) for node, reference in asked]
    Storage(storage).job(submission).write(ANSWER, {"ray": ray.__version__, "nodes": nodes})


def _described(ray: Any, node: dict[str, Any], reference: Any) -> dict[str, Any]:
    resources = node["Resources"]
    about = {
        "name": node["NodeManagerAddress"],
        "cpus": float(resources.get("CPU", 0.0)),
        "gpus": float(resources.get("GPU", 0.0)),
        "memory": int(resources.get("memory", 0.0)),
    }
    try:
        return {**about, **ray.get(reference, timeout=0.1)}
    except Exception:  # recdesk is missing there, or it does not answer: it has no versions then
        return about


def examine(storage: str, submission: str, node: str) -> dict[str, Any]:
    """What a machine says of itself, asked there."""
    from recdesk.text.sources import packaged_folder

    reaches = False
    with contextlib.suppress(OSError, RecdeskError):
        job = Storage(storage).job(submission)
        job.write(f"seen-{node}", {"run": job.about().run})
        reaches = True
    return {"versions": versions(), "packaged": packaged_folder() is not None, "reaches": reaches}
