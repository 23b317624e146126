"""The menu bar, made from the list of actions."""

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QMainWindow, QMenu

from recdesk.gui.actions import Actions


class Menus(QObject):
    """Keeps the menus of a window equal to the list."""

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._menus: dict[str, QMenu] = {}
        for place, title in _titles().items():
            menu = window.menuBar().addMenu(title)
            menu.aboutToShow.connect(actions.show_enabled)
            menu.aboutToHide.connect(actions.enable_all)
            self._menus[place] = menu
        actions.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        for menu in self._menus.values():
            menu.clear()
        for spec in self._actions.all():
            action = self._actions.action(spec.id)
            self._window.addAction(action)
            if spec.place in self._menus:
                self._menus[spec.place].addAction(action)
        for menu in self._menus.values():
            menu.menuAction().setVisible(not menu.isEmpty())


def _titles() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "File": translate("Menus", "&File"),
        "Edit": translate("Menus", "&Edit"),
        "Run": translate("Menus", "&Run"),
        "View": translate("Menus", "&View"),
        "Help": translate("Menus", "&Help"),
    }
