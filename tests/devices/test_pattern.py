"""Where the shots of a treatment go."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest

from tauten.devices.drive import Power
from tauten.devices.electrode import Rectangle
from tauten.devices.exposure import Placed
from tauten.devices.needles import NeedleArray, NeedlePulse
from tauten.devices.pattern import depths, in_order, insertion, line, lines, stamps
from tauten.devices.rf import RfPulse
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Bowl
from tauten.errors import InputError

SHOT = FocusedShot(Bowl(15e-3, 5.5e-3, 7e6), 3.0, 0.05, 10.5e-3)
SHALLOW = SHOT.with_(standoff=12e-3, power=2.0)


def test_a_line_of_23_points_1_1_mm_apart_spans_24_2_mm() -> None:
    drawn = line(SHOT, 1.1e-3, 23, 0.2, at=(2e-3, 1e-3))
    assert len(drawn) == 23
    assert drawn[0].at == (2e-3, 1e-3)
    assert drawn[-1].at == pytest.approx((26.2e-3, 1e-3))
    assert [shot.time for shot in drawn] == pytest.approx([0.2 * n for n in range(23)])


def test_lines_lie_side_by_side_and_follow_one_another() -> None:
    drawn = lines(SHOT, 1.1e-3, 3, 0.2, 2e-3, 2, 5.0)
    assert [shot.at[1] for shot in drawn] == pytest.approx([0.0] * 3 + [2e-3] * 3)
    assert drawn[3].time == 5.0
    assert all(later.begins_at >= earlier.ends_at for earlier, later in pairwise(drawn))


def test_two_depths_lie_over_each_other() -> None:
    deep, shallow = line(SHOT, 1.1e-3, 3, 0.2), line(SHALLOW, 1.1e-3, 4, 0.2)
    both = depths(deep, shallow, pause=20.0)
    assert [shot.exposure for shot in both] == [SHOT] * 3 + [SHALLOW] * 4
    assert both[3].time == pytest.approx(deep[-1].ends_at + 20.0)
    assert [b.at for b in both[3:]] == [s.at for s in shallow]


def test_one_point_needs_no_interval() -> None:
    assert line(SHOT, 1.1e-3, 1, math.nan) == (Placed(SHOT),)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"count": 0}, "count"),
        ({"count": 2.5}, "count"),
        ({"pitch": 0.0}, "pitch"),
        ({"pitch": -1e-3}, "pitch"),
        ({"pitch": math.nan}, "pitch"),
        ({"interval": 0.04}, "interval"),
        ({"interval": math.nan}, "interval"),
        ({"time": math.inf}, "time"),
        ({"time": "now"}, "time"),
        ({"interval": "a"}, "interval"),
        ({"interval": None}, "interval"),
        ({"at": "ab"}, "at"),
        ({"at": (0.0,)}, "at"),
        ({"at": (0.0, math.nan)}, "at"),
        ({"at": (0.0, "b")}, "at"),
        ({"at": None}, "at"),
        ({"exposure": None}, "exposure"),
        ({"exposure": 3.0, "count": 1}, "exposure"),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_name(change, key) -> None:
    with pytest.raises(InputError) as caught:
        line(**{"exposure": SHOT, "pitch": 1.1e-3, "count": 3, "interval": 0.2, **change})
    assert caught.value.key == f"pattern.{key}"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"line_count": 0}, "line_count"),
        ({"line_spacing": 0.0}, "line_spacing"),
        ({"line_interval": 0.3}, "line_interval"),
        ({"line_interval": "a"}, "line_interval"),
        ({"line_interval": math.inf}, "line_interval"),
        ({"line_spacing": None}, "line_spacing"),
        ({"at": None}, "at"),
        ({"time": None}, "time"),
    ],
)
def test_lines_that_cannot_be_are_refused_by_name(change, key) -> None:
    given = {"pitch": 1.1e-3, "count": 3, "interval": 0.2, "line_spacing": 2e-3, "line_count": 2, "line_interval": 1.0}
    with pytest.raises(InputError) as caught:
        lines(SHOT, **{**given, **change})
    assert caught.value.key == f"pattern.{key}"


@pytest.mark.parametrize(
    ("one", "other"), [([1], [2]), (None, [Placed(SHOT)]), ([Placed(SHOT)], 3), ([Placed(SHOT)], [SHOT]), ("ab", "cd")]
)
def test_two_depths_of_anything_but_shots_are_refused(one, other) -> None:
    with pytest.raises(InputError, match="a list of Placed") as caught:
        depths(one, other)
    assert caught.value.key == "pattern"
    with pytest.raises(InputError, match="a list of Placed"):
        in_order(other if one == [Placed(SHOT)] else one)


def test_shots_that_overlap_in_time_are_refused() -> None:
    with pytest.raises(InputError, match="before the exposure before it has ended"):
        in_order([Placed(SHOT), Placed(SHOT, (1e-3, 0.0), 0.04)])
    with pytest.raises(InputError, match="has no shots"):
        depths([], [Placed(SHOT)])
    with pytest.raises(InputError, match="pause"):
        depths([Placed(SHOT)], [Placed(SHOT)], pause=-1.0)


NEEDLES = NeedlePulse(NeedleArray.grid(5, 5, 1e-3, 0.1e-3, 3e-3, 0.3e-3), 2e-3, 1e6, Power(10.0), 0.1, "rows")
TIP = RfPulse(Rectangle((0.0, 0.0), 17e-3, 17e-3, "+"), 6.78e6, Power(100.0), 2.0)


def test_stamps_lie_side_by_side_round_the_middle() -> None:
    laid = stamps(NEEDLES, 3, 2, 1.0, at=(1e-3, 0.0), time=5.0)
    assert [shot.at[0] for shot in laid] == pytest.approx([-4e-3, 1e-3, 6e-3] * 2)
    assert [shot.at[1] for shot in laid] == pytest.approx([-2.5e-3] * 3 + [2.5e-3] * 3)
    assert [shot.time for shot in laid] == pytest.approx([5.0, 6.0, 7.0, 8.0, 9.0, 10.0])


def test_the_needles_of_neighbouring_stamps_are_one_pitch_apart() -> None:
    one, other = stamps(NEEDLES, 2, 1, 1.0)
    tips = sorted({round(1e6 * n.tip[0]) for shot in (one, other) for n in shot.exposure.electrodes(shot.at)})
    assert len(tips) == 10
    assert {b - a for a, b in pairwise(tips)} == {1000}


def test_overlap_is_skin_that_two_stamps_share() -> None:
    one, other = stamps(TIP, 2, 1, 3.0, overlap=2e-3)
    right = one.exposure.electrodes(one.at)[0].centre[0] + 8.5e-3
    left = other.exposure.electrodes(other.at)[0].centre[0] - 8.5e-3
    assert right - left == pytest.approx(2e-3)


def test_one_insertion_is_drawn_from_the_deepest() -> None:
    drawn = insertion(NEEDLES, (2.5e-3, 1.5e-3), 0.3, at=(1e-3, 1e-3), time=1.0)
    assert [shot.exposure.depth for shot in drawn] == [2.5e-3, 1.5e-3]
    assert [shot.time for shot in drawn] == pytest.approx([1.0, 1.3])
    assert {shot.at for shot in drawn} == {(1e-3, 1e-3)}
    laid = stamps(NEEDLES, 2, 1, 1.0, levels=(2.5e-3, 1.5e-3), level_interval=0.3)
    assert [shot.exposure.depth for shot in laid] == [2.5e-3, 1.5e-3] * 2
    assert [shot.time for shot in laid] == pytest.approx([0.0, 0.3, 1.0, 1.3])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: stamps(SHOT, 1, 1, 1.0), "RfPulse | NeedlePulse"),
        (lambda: stamps(NEEDLES, 0, 1, 1.0), "no number of stamps"),
        (lambda: stamps(NEEDLES, 1, 0, 1.0), "no number of lines"),
        (lambda: stamps(NEEDLES, 2, 1, 0.05), "lets one stamp begin before the last has ended"),
        (lambda: stamps(NEEDLES, 2, 1, 1.0, overlap=5e-3), "is half a stamp or more"),
        (lambda: stamps(NEEDLES, 2, 1, 1.0, overlap=-1e-3), "pattern.overlap"),
        (lambda: stamps(NEEDLES, 2, 1, 0.35, levels=(2e-3, 1e-3), level_interval=0.3), "lets one stamp begin"),
        (lambda: stamps(TIP, 1, 1, 1.0, levels=(2e-3,)), "NeedlePulse"),
        (lambda: insertion(NEEDLES, (), 0.3), "no list of depths"),
        (lambda: insertion(NEEDLES, (1e-3, 2e-3), 0.3), "deepest to the shallowest"),
        (lambda: insertion(NEEDLES, (2e-3, 2e-3), 0.3), "deepest to the shallowest"),
        (lambda: insertion(NEEDLES, (4e-3, 2e-3), 0.3), "deeper than the needles reach"),
        (lambda: insertion(NEEDLES, (2e-3, 1e-3), 0.05), "lets one depth begin"),
    ],
)
def test_stamps_that_cannot_be_are_one_sentence(make: Callable[[], object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert words in str(caught.value)
