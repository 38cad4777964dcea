"""Coarser and coarser grids of one system, from its own down to one that a direct solve is quick for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.errors import NotConverged
from tauten.solvers.electric.bottom import Bottom
from tauten.solvers.electric.coarsen import FIXED, GROUND, SLACK, Axis, Ties, join_axes, join_ties
from tauten.solvers.electric.levels import Level
from tauten.solvers.electric.series import join_faces
from tauten.solvers.electric.system import System
from tauten.solvers.team import Team

__all__ = ["Ladder"]

_FEW = 900  # cells that a direct solve takes no longer for than a cycle over the finest grid


class Ladder:
    """A system made ready: coarser grids, conductances `scale` times its own, and the team that works on them."""

    def __init__(self, system: System, threads: int = 1) -> None:
        self.faces = [np.ascontiguousarray(f) for f in system.faces]
        given = (*self.faces, system.links.conductances, system.ground.conductances)
        tops = [float(np.max(np.abs(g))) if g.size else 0.0 for g in given]
        if not all(map(math.isfinite, tops)):
            raise NotConverged("The balance of currents has values that are no numbers", residual=math.nan)
        self.system, self.team = system, Team(threads)
        kind = np.complex128 if system.complex else np.float64
        self.dtype: Any = np.complex64 if system.complex else np.float32
        largest = max(tops[:3])
        self.scale = 1.0 / largest if largest > 0 else 1.0
        floating = np.array(system.floating, bool)
        self.floating = np.flatnonzero(floating)
        number = np.full(floating.size, FIXED)
        number[self.floating] = np.arange(self.floating.size)
        links, ground = system.links, system.ground
        ties = Ties(
            np.concatenate([links.cells, ground.cells]).astype(np.int64),
            np.concatenate([number[links.electrodes], np.full(ground.cells.size, GROUND)]).astype(np.int64),
            np.concatenate([links.conductances, ground.conductances]).astype(kind),
        )
        self.held = np.zeros(self.floating.size, kind)  # S: sum of a floating electrode's conductances
        np.add.at(self.held, ties.ends[ties.ends >= 0], ties.conductances[ties.ends >= 0])
        self.levels: list[Level] = []
        self._coarsen(ties)
        self._touched(ties)

    def _coarsen(self, ties: Ties) -> None:
        faces: Sequence[NDArray[Any]] = self.faces
        system = self.system
        widths = system.widths or tuple(np.ones(n) for n in system.shape)
        narrowest = min(float(w.min()) for w in widths)
        reach = SLACK
        while True:
            shape = tuple(w.size for w in widths)
            reach *= 2.0
            coarse, axes = join_axes(widths, reach * narrowest)
            many = math.prod(shape) > _FEW
            while many and all(a.into.size == c.size for a, c in zip(axes, coarse, strict=True)):
                reach *= 2.0
                coarse, axes = join_axes(widths, reach * narrowest)
            if self.levels and not many:
                break
            self.levels.append(Level(faces, ties, axes, self.scale, self.dtype, self.team))
            joined = _join(faces, axes)
            ties, faces, widths = join_ties(ties, faces, axes), joined, coarse
        self.bottom = Bottom(faces, ties, self.floating.size, self.scale, self.dtype)

    def _touched(self, ties: Ties) -> None:
        """Note the cells whose balance has more than neighbours in it."""
        self.cells, self.which = np.unique(ties.cells, return_inverse=True)
        self.places = self.levels[0].layout.places(self.cells)
        self.anchor = np.zeros(self.cells.size, ties.conductances.dtype)
        np.add.at(self.anchor, self.which, ties.conductances)


def _join(faces: Sequence[NDArray[Any]], axes: Sequence[Axis]) -> list[NDArray[Any]]:
    shape = [int(a.into[-1]) + 1 for a in axes]
    out = []
    for axis in range(3):
        shape[axis] -= 1
        out.append(np.zeros(shape, faces[0].dtype))
        shape[axis] += 1
    join_faces(*faces, *(a.into for a in axes), *(a.inner for a in axes), *out)
    return out
