"""The search for a potential: conjugate gradients, one multigrid cycle a step, real or complex with bilinear products.

Conjugate gradients and the cycle work in single precision on a residual that is taken anew in double precision each
time it has fallen by `REFRESH`; the solution is double precision throughout, the residual returned is the true one.
β = -α z·q / r·z keeps directions conjugate although a cycle isn't quite symmetric. Passes over memory are two a step:
A z is the residual itself on red cells, relaxed last, so that A p follows from what the way up leaves.

Van der Vorst and Melissen 1990 (COCG); Notay 2000 (flexible gradients); Trottenberg, Oosterlee and Schüller 2001.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError, NotConverged
from tauten.solvers.electric.ladder import Ladder
from tauten.solvers.electric.packing import add_solution, residual, residual_at
from tauten.solvers.electric.sweeps import advance, size

__all__ = ["Search"]

REFRESH = 1e-4
MOST_CYCLES = 200
PATIENCE, PLAIN = 6, 3
"""Cycles in which a residual must halve; else so many steps are taken that each leave the smallest residual. Bilinear
products can vanish although a residual doesn't, and conjugate gradients then stand still."""


class Search:
    """One search for a potential: what changes from step to step."""

    def __init__(self, grids: Ladder, voltages: ArrayLike, tolerance: float, start: NDArray[Any] | None) -> None:
        self.grids, self.tolerance = grids, tolerance
        system, finest = grids.system, grids.levels[0]
        kind = np.complex128 if system.complex else np.float64
        self.voltages = np.array(voltages)
        if np.iscomplexobj(self.voltages) and kind is np.float64:
            raise InputError("is complex where all conductances are real", key="voltages")
        self.voltages = self.voltages.astype(kind)
        if self.voltages.shape != (len(system.floating),):
            raise InputError("needs one number an electrode", key="voltages", value=self.voltages.shape)
        self.potential = np.zeros(system.shape, kind) if start is None else np.array(start, kind)
        if self.potential.shape != system.shape:
            raise InputError(
                "does not fit the system", key="start", value=self.potential.shape, allowed=str(system.shape)
            )
        self.voltages[grids.floating] = self._means()
        layout = finest.layout
        self.z, self.p, self.q, self.x = (layout.zeros(grids.dtype) for _ in range(4))
        self.w = np.zeros((layout.nx + 2, 2 if grids.floating.size else 1, layout.length), grids.dtype)
        links = system.links
        fixed = ~np.array(system.floating, bool)[links.electrodes] if links.cells.size else np.zeros(0, bool)
        given = np.zeros(grids.cells.size, kind)
        self._add_links(given, fixed)
        self.given = float(np.linalg.norm(given))
        self.unit = 1.0 / self.given if self.given > 0 else 1.0

    def _means(self) -> NDArray[Any]:
        """Return the voltages that floating electrodes float at where the potential is what it is."""
        links, floating = self.grids.system.links, self.grids.floating
        sums = np.zeros((2, self.voltages.size), self.voltages.dtype)
        np.add.at(sums[0], links.electrodes, links.conductances * self.potential.reshape(-1)[links.cells])
        np.add.at(sums[1], links.electrodes, links.conductances)
        top, below = sums[0, floating], sums[1, floating]
        return np.divide(top, below, out=np.zeros_like(top), where=below != 0)

    def _add_links(self, out: NDArray[Any], which: NDArray[np.bool_] | slice = slice(None)) -> None:
        links = self.grids.system.links
        currents = links.conductances * self.voltages[links.electrodes]
        np.add.at(out, self.grids.which[: links.cells.size][which], currents[which])

    def run(self) -> tuple[NDArray[Any], float, int]:
        """Search until the residual is small enough."""
        grids = self.grids
        if self.given == 0.0:
            self.potential[:] = 0.0
            return self.potential, 0.0, 0
        found = self.refresh()
        before, least, still, plain, cycles = found, found, 0, 0, 0
        alpha = beta = grids.dtype(0.0)
        taken, pq = False, 0.0
        while not found <= self.tolerance:
            if not math.isfinite(found):
                raise NotConverged("The balance of currents has values that are no numbers", residual=found)
            left = self.down(alpha, beta, taken)
            if taken:
                least, still = (left, 0) if left < 0.5 * least else (least, still + 1)
            if taken and (left <= max(0.9 * self.tolerance, REFRESH * before) or not math.isfinite(left)):
                found = self.refresh()
                if found <= self.tolerance:
                    break
                if not found < 0.9 * before:
                    raise NotConverged(f"The potential came no closer after {cycles} cycles", residual=found)
                before = least = found
                still = 0
            if cycles == MOST_CYCLES:
                raise NotConverged(f"The potential did not converge in {cycles} cycles", residual=self.refresh())
            zr, zq, zw = self.up()
            cycles += 1
            if still >= PATIENCE:
                plain, still = PLAIN, 0
            if plain:
                alpha, beta, pq = grids.dtype(self.shortest()), grids.dtype(0.0), 0.0
                plain -= 1
            else:
                # p = z + β p with β = -z·q / p·q, and so p·A p = z·A z - (z·q)² / p·q.
                ratio = -zq / pq if pq else 0.0 * zq
                pq = zw + ratio * zq
                alpha, beta = (grids.dtype(v) for v in (zr / pq if pq else pq, ratio))
            taken = True
        return self.potential, found, cycles

    def shortest(self) -> Any:
        """Return the step along z that leaves the smallest residual: <A z, r> / <A z, A z>."""
        finest = self.grids.levels[0]
        top, below = 0.0j, 0.0
        for colour in range(2):
            r = finest.residual[:, colour]
            w = r if colour == 0 and self.w.shape[1] == 1 else self.w[:, -1 if colour else 0]
            for i in range(1, finest.layout.nx + 1):
                top += complex(np.vdot(w[i], r[i]))
                below += complex(np.vdot(w[i], w[i])).real
        step = top / below if below > 0 else 0.0
        return step if self.grids.system.complex else complex(step).real

    def refresh(self) -> float:
        """Take in what the search has found, take the residual anew, and return its size over the currents given."""
        grids = self.grids
        finest = grids.levels[0]
        layout, faces = finest.layout, grids.faces
        parts = [[(lo - 1, hi - 1)] for lo, hi in finest.parts]
        fx, fy, fz = faces
        back = grids.scale / self.unit
        finest.team.share(add_solution, parts, self.x, back, self.potential, layout.reach)
        self.voltages[grids.floating] = self._means()
        rows = [[(lo, hi, np.zeros(layout.nz, self.potential.dtype))] for ((lo, hi),) in parts]
        finest.team.share(
            lambda lo, hi, row: residual(
                lo, hi, fx, fy, fz, self.potential, self.unit, row, finest.residual, layout.reach
            ),
            rows,
        )
        given = np.zeros(grids.cells.size, self.potential.dtype)
        self._add_links(given)
        residual_at(
            grids.cells, grids.places, fx, fy, fz, self.potential, grids.anchor, given, self.unit,
            finest.residual.reshape(-1),
        )  # fmt: skip
        total = sum(float(size(finest.residual[i].reshape(-1))) for i in range(1, layout.nx + 1))
        return math.sqrt(total)

    def down(self, alpha: Any, beta: Any, taken: bool) -> float:
        """Take the step found, relax on the way to coarser grids; return the size of the residual after the step."""
        grids = self.grids
        krylov = (self.z, self.w, self.p, self.q, self.x)
        below: list[Any] = [*grids.levels[1:], grids.bottom]
        return math.sqrt(grids.levels[0].down(below[0], (alpha, beta, taken), krylov, advance))

    def up(self) -> tuple[Any, Any, Any]:
        """Solve on the coarser grids, relax on the way up; return z·r, z·q and z·A z."""
        grids = self.grids
        finest, floats = grids.levels[0], grids.floating.size
        idle = np.zeros((1, 1, 1), grids.dtype)
        none = (idle, idle, idle, idle, idle)
        currents = [finest.smoothed(floats)]
        below: list[Any] = [*grids.levels[1:], grids.bottom]
        rest = (grids.dtype(0.0), grids.dtype(0.0), False)
        for n, level in enumerate(grids.levels[1:]):
            level.down(below[n + 1], rest, none, advance)
            currents.append(currents[-1] + level.smoothed(floats))
        coarse, voltages = grids.bottom.solve(currents[-1])
        for level in reversed(grids.levels[1:]):
            level.lift(voltages)
            level.up(coarse, False, idle, idle, idle)
            coarse = level.answer
        finest.lift(voltages)
        sums = finest.up(coarse, True, self.z, self.w, self.q)
        if floats:
            self._account(sums, voltages)
        return tuple(sums)

    def _account(self, sums: NDArray[Any], voltages: NDArray[Any]) -> None:
        """Put floating electrodes at their means over z: in z·r, z·A z and A z they were at `voltages`."""
        finest = self.grids.levels[0]
        finest.lift(-voltages)
        places, ends, conductances = finest.tied
        z = self.z.reshape(-1)[places]
        means = np.zeros(voltages.size, sums.dtype)
        np.add.at(means, ends, conductances * z)
        means /= self.grids.scale * self.grids.held
        sums[0] -= np.sum(z * conductances * voltages[ends])
        sums[2] -= np.sum(z * conductances * means[ends])
        np.subtract.at(self.w.reshape(-1), places, (conductances * means[ends]).astype(z.dtype))
