"""What was done in this window, as a shell script that does the same."""

import shlex
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from recdesk import __version__
from recdesk.gui.command_lines import Words

_VARIABLE = "$WORKSPACE"


@dataclass(frozen=True)
class Entry:
    """One thing that was done.

    Attributes:
        words: of the command, or () where there is none for it.
        note: said in its place then.
        time: when.
    """

    words: tuple[str, ...]
    note: str = ""
    time: datetime = field(default_factory=datetime.now)


class SessionScript(QObject):
    """Keeps the commands of this session in memory; nothing is written unless it is asked for.

    Signals:
        changed: something was added.

    Attributes:
        workspace: the folder that commands work on.
        entries: what was done.
    """

    changed = Signal()

    def __init__(self, workspace: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.entries: list[Entry] = []
        self._latest_run = ""

    def add(self, words: Words, run: str = "") -> None:
        """Note a command; `run`: the id of the run that it makes, which later commands know as “last”."""
        self._latest_run = run or self._latest_run
        named = ["last" if run == "" and word == self._latest_run and word else word for word in words]
        self.entries.append(Entry(tuple(named)))
        self.changed.emit()

    def add_note(self, note: str) -> None:
        """Note something that no command does."""
        self.entries.append(Entry((), note))
        self.changed.emit()

    def text(self) -> str:
        """The script. Its first argument, if given, is the workspace folder."""
        lines = [
            "#!/bin/sh",
            f"# Made by recdesk {__version__}: does again what was done in its window.",
            "set -e",
            f"WORKSPACE=${{1:-{shlex.quote(str(self.workspace))}}}",
            "",
        ]
        for entry in self.entries:
            lines.append(f"# {entry.time:%Y-%m-%d %H:%M:%S}" + (f"  {entry.note}" if entry.note else ""))
            if entry.words:
                lines.append(f'{shlex.join(["recdesk", *entry.words])} --workspace "{_VARIABLE}"')
        return "\n".join(lines) + "\n"
