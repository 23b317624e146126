"""What of people comes into the dataset."""

from PySide6.QtWidgets import QCheckBox

from recdesk.gui import words
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.text import Text


class PrivacyCard(Card):
    """One sentence on what is kept, and two switches that change it."""

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
        """Say what is in force."""
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

    def _about_users(self, hidden: bool) -> list[str]:
        """What is kept of the people themselves."""
        features = bool(self._draft.user_columns() or self._draft.users_features())
        if not hidden:
            return [
                self.tr("User ids and features of users are kept as they are, on this computer only.")
                if features
                else self.tr("User ids are kept as they are, on this computer only.")
            ]
        told = [
            self.tr("User ids become pseudonyms; once you delete the key, ids lead nobody back."),
            self.tr("What somebody took, and when, may still tell who it is."),
        ]
        return (
            [*told, self.tr("Features of users are kept; they may still tell who somebody is.")] if features else told
        )
