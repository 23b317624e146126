"""The dialog of export options."""

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from recdesk.gui import theme
from recdesk.gui.messages import translated
from recdesk.gui.widgets.text import Text


class ExportDialog(QDialog):
    """Asks for users, number of recommendations, exclusion of seen items, and protection against formulas in ids.

    Args:
        user_id: id of the user on the page; "" for none.
        n_users: number of all users.
        n, exclude_seen: initial values, as on the page.
        note: a note on all recommendations, shown in the dialog; "" for none.
        parent: the window.
    """

    def __init__(
        self, user_id: str, n_users: int, n: int, exclude_seen: bool, note: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export recommendations"))
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        self.everybody = QRadioButton(self.tr("all users ({n})").format(n=f"{n_users:,}"))
        self.everybody.setChecked(True)
        self.one = QRadioButton(self.tr("only user {id}").format(id=user_id.replace("&", "&&")))
        self.one.setVisible(bool(user_id))
        self.number = QSpinBox()
        self.number.setRange(1, 1000)
        self.number.setValue(n)
        self.number.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.seen = QCheckBox(self.tr("leave out what they have already taken"))
        self.seen.setChecked(exclude_seen)
        self.guard = QCheckBox(self.tr("keep spreadsheets from running ids as formulas"))
        self.guard.setToolTip(
            self.tr(
                "In CSV and TSV, ids that begin with =, +, - or @ get an apostrophe in front. Without it they stay as "
                "they are, so that other programs can join them. Parquet and JSON lines always hold them as they are."
            )
        )
        self.guard.setChecked(True)
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow(self.tr("For"), self.everybody)
        form.addRow("", self.one)
        form.addRow(self.tr("Recommendations each"), self.number)
        form.addRow("", self.seen)
        form.addRow("", self.guard)
        layout.addLayout(form)
        what = self.tr(
            "A table with user_id, rank, item_id, title and score: CSV, as Excel opens it, or TSV, JSON lines or "
            "Parquet for other programs."
        )
        layout.addWidget(Text(what, "small", "secondary", wrap=True))
        if note:
            layout.addWidget(Text(translated(note), "small", "warning", wrap=True))
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Choose file…"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        for box in (self.everybody, self.one, self.seen, self.guard):
            box.setAccessibleName(box.text().replace("&&", "&"))
        self.number.setAccessibleName(self.tr("Recommendations each"))
