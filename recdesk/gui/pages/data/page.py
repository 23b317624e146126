"""The Data page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.gui import theme, words
from recdesk.gui.pages.base import Command, Kept, Page
from recdesk.gui.pages.data.add_card import AddCard
from recdesk.gui.pages.data.datasets_card import DatasetsCard
from recdesk.gui.pages.data.health_card import HealthCard
from recdesk.gui.pages.data.published_figures import PublishedFigures
from recdesk.gui.pages.data.report_card import ReportCard
from recdesk.gui.pages.data.split_export import SplitExport
from recdesk.gui.pages.data.summary_card import Summary, SummaryCard
from recdesk.gui.session import Session
from recdesk.gui.starting import add_example
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.cards import Card

if TYPE_CHECKING:
    from recdesk.data.plan import ImportPlan
    from recdesk.gui.pages.data.import_view import ImportView

_SIDE_WIDTH = 320


class DataPage(Page):
    """The datasets of the workspace beside ways to add one; an import under preparation takes the whole page."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "data", "")
        self.head.set_title(self.tr("Data"))
        self.setAccessibleName(self.tr("Data"))
        self.add_card = AddCard(session)
        self.datasets = DatasetsCard(session, lambda: self.add_example(words.example_language()))
        self.split_export, self.published = SplitExport(session, self), PublishedFigures(session, self)
        self.summary = SummaryCard(session)
        self.report = ReportCard(session)
        self.health = HealthCard(session)
        self.details = Details(self.report, self.health)
        self._importing: ImportView | None = None
        self._imported_last: tuple[str, ImportPlan] | None = None  # name of the dataset, and how it was read
        self._home_part = self._home()
        self.body.addWidget(self._home_part, 1)
        self.cancel_button = self.head.add_button(self.tr("Cancel"), self.cancel)
        self.import_button = self.head.add_button(self.tr("Import"), lambda: self.importing.start(), primary=True)
        self.train_button = self.head.add_button(self.tr("Train a model ›"), lambda: session.go("train"), primary=True)
        self._connect()
        self._show_home()

    @property
    def importing(self) -> "ImportView":
        """The import under preparation; created when it is first needed, as it takes as long to load as the window."""
        if self._importing is None:
            from recdesk.gui.pages.data.import_view import ImportView

            self._use(ImportView(self.session))
        assert self._importing is not None
        return self._importing

    def _use(self, view: "ImportView") -> None:
        self._importing = view
        view.hide()
        self.body.addWidget(view, 1)
        view.draft.ready.connect(self._show_import)
        view.draft.changed.connect(self.refresh)
        view.imported.connect(self._imported)
        view.left.connect(self._show_home)
        view.busy_changed.connect(self.refresh)

    def kept(self) -> Kept:
        """See `Page.kept`."""
        importing = None if self._importing is None else self._importing.kept()
        return {
            **super().kept(),
            "importing": importing,
            "preparing": self._preparing,
            "imported last": self._imported_last,
            "shape": self.details.wants_health,
        }

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.details.show_card(self.health if kept["shape"] else self.report)
        self._imported_last = kept["imported last"]
        if kept["importing"] is not None:
            from recdesk.gui.pages.data.import_view import ImportView

            self._use(ImportView(self.session, kept["importing"]["draft"], kept["importing"]["reader"]))
            self.importing.take(kept["importing"])
            self._show_part(int(kept["preparing"]))
            self.refresh()
        super().take(kept)

    @property
    def _busy(self) -> bool:
        return self._importing is not None and self._importing.busy

    @property
    def _preparing(self) -> bool:
        return self._importing is not None and not self._importing.isHidden()

    def entered(self) -> None:
        """Read the datasets again: another process may have added some."""
        self.datasets.refresh()

    def commands(self) -> Mapping[str, Command]:
        """See `Page.commands`."""

        def free() -> bool:
            return not self._busy

        return {
            "data.open": Command(self.add_card.ask_for_files, free),
            "data.update": Command(self.datasets.updating.ask, free),
            "data.remove": Command(self.datasets.ask_to_remove, self.datasets.can_remove, self.datasets.removal_words),
            "data.split": Command(self.split_export.ask, self.split_export.possible, self.split_export.words),
            "data.published": Command(self.published.ask, self.published.possible, self.published.words),
            "data.example.en": Command(lambda: self.add_example("en"), free, lambda: ["example", "--language", "en"]),
            "data.example.zh": Command(lambda: self.add_example("zh"), free, lambda: ["example", "--language", "zh"]),
        }

    def command_words(self) -> list[str] | None:
        """See `Page.command_words`: of the import under preparation."""
        plan = self.importing.draft.plan if self._preparing else None
        if plan is None:
            return None
        from recdesk.data.plan_line import import_words

        return import_words(plan)

    def open_files(self, paths: Sequence[Path]) -> None:
        """Prepare an import of these files (or folders)."""
        if self.session.read_only or self._busy:
            return
        paths = self.session.take_files(paths)
        if not paths:
            return
        self.importing.leave()
        self.importing.rules.reset()
        self.importing.draft.open(paths)

    def cancel(self) -> None:
        """Cancel the import that runs; where none runs, leave its preparation."""
        if self._busy:
            self.importing.cancel()
        elif self._importing is not None:
            self._importing.leave()
            self._show_home()

    def add_example(self, language: str) -> None:
        """Add the built-in example and choose it."""
        self.add_card.set_busy(True)
        job = add_example(self.session, cast(Literal["en", "zh"], language), self.session.choose_dataset)
        job.ended.connect(lambda: self.add_card.set_busy(False))

    def refresh(self) -> None:
        """Show the chosen dataset, and the buttons that apply."""
        preparing = self._preparing
        dataset = self.session.dataset
        self.cancel_button.setVisible(preparing)
        self.import_button.setVisible(preparing)
        self.import_button.setEnabled(preparing and not self._busy and not self.importing.draft.missing())
        self.train_button.setVisible(not preparing and dataset is not None)
        self.add_card.open_button.set_primary(dataset is None)
        if not self._can_import_again():
            self.summary.offer_higher(None)
        self.head.set_facts(self._facts())

    def _home(self) -> QWidget:
        home = QWidget()
        row = QHBoxLayout(home)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self.add_card.setFixedWidth(_SIDE_WIDTH)
        row.addWidget(self.add_card)
        column = QVBoxLayout()
        column.setSpacing(theme.GAP)
        column.addWidget(self.datasets, 2)
        column.addWidget(self.summary)
        column.addWidget(self.details)
        row.addLayout(column, 1)
        return home

    def _connect(self) -> None:
        self.add_card.chosen.connect(self.open_files)
        self.session.files_dropped.connect(self.open_files)
        self.add_card.example.connect(self.add_example)
        self.add_card.setEnabled(not self.session.read_only)
        self.session.dataset_changed.connect(self._dataset_changed)
        self.summary.summarised.connect(self._summarised)
        self.summary.higher_wanted.connect(self.import_higher)
        self._dataset_changed()

    def _dataset_changed(self) -> None:
        session = self.session
        self.summary.setVisible(session.dataset_name is not None)
        self.health.show_health(None)
        self.summary.show_dataset(session.dataset, session.dataset_name)
        self.report.show_dataset(session.dataset, session.dataset_name)
        self.refresh()

    def _summarised(self, summary: Summary) -> None:
        self.health.show_health(summary.health)
        self.summary.offer_higher(summary.least_liked if self._can_import_again() else None)

    def _can_import_again(self) -> bool:
        """Whether the chosen dataset is the one imported last, and its files are still those of the preparation."""
        last, view = self._imported_last, self._importing
        if last is None or view is None or view.draft.plan is None or last[0] != self.session.dataset_name:
            return False
        from recdesk.data.plan import read_alike

        return read_alike(view.draft.plan, last[1])

    def import_higher(self, least: float) -> None:
        """Go back to the import of the chosen dataset with a rule that leaves out lower ratings."""
        if self._imported_last is None or self._busy or not self._can_import_again():
            return
        draft, before = self.importing.draft, self._imported_last[1].name
        title = self.tr("{name}, ratings from {least}").format(name=before, least=f"{least:g}")
        draft.change(min_rating=least, name=title)
        assert draft.plan is not None
        self.importing.rules.form.set_rules(draft.plan.rules)
        self._show_import()

    def _show_import(self) -> None:
        self._show_part(1)
        self.refresh()
        self.importing.preview.show_part("interactions")
        self.import_button.setFocus()

    def _show_part(self, index: int) -> None:
        """Show home (0) or import (1). In a stack the hidden one would take room: its height is that of the
        highest."""
        parts = (self._home_part, self._importing)
        for at in (1 - index, index):
            if (part := parts[at]) is not None:
                part.setVisible(at == index)

    def _show_home(self) -> None:
        self._show_part(0)
        self.refresh()

    def _imported(self, name: str) -> None:
        from recdesk.data.plan_line import import_words

        plan = self.importing.draft.plan
        if plan is not None:
            files = [path for path in (plan.interactions, plan.items, plan.users) if path is not None]
            self.session.preferences.add_recent_import(*dict.fromkeys(files))
            self.session.script.add(import_words(plan))
            self.add_card.refresh()
            self._imported_last = name, plan
        self.importing.leave()
        self._show_home()
        self.session.datasets_changed.emit()
        self.session.choose_dataset(name)

    def _facts(self) -> str:
        plan = self.importing.draft.plan if self._preparing else None
        if plan is not None:
            return self.tr("Check how {folder} is read, then import it.").format(folder=plan.interactions)
        dataset = self.session.dataset
        if dataset is not None:
            return self.tr("{name} is chosen for training and recommending.").format(name=dataset.name)
        if self.session.dataset_name is not None:
            return self.tr("Loading {name}…").format(name=self.session.dataset_name)
        return self.tr("Add what people did: who took what, and when if you know it.")


