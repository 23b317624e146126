"""Which file is what, and what the dataset is called."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QFileDialog, QFormLayout, QLineEdit

from recdesk.data.planning import default_name
from recdesk.gui.pages.data.draft import PARTS, ImportDraft, Part, Place
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.choice_box import ChoiceBox
from recdesk.gui.widgets.form_label import FormLabel, narrow


class FilesCard(Card):
    """The name, and a choice of file for interactions, items and users: those that came together, or another one."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Dataset"))
        self._draft = draft
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name"))
        self.name.editingFinished.connect(self._name_given)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        form.addRow(FormLabel(self.tr("Name"), self.name), narrow(self.name))
        titles = {
            "interactions": self.tr("Interactions"),
            "items": self.tr("Items"),
            "users": self.tr("Users"),
        }
        self.boxes: dict[Part, ChoiceBox] = {}
        for part in PARTS:
            box = self.boxes[part] = ChoiceBox()
            box.setAccessibleName(titles[part])
            box.activated.connect(lambda _at, part=part: self._chosen(part))
            form.addRow(FormLabel(titles[part], box), narrow(box))
        tip = self.tr("Shown beside recommendations; models do not learn from features of users.")
        self.boxes["users"].setToolTip(tip)
        self.add_users = Chip(self.tr("+ users"))
        self.add_users.setToolTip("\n".join((self.tr("Add a file with features of the users"), tip)))
        self.add_users.clicked.connect(lambda: self._ask("users"))
        self.head.addWidget(self.add_users)
        self._form = form
        self.body.addLayout(form)
        draft.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the plan as it is now."""
        plan = self._draft.plan
        if plan is None:
            return
        self.name.setText(plan.name)
        self.name.setPlaceholderText(default_name(plan.interactions))
        for part, box in self.boxes.items():
            self._offer(part, box)
        self._form.setRowVisible(self.boxes["users"], plan.users is not None)
        self.add_users.setVisible(plan.users is None)

    def set_items(self, path: Path | None) -> None:
        """Use this items file, or none."""
        self._draft.set_file("items", None if path is None else (path, ""))

    def _offer(self, part: Part, box: ChoiceBox) -> None:
        place = self._draft.place(part)
        with QSignalBlocker(box):
            box.clear()
            if part != "interactions":
                box.addItem(self.tr("none"), None)
            for path, member in self._draft.files:
                box.addItem(member.rpartition("/")[2] or path.name, (str(path), member))
            box.addItem(self.tr("Another file…"), "ask")
            names = [box.itemData(at) for at in range(box.count())]
            wanted = None if place is None else (str(place[0]), place[1])
            box.setCurrentIndex(names.index(wanted) if wanted in names else 0)

    def _chosen(self, part: Part) -> None:
        value = self.boxes[part].currentData()
        if value == "ask":
            self._ask(part)
        else:
            self._use(part, None if value is None else (Path(value[0]), value[1]))

    def _ask(self, part: Part) -> None:
        """Let the person choose a file."""
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), self._folder())
        if chosen:
            self._use(part, (Path(chosen), ""))
        else:
            self.refresh()

    def _use(self, part: Part, place: Place | None) -> None:
        if place != self._draft.place(part):
            self._draft.set_file(part, place)

    def _folder(self) -> str:
        plan = self._draft.plan
        return str(plan.interactions.parent) if plan is not None else ""

    def _name_given(self) -> None:
        if self._draft.plan is not None and self.name.text().strip() != self._draft.plan.name:
            self._draft.change(name=self.name.text().strip())
