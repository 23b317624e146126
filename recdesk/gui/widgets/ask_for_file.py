"""Where to write a file."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_for_file(parent: QWidget, title: str, proposed: str) -> Path | None:
    """Ask for a file to write; the dialog adds the ending of `proposed` and asks before one is replaced. None: none."""
    ending = Path(proposed).suffix
    dialog = QFileDialog(parent, title, proposed, f"*{ending}")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending)
    return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
