"""The two nouns every method shares: heat that goes in, and what the tissue has become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import ContactPlate
from tauten.grid import Field, Grid

__all__ = ["Deposition", "TissueState"]


@dataclass(frozen=True, eq=False)
class Deposition:
    """Heat put in [W/m³], constant from `start` to `stop` [s]; `error` is one standard error of the heat, same grid.

    `shares` says where the emitted energy went (fractions, by name), `temperatures` [K] the layer temperatures whose
    properties were used: what `simulate.couple` compares before it asks for a new deposition.
    """

    heat: Field
    start: float
    stop: float
    error: Field | None = None
    shares: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    temperatures: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class TissueState:
    """What the tissue has become at `time` [s]. Arrays have the grid's shape.

    `rise` [K] above `reference` [K]; `maximum` [K], the largest rise so far; `integrals` by endpoint name (Ω of a
    kinetic set, dimensionless; "cem43" in equivalent minutes; times in seconds); `water`, the fraction of the first
    water still there; `plate`, the temperature rise inside the contact plate `contact` (columns above the surface
    cells, outermost cell first), and `step` [s], the step the solver would take next, so that a run can be stopped and
    resumed without a trace.
    """

    grid: Grid
    time: float
    rise: NDArray[np.floating]
    reference: float
    maximum: NDArray[np.floating]
    integrals: Mapping[str, NDArray[np.floating]] = field(default_factory=lambda: MappingProxyType({}))
    water: NDArray[np.floating] | None = None
    plate: NDArray[np.floating] | None = None
    contact: ContactPlate | None = None
    step: float | None = None

    @property
    def temperature(self) -> NDArray[np.floating]:
        """Absolute temperature [K]."""
        return self.reference + self.rise
