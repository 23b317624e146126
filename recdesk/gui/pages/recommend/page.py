"""The Recommend page."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QStackedWidget

from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.context_menu import show_menu
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Command, Kept, Page
from recdesk.gui.pages.recommend.attention_dialog import AttentionDialog
from recdesk.gui.pages.recommend.columns import Columns
from recdesk.gui.pages.recommend.export_dialog import OnPage
from recdesk.gui.pages.recommend.exporting import Exporter
from recdesk.gui.pages.recommend.history_card import HistoryCard
from recdesk.gui.pages.recommend.item_page import ItemPages, OnItemPage
from recdesk.gui.pages.recommend.live import Answer, ItemRequest, Opened, Request, answer, explained, words_of
from recdesk.gui.pages.recommend.map_control import MapControl, OnMap
from recdesk.gui.pages.recommend.page_commands import OF_ITEM, PageCommands
from recdesk.gui.pages.recommend.page_words import edits_in_words, emptiness_in_words, run_in_words
from recdesk.gui.pages.recommend.person_edits import PersonEdits
from recdesk.gui.pages.recommend.rules_control import RulesControl
from recdesk.gui.pages.recommend.run_choice import RunBox
from recdesk.gui.pages.recommend.run_comparison import ForWhom, RunComparison
from recdesk.gui.pages.recommend.run_loader import RunLoader
from recdesk.gui.pages.recommend.top_card import TopCard
from recdesk.gui.pages.recommend.users_card import UsersCard
from recdesk.gui.pages.recommend.why_card import WhyCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import EmptyState
from recdesk.gui.widgets.text import Text
from recdesk.recommend.map_files import Marks
from recdesk.recommend.side_by_side import Asked
from recdesk.workspace.runs import Run

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
        self.loader = RunLoader(session, self)
        self.edits = PersonEdits(session, self)
        self.history = self.edits.history
        self.users = UsersCard(session.jobs)
        self.history_card = HistoryCard(self.history)
        self.steering = RulesControl(session, self)
        self.top = TopCard()
        self.why = WhyCard()
        self.comparison = RunComparison(session, self)
        self.exporter = Exporter(session, self)
        self.items = ItemPages(session, self, self._on_item_page, self.steering.block, self._show_user_named)
        self.map = MapControl(session, self, self._on_map, self.items.open, self.steering.block)
        self._n_matching = 0
        self.attends = False
        self._several_shown = False
        self._commands = PageCommands(self)
        self._buttons()
        self._assemble()
        self._connect()
        self._refresh()

    @property
    def run(self) -> Run | None:
        """The run that recommends."""
        return self.loader.run

    @property
    def model(self) -> "LiveModel | None":
        """Of the run; None until it is open."""
        return self.loader.model

    def entered(self) -> None:
        """Load the run that was asked for, or the best one of the current dataset."""
        self._list_runs()
        self._say_edits()

    def kept(self) -> Kept:
        """See `Page.kept`: the model too, which takes seconds to open."""
        return {
            **super().kept(),
            "loader": self.loader.kept(),
            "edits": self.edits.kept(),
            "compared": self.comparison.run_ids[1:] if self.comparison.active else [],
            "rules": self.steering.rules,
            "users": self.users.kept(),
            "top": self.top.kept(),
        }

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.top.take(kept["top"])
        opened = self.loader.take(kept["loader"])
        self.edits.take(kept["edits"])
        if opened is not None:
            self._show_opened(opened)
            self.steering.use(kept["rules"])
            self._refresh()
            self.users.take(kept["users"])
            user = self.edits.last_shown()
            self.users.choose(user)
            if self.history.user != user:  # not among those that are found
                self.history.show(user)
            if kept["compared"]:
                self.comparison.compare_with(kept["compared"])
        super().take(kept)

    def commands(self) -> Mapping[str, Command]:
        """See `Page.commands`."""
        return self._commands.all()

    def command_words(self) -> list[str] | None:
        """See `Page.command_words`: of the recommendations on the page, without edits."""
        return self._commands.recommend()

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
            tuple(str(name) for name in model.dataset.user_features.columns),
            self.history.moment,
        )

    def _on_map(self) -> OnMap | None:
        """What is marked on the map of the items."""
        run, model, history = self.run, self.model, self.history
        if run is None or model is None:
            return None
        return OnMap(
            run, model, Marks(history.name(history.user), tuple(history.read.items.tolist()), tuple(self.top.codes))
        )

    def _on_item_page(self) -> OnItemPage | None:
        """For whom, and under which rules, items are looked at."""
        model, history = self.model, self.history
        if model is None:
            return None
        return OnItemPage(model, self._item_request(model), history.name(history.user))

    def _item_request(self, model: "LiveModel", code: int = 0) -> ItemRequest:
        rules = self.steering.rules.with_text(self.top.filter.text())
        return ItemRequest(self.history.read, self.top.seen.isChecked(), self.edits.wish(), rules, code)

    def _show_user_named(self, name: str) -> None:
        user = self.history.user_named(name)
        if user is not None:
            self.users.search.clear()
            self.users.choose(user)

    def _buttons(self) -> None:
        self.run_box = RunBox()
        self.run_box.run_chosen.connect(self.session.recommend_with)
        self.head.add_widget(self.run_box)
        self.head.add_widget(self.comparison.chip)
        self.head.add_widget(self.steering.chip)
        self.map_button, self.undo_button, self.redo_button = chips = (
            Chip(self.tr("map…")),
            Chip(self.tr("undo")),
            Chip(self.tr("redo")),
        )
        for chip, action in zip(chips, (self.map.open, self.history.undo, self.history.redo), strict=True):
            chip.clicked.connect(action)
            self.head.add_widget(chip)
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
        self.top.place_columns(self.comparison.view)
        self.splitter = Columns(self.session.preferences, self.users, self.history_card, self.top, self.why)
        self._stack.addWidget(self.splitter)
        self.body.addWidget(self._stack)

    def _connect(self) -> None:
        session = self.session
        for changed in (session.run_changed, session.dataset_changed, session.runs_changed):
            changed.connect(self._list_runs)
        self.loader.closed.connect(self._clear)
        self.loader.opened.connect(self._opened)
        self.loader.listed.connect(self._show_runs)
        self.loader.changed.connect(self._refresh)
        self.users.user_chosen.connect(self._show_user)
        self.users.new_user.connect(self._show_new_person)
        self.users.discard_requested.connect(self._discard)
        self.history_card.add_requested.connect(self.edits.ask_for_item)
        self.history_card.discard_requested.connect(lambda: self._discard(self.history.user))
        self.history_card.save_requested.connect(self._save_person)
        self.history.changed.connect(self._recommend)
        self.history.people_changed.connect(lambda: self.users.show_changed(self.history.people()))
        added = self.history_card.added
        added.edit_requested.connect(self.edits.edit_added)
        added.remove_requested.connect(self.edits.remove_added)
        added.put_back_requested.connect(self.edits.put_back)
        self.edits.items_changed.connect(self._items_changed)
        self.exporter.busy.connect(self.cancel_button.setVisible)
        self.top.request_changed.connect(self._recommend)
        self.steering.changed.connect(self._recommend)
        self.comparison.changed.connect(self._show_comparison)
        self.comparison.outdated.connect(self._compare)
        self.items.of_table(self.top.table, lambda row: self.top.codes[row])
        self.items.of_table(self.history_card.table, self.history_card.code)
        self.items.of_table(self.why.table, self.why.code)
        self.top.item_chosen.connect(self._explain)
        self.top.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.top.table.customContextMenuRequested.connect(self._show_menu)
        self.why.words_requested.connect(self._find_words)
        self.session.item_asked.connect(self.top.filter.setText)

    def _show_menu(self, at: QPoint) -> None:
        show_menu(self.session, OF_ITEM, self, self.top.table.viewport().mapToGlobal(at))

    def _list_runs(self) -> None:
        if self.isVisible():
            self.loader.look()

    def _show_runs(self) -> None:
        run = self.run
        self.run_box.show_runs(self.loader.runs, self.loader.dataset, run.id if run is not None else None)
        self.comparison.offer(self.loader.runs)
        if self.model is not None:
            self._choose_asked()

    def _opened(self, opened: Opened) -> None:
        assert self.run is not None
        self.edits.open(self.run, opened.model, opened.edits)
        self._show_opened(opened)
        self._refresh()
        self.splitter.share_width(self.comparison.active)
        self.users.choose(self.edits.last_shown())
        self._choose_asked()

    def _show_opened(self, opened: Opened) -> None:
        """Show the users of a model and the items that were added to its run."""
        run, model = self.run, opened.model
        assert run is not None
        self.steering.open(run, model, opened.rules, opened.identity)
        self.users.show_users(opened.users)
        self.users.show_changed(self.history.people())
        self.comparison.open(run, model, self.loader.runs)
        self.history_card.show_dataset(model.dataset, model.reader is not None, opened.users)
        self.why.offer_words(opened.has_words)
        self.attends = opened.attends
        self.history_card.added.show_items(opened.added, model.dataset.title_column)

    def _choose_asked(self) -> None:
        """Choose the person that another page asked for."""
        person, self.session.asked_person = self.session.asked_person, ""
        user = self.history.user_named(person) if person else None
        if user is not None:
            self.users.choose(user)

    def _clear(self) -> None:
        """Clear users, history and recommendations of another model."""
        for key in ("recommend.top", "recommend.why", "recommend.words"):
            self.session.jobs.drop(key)
        self.map.close()
        self.edits.close()
        self.comparison.close()
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
        if self.edits.discard(user) and user < 0 and user == shown:
            self.users.choose(0)

    def _save_person(self) -> None:
        saved = self.edits.ask_for_name()
        if saved is not None:
            self.users.search.clear()
            self.users.choose(saved)

    def _items_changed(self, run: Run, removed: "NewItem | None") -> None:
        """Load the model again with the items that were added or changed."""
        if self.run is not None and self.run.id == run.id:
            self.history_card.added.expect_removal(removed)
            self.loader.open(run)

    def _recommend(self) -> None:
        self._enable_undo()
        self._say_edits()
        model = self.model
        if model is None:
            return
        request = Request(
            self.history.read,
            self.history.edited or self.history.moment is not None,
            tuple(self.history.original),
            self.top.n(),
            self.top.seen.isChecked(),
            self.top.filter.text(),
            self.edits.wish(),
            self.steering.rules,
        )
        self.session.jobs.run(
            self.tr("Recommending"),
            lambda _context: answer(model, request),
            lambda result: self._show_answer(model, result),
            visible=False,
            replaces="recommend.top",
        )
        self._compare()

    def _compare(self) -> None:
        """Make the lists of all runs that are compared."""
        model, history = self.model, self.history
        if model is None or not self.comparison.active:
            return
        read = history.read
        asked = Asked(
            tuple(model.dataset.item_ids[read.items - 1]),
            self.top.n(),
            self.top.seen.isChecked(),
            history.wish,
            self.steering.rules.with_text(self.top.filter.text()),
            self.comparison.view.measured.isChecked(),
            () if read.times is None else tuple(read.times.tolist()),
            history.moment,
        )
        self.comparison.show(ForWhom(asked, history.name(history.user) if history.user >= 0 else ""))

    def _show_comparison(self) -> None:
        """Show the lists of several runs, or the list of one with the reasons."""
        several = self.comparison.active
        if several == self._several_shown:
            return
        self._several_shown = several
        self.top.show_columns(several)
        self.why.setVisible(not several)
        self.history_card.show_titles_alone(several)
        self.splitter.share_width(several)
        self._recommend()

    def _show_answer(self, model: "LiveModel", result: Answer) -> None:
        self._n_matching = result.n_matching
        self.top.show_top(result.items, result.before, model.dataset, result.milliseconds, result.notes)
        self.map.follow()

    def _explain(self, code: int) -> None:
        for key in ("recommend.why", "recommend.words"):
            self.session.jobs.drop(key)
        model = self.model
        if model is None or not code or self.comparison.active:
            self.why.clear("")
            return
        if not (len(self.history.read) or self.edits.wish()):
            self.why.clear(self.tr("Without a history, this is what people take in general."))
            return
        asked, n = self._item_request(model, code), self.top.n()
        self.session.jobs.run(
            self.tr("Explaining"),
            lambda _context: explained(model, asked, n),
            lambda found: self.why.show_explanation(*found, n, self.history.ratings),
            visible=False,
            replaces="recommend.why",
        )

    def show_attention(self) -> None:
        """Show what the model attends to for the item that is explained."""
        model, code = self.model, self.top.code
        if model is not None and code:
            dialog = AttentionDialog(self.session, model, self._item_request(model, code), self)
            dialog.exec()
            dialog.deleteLater()

    def _find_words(self) -> None:
        """Find the words that carry the item that is explained."""
        model, code = self.model, self.top.code
        if model is None or not code or model.reader is None:
            return
        asked = self._item_request(model, code)
        note = Message("words.without-wish") if asked.wish else ""
        self.session.jobs.run(
            self.tr("Weighing words"),
            lambda context: words_of(model, asked, context),
            lambda found: self.why.show_words(found, note),
            replaces="recommend.words",
            reads=True,
        )

    def _enable_undo(self) -> None:
        for button, possible in ((self.undo_button, self.history.can_undo), (self.redo_button, self.history.can_redo)):
            button.setVisible(self.run is not None)
            button.setEnabled(possible)

    def _say_edits(self) -> None:
        self.session.status_changed.emit(edits_in_words(self.history))

    def _refresh(self) -> None:
        loader = self.loader
        self._stack.setCurrentIndex(1 if self.run is not None else 0)
        busy = self.session.training.state != "idle"
        self.empty.set_text(emptiness_in_words(loader.unread, busy, bool(loader.runs)), with_action=not loader.unread)
        self.export_button.setVisible(self.run is not None)
        for chip in (self.steering.chip, self.comparison.chip):
            chip.setVisible(self.run is not None)
        self.run_box.setVisible(bool(loader.runs))
        note = words.together(translated(self.model.note), translated(self.edits.note)) if self.model else ""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._enable_undo()
        for button in (self.export_button, self.map_button):
            button.setEnabled(self.model is not None)
        self.map_button.setVisible(self.run is not None)
        self.head.set_facts(run_in_words(self.run, self.model is not None, loader.failed))
