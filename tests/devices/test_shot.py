"""One shot: its energy and focus follow from power, duration and standoff; shots that cannot be are named."""

import math

import pytest

from tauten.devices.cooling import ContactPlate, Convective
from tauten.devices.exposure import Placed, passes
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Bowl, Piston
from tauten.errors import InputError

BOWL = Bowl(15e-3, 5.5e-3, 7e6)
SHOT = FocusedShot(BOWL, 3.0, 0.06, 10.5e-3)


def test_energy_is_power_times_duration_and_the_focus_lies_below_the_standoff():
    assert SHOT.energy == pytest.approx(0.18)
    assert SHOT.focal_depth == pytest.approx(4.5e-3)
    assert (SHOT.begins_at, SHOT.ends_at, SHOT.intervals) == (0.0, 0.06, ((0.0, 0.06),))


def test_a_shot_is_placed_and_repeated_like_any_exposure():
    placed = Placed(SHOT, (1e-3, 0.0), 2.0)
    assert placed.edges == pytest.approx((2.0, 2.06))
    assert [p.time for p in passes(SHOT, 3, 0.1)] == pytest.approx([0.0, 0.1, 0.2])


def test_changing_a_shot_leaves_the_first_one():
    assert SHOT.with_(power=4.0).power == 4.0
    assert SHOT.power == 3.0
    with pytest.raises(InputError, match="not a field of a focused shot"):
        SHOT.with_(fluence=1.0)


def test_a_contact_before_the_sound_begins_the_exposure():
    cooled = SHOT.with_(cooling=(ContactPlate(283.15, start=-2.0, stop=1.0),))
    assert (cooled.begins_at, cooled.ends_at) == (-2.0, 1.0)


def test_a_contact_that_is_always_on_moves_neither_end():
    always = SHOT.with_(cooling=[Convective(temperature=298.15, coefficient=10.0)])
    assert (always.begins_at, always.ends_at) == (SHOT.begins_at, SHOT.ends_at)
    assert isinstance(always.cooling, tuple)


def test_a_flat_piston_may_shoot_and_has_no_focus():
    assert math.isinf(FocusedShot(Piston(5e-3, 7e6), 1.0, 0.1, 5e-3).focal_depth)


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"power": -1.0}, "power", "0 to 60 W"),
        ({"power": math.nan}, "power", "0 to 60 W"),
        ({"power": 60.1}, "power", "0 to 60 W"),
        ({"power": 1e300}, "power", "0 to 60 W"),
        ({"couplant": "air"}, "couplant", "is air, which turns"),
        ({"couplant": "oil"}, "couplant", "no couplant"),
        ({"couplant": 5}, "couplant", "no couplant"),
        ({"couplant": ["water"]}, "couplant", "no couplant"),
        ({"cooling": "x"}, "cooling", "wrong kind"),
        ({"cooling": (None,)}, "cooling", "wrong kind"),
        ({"cooling": 2 * (ContactPlate(283.15, start=-2.0, stop=1.0),)}, "cooling", "two contacts"),
        ({"device": 3}, "device", "wrong kind"),
        ({"power": "3 W"}, "power", "not a number"),
        ({"duration": 0.0}, "duration", "above 0 s"),
        ({"duration": math.inf}, "duration", "above 0 s"),
        ({"standoff": 15e-3}, "standoff", "focus above the skin"),
        ({"standoff": 20e-3}, "standoff", "focus above the skin"),
        ({"standoff": 1e-3}, "standoff", "rim of the transducer into the skin"),
        ({"standoff": -1e-3}, "standoff", "0 or more m"),
        ({"transducer": None}, "transducer", "Bowl | Ring | Piston"),
    ],
)
def test_a_shot_that_cannot_be_is_named(changes, key, words):
    with pytest.raises(InputError, match=words) as caught:
        SHOT.with_(**changes)
    assert caught.value.key == f"exposure.{key}"
