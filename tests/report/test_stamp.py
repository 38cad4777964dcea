"""The drawn stamp: every mark lies where the data say, read back from the drawing with a ruler."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from stamp_sample import (
    BARE,
    BORDER,
    FASCIA,
    HIGH,
    LOST,
    MIDDLE,
    SET,
    TIPS,
    WIDE,
    margins,
    reached_row,
    sample,
    tip_sample,
)  # fmt: skip

from tauten.devices.catalogue import catalogue
from tauten.report import depths, stamp, stamp_plan, stamp_sketch, tip_sketch
from tauten.report.stamp_words import describe
from tauten.report.words import limit_words

stamp_of = cache(stamp.stamp_of)
SVG = "{http://www.w3.org/2000/svg}"
WITHIN = 0.05  # mm: what the drawing promises


class Picture:
    """The drawing as a reader with a ruler sees it: millimetres from the middle and from the surface."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)
        self.units, self.surface, self.left = (
            float(self.root.get(f"data-{name}")) for name in ("units-per-mm", "surface", "left")
        )

    def x(self, at: str | float) -> float:
        return (float(at) - self.left) / self.units

    def y(self, at: str | float) -> float:
        return (float(at) - self.surface) / self.units

    def of(self, kind: str) -> list[ET.Element]:
        return [each for each in self.root.iter() if kind in (each.get("class") or "").split()]

    def outlines(self, kind: str, **having: str) -> list[np.ndarray]:
        """The points (across, down) [mm] of every ring of every path of a kind."""
        rings = []
        for path in self.of(kind):
            if all(path.get(name) == value for name, value in having.items()):
                for ring in path.get("d").split("M")[1:]:
                    numbers = [float(n) for n in re.findall(r"-?[\d.]+", ring)]
                    points = np.array(numbers).reshape(-1, 2)
                    rings.append((points - (self.left, self.surface)) / self.units)
        return rings

    @property
    def told(self) -> str:
        return " ".join("".join(text.itertext()) for text in self.root.iter(f"{SVG}text"))


@pytest.fixture(scope="module")
def plan():
    return sample()


@pytest.fixture(scope="module")
def upright(plan) -> Picture:
    return Picture(stamp_sketch.draw(stamp_of(plan)).svg)


@pytest.fixture(scope="module")
def level(plan) -> Picture:
    return Picture(stamp_plan.draw(stamp_of(plan)).svg)


def in_row(plan) -> list:
    """The zones of the row that is drawn, as far as the picture has room."""
    drawn = {(t.across, t.along) for t in stamp_of(plan).in_row}
    return sorted((z for z in plan.treatment.zones if z.at in drawn), key=lambda z: z.at)


def test_needles_stand_where_they_are_with_their_bare_tips(plan, upright: Picture) -> None:
    stamped, bare = stamp_of(plan), upright.of("bare")
    assert len(bare) == len(stamped.in_row) == 5
    for tip, metal in zip(stamped.in_row, bare, strict=True):
        x, width = float(metal.get("x")), float(metal.get("width"))
        assert upright.x(x + width / 2) == pytest.approx(tip.across * 1e3, abs=WITHIN)
        assert width / upright.units == pytest.approx(0.3, abs=WITHIN)
        top, height = float(metal.get("y")), float(metal.get("height"))
        assert upright.y(top) == pytest.approx((TIPS - BARE) * 1e3, abs=WITHIN)
        assert upright.y(top + height) == pytest.approx(TIPS * 1e3, abs=WITHIN)
        assert float(metal.get("data-tip-mm")) == pytest.approx(TIPS * 1e3, abs=1e-3)


