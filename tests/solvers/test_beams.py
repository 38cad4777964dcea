"""The linear field of `radiate` against exact fields, a Rayleigh sum, and what must hold in any stack."""

import math

import numpy as np
import pytest
from beam_sample import BOWL, FACE, SHALLOW, SMALL, WATER, with_changes
from hypothesis import given, settings
from hypothesis import strategies as st

from tauten.errors import InputError, NotConverged
from tauten.physics import sound
from tauten.solvers import planewaves
from tauten.solvers.beams import Acoustics, Bowl, Piston, Ring, radiate


def linear(layers, transducer, **wanted):
    # Watts, not picowatts: what is compared must be large against the absolute tolerance of `approx`.
    return radiate(layers, transducer, **{"surface_pressure": 1e6, "harmonics": 1, **wanted})


def rayleigh(transducer, layer, r, z, frequency, rings=400, around=400):
    """|p| / p0 by Rayleigh's integral summed over patches of the bowl, complex k and all."""
    nodes, weights = np.polynomial.legendre.leggauss(rings)
    a = transducer.aperture_radius
    radius = 0.5 * a * (nodes + 1.0)
    slope = transducer.radius / np.sqrt(transducer.radius**2 - radius**2)
    height = transducer.radius - np.sqrt(transducer.radius**2 - radius**2)
    angle = 2.0 * np.pi * (np.arange(around) + 0.5) / around
    area = 0.5 * a * weights * radius * slope * 2.0 * np.pi / around
    k = 2.0 * np.pi * frequency / layer.speed - 1j * sound.attenuation_at(frequency, layer.attenuation, layer.exponent)
    way = np.sqrt((r - radius[:, None] * np.cos(angle)) ** 2 + (radius[:, None] * np.sin(angle)) ** 2
                  + (z - height[:, None]) ** 2)  # fmt: skip
    return abs(1j * k / (2.0 * np.pi) * np.sum(np.exp(-1j * k * way) / way * area[:, None]))


@pytest.mark.parametrize("attenuation", [0.0, 60.0])
@pytest.mark.parametrize(("r", "z"), [(0.0, 6e-3), (0.4e-3, 5e-3), (1.5e-3, 3e-3), (0.7e-3, 8e-3)])
def test_field_of_a_bowl_is_rayleighs_on_and_off_its_axis(r, z, attenuation):
    layer = Acoustics(math.inf, 1500.0, 1000.0, attenuation)
    found = linear([layer], SMALL, r=[0.0, r] if r else [0.0], z=[z]).pressure[0, -1, 0]
    assert abs(found) == pytest.approx(1e6 * rayleigh(SMALL, layer, r, z, 3e6), rel=2e-5)


def test_twice_the_waves_change_nothing():
    extent = (4e-3, 20e-3, 6e-3)
    r, z = np.linspace(0.0, 6e-3, 61), np.linspace(4e-3, 20e-3, 161)
    once, twice = (planewaves.pressure_at(planewaves.waves(FACE, BOWL, *extent, finer), r, z) for finer in (1.0, 2.0))
    assert np.abs(once - twice).max() <= 1e-6 * np.abs(twice).max()


def test_even_depths_share_exponentials_without_changing_them():
    rate = -1j * np.array([2.9e4, 2e4 - 50j, -1.5e4j])
    amplitude = np.array([1.0, 2.0j, 3.0])
    for way in (np.linspace(0.0, 0.5, 60), np.linspace(0.5, 0.0, 60), np.linspace(0.1, 0.2, 25)):
        found = planewaves._phases(way, rate, amplitude)
        assert np.all(np.isfinite(found))  # a factor that grows over 0.1 m of an evanescent wave would not be
        assert found == pytest.approx(np.exp(np.multiply.outer(way, rate)) * amplitude, abs=1e-9)


def test_waves_that_are_too_few_are_told(monkeypatch):
    monkeypatch.setattr("tauten.solvers.beams._CLOSE", 1e-17)
    with pytest.raises(NotConverged, match="settled"):
        linear(SHALLOW, SMALL, r=[0.0], z=[4e-3, 6e-3])


