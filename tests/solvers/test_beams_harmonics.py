"""`radiate` with harmonics: the exact linear field, and what steepening makes of it."""

import dataclasses

import numpy as np
import pytest
from beam_sample import BOWL, SHALLOW, SMALL
from hypothesis import given, settings
from hypothesis import strategies as st

from tauten.errors import Unphysical
from tauten.grid import Grid
from tauten.solvers import join
from tauten.solvers.beams import radiate
from tauten.solvers.harmonics import march

LAYERS = tuple(
    dataclasses.replace(layer, nonlinearity=beta) for layer, beta in zip(SHALLOW, (3.5, 4.5, 6.0, 4.7), strict=True)
)
R, Z = np.linspace(0.0, 3e-3, 61), np.linspace(3.5e-3, 9e-3, 111)


def sent(power, **wanted):
    return radiate(LAYERS, SMALL, **{"power": power, "r": R, "z": Z, **wanted})


@pytest.fixture(scope="module")
def strong():
    return sent(40.0, keep=(2, 1))


def test_a_weak_field_is_the_exact_linear_one():
    weak, linear = sent(0.01), sent(0.01, harmonics=1)
    assert np.abs(weak.heat - linear.heat).max() <= 0.005 * linear.heat.max()
    assert np.abs(weak.pressure - linear.pressure).max() <= 0.005 * np.abs(linear.pressure).max()
    assert weak.absorbed == pytest.approx(linear.absorbed, rel=0.005)


def test_no_nonlinearity_is_no_harmonics():
    clear = [dataclasses.replace(layer, nonlinearity=0.0) for layer in LAYERS]
    many = radiate(clear, SMALL, power=12.0, r=R, z=Z, keep=(1, 2))
    one = radiate(clear, SMALL, power=12.0, r=R, z=Z, harmonics=1)
    assert many.heat == pytest.approx(one.heat, rel=1e-4, abs=1e-5 * one.heat.max())
    assert many.pressure[0] == pytest.approx(one.pressure[0], abs=1e-5 * np.abs(one.pressure).max())
    assert np.abs(many.pressure[1]).max() <= 1e-6 * np.abs(one.pressure).max()


def test_harmonics_heat_more_where_the_wave_is_strong_and_keep_the_power(strong):
    linear = sent(40.0, harmonics=1)
    assert strong.heat.max() > 1.1 * linear.heat.max()
    assert strong.heat.min() >= 0.0
    assert strong.absorbed > linear.absorbed
    assert strong.passed < linear.passed
    assert strong.absorbed + strong.scattered + strong.passed + strong.reflected == pytest.approx(40.0, rel=0.01)
    assert sum(strong.absorbed_in) == pytest.approx(strong.absorbed, rel=1e-6)


def test_a_steepened_wave_is_higher_than_deep(strong):
    focus = np.unravel_index(int(strong.peak_positive.argmax()), strong.peak_positive.shape)
    assert strong.peak_positive[focus] > np.abs(strong.harmonic(1))[focus] > strong.peak_negative[focus] > 0.0


def test_kept_harmonics_stand_in_the_order_asked_for(strong):
    assert strong.kept == (2, 1)
    assert np.abs(strong.harmonic(2)).max() < np.abs(strong.harmonic(1)).max()
    assert strong.pressure[0] is not None
    assert np.array_equal(strong.pressure[0], strong.harmonic(2))


def test_echoes_stay_in_the_field(strong):
    # Above the skin the exact linear field has the echo of the interface; the march has none.
    fine = np.linspace(3.0e-3, 3.5e-3, 51)
    linear = sent(12.0, harmonics=1, z=fine).pressure[0, 0]
    many = sent(12.0, z=fine).pressure[0, 0]
    ripple = [np.ptp(np.abs(p) - np.poly1d(np.polyfit(fine, np.abs(p), 2))(fine)) for p in (linear, many)]
    assert ripple[0] > 0.02 * np.abs(linear).max()
    assert ripple[1] == pytest.approx(ripple[0], rel=0.1)