def test_layers_border_goal_and_fascia_lie_at_their_depths(plan, upright: Picture) -> None:
    drawn = {each.get("data-layer"): upright.y(each.get("y")) for each in upright.of("layer")}
    for stratum in stamp_of(plan).strata:
        if stratum.top < stamp_of(plan).deepest:
            assert drawn[stratum.name] == pytest.approx(stratum.top * 1e3, abs=WITHIN)
    (border,), (guard,), (goal,) = upright.of("border"), upright.of("guard"), upright.of("goal")
    assert upright.y(border.get("y1")) == pytest.approx(BORDER * 1e3, abs=WITHIN)
    assert upright.y(guard.get("y1")) == pytest.approx(FASCIA * 1e3, abs=WITHIN)
    assert (upright.y(goal.get("y1")), upright.y(goal.get("y2"))) == pytest.approx((0.28, 1.58), abs=WITHIN)
    for tick in upright.of("tick"):
        assert upright.y(tick.get("y1")) == pytest.approx(float(tick.get("data-depth-mm")), abs=WITHIN)


def test_zones_have_the_depths_and_widths_that_the_run_measured(plan, upright: Picture) -> None:
    zones, rings = in_row(plan), sorted(upright.outlines("zone"), key=lambda ring: ring[:, 0].min())
    assert len(rings) == len(zones) == 5
    for zone, ring in zip(zones, rings, strict=True):
        low, high = ring.min(axis=0), ring.max(axis=0)
        assert (low[1], high[1]) == pytest.approx((zone.top * 1e3, zone.bottom * 1e3), abs=WITHIN)
        assert high[0] - low[0] == pytest.approx(zone.width * 1e3, abs=WITHIN)
        assert 0.5 * (low[0] + high[0]) == pytest.approx(zone.at[0] * 1e3, abs=WITHIN)
        # The run measured what the compass drew.
        assert (low[1], high[1]) == pytest.approx(((MIDDLE - HIGH) * 1e3, (MIDDLE + HIGH) * 1e3), abs=WITHIN)


@pytest.mark.parametrize(("degrees", "axes"), [("60", 1.0), ("70", 0.5)])
def test_lines_of_temperature_run_where_that_was_reached(plan, upright: Picture, degrees: str, axes: float) -> None:
    rings = upright.outlines("warm", **{"data-degrees": degrees})
    assert rings
    middles = [tip.across * 1e3 for tip in stamp_of(plan).of_row]
    for ring in rings:
        away = np.min([np.abs(ring[:, 0] - x) for x in middles], axis=0)
        far = np.hypot(away / (WIDE * 1e3), (ring[:, 1] - MIDDLE * 1e3) / (HIGH * 1e3))
        assert np.abs(far - axes).max() * min(WIDE, HIGH) * 1e3 < WITHIN


def test_lost_fat_is_shaded_from_the_border_down_and_not_above(upright: Picture) -> None:
    points = np.concatenate(upright.outlines("lost"))
    assert points[:, 1].min() == pytest.approx(BORDER * 1e3, abs=WITHIN)
    assert points[:, 1].max() == pytest.approx((MIDDLE + LOST) * 1e3, abs=WITHIN)


def test_distances_are_drawn_and_told_as_the_treatment_has_them(plan, upright: Picture) -> None:
    known = plan.treatment.coagulation
    arrows = {each.get("data-name"): each for each in upright.of("distance")}
    for name, wanted in (("fat", BORDER - TIPS), ("superficial fascia, facial nerve", known.to_fascia)):
        start, end = (float(n) for n in re.match(r"M[\d.]+ ([\d.]+)V([\d.]+)", arrows[name].get("d")).groups())
        assert upright.y(start) == pytest.approx(TIPS * 1e3, abs=WITHIN)
        assert upright.y(end) - upright.y(start) == pytest.approx(wanted * 1e3, abs=WITHIN)
        assert float(arrows[name].get("data-distance-mm")) == pytest.approx(wanted * 1e3, abs=1e-3)
    assert "fat begins 0.23 mm below tips" in upright.told
    assert "facial nerve 2.83 mm below tips" in upright.told
    assert known.to_fascia == pytest.approx(FASCIA - TIPS)


