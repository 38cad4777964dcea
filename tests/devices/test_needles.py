"""Stamps of needles: where they stand, which are "+" and "-", what mirrors what, how deep they reach."""

from __future__ import annotations

import math

import pytest

from tauten.devices.drive import Power, Voltage
from tauten.devices.electrode import FAR
from tauten.devices.exposure import Placed
from tauten.devices.mirrors import Mirrors
from tauten.devices.needles import NeedleArray, NeedlePulse
from tauten.errors import InputError
from tauten.units import celsius

METAL = (0.15e-3, 3e-3, 0.3e-3)
HEXAGON = NeedleArray.hexagonal(3, 1e-3, *METAL)
FIVE, SIX = (NeedleArray.grid(n, n, 1.5e-3, *METAL) for n in (5, 6))
PAIRS = NeedleArray.pairs(5, 1.25e-3, 2.5e-3, 0.115e-3, 6e-3, 3e-3, math.radians(65.0))


def pulse(array: NeedleArray = HEXAGON, polarity: str = "rows", **changes: object) -> NeedlePulse:
    return NeedlePulse(
        **{
            "array": array, "depth": 1.5e-3, "frequency": 1e6, "drive": Power(10.0), "duration": 0.1,
            "polarity": polarity, **changes,
        }
    )  # fmt: skip


def test_three_rings_round_a_centre_needle_are_37() -> None:
    assert HEXAGON.count == 37
    assert [NeedleArray.hexagonal(n, 1e-3, *METAL).count for n in (0, 1, 2)] == [1, 7, 19]
    assert HEXAGON.pitch == pytest.approx(1e-3)
    assert HEXAGON.gap == pytest.approx(0.7e-3)
    # Every needle but those of the last ring has six neighbours one pitch away.
    near = [sum(0.5e-3 < math.dist(one, other) < 1.01e-3 for other in HEXAGON.positions) for one in HEXAGON.positions]
    assert sorted(near) == [3] * 6 + [4] * 12 + [6] * 19


def test_neighbouring_stamps_carry_the_pattern_on() -> None:
    """A 5 x 5 stamp serves five pitches each way, so stamps side by side have needles one pitch apart throughout."""
    assert FIVE.footprint == pytest.approx((7.5e-3, 7.5e-3))
    assert NeedleArray.grid(6, 4, 1e-3, *METAL).footprint == pytest.approx((6e-3, 4e-3))


def test_rows_take_turns() -> None:
    signs = dict(zip(FIVE.positions, FIVE.terminals("rows"), strict=True))
    assert [signs[0.0, n * 1.5e-3] for n in (-2, -1, 0, 1, 2)] == ["+", "-", "+", "-", "+"]
    assert {signs[n * 1.5e-3, 0.0] for n in (-2, -1, 0, 1, 2)} == {"+"}
    # Rows of 4, 5, 6, 7, 6, 5 and 4 needles: 4 + 6 + 6 + 4 against 5 + 7 + 5.
    assert HEXAGON.terminals("rows").count("+") == 20


def test_on_a_checkerboard_no_neighbour_has_the_same_sign() -> None:
    signs = SIX.terminals("checkerboard")
    for one, sign in zip(SIX.positions, signs, strict=True):
        beside = [s for other, s in zip(SIX.positions, signs, strict=True) if 1e-3 < math.dist(one, other) < 1.6e-3]
        assert beside
        assert sign not in beside


def test_pairs_lie_a_pair_apart_and_lean() -> None:
    assert PAIRS.terminals("pairs") == ("+", "-") * 5
    needles = PAIRS.needles(2e-3, "pairs")
    for n in range(0, 10, 2):
        assert math.dist(needles[n].tip, needles[n + 1].tip) == pytest.approx(1.25e-3)
    # At 25 degrees to the skin, 6 mm of needle reach 6 mm sin 25 deg deep.
    assert PAIRS.deepest == pytest.approx(6e-3 * math.sin(math.radians(25.0)))
    assert needles[0].tip[1] == pytest.approx(2e-3 * math.tan(math.radians(65.0)))


