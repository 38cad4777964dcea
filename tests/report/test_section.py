"""The drawn section: every mark lies where the data say, by its coordinates and by what it says of itself."""

from __future__ import annotations

import base64
import math
import re
import struct
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from section_sample import PITCH, section, zones

from tauten.care.shots import Guard
from tauten.report import echo, sketch
from tauten.report.section import Stratum, describe, room_for

SVG = "{http://www.w3.org/2000/svg}"
WITHIN = 0.05  # mm: what the picture promises


class Picture:
    """The drawing as a reader with a ruler sees it: millimetres from the surface and from the left edge."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)
        self.units, self.surface, self.left = (
            float(self.root.get(f"data-{name}")) for name in ("units-per-mm", "surface", "left")
        )

    def depth(self, y: str | float) -> float:
        return (float(y) - self.surface) / self.units

    def of(self, kind: str) -> list[ET.Element]:
        return [each for each in self.root.iter() if kind in (each.get("class") or "").split()]

    def zone(self, path: ET.Element) -> dict[str, float]:
        """Read a zone's outline from its path: a point, then two half ellipses by their radii."""
        x, y, half, up, across, half_below, down, back = (
            float(n)
            for n in re.fullmatch(
                r"M([\d.]+) ([\d.]+) a([\d.]+) ([\d.]+) 0 0 1 ([\d.]+) 0 a([\d.]+) ([\d.]+) 0 0 1 (-[\d.]+) 0 Z",
                path.get("d"),
            ).groups()
        )
        assert (half, across, back) == pytest.approx((half_below, 2 * half, -2 * half), abs=0.02)
        return {
            "across": (x + half - self.left) / self.units, "width": 2 * half / self.units, "centre": self.depth(y),
            "top": self.depth(y - up), "bottom": self.depth(y + down),
        }  # fmt: skip


@pytest.fixture(scope="module")
def picture() -> Picture:
    return Picture(sketch.draw(section()).svg)


def test_layers_begin_where_the_data_say(picture: Picture) -> None:
    drawn = {line.get("data-layer"): line for line in picture.of("boundary")}
    assert list(drawn) == [stratum.name for stratum in section().strata]
    for stratum in section().strata:
        line = drawn[stratum.name]
        assert line.get("y1") == line.get("y2")
        assert picture.depth(line.get("y1")) == pytest.approx(stratum.top * 1e3, abs=WITHIN)
        assert float(line.get("data-top-mm")) == pytest.approx(stratum.top * 1e3, abs=1e-3)


def test_the_ruler_is_marked_in_millimetres_down_to_what_an_imaging_window_shows(picture: Picture) -> None:
    ticks = [(float(t.get("data-depth-mm")), picture.depth(t.get("y1"))) for t in picture.of("tick")]
    for said, drawn in ticks:
        assert drawn == pytest.approx(said, abs=WITHIN)
    assert [said for said, _ in ticks] == [0.5 * n for n in range(len(ticks))]
    assert ticks[-1][0] >= 8.0
    shallow = Picture(sketch.draw(section(focus=1.5e-3, planned=(), adverse=(), bone=None, guards=())).svg)
    assert float(shallow.of("tick")[-1].get("data-depth-mm")) >= 8.0


def test_the_ruler_across_has_the_scale_of_the_one_down(picture: Picture) -> None:
    places = [float(tick.get("x1")) for tick in picture.of("across")]
    assert all((b - a) / picture.units == pytest.approx(1.0, abs=WITHIN) for a, b in pairwise(places))


def test_the_focus_line_lies_at_the_focus(picture: Picture) -> None:
    (line,) = picture.of("focus")
    assert picture.depth(line.get("y1")) == pytest.approx(4.5, abs=WITHIN)
    assert line.get("y1") == line.get("y2")


