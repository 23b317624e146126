"""The main job through the real window: from a file to everybody's recommendations in a CSV."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QWidget

import recdesk.gui.main_window
from recdesk.data.dataset import Dataset
from recdesk.data.example import make_example
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.data.page import DataPage
from recdesk.gui.pages.recommend.export_dialog import ExportDialog
from recdesk.gui.pages.recommend.page import RecommendPage
from recdesk.gui.pages.runs.page import RunsPage
from recdesk.gui.pages.train.page import TrainPage
from recdesk.gui.pages.train.plots import PlotCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.curve_plot import CurvePlot
from recdesk.workspace.runs import Run
from tests.gui.driver import Heartbeat, WindowDriver, cells, listening

# Said by the platform without a screen whenever a menu or a dialog opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

FORMULA_STARTS = ("=", "+", "-", "@")


@pytest.fixture
def driver(session: Session, qtbot, monkeypatch) -> Iterator[WindowDriver]:
    """A person before the window on an empty workspace."""
    monkeypatch.setattr(recdesk.gui.main_window, "ask_to_close", lambda *_: "stop")
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.resize(1440, 960)
    with qtbot.waitExposed(window):
        window.show()
    told: list[str] = []
    session.failure.connect(lambda error: told.append(str(error)))
    yield WindowDriver(window, qtbot)
    assert told == []


@dataclass
class Truth:
    """What the files say: titles by item id; what each user took, oldest first, by user id."""

    titles: dict[str, str]
    histories: dict[str, list[str]]


@pytest.mark.slow
def test_movielens_goes_from_its_files_to_recommendations_for_everybody(
    driver: WindowDriver, movielens_folder: Path, tmp_path: Path, monkeypatch, record_property
):
    ratings, movies = read(movielens_folder / "ratings.csv"), read(movielens_folder / "movies.csv")
    ratings = ratings.assign(when=ratings.timestamp.astype("int64")).sort_values("when", kind="stable")
    truth = Truth(
        dict(zip(movies.movieId, movies.title.str.strip(), strict=True)),
        ratings.groupby("userId").movieId.agg(list).to_dict(),
    )
    data = driver.go("data")
    assert isinstance(data, DataPage)
    driver.drop(data.add_card.zone, [movielens_folder / "ratings.csv", movielens_folder / "movies.csv"])
    driver.wait(data.import_button.isVisible)
    look_at_the_preview(driver, data)
    driver.write(data.importing.files.name, "MovieLens")
    driver.click(data.import_button)
    session = driver.window.session
    driver.wait(lambda: session.dataset is not None)
    driver.wait(lambda: data.summary.value("users") == "610")
    assert (data.summary.value("items"), data.summary.value("interactions")) == ("9,724", "100,836")
    assert "100,836 rows read, 100,836 kept." in data.report.sentences()
    run = train(driver, epochs=3, record_property=record_property)
    assert run.dataset_title == "MovieLens"
    save_curves(driver, run, "last item", tmp_path, monkeypatch)
    # the first of those with the fewest ratings whose id is no part of another id
    user = min((u for u in truth.histories if len(u) == 3), key=lambda u: (len(truth.histories[u]), int(u)))
    browse(driver, truth, user, run)
    export_everybody(driver, truth, tmp_path, monkeypatch)
    export_metrics(driver, run, tmp_path, monkeypatch)


@pytest.mark.slow
def test_the_example_in_chinese_goes_from_its_button_to_recommendations_for_everybody(
    driver: WindowDriver, tmp_path: Path, monkeypatch, record_property
):
    example = make_example("zh")
    truth = truth_of(example)
    data = driver.go("data")
    assert isinstance(data, DataPage)
    driver.click(data.add_card.chinese)
    session = driver.window.session
    driver.wait(lambda: session.dataset is not None)
    driver.wait(lambda: data.summary.value("users") == "1,000")
    assert session.dataset is not None
    assert (session.dataset.name, data.summary.value("interactions")) == ("书店示例", "10,000")
    run = train(driver, epochs=10, record_property=record_property)
    assert "生成的示例数据" in run.synthetic
    save_curves(driver, run, "EASE", tmp_path, monkeypatch)
    browse(driver, truth, "u0042", run)
    export_everybody(driver, truth, tmp_path, monkeypatch)
    export_metrics(driver, run, tmp_path, monkeypatch)


def test_columns_with_names_that_say_nothing_are_given_their_roles_by_hand(
    driver: WindowDriver, tmp_path: Path, monkeypatch
):
    path = tmp_path / "借阅.csv"
    loans = [
        (f"{reader:03}", f"书{book}", 86_400 * (book + 18_000))
        for reader in range(12)
        for book in range(reader % 4 + 3)
    ]
    lines = ["甲;乙;时间", *(";".join(map(str, loan)) for loan in loans)]
    path.write_text("\n".join(lines) + "\n", encoding="gb18030")
    data = driver.go("data")
    assert isinstance(data, DataPage)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    driver.click(data.add_card.open_button)
    driver.wait(data.import_button.isVisible)
    preview = data.importing.preview
    assert cells(preview.table)[0] == ["000", "书0", "1555200000"]
    assert roles_of(data, "甲", "乙", "时间") == ["", "", "time"]
    assert not data.import_button.isEnabled()
    driver.when_asked(driver.pick("User"))
    driver.click_head(preview.table, 0)
    driver.wait(lambda: roles_of(data, "甲") == ["user"])
    assert not data.import_button.isEnabled()
    driver.when_asked(driver.pick("Item"))
    driver.click_head(preview.table, 1)
    driver.wait(data.import_button.isEnabled)
    driver.click(data.import_button)
    session = driver.window.session
    driver.wait(lambda: session.dataset is not None)
    assert session.dataset is not None
    assert session.dataset.name == "借阅"
    assert session.dataset.user_ids.tolist() == sorted({reader for reader, _, _ in loans})
    assert set(session.dataset.item_ids) == {book for _, book, _ in loans}
    assert session.dataset.n_interactions == len(loans)


def look_at_the_preview(driver: WindowDriver, data: DataPage) -> None:
    """The first rows stand there as in the file, and every column has the role it should have."""
    preview = data.importing.preview
    assert cells(preview.table)[:2] == [["1", "1", "4.0", "964982703"], ["1", "3", "4.0", "964981247"]]
    assert roles_of(data, "userId", "movieId", "rating", "timestamp") == ["user", "item", "rating", "time"]
    driver.click(preview.chips["items"])
    assert roles_of(data, "movieId", "title", "genres") == ["item", "title", "feature"]
    assert cells(preview.table)[0] == ["1", "Toy Story (1995)", "Adventure|Animation|Children|Comedy|Fantasy"]


def roles_of(data: DataPage, *columns: str) -> list[str]:
    """Roles of columns of the file in the preview."""
    preview = data.importing.preview
    return [preview.roles.role(preview.part, column) for column in columns]


def train(driver: WindowDriver, epochs: int, record_property: Callable[[str, object], None]) -> Run:
    """Choose Quick look and a few epochs, start, watch to the end; the curves then hold what the run said."""
    page, session = driver.go("train"), driver.window.session
    assert isinstance(page, TrainPage)
    driver.choose(page.settings.preset, "Quick look")
    driver.click(page.settings.form.more)
    driver.write(page.settings.form.editor("epochs"), str(epochs))
    assert page.settings.differ.text() == "1 differs from preset"
    driver.click(page.start_button)
    driver.wait(lambda: session.training.state == "running")
    assert page.stop_button.isVisible() and not page.start_button.isVisible()
    with listening(lambda: len(drawn(page.loss.plot)[0][0])) as heartbeat:
        driver.wait(lambda: session.training.curves.step > 0)
        for key in ("runs", "data", "train"):
            driver.go(key)
        driver.wait(lambda: session.training.state == "idle", seconds=200)
    run = session.training.run
    assert run is not None
    assert (run.state, run.config.layers, run.config.epochs) == ("finished", 1, epochs)
    record_property("longest pause of the window in seconds", heartbeat.largest_gap())
    the_window_stayed_alive(heartbeat, events_of(run))
    if run.seconds > 1:
        assert len(set(heartbeat.seen)) > 2  # the curve grew before their eyes
    assert page.recommend_button.isVisible()
    curves_hold_what_was_said(driver, page, run)
    return run


def the_window_stayed_alive(heartbeat: Heartbeat, events: list[dict]) -> None:
    """The window's thread got its turn in every epoch."""
    begin = next(event["time"] for event in events if event["kind"] == "step")
    for end in (event["time"] for event in events if event["kind"] == "epoch"):
        assert heartbeat.between(begin, end) > 0
        begin = end


