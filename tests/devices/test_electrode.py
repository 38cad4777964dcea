"""Metal that brings current into skin, and what the generator holds."""

from __future__ import annotations

import math

import pytest

from tauten.devices.drive import Current, Cutoff, Limits, Power, Voltage
from tauten.devices.electrode import Disc, Membrane, Needle, Plate, Rectangle, Sphere, smallest_gap
from tauten.errors import InputError
from tauten.units import celsius

UPRIGHT = {"direction": (0.0, 0.0, 1.0), "radius": 0.1e-3, "length": 3e-3, "active": 1e-3, "terminal": "+"}


def needle(tip: object, **changes: object) -> Needle:
    return Needle(tip=tip, **{**UPRIGHT, **changes})


def test_a_needle_leans_the_way_it_was_pushed() -> None:
    leaning = needle((0.0, 1e-3, 1.5e-3), direction=(0.0, 3.0, 4.0))
    assert leaning.direction == pytest.approx((0.0, 0.6, 0.8))
    assert leaning.base == pytest.approx((0.0, 1e-3 - 0.6 * 3e-3, 1.5e-3 - 0.8 * 3e-3))
    assert leaning.insulated
    assert not needle((0.0, 0.0, 1e-3), active=3e-3).insulated


def test_needles_side_by_side_are_their_distance_less_two_radii_apart() -> None:
    row = [needle((n * 1e-3, 0.0, 1.5e-3)) for n in range(3)]
    assert smallest_gap(row) == pytest.approx(0.8e-3)
    assert smallest_gap(row[:1]) == math.inf


def test_gap_of_leaning_needles_is_that_of_their_axes() -> None:
    """Two lines, one along z and one in the plane y = 0.7 mm: the common perpendicular is 0.7 mm long wherever."""
    upright = needle((0.0, 0.0, 3e-3))
    across = needle((1e-3, 0.7e-3, 2e-3), direction=(1.0, 0.0, 1.0))
    assert smallest_gap([upright, across]) == pytest.approx(0.7e-3 - 0.2e-3)
    # Turned so that the nearest points are the two ends: the tip of one, the base of the other.
    high, low = needle((0.0, 0.0, 1e-3), length=1e-3), needle((0.4e-3, 0.0, 2.3e-3), length=1e-3)
    assert smallest_gap([high, low]) == pytest.approx(math.hypot(0.4e-3, 0.3e-3) - 0.2e-3)


def test_gap_of_needles_that_cross_is_below_nothing() -> None:
    crossed = [needle((1e-3, 0.0, 2e-3), direction=(1.0, 0.0, 1.0)), needle((-1e-3, 0.0, 2e-3), direction=(-1, 0, 1))]
    assert smallest_gap(crossed) == pytest.approx(-0.2e-3)


def test_areas() -> None:
    assert Disc((0, 0), 1e-2, "+").area == pytest.approx(math.pi * 1e-4)
    assert Rectangle((0, 0), 2e-3, 25e-3, "+").area == pytest.approx(50e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda: needle((0.0, 0.0)),
        lambda: needle((0.0, 0.0, math.nan)),
        lambda: needle((0.0, 0.0, 1e-3), direction=(0.0, 0.0, -1.0)),
        lambda: needle((0.0, 0.0, 1e-3), direction=(1.0, 0.0, 0.0)),
        lambda: needle((0.0, 0.0, 1e-3), radius=0.0),
        lambda: needle((0.0, 0.0, 1e-3), active=3.1e-3),
        lambda: needle((0.0, 0.0, 1e-3), active=0.0),
        lambda: needle((0.0, 0.0, 1e-3), length=math.inf),
        lambda: needle((0.0, 0.0, 1e-3), terminal=[1]),
        lambda: Disc((0.0, 0.0), -1e-3, "+"),
        lambda: Disc((0.0, 0.0, 0.0), 1e-3, "+"),
        lambda: Disc((0.0, 0.0), 1e-3, "+", membrane=25e-6),
        lambda: Rectangle((0.0, 0.0), 1e-3, 0.0, "+"),
        lambda: Plate("lid", "+"),
        lambda: Sphere((0.0, 0.0), 1e-3, "+"),
        lambda: Membrane(0.0, 3.4),
        lambda: Membrane(25e-6, 0.9),
        lambda: Voltage(-1.0, rms=True),
        lambda: Voltage(30.0, rms=1),
        lambda: Current("1 A", rms=True),
        lambda: Power(math.inf),
        lambda: Limits(volts=0.0),
        lambda: Limits(watts=math.nan),
        lambda: Cutoff(impedance=0.0),
        lambda: Cutoff(energy=-1.0),
        lambda: Cutoff(temperature=70.0),
    ],
)
def test_what_cannot_be_is_one_sentence(make: object) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_root_mean_square_or_peak_must_be_said() -> None:
    with pytest.raises(TypeError, match="rms"):
        Voltage(30.0)
    # 42.4 V of amplitude are 30 V root mean square: the same heat.
    assert Voltage(30.0 * math.sqrt(2.0), rms=False).root_mean_square == pytest.approx(30.0)
    assert Voltage(30.0, rms=True).root_mean_square == 30.0
    assert Current(1.0, rms=False).root_mean_square == pytest.approx(1.0 / math.sqrt(2.0))


def test_a_cut_off_is_in_kelvin() -> None:
    assert Cutoff(temperature=celsius(70.0)).temperature == pytest.approx(343.15)
