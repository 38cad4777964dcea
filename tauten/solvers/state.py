"""The two nouns every method shares: heat that goes in, and what the tissue has become."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import ContactPlate
from tauten.grid import Field, Grid

__all__ = ["Deposition", "Electric", "TissueState"]


@dataclass(frozen=True, eq=False)
class Deposition:
    """Heat put in [W/m³], constant from `start` to `stop` [s]; `error` is one standard error of the heat, same grid.

    `shares` says where the emitted energy went (fractions, by name), `seen` what of the tissue its properties were
    taken from (layer temperatures [K]; for current, the tissue's state): what `coupling.couple` compares before it asks
    for a new one. `look` [s] is when it wants to be asked again whatever happens, `electric` what a generator gave.
    """

    heat: Field
    start: float
    stop: float
    error: Field | None = None
    shares: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    seen: Any = ()
    look: float = math.inf
    electric: Electric | None = None


@dataclass(frozen=True, slots=True)
class Electric:
    """What a generator gave from `time` [s] on: one entry of an exposure's electric history.

    `impedance` [ohm] between the driven terminals, complex; `volts` root mean square by terminal [V] and `amperes` root
    mean square of the whole current [A]; `power` [W], the real power, and `energy` [J] given before `time`.
    `hottest` [K] is the temperature the generator reads at its tips. `limited` names the limit of the generator that
    holds it back ("" for none), `ended` what cut the exposure off at this moment ("" while it goes on).
    """

    time: float
    impedance: complex
    volts: Mapping[Any, float]
    amperes: float
    power: float
    energy: float
    hottest: float = math.nan
    limited: str = ""
    ended: str = ""


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
