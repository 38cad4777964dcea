"""The Hankel transform against closed transforms, and that it goes back the way it came."""

from __future__ import annotations

import numpy as np
import pytest

from tauten.solvers.hankel import hankel


def test_gaussian_becomes_a_gaussian() -> None:
    # ∫ exp(-r²/w²) J₀(κr) r dr = w²/2 exp(-κ²w²/4)
    grid, width = hankel(6.5e-3, 256), 0.4e-3
    scaled = np.exp(-((grid.r / width) ** 2)) / grid.scale
    found = grid.matrix @ scaled * grid.scale * grid.radius**2 / grid.span
    exact = 0.5 * width**2 * np.exp(-((grid.transverse * width) ** 2) / 4.0)
    assert found == pytest.approx(exact, abs=2e-6 * exact[0])


def test_there_and_back() -> None:
    grid = hankel(6.5e-3, 320)
    assert np.abs(grid.matrix.astype(float) @ grid.matrix.astype(float) - np.eye(320)).max() < 2e-6
    assert np.array_equal(grid.matrix, grid.matrix.T)


def test_areas_integrate_a_round_field() -> None:
    grid, width = hankel(5e-3, 128), 0.5e-3
    assert grid.areas @ np.exp(-((grid.r / width) ** 2)) == pytest.approx(np.pi * width**2, rel=1e-10)


def test_rings_lie_around_their_nodes() -> None:
    grid = hankel(5e-3, 128)
    assert np.all((grid.edges[:-1] < grid.r) & (grid.r < grid.edges[1:]))
    assert grid.edges[-1] == pytest.approx(grid.radius, rel=0.01)


def test_kept_for_the_next_march() -> None:
    assert hankel(6.5e-3, 64) is hankel(6.5e-3, 64)
    with pytest.raises(ValueError, match="read-only"):
        hankel(6.5e-3, 64).r[0] = 0.0
