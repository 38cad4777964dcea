"""The solution at one volt between two terminals that float: SciPy's, from a grid made ready once."""

from __future__ import annotations

import numpy as np
import pytest
from electric_sample import blocks, matrix_solution

from tauten.solvers.electric import multigrid
from tauten.solvers.electric.unit import solve_unit

LEAD = np.array([0.5, -0.5, 0.5, 0.0])


@pytest.fixture
def ready(monkeypatch):
    """The systems that were made ready."""
    made = []

    class Counted(multigrid.Multigrid):
        def __init__(self, system, threads=1):
            made.append(system)
            super().__init__(system, threads)

    monkeypatch.setattr(multigrid, "Multigrid", Counted)
    return made


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("fixed", [False, True])
def test_walls_take_nothing_from_terminals_that_float(ready, complex_, fixed):
    """Lead and level are two solutions of one system: exactly the sum through which no current leaves by the walls."""
    system, _ = blocks((22, 20, 18), complex_, 1, seed=6)
    found = solve_unit(system, LEAD, fixed, 1e-10, 1)
    ground = system.ground
    apart = matrix_solution(system, LEAD)
    level = 0.0
    if not fixed:
        common = matrix_solution(system, np.array([1.0, 1.0, 1.0, 0.0]))
        lost, per_volt = (np.sum(ground.conductances * p.reshape(-1)[ground.cells]) for p in (apart, common))
        level = -lost / per_volt
        apart = apart + level * common
        left = np.sum(ground.conductances * found.potential.reshape(-1)[ground.cells])
        assert abs(left) < 1e-7 * abs(per_volt)
        assert abs(level) > 1e-3
    alive = system.diagonal() != 0
    assert np.abs(found.potential - apart)[alive].max() < 1e-7
    assert found.levels == pytest.approx((0.5 + level, -0.5 + level), abs=1e-7)
    assert len(ready) == 1
