"""Roles of columns: the current role and the choices of each, and the table header that shows and changes them."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from recdesk.data.columns.numbers import DIGITS
from recdesk.data.columns.roles import TAKEN_FOR_GRANTED
from recdesk.gui import theme
from recdesk.gui.messages import translated
from recdesk.gui.pages.data.draft import ImportDraft, Part
from recdesk.gui.widgets.text import plain_tooltip

if TYPE_CHECKING:
    from recdesk.data.plan import ImportPlan

KEPT, LEVEL, ABOUT_USER = "feature", "level", "user_feature"
"""Roles that several columns may have: a feature; a feature whose levels are also written as words; a feature of the
user, in the interactions."""
_OF_FILE: dict[Part, tuple[str, str, str]] = {
    "items": ("item", "features", "levels"),
    "users": ("user", "user_features", "user_levels"),
}
"""For each file, the role of its ids, and the fields of the plan for its features and for those written as words."""
_HEIGHT = 54
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_OPENING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)


class ColumnRoles(QObject):
    """Roles by column, as the header of the preview shows and changes them.

    Args:
        draft: the import.
    """

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__(draft)
        self._draft = draft

    def role(self, part: Part, column: str) -> str:
        """The role of a column; "" for none."""
        draft, plan = self._draft, self._draft.plan
        for role in draft.single_roles(part):
            if draft.role_column(role) == column:
                return role
        if plan is None:
            return ""
        if part == "interactions":
            return ABOUT_USER if column in draft.user_columns() else ""
        key, _, levels = _OF_FILE[part]
        if draft.previews[part].roles.get(key) == column:
            return key
        return "" if not self._kept(part, column) else LEVEL if column in getattr(plan, levels) else KEPT

    def choices(self, part: Part, column: str) -> tuple[str, ...]:
        """Roles that a column can be given; () for none."""
        if part == "interactions":
            return (*self._draft.single_roles(part), ABOUT_USER, "")
        if self.role(part, column) == _OF_FILE[part][0]:
            return ()
        return (*self._draft.single_roles(part), KEPT, *([LEVEL] if self._numeric(part, column) else []), "")

    def set_role(self, part: Part, column: str, role: str) -> None:
        """Give a column a role; "" removes its role."""
        draft = self._draft
        if part != "interactions":
            self._set_of_file(part, column, role)
            return
        had, single = self.role(part, column), draft.single_roles(part)
        more: dict[str, object] = {}
        if ABOUT_USER in (had, role, draft.guess(part, column).role):
            rest = tuple(name for name in draft.user_columns() if name != column)
            more["user_columns"] = (*rest, column) if role == ABOUT_USER else rest
        if role in single:
            draft.set_role(role, column, **more)
        elif had in single:
            draft.set_role(had, "", **more)
        else:
            draft.change(**more)

    def hint(self, part: Part, column: str) -> str:
        """Confidence of a guessed role, or the likely role of a column without one; "" for a role chosen by hand."""
        guess, role = self._draft.guess(part, column), self.role(part, column)
        if not guess.role or self._chosen_by_hand(part, column, role):
            return ""
        if guess.role == role:
            if part == "interactions" and self._in_doubt(column):
                return self.tr("not sure")
            return QCoreApplication.translate("Words", "{n} %").format(n=_percent(guess.confidence))
        if role or part != "interactions":
            return ""
        return self.tr("{role}?").format(role=role_titles()[guess.role])

    def explanation(self, part: Part, column: str) -> str:
        """The same as sentences for the tooltip, with what a click does."""
        guess, role = self._draft.guess(part, column), self.role(part, column)
        lines = [column]
        if guess.role and not self._chosen_by_hand(part, column, role):
            reasons = {
                "name": self.tr("Guessed from the name: {role}, {n} % sure."),
                "values": self.tr("Guessed from the values: {role}, {n} % sure."),
                "place": self.tr("Guessed from the place: {role}, {n} % sure."),
            }
            if guess.role == role or (part == "interactions" and not role):
                words = reasons[guess.reason]
                lines.append(words.format(role=role_titles()[guess.role], n=_percent(guess.confidence)))
                if guess.evidence:
                    lines.append(translated(guess.evidence))
        if role == ABOUT_USER or (part == "users" and role in (KEPT, LEVEL)):
            lines.append(self.tr("Shown beside recommendations; models do not learn from features of users."))
        if self.choices(part, column):
            lines.append(self.tr("Click to say what the column holds"))
        return "\n".join(lines)

    def _in_doubt(self, column: str) -> bool:
        """Whether another reading gives the column another role."""
        return any(column in doubt.readings[0].columns.values() for doubt in self._draft.open_doubts())

    def _chosen_by_hand(self, part: Part, column: str, role: str) -> bool:
        """Whether the role was chosen by hand."""
        plan = self._draft.plan
        if role in (KEPT, LEVEL) or part == "users" or plan is None:
            return role == LEVEL
        if role:
            return _names_column(plan, role)
        guess = self._draft.guess(part, column)
        return guess.confidence >= TAKEN_FOR_GRANTED and _names_column(plan, guess.role)

    def _set_of_file(self, part: Part, column: str, role: str) -> None:
        draft, plan = self._draft, self._draft.plan
        assert plan is not None
        key, features, levels = _OF_FILE[part]
        every = [name for name in draft.previews[part].columns if self.role(part, name) != key]
        kept = [name for name in every if (self._kept(part, name) and name != column) or (name == column and role)]
        words = [name for name in getattr(plan, levels) if name != column] + ([column] if role == LEVEL else [])
        usual = kept == every and not (part == "users" and plan.pseudonyms)
        values: dict[str, object] = {features: None if usual else tuple(kept), levels: tuple(words)}
        draft.change(**values, **(self._title_now(column, role) if part == "items" else {}))

    def _title_now(self, column: str, role: str) -> dict[str, str]:
        """Change of the title column when a column of the items gets this role."""
        title = was = self._draft.role_column("title")
        if role == "title":
            title = column
        elif title == column:
            title = ""
        return {"title": title} if title != was else {}

    def _kept(self, part: Part, column: str) -> bool:
        """Whether a column of the items or users is a feature, whatever other role it has."""
        plan = self._draft.plan
        if part == "users":
            return column in self._draft.users_features()
        return plan is None or plan.features is None or column in plan.features

    def _numeric(self, part: Part, column: str) -> bool:
        preview = self._draft.previews[part]
        at = preview.columns.index(column)
        return _all_numbers([row[at] for row in preview.rows if row[at].strip()])


def role_titles() -> dict[str, str]:
    """Names of the roles in the window's language; "" is no role."""
    translate = QCoreApplication.translate
    return {
        "user": translate("Roles", "User"),
        "item": translate("Roles", "Item"),
        "rating": translate("Roles", "Rating"),
        "time": translate("Roles", "Time"),
        "clock": translate("Roles", "Time of day"),
        "event": translate("Roles", "Event type"),
        "title": translate("Roles", "Title"),
        "user_feature": translate("Roles", "User feature"),
        "item_feature": translate("Roles", "Item feature"),
        KEPT: translate("Roles", "Feature"),
        LEVEL: translate("Roles", "Feature, also in words"),
        "": "–",
    }