def test_layers_of_one_medium_are_one_layer():
    water = Acoustics(4e-3, 1500.0, 1000.0, 20.0)
    cut = [water, *with_changes([water], 0, thickness=1e-3), *with_changes([water], 0, thickness=math.inf)]
    r, z = [0.0, 3e-4], np.linspace(3e-3, 7e-3, 41)
    whole = linear([cut[-1]], SMALL, r=r, z=z)
    assert np.allclose(linear(cut, SMALL, r=r, z=z).pressure, whole.pressure, rtol=0, atol=1e-3)


def test_pressure_goes_on_across_an_interface_and_heat_jumps():
    top = SHALLOW[0].thickness
    field = linear(SHALLOW, SMALL, r=[0.0, 3e-4], z=[top - 1e-9, top + 1e-9])
    above, below = field.pressure[0, :, 0], field.pressure[0, :, 1]
    assert np.abs(above - below).max() <= 1e-4 * np.abs(above).max()
    assert np.all(field.heat[:, 1] > 10.0 * field.heat[:, 0])


def test_a_quarter_wave_that_matches_takes_the_echo_of_the_interface_away():
    # What still comes back are the steep waves of the rim, which neither case lets through.
    z = 1588.4 * 1090.0
    layer = Acoustics(1600.0 / 3e6 / 4.0, 1600.0, math.sqrt(1.5e6 * z) / 1600.0, 0.0)
    water, muscle = Acoustics(4e-3, 1500.0, 1000.0, 0.0), Acoustics(math.inf, 1588.4, 1090.0, 0.0)
    stacks = ([water, muscle], [water, layer, muscle])
    bare, matched = (linear(stack, SMALL, r=[0.0, 1e-3], z=[3e-3, 4.5e-3]) for stack in stacks)
    echo = ((z - 1.5e6) / (z + 1.5e6)) ** 2
    assert (bare.reflected - matched.reflected) / bare.emitted == pytest.approx(echo, rel=0.1)


@pytest.mark.parametrize(
    "transducer", [SMALL, Ring(6e-3, 0.8e-3, 2.2e-3, 3e6), Piston(2e-3, 5e6)], ids=["bowl", "ring", "piston"]
)
def test_power_adds_up(transducer):
    field = linear(SHALLOW, transducer, surface_pressure=None, power=2.0)
    assert field.emitted == 2.0
    assert field.absorbed + field.scattered + field.passed + field.reflected == pytest.approx(2.0, rel=0.01)
    assert min(field.absorbed, field.scattered, field.passed, field.reflected) > 0.0
    assert field.scattered == pytest.approx(field.absorbed_in[1] / 9.0)  # only the skin scatters, a tenth of its loss
    area = transducer.area / (2.0 * 1000.0 * 1500.0)
    assert field.surface_pressure == pytest.approx(math.sqrt(2.0 / area))


def test_heat_of_the_field_is_what_the_planes_lose():
    # Standing waves included: the layers' echoes are in the field and in the fluxes alike.
    top = SHALLOW[0].thickness
    z = np.linspace(top, top + 4e-3, 801)
    r = np.linspace(0.0, 20e-3, 1201)  # the waves of the rim carry 3 % of the skin's heat beyond 5 mm
    field = linear(SHALLOW, SMALL, r=r, z=z)
    rings = np.trapezoid(field.heat * 2.0 * np.pi * r[:, None], r, axis=0)
    inside = [(z >= a - 1e-12) & (z < b) for a, b in ((top, top + 1.8e-3), (top + 1.8e-3, top + 4e-3))]
    for number, where in enumerate(inside, 1):
        found = np.trapezoid(rings[where], z[where])
        assert found == pytest.approx(field.absorbed_in[number], rel=0.005)


@pytest.mark.parametrize("source", [Piston(0.25e-3, 1e6), Piston(2e-4, 7e6), Bowl(15e-3, 1e-5, 7e6)])
def test_a_source_of_few_waves_is_told(source):
    with pytest.raises(InputError, match=r"less than 2\.4 wavelengths"):
        linear([WATER], source)


def test_a_bowl_is_followed_up_to_nearly_half_a_sphere():
    for share in (0.9, 0.98):
        assert abs(linear([WATER], Bowl(6e-3, share * 6e-3, 3e6)).imbalance) <= 0.01
    for share in (0.981, 0.995, 1.0):
        with pytest.raises(InputError, match="nearly that of a half sphere") as caught:
            linear([WATER], Bowl(6e-3, share * 6e-3, 3e6))
        assert caught.value.key == "transducer.aperture_radius"


