"""Runge-Kutta-Legendre steps of second order: how many stages, their weights (Meyer, Balsara and Aslam 2014),
and how long the next step may be.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, inf, sqrt

import numpy as np
from numpy.typing import NDArray

from tauten.references import law

__all__ = ["legendre_weights", "longest_step", "stages_for", "stretch_of"]

_FASTEST, _SLOWEST = 4.0, 0.2  # by how much one step may differ from the one before


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


@law(cite="sommeijer_1998")
def stretch_of(error: float, swing: float) -> float:
    """Return how many times as long the next step may be, 0.2 to 4. [1]

    `error` and `swing` (how far the temperature moved) [1] of the last step are over their limits: an error falls as
    the step's cube, a swing as the step, and 0.8 or 0.9 of what just meets the limit is asked for.

    >>> stretch_of(0.512, 0.1), stretch_of(0.0, 0.0), stretch_of(float("nan"), 1.0)
    (1.0, 4.0, 0.2)
    """
    return min(_share(0.8, error, 1.0 / 3.0), _share(0.9, swing, 1.0))


def _share(safety: float, miss: float, power: float) -> float:
    if miss == 0.0:
        return _FASTEST
    # What is not a number misses too: it must shorten the step until the march gives up.
    return max(min(safety * miss**-power, _FASTEST), _SLOWEST) if miss < inf else _SLOWEST


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