def curves_hold_what_was_said(driver: WindowDriver, page: TrainPage, run: Run) -> None:
    """Every point of the events is drawn where it belongs, and nothing else is."""
    events = events_of(run)
    steps = [event for event in events if event["kind"] == "step"]
    evaluations = [event for event in events if event["kind"] == "evaluated"]
    assert len(evaluations) > 1 and evaluations[-1]["epoch"] == run.config.epochs
    assert [step["step"] for step in steps] == list(range(1, len(steps) + 1))
    losses = [step["loss"] for step in steps]
    raw, smoothed, _, validation = drawn(page.loss.plot)
    assert raw == ([step["step"] for step in steps], losses)
    assert smoothed[0] == raw[0]
    np.testing.assert_allclose(smoothed[1], moving_average(losses, 0.9), rtol=1e-12)
    assert validation == ([e["step"] for e in evaluations], [e["loss"] for e in evaluations])
    while page.loss.smooth.text() != "smooth 0":
        driver.click(page.loss.smooth)
    assert drawn(page.loss.plot)[1] == raw
    driver.click(page.quality.chips["recall@10"])
    ndcg, recall = (drawn(page.quality.plot)[at] for at in (1, 3))
    at = [event["step"] for event in evaluations]
    assert ndcg == (at, [event["metrics"]["ndcg@10"] for event in evaluations])
    assert recall == (at, [event["metrics"]["recall@10"] for event in evaluations])
    best = max(event["metrics"]["ndcg@10"] for event in evaluations)
    assert f"best NDCG@10 {best:.3f}" in page.progress.facts.text()


