"""Messages of the core in the language of the window."""

from PySide6.QtCore import QCoreApplication

from recdesk.core.messages import Message, filled, source


def translated(text: str) -> str:
    """A message of the core in the language of the window. Text that is no `Message` is data and is not translated; the
    same holds for the values of a message."""
    if not isinstance(text, Message):
        return text
    english = source(text.key)
    template = QCoreApplication.translate("Core", english)
    values = {name: translated(value) if isinstance(value, str) else value for name, value in text.values.items()}
    if template == english:  # no translation: the English singular is made by Message
        return str(text) if values == text.values else Message(text.key, **values)
    return filled(template, text.key, values)
