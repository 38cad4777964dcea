"""One grid of a multigrid cycle: its conductances, its residual, and the passes over it, shared out to threads."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.solvers.electric.bottom import Bottom
from tauten.solvers.electric.coarsen import Axis, Ties
from tauten.solvers.electric.floats import lift, smoothed
from tauten.solvers.electric.layout import Layout
from tauten.solvers.electric.packing import pack
from tauten.solvers.electric.passes import RING, down, up
from tauten.solvers.team import Team

__all__ = ["Level"]

_WORTH_SHARING = 60_000  # cells of a grid from which on a second thread gains more than its start costs


class Level:
    """A grid in red and black, with the way to the next coarser one; conductances are `scale` times the system's."""

    def __init__(
        self, faces: Sequence[NDArray[Any]], ties: Ties, axes: Sequence[Axis], scale: float, dtype: Any, team: Team
    ) -> None:
        shape = tuple(a.into.size for a in axes)
        self.layout = layout = Layout(*shape)
        self.team, self.dtype = team, np.dtype(dtype)
        self.parts = self._parts(axes[0].into)
        gx, gy, gz, inv, self.residual = (layout.zeros(dtype) for _ in range(5))
        empty = np.zeros(layout.nz, faces[0].dtype)
        rows = [np.zeros(layout.nz + 1, faces[0].dtype) for _ in self.parts]
        fx, fy, fz = (np.ascontiguousarray(f) for f in faces)
        team.share(
            lambda lo, hi, edges: pack(
                lo - 1, hi - 1, fx, fy, fz, shape, scale, empty, edges, gx, gy, gz, inv, layout.reach
            ),
            [[(lo, hi, row)] for (lo, hi), row in zip(self.parts, rows, strict=True)],
        )
        places = layout.places(ties.cells)
        held = np.zeros(ties.cells.size, faces[0].dtype)
        flat = inv.reshape(-1)
        cells, which = np.unique(places, return_inverse=True)
        held = np.zeros(cells.size, faces[0].dtype)
        np.add.at(held, which, ties.conductances)
        free = np.divide(1.0, flat[cells], out=np.zeros(cells.size, held.dtype), where=flat[cells] != 0)
        flat[cells] = 1.0 / (free + scale * held)
        floating = ties.ends >= 0
        self.tied = (places[floating], ties.ends[floating], (scale * ties.conductances[floating]).astype(dtype))
        self.grid = (gx, gy, gz, inv, layout.reach, shape)
        x, y, z = (Axis(a.into, a.near, a.share.astype(self.dtype.char.lower()), a.inner) for a in axes)
        halves = np.zeros((2, (layout.nz + 1) // 2), z.share.dtype)
        halves[0, :], halves[1, : layout.nz // 2] = z.share[::2], z.share[1::2]
        self.own_only = x.paired and y.paired and z.paired
        self.interpolation = (*((a.into, a.near, a.share) for a in (x, y, z)), halves, z.paired)
        coarse = tuple(int(a.into[-1]) + 1 for a in axes)
        self.rooms = [
            (
                _ring(layout, dtype),
                np.zeros(3, np.complex128 if self.dtype.kind == "c" else np.float64),
                np.zeros(coarse[2] + 2, dtype),
                np.zeros((5, *coarse[1:]), dtype),
            )
            for _ in self.parts
        ]
        self.answer = np.zeros(shape, dtype)

    def _parts(self, into: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Return the planes (counted from 1) each thread does: whole coarser planes, alike in number."""
        count = self.team.threads if self.layout.cells >= _WORTH_SHARING else 1
        starts = np.flatnonzero(np.diff(into, prepend=-1))
        cuts = [int(starts[len(starts) * n // count]) + 1 for n in range(count)] + [into.size + 1]
        wide = all(b - a >= 8 for a, b in pairwise(cuts))
        return list(pairwise(cuts)) if wide else [(1, into.size + 1)]

    def down(self, coarser: Level | Bottom, step: tuple[Any, Any, bool], krylov: Any, advance: Any) -> float:
        """Relax, and bring what is left to the coarser grid; return |r|² after the `step` before, if there is one."""
        total = 0.0
        cuts = [lo for lo, _ in self.parts[1:]]
        if step[2]:
            for cut in cuts:  # planes that both parts need
                total += sum(advance(i, step[0], step[1], *krylov, self.residual) for i in range(cut - 3, cut + 3))
        shares = []
        for (lo, hi), room in zip(self.parts, self.rooms, strict=True):
            room[1][:] = 0.0
            shares.append([(lo, hi, lo + 3 * (lo in cuts), hi - 3 * (hi in cuts), *room)])
        self.team.share(
            down, shares, self.grid, self.residual, step, krylov, *self.interpolation, self.own_only, coarser.residual,
            coarser.layout.reach,
        )  # fmt: skip
        return total + sum(float(room[1][0].real) for room in self.rooms)

    def up(self, coarse: NDArray[Any], finest: bool, answer: Any, w: Any, q: Any) -> NDArray[Any]:
        """Add the coarser grid's answer and relax; return the sums z·r, z·q, z·A z of the finest grid."""
        shares = []
        for (lo, hi), room in zip(self.parts, self.rooms, strict=True):
            room[1][:] = 0.0
            shares.append([(lo, hi, *room[:3])])
        self.team.share(
            up, shares, self.grid, self.residual, coarse, *self.interpolation, finest, answer, w, q, self.answer
        )
        return np.sum([room[1] for room in self.rooms], axis=0)

    def smoothed(self, floats: int) -> NDArray[Any]:
        """Return the current into each floating electrode from cells as they are after the way down."""
        out = np.zeros(floats, self.dtype)
        if self.tied[0].size:
            smoothed(*self.tied, *self.grid[:5], self.residual, out)
        return out

    def lift(self, voltages: NDArray[Any]) -> None:
        """Add to the residual the currents that floating electrodes send at `voltages`."""
        if self.tied[0].size:
            lift(*self.tied, voltages, self.residual.reshape(-1))


def _ring(layout: Layout, dtype: Any) -> NDArray[Any]:
    ring = np.zeros((RING, layout.length), dtype)
    ring[-1] = 1.0
    return ring
