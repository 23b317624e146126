"""The Runs page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.evaluation.measured import Measured
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
from recdesk.gui.pages.runs.runs_table import RunRow, RunsTable
from recdesk.gui.pages.runs.views import RunViews
from recdesk.gui.session import Session
from recdesk.gui.starting import begin_run
from recdesk.gui.training_controller import ready
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card, EmptyState
from recdesk.gui.widgets.files import ask_for_file
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.text import Text
from recdesk.monitor.curves import RunCurves
from recdesk.training.config import TextConfig
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import ACTIVE, Run

MORE = ("package.save", "package.open", "runs.reproduce", "runs.export-model", "package.import-model")
_ROW = 26
_LIST_HEIGHT = 102 + 5 * _ROW  # five runs at least


@dataclass(frozen=True)
class RunSelection:
    """The selected runs: the current one first, title and curves by run id, and hashes of their protocols."""

    runs: tuple[Run, ...]
    curves: dict[str, tuple[str, RunCurves]]
    protocols: set[str]

    def curves_of(self, run: Run) -> RunCurves:
        """Of a run; empty ones if they were not read."""
        return self.curves.get(run.id, ("", RunCurves()))[1]


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
        self._rows: list[RunRow] = []
        self._kept: Kept = {}
        self._commands = PageCommands(self)
        self._compare_next = False
        self._buttons()
        self._assemble()
        self._connect()
        self._update_buttons()

    def entered(self) -> None:
        """Read the runs again, as other processes may have added some."""
        self.reload()

    def kept(self) -> Kept:
        """See `Page.kept`."""
        run, head = self.chosen(), self.table.horizontalHeader()
        return {
            **super().kept(),
            "rows": self._rows,
            "current": run.id if run is not None else None,
            "selected": {run.id for run in self.selected()},
            "sorted": (head.sortIndicatorSection(), head.sortIndicatorOrder()),
            "dataset": self.filter.currentData(),
            "search": self.search.text(),
            "view": self.views.view,
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
        if kept["rows"]:
            self._show_rows([RunRow.of(row.run) for row in kept["rows"]])
            self.table.sortByColumn(*kept["sorted"])
        self.compare.axis.setCurrentIndex(kept["axis"])
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
            return [RunRow.of(run) for run in workspace.runs(damaged)], damaged

        self.session.jobs.run(
            self.tr("Reading runs"), work, self._show_read, self._not_read, visible=False, replaces="runs.list"
        )

    def chosen(self) -> Run | None:
        """The run of the current row, as it was when the list was read."""
        index = self.table.chosen()
        return self.table.rows[index].run if 0 <= index < len(self.table.rows) else None

    def resume(self) -> None:
        """Resume the chosen run."""
        run = self.chosen()
        if run is None or self.session.training.state != "idle" or self.session.read_only:
            return
        self.session.choose_run(run.id)
        self.session.go("train")
        begin_run(self.session, lambda: ready(run.folder, resume=True))

    def recommend(self) -> None:
        """Recommend with the chosen run."""
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

        if path is None:
            path = ask_for_file(self, self.tr("Export metrics"), "metrics.csv")
            if path is None:
                return
        target, runs = path, [row.run for row in self.table.rows]
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
        self.reporter.write([run for run in self.views.runs if run.metrics])

    def remove(self) -> None:
        """Move the chosen runs that have ended to the trash, after asking."""
        self.run_actions.remove([run for run in self.selected() if run.state not in ACTIVE])

    def selected(self) -> list[Run]:
        """The runs of the selected rows, in shown order; the current one if none is selected."""
        rows = [self.table.rows[index].run for index in self.table.selected()]
        current = self.chosen()
        return rows or ([current] if current is not None else [])

    def chosen_runs(self) -> list[Run]:
        """See `Page.chosen_runs`."""
        return self.selected()

    def _show_more(self) -> None:
        """What else can be done with runs, as a menu."""
        show_menu(self.session, MORE, self, self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def label(self) -> None:
        """Ask for name, tags and note of the chosen run."""
        run = self.chosen()
        if run is not None and not self.session.read_only:
            self.run_actions.label(run)

    def _buttons(self) -> None:
        self.remove_button = self.head.add_button(self.tr("Remove…"), self.remove)
        self.export_button = self.head.add_button(self.tr("Export metrics…"), lambda: self.export_metrics())
        self.report_button = self.head.add_button(self.tr("Report…"), self.write_report)
        self.more_button = self.head.add_button(self.tr("More…"), self._show_more)
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
        self.body.addWidget(self._stack)

    def _list_card(self) -> Card:
        card = Card(self.tr("All runs"))
        card.setMinimumHeight(_LIST_HEIGHT)
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.filter = ChoiceBox()
        self.filter.setAccessibleName(self.tr("Show runs of"))
        self.filter.setMinimumWidth(180)
        self.filter.currentIndexChanged.connect(self._filter)
        self.count = Chip("", fact=True)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("search runs"))
        self.search.setAccessibleName(self.tr("Search runs"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(160)
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
        for widget in (self.label_chip, self.columns_chip, self.trash_chip, self.search):
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
        run = self.table.rows[index].run
        self.run_actions.save(run, run.labels.starred(not run.labels.star))

    def _connect(self) -> None:
        self.session.runs_changed.connect(self.reload)
        self.session.datasets_changed.connect(self.reload)
        self.session.training.state_changed.connect(self._update_buttons)
        self.table.star_clicked.connect(self._star)
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
        before, several = self.chosen(), {self.table.rows[index].run.id for index in self.table.selected()}
        current = before.id if before is not None else self._kept.pop("current", None)
        several = several or self._kept.pop("selected", several)
        self._rows = rows
        self._fill_filter()
        self._stack.setCurrentIndex(1 if rows else 0)
        self.head.set_facts(
            self.tr("%n run(s); Ctrl+click to compare", "", len(rows)) if rows else ""
        )
        asked, self.session.asked_runs = self.session.asked_runs, ()
        if asked:
            self.search.clear()
            self.filter.setCurrentIndex(0)
            several, self._compare_next = set(asked), True
        self._filter()
        wanted = asked[0] if asked else current or self.session.run_id
        ids = [row.run.id for row in self.table.rows]
        if ids:
            current = ids.index(wanted) if wanted in ids else 0
            self.table.choose_several([i for i, run_id in enumerate(ids) if run_id in several], current)
        self._update_buttons()

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
        self.table.show_rows([row for row in self._rows if wanted in (None, row.dataset) and row.has(text)])
        self.count.setText(f"{len(self.table.rows):,}")

    def _selected(self) -> None:
        self._update_buttons()
        selected = [self.table.rows[index].run for index in self.table.selected()[:MOST]]
        current = self.chosen() or (selected[0] if selected else None)
        if not selected or current is None:
            return
        runs = [current, *(run for run in selected if run.id != current.id)]

        def work(_context: JobContext) -> RunSelection:
            curves = {run.id: (words.run_title(run), curves_of(run)) for run in runs[:MOST]}
            read = tuple(Run.read(run.folder) for run in runs[:MOST])
            protocols = {str(run.protocol["hash"]) for run in read if run.protocol}
            return RunSelection(read, curves, protocols)

        self.session.jobs.run(self.tr("Reading runs"), work, self._show, visible=False, replaces="runs.shown")

    def _show(self, shown: RunSelection) -> None:
        self.figures.show_runs(shown.runs)
        self.details.show_runs(shown.runs, {run.id: shown.curves_of(run).damaged_lines for run in shown.runs})
        self._show_steps(shown)
        self.views.show_runs(shown.runs)
        if self._compare_next and len(shown.runs) > 1:
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
        run, idle = self.chosen(), self.session.training.state == "idle"
        writable = not self.session.read_only
        ended = run is not None and run.state not in ACTIVE
        self.recommend_button.setEnabled(run is not None and run.has_model and ended)
        self.recommend_button.setToolTip("" if ended else self.tr("It recommends when its training has ended"))
        self.resume_button.setVisible(run is not None and run.resumable)
        self.resume_button.setEnabled(idle and writable)
        self.again_button.setEnabled(run is not None and run.config is not None and writable)
        self.export_button.setEnabled(bool(self.table.rows))
        self.report_button.setEnabled(run is not None and bool(run.metrics))
        self.remove_button.setEnabled(writable and any(each.state not in ACTIVE for each in self.selected()))
        self.label_chip.setEnabled(writable and run is not None)
        self.trash_chip.setEnabled(writable)


def metrics_table(runs: Sequence[Run]) -> tuple[list[str], list[list[object]]]:
    """All metrics of runs and their baselines: a row for each run, model and part."""
    names: dict[str, None] = {}
    entries: list[tuple[Run, str, str, dict[str, float]]] = []
    for run in runs:
        for model, parts in {run.kind: run.metrics, **run.baselines}.items():
            for part, figures in parts.items():
                names |= dict.fromkeys(figures)
                entries.append((run, model, part, figures))
    header = ["run", "dataset", "protocol", "state", "model", "part", *names, "caveats"]
    rows: list[list[object]] = [
        [
            run.id,
            run.dataset_title,
            run.protocol.get("hash", ""),
            run.state,
            model,
            part,
            *(f.get(n, "") for n in names),
            " ".join(counted.sentences) if (counted := Measured.read(run.notes, part)) else "",
        ]
        for run, model, part, f in entries
    ]
    return header, rows
