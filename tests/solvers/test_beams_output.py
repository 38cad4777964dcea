"""What a hydrophone in water would say, against O'Neil's axis."""

import dataclasses
import math

import numpy as np
import pytest
from beam_sample import BOWL, WATER

from tauten.facts import load
from tauten.physics import sound
from tauten.solvers.beams import Acoustics, radiate
from tauten.solvers.output import in_water, measured

R, Z = np.linspace(0.0, 1.2e-3, 121), np.linspace(4e-3, 24e-3, 1001)
SKIN = 10.5e-3
"""Where the skin begins below the apex: the focus lies 4.5 mm in it."""
K = 2.0 * math.pi * BOWL.frequency / WATER.speed


def field(power, layer=WATER, **wanted):
    return radiate([layer], BOWL, **{"power": power, "harmonics": 1, "r": R, "z": Z, **wanted})


@pytest.fixture(scope="module")
def weak():
    return field(1.0)


def test_plain_peaks_are_oneils(weak):
    found = measured(weak, standoff=SKIN, duty=0.25)
    gain = 30.813
    peak = gain * weak.surface_pressure
    assert found.peak_positive == found.peak_negative == pytest.approx(peak, rel=5e-4)
    assert found.sppa == pytest.approx(peak**2 / (2.0 * 1000.0 * 1500.0), rel=1e-3)
    assert found.spta == pytest.approx(0.25 * found.sppa)
    assert found.depth == pytest.approx(BOWL.radius - 0.180e-3 - BOWL.depth, abs=2e-5)
    assert found.axial == pytest.approx(3.680e-3, rel=0.01)
    assert found.lateral == pytest.approx(0.4093e-3 * (15.0 - 0.18) / 15.0, rel=0.01)  # narrower as the cone is
    assert (found.power, found.frequency, found.duty) == (1.0, 7e6, 0.25)


def test_derated_numbers_are_03_decibels_per_centimetre_and_megahertz_lower_from_the_skin_on(weak):
    found = measured(weak, standoff=SKIN)
    axis = sound.oneil_axis(Z, BOWL.radius, BOWL.aperture_radius, K) * weak.surface_pressure
    axis = axis * 10.0 ** (-0.3 * 7.0 * 100.0 * np.maximum(Z - SKIN, 0.0) / 20.0)
    assert found.derated_peak_negative == pytest.approx(axis.max(), rel=1e-6)
    assert found.derated_depth == pytest.approx(Z[axis.argmax()] - BOWL.depth)
    assert found.derated_depth < found.depth
    assert found.mechanical_index == pytest.approx(axis.max() / 1e6 / math.sqrt(7.0), rel=1e-6)
    assert found.derated_sppa == pytest.approx(axis.max() ** 2 / 3e6, rel=1e-6)
    assert found.derated_axial < found.axial * 1.01


def test_the_water_inside_a_head_is_no_tissue(weak):
    # From the rim of this bowl to its focus are 13.96 mm, of them 4.5 in skin: 2.93 dB of 0.3 dB/cm/MHz, or 0.945.
    bare, worn = measured(weak, standoff=BOWL.depth), measured(weak, standoff=SKIN)
    assert worn.mechanical_index / bare.mechanical_index == pytest.approx(10.0 ** ((2.930 - 0.945) / 20.0), rel=0.01)
    assert (worn.standoff, worn.peak_negative) == (SKIN, bare.peak_negative)


def test_a_mechanical_index_above_the_guide_value_is_warned_of():
    quiet, loud = (measured(field(power), standoff=SKIN) for power in (0.1, 40.0))
    assert quiet.mechanical_index < 1.9 < loud.mechanical_index
    assert quiet.warnings == ()
    assert "1.9" in loud.warnings[0]
    assert quiet.mechanical_index_guide == 1.9


def test_another_guide_value_is_a_row(weak):
    facts = load().with_value("devices/output/mechanical_index_guide", 0.1)
    plain, strict = measured(weak, standoff=SKIN), measured(weak, standoff=SKIN, facts=facts)
    assert (plain.mechanical_index_guide, strict.mechanical_index_guide) == (1.9, 0.1)
    assert 0.1 < plain.mechanical_index == strict.mechanical_index < 1.9
    assert plain.warnings == ()
    assert "above 0.1" in strict.warnings[0]


def test_a_strong_wave_is_higher_than_deep_and_has_more_than_its_first_harmonic():
    water = Acoustics(math.inf, 1500.0, 1000.0, 0.025, 2.0, 3.5)
    strong = field(4.0, water, harmonics=None, keep=range(1, 11), z=np.linspace(10e-3, 18e-3, 201))
    found = measured(strong, standoff=SKIN)
    assert found.peak_positive > 1.5 * found.peak_negative
    first = np.abs(strong.harmonic(1)).max() ** 2 / 3e6
    assert found.sppa > 1.05 * first


def test_a_head_in_water_is_measured_with_the_harmonics_it_grows():
    water = Acoustics(5e-3, 1500.0, 1000.0, 0.025, 2.0, 3.5)
    weak, strong = (in_water(BOWL, power, water, standoff=SKIN, duty=0.5) for power in (0.02, 4.0))
    assert weak.peak_positive == pytest.approx(
        30.813 * math.sqrt(0.02 / (BOWL.area / 3e6)), rel=0.01
    )  # water takes 1 %
    assert weak.lateral == pytest.approx(0.4044e-3, rel=0.01)
    assert weak.axial == pytest.approx(3.680e-3, rel=0.01)
    assert strong.peak_positive > 1.5 * strong.peak_negative
    # Harmonics focus to a narrower spot than the drive: until a shock eats them, a watt gives more intensity.
    assert 1.05 < strong.sppa / strong.power / (weak.sppa / weak.power) < 1.5
    assert strong.lateral < weak.lateral
    assert strong.spta == 0.5 * strong.sppa


def test_a_field_too_short_for_a_size_has_none():
    found = measured(field(1.0, z=np.linspace(13.5e-3, 16e-3, 51)), standoff=SKIN)
    assert math.isnan(found.axial)
    assert found.lateral > 0.0


def test_output_is_frozen(weak):
    with pytest.raises(dataclasses.FrozenInstanceError):
        measured(weak, standoff=SKIN).power = 2.0
