"""What the heat solver refuses, by name."""

import math

import numpy as np
import pytest
from heat_sample import RHO, SKIN, C, K, column, pulse

from tauten.errors import InputError, NotConverged, TooLarge, Unphysical
from tauten.grid import Grid
from tauten.solvers import conduction
from tauten.solvers.conduction import ContactPlate, Fixed, Thermal


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"times": []}, "times"),
        ({"times": [1.0, 0.5]}, "times"),
        ({"times": [math.nan]}, "times"),
        ({"initial": math.nan}, "initial"),
        ({"initial": np.ones(7)}, "initial"),
        ({"source": np.full((1, 3), 1.0)}, "values"),
        ({"source": np.full((1, 10), math.nan)}, "heat"),
        ({"medium": Thermal(-1.0, RHO, C)}, "medium.conductivity"),
        ({"medium": Thermal(K, math.nan, C)}, "medium.density"),
        ({"medium": Thermal(K, RHO, C, water=1.5)}, "medium.water"),
        ({"medium": Thermal(K, RHO, C, labels=np.zeros((2, 2), int))}, "labels"),
        ({"medium": Thermal([K, K], RHO, C, labels=np.full((1, 10), 2))}, "conductivity"),
        ({"medium": Thermal(np.ones(3), RHO, C)}, "conductivity"),
        ({"boundaries": {"left": Fixed(300.0)}}, "boundaries"),
        ({"boundaries": {"bottom": ContactPlate(280.0)}}, "boundaries.bottom"),
        ({"endpoints": ["no_such_set"]}, "endpoint"),
        ({"dtype": "float16"}, "dtype"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"threads": 0}, "threads"),
    ],
)
def test_bad_input_names_its_key(change, key):
    grid = Grid((np.array([0.0, 1e-3]), np.linspace(0.0, 1e-3, 11)), "axisymmetric")
    arguments = {"grid": grid, "medium": SKIN, "source": None, "times": [1.0], **change}
    with pytest.raises(InputError) as caught:
        conduction.evolve(**arguments)
    assert caught.value.key == key


def test_a_step_out_of_range_is_named_with_its_own_value():
    with pytest.raises(InputError, match=r"longest_step = -1\.0 is not positive"):
        conduction.evolve(column(), SKIN, times=[1.0], longest_step=-1.0)


def test_runaway_heat_and_hopeless_tolerances_are_no_results():
    grid = column()
    with pytest.raises((Unphysical, NotConverged)):
        conduction.evolve(grid, SKIN, pulse(grid, 1e300), times=[1.0])
    with pytest.raises(NotConverged) as caught:
        conduction.evolve(grid, SKIN, times=[1.0], boundaries={"top": Fixed(283.15)}, tolerance=1e-18)
    assert caught.value.residual > 0.0


def test_grid_too_large_for_this_machine_is_refused_before_it_is_made():
    with pytest.raises(TooLarge):
        conduction.evolve(Grid.uniform((30000, 30000, 3000), 1e-5), SKIN, times=[1.0])