@pytest.mark.parametrize(
    ("array", "polarity", "mirrors"),
    [
        (HEXAGON, "rows", Mirrors("even", "even")),
        (HEXAGON, "monopolar", Mirrors("even", "even")),
        (FIVE, "rows", Mirrors("even", "even")),
        (FIVE, "checkerboard", Mirrors("even", "even")),
        (SIX, "rows", Mirrors("even", "odd")),
        (SIX, "checkerboard", Mirrors("odd", "odd")),
        (SIX, "monopolar", Mirrors("even", "even")),
        (PAIRS, "pairs", Mirrors("odd", None)),
        (NeedleArray(((0.0, 0.0), (1e-3, 0.2e-3)), *METAL), "monopolar", Mirrors(None, None)),
    ],
)
def test_mirror_planes_with_polarity(array: NeedleArray, polarity: str, mirrors: Mirrors) -> None:
    found = pulse(array, polarity)
    assert found.symmetry == mirrors
    assert found.symmetry.share == 0.5 ** sum(each is not None for each in (mirrors.x, mirrors.y))


@pytest.mark.parametrize("polarity", ["rows", "checkerboard", "monopolar"])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_mirror_is_one(polarity: str, axis: int) -> None:
    """Whatever a plane is called, the needle across it has the sign that its name promises."""
    array = NeedleArray.grid(4, 5, 1e-3, *METAL)
    kind = (pulse(array, polarity).symmetry.x, pulse(array, polarity).symmetry.y)[axis]
    signs = {
        tuple(round(1e6 * c) for c in place): s
        for place, s in zip(array.positions, array.terminals(polarity), strict=True)
    }
    across = {(-x if axis == 0 else x, -y if axis == 1 else y): s for (x, y), s in signs.items()}
    assert {signs[place] == across[place] for place in signs} == {kind == "even"}


def test_a_single_displaced_needle_breaks_the_mirror() -> None:
    places = list(FIVE.positions)
    places[0] = (places[0][0] + 0.05e-3, places[0][1])
    assert pulse(NeedleArray(tuple(places), *METAL)).symmetry == Mirrors(None, None)


def test_the_way_of_the_current() -> None:
    assert pulse().terminals == ("+", "-")
    far = pulse(polarity="monopolar")
    assert far.monopolar
    assert far.terminals == ("+", FAR)
    assert {each.terminal for each in far.electrodes()} == {"+"}


def test_needles_go_where_the_stamp_goes() -> None:
    shifted = pulse().electrodes(at=(5e-3, -2e-3))
    for moved, place in zip(shifted, HEXAGON.positions, strict=True):
        assert moved.tip == pytest.approx((place[0] + 5e-3, place[1] - 2e-3, 1.5e-3))


def test_a_train_begins_each_pulse_a_period_after_the_last() -> None:
    train = pulse(pulses=3, period=0.4)
    assert [t for pair in train.intervals for t in pair] == pytest.approx([0.0, 0.1, 0.4, 0.5, 0.8, 0.9])
    assert (train.begins_at, train.ends_at) == pytest.approx((0.0, 0.9))
    assert Placed(train, time=2.0).edges == pytest.approx((2.0, 2.1, 2.4, 2.5, 2.8, 2.9))


