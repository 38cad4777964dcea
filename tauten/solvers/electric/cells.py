"""A grid as a conductor sees it: how far current goes through half a cell, and through what area.

Any grid is taken as three axes; an axisymmetric one is (r, 1, z). The resistance of half a cell is
`half / (width · width · admittivity)`, with the two widths across. Round the axis half = ln(b/a)/2π, which is exact for
current that spreads from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from tauten.grid import Grid

__all__ = ["SIDES", "Cells", "cells_of"]

Floats = NDArray[np.float64]

SIDES: dict[str, tuple[int, int]] = {
    "left": (0, 0), "right": (0, 1), "front": (1, 0), "back": (1, 1), "top": (2, 0), "bottom": (2, 1),
}  # fmt: skip
"""Of each wall of a Cartesian grid, the axis it ends and which end."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Half lengths and widths of the cells of a grid [m].

    `low` and `high` are from a cell's point to its lower and upper face along each axis; `widths` are what current
    along another axis passes through. In an axisymmetric grid widths are ring areas [m²], 1 and heights, the radial
    halves pure numbers.
    """

    grid: Grid
    low: tuple[Floats, Floats, Floats]
    high: tuple[Floats, Floats, Floats]
    widths: tuple[Floats, Floats, Floats]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells along the three axes."""
        x, y, z = (w.size for w in self.widths)
        return x, y, z

    @property
    def round(self) -> bool:
        """Whether the grid is axisymmetric."""
        return self.grid.kind == "axisymmetric"

    @cached_property
    def sides(self) -> dict[str, tuple[int, int]]:
        """Of each wall, the axis it ends and which end (0 the lower)."""
        return {"top": (2, 0), "bottom": (2, 1), "side": (0, 1)} if self.round else SIDES

    @cached_property
    def points(self) -> tuple[Floats, Floats, Floats]:
        """Where a cell's potential lives along each axis [m]; 0 along the axis a grid lacks."""
        centres = self.grid.centres
        return (centres[0], np.zeros(1), centres[1]) if self.round else (centres[0], centres[1], centres[2])

    def faces(self, axis: int) -> Floats:
        """Where the faces between cells lie along an axis [m]."""
        return np.asarray(self.grid.edges[-1 if self.round and axis == 2 else axis][1:-1], np.float64)

    def across(self, axis: int) -> Floats:
        """Area that current along `axis` passes through [m²], shaped to broadcast over the cells."""
        spread = [w.reshape([-1 if a == n else 1 for a in range(3)]) for n, w in enumerate(self.widths)]
        first, second = (spread[a] for a in range(3) if a != axis)
        return first * second

    def between(self, axis: int) -> Floats:
        """Conductance over admittivity of each face across `axis` [m], as in one homogeneous tissue."""
        way = (self.high[axis][:-1] + self.low[axis][1:]).reshape([-1 if a == axis else 1 for a in range(3)])
        shape = tuple(n - (a == axis) for a, n in enumerate(self.shape))
        return np.broadcast_to(self.across(axis) / way, shape)

    def wall(self, side: str) -> tuple[NDArray[np.int64], Floats, Floats]:
        """Return the flat indices of the cells along a wall, their areas [m²] and half lengths to it [m]."""
        axis, end = self.sides[side]
        where: list[slice | int] = [slice(None)] * 3
        where[axis] = -1 if end else 0
        index = np.arange(math.prod(self.shape)).reshape(self.shape)[tuple(where)].ravel()
        layer = tuple(1 if a == axis else n for a, n in enumerate(self.shape))
        area = np.broadcast_to(self.across(axis), layer).ravel()
        half = self.high[axis][-1] if end else self.low[axis][0]
        return index, area, np.full(index.size, half)


@lru_cache(maxsize=8)
def cells_of(grid: Grid) -> Cells:
    """Return the half lengths and widths of a grid."""
    if grid.kind == "cartesian":
        dx, dy, dz = grid.spacings
        return Cells(grid, (dx / 2, dy / 2, dz / 2), (dx / 2, dy / 2, dz / 2), (dx, dy, dz))
    edges, radius = grid.edges[0], grid.centres[0]
    with np.errstate(divide="ignore"):
        low = np.log(radius / edges[:-1]) / (2 * math.pi)  # infinite on the axis, through which nothing flows
    high = np.log(edges[1:] / radius) / (2 * math.pi)
    dz = grid.spacings[1]
    none = np.zeros(1)
    return Cells(grid, (low, none, dz / 2), (high, none, dz / 2), (math.pi * np.diff(edges**2), np.ones(1), dz))