def save_curves(driver: WindowDriver, run: Run, hardest: str, folder: Path, monkeypatch) -> None:
    """Each plot as a picture and as a table, from its own menu; `hardest` is the baseline hardest to beat."""
    page = driver.go("train")
    assert isinstance(page, TrainPage)
    events = events_of(run)
    losses = {e["step"]: e["loss"] for e in events if e["kind"] == "step"}
    evaluated = {e["step"]: e for e in events if e["kind"] == "evaluated"}
    table = pd.read_csv(save_plot(driver, page.loss, "Table (CSV)…", folder / "loss.csv", monkeypatch))
    assert list(table.columns) == ["step", "training", "validation"]
    assert dict(zip(table.step, table.training, strict=True)) == losses
    seen = table.dropna()
    assert dict(zip(seen.step, seen.validation, strict=True)) == {s: e["loss"] for s, e in evaluated.items()}
    table = pd.read_csv(save_plot(driver, page.quality, "Table (CSV)…", folder / "quality.csv", monkeypatch))
    assert list(table.columns)[:3] == ["step", "NDCG@10", "Recall@10"]
    assert list(table.columns[3:]) == ["most popular", hardest]  # the simplest, and the hardest to beat
    assert table[["step", "NDCG@10", "Recall@10"]].values.tolist() == [
        [step, e["metrics"]["ndcg@10"], e["metrics"]["recall@10"]] for step, e in evaluated.items()
    ]
    for card in (page.loss, page.quality):
        picture = QImage(str(save_plot(driver, card, "Picture (PNG)…", folder / f"{id(card)}.png", monkeypatch)))
        assert (picture.width(), picture.height()) > (card.plot.width(), card.plot.height())  # with title and axes
        assert len(colours(picture)) > 3  # ground, text, and at least two lines


def save_plot(driver: WindowDriver, card: PlotCard, entry: str, path: Path, monkeypatch) -> Path:
    """Choose an entry of the plot's menu and a file for it."""

    driver.will_save_as(monkeypatch, path)
    driver.when_asked(driver.pick(entry))
    driver.click(card.save)
    driver.wait(path.exists)
    return path


def browse(driver: WindowDriver, truth: Truth, user: str, run: Run) -> None:
    """Find a user, read their list, ask for fewer, let seen items in, take an item out of the history and back in."""
    from recdesk.recommend.recommender import LiveModel

    page, session = driver.go("recommend"), driver.window.session
    assert isinstance(page, RecommendPage)
    driver.wait(lambda: page.model is not None and bool(page.top.codes))
    assert session.dataset is not None
    model = LiveModel.open(run.folder / "checkpoints" / "best", session.dataset, "cpu")
    codes = [int(session.dataset.item_ids.get_loc(item)) + 1 for item in truth.histories[user]]

    def best(history: list[int], n: int, exclude_seen: bool = True) -> list[tuple[str, str, str]]:
        found = model.top_n(history, n, exclude_seen)
        return [(str(line.rank), truth.titles[line.item_id], f"{line.score:.3f}") for line in found]

    def shown() -> list[tuple[str, str, str]]:
        return [(row[0], row[1], row[3]) for row in cells(page.top.table)]

    driver.qtbot.keyClicks(page.users.search, user)
    driver.wait(lambda: cells(page.users.table) == [[user, str(len(codes))]])
    ten = best(codes, 10)
    driver.wait(lambda: shown() == ten)
    assert [rank for rank, _, _ in ten] == [str(rank) for rank in range(1, 11)]
    taken = {truth.titles[item] for item in truth.histories[user]}
    assert not taken & {title for _, title, _ in shown()}
    assert [row[0] for row in cells(page.history_card.table)] == [
        truth.titles[item] for item in reversed(truth.histories[user])
    ]
    driver.wait(lambda: page.why.sentence.text() != "")

    driver.write(page.top.number, "5")
    driver.wait(lambda: shown() == ten[:5])

    driver.click(page.top.seen)
    with_seen = best(codes, 5, exclude_seen=False)
    driver.wait(lambda: shown() == with_seen)
    driver.click(page.top.seen)
    driver.wait(lambda: shown() == ten[:5])

    last_column = page.history_card.table.model().columnCount() - 1
    driver.click_cell(page.history_card.table, 0, last_column)
    without = best(codes[:-1], 5)
    driver.wait(lambda: shown() == without)
    assert without != ten[:5]
    assert page.history_card.count.text() == f"{len(codes) - 1} items"
    driver.click(page.undo_button)
    driver.wait(lambda: shown() == ten[:5])


