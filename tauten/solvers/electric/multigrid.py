"""Potentials by multigrid: a system made ready once, and a search on it for every set of voltages."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from tauten.solvers.electric.ladder import Ladder
from tauten.solvers.electric.search import Search
from tauten.solvers.electric.system import System

__all__ = ["Multigrid", "solve_system"]


def solve_system(
    system: System, voltages: ArrayLike, tolerance: float = 1e-8, start: NDArray[Any] | None = None, threads: int = 1
) -> tuple[NDArray[Any], float, int]:
    """Return (potential, residual, cycles) of a system whose electrodes are at `voltages` [V].

    `voltages` has one number an electrode, unread for those that float; what they float at is the mean of the
    potential over their links, weighted by conductance. Searches from `start` [V] (0 V else), shape `system.shape`,
    until the residual is `tolerance` times the currents that the fixed electrodes would send into skin at 0 V, both
    root sums of squares. Raises `NotConverged` when it cannot.
    """
    grids = Multigrid(system, threads)
    try:
        return grids.solve(voltages, tolerance, start)
    finally:
        grids.dismiss()


class Multigrid:
    """A system made ready: `solve` as often as voltages change, then `dismiss`."""

    def __init__(self, system: System, threads: int = 1) -> None:
        self.ladder = Ladder(system, threads)

    def solve(
        self, voltages: ArrayLike, tolerance: float = 1e-8, start: NDArray[Any] | None = None
    ) -> tuple[NDArray[Any], float, int]:
        """Return (potential, residual, cycles), as `solve_system` does."""
        return Search(self.ladder, voltages, tolerance, start).run()

    def dismiss(self) -> None:
        """Let the other threads go."""
        self.ladder.team.dismiss()
