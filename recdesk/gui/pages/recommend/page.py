"""The Recommend page."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui import theme, words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Command, Page
from recdesk.gui.pages.recommend.export_dialog import ExportDialog
from recdesk.gui.pages.recommend.history_card import History, HistoryCard
from recdesk.gui.pages.recommend.item_dialogs import ItemDialog, MeaningSearch, NewItemDialog
from recdesk.gui.pages.recommend.live import Answer, Request, add_item, answer, load, rows_of
from recdesk.gui.pages.recommend.top_card import TopCard, WhyCard
from recdesk.gui.pages.recommend.users_card import UserList, UsersCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import EmptyState
from recdesk.gui.widgets.files import ask_for_file
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.text import Text
from recdesk.workspace.runs import ACTIVE, Run

if TYPE_CHECKING:
    from recdesk.recommend.export import Exported
    from recdesk.recommend.recommender import Explanation, LiveModel


class RecommendPage(Page):
    """Any user's history beside their top-N, the reasons for it, and what edits of the history change."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "recommend", "")
        self.head.set_title(self.tr("Recommendations"))
        self.setAccessibleName(self.tr("Recommendations"))
        self.model: LiveModel | None = None
        self.run: Run | None = None
        self.history = History(self)
        self.users = UsersCard(session.jobs)
        self.history_card = HistoryCard(self.history)
        self.top = TopCard()
        self.why = WhyCard()
        self._runs: list[Run] = []
        self._version: str | None = None
        self._unread = False
        self._failed_to_open = False
        self._buttons()
        self._assemble()
        self._connect()
        self._refresh()

    def entered(self) -> None:
        """Load the chosen run, or the newest one that has a model."""
        self._list_runs()
        self._say_edits()

    def commands(self) -> Mapping[str, Command]:
        """See `Page.commands`."""

        def has_model() -> bool:
            return self.model is not None

        return {
            "recommend.export": Command(self.export, has_model),
            "recommend.undo": Command(self.history.undo, lambda: self.history.can_undo),
            "recommend.find": Command(self.find_user, has_model),
        }

    def show_run(self, run: Run) -> None:
        """Load a run's model in a job, then list its users."""
        self.run, self.model = run, None
        self._clear()
        self._refresh()
        self.session.jobs.run(
            self.tr("Opening {run}").format(run=words.run_title(run)),
            lambda _context: load(run),
            self._opened,
            self._not_opened,
            replaces="recommend.model",
            reads=True,
        )

    def export(self) -> None:
        """Ask what to export and where."""
        if self.model is None:
            return
        dataset = self.model.dataset
        user_id = str(dataset.user_ids[self.history.user]) if self.history.user >= 0 else ""
        seen, note = self.top.seen.isChecked(), self.model.note
        dialog = ExportDialog(user_id, dataset.n_users, self.top.n(), seen, note, self)
        if not dialog.exec():
            return
        from recdesk.recommend.export_forms import ENDINGS

        path = ask_for_file(self, self.tr("Export recommendations"), "recommendations.csv", ENDINGS)
        if path is not None:
            users = [self.history.user] if dialog.one.isChecked() else None
            raw_ids = not dialog.guard.isChecked()
            self.export_to(path, dialog.number.value(), users, dialog.seen.isChecked(), raw_ids)

    def export_to(self, path: Path, n: int, users: list[int] | None, exclude_seen: bool, raw_ids: bool = False) -> None:
        """Write a file in a job, with progress; cancelling leaves an existing file as it was."""
        model = self.model
        assert model is not None

        def work(context: JobContext) -> "Exported":
            from recdesk.recommend.export import export_top_n

            return export_top_n(model, path, n, users, exclude_seen, context, raw_ids)

        job = self.session.jobs.run(self.tr("Writing {file}").format(file=path.name), work, self._exported(path))
        self.cancel_button.show()
        self._export_job = job
        job.progressed.connect(lambda _share, text: self.session.status_changed.emit(text))
        job.ended.connect(lambda _state: self.cancel_button.hide())

    def cancel_export(self) -> None:
        """Cancel the export."""
        self._export_job.cancel()
        self.session.status_changed.emit(self.tr("Export cancelled; nothing was written"))

    def find_user(self) -> None:
        """Put the focus into the search for users."""
        self.users.search.setFocus()
        self.users.search.selectAll()

    def _exported(self, path: Path) -> "Callable[[Exported], None]":
        def done(written: "Exported") -> None:
            rows = translated(Message("count.rows", count=written.rows))
            text = self.tr("{rows} written to {file}").format(rows=rows, file=path)
            self.session.status_changed.emit(f"{text}. {translated(written.note)}" if written.note else text)

        return done

    def _buttons(self) -> None:
        self.run_box = ChoiceBox()
        self.run_box.setAccessibleName(self.tr("Run to recommend with"))
        self.run_box.setMinimumWidth(200)
        self.run_box.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.run_box.activated.connect(lambda index: self.session.choose_run(self._runs[index].id))
        self.head.add_widget(self.run_box)
        self.undo_button = self.head.add_button(self.tr("Undo"), self.history.undo)
        self.cancel_button = self.head.add_button(self.tr("Cancel export"), self.cancel_export)
        self.cancel_button.hide()
        self.export_button = self.head.add_button(self.tr("Export…"), self.export, primary=True)

    def _assemble(self) -> None:
        self.note = Text("", "small", "warning", wrap=True)
        self.note.hide()
        self.body.addWidget(self.note)
        self._stack = QStackedWidget()
        self.empty = EmptyState("", self.tr("Go to Train"), lambda: self.session.go("train"))
        self._stack.addWidget(self.empty)
        full = QWidget()
        row = QHBoxLayout(full)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self.users.setFixedWidth(208)
        row.addWidget(self.users)
        row.addWidget(self.history_card, 5)
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        right.addWidget(self.top, 4)
        right.addWidget(self.why, 3)
        row.addLayout(right, 8)
        self._stack.addWidget(full)
        self.body.addWidget(self._stack)

    def _connect(self) -> None:
        session = self.session
        session.run_changed.connect(self._list_runs)
        session.runs_changed.connect(self._list_runs)
        self.users.user_chosen.connect(self._show_user)
        self.users.new_user.connect(self._show_new_user)
        self.history_card.add_requested.connect(self._add_item)
        self.history_card.wish_changed.connect(lambda _wish: self._recommend())
        self.history.changed.connect(self._recommend)
        self.top.request_changed.connect(self._recommend)
        self.top.item_chosen.connect(self._explain)

    def _list_runs(self) -> None:
        """Runs that can recommend; the chosen one, or the newest, is used."""
        if not self.isVisible():
            return
        workspace = self.session.workspace
        self.session.jobs.run(
            self.tr("Reading runs"),
            lambda _context: (
                [run for run in workspace.runs() if run.has_model and run.state not in ACTIVE],
                {info.name: str(info.facts["hash"]) for info in workspace.datasets()},
            ),
            self._show_runs,
            self._not_read,
            visible=False,
            replaces="recommend.runs",
        )

    def _not_read(self, error: RecdeskError) -> None:
        """Keep the list; if it is empty, do not show the text for no runs, which may be wrong."""
        self._unread = True
        self._refresh()
        self.session.fail(error)

    def _show_runs(self, found: tuple[list[Run], dict[str, str]]) -> None:
        runs, versions = found
        self._runs, self._unread = runs, False
        self.run_box.clear()
        for run in runs:
            self.run_box.addItem(f"{run.dataset_title} · {words.run_title(run)}")
        if not runs:
            self.run = self.model = None
            self._refresh()
            return
        ids = [run.id for run in runs]
        same = [run.id for run in runs if run.dataset_name == self.session.dataset_name]
        wanted = self.session.run_id if self.session.run_id in ids else (same or ids)[0]
        self.run_box.setCurrentIndex(ids.index(wanted))
        run = runs[ids.index(wanted)]
        updated, self._version = self._version != versions.get(run.dataset_name), versions.get(run.dataset_name)
        if self.run is None or self.run.id != wanted or updated:
            self.show_run(run)
        self._refresh()

    def _opened(self, opened: "tuple[LiveModel, UserList]") -> None:
        self.model, users = opened
        model = self.model
        self.history_card.show_dataset(model.dataset, model.reader is not None)
        self.users.show_users(users)
        self._refresh()
        self.users.choose(0)

    def _not_opened(self, error: RecdeskError) -> None:
        self._failed_to_open = True
        self._refresh()
        self.session.fail(error)

    def _clear(self) -> None:
        """Clear users, history and recommendations of another model."""
        self._failed_to_open = False
        for key in ("recommend.top", "recommend.why"):
            self.session.jobs.drop(key)
        self.history.clear()
        self.users.clear()
        self.history_card.clear()
        self.top.clear()
        self.why.clear("")

    def _show_user(self, user: int) -> None:
        if self.model is None:
            return
        dataset = self.model.dataset
        rows = rows_of(dataset, user)
        times = None if dataset.times is None else dataset.times[rows].tolist()
        self.history.show_user(user, dataset.items[rows].tolist(), times)

    def _show_new_user(self) -> None:
        self.users.choose_none()
        self.history.show_user(-1, [], None)

    def _add_item(self) -> None:
        model = self.model
        if model is None:
            return
        meaning = MeaningSearch(self.session, model) if model.reader is not None else None
        dialog = ItemDialog(model.dataset, self.session.jobs, self, meaning)
        result, code = dialog.exec(), dialog.code()
        dialog.deleteLater()
        if result == ItemDialog.NEW:
            self.new_item()
        elif result and code:
            self.history.add(code)

    def new_item(self) -> None:
        """Ask for a new item, which no user has taken yet."""
        if self.model is not None and self.model.takes_new_items:
            dialog = NewItemDialog(self.model.dataset, self)
            accepted, item_id, features = dialog.exec(), dialog.item_id.text().strip(), dialog.features()
            dialog.deleteLater()
            if accepted:
                self.add_new_item(item_id, features)

    def add_new_item(self, item_id: str, features: dict[str, str]) -> None:
        """Store a new item with the run; it is ranked once the model is loaded again."""
        run = self.run
        assert run is not None

        def added(_done: None) -> None:
            self.session.status_changed.emit(self.tr("Added “{item}”").format(item=item_id))
            self.show_run(run)

        title = self.tr("Adding “{item}”").format(item=item_id)
        self.session.jobs.run(title, lambda _context: add_item(run, item_id, features), added)

    def _recommend(self) -> None:
        self.undo_button.setEnabled(self.history.can_undo)
        self._say_edits()
        model = self.model
        if model is None:
            return
        request = Request(
            tuple(self.history.codes),
            tuple(self.history.original),
            self.top.n(),
            self.top.seen.isChecked(),
            self.top.filter.text(),
            self._wish(model),
        )
        self.session.jobs.run(
            self.tr("Recommending"),
            lambda _context: answer(model, request),
            lambda result: self._show_answer(model, result),
            visible=False,
            replaces="recommend.top",
        )

    def _wish(self, model: "LiveModel") -> str:
        """The wish in words; "" for models that read no texts."""
        return self.history_card.wish.text().strip() if model.reader is not None else ""

    def _show_answer(self, model: "LiveModel", result: Answer) -> None:
        self.top.show_top(result.items, result.before, model.dataset, result.milliseconds)

    def _explain(self, code: int) -> None:
        self.session.jobs.drop("recommend.why")
        model = self.model
        if model is None or not code:
            self.why.clear("")
            return
        wish = self._wish(model)
        if not self.history.codes and not wish:
            self.why.clear(self.tr("Without a history, this is what people take in general."))
            return
        codes, exclude = list(self.history.codes), self.top.seen.isChecked()

        def work(_context: JobContext) -> "Explanation":
            return model.explain(codes, code, exclude, wish)

        self.session.jobs.run(
            self.tr("Explaining"), work, self.why.show_explanation, visible=False, replaces="recommend.why"
        )

    def _say_edits(self) -> None:
        removed = len(self.history.original) - len(self.history.codes)
        if not self.history.edited:
            text = ""
        elif removed > 0:
            text = self.tr("history edited: {n} removed").format(n=removed)
        elif removed < 0:
            text = self.tr("history edited: {n} added").format(n=-removed)
        else:
            text = self.tr("history edited")
        self.session.status_changed.emit(text)

    def _refresh(self) -> None:
        self._stack.setCurrentIndex(1 if self.run is not None else 0)
        if self._unread:
            self.empty.set_text(self.tr("The runs cannot be read just now."), with_action=False)
        elif self.session.training.state == "idle":
            self.empty.set_text(
                self.tr("There is no trained model yet. Train one, and everybody's recommendations are here.")
            )
        else:
            self.empty.set_text(
                self.tr("A model is being trained. Everybody's recommendations are here when it is done.")
            )
        for button in (self.export_button, self.run_box):
            button.setVisible(self.run is not None)
        note = translated(self.model.note) if self.model is not None and self.model.note else ""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.undo_button.setVisible(self.run is not None)
        self.undo_button.setEnabled(self.history.can_undo)
        self.export_button.setEnabled(self.model is not None)
        self.head.set_facts(self._facts())

    def _facts(self) -> str:
        run = self.run
        if run is None:
            return ""
        if self._failed_to_open:
            return self.tr("{run} could not be opened").format(run=words.run_title(run))
        if self.model is None:
            return self.tr("Opening {run}…").format(run=words.run_title(run))
        parts = [self.tr("generated example, not real people")] if run.synthetic else []
        every = run.metrics
        figures = every.get("test") or every.get("validation") or {}
        if "ndcg@10" in figures:
            limits = [translated(sentence) for sentence in run.measured.limits] if run.measured else []
            parts += [f"NDCG@10 {figures['ndcg@10']:.3f}", *(limits[:1] or [words.found(figures)])]
        return " · ".join(parts)
