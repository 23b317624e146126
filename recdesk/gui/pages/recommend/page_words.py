"""Sentences of the Recommend page: about its run, edits of the history, and why there is nothing to show."""

from PySide6.QtCore import QCoreApplication

from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.history import History
from recdesk.workspace.runs import Run


def edits_in_words(history: History) -> str:
    """How many items were removed from a history and added to it; "" for none."""
    removed, added = history.removed, history.added if history.user >= 0 else 0
    if removed and added:
        text = QCoreApplication.translate("RecommendPage", "history edited: {n} removed, {m} added")
        return text.format(n=removed, m=added)
    if removed:
        return QCoreApplication.translate("RecommendPage", "history edited: {n} removed").format(n=removed)
    if added:
        return QCoreApplication.translate("RecommendPage", "history edited: {n} added").format(n=added)
    return ""


def run_in_words(run: Run | None, is_open: bool, failed: bool) -> str:
    """How good a run is, or that it is being opened, or could not be; "" for none."""
    if run is None:
        return ""
    if failed:
        text = QCoreApplication.translate("RecommendPage", "{run} could not be opened")
        return text.format(run=words.run_title(run))
    if not is_open:
        return QCoreApplication.translate("RecommendPage", "Opening {run}…").format(run=words.run_title(run))
    synthetic = QCoreApplication.translate("RecommendPage", "generated example, not real people")
    parts = [synthetic] if run.synthetic else []
    figures = run.metrics.get("test") or run.metrics.get("validation") or {}
    if "ndcg@10" in figures:
        limits = [translated(sentence) for sentence in run.measured.limits] if run.measured else []
        parts += [f"NDCG@10 {figures['ndcg@10']:.3f}", *(limits[:1] or [words.found(figures)])]
    return " · ".join(parts)


def emptiness_in_words(unread: bool, training: bool, has_runs: bool) -> str:
    """Why there are no recommendations, and what to do."""
    if unread:
        return QCoreApplication.translate("RecommendPage", "The runs cannot be read just now.")
    if training:
        return QCoreApplication.translate(
            "RecommendPage", "A model is being trained. Everybody's recommendations are here when it is done."
        )
    if has_runs:
        return QCoreApplication.translate(
            "RecommendPage",
            "No training on this dataset has finished yet. Train a model, or choose one of the runs above.",
        )
    return QCoreApplication.translate(
        "RecommendPage", "There is no trained model yet. Train one, and everybody's recommendations are here."
    )
