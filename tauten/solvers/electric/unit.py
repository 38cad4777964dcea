"""The solution at one volt between the terminals; every drive is a multiple of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.errors import InputError
from tauten.solvers.electric.direct import solve_directly
from tauten.solvers.electric.system import System

__all__ = ["Unit", "solve_unit"]

Values = NDArray[Any]
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
    potential, residual, iterations = _solve(system, lead, tolerance, threads, start.at_one_volt if start else None)
    ground = system.ground
    common, level = None, 0.0
    floating = np.array(system.floating, bool)
    if not fixed and ground.cells.size:
        ones = np.where(floating, 0.0, 1.0)
        common, other, more = _solve(system, ones, tolerance, threads, start.common if start else None)
        residual, iterations = max(residual, other), iterations + more
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


def _solve(
    system: System, voltages: Values, tolerance: float, threads: int, start: Values | None
) -> tuple[Values, float, int]:
    if system.shape[1] == 1 or np.prod(system.shape) <= _SMALL:
        return solve_directly(system, voltages, tolerance)
    from tauten.solvers.electric.multigrid import solve_system

    return solve_system(system, voltages, tolerance, start=start, threads=threads)
