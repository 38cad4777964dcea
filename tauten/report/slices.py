"""A plane cut through what a treatment left: rings where a dose passes its limit, lines of equal peak temperature.

Where the grid holds a half or a quarter of a stamp, its mirror images are put back. Between cells values are straight,
as where zones are measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from contourpy import FillType, LineType, contour_generator
from numpy.typing import NDArray

from tauten.grid import Grid
from tauten.solvers.nodes import Nodes

__all__ = ["Plane", "Ring", "Window", "cut", "highest"]

Floats = NDArray[np.float64]
Ring = tuple[tuple[float, float], ...]
"""Points (across, down) [m] of an outline; the first is the last where it is closed."""
Window = tuple[tuple[float, float], tuple[float, float]]
"""What is shown [m]: from and to, first across, then down."""


@dataclass(frozen=True, eq=False)
class Plane:
    """Values on the nodes of a plane, shape (down, across); both axes rise [m]."""

    across: Floats
    down: Floats
    values: Floats

    def within(self, window: Window) -> Plane:
        """Return the part that `window` shows, its rim put in by straight lines."""
        (left, right), (top, bottom) = window
        rows = _between(self.down, top, bottom)
        columns = _between(self.across, left, right)
        narrow = np.array([np.interp(columns, self.across, row) for row in self.values])
        values = np.array([np.interp(rows, self.down, column) for column in narrow.T]).T
        return Plane(columns, rows, values)

    def rings(self, level: float) -> tuple[tuple[Ring, ...], ...]:
        """Return each piece where values are above `level`: its outline first, then its holes."""
        if not np.any(self.values > level):
            return ()
        found = self._contours.filled(level, np.inf)
        pieces = []
        for points, offsets in zip(found[0], found[1], strict=True):
            ends = [int(n) for n in offsets]
            pieces.append(tuple(_ring(points[a:b]) for a, b in pairwise(ends)))
        return tuple(pieces)

    def lines(self, level: float) -> tuple[Ring, ...]:
        """Return the lines on which values are `level`, open where they leave the plane."""
        return tuple(_ring(points) for points in self._contours.lines(level))

    @cached_property
    def _contours(self):  # type: ignore[no-untyped-def]
        return contour_generator(
            self.across, self.down, self.values, line_type=LineType.Separate, fill_type=FillType.OuterOffset
        )


def cut(grid: Grid, values: Floats, mirrored: Sequence[int], axis: int, place: float) -> Plane:
    """Return the plane of a box at `place` [m] along `axis`: 0 or 1 upright, depth down; 2 level, y down.

    `values` have the grid's shape; `mirrored` names the axes whose first wall is a mirror.
    """
    nodes = Nodes.of(grid, np.asarray(values, dtype=np.float64), mirrored)
    axes, whole = _unfolded(nodes)
    along = axes[axis]
    after = int(np.clip(np.searchsorted(along, place), 1, along.size - 1))
    share = float(np.clip((place - along[after - 1]) / (along[after] - along[after - 1]), 0.0, 1.0))
    taken = (1.0 - share) * np.take(whole, after - 1, axis) + share * np.take(whole, after, axis)
    first, second = (each for n, each in enumerate(axes) if n != axis)
    return Plane(first, second, taken.T)


def highest(grid: Grid, values: Floats, mirrored: Sequence[int], axis: int, low: float, high: float) -> Plane:
    """Return the largest of `values` between two places [m] along `axis`, drawn on to one plane, as `cut`."""
    nodes = Nodes.of(grid, np.asarray(values, dtype=np.float64), mirrored)
    axes, whole = _unfolded(nodes)
    inside = np.flatnonzero((axes[axis] >= low) & (axes[axis] <= high))
    first, second = (each for n, each in enumerate(axes) if n != axis)
    return Plane(first, second, np.take(whole, inside, axis).max(axis).T)


def _unfolded(nodes: Nodes) -> tuple[list[Floats], Floats]:
    axes, values = list(nodes.axes), nodes.values
    for axis, plane in nodes.planes.items():
        axes[axis] = np.concatenate([2.0 * plane - axes[axis][:0:-1], axes[axis]])
        other = np.flip(values, axis)
        values = np.concatenate([np.delete(other, -1, axis), values], axis=axis)
    return axes, values


def _between(axis: Floats, low: float, high: float) -> Floats:
    return np.concatenate([[low], axis[(axis > low) & (axis < high)], [high]])


def _ring(points: NDArray[np.float64]) -> Ring:
    return tuple((float(x), float(y)) for x, y in points)
