"""The Runs page's part of actions, and the commands that do the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QPushButton

from recdesk.gui.command_lines import report_words, train_words
from recdesk.gui.pages.base import Command
from recdesk.gui.pages.runs.run_actions import RunActions
from recdesk.gui.pages.runs.runs_table import RunRow
from recdesk.gui.pages.runs.serving import RunServing
from recdesk.gui.pages.runs.views import RunViews
from recdesk.gui.widgets.buttons import Chip
from recdesk.workspace.runs import Run

OF_RUN = (
    "runs.recommend",
    "runs.resume",
    "runs.again",
    "runs.reproduce",
    "runs.seeds",
    "runs.compare",
    "runs.report",
    "runs.serve",
    "package.save",
    "runs.label",
    "runs.remove",
)
"""Actions in the menu of a run."""


class RunsShown(Protocol):
    """The page: what it does, and its buttons, which tell whether that is possible now."""

    views: RunViews
    run_actions: RunActions
    recommend_button: QPushButton
    resume_button: QPushButton
    again_button: QPushButton
    report_button: QPushButton
    export_button: QPushButton
    remove_button: QPushButton
    label_chip: Chip
    trash_chip: Chip
    serving: RunServing

    def chosen(self) -> Run | None:
        """The current run."""

    def selected_rows(self) -> list[RunRow]:
        """The chosen runs and groups of seeds."""

    def chosen_row(self) -> RunRow | None:
        """The current one."""

    def show_seeds(self) -> None:
        """Unfold the current group or study, or fold it."""

    def resume(self) -> None:
        """Resume the current one."""

    def recommend(self) -> None:
        """Recommend with it."""

    def new_from_this(self) -> None:
        """Take its settings to the Train page."""

    def write_report(self) -> None:
        """Write a report of the chosen ones."""

    def export_metrics(self) -> None:
        """Write the figures of all."""

    def label(self) -> None:
        """Name the current one."""

    def remove(self) -> None:
        """Move the chosen ones to the trash."""


class PageCommands:
    """What can be done with the chosen runs now, with the command of each.

    Args:
        page: whose runs are meant.
    """

    def __init__(self, page: RunsShown) -> None:
        self._page = page

    def all(self) -> Mapping[str, Command]:
        """By id of the action."""
        page = self._page
        return {
            "runs.resume": Command(page.resume, self._can_resume, lambda: self._named("resume")),
            "runs.recommend": Command(page.recommend, page.recommend_button.isEnabled, lambda: self._of("recommend")),
            "runs.again": Command(page.new_from_this, page.again_button.isEnabled, self._again),
            "runs.compare": Command(lambda: page.views.choose(3), lambda: len(page.selected_rows()) > 1, self._compare),
            "runs.report": Command(page.write_report, page.report_button.isEnabled, self._report),
            "runs.metrics": Command(page.export_metrics, page.export_button.isEnabled),
            "runs.seeds": Command(page.show_seeds, self._folds, lambda: self._named("runs")),
            "runs.label": Command(page.label, page.label_chip.isEnabled),
            "runs.remove": Command(page.remove, page.remove_button.isEnabled, self._remove),
            "runs.trash": Command(page.run_actions.ask_trash, page.trash_chip.isEnabled),
            **page.serving.commands(),
        }

    def shown(self) -> list[str] | None:
        """Words for the comparison of the chosen runs, or for the figures of the chosen one."""
        return self._compare() or self._named("runs")

    def _of(self, *words: str) -> list[str] | None:
        run = self._page.chosen()
        return None if run is None else [*words, run.id]

    def _named(self, *words: str) -> list[str] | None:
        row = self._page.chosen_row()
        return None if row is None else [*words, row.key]

    def _remove(self) -> list[str] | None:
        return None if self._is_group() else self._of("runs", "--remove")

    def _is_group(self) -> bool:
        row = self._page.chosen_row()
        return row is not None and row.group is not None

    def _folds(self) -> bool:
        row = self._page.chosen_row()
        return row is not None and row.folds

    def _again(self) -> list[str] | None:
        run = self._page.chosen()
        return None if run is None or run.config is None else train_words(run.dataset_name, run.config, run.split)

    def _compare(self) -> list[str] | None:
        ids = [row.key for row in self._page.selected_rows()]
        return ["compare", *ids] if len(ids) > 1 else None

    def _report(self) -> list[str] | None:
        ids = [row.key for row in self._page.selected_rows()]
        name = f"{ids[0]}.html" if len(ids) == 1 else "comparison.html"
        return report_words(ids, Path(name)) if ids else None

    def _can_resume(self) -> bool:
        button = self._page.resume_button
        return not button.isHidden() and button.isEnabled()