def test_where_the_tips_may_come_to_lie_is_marked(plan, upright: Picture) -> None:
    (mark,) = upright.of("reached")
    row = reached_row(plan.device)
    least, most = (float(mark.get(f"data-{end}-mm")) for end in ("least", "most"))
    assert (least, most) == pytest.approx((SET * row.low * 1e3, SET * row.high * 1e3), abs=1e-3)
    ends = re.match(r"M[\d.]+ ([\d.]+)h12M[\d.]+ [\d.]+V([\d.]+)", mark.get("d")).groups()
    assert [upright.y(end) for end in ends] == pytest.approx([least, most], abs=WITHIN)
    assert "where the tips may lie: 1.05 to 1.5 mm" in upright.told


def test_from_above_every_needle_has_its_place_and_sign(plan, level: Picture) -> None:
    wanted = {(round(x * 1e3, 2), round(y * 1e3, 2)): s for (x, y), s in zip(
        plan.device.array.positions, plan.device.array.terminals("rows"), strict=True,
    )}  # fmt: skip
    circles = level.of("needle")
    assert len(circles) == 37
    for circle in circles:
        x, y = level.x(circle.get("cx")), level.y(circle.get("cy"))
        (near,) = [at for at in wanted if math.dist(at, (x, y)) < WITHIN]
        assert circle.get("data-sign") == wanted.pop(near).replace("-", "−")
    assert not wanted


def test_from_above_zones_are_as_wide_as_measured_and_the_skin_between_is_spared(plan, level: Picture) -> None:
    rings = level.outlines("zone")
    assert len(rings) == 37
    for ring in rings:
        low, high = ring.min(axis=0), ring.max(axis=0)
        assert high - low == pytest.approx([2e3 * WIDE] * 2, abs=2 * WITHIN)
        middle = 0.5 * (low + high)
        assert min(math.dist(middle, np.multiply(z.at, 1e3)) for z in plan.treatment.zones) < WITHIN
    assert f"Spared: {100 * plan.treatment.coagulation.spared:.0f} %" in level.told
    (box,) = level.of("footprint")
    for side, length in zip(("width", "height"), plan.treatment.exposures[0].exposure.footprint, strict=True):
        assert float(box.get(side)) / level.units == pytest.approx(length * 1e3, abs=WITHIN)


def test_a_quarter_that_was_solved_is_drawn_as_the_whole_stamp() -> None:
    whole, part = (stamp_of(sample(quarter=quarter, step=100e-6)) for quarter in (False, True))
    assert [len(piece) for piece in part.level.zones] == [len(piece) for piece in whole.level.zones]
    for one, other in ((part.upright, whole.upright), (part.level, whole.level)):
        boxes = [
            sorted(
                (np.ravel([np.min(piece[0], axis=0), np.max(piece[0], axis=0)]) for piece in cuts.zones),
                key=lambda box: tuple(np.round(box, 4)),
            )
            for cuts in (one, other)
        ]
        assert np.array(boxes[0]) == pytest.approx(np.array(boxes[1]), abs=2e-5)


def test_the_row_cut_from_above_is_the_one_drawn_upright(plan, level: Picture) -> None:
    (row,) = level.of("row")
    assert level.y(row.get("y1")) == pytest.approx(stamp_of(plan).row * 1e3, abs=WITHIN)
    assert all(abs(tip.along - stamp_of(plan).row) < 1e-9 for tip in stamp_of(plan).in_row)


def test_fat_past_its_dose_is_told_in_cubic_millimetres(plan, upright: Picture) -> None:
    grid, state = plan.treatment.state.grid, plan.treatment.state
    past = (state.integrals["cem43"] >= 60.0) & (grid.centres[-1] > BORDER)
    assert stamp_of(plan).fat == pytest.approx(4.0 * float(grid.volumes[past].sum()))
    assert "of fat pass 60 CEM43" in upright.told


