"""The model that answers, and its exchange for a newer one while requests go on."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from recdesk import api
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.data.manifest import MANIFEST
from recdesk.recommend.by_ids import ModelByIds
from recdesk.recommend.rules import NO_RULES, Rules
from recdesk.workspace.promotion import PROMOTED, promoted
from recdesk.workspace.rules import FILE as RULES_FILE
from recdesk.workspace.rules import rules_named
from recdesk.workspace.runs import ADDED_ITEMS, MODEL, Run
from recdesk.workspace.workspace import Workspace

THE_PROMOTED = "promoted"
"""In the place of a run's id: the run that was promoted last."""
LOOK_SECONDS = 1.0
log = logging.getLogger("recdesk.serving")
Fingerprint = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Served:
    """A model that answers.

    Attributes:
        run: id of its run.
        kind: model family.
        model: asked and answering with ids.
        metrics: of the run, by part; {} where they are not known.
        watched: files that change where the model has to be opened again.
        seen: what they were before it was opened: what changes meanwhile is seen by the next look.
        always: rules that hold for every request.
    """

    run: str
    kind: str
    model: ModelByIds
    metrics: Mapping[str, Mapping[str, float]]
    watched: tuple[Path, ...]
    seen: Fingerprint
    always: Rules = NO_RULES

    def prepare(self) -> None:
        """Set up for many queries, and ask, so that the first client does not wait for what is made on first use.

        Raises:
            RecdeskError: the rules do not fit its items.
        """
        self.model.live.prepare()
        self.model.find([self.model.asked(history=[self.model.ids[0]], rules=self.always)])


@dataclass
class SavedRules:
    """Rules that are stored in a workspace, read again when their file has changed."""

    workspace: Path
    _known: dict[str, Rules] = field(default_factory=dict)
    _changed: Fingerprint = ()

    def named(self, name: str) -> Rules:
        """The rules of a name.

        Raises:
            UsageError: there are none.
            DataError: their file is damaged.
        """
        changed = (_changed(self.workspace / RULES_FILE),)
        if changed != self._changed:
            self._known, self._changed = {}, changed
        if name not in self._known:
            self._known[name] = rules_named(self.workspace, name)
        return self._known[name]


class Source(Protocol):
    """Where the model that is to answer comes from."""

    def open(self) -> Served:
        """Open the model.

        Raises:
            RecdeskError: it is gone, or cannot be opened.
        """

    def named(self, name: str) -> Rules:
        """Stored rules of a name.

        Raises:
            UsageError: there are none.
            DataError: their file is damaged.
        """


class RunSource:
    """A run of a workspace.

    Args:
        workspace: with the run.
        wanted: its id, the beginning of it, "last", or "promoted".
        rules: name of rules that hold for every request; "" for none.
    """

    def __init__(self, workspace: Workspace, wanted: str, rules: str = "") -> None:
        self.workspace, self._rules = workspace, rules
        self._saved = SavedRules(workspace.folder)
        self._follows = wanted == THE_PROMOTED
        self._run_id = promoted(workspace.folder) if self._follows else workspace.run(wanted).id

    def open(self) -> Served:
        """See `Source.open`."""
        from recdesk.experiment.open_model import open_model

        folder = self.workspace.folder
        which = [folder / PROMOTED] if self._follows else []
        which += [folder / RULES_FILE] if self._rules else []
        seen = _fingerprint(which)
        if self._follows:
            self._run_id = promoted(folder)
        run = Run.read(folder / "runs" / self._run_id)
        run.require_model()
        always = self.named(self._rules) if self._rules else NO_RULES
        parts = [run.folder / name for name in (MODEL, ADDED_ITEMS)]
        parts.append(folder / "datasets" / run.dataset_name / MANIFEST)
        seen += _fingerprint(parts)
        model = ModelByIds(open_model(run))
        return Served(run.id, run.kind, model, run.metrics, (*which, *parts), seen, always)

    def named(self, name: str) -> Rules:
        """See `Source.named`."""
        return self._saved.named(name)


class FolderSource:
    """A folder that `recdesk export-model` wrote, without a workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> Served:
        """See `Source.open`."""
        watched = tuple(self.folder / name for name in api.FOLDERS)
        seen = _fingerprint(watched)
        model = api.load(self.folder)
        return Served(model.run, model.kind, model.by_ids, {}, watched, seen)

    def named(self, name: str) -> Rules:
        """Raise: rules are stored in a workspace.

        Raises:
            UsageError: always.
        """
        raise UsageError(Message("serve.rules-need-workspace", name=name), Message("serve.give-rules"))


class Exchange:
    """Holds the model that answers. A request takes it once, at its beginning, so that an exchange cuts none off.

    Attributes:
        served: the model.
        problem: why a newer one could not be opened; "" where nothing is wrong.
    """

    def __init__(self, source: Source, exchanged: Callable[[Served], None] = lambda _: None) -> None:
        self.source, self.problem, self._exchanged = source, "", exchanged
        self.served = self._opened()
        self._seen = self.served.seen

    async def watch(self) -> None:
        """Look for a newer model, for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Exchange the model if another one is wanted by now; what answers stays where that cannot be opened."""
        seen = _fingerprint(self.served.watched)
        if seen == self._seen:
            return
        try:
            self.served, self.problem = self._opened(), ""
        except (RecdeskError, OSError) as error:  # of a drive that is away
            self.problem, self._seen = str(error), seen
            log.warning("%s", error)
            return
        self._seen = self.served.seen
        self._exchanged(self.served)

    def _opened(self) -> Served:
        served = self.source.open()
        served.prepare()
        return served


def _fingerprint(paths: Iterable[Path]) -> Fingerprint:
    """Equal as long as no file is written again."""
    return tuple(_changed(path) for path in paths)


def _changed(path: Path) -> tuple[int, int] | None:
    """Size and time of change; None where there is no such file."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_size, about.st_mtime_ns
