"""Coarser grids: which cells join, and what conducts between the cells they make.

Cells join in pairs along an axis, and only where they are narrow: on level l where the pair is no wider than 2^l times
the narrowest cell of the finest grid, and a bit. A grid graded outward then becomes even as it becomes coarse. Where
cells are flat, currents across are strong and along are weak; red and black sweeps smooth along the strong way only,
and only that way cells join.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FIXED", "GROUND", "SLACK", "Axis", "Ties", "join", "join_axes", "join_ties"]

FIXED, GROUND = -1, -2
"""What a cell may be tied to beside floating electrodes: metal at a given voltage, and ground."""

SLACK = 1.4
"""How much wider than 2^l narrowest cells a pair on level l may be: graded cells differ a little."""

METAL, WALL = 0.1, 1.0
"""Share of the way to a coarser cell's middle that its link to metal, or to ground, is made longer by. Half a cell's
way to a wall doubles: 1. Metal in a coarser cell comes nearer to its middle than to those of the cells it was linked
to; 0.1 (0.9 of the links' sum at half a cell) needs the fewest cycles for needles three cells thick."""


class Axis(NamedTuple):
    """How cells of one axis join: of each cell the coarser one, the other coarser one nearby, that one's share; `inner`
    is the part of the face inside a pair that lies between a cell's middle and the pair's, 0 for a cell by itself."""

    into: NDArray[np.int64]
    near: NDArray[np.int64]
    share: NDArray[Any]
    inner: NDArray[np.float64]

    @property
    def paired(self) -> bool:
        """Whether cells 2K and 2K + 1 make cell K, all along."""
        return bool(np.all(self.into == np.arange(self.into.size) // 2))


@dataclass(frozen=True, eq=False)
class Ties:
    """What holds cells: flat C-order index; `FIXED`, `GROUND` or a floating electrode from 0 on; conductance."""

    cells: NDArray[np.int64]
    ends: NDArray[np.int64]
    conductances: NDArray[Any]

    def at(self, which: NDArray[np.bool_]) -> Ties:
        """Return some of the ties."""
        return Ties(self.cells[which], self.ends[which], self.conductances[which])


def join_axes(
    widths: Sequence[NDArray[np.float64]], widest: float
) -> tuple[tuple[NDArray[np.float64], ...], tuple[Axis, ...]]:
    """Join neighbours whose common width is at most `widest` [m]: the coarser widths, how the cells join."""
    joined = [join(w, widest) for w in widths]
    return tuple(w for w, _ in joined), tuple(a for _, a in joined)


def join(widths: NDArray[np.float64], widest: float) -> tuple[NDArray[np.float64], Axis]:
    """Return the widths of the coarser cells of one axis, and how its cells join."""
    into = np.zeros(widths.size, np.int64)
    cell, k = -1, 0
    while k < widths.size:
        cell += 1
        into[k] = cell
        if k + 1 < widths.size and widths[k] + widths[k + 1] <= widest:
            into[k + 1] = cell
            k += 1
        k += 1
    coarse = np.bincount(into, widths).astype(np.float64)
    fine_middles, middles = _middles(widths), _middles(coarse)
    aside = fine_middles - middles[into]
    near = np.clip(into + np.sign(np.where(np.abs(aside) < 1e-9 * widths, 0.0, aside)).astype(np.int64), 0, cell)
    way = np.abs(middles[near] - middles[into])
    share = np.divide(np.abs(aside), way, out=np.zeros(widths.size), where=way > 0)
    own = coarse[into]
    return coarse, Axis(into, near, share, (own - widths) / own)


def _middles(widths: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.cumsum(widths) - 0.5 * widths


def join_ties(ties: Ties, faces: Sequence[NDArray[Any]], axes: Sequence[Axis]) -> Ties:
    """Return what holds the coarser cells: the ties of the cells in each, made longer by the way to its middle."""
    shape = tuple(a.into.size for a in axes)
    coarse = tuple(int(a.into[-1]) + 1 for a in axes)
    places = np.unravel_index(ties.cells, shape)
    way = np.where(ties.ends == GROUND, WALL, METAL) * ties.conductances
    beside = _beside(faces, places)
    longer = np.divide(ties.conductances * beside, beside + way, out=ties.conductances.copy(), where=beside != 0)
    cells = np.ravel_multi_index(tuple(a.into[p] for a, p in zip(axes, places, strict=True)), coarse)
    keys, which = np.unique(np.stack([cells, ties.ends]), axis=1, return_inverse=True)
    sums = np.zeros(keys.shape[1], longer.dtype)
    np.add.at(sums, which.reshape(-1), longer)
    return Ties(keys[0], keys[1], sums)


def _beside(faces: Sequence[NDArray[Any]], places: Sequence[NDArray[np.intp]]) -> NDArray[Any]:
    """Return half a cell's conductance: twice the mean of the faces it has."""
    total, count = np.zeros(places[0].size, faces[0].dtype), np.zeros(places[0].size)
    for axis, face in enumerate(faces):
        for back in (0, 1):
            at = list(places)
            at[axis] = at[axis] - back
            inside = (at[axis] >= 0) & (at[axis] < face.shape[axis])
            found = np.where(inside, face[tuple(np.where(inside, a, 0) for a in at)], 0.0) if face.size else 0.0
            total, count = total + found, count + (found != 0)
    return np.divide(2.0 * total, count, out=total, where=count > 0)
