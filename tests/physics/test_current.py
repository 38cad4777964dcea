"""Laws of current against each other: what one formula says must follow from another by calculus."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from tauten.errors import InputError
from tauten.physics import current
from tauten.references import LAWS


def test_disc_has_its_published_resistance_and_current_shares():
    # 1 / 4σa for 0.22 S/m and 1 mm; 1 - √(1 - (r/a)²).
    assert current.disc_resistance(1e-3, 0.22) == pytest.approx(1136.364, abs=5e-4)
    assert current.disc_current_share(0.5e-3, 1e-3) == pytest.approx(0.13397, abs=5e-6)
    assert current.disc_current_share(0.9e-3, 1e-3) == pytest.approx(0.56411, abs=5e-6)


@pytest.mark.parametrize(("ratio", "density"), [(0.0, 0.5), (0.5, 0.5774), (0.9, 1.1471)])
def test_current_share_of_a_disc_is_the_integral_of_its_density(ratio, density):
    # J/J_mean = 1 / 2√(1 - x²) is half the slope of the share by x².
    step = 1e-5
    shares = [float(current.disc_current_share(math.sqrt(ratio**2 + s), 1.0)) for s in (0.0, step)]
    assert (shares[1] - shares[0]) / step == pytest.approx(density, rel=1e-3)


def test_sphere_resistance_is_that_of_shells_in_series():
    radius, sigma = 0.5e-3, 0.22
    shells, _ = quad(lambda r: 1.0 / (4.0 * math.pi * sigma * r**2), radius, np.inf)
    assert current.sphere_resistance(radius, sigma) == pytest.approx(shells, rel=1e-8)
    assert current.sphere_resistance(radius, sigma) == pytest.approx(723.43, abs=5e-3)


def test_heat_round_a_sphere_adds_up_to_the_generators_power():
    radius, sigma, volts = 0.5e-3, 0.22, 10.0
    heat, _ = quad(
        lambda r: 4.0 * math.pi * r**2 * current.sphere_heat(r, radius, sigma, volts), radius, np.inf, epsabs=1e-10
    )
    assert heat == pytest.approx(volts**2 / current.sphere_resistance(radius, sigma), rel=1e-6)


def test_steady_rise_round_a_sphere_carries_off_its_heat():
    # -k ∇²T = q outside, no flux into the sphere, nothing far away.
    radius, sigma, k, volts, h = 0.5e-3, 0.22, 0.37, 10.0, 1e-7

    def rise(r):
        return current.sphere_rise(r, radius, sigma, k, volts)

    for r in (0.6e-3, 1e-3, 3e-3):
        laplacian = ((r + h) * rise(r + h) - 2.0 * r * rise(r) + (r - h) * rise(r - h)) / (r * h**2)
        assert -k * laplacian == pytest.approx(current.sphere_heat(r, radius, sigma, volts), rel=1e-4)
    assert (rise(radius + h) - rise(radius)) / h == pytest.approx(0.0, abs=1e-3 * rise(radius) / radius)
    assert [rise(n * radius) for n in (1, 2, 4)] == pytest.approx([29.7297, 22.2973, 13.0068], abs=5e-5)


def test_pair_resistance_is_the_voltage_that_two_line_sources_leave_between_the_needles():
    # Line sources ±I/L at ±c, c² = (d/2)² - r²: both needles are circles of one potential each.
    d, r, sigma = 1e-3, 0.15e-3, 0.221
    c = math.sqrt((0.5 * d) ** 2 - r**2)

    def potential(x, y):
        return math.log(math.hypot(x + c, y) / math.hypot(x - c, y)) / (2.0 * math.pi * sigma)

    points = [(0.5 * d + r * math.cos(a), r * math.sin(a)) for a in (0.0, 1.0, 2.0, math.pi)]
    found = [potential(x, y) - potential(-x, y) for x, y in points]
    assert found == pytest.approx([current.pair_resistance(d, r, sigma, 1.0)] * 4, rel=1e-9)
    assert current.pair_resistance(d, r, 1.0, 1.0) == pytest.approx(0.5965, abs=5e-5)
    assert current.pair_resistance(d, r, sigma, 2e-3) == pytest.approx(2.6989 / 2e-3, rel=2e-5)


@pytest.mark.parametrize(("coefficient", "rise"), [(0.02, 40.615), (0.0, 29.730)])
def test_kohlrausch_rise_is_published(coefficient, rise):
    assert current.kohlrausch_rise(10.0, 0.22, 0.37, coefficient) == pytest.approx(rise, abs=5e-4)


@pytest.mark.parametrize("coefficient", [-0.01, 0.005, 0.015, 0.02, 0.04])
def test_kohlrausch_integral_of_heat_over_electric_conductivity_is_half_the_square_of_the_voltage(coefficient):
    volts, sigma, k = 10.0, 0.22, 0.37
    top = float(current.kohlrausch_rise(volts, sigma, k, coefficient))
    found, _ = quad(lambda t: k / (sigma * (1.0 + coefficient * t)), 0.0, top)
    assert found == pytest.approx(0.5 * volts**2, rel=1e-9)


def test_kohlrausch_rise_without_coefficient_is_that_on_a_sphere():
    assert current.kohlrausch_rise(7.0, 0.3, 0.4) == pytest.approx(current.sphere_rise(1e-3, 1e-3, 0.3, 0.4, 7.0))
    assert current.kohlrausch_rise(7.0, 0.3, 0.4, 1e-9) == pytest.approx(current.kohlrausch_rise(7.0, 0.3, 0.4))


def test_peak_and_rms_of_one_field_heat_alike():
    # The mean of sin² over a period is a half.
    turn = np.linspace(0.0, 2.0 * np.pi, 1000, endpoint=False)
    wave = 700.0 * np.sin(turn)
    mean = np.mean(0.22 * wave**2)
    assert current.heat_of_peak(0.22, 700.0) == pytest.approx(mean)
    assert current.heat_of(0.22, np.sqrt(np.mean(wave**2))) == pytest.approx(mean)
    assert current.heat_of(0.22, 3.0 + 4.0j) == pytest.approx(0.22 * 25.0)


def test_shares_of_a_stack_are_those_of_its_heat():
    thickness, y = np.array([25e-6, 1.5e-3, 5e-3]), np.array([0.00128j, 0.343 + 0.115j, 0.0278 + 0.0062j])
    density = 100.0  # A/m², the same through all
    heat = thickness * current.heat_of(y.real, density / y)
    assert current.stack_shares(thickness, y) == pytest.approx(heat / heat.sum())
    assert heat.sum() == pytest.approx(density**2 * current.stack_impedance(thickness, y).real)
    assert current.stack_shares(thickness, y)[0] == 0.0  # a lossless membrane


def test_fat_takes_more_of_the_power_per_length_than_dermis():
    # Wide electrodes at 6.78 MHz: per millimetre fat takes 13 times what wet skin takes (Gabriel's rows).
    y = [current.cole_cole(6.78e6, 4.0, (39.0, 280.0, 3e4, 3e4), (7.958e-12, 79.577e-9, 1.592e-6, 1.592e-3),
                           (0.1, 0.0, 0.16, 0.2), 0.0004),
         current.cole_cole(6.78e6, 2.5, (3.0, 15.0, 3.3e4, 1e7), (7.958e-12, 15.915e-9, 159.155e-6, 7.958e-3),
                           (0.2, 0.1, 0.05, 0.01), 0.01)]  # fmt: skip
    dermis, fat = current.stack_shares([1e-3, 1e-3], y)
    assert fat / dermis == pytest.approx(13.0, abs=0.5)


def test_stack_of_one_layer_has_its_own_impedance():
    assert current.stack_impedance([2e-3], [0.5]) == pytest.approx(4e-3)
    assert isinstance(current.stack_impedance([2e-3], [0.5]), float)
    assert current.stack_impedance([1e-3, 1e-3], [0.2 + 0.1j] * 2) == pytest.approx(2e-3 / (0.2 + 0.1j))


@pytest.mark.parametrize(
    ("thicknesses", "admittivities", "words"),
    [
        ([1e-3], [0.2, 0.3], "one value a layer"),
        ([], [], "one value a layer"),
        ([0.0], [0.2], "thicknesses"),
        ([math.inf], [0.2], "thicknesses"),
        ([1e-3], [0.0], "no current"),
        ([1e-3], [-0.2], "no current"),
        ([1e-3], [complex(math.nan, 0.1)], "no current"),
    ],
)
def test_a_stack_that_is_none_is_refused(thicknesses, admittivities, words):
    for asked in (current.stack_impedance, current.stack_shares):
        with pytest.raises(InputError, match=words):
            asked(thicknesses, admittivities)


def test_a_stack_of_capacitors_has_no_power_to_share():
    with pytest.raises(InputError, match="heat"):
        current.stack_shares([1e-4, 1e-4], [1e-3j, 2e-3j])


def test_dried_tissue_keeps_a_permittivity_above_that_of_vacuum():
    for moist in (16.0, 160.0, 1833.0):
        assert current.dry_permittivity(moist, 2.5, 1.0) == pytest.approx(moist)
        assert 2.5 <= current.dry_permittivity(moist, 2.5, 0.01) < moist


def test_laws_of_current_name_their_sources():
    named = {name.rpartition(".")[2] for name in LAWS if name.startswith("physics.current.")}
    assert {"disc_resistance", "sphere_resistance", "pair_resistance", "kohlrausch_rise"} <= named
