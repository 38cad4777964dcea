import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.errors import InputError, TooLarge
from tauten.grid import Field, Grid, graded_edges

widths = st.lists(st.floats(1e-6, 1e-2), min_size=1, max_size=12)


@given(widths, widths, widths)
def test_cells_fill_the_box_exactly(x, y, z):
    edges = tuple(np.concatenate([[0.0], np.cumsum(w)]) for w in (x, y, z))
    grid = Grid(edges)
    assert np.sum(grid.volumes) == pytest.approx(math.prod(e[-1] for e in edges), rel=1e-9)
    assert grid.volumes.shape == grid.shape
    assert grid.cells == len(x) * len(y) * len(z)


@given(widths, widths)
def test_rings_fill_the_cylinder_exactly(r, z):
    radius, depth = (np.concatenate([[0.0], np.cumsum(w)]) for w in (r, z))
    grid = Grid((radius, depth), "axisymmetric")
    assert np.sum(grid.volumes) == pytest.approx(math.pi * radius[-1] ** 2 * depth[-1], rel=1e-9)


def test_centres_lie_inside_their_cells():
    grid = Grid.uniform((4, 3, 2), (1e-3, 2e-3, 5e-4))
    for edges, centres, spacings in zip(grid.edges, grid.centres, grid.spacings, strict=True):
        assert np.all((edges[:-1] < centres) & (centres < edges[1:]))
        assert spacings == pytest.approx(np.diff(edges))
    assert grid.names == ("x", "y", "z")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Grid((np.array([0.0, 1.0]),)),
        lambda: Grid((np.array([0.0, 1.0]), np.array([0.0, 1.0])), "cylindrical"),
        lambda: Grid((np.array([1.0, 2.0]), np.array([0.0, 1.0])), "axisymmetric"),
        lambda: Grid((np.array([0.0, 0.0]), np.array([0.0, 1.0])), "axisymmetric"),
        lambda: Grid((np.array([0.0, math.nan]), np.array([0.0, 1.0])), "axisymmetric"),
        lambda: Grid((np.array([0.0]), np.array([0.0, 1.0])), "axisymmetric"),
        lambda: Grid((np.array([0.0, 2.0, 1.0]), np.array([0.0, 1.0])), "axisymmetric"),
        lambda: Grid.uniform((0, 1, 1), 1e-3),
        lambda: Grid.uniform((1, 1, 1), -1e-3),
        lambda: Grid.uniform((1, 1, 1), (1e-3, 1e-3)),
        lambda: Grid.uniform((2.5, 2, 2), 1e-3),
        lambda: Grid.uniform((2, 2, True), 1e-3),
        lambda: Grid.uniform(2, 1e-3),
        lambda: Grid.uniform((2, 2, 2), "1 mm"),
        lambda: Grid.uniform((2, 2, 2), 1e-3, (0.0, 0.0)),
        lambda: Grid(None),
        lambda: Grid((None, None, None)),
        lambda: Grid(("a", "b"), "axisymmetric"),
        lambda: graded_edges([0.0, 1.0], first=0.0, largest=1.0),
        lambda: graded_edges([0.0, 1.0], first=-1e-3, largest=1.0),
        lambda: graded_edges([0.0, 1.0], first=math.nan, largest=1.0),
        lambda: graded_edges([0.0, 1.0], first=1e-2, largest=1e-3),
        lambda: graded_edges([0.0, 1.0], first=1e-2, largest=1e-1, growth=0.5),
        lambda: graded_edges([0.0, 1e9], first=1e-4, largest=1e-3),
        lambda: graded_edges([0.0, 1e-300], first=1e-320, largest=1e-320),
        lambda: graded_edges([0.0, 0.0], first=1e-2, largest=1e-1),
        lambda: graded_edges([0.0, math.inf], first=1e-2, largest=1e-1),
        lambda: graded_edges([0.0], first=1e-2, largest=1e-1),
        lambda: Field(np.zeros((2, 2)), Grid.uniform((2, 3), 1e-3, kind="axisymmetric"), "K"),
    ],
)
def test_grids_that_cannot_be_are_refused(make):
    with pytest.raises(InputError):
        make()


def test_nobody_edits_a_grid():
    given_edges = np.array([0.0, 1e-3, 2e-3])
    grid = Grid((given_edges, given_edges), "axisymmetric")
    given_edges[1] = 5.0
    assert grid.edges[0][1] == 1e-3
    with pytest.raises(ValueError, match="read-only"):
        grid.edges[0][1] = 5.0


def test_the_integral_of_one_is_the_volume():
    grid = Grid.uniform((5, 7), (1e-3, 2e-3), kind="axisymmetric")
    assert Field(np.ones(grid.shape), grid, "1/m3").integral == pytest.approx(math.pi * 5e-3**2 * 14e-3)


def test_a_grid_too_large_for_the_machine_says_how_large():
    with pytest.raises(TooLarge, match="GB of memory"):
        Grid.uniform((3000, 3000, 3000), 1e-6).check_memory(1e6)


@given(
    st.lists(st.floats(5e-6, 5e-3), min_size=1, max_size=6),
    st.floats(2e-6, 1e-4),
    st.floats(1.0, 30.0),
    st.floats(1.0, 1.5),
)
def test_graded_edges_hit_every_boundary_and_keep_their_limits(layers, first, ratio, growth):
    breaks = np.concatenate([[0.0], np.cumsum(layers)])
    largest = first * ratio
    edges = graded_edges(breaks, first=first, largest=largest, growth=growth)
    assert np.all(np.diff(edges) > 0)
    assert np.diff(edges).max() <= largest * (1 + 1e-9)
    for mark in breaks:
        assert np.min(np.abs(edges - mark)) <= 1e-12