@pytest.mark.parametrize("kind", ["planned", "adverse"])
def test_zones_have_their_size_depth_and_pitch(picture: Picture, kind: str) -> None:
    wanted = getattr(section(), kind)
    drawn = [picture.zone(path) for path in picture.of(kind)]
    assert len(drawn) == len(wanted) == 7
    for zone, read, path in zip(wanted, drawn, picture.of(kind), strict=True):
        for part in ("width", "top", "centre", "bottom"):
            assert read[part] == pytest.approx(getattr(zone, part) * 1e3, abs=WITHIN), part
            assert float(path.get(f"data-{part}-mm")) == pytest.approx(getattr(zone, part) * 1e3, abs=1e-3)
    for before, after in pairwise(drawn):
        assert after["across"] - before["across"] == pytest.approx(PITCH * 1e3, abs=WITHIN)


def test_both_outlines_of_a_point_share_its_axis(picture: Picture) -> None:
    for planned, adverse in zip(picture.of("planned"), picture.of("adverse"), strict=True):
        assert picture.zone(planned)["across"] == pytest.approx(picture.zone(adverse)["across"], abs=WITHIN)


def test_bone_danger_and_goal_lie_at_their_depths(picture: Picture) -> None:
    (margin,), (line,), (goal,) = picture.of("margin"), picture.of("guard"), picture.of("goal")
    top = picture.depth(margin.get("y"))
    assert top == pytest.approx(5.43, abs=WITHIN)
    assert top + float(margin.get("height")) / picture.units == pytest.approx(6.43, abs=WITHIN)
    assert picture.depth(line.get("y1")) == pytest.approx(6.43, abs=WITHIN)
    assert (picture.depth(goal.get("y1")), picture.depth(goal.get("y2"))) == pytest.approx((4.0, 5.0), abs=WITHIN)


def test_all_zones_stay_left_of_the_names(picture: Picture) -> None:
    names = min(float(text.get("x")) for text in picture.of("label"))
    for path in (*picture.of("planned"), *picture.of("adverse")):
        zone = picture.zone(path)
        assert picture.left < picture.left + (zone["across"] - 0.5 * zone["width"]) * picture.units
        assert picture.left + (zone["across"] + 0.5 * zone["width"]) * picture.units < names


def test_names_never_lie_over_each_other(picture: Picture) -> None:
    places = sorted(float(text.get("y")) for text in picture.of("label"))
    assert len(places) == len(section().strata) + 1
    assert all(b - a >= 19.0 for a, b in pairwise(places))


def grains(picture: Picture) -> np.ndarray:
    """Decode the grey picture: lines of a filter byte and two shades a byte."""
    (image,) = picture.of("grain")
    coded = base64.b64decode(image.get("href").removeprefix("data:image/png;base64,"))
    width, height, bits = struct.unpack(">IIB", coded[16:25])
    assert bits == 4
    size = struct.unpack(">I", coded[33:37])[0]
    lines = np.frombuffer(zlib.decompress(coded[41 : 41 + size]), dtype=np.uint8).reshape(height, -1)[:, 1:]
    return np.stack([lines >> 4, lines & 15], axis=-1).reshape(height, -1)[:, :width]


def test_the_grain_changes_where_the_layers_do(picture: Picture) -> None:
    """Fat is dark below a bright dermis, the fascia bright below fat, and below bone there is shadow."""
    (image,), shades = picture.of("grain"), grains(picture)
    rows = picture.depth(image.get("y")) + (np.arange(shades.shape[0]) + 0.5) * (
        float(image.get("height")) / picture.units / shades.shape[0]
    )
    bright = shades.mean(axis=1)

    def edge(top: float, bottom: float) -> float:
        near = (rows > top) & (rows < bottom)
        steepest = np.argmax(np.abs(np.diff(bright[near])))
        return float(rows[near][steepest] + 0.5 * (rows[1] - rows[0]))

    assert edge(1.3, 2.0) == pytest.approx(1.637, abs=WITHIN)
    assert edge(3.9, 4.4) == pytest.approx(4.21, abs=WITHIN)
    assert edge(4.4, 4.9) == pytest.approx(4.59, abs=WITHIN)
    assert bright[(rows > 8.0)].max() < 1.0
    assert bright[(rows > 0.4) & (rows < 1.5)].mean() > 2 * bright[(rows > 1.8) & (rows < 4.0)].mean()
    assert float(image.get("width")) / shades.shape[1] == pytest.approx(float(image.get("height")) / shades.shape[0])


