"""Questions in a window of their own, before what cannot be taken back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def is_sure(parent: QWidget, question: str, consequences: str, do_it: str, leave_it: str) -> bool:
    """Ask before something is done. Leaving it is the default, and what Escape chooses.

    Args:
        parent: the window is in front of its window.
        question, consequences: plain text.
        do_it, leave_it: what the buttons say.
    """
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("recdesk")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(consequences)
    do = box.addButton(do_it, QMessageBox.ButtonRole.DestructiveRole)
    leave = box.addButton(leave_it, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leave)
    box.setEscapeButton(leave)
    box.exec()
    answer = box.clickedButton() is do
    box.deleteLater()  # else it would live as long as its parent
    return answer
