"""An export in several files: the options of `recdesk export` for it, and what it says."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recdesk.cli.console import Output, watched
from recdesk.cli.output import rows
from recdesk.core.errors import UsageError
from recdesk.core.files import check_target
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.recommend.rules import Rules
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.experiment.sharded_export import ShardedExport
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.export_options import ExportOptions

ShardsOption = Annotated[
    int,
    typer.Option(
        "--shards",
        min=0,
        help="Write so many files into the folder --out, computed side by side; repeated after it was interrupted, the "
        "same command goes on with those that are missing. 0: one file.",
        metavar="N",
    ),
]
AtOnceOption = Annotated[
    int,
    typer.Option(
        "--at-once",
        min=0,
        help="With --shards: processes that compute at the same time; 0: as many as cores and memory allow.",
        metavar="K",
    ),
]
FormOption = Annotated[
    str, typer.Option("--form", help="With --shards: csv, tsv, jsonl (with .gz packed) or parquet.", metavar="FORM")
]
MergeOption = Annotated[
    Path | None,
    typer.Option(
        "--merge",
        help="With --shards: a file that gets all of them in one piece: the same bytes for any number.",
        metavar="FILE",
    ),
]

ExportOnOption = Annotated[
    str,
    typer.Option(
        "--on",
        help="With --shards: compute the files on a Ray cluster: the address of its job server, such as "
        "http://head:8265. They are fetched as they end.",
        metavar="ADDRESS",
    ),
]
ExportCpusOption = Annotated[
    int, typer.Option("--cpus", min=0, help="With --on: CPUs that compute a file, which are its threads; 0: one.")
]


def shard_ending(shards: int, form: str, merge: Path | None, at_once: int, what: str, out: Path, on: str) -> str:
    """The ending of the files of an export in shards, "" for one without, from its options.

    Raises:
        UsageError: they do not fit together.
        StorageError: the merged file cannot be written.
    """
    from recdesk.recommend.export_forms import ending_of
    from recdesk.recommend.shards import ending_for_shards

    if not shards:
        if on:
            raise UsageError(Message("cluster.export-without-shards"), Message("cluster.give-shards"))
        if form or merge is not None or at_once:
            raise UsageError("--form, --merge and --at-once are for --shards.", "Give --shards, or leave them away.")
        return ""
    if what != "recommendations":
        raise UsageError(Message("shards.only-recommendations"), "Leave --shards away.")
    if merge is None:
        return ending_for_shards(form or "csv")
    check_target(merge)
    wanted = ending_for_shards(form) if form else ending_for_shards(ending_of(merge))
    if ending_of(merge) != wanted:
        raise UsageError(
            Message("shards.merge-form", file=merge.name, form=wanted), Message("shards.merge-ending", form=wanted)
        )
    if merge.absolute().parent == out.absolute():
        raise UsageError(Message("shards.merge-inside"), Message("disk.choose-another-name"))
    return wanted


def rules_without_model(rules: Rules, dataset: Dataset) -> "BoundRules":
    """Rules bound to a dataset, to say what has no effect; all but diversity by the vectors of a model, which only the
    processes open."""
    from recdesk.recommend.bound_rules import bind

    return bind(rules if rules.diversity_feature else replace(rules, diversity=0.0), dataset)


def write_shards(
    run: Run,
    dataset: Dataset,
    folder: Path,
    shards: int,
    options: "ExportOptions",
    at_once: int,
    merge: Path | None,
    output: Output,
    cluster: ClusterRecord | None = None,
) -> "ShardedExport":
    """Export in shards with a progress bar, here or on a cluster, and print what was written."""
    from recdesk.cluster.export_engine import OnCluster, take_over
    from recdesk.experiment.sharded_export import export_in_shards

    left = take_over(folder) if cluster is None else None
    if left is not None:
        output.note(Message("cluster.export-taken-over", host=left.host))
    engine = None if cluster is None else OnCluster(cluster, at_once)
    with watched(output) as task:
        made = export_in_shards(run, dataset, folder, shards, options, at_once, engine, merge, task)
    output.say(f"{rows(made.exported.rows)} in {made.shards:,} files in {folder}, {made.seconds:.1f} s.")
    if merge is not None:
        output.say(f"Merged into {merge}.")
    if made.shards < shards:
        output.note(Message("shards.fewer", count=made.shards, wanted=shards, block=made.block))
    for note in made.notes:
        output.note(note)
    return made


def shards_object(
    made: "ShardedExport", folder: Path, merge: Path | None, cluster: ClusterRecord | None = None
) -> dict[str, Any]:
    """What was written, for the JSON object."""
    from recdesk.recommend.shards import MANIFEST

    return {
        "file": None if merge is None else str(merge),
        "folder": str(folder),
        "manifest": str(folder / MANIFEST),
        "shards": made.shards,
        "kept": made.kept,
        "differing": list(made.differing),
        "processes_lost": made.lost,
        "people": made.people,
        "on": None if cluster is None else cluster.address,
        "seconds": round(made.seconds, 3),
    }