class Details(QWidget):
    """Shows one of two cards; chips in their heads switch between them where both are filled."""

    def __init__(self, report: ReportCard, health: HealthCard) -> None:
        super().__init__()
        self._report, self._health = report, health
        self._wanted: Card = report
        self.chips: dict[str, list[Chip]] = {"report": [], "shape": []}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for card in (report, health):
            layout.addWidget(card)
            segments = Segments()
            card.head.addWidget(segments)
            for name, title, target in (("report", self.tr("Import"), report), ("shape", self.tr("Shape"), health)):
                chip = Chip(title, tab=True)
                chip.clicked.connect(lambda _checked=False, target=target: self.show_card(target))
                chip.setChecked(target is card)
                self.chips[name].append(chip)
                segments.add(chip)
        report.changed.connect(self.refresh)
        health.changed.connect(self.refresh)
        self.refresh()

    @property
    def wants_health(self) -> bool:
        """Whether the shape of the data is to be shown, where there are both."""
        return self._wanted is self._health

    def show_card(self, card: Card) -> None:
        """Show this card."""
        self._wanted = card
        self.refresh()

    def refresh(self) -> None:
        """Show the wanted card if it is filled, else the other one."""
        filled = [card for card in (self._report, self._health) if card.filled]
        shown = self._wanted if self._wanted in filled else next(iter(filled), None)
        for at, card in enumerate((self._report, self._health)):
            card.setVisible(card is shown)
            for name, target in (("report", self._report), ("shape", self._health)):
                self.chips[name][at].setChecked(target is card)
                self.chips[name][at].setVisible(len(filled) > 1)
        self.setVisible(shown is not None)
