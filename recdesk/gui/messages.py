"""Messages of the core in the person's language."""

from PySide6.QtCore import QCoreApplication

from recdesk.core.messages import Message, filled, source


def translated(text: str) -> str:
    """A message of the core in the person's language; any other text is data, and stays as it is however it reads.

    Of the values only those are translated that are messages themselves.
    """
    if not isinstance(text, Message):
        return text
    english = source(text.key)
    template = QCoreApplication.translate("Core", english)
    values = {name: translated(value) if isinstance(value, str) else value for name, value in text.values.items()}
    if template == english:  # which has a singular of its own
        return str(text) if values == text.values else Message(text.key, **values)
    return filled(template, text.key, values)