def test_heat_read_from_a_march_is_the_heat_it_booked():
    linear = sent(12.0, harmonics=1, r=np.linspace(0.0, 4e-3, 401), z=np.linspace(3.5e-3, 9e-3, 551))
    many = sent(12.0, r=linear.r, z=linear.z)
    grid = Grid((np.array([0.0, 4e-3]), np.array([0.0, 1.8e-3, 4.0e-3, 5.5e-3])), "axisymmetric")
    more = [((a.on(grid, 3.5e-3).values) * grid.volumes)[0] for a in (many, linear)]
    booked = np.subtract(many.absorbed_in, linear.absorbed_in)[1:]
    assert more[0] - more[1] == pytest.approx(booked, rel=0.05)


def test_peak_heat_is_that_of_the_march_where_there_are_no_echoes():
    # One medium has no interfaces: exact and marched fields are the same but for what the march does to rim waves.
    tissue = [dataclasses.replace(LAYERS[3], thickness=np.inf)]
    steep = march(tissue, BOWL, 6e5, depth=16e-3)
    deep = steep.z[steep.z > 12e-3]
    found = radiate(tissue, BOWL, surface_pressure=6e5, r=[0.0, *steep.r[:40]], z=deep)
    assert found.heat.max() > 1.5 * radiate(tissue, BOWL, surface_pressure=6e5, harmonics=1, r=[0.0], z=deep).heat.max()
    # The axis is no row of the march: steep peaks are compared where both have them.
    assert found.heat[1:].max() == pytest.approx(steep.heat.max(), rel=0.01)
    assert found.peak_positive[1:].max() == pytest.approx(steep.peak_positive.max(), rel=0.01)


def test_harmonics_are_the_marchs_in_size_and_phase():
    tissue = [dataclasses.replace(LAYERS[3], thickness=np.inf)]
    steep = march(tissue, BOWL, 6e5, depth=16e-3, keep=(1, 2))
    deep = steep.z > 13e-3
    between = 0.5 * (steep.z[deep][1:] + steep.z[deep][:-1])
    read, gaps = (radiate(tissue, BOWL, surface_pressure=6e5, r=[0.0, *steep.r[:12]], z=z, keep=(1, 2))
                  for z in (steep.z[deep], between))  # fmt: skip
    for n, off in ((1, 0.02), (2, 0.002)):  # the cells of the two marches end elsewhere
        marched = steep.pressure[n - 1][:12, deep]
        assert np.abs(read.harmonic(n)[1:] - marched).max() <= off * np.abs(marched).max()
        # Between two cells, a tenth of a wave or more apart, the carrier turns on and the size goes on smoothly.
        axis, middles = np.abs(read.harmonic(n)[1]), np.abs(gaps.harmonic(n)[1])
        assert np.abs(middles - 0.5 * (axis[1:] + axis[:-1])).max() <= 0.01 * axis.max()


@settings(max_examples=6, deadline=None)
@given(st.floats(0.2, 20.0), st.floats(1.1, 2.0))
def test_more_power_heats_more_everywhere_it_counts(power, more):
    less, lot = sent(power), sent(power * more)
    hot = less.heat > 0.1 * less.heat.max()
    assert np.all(lot.heat[hot] > less.heat[hot])
    assert lot.heat.max() / lot.emitted >= 0.999 * less.heat.max() / less.emitted or power > 5.0


def test_heat_that_is_no_number_is_unphysical():
    linear, one = sent(1.0, harmonics=1), march(LAYERS, SMALL, 1.0, harmonics=1, depth=9e-3)
    broken = dataclasses.replace(one, heat=np.full_like(one.heat, np.nan))
    with pytest.raises(Unphysical):
        join.joined(linear, broken, one, 1.0, (1,))


@pytest.mark.parametrize("harmonics", [1, None])
def test_a_field_without_harmonics_kept_has_the_same_heat(harmonics):
    kept = radiate(SHALLOW, BOWL, power=2.0, harmonics=harmonics)
    bare = radiate(SHALLOW, BOWL, power=2.0, harmonics=harmonics, keep=())
    assert bare.kept == ()
    assert bare.pressure.shape == (0, *kept.heat.shape)
    assert np.array_equal(bare.heat, kept.heat)
    assert np.array_equal(bare.peak_positive, kept.peak_positive)
    assert bare.heat.max() > 0.0
