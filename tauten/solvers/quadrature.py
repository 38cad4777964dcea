"""Where an integral is read, and with what weight."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import ceil, pi

import numpy as np
from numpy.typing import NDArray

__all__ = ["gauss_legendre", "in_panels"]

Floats = NDArray[np.float64]


@lru_cache(maxsize=128)
def gauss_legendre(count: int) -> tuple[Floats, Floats]:
    """Return the nodes on (-1, 1) and weights of the `count`-point Gauss-Legendre rule.

    By Newton's method from Tricomi's start, all roots at once: numpy's own rule takes the eigenvalues of a full matrix
    and needs a hundred times as long for the 700 nodes of one field.
    """
    order = np.arange(count, 0, -1)
    x = (1.0 - (1.0 - 1.0 / count) / (8.0 * count**2)) * np.cos(pi * (4.0 * order - 1.0) / (4.0 * count + 2.0))
    slope = np.ones_like(x)
    for _ in range(5):  # quadratic: the start is good to 1e-4 at worst
        before, value = np.ones_like(x), x
        for n in range(2, count + 1):
            before, value = value, ((2 * n - 1) * x * value - (n - 1) * before) / n
        slope = count * (before - x * value) / (1.0 - x**2)
        x = x - value / slope
    weights = 2.0 / ((1.0 - x**2) * slope**2)
    for array in (x, weights):
        array.setflags(write=False)
    return x, weights


def in_panels(breaks: list[float], per_length: float, least: int = 12) -> tuple[Floats, Floats]:
    """Return nodes and weights from the first to the last of the rising `breaks`, a rule of its own between each two.

    A kink at a break costs nothing then. Every panel gets `least` nodes and `per_length` more for each unit.
    """
    nodes, weights = [], []
    for start, stop in pairwise(breaks):
        half = 0.5 * (stop - start)
        x, w = gauss_legendre(least + ceil(2.0 * half * per_length))
        nodes.append(start + half * (x + 1.0))
        weights.append(half * w)
    return np.concatenate(nodes), np.concatenate(weights)
