"""A pulse of current through the skin's surface: one electrode with a far return, or two side by side."""

from __future__ import annotations

import math

import pytest

from tauten.devices.cooling import Spray
from tauten.devices.drive import Power
from tauten.devices.electrode import FAR, Disc, Membrane, Rectangle, Sphere
from tauten.devices.mirrors import Mirrors
from tauten.devices.rf import RfPulse
from tauten.errors import InputError

DISC = Disc((0.0, 0.0), 1e-2, "+", Membrane(25e-6, 3.4))
BARS = (Rectangle((-7e-3, 0.0), 2e-3, 25e-3, "+"), Rectangle((7e-3, 0.0), 2e-3, 25e-3, "-"))


def pulse(tip: object = DISC, **changes: object) -> RfPulse:
    return RfPulse(**{"tip": tip, "frequency": 6.78e6, "drive": Power(120.0), "duration": 2.0, **changes})


def test_one_electrode_returns_far_away() -> None:
    one = pulse()
    assert one.monopolar
    assert one.terminals == ("+", FAR)
    assert one.tip == (DISC,)
    assert one.area == pytest.approx(math.pi * 1e-4)
    assert one.footprint == pytest.approx((2e-2, 2e-2))
    assert one.symmetry == Mirrors("even", "even")


def test_two_bars_pass_the_current_between_them() -> None:
    two = pulse(BARS)
    assert not two.monopolar
    assert two.terminals == ("+", "-")
    assert two.area == pytest.approx(50e-6)
    assert two.footprint == pytest.approx((16e-3, 25e-3))
    # Half-way between the bars the potential is that of nothing; along them it mirrors itself.
    assert two.symmetry == Mirrors("odd", "even")


def test_unequal_bars_have_no_mirror_between_them() -> None:
    wider = (BARS[0], Rectangle((7e-3, 0.0), 3e-3, 25e-3, "-"))
    assert pulse(wider).symmetry == Mirrors(None, "even")


def test_a_tip_goes_where_it_is_put() -> None:
    moved = pulse(BARS).electrodes(at=(1e-3, 2e-3))
    assert [each.centre for each in moved] == [(-6e-3, 2e-3), (8e-3, 2e-3)]
    assert moved[0].terminal == "+"


def test_cryogen_before_the_current_moves_the_beginning() -> None:
    cooled = pulse(cooling=(Spray(265.0, 4000.0, start=2.0, stop=2.4), Spray(265.0, 4000.0, start=-0.3, stop=0.03)))
    assert (cooled.begins_at, cooled.ends_at) == pytest.approx((-0.3, 2.4))
    assert cooled.intervals == ((0.0, 2.0),)
    assert [contact.start for contact in cooled.cooling] == [-0.3, 2.0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tip": ()}, "is no electrode"),
        ({"tip": Sphere((0.0, 0.0, 1e-3), 1e-3, "+")}, "is no electrode"),
        ({"tip": (BARS[0], 7)}, "Disc | Rectangle"),
        ({"tip": Disc((0.0, 0.0), 1e-2, None)}, "no way out for its current"),
        ({"tip": Disc((0.0, 0.0), 1e-2, FAR)}, "no way out for its current"),
        ({"tip": (*BARS, Disc((0.0, 0.0), 1e-3, "0"))}, "more than two terminals"),
        ({"tip": (BARS[0], Rectangle((-6e-3, 0.0), 2e-3, 25e-3, "-"))}, "touch or overlap"),
        ({"tip": (BARS[0], Rectangle((-5e-3, 0.0), 2e-3, 25e-3, "-"))}, "touch or overlap"),
        ({"tip": (DISC, Disc((1.9e-2, 0.0), 1e-2, "-"))}, "touch or overlap"),
        ({"tip": (DISC, Rectangle((1.09e-2, 0.0), 2e-3, 25e-3, "-"))}, "touch or overlap"),
        ({"tip": (Rectangle((1.09e-2, 0.0), 2e-3, 25e-3, "-"), DISC)}, "touch or overlap"),
        ({"frequency": 27.12e6}, "exposure.frequency"),
        ({"frequency": 6.78}, "exposure.frequency"),
        ({"drive": Power(600.0)}, "allowed: 0 to 500 W"),
        ({"drive": [Power(1.0)]}, "is of two kinds"),
        ({"duration": -1.0}, "exposure.duration"),
        ({"cooling": (Spray(265.0, 4000.0, start=-1, stop=1), Spray(265.0, 4000.0, start=0, stop=2))}, "same time"),
    ],
)
def test_a_wrong_pulse_is_one_sentence(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        pulse(**changes)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_corner_beside_a_disc_does_not_touch_it() -> None:
    """The square's corner at (8, 8) mm is 11.3 mm from the middle of a disc of 10 mm, though their boxes overlap."""
    square = Rectangle((9e-3, 9e-3), 2e-3, 2e-3, "-")
    assert len(pulse((Disc((0.0, 0.0), 1e-2, "+"), square)).tip) == 2
