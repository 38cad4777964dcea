import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import jv

from tauten.physics import sound
from tauten.skin.acoustics import Acoustics
from tauten.validation.sound import stack_imbalance

MUSCLE = Acoustics(math.inf, 1588.4, 1090.0, 0.0)
FREQUENCY = 7e6


def media(loss):
    return st.builds(
        Acoustics,
        thickness=st.floats(2e-5, 3e-3),
        speed=st.floats(1400.0, 3600.0),
        density=st.floats(800.0, 2000.0),
        attenuation=st.floats(0.5, 40.0) if loss else st.just(0.0),
        exponent=st.floats(1.0, 2.0),
    )


stacks = st.lists(media(True), min_size=2, max_size=6)
lossless = st.lists(media(False), min_size=2, max_size=5)
angles = st.floats(0.0, math.radians(89.0))


def passed(layers, angle=0.0, frequency=FREQUENCY):
    """Share of a plane wave's power that goes on in the last layer, which has no loss."""
    k = sound.wavenumber(frequency, layers[0]).real
    found = sound.stack(layers, frequency, k * math.sin(angle))
    admittance = (1.0 / found.impedance[:, 0]).real
    return abs(found.down[-1, 0]) ** 2 * admittance[-1] / admittance[0]


@given(stacks, angles)
def test_energy_of_any_stack_closes_at_any_angle(layers, angle):
    assert stack_imbalance(layers, FREQUENCY, angle) < 1e-9


@given(lossless, angles)
def test_without_loss_what_does_not_pass_comes_back(layers, angle):
    k = sound.wavenumber(FREQUENCY, layers[0]).real
    found = sound.stack(layers, FREQUENCY, k * math.sin(angle))
    back = abs(found.up[0, 0] * np.exp(-1j * found.axial[0, 0] * layers[0].thickness)) ** 2
    assert passed(layers, angle) + back == pytest.approx(1.0, abs=1e-9)


@given(lossless, angles)
def test_a_stack_without_loss_passes_as_much_upside_down(layers, angle):
    across = sound.wavenumber(FREQUENCY, layers[0]).real * math.sin(angle)
    there = passed(layers, angle)
    turned = layers[::-1]
    first = sound.wavenumber(FREQUENCY, turned[0]).real
    assume(across < 0.999 * first)  # a wave that can go on below is one that can come from there
    assert passed(turned, math.asin(across / first)) == pytest.approx(there, abs=1e-8)


@given(stacks, angles, st.floats(1.01, 3.0))
def test_more_attenuation_along_one_way_never_passes_more(layers, angle, more):
    # A half-wave layer between mirrors may pass more when a neighbour dulls the echo, so: one layer between two alike.
    first, between, last = Acoustics(1e-3, 1500.0, 1000.0, 0.0), layers[0], Acoustics(1e-3, 1500.0, 1000.0, 0.0)
    lossy = Acoustics(between.thickness, between.speed, between.density, more * between.attenuation, between.exponent)
    assert passed([first, lossy, last], angle) <= passed([first, between, last], angle) * (1.0 + 1e-6)


def test_quarter_wave_and_half_wave_layers_act_as_the_textbook_says():
    water = Acoustics(1e-3, 1500.0, 1000.0, 0.0)
    z = [1.5e6, 2.0e6, 1588.4 * 1090.0]
    for waves, expected in (
        (0.25, 4 * z[0] * z[2] / (z[1] + z[0] * z[2] / z[1]) ** 2),
        (0.5, 4 * z[0] * z[2] / (z[0] + z[2]) ** 2),
    ):
        layer = Acoustics(waves * 1600.0 / FREQUENCY, 1600.0, 1250.0, 0.0)
        assert passed([water, layer, MUSCLE]) == pytest.approx(expected, abs=1e-12)


def test_one_layer_is_a_wave_that_only_goes_down():
    found = sound.stack([MUSCLE], FREQUENCY, [0.0, 1e4])
    assert np.all(found.down == 1.0)
    assert np.all(found.up == 0.0)


def test_a_wave_bends_by_snells_law_and_stops_beyond_the_critical_angle():
    water, skin = Acoustics(1e-3, 1500.0, 1000.0, 0.0), Acoustics(math.inf, 1624.0, 1109.0, 0.0)
    k = 2.0 * math.pi * FREQUENCY / 1500.0
    for degrees in (10.0, 40.0, 60.0):
        across = k * math.sin(math.radians(degrees))
        axial = sound.stack([water, skin], FREQUENCY, across).axial[1, 0]
        refracted = math.asin(1624.0 / 1500.0 * math.sin(math.radians(degrees)))
        assert math.degrees(math.atan2(across, axial.real)) == pytest.approx(math.degrees(refracted))
    beyond = sound.stack([water, skin], FREQUENCY, k * math.sin(math.radians(70.0)))
    assert beyond.axial[1, 0].real == 0.0
    assert beyond.axial[1, 0].imag < 0.0
    assert passed([water, skin], math.radians(70.0)) == 0.0


@given(st.floats(0.0, 200.0), st.floats(0.0, 6e4))
def test_every_wave_fades_downward(attenuation, across):
    k = sound.wavenumber(FREQUENCY, Acoustics(math.inf, 1500.0, 1000.0, attenuation))
    axial = sound.axial_wavenumber(k, across)
    assert axial.imag <= 0.0
    assert axial.real >= 0.0


