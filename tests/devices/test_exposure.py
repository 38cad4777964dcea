import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.devices.beam import Flat, Gaussian, Rectangle
from tauten.devices.cooling import ContactPlate, Convective, Fixed, Spray
from tauten.devices.exposure import LightPulse, Placed, passes
from tauten.devices.spectrum import Spectrum
from tauten.errors import InputError


def pulse(**changes):
    made = {"spectrum": Spectrum.line(1320e-9), "fluence": 160000.0, "duration": 0.05, "beam": Flat(5e-3), **changes}
    return LightPulse(**made)


def test_irradiance_is_fluence_over_duration():
    assert pulse(fluence=360000.0, duration=3.0).irradiance == pytest.approx(120000.0)


@pytest.mark.parametrize(
    ("beam", "area"),
    [(Flat(5e-3), math.pi * 25e-6), (Gaussian(5e-3), math.pi * 12.5e-6), (Rectangle(10e-3, 15e-3), 150e-6)],
)
def test_energy_is_fluence_times_area_of_the_spot(beam, area):
    assert pulse(beam=beam, fluence=1e5).energy == pytest.approx(1e5 * area)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Flat("x"),
        lambda: Flat(True),
        lambda: Flat(None),
        lambda: Flat(1e6),
        lambda: Flat(1e-300),
        lambda: Gaussian(math.nan),
        lambda: Rectangle(1.0, 1e-6),
        lambda: Rectangle(1e-2, [1e-2]),
        lambda: Flat(5e-3, divergence="wide"),
        lambda: Flat(5e-3, divergence=math.pi / 2),
    ],
)
def test_a_spot_that_cannot_be_is_refused_by_name(make):
    with pytest.raises(InputError, match="allowed") as caught:
        make()
    assert caught.value.key.startswith("beam.")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"fluence": None}, "fluence"),
        ({"fluence": "x"}, "fluence"),
        ({"fluence": [1]}, "fluence"),
        ({"duration": "1 s"}, "duration"),
        ({"beam": None}, "beam"),
        ({"beam": "x"}, "beam"),
        ({"spectrum": None}, "spectrum"),
        ({"cooling": None}, "cooling"),
        ({"cooling": ("ice",)}, "cooling"),
        ({"return_fraction": "x"}, "return_fraction"),
        ({"index_above": "x"}, "index_above"),
        ({"period": "1 s"}, "period"),
    ],
)
def test_what_is_no_number_or_no_part_of_a_pulse_is_refused_by_name(change, key):
    with pytest.raises(InputError, match="allowed") as caught:
        pulse(**change)
    assert caught.value.key == f"exposure.{key}"


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: Fixed("5 degC"), "temperature"),
        (lambda: Fixed(300.0, start="0 s"), "start"),
        (lambda: Fixed(300.0, stop=math.nan), "stop"),
        (lambda: ContactPlate(278.0, conductivity=0.0), "conductivity"),
        (lambda: ContactPlate(278.0, conductivity=math.inf), "conductivity"),
        (lambda: ContactPlate(278.0, density=0), "density"),
        (lambda: ContactPlate(278.0, thickness=0.0), "thickness"),
        (lambda: ContactPlate(278.0, resistance="none"), "resistance"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_by_name(make, key):
    with pytest.raises(InputError, match="allowed") as caught:
        make()
    assert caught.value.key == f"cooling.{key}"


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: Fixed(20.0), "temperature"),
        (lambda: ContactPlate(5.0), "temperature"),
        (lambda: Convective(22.0, 10.0), "temperature"),
        (lambda: Spray(149.9, 2.5e4), "film_temperature"),
    ],
)
def test_a_contact_in_degrees_celsius_is_refused_with_the_remedy(make, key):
    with pytest.raises(InputError, match="Temperatures are kelvin") as caught:
        make()
    assert caught.value.key == f"cooling.{key}"
    assert Fixed(196.0).temperature == 196.0  # dry ice


