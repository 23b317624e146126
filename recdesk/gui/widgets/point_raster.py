"""Draws many points into an image with NumPy: discs with soft edges, one write of an array for each of their pixels."""

import functools
import math

import numpy as np
from numpy.typing import NDArray

_STEPS = 4
"""Steps of coverage between nothing and a whole pixel."""
_FINE = 8


@functools.lru_cache(maxsize=64)
def stamp(radius: float) -> tuple[tuple[int, int, int], ...]:
    """Pixels of a disc: (down, right, coverage in steps), the least covered first."""
    reach = math.ceil(radius)
    inner = (np.arange(_FINE) + 0.5) / _FINE - 0.5
    found = []
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            away = np.hypot(*np.meshgrid(down + inner, right + inner))
            step = round(float((away <= radius).mean()) * _STEPS)
            if step:
                found.append((down, right, step))
    return tuple(sorted(found, key=lambda pixel: pixel[2]))


class PointRaster:
    """An image of points, drawn again into the same memory."""

    def __init__(self) -> None:
        self._buffer = np.empty((0, 0), np.uint32)

    def draw(
        self,
        x: NDArray[np.float32],
        y: NDArray[np.float32],
        colours: NDArray[np.uint8],
        palette: NDArray[np.uint8],
        ground: tuple[int, int, int],
        size: tuple[int, int],
        radius: float,
    ) -> NDArray[np.uint32]:
        """Draw points, later ones over earlier ones.

        Args:
            x, y: float32 [n], positions in pixels from the top left corner; those outside are not drawn.
            colours: uint8 [n], positions in the palette.
            palette: uint8 [n_colours, 3], red, green, blue.
            ground: red, green, blue.
            size: width and height in pixels.
            radius: of a point, in pixels.

        Returns:
            uint32 [height, row], pixels as 0xffRRGGBB; a row is longer than the width. Overwritten by the next call.
        """
        (width, height), pad = size, math.ceil(radius) + 1
        row = width + 2 * pad
        if self._buffer.shape != (height + 2 * pad, row):
            self._buffer = np.empty((height + 2 * pad, row), np.uint32)
        self._buffer.fill(_packed(np.array([ground], np.float64))[0])
        across, down = np.floor(x), np.floor(y)
        inside = (across >= 0) & (across < width) & (down >= 0) & (down < height)
        at = (down[inside].astype(np.intp) + pad) * row + across[inside].astype(np.intp) + pad
        shown, flat = colours[inside], self._buffer.reshape(-1)
        tints = _tints(palette, ground)
        step, tinted = 0, np.empty(0, np.uint32)
        for below, right, coverage in stamp(round(radius, 1)):
            if coverage != step:
                step, tinted = coverage, tints[coverage][shown]
            flat[at + (below * row + right)] = tinted
        return self._buffer[pad : pad + height, pad:]


def _tints(palette: NDArray[np.uint8], ground: tuple[int, int, int]) -> list[NDArray[np.uint32]]:
    """The palette mixed with the ground, by steps of coverage."""
    mixed = [palette * (step / _STEPS) + np.array(ground) * (1 - step / _STEPS) for step in range(_STEPS + 1)]
    return [_packed(colours) for colours in mixed]


def _packed(colours: NDArray[np.float64]) -> NDArray[np.uint32]:
    """uint32 [n], 0xffRRGGBB."""
    red, green, blue = np.rint(colours).astype(np.uint32).T
    return np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
