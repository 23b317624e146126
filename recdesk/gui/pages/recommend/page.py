"""The Recommend page."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QStackedWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.context_menu import show_menu
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Command, Kept, Page
from recdesk.gui.pages.recommend.added_items import ItemChanges
from recdesk.gui.pages.recommend.columns import Columns
from recdesk.gui.pages.recommend.edit_store import EditStore
from recdesk.gui.pages.recommend.export_dialog import OnPage
from recdesk.gui.pages.recommend.exporting import Exporter
from recdesk.gui.pages.recommend.history import History
from recdesk.gui.pages.recommend.history_card import HistoryCard
from recdesk.gui.pages.recommend.item_dialogs import ItemDialog, MeaningSearch
from recdesk.gui.pages.recommend.item_page import ItemPages, OnItemPage
from recdesk.gui.pages.recommend.live import Answer, ItemRequest, Opened, Request, answer, explained, load
from recdesk.gui.pages.recommend.page_commands import OF_ITEM, PageCommands
from recdesk.gui.pages.recommend.page_words import edits_in_words, emptiness_in_words, run_in_words
from recdesk.gui.pages.recommend.rules_control import RulesControl
from recdesk.gui.pages.recommend.run_choice import RunBox, best_run
from recdesk.gui.pages.recommend.top_card import TopCard
from recdesk.gui.pages.recommend.users_card import UsersCard
from recdesk.gui.pages.recommend.why_card import WhyCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import EmptyState
from recdesk.gui.widgets.text import Text
from recdesk.workspace.runs import ACTIVE, Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.text_queries import NewItem


class RecommendPage(Page):
    """Any user's history beside their top-N, the reasons for it, and what edits of the history change."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "recommend", "")
        self.head.set_title(self.tr("Recommendations"))
        self.head.place_facts_below()
        self.setAccessibleName(self.tr("Recommendations"))
        self.model: LiveModel | None = None
        self.run: Run | None = None
        self.history = History(self)
        self.users = UsersCard(session.jobs)
        self.history_card = HistoryCard(self.history)
        self.steering = RulesControl(session, self)
        self.top = TopCard()
        self.why = WhyCard()
        self.exporter = Exporter(session, self)
        self.items = ItemPages(session, self, self._on_item_page, self.steering.block, self._show_user_named)
        self.item_changes = ItemChanges(session, self)
        self._runs: list[Run] = []
        self._version: str | None = None
        self._unread = False
        self._failed_to_open = False
        self._person = ""
        self._n_matching = 0
        self._set_aside = ""
        self._last: Opened | None = None
        self._edits = EditStore(session)
        self._commands = PageCommands(self)
        self._buttons()
        self._assemble()
        self._connect()
        self._refresh()

    def entered(self) -> None:
        """Load the run that was asked for, or the best one of the current dataset."""
        self._list_runs()
        self._say_edits()

    def kept(self) -> Kept:
        """See `Page.kept`: the model too, which takes seconds to open."""
        ready = self.model is not None
        return {
            **super().kept(),
            "run": self.run if ready else None,
            "opened": self._last if ready else None,
            "version": self._version,
            "edits": self._edits,
            "history": self.history.kept() if ready else None,
            "person": self.history.name(self.history.user) if ready else self._person,
            "set aside": self._set_aside,
            "rules": self.steering.rules,
            "users": self.users.kept(),
            "top": self.top.kept(),
        }

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.top.take(kept["top"])
        self._edits, self._person, self._version = kept["edits"], kept["person"], kept["version"]
        if kept["run"] is not None:
            self.run, self._set_aside = kept["run"], kept["set aside"]
            self._show_model(kept["opened"])
            self.history.take(kept["history"])
            self.steering.use(kept["rules"])
            self._refresh()
            self.users.take(kept["users"])
            user = self.history.user_named(self._person) or 0
            self.users.choose(user)
            if self.history.user != user:  # not among those that are found
                self.history.show(user)
        super().take(kept)

    def commands(self) -> Mapping[str, Command]:
        """See `Page.commands`."""
        return self._commands.all()

    def command_words(self) -> list[str] | None:
        """See `Page.command_words`: of the recommendations on the page, without edits."""
        return self._commands.recommend()

    def show_run(self, run: Run) -> None:
        """Load a run's model in a job, then list its users."""
        self.run, self.model = run, None
        workspace = self.session.workspace
        self._clear()
        self._refresh()
        self.session.jobs.run(
            self.tr("Opening {run}").format(run=words.run_title(run)),
            lambda _context: load(run, workspace),
            self._opened,
            self._not_opened,
            replaces="recommend.model",
            reads=True,
        )

    def export(self) -> None:
        """Ask what to export and where."""
        if self.model is not None:
            self.exporter.run_id = self.run.id if self.run is not None else ""
            self.exporter.ask(self.model, self._on_page(self.model), self)

    def _on_page(self, model: "LiveModel") -> OnPage:
        """What the page shows, for the dialog of the export."""
        return OnPage(
            self.history.user,
            self.history.name(self.history.user),
            model.dataset.n_users,
            self.top.n(),
            self.top.seen.isChecked(),
            self.top.filter.text().strip(),
            self._n_matching,
            tuple(self.history.people()),
            model.note,
            self.steering.rules,
            tuple(str(name) for name in model.dataset.item_features.columns),
        )

    def _on_item_page(self) -> OnItemPage | None:
        """For whom, and under which rules, items are looked at."""
        model, history = self.model, self.history
        if model is None:
            return None
        return OnItemPage(model, self._item_request(model), history.name(history.user))

    def _item_request(self, model: "LiveModel", code: int = 0) -> ItemRequest:
        rules = self.steering.rules.with_text(self.top.filter.text())
        return ItemRequest(tuple(self.history.codes), self.top.seen.isChecked(), self._wish(model), rules, code)

    def _show_user_named(self, name: str) -> None:
        user = self.history.user_named(name)
        if user is not None:
            self.users.search.clear()
            self.users.choose(user)

    def _buttons(self) -> None:
        self.run_box = RunBox()
        self.run_box.run_chosen.connect(self.session.recommend_with)
        self.head.add_widget(self.run_box)
        self.head.add_widget(self.steering.chip)
        self.undo_button = self.head.add_button(self.tr("Undo"), self.history.undo)
        self.redo_button = self.head.add_button(self.tr("Redo"), self.history.redo)
        self.cancel_button = self.head.add_button(self.tr("Cancel export"), self.exporter.cancel)
        self.cancel_button.hide()
        self.export_button = self.head.add_button(self.tr("Export…"), self.export, primary=True)

    def _assemble(self) -> None:
        self.note = Text("", "small", "warning", wrap=True)
        self.note.hide()
        self.body.addWidget(self.note)
        self._stack = QStackedWidget()
        self.empty = EmptyState("", self.tr("Go to Train"), lambda: self.session.go("train"))
        self._stack.addWidget(self.empty)
        self.splitter = Columns(self.session.preferences, self.users, self.history_card, self.top, self.why)
        self._stack.addWidget(self.splitter)
        self.body.addWidget(self._stack)

    def _connect(self) -> None:
        session = self.session
        for changed in (session.run_changed, session.dataset_changed, session.runs_changed):
            changed.connect(self._list_runs)
        self.users.user_chosen.connect(self._show_user)
        self.users.new_user.connect(self._show_new_person)
        self.users.discard_requested.connect(self._discard)
        self.history_card.add_requested.connect(self._add_item)
        self.history_card.discard_requested.connect(lambda: self._discard(self.history.user))
        self.history.changed.connect(self._recommend)
        self.history.people_changed.connect(self._keep_edits)
        added = self.history_card.added
        added.edit_requested.connect(self._edit_added)
        added.remove_requested.connect(lambda item: self._change_added(item, add=False))
        added.put_back_requested.connect(lambda item: self._change_added(item, add=True))
        self.item_changes.changed.connect(self._items_changed)
        self.exporter.busy.connect(self.cancel_button.setVisible)
        self.top.request_changed.connect(self._recommend)
        self.steering.changed.connect(self._recommend)
        self.items.of_table(self.top.table, lambda row: self.top.codes[row])
        self.items.of_table(self.history_card.table, lambda row: self.history.codes[-1 - row])
        self.items.of_table(self.why.table, self.why.code)
        self.top.item_chosen.connect(self._explain)
        self.top.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.top.table.customContextMenuRequested.connect(self._show_menu)
        self.session.item_asked.connect(self.top.filter.setText)

    def _show_menu(self, at: QPoint) -> None:
        show_menu(self.session, OF_ITEM, self, self.top.table.viewport().mapToGlobal(at))

    def _list_runs(self) -> None:
        """Read the runs that can recommend, then use one of them."""
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
        dataset = self.session.dataset_name or next((run.dataset_name for run in runs), None)
        run = self._wanted(runs, dataset)
        self.run_box.show_runs(runs, dataset, run.id if run is not None else None)
        if run is None:
            self.run = self.model = None
            self._clear()
        else:
            version = versions.get(run.dataset_name)
            updated, self._version = self._version != version, version
            if self.run is None or self.run.id != run.id or updated:
                self.show_run(run)
            elif self.model is not None:
                self._choose_asked()
        self._refresh()

    def _wanted(self, runs: list[Run], dataset: str | None) -> Run | None:
        """The run that was asked for if it is of the dataset, else the best of the dataset."""
        asked = next((run for run in runs if run.id == self.session.asked_run), None)
        if asked is not None and (asked.id == self.session.run_id or asked.dataset_name == dataset):
            return asked
        return best_run(runs, dataset) if dataset is not None else None

    def _opened(self, opened: Opened) -> None:
        self._show_model(opened)
        self._restore_edits(opened.model, opened.edits)
        self._refresh()
        self.splitter.share_width()
        self.users.choose(self.history.user_named(self._person) or 0)
        self._choose_asked()

    def _show_model(self, opened: Opened) -> None:
        """Show a model's users and added items."""
        self._last = opened
        model = self.model = opened.model
        if self.run is not None:
            self.steering.open(self.run, model, opened.rules)
        self.users.show_users(opened.users)
        self.history_card.show_dataset(model.dataset, model.reader is not None)
        self.history_card.added.show_items(opened.added, model.dataset.title_column)

    def _choose_asked(self) -> None:
        """Choose the person that another page asked for."""
        person, self.session.asked_person = self.session.asked_person, ""
        user = self.history.user_named(person) if person else None
        if user is not None:
            self.users.choose(user)

    def _not_opened(self, error: RecdeskError) -> None:
        self._failed_to_open = True
        self._refresh()
        self.session.fail(error)

    def _clear(self) -> None:
        """Clear users, history and recommendations of another model."""
        self._failed_to_open = False
        self._person = self.history.name(self.history.user) or self._person
        for key in ("recommend.top", "recommend.why"):
            self.session.jobs.drop(key)
        self.history.clear()
        self.users.show_changed([])
        self.users.clear()
        self.history_card.clear()
        self.top.clear()
        self.why.clear("")

    def _show_user(self, user: int) -> None:
        if self.model is not None:
            self.history.show(user)

    def _show_new_person(self) -> None:
        if self.model is not None:
            self.users.choose(self.history.new_person())

    def _discard(self, user: int) -> None:
        """Discard a person's edits, or a new person."""
        shown = self.history.user
        self.history.discard(user)
        if user < 0 and user == shown:
            self.users.choose(0)

    def _keep_edits(self) -> None:
        """List edited people, and store their edits."""
        run = self.run
        self.users.show_changed(self.history.people())
        if run is not None and self.model is not None:
            self._edits.store(run.dataset_name, self.history.records())

    def _restore_edits(self, model: "LiveModel", stored: list[dict[str, Any]]) -> None:
        """Take the edits; say how many cannot be used with this model."""
        assert self.run is not None
        records = self._edits.of(self.run.dataset_name, stored)
        lacking = self.history.open(model.dataset, records)
        name = words.run_title(self.run)
        self._set_aside = Message("recommend.edits-set-aside", count=lacking, run=name) if lacking else ""

    def _add_item(self) -> None:
        model, run = self.model, self.run
        if model is None or run is None:
            return
        meaning = MeaningSearch(self.session, model) if model.reader is not None else None
        dialog = ItemDialog(model.dataset, self.session.jobs, self, meaning)
        result, code = dialog.exec(), dialog.code()
        dialog.deleteLater()
        if result == ItemDialog.NEW:
            self.item_changes.ask(run, model)
        elif result and code:
            self.history.add(code)

    def _edit_added(self, item: "NewItem") -> None:
        if self.run is not None and self.model is not None:
            self.item_changes.edit(self.run, self.model, item)

    def _change_added(self, item: "NewItem", add: bool) -> None:
        """Take an added item back, or add it again."""
        if self.run is not None:
            self.item_changes.add(self.run, item.item_id, item.features) if add else self.item_changes.remove(
                self.run, item
            )

    def _items_changed(self, run: Run, removed: "NewItem | None") -> None:
        """Load the model again with the items that were added or changed."""
        if self.run is not None and self.run.id == run.id:
            self.history_card.added.expect_removal(removed)
            self.show_run(run)

    def _recommend(self) -> None:
        self._enable_undo()
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
            self.steering.rules,
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
        return self.history.wish if model.reader is not None else ""

    def _show_answer(self, model: "LiveModel", result: Answer) -> None:
        self._n_matching = result.n_matching
        self.top.show_top(result.items, result.before, model.dataset, result.milliseconds, result.notes)

    def _explain(self, code: int) -> None:
        self.session.jobs.drop("recommend.why")
        model = self.model
        if model is None or not code:
            self.why.clear("")
            return
        if not (self.history.codes or self._wish(model)):
            self.why.clear(self.tr("Without a history, this is what people take in general."))
            return
        asked, n = self._item_request(model, code), self.top.n()
        self.session.jobs.run(
            self.tr("Explaining"),
            lambda _context: explained(model, asked, n),
            lambda found: self.why.show_explanation(*found, n),
            visible=False,
            replaces="recommend.why",
        )

    def _enable_undo(self) -> None:
        for button, possible in ((self.undo_button, self.history.can_undo), (self.redo_button, self.history.can_redo)):
            button.setVisible(self.run is not None)
            button.setEnabled(possible)

    def _say_edits(self) -> None:
        self.session.status_changed.emit(edits_in_words(self.history))

    def _refresh(self) -> None:
        self._stack.setCurrentIndex(1 if self.run is not None else 0)
        busy = self.session.training.state != "idle"
        self.empty.set_text(emptiness_in_words(self._unread, busy, bool(self._runs)), with_action=not self._unread)
        self.export_button.setVisible(self.run is not None)
        self.steering.chip.setVisible(self.run is not None)
        self.run_box.setVisible(bool(self._runs))
        note = words.together(translated(self.model.note), translated(self._set_aside)) if self.model else ""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._enable_undo()
        self.export_button.setEnabled(self.model is not None)
        self.head.set_facts(run_in_words(self.run, self.model is not None, self._failed_to_open))
