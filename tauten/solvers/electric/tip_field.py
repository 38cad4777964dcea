"""The field round one needle in homogeneous tissue without end, from a fine grid whose faces lie on the needle.

Solved once for each shape, then read between its points. Only its course from one cell to the next is used, so what
lies far away does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tauten.devices.electrode import Needle
from tauten.grid import Grid
from tauten.solvers.electric.assemble import assemble
from tauten.solvers.electric.cells import cells_of
from tauten.solvers.electric.direct import solve_directly
from tauten.solvers.electric.edges import edges_about
from tauten.solvers.electric.matter import matter_of
from tauten.solvers.electric.metal import Pieces
from tauten.solvers.electric.rings import fill_upright, link_upright
from tauten.solvers.electric.walls import Earthed, grounded, walls_of

__all__ = ["TipField", "round_needle"]

Floats = NDArray[np.float64]

_FINEST = 1 / 32  # of the radius or the bare length, the smaller: cells at the tip's rim and where the bare part ends
_GROWTH = 1.25
_FAR = 40.0  # radii and bare lengths to the walls


@dataclass(frozen=True, eq=False)
class TipField:
    """Potential over that of the metal, in units of what is far away: 0 on the metal, 1 far; lengths in radii."""

    distances: Floats
    heights: Floats
    values: Floats

    def at(self, distance: Floats, height: Floats) -> Floats:
        """Return the potential at `distance` from the axis and `height` back from the tip along it, both in radii."""
        i, f = _bracket(self.distances, distance)
        j, g = _bracket(self.heights, height)
        v = self.values
        return (1 - f) * ((1 - g) * v[i, j] + g * v[i, j + 1]) + f * ((1 - g) * v[i + 1, j] + g * v[i + 1, j + 1])


@lru_cache(maxsize=32)
def round_needle(active: float) -> TipField:
    """Return the field round a needle of radius 1 whose last `active` radii are bare; infinite: bare all along."""
    endless = not np.isfinite(active)
    bare = 1.0 if endless else active
    fine = _FINEST * min(1.0, bare)
    far = _FAR * (1.0 + bare)
    distance = np.concatenate([[0.0], edges_about([1.0], 0.0, far, fine, _GROWTH)[1:]])
    back = edges_about([0.0] if endless else [0.0, active], -far, far, fine, _GROWTH)  # height back from the tip
    depth = far - back[::-1]
    depth -= depth[0]
    tip = float(depth[-1] - far)
    grid = Grid((distance, depth), "axisymmetric")
    cells = cells_of(grid)
    pieces = Pieces(cells)
    long = 4.0 * far
    needle = Needle((0.0, 0.0, tip), (0.0, 0.0, 1.0), 1.0, long, long if endless else active, "+")
    fill_upright(pieces, 0, needle)
    link_upright(pieces, 0, needle)
    metal = pieces.done()
    matter = matter_of(np.ones(grid.shape), cells)
    walls = walls_of({"side": Earthed(), "bottom": Earthed()}, cells)
    ground, _ = grounded(walls, cells, matter, metal.dead, (0.0, 0.0, tip))
    system = assemble(cells, matter, metal, ground, (False,), None)
    potential, _, _ = solve_directly(system, np.ones(1), 1e-6)
    values = np.where(metal.dead, 0.0, 1.0 - potential)[:, 0, :]
    return TipField(cells.points[0], (tip - cells.points[2])[::-1], values[:, ::-1])


def _bracket(points: Floats, wanted: Floats) -> tuple[NDArray[np.int64], Floats]:
    low = np.clip(np.searchsorted(points, wanted) - 1, 0, points.size - 2)
    share = (wanted - points[low]) / (points[low + 1] - points[low])
    return low, np.clip(share, 0.0, 1.0)
