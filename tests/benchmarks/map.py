"""How fluid the map of many items is, and how long it takes to make: `python -m tests.benchmarks.map [--make 10000]`.

A frame: the points are drawn by NumPy and painted on a widget of 1,100 x 700 pixels while it is dragged, without a
screen (the platform plugin "offscreen"). Beside it the same points as one scatter item of pyqtgraph and as items of a
QGraphicsScene.
"""

import argparse
import itertools
import os
import resource
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QImage, QPen
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView, QWidget

from recdesk.gui.widgets.point_map import PointMap, Points

SIZE = (1100, 700)
FRAMES = 60


def main() -> None:
    """Print a line for each way and number of points."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", type=int, nargs="*", default=[], help="also make maps of so many items")
    arguments = parser.parse_args()
    _app = QApplication([])
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for n in (10_000, 100_000, 200_000):
        rng = np.random.default_rng(0)
        points = Points(
            rng.normal(size=(n, 2)).astype(np.float32), rng.integers(3, 9, n).astype(np.uint8),
            rng.integers(0, 255, (9, 3)).astype(np.uint8),
        )  # fmt: skip
        _numpy(points)
        if n <= 100_000:
            _scatter(points)
            _scene(points)
    for n in arguments.make:
        _make(n)


def _frames(name: str, n: int, widget: QWidget, move: Callable[[], None], frames: int = FRAMES) -> None:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    times = []
    for _ in range(frames):
        begun = time.perf_counter()
        move()
        QWidget.render(widget, image)
        times.append(1000 * (time.perf_counter() - begun))
    middle, worst = np.percentile(times, (50, 95))
    print(f"{name}, {n:,} points: {middle:.1f} ms a frame, 95 % within {worst:.1f} ms, best {min(times):.1f} ms")


def _numpy(points: Points) -> None:
    view = PointMap("map")
    view.resize(*SIZE)
    view.show_points(points)
    view.fit()
    n = len(points.xy)
    _frames("moved, NumPy", n, view, lambda: view.move_by(3, 2))
    _frames("zoomed, NumPy", n, view, lambda: view.zoom(1.02))
    view.fit()
    begun = time.perf_counter()
    for step in range(FRAMES):
        view.row_at(QPointF(300 + step, 300))
    print(f"pointed at, {n:,} points: {1000 * (time.perf_counter() - begun) / FRAMES:.2f} ms")
    outline = [QPointF(550 + 200 * np.cos(a), 350 + 200 * np.sin(a)) for a in np.linspace(0, 6.28, 200)]
    begun = time.perf_counter()
    found = view.rows_in(outline)
    print(f"lasso, {n:,} points: {1000 * (time.perf_counter() - begun):.1f} ms for {len(found):,}")


def _scatter(points: Points) -> None:
    plot = pg.PlotWidget()
    plot.resize(*SIZE)
    brushes = [pg.mkBrush(*colour) for colour in points.palette.tolist()]
    item = pg.ScatterPlotItem(
        x=points.xy[:, 0], y=points.xy[:, 1], size=4, pen=None, brush=[brushes[c] for c in points.colours.tolist()]
    )
    plot.addItem(item)
    plot.show()
    box = plot.getViewBox()
    _frames("moved, pyqtgraph's scatter item", len(points.xy), plot, lambda: box.translateBy(x=0.01))
    plot.close()


def _scene(points: Points) -> None:
    scene, pen = QGraphicsScene(), QPen()
    pen.setStyle(pen.style().NoPen)
    brushes = [QBrush(QColor(*colour)) for colour in points.palette.tolist()]
    for (x, y), colour in zip((points.xy * 100).tolist(), points.colours.tolist(), strict=True):
        scene.addEllipse(x, y, 4, 4, pen, brushes[colour])
    view = QGraphicsView(scene)
    view.resize(*SIZE)
    view.show()
    bar = view.horizontalScrollBar()
    _frames("moved, graphics items", len(points.xy), view, lambda: bar.setValue(bar.value() + 3), 5)
    view.close()


def _make(n: int) -> None:
    from recdesk.core.task import Task
    from recdesk.recommend.item_map import make_map

    rng = np.random.default_rng(0)
    kinds = rng.normal(size=(200, 64))
    vectors = (kinds[rng.integers(0, 200, n)] + rng.normal(size=(n, 64))).astype(np.float32)
    beats: list[float] = []
    task = Task(cancelled=lambda: bool(beats.append(time.perf_counter())))
    begun, cpu = time.perf_counter(), time.process_time()
    found = make_map(vectors, np.ones(n, np.int64), task=task)
    took, worked = time.perf_counter() - begun, time.process_time() - cpu
    gap = max(after - before for before, after in itertools.pairwise(beats))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"made, {n:,} items: {took:.0f} s, {worked:.0f} s of processor time, longest time without looking for a cancel "
        f"{gap:.2f} s, {memory:.2f} GB at most, {'approximate' if found.approximate else 'exact'} neighbours"
    )


if __name__ == "__main__":
    main()
