"""From a key to the list of people: `python -m tests.benchmarks.people [--people 1000000]`.

Types parts of ids into the search of the Recommend page, one key after the other, and measures for each key the time
until the list has what was looked for, and the longest piece of that during which the window's thread worked.
"""

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pandas as pd
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from recdesk.data.dataset import Dataset
from recdesk.gui.app import make_application
from recdesk.gui.pages.recommend.user_columns import UserColumns
from recdesk.gui.pages.recommend.users_card import UsersCard
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset

TYPED = ("123456", "u00", "999", "customer-0", "77-9")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10**6)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        preferences = Preferences(Path(folder) / "settings.ini")
        app = make_application(preferences)
        session = Session(Workspace(Path(folder) / "workspace"), preferences)
        begun = time.perf_counter()
        users = UserColumns.of(_people(arguments.people))
        prepared = time.perf_counter() - begun
        card = UsersCard(session.jobs)
        card.resize(300, 600)
        card.show()
        card.show_users(users)
        app.processEvents()
        waits, blocked = _type(app, session, card)
        session.shutdown()
    print(f"{arguments.people:,} people, {len(waits)} keys, list prepared in {prepared:.2f} s")
    for what, seconds in (("key to list", waits), ("of it on the window's thread", blocked)):
        print(f"{what}: median {1000 * statistics.median(seconds):.1f} ms, worst {1000 * max(seconds):.1f} ms")


def _people(count: int) -> Dataset:
    """A dataset with so many people, who have an item each."""
    return replace(
        chain_dataset(),
        user_ids=pd.Index([f"customer-{n:07}-{n % 9}" for n in range(count)], dtype="str"),
        offsets=np.arange(count + 1, dtype=np.int64),
        items=np.ones(count, np.int32),
        times=None,
    )


def _type(app: QApplication, session: Session, card: UsersCard) -> tuple[list[float], list[float]]:
    """Seconds from each key to the list, and the longest step of the window's thread in it (of its own time)."""
    waits, blocked = [], []
    for text in TYPED:
        card.search.clear()
        _settle(app, session)
        for key in text:
            begun, step = time.perf_counter(), time.thread_time()
            QTest.keyClick(card.search, key, Qt.KeyboardModifier.NoModifier)
            longest = time.thread_time() - step
            while session.jobs._jobs:
                step = time.thread_time()
                app.processEvents()
                longest = max(longest, time.thread_time() - step)
                time.sleep(0.0005)
            step = time.thread_time()
            card.table.repaint()
            longest = max(longest, time.thread_time() - step)
            waits.append(time.perf_counter() - begun)
            blocked.append(longest)
    return waits, blocked


def _settle(app: QApplication, session: Session) -> None:
    app.processEvents()
    while session.jobs._jobs:
        app.processEvents()


if __name__ == "__main__":
    main()