def export_everybody(driver: WindowDriver, truth: Truth, folder: Path, monkeypatch) -> None:
    """The CSV has ten lines for every user of the file, with original ids and titles and nothing they have taken."""
    page, path = driver.go("recommend"), folder / "recommendations.csv"
    assert isinstance(page, RecommendPage)

    def answer(dialog: QWidget) -> None:
        assert isinstance(dialog, ExportDialog)
        assert dialog.everybody.isChecked() and dialog.seen.isChecked()
        driver.write(dialog.number, "10")
        buttons = dialog.findChild(QDialogButtonBox)
        driver.click(next(button for button in buttons.buttons() if button.text() == "Choose file…"))

    driver.will_save_as(monkeypatch, path)
    driver.when_asked(answer)
    driver.click(page.export_button)
    driver.wait(path.exists)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["user_id", "rank", "item_id", "title", "score"]
    ranks: dict[str, list[int]] = {}
    for row in rows:
        user, item = row["user_id"], row["item_id"]
        ranks.setdefault(user, []).append(int(row["rank"]))
        assert row["title"] == safe(truth.titles[item])
        assert item not in truth.histories[user]
    assert ranks == {user: list(range(1, 11)) for user in truth.histories}
    assert len({(row["user_id"], row["item_id"]) for row in rows}) == len(rows) == 10 * len(truth.histories)
    scores = np.array([float(row["score"]) for row in rows]).reshape(-1, 10)
    assert (np.diff(scores, axis=1) <= 0).all()


def export_metrics(driver: WindowDriver, run: Run, folder: Path, monkeypatch) -> None:
    """The CSV of the Runs page has the figures of the run and of its baselines as they are in the run's folder."""
    page, path = driver.go("runs"), folder / "metrics.csv"
    assert isinstance(page, RunsPage)
    driver.wait(page.export_button.isEnabled)
    assert [row[3] for row in cells(page.table)] == ["finished"]
    driver.will_save_as(monkeypatch, path)
    driver.click(page.export_button)
    driver.wait(path.exists)
    kept = json.loads((run.folder / "metrics.json").read_text())
    said = {run.kind: kept["metrics"], **kept["baselines"]}
    table = pd.read_csv(path)
    assert {(row.model, row.part) for row in table.itertuples()} == {(m, p) for m, parts in said.items() for p in parts}
    assert set(table.run) == {run.id}
    for row in table.to_dict("records"):
        figures = said[row["model"]][row["part"]]
        assert {name: row[name] for name in figures} == figures


def read(path: Path) -> pd.DataFrame:
    """A CSV as text."""
    return pd.read_csv(path, dtype=str)


def truth_of(dataset: Dataset) -> Truth:
    """What a generated dataset says."""
    ids = dataset.item_ids.tolist()
    parts = np.split(dataset.items, dataset.offsets[1:-1])
    return Truth(
        dict(zip(ids, map(str, dataset.titles), strict=True)),
        {user: [ids[code - 1] for code in part] for user, part in zip(dataset.user_ids, parts, strict=True)},
    )


def events_of(run: Run) -> list[dict]:
    """The lines of a run's event log."""
    return [json.loads(line) for line in (run.folder / "events.jsonl").read_text().splitlines()]


def drawn(plot: CurvePlot) -> list[tuple[list[float], list[float]]]:
    """x and y of everything the plot draws: a faint and a strong line for each curve."""
    every = [item.getOriginalDataset() for item in plot.plot.listDataItems()]
    return [([], []) if x is None else (x.tolist(), y.tolist()) for x, y in every]


def moving_average(values: list[float], weight: float) -> list[float]:
    """Exponential, corrected for its start: weights of the past that add up to one."""
    means = []
    for end in range(1, len(values) + 1):
        weights = weight ** np.arange(end - 1, -1, -1)
        means.append(float(np.dot(weights, values[:end]) / weights.sum()))
    return means


def colours(picture: QImage) -> set[int]:
    """Different colours of a picture, looked at every few points."""
    return {picture.pixel(QPoint(x, y)) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}


def safe(title: str) -> str:
    """A title as the export writes it: nothing that a spreadsheet takes for a formula."""
    return f"'{title}" if title.startswith(FORMULA_STARTS) else title
