"""Each endpoint is read in its own tissue, from the integral the solver stored, and says when it is extrapolated."""

import math
from types import MappingProxyType

import numpy as np
import pytest

from tauten.errors import InputError, OutsideValidity
from tauten.grid import Grid
from tauten.physics import collagen, damage
from tauten.solvers import kinetics
from tauten.solvers.kinetics import READINGS, Reading
from tauten.solvers.state import TissueState
from tauten.units import celsius

NAMES = ("stratum corneum", "epidermis", "papillary dermis", "reticular dermis", "subcutaneous fat")
LAYER_OF_CELL = np.array([0, 1, 1, 1, 2, 3, 4])
DEGREES = np.array([70.0, 66.0, 64.0, 63.0, 68.0, 62.0, 50.0])
SECONDS = 2.0


def heated(degrees=DEGREES, seconds=SECONDS, sets=None):
    """A column of seven cells, each held at its temperature for `seconds`: integrals known without any solver."""
    grid = Grid((np.array([0.0, 1.0]), np.linspace(0.0, 3.5e-3, 8)), "axisymmetric")
    kelvin = celsius(np.asarray(degrees, dtype=float)).reshape(grid.shape)
    sets = kinetics.needed() if sets is None else sets
    rates = {each.name: seconds * damage.rate(each, kelvin) for each in sets}
    rise = kelvin - 310.15
    return TissueState(grid, seconds, rise * 0.0, 310.15, rise, MappingProxyType(rates))


def test_every_endpoint_is_read_in_its_own_tissue_only():
    injured = kinetics.injure(heated(), LAYER_OF_CELL, NAMES)
    inside = {"epidermal burn": [1, 2, 3], "dermal burn": [4, 5], "fat necrosis": [6], "collagen shrinkage": [4, 5]}
    for endpoint, cells in inside.items():
        assert np.flatnonzero(np.isfinite(injured.of(endpoint).values[0])).tolist() == cells


def test_dead_horn_layer_carries_no_burn():
    assert np.isnan(kinetics.injure(heated(), LAYER_OF_CELL, NAMES).epidermal_burn.values[0, 0])


def test_peak_burn_is_that_of_the_hottest_living_cell():
    burn = kinetics.injure(heated(), LAYER_OF_CELL, NAMES).epidermal_burn
    assert burn.set_name == "henriques_moritz_1947"
    assert burn.peak == pytest.approx(SECONDS * float(damage.rate("henriques_moritz_1947", celsius(66.0))), rel=1e-12)


def test_sets_of_one_endpoint_stay_apart():
    injured = kinetics.injure(heated(), LAYER_OF_CELL, NAMES)
    pearce = injured.of("collagen denaturation", "pearce_rat_skin")
    tendon = injured.of("collagen denaturation", "maitland_walsh_1997")
    assert injured.denatured is pearce
    assert tendon.peak == pytest.approx(1 - math.exp(-SECONDS * float(damage.rate("maitland_walsh_1997", celsius(68)))))
    assert tendon.peak > 2 * pearce.peak


def test_shrinkage_is_that_of_the_trace():
    injured = kinetics.injure(heated(seconds=20.0), LAYER_OF_CELL, NAMES)
    trace = collagen.shrinkage([celsius(68.0)] * 2, [0.0, 20.0])
    assert injured.shrinkage.peak == pytest.approx(float(trace), rel=1e-9)
    assert injured.shrinkage.peak > 0.01


def test_fat_is_judged_by_minutes_at_43():
    dose = kinetics.injure(heated(), LAYER_OF_CELL, NAMES).fat_dose
    assert dose.unit == "min"
    assert dose.peak == pytest.approx(SECONDS / 60 * 2**7)


def test_stimulus_is_seconds_in_the_range():
    cooler = np.array([40.0, 44.0, 44.0, 44.0, 50.0, 41.0, 39.0])
    stimulus = kinetics.injure(heated(cooler), LAYER_OF_CELL, NAMES).stimulus
    assert stimulus.unit == "s"
    assert stimulus.values[0, 4:6].tolist() == [SECONDS, 0.0]