def test_nothing_coagulated_is_said(plan) -> None:
    state = plan.treatment.state
    cold = replace(state, integrals={name: 0.0 * values for name, values in state.integrals.items()})
    run = type(plan.treatment)(**{**vars(plan.treatment), "state": cold, "zones": ()})
    made = stamp_of(replace(plan, treatment=run))
    drawn = Picture(stamp_sketch.draw(made).svg)
    assert not drawn.of("zone")
    assert not drawn.of("lost")
    assert "nothing coagulates as planned" in drawn.told
    assert "No zone is predicted as planned." in describe(made)
    assert "no fat passes 60 CEM43" in drawn.told


def test_tips_below_the_border_say_how_far(plan) -> None:
    deep = replace(stamp_of(plan), border=1.1e-3)
    assert "fat begins 0.25 mm above tips" in Picture(stamp_sketch.draw(deep).svg).told
    touching = replace(stamp_of(plan), border=TIPS + 5e-6)
    drawn = Picture(stamp_sketch.draw(touching).svg)
    assert "fat begins at the tips" in drawn.told
    assert "fat" not in [each.get("data-name") for each in drawn.of("distance")]


def test_names_beside_the_picture_never_lie_over_each_other(upright: Picture) -> None:
    places = sorted(float(text.get("y")) for text in upright.of("label"))
    assert np.diff(places).min() >= 19.0


def test_who_cannot_see_it_reads_it(plan) -> None:
    root = ET.fromstring(stamp_sketch.draw(stamp_of(plan)).svg)
    words = root.find(f"{SVG}desc").text
    for wanted in (
        "5 of the 7 needles of one row, of 37", "the tips are taken to lie 1.35 mm deep", "between 1.05 and 1.5 mm",
        "The fat begins at 1.58 mm, 0.23 mm below the tips", "2.83 mm below the tips", "mm³ of fat pass 60 CEM43",
    ):  # fmt: skip
        assert wanted in words


@pytest.mark.parametrize("key", ["needles-5x5", "needles-6x6-bare", "needles-24", "needles-5-pairs"])
def test_every_kind_of_stamp_can_be_drawn(key: str) -> None:
    stamped = stamp_of(sample(device_key=key, step=100e-6))
    for draw in (stamp_sketch.draw, stamp_plan.draw):
        ET.fromstring(draw(stamped).svg)
    assert len({tip.shaft for tip in stamped.tips}) == catalogue()[key].array.count
    assert stamped.in_row


def test_needles_that_lean_serve_the_skin_over_their_tips() -> None:
    """Five pairs go in 3 mm beside where they coagulate: that is where their share is counted."""
    run = sample(device_key="needles-5-pairs", step=100e-6).treatment
    assert run.exposures[0].exposure.array.tilt > 1.0
    zone = math.pi * WIDE**2
    assert run.coagulation.fraction.max() == pytest.approx(10 * zone / run.coagulation.area, rel=0.1)
    assert run.coagulation.spared < 0.9
    drawn = Picture(stamp_plan.draw(stamp_of(sample(device_key="needles-5-pairs", step=100e-6))).svg)
    assert len(drawn.of("zone")) == 10
    (box,) = drawn.of("footprint")
    top, height = float(box.get("y")), float(box.get("height"))
    coagulated = np.concatenate(drawn.outlines("zone"))[:, 1]
    assert drawn.y(top) < coagulated.min() < coagulated.max() < drawn.y(top + height)