def test_changing_a_pulse_leaves_it_standing() -> None:
    first = pulse()
    deeper = first.with_(depth=2.5e-3, hold=celsius(67.0))
    assert (first.depth, deeper.depth, deeper.hold) == (1.5e-3, 2.5e-3, pytest.approx(340.15))
    with pytest.raises(InputError, match=r"exposure\.deep is not a field of NeedlePulse"):
        first.with_(deep=1e-3)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"depth": 3.1e-3}, "deeper than the needles reach; allowed: above 0, up to 0.003 m"),
        ({"depth": 1.5}, "deeper than the needles reach"),
        ({"depth": 0.0}, "exposure.depth"),
        ({"depth": -1e-3}, "exposure.depth"),
        ({"depth": "1.5 mm"}, "is not a number"),
        ({"frequency": 1.0}, "allowed: 100000 to 1e+07 Hz"),
        ({"frequency": 2e7}, "exposure.frequency"),
        ({"drive": Power(501.0)}, "allowed: 0 to 500 W"),
        ({"drive": Voltage(2000.0, rms=False)}, "allowed: 0 to 1000 V"),
        ({"drive": (Power(10.0), Voltage(30.0, rms=True))}, "is of two kinds"),
        ({"drive": 10.0}, "Voltage | Current | Power"),
        ({"duration": 0.0}, "exposure.duration"),
        ({"duration": math.nan}, "exposure.duration"),
        ({"polarity": "stripes"}, "allowed: rows | checkerboard | pairs | monopolar"),
        ({"polarity": "checkerboard"}, "needs needles on a square grid"),
        ({"polarity": "pairs"}, "without another to return the current"),
        ({"hold": 67.0}, "exposure.hold"),
        ({"hold": celsius(99.0)}, "exposure.hold"),
        ({"cutoff": 1500.0}, "a Cutoff"),
        ({"limits": 40.0}, "Limits"),
        ({"pulses": 2}, "lets pulses overlap"),
        ({"pulses": 2, "period": 0.05}, "lets pulses overlap"),
        ({"pulses": 1.5}, "no number of pulses"),
        ({"array": 37}, "a NeedleArray"),
        ({"cooling": "ice"}, "a list of contacts"),
        ({"device": 7}, "a name in text"),
    ],
)
def test_a_wrong_pulse_is_one_sentence(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        pulse(**changes)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: NeedleArray.hexagonal(3, 0.3e-3, *METAL), "touch or overlap; allowed: above 0.3 mm"),
        (lambda: NeedleArray.hexagonal(3, 0.25e-3, *METAL), "touch or overlap"),
        (lambda: NeedleArray(((0.0, 0.0), (0.0, 0.0)), *METAL), "touch or overlap"),
        (lambda: NeedleArray.hexagonal(3, 1.0, *METAL), "array.pitch"),
        (lambda: NeedleArray.hexagonal(8, 1e-3, *METAL), "more needles than a stamp has"),
        (lambda: NeedleArray.hexagonal(-1, 1e-3, *METAL), "array.rings"),
        (lambda: NeedleArray.grid(5, 0, 1e-3, *METAL), "array.line_count"),
        (lambda: NeedleArray((), *METAL), "no list of places"),
        (lambda: NeedleArray((1e-3, 2e-3), *METAL), "is no place"),
        (lambda: NeedleArray(((0.0, 0.0),), 0.15, 3e-3, 0.3e-3), "array.radius"),
        (lambda: NeedleArray(((0.0, 0.0),), 0.15e-3, 3.0, 0.3e-3), "array.length"),
        (lambda: NeedleArray(((0.0, 0.0),), 0.15e-3, 3e-3, 3.1e-3), "no bare length"),
        (lambda: NeedleArray(((0.0, 0.0),), 0.15e-3, 3e-3, 0.0), "no bare length"),
        (lambda: NeedleArray(((0.0, 0.0),), 0.15e-3, 3e-3, 3e-3, tilt=65.0), "array.tilt"),
        (lambda: HEXAGON.with_(radius=0.5e-3), "touch or overlap"),
        (lambda: HEXAGON.with_(radios=0.5e-3), "not a field of a needle array"),
        (lambda: NeedleArray(((0.0, 0.0),), *METAL).terminals("rows"), "without another"),
    ],
)
def test_a_wrong_array_is_one_sentence(make: object, words: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert words in str(caught.value)


def test_leaning_needles_touch_sooner() -> None:
    """Shafts stand pitch · cos(tilt) apart across their lean: 0.25 mm at 60 degrees, and a needle is 0.3 mm thick."""
    upright = NeedleArray(((0.0, 0.0), (0.0, 0.5e-3)), *METAL)
    assert upright.gap == pytest.approx(0.2e-3)
    with pytest.raises(InputError, match="touch or overlap"):
        upright.with_(tilt=math.radians(60.0))
