"""Opening another workspace: one that was used before, or any folder; in this window or a second one."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from recdesk.gui.actions import ActionSpec, no_command
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session

MENU = "Workspaces"


class WorkspaceActions(QObject):
    """Registers these actions. Workspaces whose folder is gone are listed, said to be gone, and cannot be chosen.

    Args:
        session: the shared state.
        window: over which dialogs stand.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._there: set[Path] = set()
        for id, title, second in (
            ("workspace.open", self.tr("Open workspace…"), False),
            ("workspace.second", self.tr("Open workspace in a second window…"), True),
        ):
            self._add(ActionSpec(id, title, partial(self.ask, second), menu=MENU))
        self._recent = [path for path in session.preferences.recent_workspaces if path != session.workspace.folder]
        self._list()
        self._look()

    def ask(self, second: bool) -> None:
        """Ask for a folder, then open it."""
        start = str(self._session.workspace.folder.parent)
        chosen = QFileDialog.getExistingDirectory(self._window, self.tr("Workspace folder"), start)
        if chosen:
            self._session.workspace_requested.emit(Path(chosen), second)

    def _look(self) -> None:
        """Find out in a job which folders are there: their drive may be slow, or gone."""
        recent = list(self._recent)

        def work(_context: JobContext) -> set[Path]:
            return {path for path in recent if (path / "workspace.json").is_file()}

        title = self.tr("Looking for workspaces")
        self._session.jobs.run(title, work, self._found, visible=False, replaces="workspaces.recent", reads=True)

    def _found(self, there: set[Path]) -> None:
        self._there = there
        self._list()

    def _list(self) -> None:
        for number, path in enumerate(self._recent):
            there = path in self._there
            title = self.tr("Workspace {folder}") if there else self.tr("Workspace {folder}: not there now")
            request = partial(self._session.workspace_requested.emit, path, False)
            self._add(
                ActionSpec(
                    f"workspace.recent.{number}",
                    title.format(folder=path),
                    request,
                    menu=MENU,
                    enabled=partial(self._is_there, path),
                )
            )

    def _is_there(self, path: Path) -> bool:
        return path in self._there

    def _add(self, spec: ActionSpec) -> None:
        self._session.actions.add(
            ActionSpec(spec.id, spec.title, spec.callback, "", spec.menu, spec.enabled, reason=no_command("window"))
        )
