"""The Runs page."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui import theme, words
from recdesk.gui.context_menu import show_menu
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Command, Kept, Page
from recdesk.gui.pages.runs.cards import DetailsCard, FiguresCard, StepsCard
from recdesk.gui.pages.runs.curves_card import MOST, CurvesCard
from recdesk.gui.pages.runs.page_commands import OF_RUN, PageCommands
from recdesk.gui.pages.runs.reporting import Reporter
from recdesk.gui.pages.runs.run_actions import RunActions
from recdesk.gui.pages.runs.runs_table import RunRow, RunsTable, rows_of
from recdesk.gui.pages.runs.selection import RunSelection
from recdesk.gui.pages.runs.serving import RunServing
from recdesk.gui.pages.runs.views import RunViews
from recdesk.gui.session import Session
from recdesk.gui.starting import resume_run
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card, EmptyState
from recdesk.gui.widgets.files import ask_for_file
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.text import Text
from recdesk.training.config import TextConfig
from recdesk.workspace.runs import ACTIVE, Run

MORE = (
    "package.save",
    "package.open",
    "runs.reproduce",
    "runs.export-model",
    "package.import-model",
    "runs.serve",
    "runs.serve-stop",
)
_ROW = 26
_LIST_HEIGHT = 102 + 5 * _ROW  # five runs at least


class RunsPage(Page):
    """Every run of the workspace: its curves and figures, and what can be done with it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "runs", "")
        self.head.set_title(self.tr("Runs"))
        self.setAccessibleName(self.tr("Runs"))
        self.table = RunsTable(session.preferences)
        self.figures, self.details, self.compare = FiguresCard(), DetailsCard(), CurvesCard()
        self.steps = StepsCard()
        self.steps_known = False
        self.reporter, self.run_actions = Reporter(session, self), RunActions(session, self)
        self.serving = RunServing(session, self, self.chosen)
        self._rows: list[RunRow] = []
        self._kept: Kept = {}
        self._follows, self._followed = False, session.run_id
        self._commands = PageCommands(self)
        self._compare_next = False
        self._buttons()
        self._assemble()
        self._connect()
        self._update_buttons()

    def entered(self) -> None:
        """Read the runs again, as other processes may have added some; one begun or chosen elsewhere is shown."""
        self._follows = True
        self.reload()

    def kept(self) -> Kept:
        """See `Page.kept`."""
        row, head = self.chosen_row(), self.table.horizontalHeader()
        return {
            **super().kept(),
            "rows": self._rows,
            "current": row.key if row is not None else None,
            "selected": set(self.selected_keys()),
            "unfolded": self.table.unfolded,
            "sorted": (head.sortIndicatorSection(), head.sortIndicatorOrder()),
            "dataset": self.filter.currentData(),
            "search": self.search.text(),
            "view": self.views.view,
            "made": self.views.made,
            "steps": self.parts.currentIndex(),
            "axis": self.compare.axis.currentIndex(),
            "zoom": self.compare.plot.zoom(),
        }

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self._kept = dict(kept)
        if kept["dataset"] is not None:
            self.filter.addItem(kept["dataset"], kept["dataset"])
            self.filter.setCurrentIndex(self.filter.count() - 1)
        self.search.setText(kept["search"])
        self.table.unfolded |= kept["unfolded"]
        if kept["rows"]:
            self._show_rows(kept["rows"])
            self.table.sortByColumn(*kept["sorted"])
        self.compare.axis.setCurrentIndex(kept["axis"])
        self.views.make(kept["made"])  # positions are restored in a tree that is alike
        self.views.choose(kept["view"])
        super().take(kept)

    def commands(self) -> Mapping[str, Command]:
        """See `Page.commands`."""
        return self._commands.all()

    def command_words(self) -> list[str] | None:
        """See `Page.command_words`: of the comparison of the chosen runs, or of the figures of the chosen one."""
        return self._commands.shown()

    def _show_menu(self, at: QPoint) -> None:
        show_menu(self.session, OF_RUN, self, self.table.viewport().mapToGlobal(at))

    def reload(self) -> None:
        """Read the runs again, in a job."""
        workspace = self.session.workspace

        def work(_context: JobContext) -> tuple[list[RunRow], list[RecdeskError]]:
            damaged: list[RecdeskError] = []
            return rows_of(workspace.runs(damaged)), damaged

        self.session.jobs.run(
            self.tr("Reading runs"), work, self._show_read, self._not_read, visible=False, replaces="runs.list"
        )

    def chosen(self) -> Run | None:
        """The run of the current row, as it was when the list was read; of a group the one that stands for it."""
        row = self.chosen_row()
        return None if row is None else row.run

    def chosen_row(self) -> RunRow | None:
        """The current row."""
        index = self.table.chosen()
        return self.table.rows[index] if 0 <= index < len(self.table.rows) else None

    def resume(self) -> None:
        """Resume the chosen run; one of a group, or a group, with all that is left of it."""
        row = self.chosen_row()
        if row is None or self.session.training.state != "idle" or self.session.read_only:
            return
        self.session.choose_run(row.run.id)
        self.session.go("train")
        resume_run(self.session, row.run, with_study=False)

    def recommend(self) -> None:
        """Recommend with the chosen run; of a group with its first one that has finished."""
        run = self.chosen()
        if run is not None:
            self.session.recommend_with(run.id)

    def new_from_this(self) -> None:
        """Take the settings of the chosen run to the Train page."""
        run = self.chosen()
        if run is None or run.config is None:
            return
        self.session.choose_run(run.id)
        self.session.offer_settings(run.config, run.split)

    def export_metrics(self, path: Path | None = None) -> None:
        """Write the figures of the runs shown to a CSV."""
        from recdesk.data.safe_csv import write_table
        from recdesk.gui.pages.runs.metrics_table import metrics_table

        if path is None:
            path = ask_for_file(self, self.tr("Export metrics"), "metrics.csv")
            if path is None:
                return
        target, runs = path, [run for row in self.table.rows if not row.parent for run in row.inside]
        self.session.jobs.run(
            self.tr("Writing {file}").format(file=target.name),
            lambda _context: write_table(target, *metrics_table(runs)),
            lambda count: self.session.status_changed.emit(
                self.tr("{rows} written to {file}").format(
                    rows=translated(Message("count.rows", count=count)), file=target
                )
            ),
        )

    def write_report(self) -> None:
        """Write a report of the chosen run, or of the comparison of those that are chosen."""
        self.reporter.write([entry.entry for entry in self.views.entries if entry.run.metrics])

    def remove(self) -> None:
        """Move the chosen runs that have ended to the trash, after asking."""
        self.run_actions.remove([run for run in self.selected() if run.state not in ACTIVE])

    def selected(self) -> list[Run]:
        """The runs of the selected rows, all those of a group, in shown order; the current one if none is selected."""
        return list({run.id: run for row in self.selected_rows() for run in row.runs}.values())

    def selected_rows(self) -> list[RunRow]:
        """The selected rows, in shown order; the current one if none is selected."""
        rows = [self.table.rows[index] for index in self.table.selected()]
        current = self.chosen_row()
        return rows or ([current] if current is not None else [])

    def selected_keys(self) -> list[str]:
        """Ids of the selected runs and groups, in shown order."""
        return [row.key for row in self.selected_rows()]

    def show_seeds(self) -> None:
        """Unfold the current group or study, or fold it."""
        row = self.chosen_row()
        if row is not None:
            self._fold(self.table.rows.index(row))

    def chosen_runs(self) -> list[Run]:
        """See `Page.chosen_runs`."""
        return self.selected()

    def _show_more(self) -> None:
        """What else can be done with runs, as a menu."""
        show_menu(self.session, MORE, self, self.more_chip.mapToGlobal(self.more_chip.rect().bottomLeft()))

    def label(self) -> None:
        """Ask for name, tags and note of the chosen run."""
        row = self.chosen_row()
        if row is not None and not self.session.read_only:
            self.run_actions.label(row.labelled)

    def _buttons(self) -> None:
        self.remove_button = self.head.add_button(self.tr("Remove…"), self.remove)
        self.export_button = self.head.add_button(self.tr("Export metrics…"), lambda: self.export_metrics())
        self.report_button = self.head.add_button(self.tr("Report…"), self.write_report)
        self.again_button = self.head.add_button(self.tr("New run from this"), self.new_from_this)
        self.resume_button = self.head.add_button(self.tr("Resume"), self.resume)
        self.recommend_button = self.head.add_button(self.tr("Recommendations ›"), self.recommend, primary=True)

    def _assemble(self) -> None:
        self._stack = QStackedWidget()
        self.empty = EmptyState("", self.tr("Train a model"), lambda: self.session.go("train"))
        self.empty.set_text("", with_action=False)  # nothing is known yet
        self._stack.addWidget(self.empty)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self._list_card(), 2)
        overview = QWidget()
        lower = QHBoxLayout(overview)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(theme.GAP)
        self.parts = QStackedWidget()
        self.parts.addWidget(self.figures)
        self.parts.addWidget(self.steps)
        self.figures.steps.clicked.connect(lambda: self.parts.setCurrentWidget(self.steps))
        self.steps.back.clicked.connect(lambda: self.parts.setCurrentWidget(self.figures))
        lower.addWidget(self.parts, 1)
        lower.addWidget(self.compare, 1)
        self.views = RunViews(self.session, overview, self.details)
        column.addWidget(self.views, 5)
        self._stack.addWidget(full)
        self.damaged = Text("", "small", "warning", wrap=True)
        self.damaged.hide()
        self.body.addWidget(self.damaged)
        self.body.addWidget(self.serving.notice)
        self.body.addWidget(self._stack)

    def _list_card(self) -> Card:
        card = Card(self.tr("All runs"))
        card.setMinimumHeight(_LIST_HEIGHT)
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.filter = ChoiceBox()
        self.filter.setAccessibleName(self.tr("Show runs of"))
        self.filter.setMinimumWidth(150)
        self.filter.currentIndexChanged.connect(self._filter)
        self.count = Chip("", fact=True)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("search runs"))
        self.search.setAccessibleName(self.tr("Search runs"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(130)
        self.search.setMinimumHeight(theme.DENSE_CONTROL_HEIGHT)
        self.search.textChanged.connect(self._filter)
        self.label_chip = Chip(self.tr("name, tags…"))
        self.label_chip.setToolTip(self.tr("Name, tags and note of the chosen run"))
        self.label_chip.clicked.connect(self.label)
        self.columns_chip = Chip(self.tr("columns…"))
        self.columns_chip.clicked.connect(self._ask_columns)
        self.trash_chip = Chip(self.tr("trash…"))
        self.trash_chip.setToolTip(self.tr("Put removed runs back"))
        self.trash_chip.clicked.connect(self.run_actions.ask_trash)
        self.more_chip = Chip(self.tr("more…"))
        self.more_chip.setToolTip(self.tr("Runs as one file, models as folders, reproducing a run, serving it"))
        self.more_chip.clicked.connect(self._show_more)
        for widget in (self.label_chip, self.columns_chip, self.trash_chip, self.more_chip, self.search):
            card.head.addWidget(widget)
        card.head.addWidget(self.filter)
        card.head.addWidget(self.count)
        card.body.addWidget(self.table, 1)
        return card

    def _ask_columns(self) -> None:
        menu = self.table.column_menu()
        menu.exec(self.columns_chip.mapToGlobal(self.columns_chip.rect().bottomLeft()))
        menu.deleteLater()

    def _star(self, index: int) -> None:
        run = self.table.rows[index].labelled
        self.run_actions.save(run, run.labels.starred(not run.labels.star))

    def _connect(self) -> None:
        self.session.runs_changed.connect(self.reload)
        self.session.datasets_changed.connect(self.reload)
        self.session.training.state_changed.connect(self._update_buttons)
        self.table.star_clicked.connect(self._star)
        self.table.fold_clicked.connect(self._fold)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._selected())

    def _not_read(self, error: RecdeskError) -> None:
        """Keep the list; if it is empty, do not show the text for no runs, which may be wrong."""
        self.empty.set_text(self.tr("The runs cannot be read just now."), with_action=False)
        self.session.fail(error)

    def _show_read(self, read: tuple[list[RunRow], list[RecdeskError]]) -> None:
        rows, damaged = read
        self.damaged.setText(
            "\n".join(words.together(translated(error.sentence), translated(error.suggestion)) for error in damaged)
        )
        self.damaged.setVisible(bool(damaged))
        self._show_rows(rows)

    def _show_rows(self, rows: list[RunRow]) -> None:
        self.empty.set_text(self.tr("Nothing has been trained yet."))
        before = self.chosen_row()
        current = before.key if before is not None else self._kept.pop("current", None)
        several = set(self.selected_keys()) if before is not None else set()
        several = several or self._kept.pop("selected", several)
        wanted, follows, self._follows = self.session.run_id, self._follows, False
        if follows and wanted != self._followed and len(several) < 2 and any(row.holds(wanted) for row in rows):
            current, several = wanted, set()
        self._followed = wanted if follows else self._followed
        self._rows = rows
        self._fill_filter()
        self._stack.setCurrentIndex(1 if rows else 0)
        count = sum(len(row.inside) for row in rows)
        self.head.set_facts(self.tr("%n run(s); Ctrl+click to compare", "", count) if rows else "")
        asked, self.session.asked_runs = self.session.asked_runs, ()
        if asked:
            self.search.clear()
            self.filter.setCurrentIndex(0)
            several, self._compare_next = set(asked), True
            self.table.unfolded |= {row.key for row in rows if row.folds and _folded_in(row) & several}
        self._filter()
        self._choose(asked[0] if asked else current or self.session.run_id, several)
        self._update_buttons()

    def _choose(self, wanted: str | None, several: set[str]) -> None:
        """Make a run or group current, a group for a run that is folded in it, and select several."""
        rows = self.table.rows
        if rows:
            keys = [row.key for row in rows]
            inside = (at for at, row in enumerate(rows) if row.holds(wanted))
            current = keys.index(wanted) if wanted in keys else next(inside, 0)
            self.table.choose_several([at for at, key in enumerate(keys) if key in several], current)

    def _fold(self, index: int) -> None:
        """Unfold a group or study, or fold it; nothing for a single run."""
        row = self.table.rows[index]
        if row.folds:
            self.table.unfolded ^= {row.key}
            self._filter()
            self._choose(row.key, set())

    def _fill_filter(self) -> None:
        chosen = self.filter.currentData()
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.addItem(self.tr("all datasets"), None)
        for title in dict.fromkeys(row.dataset for row in self._rows):
            self.filter.addItem(title, title)
        self.filter.setCurrentIndex(max(self.filter.findData(chosen), 0))
        self.filter.blockSignals(False)

    def _filter(self) -> None:
        wanted = self.filter.currentData()
        text = self.search.text()
        shown = [row for row in self._rows if wanted in (None, row.dataset) and row.has(text)]
        self.table.show_rows(shown)
        self.count.setText(f"{len(shown):,}")

    def _selected(self) -> None:
        self._update_buttons()
        selected = [self.table.rows[index] for index in self.table.selected()[:MOST]]
        current = self.chosen_row() or (selected[0] if selected else None)
        if not selected or current is None:
            return
        rows = [current, *(row for row in selected if row.key != current.key)]
        title = self.tr("Reading runs")
        self.session.jobs.run(
            title, lambda _context: RunSelection.read(rows, MOST), self._show, visible=False, replaces="runs.shown"
        )

    def _show(self, shown: RunSelection) -> None:
        if not shown.entries:  # all were removed meanwhile: the list says so soon
            return
        self.figures.show_runs(shown.entries)
        self.details.show_runs(shown.runs, {run.id: shown.curves_of(run).damaged_lines for run in shown.runs})
        self._show_steps(shown)
        self.views.show_runs(shown.entries)
        if self._compare_next and len(shown.entries) > 1:
            self._compare_next = False
            self.views.choose(3)
        self.compare.show_runs(list(shown.curves.values()), shown.protocols)
        if self.steps_known and (at := self._kept.pop("steps", None)) is not None:
            self.parts.setCurrentIndex(at)
        self.compare.plot.show_zoom(self._kept.pop("zoom", None))

    def _show_steps(self, shown: RunSelection) -> None:
        """Show time and metrics of each step, for runs with the text method."""
        config = shown.runs[0].config
        curves = shown.curves_of(shown.runs[0])
        known = len(shown.runs) == 1 and isinstance(config, TextConfig) and curves.method.applies
        self.figures.steps.setVisible(known)
        self.steps_known = known
        if known and isinstance(config, TextConfig):
            self.steps.show_steps(curves.method.shown(config.skipped), curves.caveats)
        else:
            self.parts.setCurrentWidget(self.figures)

    def _update_buttons(self, _state: str = "") -> None:
        row, idle = self.chosen_row(), self.session.training.state == "idle"
        run = None if row is None else row.run
        writable = not self.session.read_only
        ended = run is not None and run.state not in ACTIVE
        self.recommend_button.setEnabled(run is not None and run.has_model and ended)
        self.recommend_button.setToolTip("" if ended else self.tr("It recommends when its training has ended"))
        self.resume_button.setVisible(row is not None and row.resumable)
        self.resume_button.setEnabled(idle and writable)
        self.again_button.setEnabled(run is not None and run.config is not None and writable)
        self.export_button.setEnabled(bool(self.table.rows))
        self.report_button.setEnabled(run is not None and bool(run.metrics))
        self.remove_button.setEnabled(writable and any(each.state not in ACTIVE for each in self.selected()))
        self.label_chip.setEnabled(writable and run is not None)
        self.trash_chip.setEnabled(writable)


def _folded_in(row: RunRow) -> set[str]:
    """Ids of the runs that stand below a row when it is unfolded."""
    return {member.run.id for member in row.members()}
