"""The command lines that do what the window does, as words."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from recdesk.data.cleaning.rules import DAY, instant
from recdesk.data.split_kinds import SplitKind
from recdesk.training.config import RunConfig, make_config
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_labels import Labels

Words = list[str]


def train_words(
    dataset: str, config: RunConfig, split: SplitKind, repeat: int = 1, cluster: ClusterRecord | None = None
) -> Words:
    """Words of `recdesk train` for a run, or for a group of so many seeds; on a cluster, if one is given."""
    words = ["train", dataset, *_settings(config, split), *(["--repeat", str(repeat)] if repeat > 1 else [])]
    return words + _where(cluster)


def tune_words(
    dataset: str,
    config: RunConfig,
    split: SplitKind,
    minutes: float = 30.0,
    at_once: int = 1,
    cluster: ClusterRecord | None = None,
) -> Words:
    """Words of `recdesk tune` for a study that begins with these settings."""
    words = ["tune", dataset, "--minutes", f"{minutes:g}", *_settings(config, split)]
    return words + (["--at-once", str(at_once)] if at_once > 1 else []) + _where(cluster)


def update_words(dataset: str, files: Sequence[Path], add: bool) -> Words:
    """Words of `recdesk update`."""
    return ["update", dataset, *map(str, files), *(["--add"] if add else [])]


def recommend_words(run: str, user: str, wish: str, top: int, others: Sequence[str] = (), as_of: str = "") -> Words:
    """Words of `recdesk recommend` for one person, a wish, or both; `others`: runs whose lists stand beside;
    `as_of`: a moment, "" for now."""
    words = ["recommend", run, *others, "--top", str(top)]
    words += (["--user", user] if user else []) + (["--wish", wish] if wish else [])
    return words + (["--as-of", as_of] if as_of else [])


def moment_words(moment: int) -> str:
    """A moment (epoch seconds) as `--as-of` takes it."""
    return f"{instant(moment):%Y-%m-%d}" if moment % DAY == DAY - 1 else f"{instant(moment):%Y-%m-%dT%H:%M:%S}"


def export_words(
    run: str,
    path: Path,
    top: int,
    raw_ids: bool,
    what: str = "recommendations",
    people: str = "",
    saved: bool = False,
    as_of: str = "",
    edits: bool = False,
    files: int = 1,
    ending: str = ".csv",
    cluster: ClusterRecord | None = None,
) -> Words:
    """Words of `recdesk export`: for everybody (`edits`: with edited histories), for those who meet a
    condition, or for saved people; with several `files` the path is their folder, and a cluster may compute them."""
    words = ["export", run, "--out", str(path), "--top", str(top), *(["--raw-ids"] if raw_ids else [])]
    words += [] if what == "recommendations" else ["--what", what]
    words += (["--people", people] if people else []) + (["--saved"] if saved else [])
    words += ["--edits"] if edits else []
    if files > 1:
        words += ["--shards", str(files), *([] if ending == ".csv" else ["--form", ending.removeprefix(".")])]
        words += _where(cluster)
    return words + (["--as-of", as_of] if as_of else [])


def label_words(run: str, labels: Labels) -> Words:
    """Words of `recdesk runs` that say of a run what a person has said."""
    star = "--star" if labels.star else "--no-star"
    return ["runs", run, "--name", labels.name, star, "--tags", ",".join(labels.tags), "--note", labels.note]


def report_words(runs: Sequence[str], path: Path) -> Words:
    """Words of `recdesk report`."""
    return ["report", *runs, "--out", str(path)]


def texts_words(dataset: str, config: RunConfig, _split: SplitKind = "leave-one-out") -> Words:
    """Words of `recdesk texts` with the settings that say what is read."""
    values, usual = config.model_dump(), make_config("text-bert").model_dump()
    words = ["texts", dataset]
    for name in ("template", "text_tokens", "encoder"):
        if name in values and name in usual and values[name] != usual[name]:
            words += ["--set", f"{name}={values[name]}"]
    return words


def map_words(run: str, user: str) -> Words:
    """Words of `recdesk map`, with the items of a person marked."""
    return ["map", run, "--out", "map.csv", *(["--user", user] if user else [])]


def line(words: Sequence[str], workspace: Path | None = None) -> str:
    """A command line for a shell; `workspace`: the folder, where it is not the default one."""
    where = [] if workspace is None else ["--workspace", str(workspace)]
    return shlex.join(["recdesk", *words[:1], *words[1:], *where])


def _where(cluster: ClusterRecord | None) -> Words:
    """Options for a cluster; none for this computer."""
    if cluster is None:
        return []
    cpus = ["--cpus", str(cluster.cpus)] if cluster.cpus else []
    return ["--on", cluster.address, "--storage", cluster.storage, *cpus]


def _settings(config: RunConfig, split: SplitKind) -> Words:
    """Options for the settings in which a config differs from the usual ones of its kind."""
    values = config.model_dump()
    kind = str(values.pop("kind"))
    usual = make_config(kind).model_dump()
    words = ["--model", kind]
    for name, value in values.items():
        if value != usual[name]:
            words += ["--set", f"{name}={'none' if value is None else value}"]
    return words + ([] if split == "leave-one-out" else ["--split", split])
