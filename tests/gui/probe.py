"""Run recdesk as `python -m recdesk` does, and answer questions about what stands where on the screen.

`python -m tests.gui.probe ARGUMENTS…` takes one JSON list a line on stdin and answers with one JSON value a line:

* `["where", name]`: x, y, width and height on the screen of the visible and enabled widget with this accessible name,
  text or object name; null while there is none. The dialog or popup in front goes before what lies behind it.
* `["rows", name]`: what the table with this accessible name shows; null while there is none.
"""

import json
import sys
import threading


def main() -> None:
    """Answer from a thread while the program runs in the main one."""
    threading.Thread(target=_listen, daemon=True).start()
    from recdesk.__main__ import main as recdesk

    recdesk()


def _listen() -> None:
    for line in sys.stdin:  # asked once the window is there
        from PySide6.QtCore import QCoreApplication, QMetaObject, QObject, Qt, Slot

        class Answerer(QObject):
            def __init__(self, question: list[str]) -> None:
                super().__init__()
                self.question = question

            @Slot()
            def answer(self) -> None:
                print(json.dumps({"where": _where, "rows": _rows}[self.question[0]](self.question[1])), flush=True)

        answerer, app = Answerer(json.loads(line)), QCoreApplication.instance()
        assert app is not None
        answerer.moveToThread(app.thread())
        QMetaObject.invokeMethod(answerer, "answer", Qt.ConnectionType.BlockingQueuedConnection)


def _find(name: str) -> "list":
    from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

    def named(widget: QWidget) -> bool:
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        return name in (widget.accessibleName(), widget.objectName(), text)

    front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    places = [front] if front is not None else QApplication.topLevelWidgets()
    return [
        widget
        for place in places
        for widget in [place, *place.findChildren(QWidget)]
        if widget.isVisible() and widget.isEnabled() and named(widget)
    ]


def _where(name: str) -> list[int] | None:
    found = _find(name)
    if not found:
        return None
    corner = found[0].mapToGlobal(found[0].rect().topLeft())
    return [corner.x(), corner.y(), found[0].width(), found[0].height()]


def _rows(name: str) -> list[list[str]] | None:
    from PySide6.QtWidgets import QTableView

    from tests.gui.driver import cells

    tables = [widget for widget in _find(name) if isinstance(widget, QTableView)]
    return cells(tables[0]) if tables else None


if __name__ == "__main__":
    main()
