"""Actions as data: the menu bar, shortcuts and the command palette are made from one list."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from recdesk.gui.preferences import Preferences

QUIT = "window.close"
"""Id of the action that stands last in its menu."""


def _always() -> bool:
    return True


def _none() -> None:
    return None


@dataclass(frozen=True)
class ActionSpec:
    """An action of the user.

    Attributes:
        id: name in code, such as "data.open". It must not change, because customised shortcuts are stored under it.
        title: what it does, as a verb: "Open file…".
        callback: does it.
        shortcut: the default one, in portable form ("Ctrl+O"); "" for none.
        menu: its menu ("File", "Workspaces" within it, "Edit", "Run", "View", "Help"); "" for the palette only.
        enabled: whether it can be done now.
        words: of the command that does the same; None where there is none now.
        reason: why there is no command, or none now; a sentence that is said when one is asked for.
    """

    id: str
    title: str
    callback: Callable[[], object]
    shortcut: str = ""
    menu: str = ""
    enabled: Callable[[], bool] = _always
    words: Callable[[], list[str] | None] = _none
    reason: str = ""


def no_command(why: Literal["window", "asks", "here", "server", "tried", "rules", "later"]) -> str:
    """Why an action has no command, as a sentence."""
    translate = QCoreApplication.translate
    return {
        "window": translate("Actions", "It changes only what this window shows."),
        "asks": translate("Actions", "It asks first; once it is done, its command stands in the session script."),
        "here": translate("Actions", "It is about the run that this window trains; Ctrl+C stops one of a command."),
        "server": translate("Actions", "It is about the server of this window; Ctrl+C stops one of a command."),
        "tried": translate("Actions", "Changes of a history are tried out in the window only."),
        "rules": translate("Actions", "A command takes rules as options, such as --block of “recdesk recommend”."),
        "later": translate("Actions", "Nothing is chosen yet for which there would be a command."),
    }[why]


class Actions(QObject):
    """All actions of the window.

    Signals:
        changed: an action was added or removed, or a shortcut was set.
    """

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._specs: dict[str, ActionSpec] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, spec: ActionSpec) -> QAction:
        """Add an action, replacing one with the same id."""
        action = self._actions.get(spec.id) or QAction(self)
        action.setObjectName(spec.id)
        action.setText(spec.title)
        action.setShortcut(QKeySequence(self._preferences.shortcut(spec.id, spec.shortcut)))
        if spec.id not in self._actions:
            action.triggered.connect(partial(self.trigger, spec.id))
        self._specs[spec.id] = spec
        self._actions[spec.id] = action
        self.changed.emit()
        return action

    def remove(self, action_id: str) -> None:
        """Remove an action."""
        self._specs.pop(action_id, None)
        action = self._actions.pop(action_id, None)
        if action is not None:
            action.deleteLater()
            self.changed.emit()

    def all(self) -> list[ActionSpec]:
        """The actions in the order they were added."""
        return list(self._specs.values())

    def spec(self, action_id: str) -> ActionSpec:
        """The action of an id."""
        return self._specs[action_id]

    def action(self, action_id: str) -> QAction:
        """The Qt action of an id."""
        return self._actions[action_id]

    def shortcut(self, action_id: str) -> str:
        """The current shortcut, as this platform writes it; "" for none."""
        return self._actions[action_id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def set_shortcut(self, action_id: str, shortcut: str) -> None:
        """Set a shortcut (portable form) and store it."""
        self._preferences.set_shortcut(action_id, shortcut, default=self._specs[action_id].shortcut)
        self._actions[action_id].setShortcut(QKeySequence(shortcut))
        self.changed.emit()

    def owner_of(self, shortcut: str) -> ActionSpec | None:
        """The action that has this shortcut."""
        wanted = QKeySequence(shortcut)
        return next((s for s in self._specs.values() if shortcut and self._actions[s.id].shortcut() == wanted), None)

    def trigger(self, action_id: str, *_checked: bool) -> None:
        """Call the action's callback, if it is enabled now."""
        spec = self._specs[action_id]
        if spec.enabled():
            spec.callback()

    def show_enabled(self) -> None:
        """Disable actions that cannot be done now, while a menu is open."""
        for spec in self._specs.values():
            self._actions[spec.id].setEnabled(spec.enabled())

    def enable_all(self) -> None:
        """Enable every shortcut again; `trigger` checks whether its action can be done."""
        for action in self._actions.values():
            action.setEnabled(True)


class Menus(QObject):
    """Fills the menu bar of a window with the actions, and updates it when they change."""

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._menus: dict[str, QMenu] = {}
        for key, title in _titles().items():
            menu = window.menuBar().addMenu(title)
            menu.aboutToShow.connect(actions.show_enabled)
            menu.aboutToHide.connect(actions.enable_all)
            self._menus[key] = menu
        recent = self._menus["Workspaces"]
        window.menuBar().removeAction(recent.menuAction())
        actions.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        for menu in self._menus.values():
            menu.clear()
        for spec in self._actions.all():
            action = self._actions.action(spec.id)
            self._window.addAction(action)
            if spec.menu in self._menus:
                self._menus[spec.menu].addAction(action)
        self._place_recent()
        for menu in self._menus.values():
            menu.menuAction().setVisible(not menu.isEmpty())

    def _place_recent(self) -> None:
        """Put the workspaces and then what quits at the end of the menu of files."""
        file = self._menus["File"]
        file.addMenu(self._menus["Workspaces"])
        for entry in file.actions():
            if entry.objectName() == QUIT:
                file.removeAction(entry)
                file.addAction(entry)


def _titles() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "File": translate("Menus", "&File"),
        "Workspaces": translate("Menus", "&Workspaces"),
        "Edit": translate("Menus", "&Edit"),
        "Run": translate("Menus", "&Run"),
        "View": translate("Menus", "&View"),
        "Help": translate("Menus", "&Help"),
    }