@pytest.mark.parametrize(
    ("wavelengths", "weights", "key"),
    [
        ([1e-6, 2e-6], [1e308, 1e308], "weights"),
        ([], [], "wavelengths"),
        ([1e-6], [1.0, 2.0], "weights"),
        ([1e-6], ["x"], "weights"),
        (None, [1.0], "wavelengths"),
        ([1e-6], [0.0], "weights"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_spectrum_that_cannot_be_is_refused_by_name(wavelengths, weights, key):
    with pytest.raises(InputError) as caught:
        Spectrum(wavelengths, weights)
    assert caught.value.key == f"spectrum.{key}"


def test_train_of_eight_pulses_delivers_eight_times_the_energy_over_the_published_total():
    train = pulse(beam=Flat(2e-3), fluence=80000.0, duration=3.3e-3, pulses=8, period=0.5)
    assert train.energy / train.beam.area == pytest.approx(640000.0)  # 64 J/cm2
    assert train.light_ends_at == pytest.approx(7 * 0.5 + 3.3e-3)
    assert len(train.intervals) == 8


def test_exposure_begins_with_pre_cooling_and_ends_with_post_cooling():
    cooled = pulse(cooling=(ContactPlate(278.15, start=-1.0, stop=2.0),))
    assert (cooled.begins_at, cooled.ends_at) == (-1.0, 2.0)


def test_contact_without_times_leaves_the_light_to_say_when():
    held = pulse(cooling=(Fixed(300.0),))
    assert (held.begins_at, held.ends_at) == (0.0, 0.05)


def test_two_contacts_at_once_are_refused():
    with pytest.raises(InputError, match="two contacts at the same time"):
        pulse(cooling=(Fixed(300.0, start=0.0, stop=1.0), Spray(265.0, 2e4, start=0.5, stop=2.0)))


def test_contacts_are_put_in_order():
    late, early = Spray(265.0, 2e4, start=0.05, stop=0.1), Spray(265.0, 2e4, start=-0.04, stop=0.0)
    assert pulse(cooling=(late, early)).cooling == (early, late)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"fluence": -1.0}, "exposure.fluence"),
        ({"fluence": math.nan}, "exposure.fluence"),
        ({"fluence": math.inf}, "exposure.fluence"),
        ({"fluence": "36 J/cm2"}, "exposure.fluence"),
        ({"duration": 0.0}, "exposure.duration"),
        ({"duration": math.nan}, "exposure.duration"),
        ({"return_fraction": 1.5}, "exposure.return_fraction"),
        ({"return_fraction": 1.0}, "exposure.return_fraction"),
        ({"return_fraction": -0.1}, "exposure.return_fraction"),
        ({"return_fraction": math.nan}, "exposure.return_fraction"),
        ({"index_above": 0.9}, "exposure.index_above"),
        ({"index_above": math.nan}, "exposure.index_above"),
        ({"index_above": [1.7, 1.8]}, "exposure.index_above"),
        ({"pulses": 0}, "exposure.pulses"),
        ({"pulses": 2.0, "period": 1.0}, "exposure.pulses"),
        ({"pulses": True}, "exposure.pulses"),
        ({"pulses": 2}, "exposure.period"),
        ({"pulses": 2, "period": 0.01}, "exposure.period"),
        ({"period": math.nan}, "exposure.period"),
    ],
)
def test_a_pulse_that_cannot_be_delivered_is_named(changes, key):
    with pytest.raises(InputError) as caught:
        pulse(**changes)
    assert caught.value.key == key


def test_light_sent_back_whole_is_refused_by_the_pulse_as_by_the_photons():
    with pytest.raises(InputError, match="allowed: 0 to below 1"):
        pulse(return_fraction=1.0)
    assert pulse(return_fraction=0.999).return_fraction == 0.999


def test_with_builds_a_new_pulse_and_leaves_the_old_one():
    first = pulse()
    second = first.with_(fluence=1e5)
    assert (first.fluence, second.fluence) == (160000.0, 1e5)
    with pytest.raises(InputError, match="fluense"):
        first.with_(fluense=1e5)


def test_index_above_may_follow_the_spectrum_and_is_frozen():
    two = Spectrum(np.array([1.1e-6, 1.8e-6]), np.array([1.0, 1.0]))
    made = pulse(spectrum=two, index_above=[1.75, 1.74])
    assert not made.index_above.flags.writeable


@given(fluence=st.floats(1e3, 1e6), duration=st.floats(1e-3, 10.0), pulses=st.integers(1, 50), gap=st.floats(1e-3, 5.0))
def test_light_is_on_for_pulses_times_duration_and_never_twice(fluence, duration, pulses, gap):
    train = pulse(fluence=fluence, duration=duration, pulses=pulses, period=duration + gap)
    on = train.intervals
    assert sum(stop - start for start, stop in on) == pytest.approx(pulses * duration)
    assert all(one[1] <= other[0] for one, other in pairwise(on))
    assert train.irradiance * duration * pulses * train.beam.area == pytest.approx(train.energy)


def test_passes_follow_each_other_on_the_same_place():
    placed = passes(pulse(), 3, 60.0, at=(1e-3, 0.0))
    assert [p.time for p in placed] == [0.0, 60.0, 120.0]
    assert {p.at for p in placed} == {(1e-3, 0.0)}


def test_a_pass_waits_for_the_cooling_of_the_one_before():
    cooled = pulse(cooling=(ContactPlate(278.15, start=-1.0, stop=2.0),))
    assert len(passes(cooled, 2, 3.0)) == 2
    with pytest.raises(InputError, match="before the last has ended"):
        passes(cooled, 2, 2.5)


def test_what_is_no_exposure_is_not_placed_and_passes_need_an_interval():
    with pytest.raises(InputError, match="wrong kind") as caught:
        Placed(3.0)
    assert caught.value.key == "placed.exposure"
    with pytest.raises(InputError, match="before the last has ended"):
        passes(pulse(), 2, "a")


@pytest.mark.parametrize("count", [0, -1, 1.5, True])
def test_passes_are_counted_in_whole_numbers(count):
    with pytest.raises(InputError, match="number of passes"):
        passes(pulse(), count, 60.0)


@pytest.mark.parametrize("place", [
    {"at": (math.nan, 0.0)}, {"at": (0.0,)}, {"at": None}, {"at": "ab"}, {"at": ("a", 0.0)}, {"at": 3.0},
    {"time": math.inf}, {"time": "now"}, {"time": None},
])  # fmt: skip
def test_a_place_and_a_time_are_finite(place):
    with pytest.raises(InputError):
        Placed(pulse(), **place)


@pytest.mark.parametrize(
    "contact",
    [
        lambda: Fixed(math.nan),
        lambda: Fixed(-5.0),
        lambda: Convective(300.0, -1.0),
        lambda: Spray(math.nan, 2e4),
        lambda: Spray(265.0, math.inf),
        lambda: ContactPlate(math.nan),
        lambda: ContactPlate(278.0, resistance=-1e-4),
        lambda: Fixed(300.0, start=1.0, stop=1.0),
        lambda: Fixed(300.0, start=math.nan),
    ],
)
def test_a_contact_with_a_number_that_is_none_is_refused(contact):
    with pytest.raises(InputError):
        contact()
