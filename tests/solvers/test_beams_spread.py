"""Heat laid on a grid: nothing lost, nothing made, whatever is finer."""

import math

import numpy as np
import pytest
from beam_sample import SHALLOW, SMALL
from hypothesis import given, settings
from hypothesis import strategies as st

from tauten.grid import Grid, graded_edges
from tauten.solvers.beams import radiate
from tauten.solvers.spread import spread

R, Z = np.linspace(0.0, 1.5e-3, 46), np.linspace(3.2e-3, 8e-3, 97)
TOP = SHALLOW[0].thickness


@pytest.fixture(scope="module")
def field():
    return radiate(SHALLOW, SMALL, power=2.0, harmonics=1, r=R, z=Z)


def boxed(r_edges, z_edges):
    return Grid((np.asarray(r_edges), np.asarray(z_edges)), "axisymmetric")


@pytest.mark.parametrize(("rings", "planes"), [(1, 1), (7, 13), (40, 77), (400, 900)])
def test_a_grid_over_the_whole_field_holds_all_of_it(field, rings, planes):
    grid = boxed(np.linspace(0.0, 2e-3, rings + 1), np.linspace(-1e-3, 6e-3, planes + 1))
    laid = field.on(grid, TOP)
    one = field.on(boxed([0.0, 2e-3], [-1e-3, 6e-3]), TOP)
    assert laid.inside == pytest.approx(one.inside, rel=1e-12)
    assert laid.field.integral == pytest.approx(laid.inside, rel=1e-12)
    assert abs(laid.outside) <= 1e-12 * laid.inside
    assert laid.values.min() >= 0.0


def test_what_falls_outside_is_named(field):
    whole = field.on(boxed([0.0, 2e-3], [-1e-3, 6e-3]), TOP).inside
    below = field.on(boxed(np.linspace(0.0, 1e-3, 31), np.linspace(0.0, 2e-3, 41)), TOP)
    assert 0.0 < below.inside < whole
    assert below.inside + below.outside == pytest.approx(whole, rel=1e-12)


def test_heat_counted_is_the_heat_the_planes_lose():
    # Far out too: the waves of the rim carry 3 % of the skin's heat beyond 5 mm.
    z = np.linspace(3.2e-3, 8e-3, 201)
    wide = radiate(SHALLOW, SMALL, power=2.0, harmonics=1, r=np.linspace(0.0, 20e-3, 1201), z=z)
    layers = wide.on(boxed([0.0, 20e-3], [0.0, 1.8e-3, 4.0e-3]), TOP)
    found = layers.values[0] * layers.grid.volumes[0]
    assert found == pytest.approx(wide.absorbed_in[1:3], rel=0.005)


def test_fine_cells_follow_the_field_between_its_points(field):
    grid = boxed(np.linspace(0.0, 1e-3, 401), np.linspace(0.2e-3, 1.8e-3, 641))
    laid = field.on(grid, TOP)
    r, z = grid.centres
    exact = radiate(SHALLOW, SMALL, power=2.0, harmonics=1, r=r[5::40], z=(z + TOP)[5::40])
    # Ten points to a wave are five to a hump of the echo: a straight line cuts 5 % off a ripple of a quarter.
    assert np.abs(laid.values[5::40, 5::40] - exact.heat).max() <= 0.02 * exact.heat.max()


def test_an_interface_between_points_keeps_each_layers_heat_apart():
    r, z = np.linspace(0.0, 1e-3, 5), np.array([0.0, 1e-3, 2e-3, 3e-3])
    heat = np.where(z < 1.4e-3, 1.0, 5.0) * np.ones((5, 1))
    grid = boxed([0.0, 1e-3], [0.0, 1.4e-3, 3e-3])
    laid = spread(heat, r, z, [0.0, 1.4e-3], [1.0, 5.0], grid)
    assert laid.values[0] == pytest.approx([1.0, 5.0], rel=1e-12)


def test_heat_goes_on_straight_up_to_an_interface_between_points():
    r, z = np.linspace(0.0, 1e-3, 5), np.linspace(0.0, 3e-3, 13)
    above, below = 1.0 + 2e3 * z, 9.0 - 1e3 * z
    heat = np.where(z < 1.4e-3, above, below) * np.ones((5, 1))
    laid = spread(heat, r, z, [0.0, 1.4e-3], [1.0, 5.0], boxed([0.0, 1e-3], [0.0, 1.4e-3, 3e-3]))
    assert laid.values[0] == pytest.approx([1.0 + 2e3 * 0.7e-3, 9.0 - 1e3 * 2.2e-3], rel=1e-12)


