"""Rates to integrate, as one table of temperature bands for the compiled rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tauten.physics.damage import Band, band_rate

__all__ = ["Bands", "Endpoint", "smooth_first", "tabulate"]


class Endpoint(Protocol):
    """A rate to integrate: `name`, and `bands` with rate(T) = exp(a + b T - c / T) [1/s]."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def bands(self) -> tuple[Band, ...]: ...  # noqa: D102


@dataclass(frozen=True, eq=False)
class Bands:
    """Bands of all endpoints: `rows` (low, high, a, b, c) [K, SI] and `which` endpoint each belongs to.

    The first `smooth` belong to endpoints whose rate nowhere jumps.
    """

    rows: NDArray[np.float64]
    which: NDArray[np.int64]
    smooth: int = 0

    @property
    def coldest(self) -> float:
        """Temperature [K] below which nothing is integrated."""
        return float(self.rows[:, 0].min(initial=inf))


def tabulate(endpoints: Sequence[Endpoint], slowest: float) -> Bands:
    """Return the table; each band begins where its rate reaches `slowest` [1/s], and is left out if it never does."""
    found = [
        (max(b.low, _coldest(b, slowest)), b.high, b.a, b.b, b.c, index)
        for index, endpoint in enumerate(endpoints)
        for b in endpoint.bands
    ]
    table = np.array([row for row in found if row[0] < row[1]], dtype=np.float64).reshape(-1, 6)
    return Bands(np.ascontiguousarray(table[:, :5]), table[:, 5].astype(np.int64))


def smooth_first(bands: Bands, endpoints: Sequence[Endpoint], slowest: float, most: float) -> Bands:
    """Return the table with the bands of smooth endpoints first: no jump of 10 % (and `slowest`) up to `most` [K]."""
    abrupt = [index for index, endpoint in enumerate(endpoints) if _jumps(endpoint, slowest, most)]
    rough = np.isin(bands.which, abrupt)
    order = np.argsort(rough, kind="stable")
    return Bands(bands.rows[order], bands.which[order], int(np.count_nonzero(~rough)))


def _jumps(endpoint: Endpoint, slowest: float, most: float) -> bool:
    edges = {edge for band in endpoint.bands for edge in (band.low, band.high) if 0.0 < edge < most}

    def rate(temperature: float) -> float:
        return sum(
            float(band_rate(b.a, b.b, b.c, temperature)) for b in endpoint.bands if b.low <= temperature < b.high
        )

    sides = [(rate(edge * (1.0 - 1e-12)), rate(edge)) for edge in edges]
    return any(abs(above - below) > max(0.1 * max(above, below), slowest) for below, above in sides)


@lru_cache(maxsize=256)
def _coldest(band: Band, slowest: float) -> float:
    """Temperature [K] up to which a band's rate stays below `slowest` [1/s]; rates rise with temperature."""
    kelvin = np.arange(250.0, 400.0, 0.05)
    slow = np.count_nonzero(band_rate(band.a, band.b, band.c, kelvin) < slowest)
    return float(kelvin[slow - 1]) if slow else 0.0