def test_the_same_seed_gives_the_same_grain() -> None:
    first, again, other = (sketch.draw(section(seed=seed)).svg for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_sketch_without_zones_says_so() -> None:
    bare = Picture(sketch.draw(section(planned=(), adverse=(), goal=None, guards=(), findings=())).svg)
    told = " ".join("".join(text.itertext()) for text in bare.root.iter(f"{SVG}text"))
    assert "no zone as planned" in told
    assert "no zone at the upper end of the spread" in told
    assert not bare.of("zone")


def test_who_cannot_see_it_reads_it() -> None:
    root = ET.fromstring(sketch.draw(section()).svg)
    title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby").split() == [title.get("id"), words.get("id")]
    assert words.text == describe(section())
    for wanted in (
        "SMAS 4.21 to 4.59 mm", "The focus lies 4.5 mm deep", "0.31 mm wide, from 3.62 to 4.83 mm", "Bone at 7.5 mm",
        "7 of the 23 points", "1.1 mm apart", "facial nerve: from 6.43 mm, margin 1 mm", "outside the layer",
    ):  # fmt: skip
        assert wanted in words.text


def test_text_from_a_case_cannot_break_the_drawing() -> None:
    evil = "<script>&\"'</script>"
    drawn = sketch.draw(
        section(guards=(Guard(evil, 6e-3, 1e-3),), findings=(evil,), strata=(Stratum(evil, evil, 0.0, math.inf),))
    )
    ET.fromstring(drawn.svg)
    assert "<script" not in drawn.svg


def test_what_lies_below_the_picture_is_told_under_it() -> None:
    deep = section(guards=(Guard("the mandible", 15e-3, 1e-3),), bone=None)
    drawn = Picture(sketch.draw(deep).svg)
    assert not drawn.of("margin")
    told = " ".join("".join(text.itertext()) for text in drawn.root.iter(f"{SVG}text"))
    assert "the mandible: 15 mm, below the picture" in told


def test_a_long_name_stays_left_of_the_layers_names() -> None:
    name = "marginal mandibular branch of the facial nerve"
    drawn = Picture(sketch.draw(section(guards=(Guard(name, 6.4e-3, 1e-3),))).svg)
    lines = [text.text for text in drawn.root.iter(f"{SVG}text") if text.text and text.text in name]
    assert " ".join(lines) == name
    assert len(lines) == 2


@pytest.mark.parametrize(("pitch", "points", "room"), [(1.1e-3, 23, 7), (1.5e-3, 17, 5), (1.1e-3, 3, 3), (0.0, 1, 1)])
def test_a_line_is_drawn_as_far_as_there_is_room(pitch: float, points: int, room: int) -> None:
    assert room_for(pitch, points) == room


def test_the_picture_reaches_below_all_that_is_drawn() -> None:
    assert section().deepest > 7.5e-3
    assert replace(section(), focus=6e-3, bone=9.5e-3).deepest > 9.5e-3
    assert section(bone=30e-3, guards=()).deepest == pytest.approx(8.2e-3)
    assert section(adverse=zones(1e-3, 5e-3, 8e-3, 11e-3)).deepest > 11e-3


def test_a_finer_picture_is_the_same_size_on_the_page(monkeypatch: pytest.MonkeyPatch, picture: Picture) -> None:
    (image,) = picture.of("grain")
    monkeypatch.setattr(echo, "PIXEL", 40e-6)
    (coarse,) = Picture(sketch.draw(section()).svg).of("grain")
    for side in ("width", "height"):
        assert float(coarse.get(side)) == pytest.approx(float(image.get(side)), abs=WITHIN * picture.units)
