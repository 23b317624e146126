"""Writing a split of the chosen dataset as files that others read."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QGridLayout, QVBoxLayout, QWidget

from recdesk.data.split_kinds import SPLIT_KINDS, SplitKind
from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel
from recdesk.gui.widgets.text import Paragraph

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset
    from recdesk.data.split_files import SplitFiles

_FORMS = ("csv", "parquet")


class SplitDialog(QDialog):
    """Asks how the data is cut and in which form the files are.

    Args:
        title: the dataset's.
        with_times: whether it can be cut by time.

    Attributes:
        kind, form: the choices.
    """

    def __init__(self, title: str, with_times: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export a split"))
        self.setMinimumWidth(480)
        self.kind, self.form = ChoiceBox(), ChoiceBox()
        for kind in SPLIT_KINDS:
            if with_times or kind != "time":
                self.kind.addItem(words.split(kind), kind)
        for form, name in zip(_FORMS, ("CSV", "Parquet"), strict=True):
            self.form.addItem(name, form)
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (name, box) in enumerate(((self.tr("Held out"), self.kind), (self.tr("Form"), self.form))):
            grid.addWidget(FormLabel(name, box), row, 0)
            grid.addWidget(box, row, 1)
        buttons = QDialogButtonBox()
        accept = buttons.addButton(self.tr("Choose the folder…"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        accept.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        said = self.tr(
            "Others can run exactly this split of “{title}”: its rows with their ids, and a file that says how they "
            "were cut, with their SHA-256."
        )
        layout.addWidget(Paragraph(said.format(title=title), "body"))
        layout.addLayout(grid)
        layout.addWidget(buttons)


class SplitExport(QObject):
    """Asks for split, form and folder, then writes the files in a job."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent

    def possible(self) -> bool:
        """Whether a dataset is chosen."""
        return self._session.dataset is not None

    def words(self) -> list[str] | None:
        """Words of the command that does it; None where no dataset is chosen."""
        name = self._session.dataset_name
        return None if name is None else ["split", name, "--out", f"{name}-split"]

    def ask(self) -> None:
        """Ask, then write."""
        dataset, name = self._session.dataset, self._session.dataset_name
        if dataset is None or name is None:
            return
        dialog = SplitDialog(dataset.name, dataset.times is not None, self._parent)
        kind, form = (dialog.kind.currentData(), dialog.form.currentData()) if dialog.exec() else (None, "")
        dialog.deleteLater()
        if kind is None:
            return
        folder = QFileDialog.getExistingDirectory(self._parent, self.tr("Where the folder of the split goes"))
        if folder:
            self.write(dataset, name, kind, form, Path(folder) / f"{name}-{kind}")

    def write(self, dataset: "Dataset", name: str, kind: SplitKind, form: str, folder: Path) -> None:
        """Write a split into a new folder."""

        def work(context: JobContext) -> "SplitFiles":
            from recdesk.data.split_files import write_split
            from recdesk.data.splitting import make_split

            return write_split(make_split(dataset, kind), folder, form, context)

        def done(written: "SplitFiles") -> None:
            command = ["split", name, "--kind", kind, "--form", form, "--out", str(folder)]
            self._session.script.add(command)
            said = self.tr("Split written to {folder}; its hash is {hash}….")
            said = said.format(folder=folder, hash=written.hash[:16])
            self._session.status_changed.emit(words.together(said, *map(translated, written.notes[1:])))

        title = self.tr("Writing {file}").format(file=folder.name)
        self._session.jobs.run(title, work, done, replaces="data.split")
