"""What the picture says of a shot, check by check, and the share of a band that points fill."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tauten.care import imaging
from tauten.care.goals import aim
from tauten.care.pattern import share_of_band
from tauten.care.question import Question, question_of
from tauten.care.shots import Guard, Pattern
from tauten.facts import load
from tauten.files.case import case_from
from tauten.skin.skin import Skin


@pytest.fixture(scope="module")
def skin() -> Skin:
    return Skin.at("jawline", age=52, sex="female", phototype=3).with_fascia(4.1e-3, 1.0e-3)


def test_air_stops_a_shot_and_an_answer_nobody_gave_warns() -> None:
    gap = imaging.coupling("gap")
    assert gap is not None
    assert gap.verdict == "stop"
    assert "no dose" in gap.reason
    unknown = imaging.coupling(None)
    assert unknown is not None
    assert unknown.verdict == "warn"
    assert imaging.coupling("full") is None


@pytest.mark.parametrize(("focus", "where"), [(3.0e-3, "fat"), (5.5e-3, "deep fat")])
def test_focus_beside_the_fascia_is_said_with_both_depths(skin: Skin, focus: float, where: str) -> None:
    found = imaging.focus_in_layer(focus, skin, ("smas",), "superficial fascia (SMAS)")
    assert found is not None
    assert f"lies in the {where}, not in the superficial fascia" in found.reason
    assert "4.1 mm to 5.1 mm" in found.reason
    assert ("shallower" if focus > 5e-3 else "deeper") in found.remedy


def test_focus_inside_its_layer_is_no_finding(skin: Skin) -> None:
    assert imaging.focus_in_layer(4.5e-3, skin, ("smas",), "superficial fascia (SMAS)") is None


def test_bone_stops_inside_its_margin_and_not_a_hair_outside() -> None:
    bone = Guard("bone", 6.5e-3, 2e-3)
    assert imaging.margin(bone, 4.5e-3, "bone") is None
    near = imaging.margin(bone, 4.51e-3, "bone")
    assert near is not None
    assert near.verdict == "stop"
    assert near.depth == 6.5e-3
    below = imaging.margin(bone, 7e-3, "bone")
    assert below is not None
    assert "0.5 mm above the lowest" in below.reason


def asked(**tables: Any) -> Question:
    course = {"method": "ultrasound", "device": "mfu-7mhz-4.5mm"}
    person = {"age": 52, "sex": "female", "phototype": 3}
    return question_of(
        case_from({"schema": 1, "person": person, "area": {"site": "jawline"}, "treatment": course} | tables)
    )


def test_bone_given_as_a_layer_stops_as_bone_given_by_its_depth() -> None:
    """Dermis about 1.3 mm, then fat, fascia, fat and muscle: bone a hair under a focus at 4.5 mm."""
    thin = {"reticular_dermis": 1.15, "fat": 2.76, "smas": 0.4, "deep_fat": 0.02, "muscle": 0.08, "bone": 5.0}
    layers = [{"name": name, "thickness": f"{thick} mm"} for name, thick in thin.items()]
    question = asked(skin={"layers": layers}, imaging={"coupling": "full"})
    bone = next(f for f in imaging.findings(question) if f.check == "bone")
    assert bone.verdict == "stop"
    assert bone.depth == pytest.approx(question.skin(question.facts).top_of("bone"))
    assert 0.0 < bone.depth - 4.5e-3 < 0.3e-3


def test_bone_nobody_looked_for_is_said() -> None:
    unseen = [f for f in imaging.findings(asked(imaging={"coupling": "full"})) if f.check == "bone"]
    assert [f.verdict for f in unseen] == ["warn"]
    assert "not looked for" in unseen[0].reason
    seen = imaging.findings(asked(imaging={"coupling": "full", "bone_depth": "14 mm"}))
    assert not [f for f in seen if f.check == "bone"]


def test_focus_outside_the_depth_asked_for_is_said() -> None:
    seen = {"coupling": "full", "bone_depth": "14 mm"}
    out = imaging.findings(asked(imaging=seen, goal={"depth": ["0.2 mm", "0.4 mm"]}))
    assert [(f.check, f.verdict) for f in out] == [("focus", "warn")]
    assert "outside the depth asked for, 0.2 mm to 0.4 mm" in out[0].reason
    assert not imaging.findings(asked(imaging=seen, goal={"depth": ["4 mm", "5 mm"]}))
    into_bone = imaging.findings(asked(imaging=seen, goal={"depth": ["4 mm", "14.5 mm"]}))
    assert [(f.check, f.verdict) for f in into_bone] == [("bone", "warn")]


def test_what_is_told_of_a_margin_is_rounded_to_the_safe_side() -> None:
    near = imaging.margin(Guard("bone", 6.4996e-3, 2e-3), 4.5e-3, "bone")
    assert near is not None
    assert "bone at 6.49 mm lies 1.99 mm below" in near.reason


def test_layer_measured_thinner_than_its_site_has_it_is_said() -> None:
    assert imaging.thinner("fat", 2e-3, 1.5e-3, 3e-3) is None
    found = imaging.thinner("fat", 1e-3, 1.5e-3, 3e-3)
    assert found is not None
    assert found.verdict == "warn"
    assert "1 mm" in found.reason
    assert "1.5 mm" in found.reason


@pytest.mark.parametrize(("focus", "name"), [(1.5e-3, "dermis"), (3e-3, "septa"), (4.5e-3, "SMAS"), (4.3e-3, "SMAS")])
def test_a_head_aims_at_the_band_of_its_own_depth(skin: Skin, focus: float, name: str) -> None:
    assert name in aim("ultrasound", skin, load(), None, focus).name


def test_band_of_the_fascia_is_the_fascia_of_this_skin(skin: Skin) -> None:
    assert aim("ultrasound", skin, load(), None, 4.5e-3).band == pytest.approx((4.1e-3, 5.1e-3))


def test_band_of_the_septa_ends_with_the_superficial_fat(skin: Skin) -> None:
    """Not with the deep fat below the fascia, which is fat as well."""
    top, bottom = aim("ultrasound", skin, load(), None, 3e-3).band
    assert (top, bottom) == pytest.approx((2e-3, 4e-3))
    shallow = Skin.at("jawline", age=52, sex="female", phototype=3).with_fascia(3.0e-3, 1.0e-3)
    assert aim("ultrasound", shallow, load(), None, 3e-3).band == pytest.approx((2e-3, 3e-3))


def test_share_filled_is_zone_over_the_block_each_point_stands_for() -> None:
    """A 1 mm³ point, the published most, on a 1.1 x 3 mm lattice in a band of 1 mm: 1 of 3.3 mm³."""
    assert share_of_band(1e-9, 1.1e-3, 3e-3, 1e-3) == pytest.approx(1.0 / 3.3)
    assert share_of_band(0.0, 1.1e-3, 3e-3, 1e-3) == 0.0
    assert share_of_band(1e-6, 1.1e-3, 3e-3, 1e-3) == 1.0


def test_pattern_of_the_registry_covers_what_its_lines_say() -> None:
    """NCT02736825: 17 points 1.5 mm apart, 23 points 1.1 mm apart; a line is 25 mm long by either."""
    deep, shallow = (
        Pattern(17, 1.5e-3, 1, 3e-3, 0.12, 0.9, 18.0, 0.05),
        Pattern(23, 1.1e-3, 1, 3e-3, 0.12, 0.3, 6.0, 0.05),
    )
    assert deep.area == pytest.approx(shallow.area, rel=0.01)
    assert deep.energy == pytest.approx(0.9)
    assert math.isclose(deep.total * deep.pitch, 25.5e-3)
