"""The command lines that do what the window does, as words."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from recdesk.data.split_kinds import SplitKind
from recdesk.training.config import RunConfig, make_config
from recdesk.workspace.run_labels import Labels

Words = list[str]


def train_words(dataset: str, config: RunConfig, split: SplitKind) -> Words:
    """Words of `recdesk train` for a run."""
    return ["train", dataset, *_settings(config, split)]


def tune_words(dataset: str, config: RunConfig, split: SplitKind, minutes: float = 30.0) -> Words:
    """Words of `recdesk tune` for a study that begins with these settings."""
    return ["tune", dataset, "--minutes", f"{minutes:g}", *_settings(config, split)]


def update_words(dataset: str, files: Sequence[Path], add: bool) -> Words:
    """Words of `recdesk update`."""
    return ["update", dataset, *map(str, files), *(["--add"] if add else [])]


def recommend_words(run: str, user: str, wish: str, top: int, others: Sequence[str] = ()) -> Words:
    """Words of `recdesk recommend` for one person, a wish, or both; `others`: runs whose lists stand beside."""
    words = ["recommend", run, *others, "--top", str(top)]
    return words + (["--user", user] if user else []) + (["--wish", wish] if wish else [])


def export_words(
    run: str, path: Path, top: int, raw_ids: bool, what: str = "recommendations", people: str = "", saved: bool = False
) -> Words:
    """Words of `recdesk export`: for everybody, for those who meet a condition, or for saved people."""
    words = ["export", run, "--out", str(path), "--top", str(top), *(["--raw-ids"] if raw_ids else [])]
    words += [] if what == "recommendations" else ["--what", what]
    return words + (["--people", people] if people else []) + (["--saved"] if saved else [])


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
