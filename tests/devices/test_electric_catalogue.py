"""The shipped tips and stamps: what was asked for is there, each number with its source, none made up quietly."""

from __future__ import annotations

import math

import pytest

from tauten.devices.applicator import Applicator
from tauten.devices.catalogue import broken, catalogue
from tauten.devices.cooling import Spray
from tauten.devices.drive import Limits, Power
from tauten.devices.electrode import FAR, Rectangle
from tauten.devices.generator import SERIES
from tauten.devices.needles import NeedleArray
from tauten.devices.stamp import Stamp
from tauten.units import celsius

LEVELS = ("levels", "level_spacing", "level_interval")
TIPS = {key: m for key, m in catalogue().items() if isinstance(m, Applicator)}
STAMPS = {key: m for key, m in catalogue().items() if isinstance(m, Stamp)}
ALL = {**TIPS, **STAMPS}


def test_nothing_shipped_is_broken() -> None:
    assert dict(broken()) == {}


def test_every_tip_and_stamp_asked_for_is_shipped() -> None:
    assert set(TIPS) == {
        "rf-monopolar-0.25cm2", "rf-monopolar-3cm2", "rf-monopolar-4cm2", "rf-monopolar-16cm2", "rf-bipolar-12x25mm",
    }  # fmt: skip
    assert set(STAMPS) == {
        "needles-37-hexagonal", "needles-37-hexagonal-bare", "needles-5x5", "needles-5x5-bare", "needles-6x6",
        "needles-6x6-bare", "needles-7x7", "needles-24", "needles-5-pairs",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "count"),
    [("needles-37-hexagonal", 37), ("needles-5x5", 25), ("needles-6x6", 36), ("needles-7x7", 49), ("needles-24", 24)],
)
def test_needles_are_counted(key: str, count: int) -> None:
    assert STAMPS[key].array.count == count
    assert STAMPS[key].array.insulated


@pytest.mark.parametrize("key", [key for key in STAMPS if key.endswith("-bare")])
def test_bare_needles_are_bare_all_along(key: str) -> None:
    array = STAMPS[key].array
    assert array.active == array.length
    assert STAMPS[key].kind == "bare needles"


@pytest.mark.parametrize("area", [0.25, 3.0, 4.0, 16.0])
def test_a_monopolar_tip_has_its_area_and_a_membrane(area: float) -> None:
    tip = TIPS[f"rf-monopolar-{area:g}cm2"]
    pulse = tip.exposure()
    assert pulse.area == pytest.approx(area * 1e-4)
    assert pulse.terminals == ("+", FAR)
    assert pulse.frequency == 6.78e6
    assert pulse.limits == Limits(watts=500.0)
    assert all(each.membrane is not None for each in pulse.tip)
    assert isinstance(pulse.cooling[0], Spray)
    assert pulse.begins_at < 0.0


def test_pins_as_published_by_kauvar() -> None:
    array = STAMPS["needles-6x6-bare"].array
    assert (array.length, array.radius, array.count) == (1e-3, 0.075e-3, 36)


def test_the_feedback_device_as_published() -> None:
    """35 W, 60 to 80 degC for 1 to 25 s (Hantash 2009); 62 to 78 degC for 3 to 5 s (Alexiades 2013)."""
    pairs = STAMPS["needles-5-pairs"]
    pulse = pairs.exposure(hold="70 degC", duration="3 s")
    assert (pulse.hold, pulse.duration, pulse.drive) == (pytest.approx(celsius(70.0)), 3.0, Power(35.0))
    assert pulse.limits == Limits(volts=84.0, watts=35.0)
    assert pulse.array.count == 10
    told = {each.name: each.settings for each in pairs.published}
    assert (told["Hantash 2009"]["power"].si, told["Alexiades 2013"]["hold"].low) == (35.0, 62.0)


def test_a_monthly_series_of_three_passes_is_told() -> None:
    seven = STAMPS["needles-7x7"]
    series = seven.series()
    assert len(series) == 3
    assert {shot.at for shot in series} == {(0.0, 0.0)}
    assert any("three monthly sessions" in each.protocol for each in seven.published)
    assert len(seven.series(levels=3, depth="3 mm", passes=1)) == 3


def test_the_study_at_120_w_is_told() -> None:
    told = {each.name: each for each in TIPS["rf-monopolar-3cm2"].published}
    assert told["Fat of 2 to 8 mm"].settings["power"].si == 120.0
    assert "69, 60, 55 and 45 degC" in told["Fat of 2 to 8 mm"].outcome


def test_that_nobody_makes_37_is_said() -> None:
    for key in ("needles-37-hexagonal", "needles-37-hexagonal-bare"):
        assert "no maker's page with 37 needles was found" in STAMPS[key].as_published
        sizes = [row for name, row in STAMPS[key].rows.items() if name.endswith(("pitch", "radius", "length"))]
        assert {row.confidence for row in sizes} == {"unverified"}


@pytest.mark.parametrize("key", STAMPS)
def test_the_warning_of_the_fda_stands_with_every_stamp(key: str) -> None:
    told = " ".join(hazard.text for hazard in STAMPS[key].hazards)
    for harm in ("burns", "scarring", "fat loss", "disfigurement", "nerve damage", "pacemaker"):
        assert harm in told
    assert any("15 October 2025" in hazard.source for hazard in STAMPS[key].hazards)


@pytest.mark.parametrize("key", ALL)
def test_both_ends_of_every_row_and_setting_give_an_exposure(key: str) -> None:
    """A study walks each row to its ends and an optimiser each setting: none may leave what the device can be."""
    machine = ALL[key]
    facts = machine.with_facts()
    for name, row in machine.rows.items():
        for end in (row.low, row.high):
            machine.exposure(facts=facts.with_value(name, end))
    single = [name for name in machine.settings if name not in (*SERIES, *LEVELS, "fluence")]
    for name in single:
        for end in (machine.settings[name].low, machine.settings[name].high):
            machine.exposure(**{name: end})


@pytest.mark.parametrize("key", TIPS)
def test_fluence_is_power_over_the_area(key: str) -> None:
    tip = TIPS[key]
    if "fluence" not in tip.settings:
        assert tip.kind == "bipolar"
        return
    duration = tip.settings["duration"].default
    given = tip.settings["power"].default * duration / tip.exposure().area
    assert tip.exposure(fluence=given).drive.value == pytest.approx(tip.exposure().drive.value)


def test_bars_face_each_other_twelve_millimetres_apart() -> None:
    one, other = TIPS["rf-bipolar-12x25mm"].tip
    assert isinstance(one, Rectangle)
    assert isinstance(other, Rectangle)
    assert other.centre[0] - other.width / 2 - (one.centre[0] + one.width / 2) == pytest.approx(12e-3)


def test_geometry_is_the_device_s_own() -> None:
    """The array follows the rows: nothing about needles stands in code."""
    stamp = STAMPS["needles-37-hexagonal"]
    facts = stamp.with_facts().with_value("devices/needles-37-hexagonal/pitch", 1.2)
    facts = facts.with_value("devices/needles-37-hexagonal/active", 0.5)
    assert stamp.array_at(facts) == NeedleArray.hexagonal(3, 1.2e-3, 0.15e-3, 3.5e-3, 0.5e-3)
    assert stamp.exposure(facts=facts).array.gap == pytest.approx(0.9e-3)
    leaning = STAMPS["needles-5-pairs"].array
    assert leaning.tilt == pytest.approx(math.radians(65.0))
