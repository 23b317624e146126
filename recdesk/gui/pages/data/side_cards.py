"""Cards beside the preview of an import: which file is what, what is stored about users."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QLineEdit

from recdesk.data.planning import default_name
from recdesk.gui import words
from recdesk.gui.pages.data.draft import PARTS, ImportDraft, Part, SourceFile
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel, narrow
from recdesk.gui.widgets.text import Text


class FilesCard(Card):
    """The name of the dataset, and a choice of file for interactions, items and users."""

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
        """Show the plan."""
        plan = self._draft.plan
        if plan is None:
            return
        self.name.setText(plan.name)
        self.name.setPlaceholderText(default_name(plan.interactions))
        for part, box in self.boxes.items():
            self._offer(part, box)
        self._form.setRowVisible(self.boxes["users"], plan.users is not None)
        self.add_users.setVisible(plan.users is None)

    def _offer(self, part: Part, box: ChoiceBox) -> None:
        current = self._draft.file(part)
        with QSignalBlocker(box):
            box.clear()
            if part != "interactions":
                box.addItem(self.tr("none"), None)
            for path, member in self._draft.files:
                box.addItem(member.rpartition("/")[2] or path.name, (str(path), member))
            box.addItem(self.tr("Another file…"), "ask")
            names = [box.itemData(at) for at in range(box.count())]
            wanted = None if current is None else (str(current[0]), current[1])
            box.setCurrentIndex(names.index(wanted) if wanted in names else 0)

    def _chosen(self, part: Part) -> None:
        value = self.boxes[part].currentData()
        if value == "ask":
            self._ask(part)
        else:
            self._use(part, None if value is None else (Path(value[0]), value[1]))

    def _ask(self, part: Part) -> None:
        """Ask for a file with a dialog."""
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), self._folder())
        if chosen:
            self._use(part, (Path(chosen), ""))
        else:
            self.refresh()

    def _use(self, part: Part, file: SourceFile | None) -> None:
        if file != self._draft.file(part):
            self._draft.set_file(part, file)

    def _folder(self) -> str:
        plan = self._draft.plan
        return str(plan.interactions.parent) if plan is not None else ""

    def _name_given(self) -> None:
        if self._draft.plan is not None and self.name.text().strip() != self._draft.plan.name:
            self._draft.change(name=self.name.text().strip())


class PrivacyCard(Card):
    """What is stored about users, and two switches that change it."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Privacy"))
        self._draft = draft
        self.sentence = Text("", "small", "secondary", wrap=True)
        self.pseudonyms = QCheckBox(self.tr("Pseudonyms for user ids"))
        self.columns = QCheckBox(self.tr("Keep columns without a role"))
        self.body.addWidget(self.sentence)
        for box, name in ((self.pseudonyms, "pseudonyms"), (self.columns, "keep_columns")):
            box.setAccessibleName(box.text())
            box.clicked.connect(lambda on, name=name: draft.change(**{name: on}))
            self.body.addWidget(box)
        self.pseudonyms.setToolTip(
            self.tr("HMAC-SHA-256 with a key that lies in the workspace, apart from the dataset; you can delete it.")
        )
        self.columns.setToolTip(self.tr("They are kept beside the dataset; models do not read them."))
        draft.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the plan."""
        plan = self._draft.plan
        if plan is None:
            return
        self.pseudonyms.setChecked(plan.pseudonyms)
        self.columns.setChecked(plan.keep_columns)
        rest = (
            self.tr("Columns without a role are kept.")
            if plan.keep_columns
            else self.tr("Columns without a role are left out.")
        )
        self.sentence.setText(words.together(*self._about_users(plan.pseudonyms), rest))

    def _about_users(self, pseudonyms: bool) -> list[str]:
        """Sentences on what is stored about users."""
        features = bool(self._draft.user_columns() or self._draft.users_features())
        if not pseudonyms:
            return [
                self.tr("User ids and features of users are kept as they are, on this computer only.")
                if features
                else self.tr("User ids are kept as they are, on this computer only.")
            ]
        sentences = [
            self.tr("User ids become pseudonyms; once you delete the key, ids lead nobody back."),
            self.tr("What somebody took, and when, may still tell who it is."),
        ]
        return (
            [*sentences, self.tr("Features of users are kept; they may still tell who somebody is.")]
            if features
            else sentences
        )
