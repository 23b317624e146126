"""Sentences of the Train page: the facts in its head, and what it says while nothing runs."""

from PySide6.QtCore import QCoreApplication

from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.train.plots import RunView
from recdesk.gui.session import Session


def facts(session: Session, shown: RunView) -> str:
    """What is trained on, and for the example how near the best possible the run shown came."""
    dataset, training = session.dataset, session.training
    under_way = training.run if training.state != "idle" else None
    if under_way is not None and under_way.dataset_name != session.dataset_name:
        on = QCoreApplication.translate("TrainPage", "training on {dataset}")
        return on.format(dataset=under_way.dataset_title)
    if dataset is None:
        return QCoreApplication.translate("TrainPage", "No data chosen")
    counts = (
        Message("count.users", count=dataset.n_users),
        Message("count.items", count=dataset.n_items),
        Message("count.interactions", count=dataset.n_interactions),
    )
    parts = [dataset.name, *map(translated, counts)]
    run, finished = shown.run, shown.curves.finished
    if run is None or run.dataset_name != session.dataset_name:
        finished = None
    if finished is not None and dataset.ceiling is not None and "test" in finished.metrics:
        accuracy = QCoreApplication.translate(
            "TrainPage", "accuracy@1 {reached} where who knows the rule gets {ceiling}"
        )
        reached = f"{finished.metrics['test'].get('accuracy@1', 0.0):.1%}"
        parts.append(accuracy.format(reached=reached, ceiling=f"{dataset.ceiling:.1%}"))
    elif dataset.synthetic:
        parts.append(QCoreApplication.translate("TrainPage", "generated example"))
    return " · ".join(parts)


def idle_sentence(shown: RunView) -> str:
    """On the run shown, which never came to training."""
    run, ended = shown.run, shown.curves.finished
    if ended is not None:
        return translated(ended.reason)
    if run is None or run.state == "queued":
        return QCoreApplication.translate("TrainPage", "Not started")
    text = QCoreApplication.translate("TrainPage", "{run}: {state}")
    return text.format(run=words.run_title(run), state=words.state(run.state))
