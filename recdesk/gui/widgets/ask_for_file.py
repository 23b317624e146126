"""Where to write a file."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_for_file(parent: QWidget, title: str, proposed: str, endings: Sequence[str] = ()) -> Path | None:
    """Ask for a file to write; the dialog adds an ending and asks before a file is replaced. None: none.

    Args:
        parent: the window.
        title: of the dialog.
        proposed: a name; its ending is the first choice.
        endings: all that can be chosen, such as ".csv.gz"; only that of `proposed` if there are none.
    """
    every = list(endings) or [Path(proposed).suffix]
    dialog = QFileDialog(parent, title, proposed)
    dialog.setNameFilters([f"*{ending}" for ending in every])
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(every[0])
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.removeprefix("*")))
    return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