def test_extrapolation_is_told_for_hot_tissue_and_not_for_cool():
    hot = kinetics.injure(heated(DEGREES + 30), LAYER_OF_CELL, NAMES)
    assert "outside 44 to 70 °C" in hot.epidermal_burn.extrapolated
    assert "outside 65 to 90 °C" in hot.shrinkage.extrapolated
    cool = kinetics.injure(heated(DEGREES * 0 + 38.0), LAYER_OF_CELL, NAMES)
    assert {endpoint.extrapolated for endpoint in cool} == {""}


def test_a_set_without_a_source_at_this_heat_raises():
    diller = Reading("epidermal burn", ("epidermis",), "diller_klutke_1993")
    state = heated(DEGREES * 0 + 45.0, sets=[damage.endpoint("diller_klutke_1993")])
    assert kinetics.injure(state, LAYER_OF_CELL, NAMES, [diller]).epidermal_burn.peak > 0.0
    hotter = TissueState(state.grid, 1.0, state.rise, 310.15, state.maximum + 10.0, state.integrals)
    with pytest.raises(OutsideValidity, match="diller_klutke_1993"):
        kinetics.injure(hotter, LAYER_OF_CELL, NAMES, [diller])


def test_missing_integral_names_itself_and_the_remedy():
    state = heated(sets=[damage.endpoint("cem43")])
    with pytest.raises(InputError, match=r"henriques_moritz_1947 was not integrated.*kinetics\.needed"):
        kinetics.injure(state, LAYER_OF_CELL, NAMES)


def test_absent_tissue_is_left_out():
    injured = kinetics.injure(heated(), LAYER_OF_CELL * 0 + 1, NAMES)
    assert {e.endpoint for e in injured} == {"epidermal burn", "heat discomfort"}
    with pytest.raises(InputError, match="was not read"):
        _ = injured.fat_dose


def test_epidermis_of_two_cells_is_too_coarse_for_a_burn():
    coarse = np.array([0, 1, 1, 2, 2, 3, 4])
    with pytest.raises(InputError, match=r"2 cells of epidermis.*3 or more"):
        kinetics.injure(heated(), coarse, NAMES)
    dermis = [reading for reading in READINGS if "epidermis" not in reading.tissues]
    assert kinetics.injure(heated(), coarse, NAMES, dermis).dermal_burn.peak > 0.0


def test_one_thin_column_is_enough_to_be_too_coarse():
    grid = Grid((np.array([0.0, 1.0, 2.0]), np.linspace(0.0, 3.5e-3, 8)), "axisymmetric")
    layers = np.array([LAYER_OF_CELL, [0, 1, 2, 2, 2, 3, 4]])
    state = TissueState(grid, 1.0, np.zeros(grid.shape), 310.15, np.zeros(grid.shape))
    with pytest.raises(InputError, match="1 cells of epidermis"):
        kinetics.injure(state, layers, NAMES)


def test_layers_beyond_the_names_are_refused():
    with pytest.raises(InputError, match="points beyond"):
        kinetics.injure(heated(), LAYER_OF_CELL + 1, NAMES)


def test_the_state_still_stands():
    state = heated()
    before = {name: values.copy() for name, values in state.integrals.items()}
    kinetics.injure(state, LAYER_OF_CELL, NAMES)
    assert all(np.array_equal(before[name], state.integrals[name]) for name in before)


def test_solver_is_asked_for_every_set_once():
    names = [each.name for each in kinetics.needed()]
    assert len(names) == len(set(names))
    assert set(names) == {reading.kinetics for reading in READINGS}


def test_shrinkage_under_load_reads_its_own_integral():
    from tauten.physics.kinetic_sets import accumulated_time

    loaded = accumulated_time(200e3)
    reading = Reading("collagen shrinkage", ("dermis",), loaded, "shrinkage")
    injured = kinetics.injure(heated(DEGREES + 5, 20.0, sets=[loaded]), LAYER_OF_CELL, NAMES, [reading])
    trace = collagen.shrinkage([celsius(73.0)] * 2, [0.0, 20.0], stress=200e3)
    assert injured.shrinkage.peak == pytest.approx(float(trace), rel=1e-9)
