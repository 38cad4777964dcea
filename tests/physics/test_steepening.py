"""Laws of steepening against each other and against the exact growth of the second harmonic."""

from __future__ import annotations

import numpy as np
import pytest

from tauten.physics.sound import fubini
from tauten.physics.steepening import distortion_rate, steepening_rate

WATER = (7e6, 3.5, 1000.0, 1500.0)


def test_shock_distance_in_water() -> None:
    # ρc³/(β ω p) by hand: 1000 x 1500³ / (3.5 x 2π x 7e6 x 1e6)
    assert 1.0 / distortion_rate(1e6, *WATER) == pytest.approx(3.375e12 / (3.5 * 2.0 * np.pi * 7e12), rel=1e-12)


def test_rate_is_linear_in_each_cause() -> None:
    base = distortion_rate(1e6, *WATER)
    assert distortion_rate(3e6, *WATER) == pytest.approx(3.0 * base)
    assert distortion_rate(1e6, 14e6, 3.5, 1000.0, 1500.0) == pytest.approx(2.0 * base)
    assert distortion_rate(1e6, 7e6, 3.5, 1000.0, 3000.0) == pytest.approx(base / 8.0)


def test_second_harmonic_begins_as_fubini_has_it() -> None:
    # Fubini to first order: B2 = σ/2; the law: |dP2/dz| = rate(2) P1², so B2 = rate(2) P1 z.
    sigma, pressure = 1e-3, 1e6
    distance = sigma / distortion_rate(pressure, *WATER)
    assert steepening_rate(2, *WATER) * pressure * distance == pytest.approx(0.5 * sigma, rel=1e-12)
    assert float(fubini(sigma, 2, (0.5 * 2.0 * sigma) ** 2 / 2.0)) == pytest.approx(0.5 * sigma, rel=1e-5)


def test_rate_rises_with_the_harmonic() -> None:
    assert [steepening_rate(n, *WATER) / steepening_rate(1, *WATER) for n in (2, 3, 64)] == pytest.approx([2, 3, 64])
