"""What a stamp leaves, against zones of known size, whole and cut at its mirror planes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tauten.devices.drive import Voltage
from tauten.devices.exposure import Placed
from tauten.devices.needles import NeedleArray, NeedlePulse
from tauten.facts import load
from tauten.grid import Grid
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers.coagulation import coagulate, needle_zones
from tauten.solvers.state import TissueState

SKIN = Skin.of(Layer("epidermis", 0.12e-3), Layer("dermis", 1.28e-3), Layer("fat", 2.2e-3), Layer("muscle", 20e-3))
ARRAY = NeedleArray.grid(3, 3, 1e-3, 0.15e-3, 2e-3, 0.3e-3)
PULSE = NeedlePulse(ARRAY, 1.4e-3, 1e6, Voltage(30.0, rms=True), 0.1, "monopolar")
A, C, DEPTH, BORDER = 0.3e-3, 0.25e-3, 1.3e-3, 1.4e-3


def left(quarter: bool, a: float = A, step: float = 0.04e-3, places=((0.0, 0.0),)):
    """Return a state in which every needle has an ellipsoid of half axes a, a, C round 1.3 mm, and its exposures."""
    low = 0.0 if quarter else -1.8e-3
    across = np.arange(low, 1.8e-3 + max(x for x, _ in places) + step / 2, step)
    along = np.arange(low, 1.8e-3 + step / 2, step)
    grid = Grid((across, along, np.arange(0.0, 2.4e-3, step)))
    x, y, z = np.meshgrid(*grid.centres, indexing="ij")
    away = np.full(grid.shape, np.inf)
    for px, py in places:
        for nx, ny in ARRAY.positions:
            away = np.minimum(away, ((x - nx - px) ** 2 + (y - ny - py) ** 2) / a**2 + ((z - DEPTH) / C) ** 2)
    omega = np.exp(np.maximum(3.0 * (1.0 - away), -60.0))
    integrals = {"henriques_moritz_1947": omega, "cem43": 60.0 * omega}
    state = TissueState(grid, 3.0, np.zeros(grid.shape), 310.15, np.full(grid.shape, 20.0), integrals)
    return state, [Placed(PULSE, at, n * 1.0) for n, at in enumerate(places)]


@pytest.mark.parametrize("quarter", [False, True])
def test_every_needle_has_its_zone(quarter) -> None:
    state, placed = left(quarter)
    found = needle_zones(state, SKIN, placed, load())
    assert np.allclose([zone.at for zone in found], ARRAY.positions)
    for zone in found:
        assert zone.width == pytest.approx(2 * A, rel=0.01)
        assert zone.length == pytest.approx(2 * C, rel=0.01)
        assert zone.volume == pytest.approx(4 / 3 * math.pi * A * A * C, rel=0.02)
        assert zone.merged == ()


@pytest.mark.parametrize("quarter", [False, True])
def test_zones_that_touch_hang_together_across_the_mirrors(quarter) -> None:
    state, placed = left(quarter, a=0.55e-3)
    assert all(len(zone.merged) == 8 for zone in needle_zones(state, SKIN, placed, load()))


@pytest.mark.parametrize("quarter", [False, True])
def test_shares_of_the_footprint(quarter) -> None:
    state, placed = left(quarter)
    found = coagulate(state, SKIN, placed, load())
    area = 3e-3**2
    assert found.area == pytest.approx(area, rel=0.03)
    widest = 9 * math.pi * A * A / area
    assert found.fraction.max() == pytest.approx(widest, rel=0.03)
    assert found.fraction[found.depth < DEPTH - C].max() == 0.0
    assert found.spared == pytest.approx(1.0 - widest, abs=0.01)
    assert found.channels == pytest.approx(9 * math.pi * ARRAY.radius**2)
    assert found.burnt == 0.0
    assert math.isnan(found.overlap)


@pytest.mark.parametrize("quarter", [False, True])
def test_fat_counts_what_lies_below_its_border(quarter) -> None:
    state, placed = left(quarter)
    fat = coagulate(state, SKIN, placed, load()).fat
    h = (BORDER - DEPTH) / C  # of the half axis: a cap of an ellipsoid
    cap = 9 * math.pi * A * A * C * (2.0 / 3.0 - h + h**3 / 3.0)
    assert fat["henriques_moritz_1947"] == pytest.approx(cap, rel=0.03)
    assert fat["cem43_60"] == pytest.approx(cap, rel=0.03)
    assert fat["cem43_15"] > 1.2 * cap


def test_tips_are_measured_to_the_fascia_where_one_is_published() -> None:
    state, placed = left(True)
    assert math.isnan(coagulate(state, SKIN, placed, load()).to_fascia)
    cheek = Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24.0)
    found = coagulate(state, cheek, placed, load())
    assert found.to_fascia == pytest.approx(cheek.fascia_depth - 1.4e-3)
    assert found.to_nerve >= found.to_fascia


def test_stamps_side_by_side_tell_what_lies_in_both() -> None:
    state, placed = left(False, places=((0.0, 0.0), (2.0e-3, 0.0)))
    found = coagulate(state, SKIN, placed, load())
    assert found.area == pytest.approx(3e-3 * 5e-3, rel=0.03)
    assert found.overlap == pytest.approx(math.exp(3.0), rel=0.05)
    assert len(needle_zones(state, SKIN, placed, load())) == 15  # three needles go in where others were
