"""The cluster on which runs can be trained: its address and storage, and a test of the connection."""

from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from recdesk.cluster.connection import Connection, connection_to
from recdesk.cluster.place import place_of
from recdesk.cluster.store import has_secret
from recdesk.core.errors import RecdeskError
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.settings.connection_dialog import ConnectionDialog
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.inputs import FormLabel, TextBox, WholeBox
from recdesk.gui.widgets.text import Paragraph
from recdesk.workspace.run_cluster import ClusterRecord

_TESTING = "settings.cluster"
_MOST_CPUS = 4096


class ClusterDialog(QDialog):
    """Address, storage and CPUs of a run, kept as they are typed; a test says what is there.

    Attributes:
        dialog: with the answer of the last test; None before one.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Cluster"))
        self.setMinimumWidth(520)
        self._session = session
        self.dialog: ConnectionDialog | None = None
        self.address = TextBox(self.tr("none, such as http://head:8265"))
        self.storage = TextBox(self.tr("a folder or s3://bucket/folder that both sides reach"))
        self.cpus = WholeBox()
        self.cpus.setRange(0, _MOST_CPUS)
        self.cpus.setSpecialValueText(self.tr("those of a machine, at most 16"))
        self._browse = Chip(self.tr("choose…"))
        self._browse.clicked.connect(self._choose)
        self.problem = Paragraph("", "small", "warning")
        self.test = QPushButton(self.tr("Test the connection"))
        self.test.setAccessibleName(self.test.text())
        self.test.clicked.connect(self.test_connection)
        what = self.tr(
            "Runs can be trained on a Ray cluster. Their data go into the storage; nothing else leaves this computer."
        )
        body = QVBoxLayout(self)
        body.setSpacing(12)
        body.addWidget(Paragraph(what, "small", "secondary"))
        body.addLayout(self._form())
        body.addWidget(self.problem)
        buttons = QDialogButtonBox()
        buttons.addButton(self.test, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        body.addWidget(buttons)
        self._show()
        for box in (self.address, self.storage):
            box.value_changed.connect(self._keep)
        self.cpus.valueChanged.connect(self._keep)

    def test_connection(self) -> None:
        """Ask the cluster in a job, and show the answer."""
        place = self._place()
        if place is None:
            return
        self.test.setEnabled(False)

        def work(context: JobContext) -> Connection:
            return connection_to(place, context, again=True)

        def failed(error: RecdeskError) -> None:
            self._answered(None, error)

        title = self.tr("Testing the connection to {host}").format(host=place.host)
        job = self._session.jobs.run(title, work, lambda found: self._answered(found, None), failed, replaces=_TESTING)
        job.ended.connect(lambda _state: self.test.setEnabled(True))

    def _answered(self, found: Connection | None, error: RecdeskError | None) -> None:
        self.dialog = ConnectionDialog(found, error, self)
        self.dialog.open()

    def _form(self) -> QFormLayout:
        row = QHBoxLayout()
        row.addWidget(self.storage, 1)
        row.addWidget(self._browse)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.addRow(FormLabel(self.tr("Address"), self.address), self.address)
        form.addRow(FormLabel(self.tr("Storage"), self.storage), row)
        form.addRow(FormLabel(self.tr("CPUs of a run"), self.cpus), self.cpus)
        for box, name in (
            (self.address, self.tr("Address of the cluster")),
            (self.storage, self.tr("Storage of the cluster")),
            (self.cpus, self.tr("CPUs of a run on the cluster")),
        ):
            box.setAccessibleName(name)
        return form

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Storage of the cluster"), self.storage.value())
        if chosen:
            self.storage.setValue(str(Path(chosen)))

    def _keep(self) -> None:
        preferences, storage = self._session.preferences, self.storage.value()
        if not ("://" in storage and has_secret(storage)):  # a password is not kept, nor is what was before it
            preferences.set_cluster(self.address.value(), storage, self.cpus.value())
        self._place()

    def _show(self) -> None:
        address, storage, cpus = self._session.preferences.cluster_parts
        self.address.setValue(address)
        self.storage.setValue(storage)
        self.cpus.setValue(cpus)
        self._place()

    def _place(self) -> ClusterRecord | None:
        """The cluster as it is written; None, with what is wrong shown, where it is none."""
        address, storage = self.address.value().strip(), self.storage.value().strip()
        said, place = "", None
        try:
            place = place_of(address, storage, self.cpus.value()) if address else None
        except RecdeskError as error:
            said = translated(error.sentence)
        self.problem.setText(said)
        self.problem.setVisible(bool(said))
        self.test.setEnabled(place is not None and not self._session.jobs.at_work(_TESTING))
        return place