def test_a_wave_straight_down_loses_alpha_along_its_way():
    skin = Acoustics(math.inf, 1624.0, 1109.0, 21.158)
    k = sound.wavenumber(FREQUENCY, skin)
    assert abs(np.exp(-1j * sound.axial_wavenumber(k, 0.0) * 1e-3)) == pytest.approx(math.exp(-7 * 21.158e-3), rel=1e-6)
    # 60 degrees off, the way is twice as long.
    steep = sound.axial_wavenumber(k, k.real * math.sin(math.radians(60.0)))
    assert abs(np.exp(-1j * steep * 1e-3)) == pytest.approx(math.exp(-2 * 7 * 21.158e-3), rel=1e-3)


def test_decibels_and_nepers_of_skin():
    # IT'IS: 21.158 Np/m at 1 MHz is 1.84 dB/cm, rising with frequency.
    alpha = sound.attenuation_at(7e6, 21.158, 1.0)
    assert alpha * 20.0 / math.log(10.0) / 100.0 == pytest.approx(7 * 1.838, rel=1e-3)


@pytest.mark.parametrize("exponent", [1.0, 1.05, 1.5])
def test_dispersion_raises_speed_with_frequency_and_none_for_water(exponent):
    speeds = [float(sound.speed_at(f, 7e6, 1600.0, 20.0, exponent)) for f in (7e6, 14e6, 28e6)]
    assert speeds[0] == pytest.approx(1600.0, rel=1e-15)
    assert speeds[0] < speeds[1] < speeds[2]
    assert float(sound.speed_at(70e6, 7e6, 1500.0, 0.025, 2.0)) == pytest.approx(1500.0, abs=1e-9)


def test_dispersion_at_exponent_one_is_the_logarithm_and_its_neighbours_limit():
    slowness = 1.0 / 1600.0 - 2.0 / math.pi * (20.0 / 1e6) / (2.0 * math.pi) * math.log(3.0)
    exact = float(sound.speed_at(21e6, 7e6, 1600.0, 20.0, 1.0))
    assert exact == pytest.approx(1.0 / slowness, rel=1e-14)
    for near in (1.0 - 1e-7, 1.0 + 1e-7, 1.0 + 1e-11):
        assert float(sound.speed_at(21e6, 7e6, 1600.0, 20.0, near)) == pytest.approx(exact, rel=1e-7)


def test_dispersion_of_another_exponent_is_szabos_form():
    y, drive, frequency = 1.5, 7e6, 21e6
    alpha = 20.0 / (2.0 * math.pi * 1e6) ** y  # Np/m per (rad/s)^y
    bend = (2.0 * math.pi * frequency) ** (y - 1.0) - (2.0 * math.pi * drive) ** (y - 1.0)
    slowness = 1.0 / 1600.0 + alpha * math.tan(0.5 * math.pi * y) * bend
    assert float(sound.speed_at(frequency, drive, 1600.0, 20.0, y)) == pytest.approx(1.0 / slowness, rel=1e-12)


def test_wavenumber_follows_dispersion_only_when_asked():
    skin = Acoustics(1.0, 1624.0, 1109.0, 21.158)
    plain, with_drive = sound.wavenumber(14e6, skin), sound.wavenumber(14e6, skin, 7e6)
    assert plain.real == pytest.approx(2.0 * math.pi * 14e6 / 1624.0)
    assert with_drive.real < plain.real
    assert with_drive.imag == plain.imag


def test_oneils_axis_is_his_formula_away_from_the_focus():
    k, radius, aperture = 2.0 * math.pi * 7e6 / 1500.0, 15e-3, 5.5e-3
    h = radius - math.sqrt(radius**2 - aperture**2)
    z = np.array([4e-3, 9e-3, 14.3e-3, 16e-3, 24e-3])
    rim = np.sqrt((z - h) ** 2 + aperture**2)
    assert sound.oneil_axis(z, radius, aperture, k) == pytest.approx(
        np.abs(2.0 / (1.0 - z / radius) * np.sin(0.5 * k * (rim - z))), rel=1e-8
    )
    assert sound.oneil_axis(radius, radius, aperture, k) == pytest.approx(k * h)


@pytest.mark.parametrize(("harmonic", "amplitude"), [(1, 0.9691), (2, 0.2298), (3, 0.0813)])
def test_fubini_halfway_to_the_shock(harmonic, amplitude):
    assert sound.fubini(0.5, harmonic, jv(harmonic, 0.5 * harmonic)) == pytest.approx(amplitude, abs=5e-5)


def test_fubinis_harmonics_carry_the_power_of_the_first_wave():
    n = np.arange(1, 200)
    assert np.sum(sound.fubini(0.6, n, jv(n, 0.6 * n)) ** 2) == pytest.approx(1.0, abs=1e-9)


@given(st.floats(1e5, 1e7), st.floats(1e6, 1e8))
def test_intensity_and_heat_grow_as_the_square_of_pressure(z, frequency):
    assert sound.intensity(2.0, 1000.0, 1500.0) == pytest.approx(4.0 * sound.intensity(1.0, 1000.0, 1500.0))
    assert sound.heat_of(3.0j, 10.0, 1000.0, 1500.0) == pytest.approx(20.0 * sound.intensity(3.0, 1000.0, 1500.0))
    assert abs(sound.interface_reflection(z, 2.0 * z)) == pytest.approx(1.0 / 3.0)
    assert sound.mechanical_index(1e6, frequency) == pytest.approx(1.0 / math.sqrt(frequency / 1e6))
