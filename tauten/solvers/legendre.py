"""Runge-Kutta-Legendre steps of second order: how many stages, and their weights (Meyer, Balsara and Aslam 2014)."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from tauten.references import law

__all__ = ["legendre_weights", "longest_step", "stages_for"]


@law(cite="meyer_2014")
def stages_for(stretch: float) -> int:
    """Return the odd number of stages s that keeps a step h stable: s² + s - 2 >= 2 h λ, at least 3.

    `stretch` is h λ [1], the step times the largest eigenvalue.

    >>> stages_for(100.0)
    15
    """
    stages = ceil((sqrt(9.0 + 8.0 * stretch) - 1.0) / 2.0)
    return max(3, stages + 1 - stages % 2)


@law(cite="meyer_2014")
def longest_step(explicit: float, stages: int) -> float:
    """Return the longest stable step [s] of `stages`, given the `explicit` limit [s]: (s² + s - 2)/4 of it.

    >>> longest_step(1.0, 9)
    22.0
    """
    return explicit * (stages**2 + stages - 2) / 4.0


@lru_cache(maxsize=512)
def legendre_weights(stages: int) -> NDArray[np.float64]:
    """Return the weights of a unit step (RKL2): row j is (μ, ν, γ + μ~, μ~) of stage j + 1, row 0 μ~₁."""
    j = np.arange(stages + 1, dtype=float)
    b = np.full(stages + 1, 1.0 / 3.0)
    b[2:] = (j[2:] ** 2 + j[2:] - 2.0) / (2.0 * j[2:] * (j[2:] + 1.0))
    w = 4.0 / (stages**2 + stages - 2.0)
    k = j[2:]
    mu = (2.0 * k - 1.0) / k * b[2:] / b[1:-1]
    nu = -(k - 1.0) / k * b[2:] / b[:-2]
    weight = mu * w
    gamma = -(1.0 - b[1:-1]) * weight
    table = np.zeros((stages, 4))
    table[0, 0] = b[1] * w
    table[1:] = np.stack([mu, nu, weight + gamma, weight], axis=1)
    table.setflags(write=False)
    return table
