"""The two nouns every method shares: heat that goes in, and what the tissue has become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tauten.grid import Field, Grid

__all__ = ["Deposition", "TissueState"]


@dataclass(frozen=True, eq=False)
class Deposition:
    """Heat put in [W/m³], constant from `start` to `stop` [s]; `error` is one standard error of the heat, same grid."""

    heat: Field
    start: float
    stop: float
    error: Field | None = None


@dataclass(frozen=True, eq=False)
class TissueState:
    """What the tissue has become at `time` [s]. Arrays have the grid's shape.

    `rise` [K] above `reference` [K]; `maximum` [K], the largest rise so far; `integrals` by endpoint name (Ω of a
    kinetic set, dimensionless; "cem43" in equivalent minutes; times in seconds); `water`, the fraction of the first
    water still there; `plate`, the temperature rise inside a contact plate (solver's own layout), so that a run can be
    stopped and resumed.
    """

    grid: Grid
    time: float
    rise: NDArray[np.floating]
    reference: float
    maximum: NDArray[np.floating]
    integrals: Mapping[str, NDArray[np.floating]] = field(default_factory=lambda: MappingProxyType({}))
    water: NDArray[np.floating] | None = None
    plate: NDArray[np.floating] | None = None

    @property
    def temperature(self) -> NDArray[np.floating]:
        """Absolute temperature [K]."""
        return self.reference + self.rise