def _names_column(plan: "ImportPlan", role: str) -> bool:
    """Whether the plan names the column (or columns) of a role, rather than leaving it to the guess."""
    return getattr(plan, "user_columns" if role == ABOUT_USER else role, None) is not None


def _percent(share: float) -> str:
    return QLocale().toString(round(100 * share))


def _all_numbers(texts: Sequence[str]) -> bool:
    return len(set(texts)) > 2 and all(re.fullmatch(DIGITS, text.strip()) for text in texts)


class RoleHeader(QHeaderView):
    """Two lines a column: its name, and a pill with its role and the confidence of the guess.

    A click, or Space on the column chosen with the arrow keys, opens the choice of roles.

    Signals:
        role_chosen: column number and role ("" for none).
    """

    role_chosen = Signal(int, str)

    def __init__(self, roles: ColumnRoles, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._roles = roles
        self._part: Part = "interactions"
        self._titles = role_titles()
        self._at = 0
        self.setSectionsClickable(True)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumSectionSize(72)
        self.setStretchLastSection(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.sectionClicked.connect(self.open_menu)

    def set_part(self, part: Part) -> None:
        """Show the roles of this file's columns."""
        if part != self._part:
            self._at = 0
        self._part = part
        self._describe()
        self.viewport().update()

    def menu(self, column: int) -> QMenu:
        """The choice of roles of a column."""
        menu = QMenu(self)
        name = self._name(column)
        current = self._roles.role(self._part, name)
        for role in self._roles.choices(self._part, name):
            action = QAction(self._titles[role], menu, checkable=True, checked=role == current)
            action.triggered.connect(lambda _checked=False, role=role: self.role_chosen.emit(column, role))
            menu.addAction(action)
        return menu

    def open_menu(self, column: int) -> None:
        """Show the choice under the head of the column, if there is one."""
        self._move_to(column)
        menu = self.menu(column)
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QRect(self.sectionViewportPosition(column), 0, 1, _HEIGHT).bottomLeft()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right click opens the choice too."""
        column = self.logicalIndexAt(event.pos())
        if column >= 0:
            self.open_menu(column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Set the tooltip of the column under the mouse."""
        super().mouseMoveEvent(event)
        column = self.logicalIndexAt(event.position().toPoint())
        self.setToolTip(plain_tooltip(self._roles.explanation(self._part, self._name(column))) if column >= 0 else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between columns; open the choice."""
        if event.key() in _STEPS and self.count():
            self._move_to(min(max(self._at + _STEPS[Qt.Key(event.key())], 0), self.count() - 1))
        elif event.key() in _OPENING and self.sectionsClickable() and self._at < self.count():
            self.open_menu(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the current column."""
        super().focusInEvent(event)
        self._describe()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Remove the mark of the current column."""
        super().focusOutEvent(event)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Two lines high."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def sectionSizeFromContents(self, column: int) -> QSize:
        """Room for the name, the pill and the hint after it."""
        metrics = self.fontMetrics()
        name = self._name(column)
        pill = metrics.horizontalAdvance(self._title(name)) + 44
        hint = self._roles.hint(self._part, name)
        if hint:
            pill += metrics.horizontalAdvance(hint) + 8
        return QSize(max(metrics.horizontalAdvance(name), pill) + 24, _HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Draw name, pill and hint."""
        if not rect.isValid():
            return
        roles, name = theme.roles(), self._name(column)
        role = self._roles.role(self._part, name)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(roles.line, 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        area = rect.adjusted(8, 4, -4, -6)
        painter.setFont(theme.font("small"))
        painter.setPen(roles.text if role else roles.secondary)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, shown)
        pill = self._paint_pill(painter, area, column, bool(role))
        painter.setPen(roles.secondary)
        left = int(pill.right()) + 8
        behind = QRect(left, int(pill.top()), max(area.right() - left, 0), int(pill.height()))
        hint = self._roles.hint(self._part, name)
        shown = painter.fontMetrics().elidedText(hint, Qt.TextElideMode.ElideRight, behind.width())
        painter.drawText(behind, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def _paint_pill(self, painter: QPainter, area: QRect, column: int, assigned: bool) -> QRectF:
        roles, text = theme.roles(), self._title(self._name(column))
        width = min(area.width(), painter.fontMetrics().horizontalAdvance(text) + 34)
        pill = QRectF(area.left(), area.bottom() - 21, width, 20)
        focused = self.hasFocus() and column == self._at
        painter.setPen(QPen(roles.accent if assigned or focused else roles.edge, 2 if focused else 1))
        painter.setBrush(roles.raised)
        painter.drawRoundedRect(pill, 10, 10)
        painter.setPen(roles.accent if assigned else roles.secondary)
        painter.drawText(pill.adjusted(10, 0, -18, 0), Qt.AlignmentFlag.AlignVCenter, text)
        x, y = pill.right() - 12, pill.center().y()
        painter.drawPolyline([QPointF(x - 3, y - 1.5), QPointF(x, y + 1.5), QPointF(x + 3, y - 1.5)])
        return pill

    def _name(self, column: int) -> str:
        return str(self.model().headerData(column, Qt.Orientation.Horizontal) or "") if self.model() else ""

    def _title(self, name: str) -> str:
        return self._titles.get(self._roles.role(self._part, name), "–")

    def _move_to(self, column: int) -> None:
        self._at = column
        table = self.parentWidget()
        if isinstance(table, QTableView):
            table.scrollTo(table.model().index(0, column))
        self._describe()
        self.viewport().update()

    def _describe(self) -> None:
        """Describe the current column to screen readers."""
        if self._at < self.count():
            name = self._name(self._at)
            self.setAccessibleDescription(f"{name}: {self._title(name)} {self._roles.hint(self._part, name)}".strip())
