"""Colours and language."""

from PySide6.QtWidgets import QFormLayout

from recdesk.gui.preferences import LANGUAGES
from recdesk.gui.session import Session
from recdesk.gui.shell_actions import set_theme
from recdesk.gui.theme import theme
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.choice_box import ChoiceBox
from recdesk.gui.widgets.form_label import FormLabel
from recdesk.gui.widgets.text import Text


class AppearanceCard(Card):
    """The theme, at once; the language, from the next start."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Appearance"))
        self._session = session
        self.themes = ChoiceBox()
        for choice, title in (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            self.themes.addItem(title, choice)
        self.languages = ChoiceBox()
        for language, title in zip(LANGUAGES, (self.tr("As the system"), "English", "简体中文"), strict=True):
            self.languages.addItem(title, language)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        for label, box in ((self.tr("Colours"), self.themes), (self.tr("Language"), self.languages)):
            box.setAccessibleName(label)
            form.addRow(FormLabel(label, box), box)
        self.body.addLayout(form)
        self._note = Text(self.tr("Another language is used from the next start."), "small", "secondary", wrap=True)
        self.body.addWidget(self._note)
        self._show()
        self.themes.activated.connect(lambda: set_theme(session, self.themes.currentData()))
        self.languages.activated.connect(self._language_chosen)
        theme().changed.connect(self._show)

    def _show(self) -> None:
        preferences = self._session.preferences
        self.themes.setCurrentIndex(self.themes.findData(preferences.theme))
        self.languages.setCurrentIndex(self.languages.findData(preferences.language))

    def _language_chosen(self) -> None:
        self._session.preferences.language = self.languages.currentData()
        self._note.set_tone("warning")