def test_the_strip_has_each_depth_with_its_needle_zone_and_verdict(plan) -> None:
    drawn = Picture(depths.strip(plan).svg)
    bare = [(drawn.y(float(e.get("y")) + float(e.get("height")))) for e in drawn.of("bare")]
    assert bare == pytest.approx([d.tips * 1e3 for d in plan.depths], abs=WITHIN)
    for depth, path in zip(plan.depths, drawn.of("zone"), strict=True):
        found = re.match(r"M[\d.]+ ([\d.]+) a([\d.]+) ([\d.]+) 0 0 1 [\d.]+ 0 a[\d.]+ ([\d.]+) ", path.get("d"))
        y, half, up, down = (float(n) for n in found.groups())
        assert drawn.y(y - up) == pytest.approx(depth.zone.top * 1e3, abs=WITHIN)
        assert 2 * half / drawn.units == pytest.approx(depth.zone.width * 1e3, abs=WITHIN)
        assert drawn.y(y + down) == pytest.approx(depth.zone.bottom * 1e3, abs=WITHIN)
    assert {round(drawn.y(e.get("y1")), 2) for e in drawn.of("border")} == {1.58}
    told = drawn.told
    assert told.count("inside every limit") == 2
    assert "past a stop limit fat lost below the dermis" in told
    assert "lost fat 0.4 mm³" in told
    assert "denatured 3 %" in told
    assert "0.23 mm to the fat" in told
    assert "0.22 mm into the fat" in told  # a step deeper


def test_the_table_of_depths_has_what_changes_and_leaves_out_what_does_not(plan) -> None:
    found = {row[0].text: [cell.text for cell in row[1:]] for row in depths.table(plan).cells}
    assert found["depth set"] == ["1 mm", "1.5 mm", "2 mm"]
    assert found["tips to the superficial fascia"] == ["3.28 mm", "2.83 mm", "2.38 mm"]
    assert found["fat past its dose"] == ["none", "none", "0.4 mm³"]
    assert found["fat lost below the dermis, as a layer"] == ["0.002 mm", "0.005 mm", "0.12 mm"]
    assert "voltage between the poles" not in found  # it only warns, is the same at each depth, and inside
    stopping = [m.limit for m in plan.margins if math.isfinite(m.limit.stop)]
    assert all(limit_words(limit) in found for limit in stopping)  # the way to every limit
    bars = {row[0].text: [cell.bar for cell in row[1:]] for row in depths.table(plan).cells}
    assert bars["fat lost below the dermis, as a layer"] == pytest.approx([0.02, 0.05, 1.2])
    warned = replace(plan.depths[2], margins=margins("microneedling", electric_volts=1.1))
    again = depths.table(replace(plan, depths=(*plan.depths[:2], warned)))
    assert "voltage between the poles" in {row[0].text for row in again.cells}


def test_a_depth_alone_is_no_comparison(plan) -> None:
    alone = replace(plan, depths=plan.depths[1:2])
    assert depths.strip(alone) is None
    assert not depths.table(alone).rows


def test_under_a_tip_the_warm_line_runs_where_that_was_reached() -> None:
    drawn = Picture(tip_sketch.draw(tip_sample()).svg)
    rings = drawn.outlines("warm", **{"data-degrees": "42"})
    assert rings
    for ring in rings:
        far = np.hypot(ring[:, 0] / 8.0, (ring[:, 1] - 2.5) / 1.5)
        assert np.abs(far - 1.0).max() * 1.5 < WITHIN
    lost = np.concatenate(drawn.outlines("lost"))
    assert lost[:, 1].min() == pytest.approx(1.75, abs=WITHIN)
    assert lost[:, 1].max() == pytest.approx(3.25, abs=WITHIN)
    (metal,) = drawn.of("metal")
    edge = float(metal.get("x")) + float(metal.get("width"))
    assert drawn.x(edge) == pytest.approx(math.sqrt(3.0 / math.pi) * 10.0, abs=WITHIN)
    assert "60 °C is reached nowhere" in drawn.told
    assert "metal of the tip; the current returns through a pad far away" in drawn.told


def test_other_methods_have_neither_stamp_nor_tip(plan) -> None:
    assert stamp_of(tip_sample()) is None
    assert tip_sketch.draw(plan) is None
