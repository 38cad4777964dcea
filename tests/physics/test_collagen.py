"""Collagen shrinkage: the master curve's limits, its zero, load, and accumulated time."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tauten.errors import InputError
from tauten.facts import load
from tauten.physics import collagen, damage
from tauten.physics.kinetic_sets import ROWS, accumulated_time
from tauten.references import references
from tauten.units import celsius


def test_curve_starts_at_its_zero_and_is_nothing_below():
    v = collagen.onset()
    assert v == pytest.approx(-2.42, abs=0.005)
    before, just_before, after = collagen.shrinkage_from_theta([0.0, math.exp(v - 1e-6), math.exp(v + 1e-3)])
    assert before == just_before == 0.0
    assert 0.0 < after < 1e-3


@settings(max_examples=80, deadline=None)
@given(st.floats(0.0, 1e9), st.floats(1.0, 10.0))
def test_shrinkage_rises_and_stays_between_nothing_and_60_percent(theta, times):
    less, more = collagen.shrinkage_from_theta([theta, theta * times])
    assert 0.0 <= less <= more <= 0.6


def test_load_delays_shrinkage():
    ratio = collagen.characteristic_time(celsius(70), 100e3) / collagen.characteristic_time(celsius(70))
    assert ratio == pytest.approx(math.exp(1.09), rel=1e-12)
    trace, time = [celsius(70)] * 2, [0.0, 20.0]
    assert collagen.shrinkage(trace, time, stress=100e3) < collagen.shrinkage(trace, time)


def test_characteristic_time_and_rate_are_each_other_s_inverse():
    for stress in (0.0, 200e3):
        rate = damage.rate(accumulated_time(stress), celsius(72))
        assert rate * collagen.characteristic_time(celsius(72), stress) == pytest.approx(1.0, rel=1e-12)


def test_set_under_load_has_its_own_name():
    assert accumulated_time(100e3).name == "chen_1998_100kPa"
    assert accumulated_time().name == "chen_1998"


def test_order_of_heating_does_not_matter():
    """Cumulative time governs: 65 then 75 °C equals 75 then 65 °C."""
    up = collagen.shrinkage([celsius(65), celsius(65), celsius(75), celsius(75)], [0, 60, 60, 60.5])
    down = collagen.shrinkage([celsius(75), celsius(75), celsius(65), celsius(65)], [0, 0.5, 0.5, 60.5])
    assert up == pytest.approx(float(down), rel=1e-12)


@pytest.mark.parametrize(
    ("degrees", "seconds", "words"),
    [(60.0, 3600.0, "outside 65 to 90 °C"), (95.0, 0.2, "outside 65 to 90 °C"), (85.0, 10.0, "lies above 4")],
)
def test_extrapolation_warns_and_stays_below_60_percent(degrees, seconds, words):
    with pytest.warns(damage.ExtrapolationWarning, match=words):
        fraction = collagen.shrinkage([celsius(degrees)] * 2, [0.0, seconds])
    assert 0.0 < fraction <= 0.6


def test_cool_tissue_that_does_not_shrink_needs_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert collagen.shrinkage([celsius(37)] * 2, [0.0, 3600.0]) == 0.0


def test_inside_the_range_is_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert collagen.shrinkage([celsius(70)] * 2, [0.0, 200.0]) > 0.3


def test_load_beyond_the_tests_is_flagged():
    assert "700 kPa" in collagen.extrapolated(1.0, celsius(70), 700e3)


def test_field_keeps_its_shape():
    field = np.full((2, 3, 4), celsius(68))
    assert collagen.shrinkage(field, [0.0, 60.0]).shape == (3, 4)


def test_another_value_moves_the_curve():
    facts = load().with_value(ROWS + "chen_1998.b0", 30.0)
    assert collagen.shrinkage_from_theta(5.0, facts) < collagen.shrinkage_from_theta(5.0)


@pytest.mark.parametrize("theta", [-1.0, math.nan])
def test_impossible_accumulated_time_is_refused(theta):
    with pytest.raises(InputError, match="accumulated time"):
        collagen.shrinkage_from_theta(theta)


def test_pressing_is_not_a_tension():
    with pytest.raises(InputError, match="tension"):
        collagen.characteristic_time(celsius(70), -1.0)


def test_the_source_is_in_the_bibliography():
    assert collagen.shrinkage_from_theta.law.cite in references()


@pytest.mark.parametrize("kelvin", [-5.0, 0.0, math.nan, 65.0, math.inf, [338.15, -1.0]])
def test_no_absolute_temperature_has_no_time_scale(kelvin):
    with pytest.raises(InputError, match="200 to 2000 K"):
        collagen.characteristic_time(kelvin)
