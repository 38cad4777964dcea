"""Coagulation zones, against surfaces whose size is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tauten.devices.exposure import Placed
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Bowl
from tauten.errors import InputError
from tauten.facts import load
from tauten.grid import Grid, graded_edges
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers.state import TissueState
from tauten.solvers.zones import zones

SET = "henriques_moritz_1947"
SHOT = FocusedShot(Bowl(15e-3, 5.5e-3, 7e6), 3.0, 0.05, 10.5e-3)
SKIN = Skin.of(Layer("epidermis", 0.1e-3), Layer("dermis", 1.7e-3), Layer("fat", 2.2e-3), Layer("muscle", 20e-3))
A, C, DEPTH = 0.17e-3, 0.62e-3, 3.9e-3  # half axes and middle of an ellipsoid


def state(grid, away, peak=350.0, maximum=None, name=SET, scale=1.0, water=None):
    """Return a state whose Ω is exp(3 (1 - away)), `away` being 1 on the surface to be found."""
    omega = scale * np.exp(np.maximum(3.0 * (1.0 - away), -60.0))
    rise = np.where(away <= away.min(), peak - 310.15, 0.0) if maximum is None else maximum
    return TissueState(grid, 30.0, np.zeros(grid.shape), 310.15, rise, {name: omega}, water)


def ellipsoid(step, kind="axisymmetric", places=((0.0, 0.0),), scale=(1.0,), **more):
    depth = np.arange(2.5e-3, 5.5e-3, step)
    if kind == "axisymmetric":
        grid = Grid((np.arange(0.0, 0.6e-3, step), depth), kind)
        r, z = np.meshgrid(*grid.centres, indexing="ij")
        return state(grid, (r / A) ** 2 + ((z - DEPTH) / C) ** 2, **more)
    low = 0.0 if kind == "half" else -0.5e-3
    span = max(x for x, _ in places) + 0.5e-3
    across = np.arange(-0.5e-3, span, step)
    grid = Grid((across, np.arange(low, 0.5e-3, step), depth))
    x, y, z = np.meshgrid(*grid.centres, indexing="ij")
    away = [
        ((x - px) ** 2 + (y - py) ** 2) / (A * s) ** 2 + ((z - DEPTH) / (C * s)) ** 2
        for (px, py), s in zip(places, scale * len(places), strict=False)
    ]
    return state(grid, np.minimum.reduce(away), **more)


def found(made, *places, kinetics=SET):
    return zones(made, SKIN, [Placed(SHOT, at) for at in places or [(0.0, 0.0)]], load(), kinetics)


TRUE = {"width": 2 * A, "length": 2 * C, "volume": 4 / 3 * math.pi * A * A * C, "top": DEPTH - C, "bottom": DEPTH + C}


@pytest.mark.parametrize("kind", ["axisymmetric", "half", "full"])
def test_an_ellipsoid_is_measured_finer_than_its_cells(kind) -> None:
    (zone,) = found(ellipsoid(40e-6, kind))
    for name, value in TRUE.items():  # straight lines lie under ln Ω's bow: eight cells across lose 2.8 % in 3D
        assert getattr(zone, name) == pytest.approx(value, rel=0.02 if kind == "axisymmetric" else 0.03), name
    assert zone.centre == pytest.approx(DEPTH, abs=2e-6)


@pytest.mark.parametrize("kind", ["axisymmetric", "half", "full"])
def test_volume_and_width_converge_with_second_order(kind) -> None:
    sizes = [found(ellipsoid(step, kind))[0] for step in (40e-6, 20e-6)]
    for name in ("volume", "width"):
        errors = [abs(getattr(zone, name) / TRUE[name] - 1.0) for zone in sizes]
        assert errors[1] < 0.4 * errors[0] or errors[1] < 1e-3, name


def test_a_zone_thinner_than_the_innermost_cell_is_seen_on_the_axis() -> None:
    grid = Grid((np.arange(0.0, 0.6e-3, 40e-6), np.arange(2.5e-3, 5.5e-3, 40e-6)), "axisymmetric")
    r, z = np.meshgrid(*grid.centres, indexing="ij")
    made = state(grid, (r / 19e-6) ** 2 + ((z - DEPTH) / C) ** 2)
    gentle = TissueState(grid, 30.0, made.rise, 310.15, made.maximum, {SET: made.integrals[SET] ** (1 / 6)})
    assert found(gentle)[0].width == pytest.approx(38e-6, rel=0.1)


def test_uneven_cells_do_not_move_the_surface() -> None:
    grid = Grid(
        (graded_edges([0.0, 2e-3], 25e-6, 0.2e-3), graded_edges([0.0, 3.3e-3, 8e-3], 40e-6, 0.06e-3)), "axisymmetric"
    )
    r, z = np.meshgrid(*grid.centres, indexing="ij")
    (zone,) = found(state(grid, (r / A) ** 2 + ((z - DEPTH) / C) ** 2))
    assert zone.volume == pytest.approx(TRUE["volume"], rel=0.02)


def test_layers_it_reaches_into_are_named() -> None:
    (zone,) = found(ellipsoid(40e-6))
    assert zone.layers == ("fat", "muscle")


def test_nothing_coagulated_is_a_point_without_size() -> None:
    (zone,) = found(cold())
    assert not zone.formed
    assert (zone.width, zone.length, zone.volume) == (0.0, 0.0, 0.0)
    assert all(math.isnan(depth) for depth in (zone.top, zone.centre, zone.bottom))  # there is none to lie anywhere
    assert zone.layers == ()
    assert zone.hottest == pytest.approx(DEPTH, abs=40e-6)


def cold():
    made = ellipsoid(40e-6)
    return TissueState(made.grid, 30.0, made.rise, 310.15, made.maximum, {SET: 0.01 * np.asarray(made.integrals[SET])})


def test_a_burnt_surface_is_not_part_of_the_zone_below() -> None:
    made = ellipsoid(40e-6)
    omega = np.array(made.integrals[SET])
    omega[:, :3] = 2.0
    burnt = TissueState(made.grid, 30.0, made.rise, 310.15, made.maximum, {SET: omega})
    assert found(burnt)[0].volume == pytest.approx(found(made)[0].volume, rel=1e-9)


@pytest.mark.parametrize(
    ("celsius", "bound", "boils"), [(80.0, False, False), (97.0, True, False), (120.0, True, True)]
)
def test_near_boiling_the_size_is_a_lower_bound(celsius, bound, boils) -> None:
    (zone,) = found(ellipsoid(40e-6, peak=celsius + 273.15))
    assert zone.peak_temperature == pytest.approx(celsius + 273.15)
    assert (zone.lower_bound, zone.boils) == (bound, boils)


def test_water_lost_is_boiling_even_where_its_heat_is_held_at_100() -> None:
    made = ellipsoid(40e-6, peak=373.15)
    dry = np.ones(made.grid.shape)
    dry[0, 10] = 0.9
    steam = TissueState(made.grid, 30.0, made.rise, 310.15, made.maximum, made.integrals, dry)
    assert found(steam)[0].boils
    assert not found(made)[0].boils


def test_thermal_dose_counts_from_240_minutes() -> None:
    made = ellipsoid(40e-6, name="cem43", scale=(1.0,))
    times = TissueState(made.grid, 30.0, made.rise, 310.15, made.maximum, {"cem43": 240.0 * made.integrals["cem43"]})
    assert found(times, kinetics="cem43")[0].volume == pytest.approx(TRUE["volume"], rel=0.02)
    with pytest.raises(InputError, match="was not integrated"):
        found(times)


@pytest.mark.parametrize("kind", ["half", "full"])
def test_points_apart_have_their_own_zones(kind) -> None:
    places = ((0.0, 0.0), (1.1e-3, 0.0))
    apart = found(ellipsoid(25e-6, kind, places), *places)
    assert [zone.merged for zone in apart] == [(), ()]
    for zone in apart:
        assert zone.volume == pytest.approx(TRUE["volume"], rel=0.02)


@pytest.mark.parametrize("kind", ["half", "full"])
def test_zones_that_touch_are_told_as_merged_and_share_the_volume(kind) -> None:
    places = ((0.0, 0.0), (0.24e-3, 0.0), (1.4e-3, 0.0))
    merged = found(ellipsoid(20e-6, kind, places), *places)
    assert [zone.merged for zone in merged] == [(1,), (0,), ()]
    cap = (A - 0.12e-3) / A  # a cap beyond the mid-plane, as a share of the half axis
    lost = math.pi * A * A * C * cap**2 * (3.0 - cap) / 3.0
    assert sum(z.volume for z in merged) == pytest.approx(3 * TRUE["volume"] - 2 * lost, rel=0.02)


def test_shots_over_one_place_make_one_zone() -> None:
    made = ellipsoid(40e-6)
    again = zones(made, SKIN, [Placed(SHOT), Placed(SHOT, time=1.0)], load())
    assert len(again) == 1
