"""The dialog of export options: it begins with what is on the page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.data.cleaning.rules import moment_text
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.history import ChangedPerson
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.text import Text, plain_tooltip
from recdesk.recommend.rules import NO_RULES, Rules, parse_condition
from recdesk.workspace.run_cluster import ClusterRecord

if TYPE_CHECKING:
    from recdesk.recommend.export_forms import FileForm

_NAMED = 5
_CHIPS_IN_A_ROW = 6
_FILES_WIDTH = 120
MOST_FILES = 10_000
COLUMNS = ("user_id", "rank", "item_id", "title", "score", "reason")
"""Columns of every export; all but the last are chosen at first. As in `export_forms`, which takes long to import."""


@dataclass(frozen=True)
class OnPage:
    """What is on the page.

    Attributes:
        user: code of the person; below 0 for a new one.
        name: their id or name; "" for none.
        n_users: number of all users.
        n, exclude_seen: number of recommendations, and whether what was taken is left out.
        filter: text that items must have; "" for none.
        n_matching: number of items that have it.
        people: people with edits, and new ones.
        note: a note on all recommendations; "" for none.
        rules: those in use.
        features: columns of the items that the file can have too.
        user_features: columns of the users that they can be chosen by.
        moment: for which is recommended; None for now.
    """

    user: int
    name: str
    n_users: int
    n: int = 10
    exclude_seen: bool = True
    filter: str = ""
    n_matching: int = 0
    people: tuple[ChangedPerson, ...] = ()
    note: str = ""
    rules: Rules = NO_RULES
    features: tuple[str, ...] = ()
    user_features: tuple[str, ...] = ()
    moment: int | None = None


@dataclass(frozen=True)
class Export:
    """What to export.

    Attributes:
        users: codes of users; None for everybody.
        people: those whose edited history counts. New ones among them follow the users.
        n, exclude_seen, filter: as on the page.
        columns, separator, mark, raw_ids: of the file, see `FileForm`.
        rules: as on the page.
        what: recommendations, similar, item-vectors or user-vectors; the last three know no people.
        condition: that users meet, in words; "" for none.
        moment: for which is recommended, as on the page; None for now.
        files: how many; one is a file, several are in a folder.
        ending: of several files.
        cluster: that computes several files; None for this computer.
    """

    users: tuple[int, ...] | None = None
    people: tuple[ChangedPerson, ...] = ()
    n: int = 10
    exclude_seen: bool = True
    filter: str = ""
    columns: tuple[str, ...] = COLUMNS[:5]
    separator: str = ""
    mark: bool = True
    raw_ids: bool = False
    rules: Rules = NO_RULES
    what: str = "recommendations"
    condition: str = ""
    moment: int | None = None
    files: int = 1
    ending: str = ".csv"
    cluster: ClusterRecord | None = None

    @property
    def form(self) -> "FileForm":
        """How the file is written."""
        from recdesk.recommend.export_forms import FileForm

        return FileForm(self.columns, self.separator, self.mark, self.raw_ids)


class ExportDialog(QDialog):
    """Asks for people, number of recommendations, what restricts them, protection against formulas in ids, and how many
    files, computed where.

    Args:
        page: what is on the page.
        cluster: of the settings; None where none is set.
    """

    def __init__(self, page: OnPage, parent: QWidget | None = None, cluster: ClusterRecord | None = None) -> None:
        super().__init__(parent)
        self._page, self._cluster = page, cluster
        self.setWindowTitle(self.tr("Export recommendations"))
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        form = QFormLayout()
        form.setSpacing(10)
        self._add_what(form)
        self._add_people(form)
        self._add_condition(form)
        self._add_restrictions(form)
        self._add_form_of_file(form)
        self._add_files(form)
        layout.addLayout(form)
        what = self.tr(
            "CSV, as Excel opens it, or an Excel workbook; TSV, JSON lines or Parquet for other programs. A reason for "
            "each item takes much longer."
        )
        layout.addWidget(Text(what, "small", "secondary", wrap=True))
        if page.note:
            layout.addWidget(Text(translated(page.note), "small", "warning", wrap=True))
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(self.tr("Choose file…"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._what_follows()
        self._files_follow()
        for box in (
            self.everybody,
            self.one,
            self.changed,
            self.saved,
            self.edits,
            self.filter,
            self.rules,
            self.moment,
            self.seen,
            self.guard,
        ):
            box.setAccessibleName(box.text().replace("&&", "&"))
        self.number.setAccessibleName(self.tr("Recommendations each"))

    def chosen(self) -> Export:
        """What was chosen."""
        page = self._page
        users: tuple[int, ...] | None = None
        people = page.people if self.edits.isChecked() else ()
        if self.one.isChecked():
            users = (page.user,) if page.user >= 0 else ()
            people = tuple(person for person in people if person.user == page.user)
        elif self.changed.isChecked():
            users = tuple(person.user for person in people if person.user >= 0)
        elif self.saved.isChecked():
            users, people = (), tuple(person for person in page.people if person.saved)
        return Export(
            users,
            people,
            self.number.value(),
            self.seen.isChecked(),
            page.filter if self.filter.isChecked() else "",
            tuple(name for name, chip in self.columns.items() if chip.isChecked()),
            self.separator.currentData(),
            self.mark.isChecked(),
            not self.guard.isChecked(),
            page.rules if self.rules.isChecked() else NO_RULES,
            self.what.currentData(),
            self.condition.text().strip() if self.everybody.isChecked() else "",
            page.moment if self.moment.isChecked() else None,
            self.files.value() if self.files.isEnabled() else 1,
            self.ending.currentData(),
            self._cluster if not self.where.isHidden() and self.where.currentData() else None,
        )

    def _add_what(self, form: QFormLayout) -> None:
        self.what = ChoiceBox()
        self.what.setAccessibleName(self.tr("What to export"))
        for title, what in (
            (self.tr("recommendations"), "recommendations"),
            (self.tr("similar items of each item"), "similar"),
            (self.tr("vectors of the items"), "item-vectors"),
            (self.tr("vectors of the users"), "user-vectors"),
        ):
            self.what.addItem(title, what)
        self.what.currentIndexChanged.connect(self._what_follows)
        form.addRow(self.tr("What"), self.what)

    def _add_condition(self, form: QFormLayout) -> None:
        """A line for the condition that users meet, where they have features."""
        features = self._page.user_features
        self.condition = QLineEdit()
        self.condition.setAccessibleName(self.tr("Only users who meet"))
        self.condition.setPlaceholderText(
            self.tr("for example: {feature} contains …").format(feature=next(iter(features), ""))
        )
        self.condition.setToolTip(
            plain_tooltip(
                self.tr("“age >= 30”, “city one of Rome, Oslo” or “job contains teacher”; there are: {names}").format(
                    names=", ".join(features)
                )
            )
        )
        self.condition.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.problem = Text("", "small", "bad", wrap=True)
        self.problem.hide()
        self.condition.textChanged.connect(self._check)
        if features:
            form.addRow(self.tr("who meet"), self.condition)
            form.addRow("", self.problem)

    def _check(self) -> None:
        """Say where the condition cannot be read."""
        text, said = self.condition.text().strip(), ""
        if text and self.everybody.isChecked():
            try:
                condition = parse_condition(text)
                if condition.feature and condition.feature not in self._page.user_features:
                    names = ", ".join(self._page.user_features)
                    said = self.tr("Users have no “{name}”; there are: {names}.").format(
                        name=condition.feature, names=names
                    )
            except RecdeskError as error:
                said = words.together(translated(error.sentence), translated(error.suggestion))
        self.problem.setText(said)
        self.problem.setVisible(bool(said))
        self.accept_button.setEnabled(not said)

    def _what_follows(self) -> None:
        """Only recommendations are for people, and only they and similar items are tables."""
        what = self.what.currentData()
        lists = what == "recommendations"
        for box in (
            self.everybody,
            self.one,
            self.changed,
            self.saved,
            self.seen,
            self.filter,
            self.condition,
            self.moment,
            self.files,
        ):
            box.setEnabled(lists)
        for control in (self.number, self.rules, self.guard, self.separator, self.mark):
            control.setEnabled(lists or (what == "similar" and control in (self.number, self.rules)))
        for chip in self.columns.values():
            chip.setEnabled(lists)
        self.edits.setEnabled(lists)
        self._files_follow()
        if lists:
            self._columns_follow()
            self._edits_follow()

    def _add_people(self, form: QFormLayout) -> None:
        page = self._page
        new = sum(person.user < 0 for person in page.people)
        everybody = self.tr("all users ({n})").format(n=f"{page.n_users:,}")
        more = translated(Message("export.and-new-people", count=new)) if new else ""
        self.everybody = QRadioButton(words.together(everybody, more))
        self.everybody.setChecked(True)
        only = self.tr("only user {id}") if page.user >= 0 else self.tr("only {id}")
        self.one = QRadioButton(only.format(id=page.name.replace("&", "&&")))
        self.one.setVisible(bool(page.name))
        self.changed = QRadioButton(translated(Message("export.these-edited-people", count=len(page.people))))
        names = [person.name for person in page.people[:_NAMED]]
        self.changed.setToolTip(words.listed(names + ["…"] * (len(page.people) > _NAMED)))
        saved = [person.name for person in page.people if person.saved]
        self.saved = QRadioButton(translated(Message("export.saved-people", count=len(saved))))
        self.saved.setToolTip(plain_tooltip(words.listed(saved[:_NAMED] + ["…"] * (len(saved) > _NAMED))))
        self.saved.setVisible(bool(saved))
        self.edits = QCheckBox(translated(Message("export.with-edits", count=len(page.people))))
        self.edits.setChecked(True)
        for box in (self.changed, self.edits):
            box.setVisible(bool(page.people))
        for button in (self.everybody, self.one, self.changed, self.saved):
            button.toggled.connect(self._edits_follow)
        form.addRow(self.tr("For"), self.everybody)
        form.addRow("", self.one)
        form.addRow("", self.changed)
        if saved:
            form.addRow("", self.saved)
        form.addRow("", self.edits)

    def _add_form_of_file(self, form: QFormLayout) -> None:
        self.columns: dict[str, Chip] = {}
        box = QVBoxLayout()
        box.setSpacing(6)
        names = [*COLUMNS, *(name for name in self._page.features if name not in COLUMNS)]
        for begin in range(0, len(names), _CHIPS_IN_A_ROW):
            row = QHBoxLayout()
            row.setSpacing(6)
            for name in names[begin : begin + _CHIPS_IN_A_ROW]:
                chip = self.columns[name] = Chip(name, checkable=True)
                chip.setChecked(name in COLUMNS[:5])
                chip.toggled.connect(self._columns_follow)
                row.addWidget(chip)
            row.addStretch(1)
            box.addLayout(row)
        form.addRow(self.tr("Columns"), box)
        self.separator = ChoiceBox()
        self.separator.setAccessibleName(self.tr("Between cells of a CSV"))
        for name, mark in ((self.tr("comma"), ""), (self.tr("semicolon"), ";"), (self.tr("tab"), "\t")):
            self.separator.addItem(name, mark)
        self.mark = QCheckBox(self.tr("mark as UTF-8 for Excel"))
        self.mark.setToolTip(self.tr("Begin CSV and TSV with the byte order mark, by which Excel knows UTF-8"))
        self.mark.setChecked(True)
        self.mark.setAccessibleName(self.mark.text())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.separator)
        row.addWidget(self.mark)
        row.addStretch(1)
        form.addRow(self.tr("CSV"), row)

    def _add_files(self, form: QFormLayout) -> None:
        """How many files, and their form where there are several: that of one follows from its name."""
        self.files = QSpinBox()
        self.files.setRange(1, MOST_FILES)
        self.files.setSpecialValueText(self.tr("one file"))
        self.files.setSuffix(self.tr(" files"))
        self.files.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.files.setMinimumWidth(_FILES_WIDTH)
        self.files.setAccessibleName(self.tr("Number of files"))
        self.files.setToolTip(
            plain_tooltip(
                self.tr(
                    "Several files are computed side by side and stand in a folder. What was interrupted goes on with "
                    "the files that are missing when it is exported into the same folder again."
                )
            )
        )
        self.ending = ChoiceBox()
        self.ending.setAccessibleName(self.tr("Form of the files"))
        for title, ending in (("CSV", ".csv"), ("TSV", ".tsv"), ("JSON lines", ".jsonl"), ("Parquet", ".parquet")):
            self.ending.addItem(title, ending)
        self.where = ChoiceBox()
        self.where.setAccessibleName(self.tr("Compute the files on"))
        self.where.addItem(self.tr("on this computer"), False)
        self.where.addItem(self.tr("on the cluster"), True)
        if self._cluster is not None:
            what = self.tr("Where the files are computed. Those of a cluster are fetched as they end.")
            named = self.tr("The cluster is {host}; see Settings.").format(host=self._cluster.host)
            self.where.setToolTip(plain_tooltip(words.together(what, named)))
        self.files.valueChanged.connect(self._files_follow)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.files)
        row.addWidget(self.ending)
        row.addWidget(self.where)
        row.addStretch(1)
        form.addRow(self.tr("Files"), row)

    def _files_follow(self) -> None:
        """Several files have a form and a folder, and are computed here or on the cluster."""
        several = self.files.isEnabled() and self.files.value() > 1
        self.ending.setVisible(several)
        self.where.setVisible(several and self._cluster is not None)
        self.accept_button.setText(self.tr("Choose folder…") if several else self.tr("Choose file…"))

    def _columns_follow(self) -> None:
        """A file has one column at least."""
        chosen = [chip for chip in self.columns.values() if chip.isChecked()]
        for chip in self.columns.values():
            chip.setEnabled(chosen != [chip])

    def _edits_follow(self) -> None:
        """Who exists by edits alone is exported with them."""
        self.condition.setEnabled(self.everybody.isChecked())
        self._check()
        needed = self.changed.isChecked() or self.saved.isChecked() or (self.one.isChecked() and self._page.user < 0)
        self.edits.setEnabled(not needed)
        if needed:
            self.edits.setChecked(True)

    def _add_restrictions(self, form: QFormLayout) -> None:
        page = self._page
        self.number = QSpinBox()
        self.number.setRange(1, 1000)
        self.number.setValue(page.n)
        self.number.setMinimumHeight(theme.CONTROL_HEIGHT)
        matching = translated(Message("count.items", count=page.n_matching))
        filtered = self.tr("with the filter “{text}” ({items})").format(text=page.filter, items=matching)
        self.filter = QCheckBox(filtered.replace("&", "&&"))
        self.filter.setChecked(bool(page.filter))
        self.filter.setVisible(bool(page.filter))
        sentences = [translated(sentence) for sentence in page.rules.sentences]
        self.rules = QCheckBox(translated(Message("export.with-rules", count=len(sentences))))
        self.rules.setToolTip(plain_tooltip("\n".join(sentences)))
        self.rules.setChecked(bool(sentences))
        self.rules.setVisible(bool(sentences))
        self.seen = QCheckBox(self.tr("leave out what they have already taken"))
        self.seen.setChecked(page.exclude_seen)
        self.guard = QCheckBox(self.tr("keep spreadsheets from running ids as formulas"))
        self.guard.setToolTip(
            self.tr(
                "In CSV and TSV, ids that begin with =, +, - or @ get an apostrophe in front. Without it they stay as "
                "they are, so that other programs can join them. Parquet and JSON lines always hold them as they are."
            )
        )
        self.guard.setChecked(True)
        as_of = "" if page.moment is None else moment_text(page.moment)
        self.moment = QCheckBox(self.tr("as of {moment}, from what was known then").format(moment=as_of))
        self.moment.setChecked(bool(as_of))
        self.moment.setVisible(bool(as_of))
        form.addRow(self.tr("Recommendations each"), self.number)
        for box in (self.filter, self.rules, self.moment, self.seen, self.guard):
            form.addRow("", box)
