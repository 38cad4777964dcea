"""A stored integral over its threshold, as a level on nodes: 0 where tissue just counts as coagulated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tauten.errors import InputError
from tauten.grid import Grid
from tauten.solvers.state import TissueState

__all__ = ["FAINTEST", "Nodes", "level_of"]

Floats = NDArray[np.float64]

FAINTEST = 1e-6
"""Share of the threshold below which an integral was left out as too cold: ln Ω is cut there."""

MOST = 1e30  # of the threshold; beyond it single precision may have run out, and no surface lies there


def level_of(state: TissueState, kinetics: str, threshold: float) -> Floats:
    """Return ln of the integral of `kinetics` over its `threshold`, of the grid's shape.

    Raises `InputError` for an integral that was not followed.
    """
    if kinetics not in state.integrals:
        raise InputError(
            "was not integrated", key="kinetics", value=kinetics, allowed=", ".join(state.integrals) or "none"
        )
    share = np.asarray(state.integrals[kinetics], dtype=np.float64) / threshold
    return np.log(np.clip(share, FAINTEST, MOST))


@dataclass(frozen=True, eq=False)
class Nodes:
    """A level on nodes `axes` [m]: cell centres, with the surface and an axis or mirror planes put in; `axes` are
    (r, z) or (x, y, z), and `planes` [m] the mirrors by axis."""

    axes: tuple[Floats, ...]
    values: Floats
    planes: Mapping[int, float]

    @classmethod
    def of(cls, grid: Grid, level: Floats, mirrored: Sequence[int] = ()) -> Nodes:
        """Carry `level` (grid's shape) on to the surface, and evenly to the axis or to the first wall of axes that are
        `mirrored`."""
        axes = list(grid.centres)
        axes[-1] = np.concatenate([[grid.edges[-1][0]], axes[-1]])
        level = np.concatenate([level[..., :1], level], axis=-1)
        found = {}
        for axis in (0,) if grid.kind == "axisymmetric" else mirrored:
            if axes[axis].size < 2:
                continue
            plane = float(grid.edges[axis][0])
            one, two = ((axes[axis][n] - plane) ** 2 for n in (0, 1))
            first, second = (np.take(level, [n], axis=axis) for n in (0, 1))
            # Where the cut is near, a parabola would not be true to it.
            even = np.where(second > 0.5 * math.log(FAINTEST), first + (first - second) * one / (two - one), first)
            axes[axis] = np.concatenate([[plane], axes[axis]])
            level = np.concatenate([even, level], axis=axis)
            found[axis] = plane
        return cls(tuple(axes), level, {} if grid.kind == "axisymmetric" else found)

    def fold(self, at: tuple[float, float]) -> float:
        """Return how many times what the nodes show of a zone `at` (x, y) [m] is there: twice on a mirror."""
        return 2.0 ** sum(abs(at[axis] - plane) < 1e-9 for axis, plane in self.planes.items())
