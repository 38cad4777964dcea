"""Heat so strong that a cell goes from cool to past boiling within what would be one step: its dose is still exact."""

import numpy as np
import pytest

from tauten.grid import Field, Grid
from tauten.solvers import conduction
from tauten.solvers.state import Deposition
from tauten.units import celsius

GRID = Grid((np.linspace(0.0, 1e-3, 4), np.linspace(0.0, 1e-3, 4)), "axisymmetric")
TISSUE = conduction.Thermal(0.372, 1109.0, 3391.0)
START, BOILING = 34.0, 100.0


def dose_of_a_straight_rise(rate: float, duration: float) -> float:
    """CEM43 [min] of tissue that warms from 34 °C by `rate` [K/s], read no hotter than 100 °C: summed finely."""
    times = np.linspace(0.0, duration, 2_000_001)
    temperature = np.minimum(START + rate * times, BOILING)
    return float(np.trapezoid(np.where(temperature >= 43.0, 0.5, 0.25) ** (43.0 - temperature) / 60.0, times))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("rate", [2e3, 1e6])
@pytest.mark.parametrize("hottest", [99.0, 100.5, 120.0, 700.0])
def test_dose_of_evenly_heated_cells_that_pass_boiling(hottest, rate, dtype):
    duration = (hottest - START) / rate
    heat = np.full(GRID.shape, rate * 1109.0 * 3391.0)
    (state,) = conduction.evolve(
        GRID, TISSUE, Deposition(Field(heat, GRID, "W/m3"), 0.0, duration), times=[duration], initial=celsius(START),
        reference=celsius(START), endpoints=("cem43",), dtype=dtype,
    )  # fmt: skip
    assert state.integrals["cem43"] == pytest.approx(dose_of_a_straight_rise(rate, duration), rel=0.005)