def test_defaults_reach_the_focus_and_resolve_the_wave():
    field = linear(SHALLOW, SMALL)
    wave = 1500.0 / 3e6
    assert field.z[0] > SMALL.depth
    assert field.z[-1] > SMALL.focus
    assert field.r[0] == 0.0
    assert field.r[-1] > SMALL.aperture_radius
    assert np.diff(field.z).max() <= wave / 8.0 * 1.001
    assert np.diff(field.r).max() <= wave / 6.0 * 1.001
    assert np.diff(field.r[field.r < 1.0 * wave]).max() <= wave / 24.0 * 1.001
    assert field.heat.shape == field.peak_positive.shape == field.pressure.shape[1:] == (field.r.size, field.z.size)


@settings(max_examples=8, deadline=None)
@given(st.floats(0.1, 40.0), st.floats(1.05, 3.0))
def test_more_attenuation_never_lets_more_through(attenuation, more):
    z = [6.5e-3]
    less, lossy = (
        linear(with_changes(SHALLOW, 1, attenuation=attenuation * factor), SMALL, r=[0.0], z=z)
        for factor in (1.0, more)
    )
    assert lossy.passed < less.passed
    assert lossy.absorbed > less.absorbed


@settings(max_examples=10, deadline=None)
@given(st.floats(1e-3, 50.0))
def test_power_scales_the_field_and_nothing_else(power):
    extent = {"r": [0.0, 2e-4], "z": [5e-3, 6e-3], "surface_pressure": None}
    one = linear(SHALLOW, SMALL, power=1.0, **extent)
    other = linear(SHALLOW, SMALL, power=power, **extent)
    scaled = one.scaled(power)
    for found in (other, scaled):
        assert found.heat == pytest.approx(one.heat * power)
        assert found.pressure == pytest.approx(one.pressure * math.sqrt(power))
        assert found.passed == pytest.approx(one.passed * power)
    assert scaled.surface_pressure == pytest.approx(other.surface_pressure)


def test_a_harmonic_that_was_not_kept_is_named():
    field = linear([WATER], SMALL, r=[0.0], z=[5e-3])
    assert field.harmonic(1) is not None
    with pytest.raises(InputError, match="keep="):
        field.harmonic(2)


def test_what_comes_through_a_lossless_stack_does_not_depend_on_its_order():
    # Reciprocity: a stack passes as much turned upside down. Both layers are faster than water: a slow one would be a
    # guide without loss, whose waves go on for ever.
    half, last = Acoustics(3.2e-3, 1500.0, 1000.0, 0.0), Acoustics(math.inf, 1500.0, 1000.0, 0.0)
    inner = [Acoustics(0.3e-3, 1624.0, 1109.0, 0.0), Acoustics(0.5e-3, 1550.0, 911.0, 0.0)]
    one, other = (linear([half, *order, last], SMALL, r=[0.0], z=[5e-3]) for order in (inner, inner[::-1]))
    assert one.passed == pytest.approx(other.passed, rel=1e-9)


def test_a_guide_without_loss_does_not_settle():
    slow = [
        Acoustics(3.2e-3, 1500.0, 1000.0, 0.0),
        Acoustics(0.5e-3, 1440.2, 911.0, 0.0),
        Acoustics(math.inf, 1500.0, 1000.0, 0.0),
    ]
    with pytest.raises(NotConverged, match="settled"):
        linear(slow, SMALL, r=[0.0], z=[5e-3])


def test_wide_bowls_and_slow_or_fast_layers_settle():
    bone = (Acoustics(3.5e-3, 1500.0, 1000.0, 0.025, 2.0), Acoustics(1e-3, 1624.0, 1109.0, 21.158),
            Acoustics(math.inf, 3500.0, 1900.0, 55.0))  # fmt: skip
    field = linear(bone, Bowl(6e-3, 3.4e-3, 3e6))
    assert abs(field.imbalance) < 0.01
    assert field.reflected > 0.1 * field.emitted
