"""What a march of harmonics leaves behind: the field it went through, and the shape of its wave."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tauten.solvers.distort import transform

__all__ = ["March", "extremes"]

Floats = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class March:
    """A marched field: cells between the depths `edges` [m] from the apex with middles `z` [m], rings around `r` [m].

    `heat`, what the tissue absorbs, and `scattered` [W/m³] are means over a cell: attenuation is shared between them as
    `absorbed_fraction` says, while what the filter takes at the ceiling of harmonics, a shock's own loss, is heat
    whole. `peak_positive` and `peak_negative` [Pa, both positive] hold in its middle. All four have shape (r, z);
    `pressure` has the `kept` harmonics, (kept, r, z).
    `areas` [m²] of the rings make `heat` times area times cell length add up to `absorbed`.

    Powers [W]: `emitted` at the plane of the rim; what came of it is `absorbed`, `scattered_power`, `passed` below,
    `reflected` at interfaces (it goes up and is not followed) and `lost` sideways, past the rim of the
    grid or in plane waves too flat to be marched.
    `harmonics` and `substeps` (rows times sub-steps) by cell say what it took.
    """

    r: NDArray[np.float64]
    z: NDArray[np.float64]
    edges: NDArray[np.float64]
    areas: NDArray[np.float64]
    heat: NDArray[np.float64]
    scattered: NDArray[np.float64]
    peak_positive: NDArray[np.float64]
    peak_negative: NDArray[np.float64]
    kept: tuple[int, ...]
    pressure: NDArray[np.complexfloating]
    emitted: float
    absorbed: float
    scattered_power: float
    passed: float
    reflected: float
    lost: float
    harmonics: NDArray[np.int64]
    substeps: NDArray[np.int64]
    surface_pressure: float

    @property
    def balance(self) -> float:
        """Power that is found again over the power emitted. [1]"""
        return (self.absorbed + self.scattered_power + self.passed + self.reflected + self.lost) / self.emitted


def extremes(half: Floats, count: int, sums: Floats, floor: float) -> tuple[Floats, Floats]:
    """Return the largest and the smallest pressure of a wave [Pa, both positive] in every row.

    `half` holds `count` harmonics as `distort` lays them out, `sums` Σ|Pₙ| [Pa] of each row; where that is below
    `floor` [Pa] the wave is taken as the sum of its parts.
    """
    high, low = sums.copy(), sums.copy()
    strong = np.flatnonzero(sums >= floor)
    if count == 1 or not strong.size:
        return high, low
    width = min(sums.size, 16 * math.ceil((int(strong[-1]) + 1) / 16))
    basis = _basis(count, half.shape[0], sums.dtype)
    trace = np.empty((basis.shape[0], width), dtype=basis.dtype)
    groups = np.full(basis.shape[0] // 4, 1)
    transform(basis, half, trace, groups * basis.shape[1], groups * width)
    high[strong], low[strong] = trace.max(axis=0)[strong], -trace.min(axis=0)[strong]
    return high, low


@lru_cache(maxsize=16)
def _basis(count: int, padded: int, dtype: np.dtype[np.floating]) -> Floats:
    """Return the waves that turn harmonics into one period in 4 `count` moments."""
    phase = 2.0 * np.pi * np.multiply.outer(np.arange(4 * count) / (4 * count), np.arange(1, count + 1))
    basis: Floats = np.zeros((4 * count, padded), dtype=dtype)
    basis[:, 0 : 2 * count : 2], basis[:, 1 : 2 * count : 2] = np.cos(phase), -np.sin(phase)
    return basis
