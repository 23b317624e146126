"""Which run recommends: the best one of a dataset, and the box to choose another."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal

from recdesk.core.messages import Message
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.workspace.runs import Run

_RUN, _UNFOLDS = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1


def validation_ndcg(run: Run) -> float | None:
    """NDCG@10 on the validation part; None where it was not measured."""
    return run.metrics.get("validation", {}).get("ndcg@10")


def is_result(run: Run) -> bool:
    """Whether a run ended as intended: it finished, or was stopped and measured. A trial must have finished."""
    stopped = run.state == "stopped" and not run.study and validation_ndcg(run) is not None
    return run.has_model and (run.state == "finished" or stopped)


def best_run(runs: Sequence[Run], dataset: str) -> Run | None:
    """The run of a dataset that ended as intended with the largest validation NDCG@10, the newest of equal ones."""
    results = [run for run in runs if run.dataset_name == dataset and is_result(run)]
    return max(results, key=_standing, default=None)


def _standing(run: Run) -> tuple[bool, float, float]:
    ndcg = validation_ndcg(run)
    return run.state == "finished", -1.0 if ndcg is None else ndcg, run.created.timestamp()


class RunBox(ChoiceBox):
    """Runs that can recommend, those of the current dataset first. Of a study the best trial is listed, of a group the
    best seed; an entry below it unfolds the others.

    Signals:
        run_chosen: id of a run.
    """

    run_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Run to recommend with"))
        self.setMinimumWidth(200)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToContents)  # the runs are listed after it is shown first
        self.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.setPlaceholderText(self.tr("choose a run…"))
        self._runs: list[Run] = []
        self._current: str | None = None
        self._unfolded: set[str] = set()
        self.activated.connect(self._activated)

    def show_runs(self, runs: Sequence[Run], dataset: str | None, current: str | None) -> None:
        """List runs, newest first.

        Args:
            runs: those that can recommend.
            dataset: the current one.
            current: id of the run in use; None for none.
        """
        self._runs = sorted(runs, key=lambda run: run.dataset_name != dataset)
        self._current = current
        self._fill()

    def ids(self) -> list[str]:
        """Ids of the listed runs; "" for an entry that folds."""
        return [self.itemData(index, _RUN) or "" for index in range(self.count())]

    def _fill(self) -> None:
        self.clear()
        series: set[str] = set()
        for run in self._runs:
            name = run.study or run.group
            if not name:
                self._add(run, self._name(run))
            elif name not in series:
                series.add(name)
                self._add_series([other for other in self._runs if name in (other.study, other.group)], name)
        listed = self.ids()
        self.setCurrentIndex(listed.index(self._current) if self._current in listed else -1)

    def _add_series(self, runs: list[Run], name: str) -> None:
        """The best of the trials of a study or the seeds of a group, and an entry for the others."""
        best = max(runs, key=_standing)
        others = sorted((run for run in runs if run is not best), key=lambda run: (run.trial, run.config.seed))
        every, rest = len(runs), len(others)
        of_all = Message("recommend.best-of-trials", count=every)
        of_others = Message("recommend.other-trials", count=rest)
        if best.group:
            of_all = Message("recommend.best-of-seeds", count=every)
            of_others = Message("recommend.other-seeds", count=rest)
        self._add(best, self._name(best, translated(of_all)))
        if not others:
            return
        open_ = name in self._unfolded or any(run.id == self._current for run in others)
        mark = "▾" if open_ else "▸"
        self.addItem(f"    {mark} {translated(of_others)}")
        self.setItemData(self.count() - 1, name, _UNFOLDS)
        if open_:
            for run in others:
                self._add(run, f"        {self._name(run)}")

    def _add(self, run: Run, text: str) -> None:
        self.addItem(text)
        self.setItemData(self.count() - 1, run.id, _RUN)

    def _name(self, run: Run, chosen_as: str = "") -> str:
        """What tells runs apart comes first: a narrow box cuts the end."""
        ndcg = validation_ndcg(run)
        measured = None if ndcg is None else self.tr("{value} on validation").format(value=f"{ndcg:.3f}")
        figure = measured if measured is not None and is_result(run) else words.state(run.state)
        return " · ".join(filter(None, (words.run_title(run), figure, chosen_as, run.dataset_title)))

    def _activated(self, index: int) -> None:
        run_id, study = self.itemData(index, _RUN), self.itemData(index, _UNFOLDS)
        if run_id:
            self.run_chosen.emit(run_id)
        elif study:
            self._unfolded ^= {study}
            self._fill()
            QTimer.singleShot(0, self, self.showPopup)
