"""Which files, and what the dataset is called."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFormLayout, QLineEdit

from recdesk.gui import theme
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.form_label import FormLabel, narrow
from recdesk.gui.widgets.text import ElidedText


class FilesCard(Card):
    """Name, and the items file that goes with the interactions."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Dataset"))
        self._draft = draft
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name"))
        self.name.editingFinished.connect(self._name_given)
        self._items = ElidedText("", "body")
        self._items.setMinimumHeight(theme.CONTROL_HEIGHT)
        self._choose = Chip("")
        self._choose.setAccessibleName(self.tr("Choose an items file"))
        self._choose.clicked.connect(self._change_items)
        narrow(self.name)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        form.addRow(FormLabel(self.tr("Name"), self.name), self.name)
        form.addRow(FormLabel(self.tr("Items file")), self._items)
        self.body.addLayout(form)
        self.body.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignRight)
        self.body.addStretch(1)
        draft.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the plan as it is now."""
        plan = self._draft.plan
        if plan is None:
            return
        self.name.setText(plan.name)
        self.name.setPlaceholderText(plan.interactions.stem)
        self._items.setText(plan.items.name if plan.items else self.tr("none"))
        self._items.set_tone("text" if plan.items else "secondary")
        text = self.tr("Without items") if plan.items else self.tr("Choose items…")
        self._choose.setText(text)
        self._choose.setAccessibleName(
            self.tr("Import without the items file") if plan.items else self.tr("Choose an items file")
        )

    def set_items(self, path: Path | None) -> None:
        """Use this items file, or none."""
        self._draft.change(items=path, items_dialect=None, title=None)

    def _name_given(self) -> None:
        if self._draft.plan is not None and self.name.text().strip() != self._draft.plan.name:
            self._draft.change(name=self.name.text().strip())

    def _change_items(self) -> None:
        plan = self._draft.plan
        if plan is None:
            return
        if plan.items is not None:
            self.set_items(None)
            return
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose an items file"), str(plan.interactions.parent))
        if chosen:
            self.set_items(Path(chosen))
