"""Which column is what, as a form."""

from PySide6.QtWidgets import QComboBox, QFormLayout

from recdesk.data.roles import ROLES
from recdesk.gui import words
from recdesk.gui.pages.data.draft import ImportDraft, role_titles
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.choice_box import ChoiceBox
from recdesk.gui.widgets.form_label import FormLabel, narrow
from recdesk.gui.widgets.text import Text


class RolesCard(Card):
    """One choice of column a role: the same as the heads of the preview, for the keyboard and for many columns."""

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__()
        self.set_title(self.tr("Columns"))
        self._draft = draft
        self.boxes: dict[str, QComboBox] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        tips = {
            "user": self.tr("Who did something: a person, an account, a session."),
            "item": self.tr("What they took: a film, an article, a course."),
            "rating": self.tr("How much they liked it; only needed to leave out low ratings."),
            "time": self.tr("When; without it the order of the file counts."),
            "event": self.tr("What they did: looked, put into the cart, bought."),
            "title": self.tr("What to call an item in lists."),
        }
        for role in ROLES:
            box = self.boxes[role] = ChoiceBox()
            box.setAccessibleName(role_titles()[role])
            box.setToolTip(tips[role])
            narrow(box)
            box.activated.connect(lambda _index, role=role: self._chosen(role))
            form.addRow(FormLabel(role_titles()[role], box), box)
        self._form = form
        self.body.addLayout(form)
        self.body.addStretch(1)
        self._missing = Text("", "small", "bad", wrap=True)
        self.body.addWidget(self._missing)
        draft.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the roles as they are now."""
        for role, box in self.boxes.items():
            preview = self._draft.previews.get("items" if role == "title" and self._draft.has_items else "interactions")
            self._form.setRowVisible(box, preview is not None)
            columns = preview.columns if preview is not None else []
            box.clear()
            box.addItem("–", "")
            for column in columns:
                box.addItem(column, column)
            box.setCurrentIndex(max(box.findData(self._draft.role_column(role)), 0))
        names = [role_titles()[role] for role in self._draft.missing()]
        self._missing.setText(self.tr("Choose a column for: {roles}").format(roles=words.listed(names)))
        self._missing.setVisible(bool(names))

    def _chosen(self, role: str) -> None:
        self._draft.set_role(role, self.boxes[role].currentData())
