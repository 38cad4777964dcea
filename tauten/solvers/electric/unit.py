"""The solution at one volt between the terminals; every drive is a multiple of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.errors import InputError
from tauten.solvers.electric.direct import solve_directly
from tauten.solvers.electric.system import System

__all__ = ["Unit", "solve_unit"]

Values = NDArray[Any]
Solver = Callable[[Values, Values | None], tuple[Values, float, int]]
_SMALL = 4_000
"""Cells of three-dimensional grids that a direct solve is quicker for."""


@dataclass(frozen=True, eq=False)
class Unit:
    """Potential and voltages of electrodes [V] at `scale` volts between the terminals.

    `common` is the potential with all terminals at 1 V against ground, where one was needed. `levels` are the two
    terminals' voltages at 1 V.
    """

    potential: Values
    voltages: Values
    residual: float
    iterations: int
    levels: tuple[complex, complex]
    common: Values | None = None
    scale: float = 1.0

    def at(self, scale: float, potential: Values) -> Unit:
        """Return the same solution, of 1 V, at another voltage, its `potential` [V] given."""
        return replace(self, potential=potential, voltages=self.voltages * scale, scale=scale)

    @property
    def at_one_volt(self) -> Values | None:
        """The potential at 1 V between the terminals; None where no voltage was given."""
        return self.potential / self.scale if self.scale else None


def solve_unit(
    system: System, lead: Values, fixed: bool, tolerance: float, threads: int, start: Unit | None = None
) -> Unit:
    """Return the solution at 1 V, with the electrodes at `lead` [V]; unless `fixed` no current leaves by the walls.

    Two terminals that float sit at whatever level lets all current of the one come back by the other.
    """
    if start is not None and start.potential.shape != system.shape:
        raise InputError("has another grid", key="start", value=start.potential.shape, allowed=str(system.shape))
    ground = system.ground
    common, level = None, 0.0
    floating = np.array(system.floating, bool)
    with _solver(system, tolerance, threads) as solve:
        potential, residual, iterations = solve(lead, start.at_one_volt if start else None)
        if not fixed and ground.cells.size:
            common, other, more = solve(np.where(floating, 0.0, 1.0), start.common if start else None)
            residual, iterations = max(residual, other), iterations + more
    if common is not None:
        lost, per_volt = (np.sum(ground.conductances * p.reshape(-1)[ground.cells]) for p in (potential, common))
        level = -lost / per_volt
        potential = potential + level * common
    voltages = np.where(floating, 0.0, lead + level)
    links = system.links
    if floating.any():
        sums = np.zeros((2, floating.size), np.result_type(links.conductances, potential))
        np.add.at(sums[0], links.electrodes, links.conductances * potential.reshape(-1)[links.cells])
        np.add.at(sums[1], links.electrodes, links.conductances)
        voltages = np.where(floating, sums[0] / np.where(sums[1] == 0, 1.0, sums[1]), voltages)
    return Unit(potential, voltages, residual, iterations, (0.5 + level, -0.5 + level), common)


@contextmanager
def _solver(system: System, tolerance: float, threads: int) -> Iterator[Solver]:
    """Make a system ready once; yield what finds its potential from voltages and a start."""
    if system.shape[1] == 1 or np.prod(system.shape) <= _SMALL:
        yield lambda voltages, start: solve_directly(system, voltages, tolerance)
        return
    from tauten.solvers.electric.multigrid import Multigrid

    grids = Multigrid(system, threads)
    try:
        yield lambda voltages, start: grids.solve(voltages, tolerance, start)
    finally:
        grids.dismiss()
