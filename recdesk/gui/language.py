"""The language of the window: translators of our own texts and of Qt's."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from recdesk.gui import resources

_NAME = "recdesk-translator"


def install_translation(app: QCoreApplication, language: str) -> None:
    """Install the translation for `language` ("system" for the desktop's), where there is one, in place of the one that
    was installed before. Widgets that exist keep their texts."""
    for old in app.findChildren(QTranslator, _NAME):
        app.removeTranslator(old)
        old.setObjectName("")
        old.deleteLater()
    wanted = QLocale.system() if language == "system" else QLocale(language)
    if wanted.language() == QLocale.Language.C:
        wanted = QLocale(QLocale.Language.English)
    QLocale.setDefault(wanted)
    for folder, name in (
        (str(resources.path("translations")), "recdesk"),
        (QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), "qtbase"),
    ):
        translator = QTranslator(app)
        translator.setObjectName(_NAME)
        if not translator.load(wanted, name, "_", folder):
            translator.deleteLater()
            break  # without Qt's own translation, which would mix two languages
        app.installTranslator(translator)
