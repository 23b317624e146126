"""Context menus made from the list of actions: what can be done, and the same as commands to copy."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from recdesk.gui.session import Session


def action_menu(session: Session, ids: Sequence[str], parent: QWidget) -> QMenu:
    """A menu of these actions, and below them a menu that copies the commands of those that have one now."""
    actions = session.actions
    menu = QMenu(parent)
    copies = QMenu(QCoreApplication.translate("ContextMenu", "Copy as command"), menu)
    specs = {spec.id: spec for spec in actions.all()}
    for spec in (specs[id] for id in ids if id in specs):
        entry = menu.addAction(spec.title)
        entry.setEnabled(spec.enabled())
        entry.triggered.connect(lambda _checked=False, id=spec.id: actions.trigger(id))
        words = spec.words()
        if words is not None:
            copy = copies.addAction(spec.title)
            copy.triggered.connect(lambda _checked=False, words=words: session.copy_requested.emit(words))
    if not copies.isEmpty():
        menu.addSeparator()
        menu.addMenu(copies)
    return menu


def show_menu(session: Session, ids: Sequence[str], parent: QWidget, at: QPoint) -> None:
    """Show such a menu at a point of the screen."""
    menu = action_menu(session, ids, parent)
    menu.exec(at)
    menu.deleteLater()