def test_a_cone_of_heat_is_counted_exactly():
    r, z = np.linspace(0.0, 1e-3, 7), np.linspace(0.0, 1e-3, 3)
    laid = spread((1.0 - r / 1e-3)[:, None] * np.ones(3), r, z, [0.0], [1.0], boxed([0.0, 3e-4, 2e-3], [0.0, 1e-3]))
    inner = np.pi * (3e-4**2 - 2.0 / 3.0 * 3e-4**3 / 1e-3) * 1e-3
    assert laid.values[:, 0] * laid.grid.volumes[:, 0] == pytest.approx(
        [inner, np.pi * 1e-9 / 3.0 - inner], rel=1e-12, abs=0.0
    )


def test_a_layer_thinner_than_the_points_takes_its_own_share():
    r, z = np.linspace(0.0, 1e-3, 5), np.array([0.0, 1e-3, 2e-3, 3e-3])
    tops = [0.0, 1.4e-3, 1.5e-3]
    grid = boxed([0.0, 1e-3], [0.0, 1.4e-3, 1.5e-3, 3e-3])
    laid = spread(np.ones((5, 4)), r, z, tops, [1.0, 7.0, 1.0], grid)
    assert laid.values[0] == pytest.approx([1.0, 7.0, 1.0], rel=1e-12)
    clear = spread(np.ones((5, 4)), r, z, tops, [1.0, 0.0, 1.0], grid)
    assert clear.values[0] == pytest.approx([1.0, 0.0, 1.0], rel=1e-12)


@pytest.mark.parametrize("cell", [30e-6, 80e-6, 300e-6])
def test_square_cells_hold_what_round_ones_hold(field, cell):
    side = np.arange(-math.ceil(1.6e-3 / cell), math.ceil(1.6e-3 / cell) + 1) * cell
    edges = graded_edges([0.0, 1.8e-3, 4.5e-3], 1e-4, 2e-4)
    square = field.on(Grid((side, side, edges)), TOP, at=(0.37 * cell, -0.2 * cell))
    round_ = field.on(boxed([0.0, 2e-3], edges), TOP)
    assert square.inside == pytest.approx(round_.inside, rel=1e-9)
    assert (square.values * square.grid.volumes).sum(axis=(0, 1)) == pytest.approx(
        (round_.values * round_.grid.volumes)[0], rel=1e-9
    )


def test_square_cells_see_the_heat_turned_about_its_axis(field):
    side = (np.arange(-20, 21) - 0.5) * 20e-6  # a cell on the axis
    side = np.append(side, side[-1] + 20e-6)
    square = field.on(Grid((side, side, np.array([1.0e-3, 1.1e-3]))), TOP).values[:, :, 0]
    assert square == pytest.approx(square.T)
    assert square == pytest.approx(square[::-1], rel=1e-6)
    x = 0.5 * (side[1:] + side[:-1])
    r = np.hypot(x[:, None], x)
    order = np.argsort(r, axis=None)
    fine = field.on(boxed(np.linspace(0.0, 0.7e-3, 351), [1.0e-3, 1.1e-3]), TOP)
    expected = np.interp(r.ravel()[order], fine.grid.centres[0], fine.values[:, 0])
    assert np.abs(square.ravel()[order] - expected).max() <= 0.01 * expected.max()


def test_a_shot_elsewhere_is_the_same_shot_moved(field):
    side = np.linspace(-3e-3, 3e-3, 121)
    edges = np.array([0.0, 1e-3, 2e-3])
    here = field.on(Grid((side, side, edges)), TOP)
    there = field.on(Grid((side, side, edges)), TOP, at=(5e-4, -1e-3))
    assert np.allclose(there.values[10:, :-20], here.values[:-10, 20:], rtol=1e-9, atol=1e-9 * here.values.max())
    cut = field.on(Grid((side, side, edges)), TOP, at=(3e-3, 0.0))
    assert cut.inside == pytest.approx(0.5 * here.inside, rel=1e-9)
    away = field.on(Grid((side, side, edges)), TOP, at=(1.0, 0.0))
    assert away.inside == 0.0
    assert away.outside == pytest.approx(here.inside + here.outside, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(1e-5, 4e-4), min_size=1, max_size=30), st.lists(st.floats(1e-5, 8e-4), min_size=1, max_size=30)
)
def test_any_two_neighbouring_grids_share_without_gap_or_overlap(field, rings, planes):
    r_edges, z_edges = np.cumsum([0.0, *rings]), -0.5e-3 + np.cumsum([0.0, *planes])
    whole = field.on(boxed(r_edges[[0, -1]], z_edges[[0, -1]]), TOP).inside
    assert field.on(boxed(r_edges, z_edges), TOP).inside == pytest.approx(whole, rel=1e-9, abs=1e-12)
