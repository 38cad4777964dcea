"""What `simulate` refuses before it computes anything."""

import math

import pytest

from tauten.devices.catalogue import catalogue
from tauten.devices.exposure import Placed
from tauten.errors import InputError
from tauten.simulate import simulate
from tauten.skin.skin import Skin

SKIN = Skin.at("cheek", age=50, sex="female", phototype=3)
SHOT = catalogue()["mfu-7mhz-3.0mm"].exposure(power="2.2 W", duration="60 ms")
LAMP = catalogue()["ir-lamp-1100-1800"].exposure(fluence="10 J/cm2", duration="3 s", pre_cooling="0 s")
FEW = {"rest": 0.2, "frames": 8}


@pytest.fixture(scope="module")
def shone():
    return simulate(SKIN, LAMP, photon_count=2000, **FEW).state


@pytest.fixture(scope="module")
def shot():
    return simulate(SKIN, SHOT, harmonics=1, **FEW).state


def test_a_focus_does_not_start_on_the_grid_of_a_lamp(shone):
    with pytest.raises(InputError, match="too coarse or too small"):
        simulate(SKIN, Placed(SHOT, time=60.0), start=shone, harmonics=1, **FEW)


def test_a_lamp_does_not_start_on_the_grid_of_a_focus(shot):
    with pytest.raises(InputError, match="too coarse or too small"):
        simulate(SKIN, Placed(LAMP, time=60.0), start=shot, photon_count=2000, **FEW)


def test_a_focus_at_another_depth_does_not_start_where_the_grid_is_coarse(shot):
    deep = catalogue()["mfu-4mhz-4.5mm"].exposure(power="4 W", duration="60 ms")
    with pytest.raises(InputError, match="too coarse or too small"):
        simulate(SKIN, Placed(deep, time=60.0), start=shot, harmonics=1, **FEW)


def test_a_state_round_an_axis_knows_no_other_place(shot):
    with pytest.raises(InputError, match="simulate the points together"):
        simulate(SKIN, Placed(SHOT, at=(0.01, 0.0), time=40.0), start=shot, harmonics=1, **FEW)


def test_light_and_sound_share_no_grid():
    with pytest.raises(InputError, match="no grid serves both"):
        simulate(SKIN, [LAMP, Placed(SHOT, time=60.0)])


@pytest.mark.parametrize("thing", [5, None, "shot", {}, SHOT.transducer, [SHOT, 5], []])
def test_what_is_no_exposure_is_refused_by_name(thing):
    with pytest.raises(InputError, match="exposures"):
        simulate(SKIN, thing)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rest", "x"), ("rest", -1.0), ("rest", math.nan), ("frames", -3), ("frames", 1.5), ("tolerance", "x"),
        ("tolerance", 0.0), ("band", 5), ("band", "ab"), ("band", (2e-3, 1e-3)), ("band", (1e-3,)), ("start", "x"),
        ("facts", {}), ("extent", "axis"), ("keep", "all"), ("seed", 1), ("colour", "red"),
    ],
)  # fmt: skip
def test_an_argument_out_of_order_is_refused_by_name(key, value):
    with pytest.raises(InputError) as error:
        simulate(SKIN, SHOT, **{key: value})
    assert error.value.key == key


@pytest.mark.parametrize("skin", [None, "cheek"])
def test_what_is_no_skin_is_refused(skin):
    with pytest.raises(InputError, match="skin"):
        simulate(skin, SHOT)
